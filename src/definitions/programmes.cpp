// SPDX-License-Identifier: Apache-2.0
// Reads who does what towards which commitment: institutions, frameworks and programmes.
#include <algorithm>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

const std::string kMainFramework = "gcm";

bool are_lines(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '-' || c == ',' || c == ';' || c == ' ';
    });
}

void read_institution(Loading& loading, const CsvLine& line, std::vector<ParentLink>& links) {
    Institution institution;
    institution.id = line.cell("institution_id");
    const auto place = line.place("institution_id");
    if (!is_id(institution.id)) {
        loading.faults.bad_value(place, institution.id,
                                 {"an id (letters, digits, `-`, `_`, `.`)",
                                  "un identificador (letras, cifras, `-`, `_`, `.`)"});
        return;
    }
    if (!loading.references.declare(Thing::institution, "", institution.id, place,
                                    loading.faults)) {
        return;
    }
    institution.acronym = line.cell("acronym");
    institution.kind = line.cell("kind");
    institution.country = line.cell("country");
    institution.parent = line.cell("parent");
    for (const auto& language : loading.pack.languages) {
        const auto column = "name_" + language;
        const auto& name = line.cell(column);
        if (!trim(name).empty()) {
            institution.name.set(language, name);
        } else if (language == loading.pack.languages.front()) {
            loading.faults.add("definitions.missing_language", line.place(column),
                               {{"language", language}});
        }
    }
    loading.references.need(Thing::institution, "", institution.parent, line.place("parent"));
    links.push_back({institution.id, institution.parent, place});
    institution.objectives = line.list("objectives");
    for (const auto& objective : institution.objectives) {
        loading.references.need(Thing::node, kMainFramework, objective, line.place("objectives"));
    }
    loading.pack.institutions.push_back(std::move(institution));
}

std::vector<FrameworkNode> read_nodes(Loading& loading, const Cursor& list,
                                      const std::string& framework) {
    std::vector<FrameworkNode> nodes;
    for (const auto& item : list.items()) {
        if (!item.expect_keys({"node", "title", "summary", "goals", "nodes"})) continue;
        FrameworkNode node;
        node.id = item.get("node").id();
        loading.references.declare(Thing::node, framework, node.id, item.get("node").place(),
                                   loading.faults);
        node.title = item.get("title").label();
        node.summary = item.find("summary").label();
        for (const auto& goal : item.find("goals").items()) node.goals.push_back(goal.label());
        node.nodes = read_nodes(loading, item.find("nodes"), framework);
        nodes.push_back(std::move(node));
    }
    return nodes;
}

// Registers hold a programme, or only reported figures follow it, and it says why.
void read_follow_up(const Cursor& item, Programme& programme) {
    const auto followed_by = item.find("followed_by");
    if (!followed_by.present()) {
        if (item.find("why").present()) {
            item.find("why").fault("definitions.missing_key", {{"key", "followed_by"}});
        }
        return;
    }
    static_cast<void>(followed_by.choice({"reported_figures"}));
    programme.why_reported = item.get("why").label();
    if (!programme.registers.empty()) {
        followed_by.fault("definitions.followed_twice", {{"value", programme.id}});
    }
}

void read_programme(Loading& loading, const Cursor& item) {
    if (!item.expect_keys({"programme", "family", "title", "summary", "objectives", "institutions",
                           "registers", "followed_by", "why", "lines"})) {
        return;
    }
    Programme programme;
    programme.id = item.get("programme").id();
    loading.references.declare(Thing::programme, "", programme.id, item.get("programme").place(),
                               loading.faults);
    programme.family = item.get("family").text();
    loading.need(Thing::code, "programme_families", item.find("family"));
    programme.title = item.get("title").label();
    programme.summary = item.find("summary").label();
    programme.objectives = loading.need_all(Thing::node, kMainFramework, item.get("objectives"));
    programme.institutions = loading.need_all(Thing::institution, "", item.find("institutions"));
    programme.registers = loading.need_all(Thing::register_, "", item.find("registers"));
    read_follow_up(item, programme);
    const auto lines = item.find("lines");
    programme.lines = lines.present() ? lines.raw_text() : "";
    if (!are_lines(programme.lines)) {
        lines.bad_value({"lines such as 908-916, 920", "renglones como 908-916, 920"});
    }
    loading.pack.programmes.push_back(std::move(programme));
}

}  // namespace

void read_institutions(Loading& loading) {
    const std::string file = "institutions.csv";
    if (!loading.has(file)) return;
    CsvShape shape{{"institution_id"},
                   {"acronym", "kind", "country", "parent", "objectives", "source_lines"}};
    for (const auto& language : loading.pack.languages) {
        (shape.required.size() == 1 ? shape.required : shape.optional)
            .push_back("name_" + language);
    }
    std::vector<ParentLink> links;
    const bool whole =
        read_csv(file, loading.path_of(file), shape, loading.faults,
                 [&](const CsvLine& line) { read_institution(loading, line, links); });
    if (!whole) loading.references.give_up(Thing::institution, "");
    check_cycles(links, loading.faults);
}

void read_frameworks(Loading& loading) {
    for (const auto& name : loading.names_in("frameworks", ".yaml")) {
        const auto file = "frameworks/" + name + ".yaml";
        loading.references.declare(Thing::framework, "", name, {file, 0, 0, {}}, loading.faults);
        loading.references.give_up(Thing::node, name);
        with_yaml(loading, file, [&](const Cursor& root) {
            if (!root.expect_keys({"framework", "title", "nodes"})) return;
            if (root.find("nodes").is(NodeKind::list)) {
                loading.references.take_up(Thing::node, name);
            }
            Framework framework;
            framework.name = root.get("framework").name();
            expect_file_name(root.find("framework"), name);
            framework.title = root.get("title").label();
            framework.nodes = read_nodes(loading, root.get("nodes"), name);
            loading.pack.frameworks.emplace(name, std::move(framework));
        });
    }
}

void read_programmes(Loading& loading) {
    const std::string file = "programmes.yaml";
    if (!loading.has(file)) return;
    loading.references.give_up(Thing::programme, "");
    with_yaml(loading, file, [&](const Cursor& root) {
        if (!root.expect_keys({"programmes"})) return;
        if (root.find("programmes").is(NodeKind::list)) {
            loading.references.take_up(Thing::programme, "");
        }
        for (const auto& item : root.get("programmes").items()) read_programme(loading, item);
    });
}

}  // namespace amate::definitions::internal
