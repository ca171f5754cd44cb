// SPDX-License-Identifier: Apache-2.0
// For tests only: an invented pack that can be changed step by step and written to a folder.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/result.hpp"

namespace amate::ledger::internal {

// `id` stays with a field whatever it is called; it is what the test knows it by.
struct DraftField {
    int id = 0;
    std::string name, type, list, currency, target;
    int words = 0;                  // numbers its title: another number is another title
    bool open = false;              // less secret than its register
    std::vector<DraftField> cells;  // of a table
};

struct DraftRegister {
    std::string name;
    std::vector<DraftField> fields;
    std::vector<std::string> states, flags;
    std::vector<int> doubts;  // each a rule of its own without a name, in this order
    std::string retention = "5y pseudonymise";
    std::string sensitivity = "internal";
    int words = 0;
};

struct DraftPack {
    std::string time_zone = "Etc/UTC";
    std::string person_key = "[alias]";
    std::vector<DraftField> person;  // `alias` is never touched
    std::vector<DraftRegister> registers;
    std::map<std::string, std::vector<std::string>> lists;
    std::vector<std::string> migrations;  // the steps of each, as YAML
    std::set<std::string> recoded;        // lists, and "#id" of fields, of which codes were recoded
    int next = 1;

    int fresh() { return next++; }
    [[nodiscard]] bool is_recoded(const DraftField& field) const {
        return recoded.contains(field.list) || recoded.contains(fmt::format("#{}", field.id));
    }
    [[nodiscard]] DraftRegister* find(const std::string& name) {
        const auto found = std::find_if(registers.begin(), registers.end(),
                                        [&](const auto& each) { return each.name == name; });
        return found == registers.end() ? nullptr : &*found;
    }
};

inline void write_text(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

inline std::string yaml_of(const DraftField& field, const std::string& indent) {
    auto text = fmt::format("{}{}: {{type: {}, title: {{es: T{}, en: T{}}}", indent, field.name,
                            field.type, field.words, field.words);
    if (!field.list.empty()) text += ", codelist: " + field.list;
    if (!field.currency.empty()) text += ", currency: " + field.currency;
    if (!field.target.empty()) text += ", register: " + field.target;
    if (field.open) text += ", sensitivity: internal";
    if (field.type != "table") return text + "}\n";
    text += ", fields: {";
    for (std::size_t i = 0; i < field.cells.size(); ++i) {
        auto cell = yaml_of(field.cells[i], "");
        cell.pop_back();
        text += (i == 0 ? "" : ", ") + cell;
    }
    return text + "}}\n";
}

inline std::string yaml_of(const DraftRegister& register_) {
    auto text = fmt::format(
        "register: {0}\ntitle: {{es: R{1}, en: R{1}}}\ninstitution: Q01\nfolio: \"{0}-{{seq:6}}\"\n"
        "sensitivity: {2}\nfields:\n  at_moment: {{type: datetime, title: {{es: A, en: A}}, "
        "required: true}}\n  sort: {{type: code, codelist: sorts, sensitivity: internal, title: "
        "{{es: S, en: S}}}}\n",
        register_.name, register_.words, register_.sensitivity);
    for (const auto& field : register_.fields) text += yaml_of(field, "  ");
    if (!register_.retention.empty()) {
        const auto space = register_.retention.find(' ');
        text +=
            fmt::format("retention: {{keep: {}, then: {}}}\n", register_.retention.substr(0, space),
                        register_.retention.substr(space + 1));
    }
    text += "rules:\n  - {refuse: \"year(at_moment) > 1000\", message: {es: M, en: M}}\n";
    for (const auto doubt : register_.doubts) {
        text += fmt::format(
            "  - {{warn: \"year(at_moment) < {0}\", message: {{es: D{0}, en: D{0}}}}}\n",
            2200 - doubt);
    }
    for (const auto& flag : register_.flags) {
        text += fmt::format("  - {{when: \"year(at_moment) > 2150\", flag: {}}}\n", flag);
    }
    if (!register_.states.empty()) {
        text += fmt::format("workflow: {{states: [{}]}}\n", fmt::join(register_.states, ", "));
    }
    return text +
           "statistics: {time: at_moment, dimensions: [sort]}\naccess: {roles: {clerk: [all]}}\n";
}

// Writes the whole pack into `folder`, which is emptied first.
inline void write_pack(const DraftPack& pack, const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::string text =
        "pack: evolving\ntitle: {es: E, en: E}\nversion: \"1\"\nlanguages: [es, en]\n"
        "country: XDM\ntime_zone: " +
        pack.time_zone + "\nroles: {clerk: {domain: service, title: {es: C, en: C}}}\nperson:\n";
    for (const auto& attribute : pack.person) text += yaml_of(attribute, "  ");
    write_text(folder / "pack.yaml", text + "person_key: [" + pack.person_key + "]\n");
    write_text(
        folder / "institutions.csv",
        "institution_id,acronym,name_es,name_en,kind,country,parent,objectives,source_lines\n"
        "Q01,Q,Q,Q,ministry,XDM,,,\n");
    for (const auto& [name, codes] : pack.lists) {
        std::string rows = "code,es,en\n";
        for (const auto& code : codes) rows += code + ",L,L\n";
        write_text(folder / "codelists" / (name + ".csv"), rows);
    }
    for (const auto& each : pack.registers) {
        write_text(folder / "registers" / (each.name + ".yaml"), yaml_of(each));
    }
    for (std::size_t i = 0; i < pack.migrations.size(); ++i) {
        const auto name = fmt::format("{:04}", i + 1);
        write_text(folder / "migrations" / (name + ".yaml"),
                   fmt::format("migration: \"{}\"\nwhy: {{es: W, en: W}}\nsteps:\n  - {}\n", name,
                               pack.migrations[i]));
    }
}

}  // namespace amate::ledger::internal
