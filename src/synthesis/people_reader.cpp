// SPDX-License-Identifier: Apache-2.0
// Who comes again, with whom, and how wrongly it is written.
#include "synthesis/internal/people_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::synthesis::internal {

using definitions::DataNode;

void PeopleReader::read(const DataNode& node) {
    read_known(node.find("known_persons"));
    read_families(node.find("families"));
    read_noise(node.find("noise"));
}

// A share of the persons of the file; 0 if nothing is said.
double PeopleReader::read_share(const DataNode* node) {
    if (node == nullptr) return 0;
    const auto share = read_number(*node, 0.95, faults_).value_or(0);
    if (share > 0 && plan_.persons.empty()) {
        faults_.add(node->place, "el registro no lleva personas",
                    "the register carries no persons");
    }
    return share;
}

void PeopleReader::read_known(const DataNode* node) {
    if (node == nullptr) return;
    double total = 0;
    for (const auto& [name, share] : node->entries) {
        const auto* source = shared_.pack.find_source(name);
        const bool sound =
            source != nullptr && source != plan_.source && shared_.pack.synthesis.contains(name) &&
            !shared_.pack.find_register(source->register_name)->person_fields.empty();
        if (!sound) {
            faults_.add(share.place,
                        fmt::format("`{}` no es otra fuente con personas inventadas", name),
                        fmt::format("`{}` is not another source with invented persons", name), name,
                        planned_sources());
            continue;
        }
        plan_.known.push_back({source, read_share(&share)});
        total += plan_.known.back().share;
    }
    if (total > 1) {
        faults_.add(node->place, "las partes suman más de 1", "the shares add up to over 1");
    }
}

std::vector<std::string> PeopleReader::planned_sources() const {
    std::vector<std::string> names;
    for (const auto& [name, plan] : shared_.pack.synthesis) {
        if (name != plan_.source->name) names.push_back(name);
    }
    return names;
}

void PeopleReader::read_noise(const DataNode* node) {
    if (node == nullptr) return;
    faults_.check_keys(*node, {"spelling", "foreign_spelling", "accents", "swapped", "birth",
                               "variants", "alike"});
    plan_.noise.spelling = read_share(node->find("spelling"));
    plan_.noise.accents = read_share(node->find("accents"));
    plan_.noise.swapped = read_share(node->find("swapped"));
    plan_.noise.foreign_spelling = read_share(node->find("foreign_spelling"));
    plan_.noise.birth = read_share(node->find("birth"));
    if (const auto* variants = node->find("variants")) read_variants(*variants);
    const auto* alike = node->find("alike");
    if (alike == nullptr) return;
    for (const auto& [one, other] : alike->entries) {
        if (other.scalar.empty() || other.scalar == one) {
            faults_.add(other.place, "`alike` une letras distintas, como {b: v}",
                        "`alike` joins different letters, such as {b: v}");
            continue;
        }
        plan_.noise.alike.emplace_back(one, other.scalar);
    }
}

void PeopleReader::read_variants(const DataNode& node) {
    const auto kinds = shared_.variants.kinds();
    for (const auto& [kind, share] : node.entries) {
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
            faults_.add(
                share.place, fmt::format("`{}` no es una clase de synthesis/variants.csv", kind),
                fmt::format("`{}` is no kind of synthesis/variants.csv", kind), kind, kinds);
            continue;
        }
        plan_.noise.variants.emplace_back(kind, read_share(&share));
    }
}

// A share, or a share and what those of a family have in common.
void PeopleReader::read_families(const DataNode* node) {
    if (node == nullptr) return;
    if (node->entries.empty()) {
        plan_.families.share = read_share(node);
        return;
    }
    faults_.check_keys(*node, {"share", "together"});
    plan_.families.share = read_share(node->find("share"));
    const auto* together = node->find("together");
    if (together == nullptr) return;
    for (const auto& item : together->items) {
        const auto column = plan_.register_->column_index(item.scalar);
        if (!column || item.scalar.find('.') != std::string::npos) {
            std::vector<std::string> names;
            for (const auto& each : plan_.register_->columns) names.push_back(each.name);
            faults_.add(
                item.place,
                fmt::format("`{}` no es un campo del registro, fuera de la persona", item.scalar),
                fmt::format("`{}` is no field of the register outside the person", item.scalar),
                item.scalar, names);
        } else if (*column == plan_.register_->time_column) {
            plan_.families.same_time = true;
        } else {
            plan_.families.together.push_back(*column);
        }
    }
}

// An identifier is made of names in their parts and of what else it says.
void PeopleReader::check_identified() {
    for (const auto& group : plan_.groups) {
        for (std::size_t i = 0; i < group.draws.size(); ++i) {
            if (!std::holds_alternative<Identified>(group.draws[i])) continue;
            if (can_identify(group, i)) continue;
            const auto& name = plan_.register_->columns[i].name;
            faults_.add(group.place,
                        fmt::format("{} se forma con nombres y otros datos de la persona que "
                                    "el plan no inventa",
                                    name),
                        fmt::format("{} is made of names and other data of the person that "
                                    "the plan does not invent",
                                    name));
            return;
        }
    }
}

bool PeopleReader::can_identify(const Group& group, std::size_t column) const {
    const auto& identifier = *std::get<Identified>(group.draws[column]).identifier;
    for (const auto& columns : plan_.persons) {
        if (std::find(columns.begin(), columns.end(), column) == columns.end()) continue;
        bool names = false;
        bool rest = true;
        for (std::size_t a = 0; a < columns.size(); ++a) {
            const auto& draw = group.draws[columns[a]];
            names = names || std::holds_alternative<Names>(draw);
            rest = rest && !(identifier.needs(a) && draw.index() == 0);
        }
        return names && rest;
    }
    return false;
}

}  // namespace amate::synthesis::internal
