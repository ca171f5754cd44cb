// SPDX-License-Identifier: Apache-2.0
// Reads migrations/*.yaml: the steps as written; migration_effects.cpp carries them through.
#include "definitions/migrations.hpp"

#include <algorithm>

#include "definitions/internal/loading.hpp"
#include "definitions/internal/migration_effects.hpp"

namespace amate::definitions {

bool RetiredField::covers(std::string_view column) const {
    if (attribute) return column.ends_with("__" + sql_name);
    return column == sql_name || column.starts_with(sql_name + "__");
}

namespace internal {
namespace {

std::map<std::string, std::string> read_codes(const Cursor& map) {
    std::map<std::string, std::string> codes;
    for (const auto& [key, value] : map.entries()) codes[key.raw_text()] = value.text();
    return codes;
}

// "remarks" or, with a dot, a field of a group.
std::string read_path(const Cursor& field) {
    auto path = field.text();
    const auto parts = split(path, '.');
    const bool sound = parts.size() <= 2 && std::all_of(parts.begin(), parts.end(), [](auto& part) {
                           return is_snake_case_name(part);
                       });
    if (!path.empty() && !sound) {
        field.bad_value({"a field, or a group and its field joined by a point",
                         "un campo, o un grupo y su campo unidos por un punto"});
    }
    return path;
}

void read_rename(const Cursor& body, MigrationStep& step) {
    step.kind = StepKind::rename;
    if (!body.expect_keys({"register", "field", "person", "to"})) return;
    if (body.find("person").present()) {
        step.attribute = body.find("person").name();
    } else {
        step.register_name = body.get("register").name();
        step.field = read_path(body.get("field"));
    }
    step.to = body.get("to").name();
}

void read_recode(const Cursor& body, MigrationStep& step) {
    step.kind = StepKind::recode;
    if (!body.expect_keys(
            {"register", "field", "person", "codelist", "codes", "states", "flags"})) {
        return;
    }
    const auto states = body.find("states");
    const auto flags = body.find("flags");
    if (states.present() || flags.present()) {
        step.register_name = body.get("register").name();
        step.recoded = states.present() ? Recoded::states : Recoded::flags;
        step.codes = read_codes(states.present() ? states : flags);
        return;
    }
    if (body.find("codelist").present()) {
        step.codelist = body.find("codelist").name();
    } else if (body.find("person").present()) {
        step.attribute = body.find("person").name();
    } else {
        step.register_name = body.get("register").name();
        step.field = read_path(body.get("field"));
    }
    step.codes = read_codes(body.get("codes"));
}

void read_retire(const Cursor& body, MigrationStep& step) {
    step.kind = StepKind::retire;
    if (!body.expect_keys({"register", "field", "person", "flag"})) return;
    if (body.find("person").present()) {
        step.attribute = body.find("person").name();
        return;
    }
    step.register_name = body.get("register").name();
    if (body.find("field").present()) step.field = body.find("field").name();
    if (body.find("flag").present()) step.flag = body.find("flag").name();
}

void read_accept(const Cursor& body, MigrationStep& step) {
    step.kind = StepKind::accept;
    if (!body.expect_keys({"at", "was", "is"})) return;
    step.at = body.get("at").text();
    step.was = body.get("was").raw_text();
    step.is = body.get("is").raw_text();
}

void read_step(const Cursor& item, std::vector<MigrationStep>& steps) {
    static constexpr std::pair<std::string_view, void (*)(const Cursor&, MigrationStep&)> kSteps[] =
        {{"rename", read_rename},
         {"recode", read_recode},
         {"retire", read_retire},
         {"accept", read_accept}};
    if (!item.expect_keys({"rename", "recode", "retire", "accept"})) return;
    if (item.node()->entries.size() != 1) {
        item.bad_value({"one step: rename, recode, retire or accept",
                        "un solo paso: rename, recode, retire o accept"});
        return;
    }
    for (const auto& [name, read] : kSteps) {
        const auto body = item.find(name);
        if (!body.present()) continue;
        MigrationStep step;
        step.place = item.place();
        read(body, step);
        steps.push_back(std::move(step));
    }
}

}  // namespace

void read_migrations(Loading& loading) {
    for (const auto& name : loading.names_in("migrations", ".yaml")) {
        const auto file = "migrations/" + name + ".yaml";
        const bool number = name.size() == 4 && std::all_of(name.begin(), name.end(), [](char c) {
                                return c >= '0' && c <= '9';
                            });
        if (!number) {
            loading.faults.bad_value(
                {file, 0, 0, {}}, name,
                {"a number of four digits, as in 0001", "un número de cuatro cifras, como 0001"});
        }
        with_yaml(loading, file, [&](const Cursor& root) {
            if (!root.expect_keys({"migration", "why", "steps"})) return;
            Migration migration;
            migration.name = root.get("migration").text();
            expect_file_name(root.find("migration"), name);
            migration.why = root.get("why").label();
            for (const auto& item : root.get("steps").items()) read_step(item, migration.steps);
            loading.pack.migrations.push_back(std::move(migration));
        });
    }
    apply_migrations(loading);
}

}  // namespace internal
}  // namespace amate::definitions
