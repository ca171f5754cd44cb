// SPDX-License-Identifier: Apache-2.0
// Resolves the names that the parts of a pack use for each other.
#include "definitions/internal/references.hpp"

#include <unordered_map>

namespace amate::definitions::internal {

Words words_of(Thing thing, const std::string& scope) {
    switch (thing) {
        case Thing::code:
            return {"a code of the list " + scope, "un código de la lista " + scope};
        case Thing::codelist:
            return {"a code list of the pack", "un catálogo del paquete"};
        case Thing::institution:
            return {"an institution of the pack", "una institución del paquete"};
        case Thing::document:
            return {"a document of pack.yaml", "un documento de pack.yaml"};
        case Thing::programme:
            return {"a programme of the pack", "un programa del paquete"};
        case Thing::framework:
            return {"a framework of the pack", "un marco del paquete"};
        case Thing::node:
            return {"a node of the framework " + scope, "un nodo del marco " + scope};
        case Thing::register_:
            return {"a register of the pack", "un registro del paquete"};
        case Thing::source:
            return {"a source of the pack", "una fuente del paquete"};
        case Thing::role:
            return {"a role of pack.yaml", "un rol de pack.yaml"};
        case Thing::figure:
            return {"a figure of figures.csv", "una cifra de figures.csv"};
        case Thing::indicator:
            return {"an indicator of the pack", "un indicador del paquete"};
        case Thing::calendar:
            return {"a calendar of pack.yaml", "un calendario de pack.yaml"};
        case Thing::identifier:
            return {"a file of identifiers/", "un archivo de identifiers/"};
        case Thing::purpose:
            return {"a purpose of pack.yaml", "una finalidad de pack.yaml"};
        case Thing::flag:
            return {"a flag of the register " + scope, "una marca del registro " + scope};
        case Thing::task:
            return {"a task under `tasks` of the register " + scope,
                    "una tarea de `tasks` del registro " + scope};
        case Thing::action:
            return {"an action of the workflow of " + scope, "una acción del flujo de " + scope};
    }
    return {};
}

bool References::declare(Thing thing, const std::string& scope, const std::string& id,
                         const Place& place, Faults& faults) {
    if (id.empty()) return false;
    const auto [found, is_new] = declared_[{thing, scope}].try_emplace(id, place);
    if (!is_new) {
        faults.add("definitions.duplicate_id", place,
                   {{"value", shown(id)}, {"first", to_string(found->second)}});
    }
    return is_new;
}

void References::need(Thing thing, const std::string& scope, const std::string& id,
                      const Place& place) {
    if (!id.empty()) needs_.push_back({{thing, scope}, id, place});
}

bool References::declared(Thing thing, const std::string& scope, std::string_view id) const {
    const auto kind = declared_.find({thing, scope});
    return kind != declared_.end() && kind->second.find(id) != kind->second.end();
}

std::vector<std::string> References::ids(Thing thing, const std::string& scope) const {
    std::vector<std::string> all;
    const auto kind = declared_.find({thing, scope});
    if (kind == declared_.end()) return all;
    for (const auto& [id, place] : kind->second) all.push_back(id);
    return all;
}

void References::resolve(Faults& faults) const {
    std::map<Kind, std::vector<std::string>> candidates;
    for (const auto& need : needs_) {
        const auto& [thing, scope] = need.kind;
        if (declared(thing, scope, need.id) || given_up(thing, scope)) continue;
        auto& near = candidates[need.kind];
        if (near.empty()) near = ids(thing, scope);
        const auto expected = words_of(thing, scope);
        faults.add("definitions.unknown_reference", need.place,
                   faults.suggest({{"value", shown(need.id)},
                                   {"expected_en", expected.en},
                                   {"expected_es", expected.es}},
                                  need.id, near));
    }
}

void check_cycles(const std::vector<ParentLink>& links, Faults& faults) {
    std::unordered_map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < links.size(); ++i) index.try_emplace(links[i].id, i);
    std::vector<std::size_t> visited_by(links.size(), 0);  // 1-based start of the walk
    for (std::size_t start = 0; start < links.size(); ++start) {
        auto at = start;
        while (visited_by[at] == 0) {
            visited_by[at] = start + 1;
            const auto parent = index.find(links[at].parent);
            if (parent == index.end()) break;
            at = parent->second;
            if (visited_by[at] != start + 1) continue;
            auto path = links[at].id;
            auto member = at;
            do {
                member = index.at(links[member].parent);
                path += " > " + links[member].id;
            } while (member != at);
            faults.add("definitions.parent_cycle", links[at].place, {{"value", shown(path)}});
        }
    }
}

}  // namespace amate::definitions::internal
