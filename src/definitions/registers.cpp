// SPDX-License-Identifier: Apache-2.0
// Reads registers/*.yaml: what is said of the register as a whole; its parts have their own files.
#include <algorithm>

#include <fmt/format.h>

#include "definitions/internal/loading.hpp"
#include "definitions/numbering.hpp"

namespace amate::definitions::internal {
namespace {

void read_retention(const Cursor& retention, Register& register_) {
    if (!retention.expect_keys({"keep", "then"})) return;
    const auto keep = retention.get("keep").duration("dmy");
    const auto then = retention.get("then").choice({"pseudonymise", "delete", "archive", "keep"});
    register_.retention = keep + " " + then;
}

// Each block is terms joined by `+`; records of the same block are compared with each other.
void read_duplicates(Loading& loading, const Cursor& duplicates, Register& register_) {
    if (!duplicates.expect_keys({"block", "link", "review"})) return;
    const auto environment = environment_of(loading.pack, register_);
    for (const auto& block : duplicates.get("block").items()) {
        const auto text = block.text();
        register_.duplicates += "block " + text + "; ";
        std::size_t offset = 0;
        for (const auto& term : split(text, '+')) {
            auto place = block.text_place();
            const auto trimmed = trim(term);
            const auto lead = trimmed.empty() ? 0 : term.find(trimmed.front());
            place.column += static_cast<int>(offset + lead);
            offset += term.size() + 1;
            auto compiled = compile(trimmed, environment, place);
            if (!compiled) loading.faults.add_all(std::move(compiled).error());
        }
    }
    const auto link = duplicates.get("link").number(0, 1);
    const auto review = duplicates.get("review").number(0, 1);
    if (link && review) {
        register_.duplicates += fmt::format("link {}; review {}", *link, *review);
    }
    if (link && review && *review > *link) {
        duplicates.find("review").bad_value({"at most link", "a lo más link"});
    }
}

void read_head(Loading& loading, const Cursor& root, const std::string& stem, Register& register_) {
    static const std::vector<std::string> kSensitivities{"open", "internal", "personal",
                                                         "protected"};
    register_.name = root.get("register").name();
    expect_file_name(root.find("register"), stem);
    register_.title = root.get("title").label();
    register_.summary = root.find("summary").label();
    register_.institution = root.get("institution").text();
    loading.need(Thing::institution, "", root.find("institution"));
    register_.folio = root.get("folio").text();
    if (!register_.folio.empty() && !NumberTemplate::parse(register_.folio)) {
        root.find("folio").bad_value(
            {"a template with {seq:N} once and, if wanted, {year} and {office}",
             "una plantilla con {seq:N} una vez y, si se quiere, {year} y {office}"});
    }
    const auto found = std::find(kSensitivities.begin(), kSensitivities.end(),
                                 root.get("sensitivity").choice(kSensitivities));
    if (found != kSensitivities.end()) {
        register_.sensitivity = static_cast<Sensitivity>(found - kSensitivities.begin());
    }
    read_retention(root.find("retention"), register_);
}

void read_register(Loading& loading, const Cursor& root, const std::string& stem,
                   Register& register_) {
    if (!root.expect_keys({"register", "title", "summary", "institution", "folio", "sensitivity",
                           "retention", "fields", "flags", "tasks", "rules", "workflow",
                           "deadlines", "corrections", "duplicates", "statistics", "access",
                           "tests"})) {
        return;
    }
    read_head(loading, root, stem, register_);
    loading.names_incomplete = false;
    read_columns(loading, root.get("fields"), register_);
    if (loading.names_incomplete) loading.incomplete_registers.insert(register_.name);
    read_flags_and_tasks(loading, root, register_);
    read_rules(loading, root.find("rules"), register_);
    read_workflow(loading, root.find("workflow"), register_);
    read_deadlines(loading, root.find("deadlines"), register_);
    read_corrections(loading, root.find("corrections"), register_);
    read_duplicates(loading, root.find("duplicates"), register_);
    read_dimensions(loading, root.get("statistics"), register_);
    settle_validity(register_);
    read_access(loading, root.get("access"), register_);
    read_tests(loading, root.find("tests"), register_);
}

}  // namespace

void read_registers(Loading& loading) {
    for (const auto& name : loading.names_in("registers", ".yaml")) {
        const auto file = "registers/" + name + ".yaml";
        loading.references.declare(Thing::register_, "", name, {file, 0, 0, {}}, loading.faults);
        with_yaml(loading, file, [&](const Cursor& root) {
            auto register_ = std::make_unique<Register>();
            read_register(loading, root, name, *register_);
            loading.pack.registers.push_back(std::move(register_));
        });
    }
    loading.names_incomplete = false;
}

}  // namespace amate::definitions::internal
