// SPDX-License-Identifier: Apache-2.0
// Reads codelists/*.csv: codes, parents, labels in every language, validity and tags.
#include <algorithm>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

bool is_code(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.' || c == '+';
    };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

// A date cell that may be empty.
std::optional<Date> read_date(Loading& loading, const CsvLine& line, std::string_view column) {
    const auto& cell = line.cell(column);
    if (cell.empty()) return std::nullopt;
    const auto parsed = Date::parse(cell);
    if (!parsed) {
        loading.faults.bad_value(line.place(column), cell,
                                 {"a date YYYY-MM-DD", "una fecha AAAA-MM-DD"});
    }
    return parsed;
}

bool code_is_sound(Loading& loading, const CsvLine& line) {
    const auto& text = line.cell("code");
    if (is_missing_name(text)) {
        loading.faults.add("definitions.reserved_code", line.place("code"), {{"value", text}});
        return false;
    }
    if (is_code(text)) return true;
    loading.faults.bad_value(line.place("code"), text,
                             {"a code (letters, digits, `_`, `-`, `.`, `+`, at most 64)",
                              "un código (letras, cifras, `_`, `-`, `.`, `+`, hasta 64)"});
    return false;
}

void read_code(Loading& loading, const CsvLine& line, CodeList& list,
               std::vector<ParentLink>& links) {
    Code code;
    for (const auto& language : loading.pack.languages) {
        const auto& label = line.cell(language);
        if (trim(label).empty()) {
            loading.faults.add("definitions.missing_language", line.place(language),
                               {{"language", language}});
        }
        code.label.set(language, label);
    }
    code.valid_from = read_date(loading, line, "valid_from");
    code.valid_to = read_date(loading, line, "valid_to");
    if (code.valid_from && code.valid_to && *code.valid_to < *code.valid_from) {
        loading.faults.bad_value(
            line.place("valid_to"), line.cell("valid_to"),
            {"a day on or after valid_from", "un día igual o posterior a valid_from"});
    }
    list.has_validity = list.has_validity || code.valid_from || code.valid_to;
    code.tags = line.list("tags");
    if (!code_is_sound(loading, line)) return;
    code.code = line.cell("code");
    code.parent = line.cell("parent");
    const auto place = line.place("code");
    if (!loading.references.declare(Thing::code, list.name, code.code, place, loading.faults)) {
        return;
    }
    loading.references.need(Thing::code, list.name, code.parent, line.place("parent"));
    links.push_back({code.code, code.parent, place});
    list.index.emplace(code.code, list.codes.size());
    list.codes.push_back(std::move(code));
}

const std::string kTitles = "titles";

// Titles of the lists themselves: list and one label column a language.
void read_titles(Loading& loading) {
    const auto file = "codelists/" + kTitles + ".csv";
    if (!loading.has(file)) return;
    CsvShape shape{{"list"}, {}};
    shape.required.insert(shape.required.end(), loading.pack.languages.begin(),
                          loading.pack.languages.end());
    read_csv(file, loading.path_of(file), shape, loading.faults, [&](const CsvLine& line) {
        const auto& name = line.cell("list");
        loading.references.need(Thing::codelist, "", name, line.place("list"));
        Text title;
        for (const auto& language : loading.pack.languages) {
            const auto& label = line.cell(language);
            if (trim(label).empty()) {
                loading.faults.add("definitions.missing_language", line.place(language),
                                   {{"language", language}});
            }
            title.set(language, label);
        }
        const auto list = loading.pack.codelists.find(name);
        if (list == loading.pack.codelists.end()) return;
        if (!list->second->title.empty()) {
            loading.faults.add("definitions.repeated", line.place("list"), {{"value", name}});
        }
        list->second->title = std::move(title);
    });
}

}  // namespace

void read_codelists(Loading& loading) {
    for (const auto& name : loading.names_in("codelists", ".csv")) {
        if (name == kTitles) continue;
        const auto file = "codelists/" + name + ".csv";
        if (!is_snake_case_name(name)) {
            loading.faults.add("definitions.bad_name", {file, 0, 0, {}}, {{"value", shown(name)}});
        }
        auto list = std::make_unique<CodeList>();
        list->name = name;
        loading.references.declare(Thing::codelist, "", name, {file, 0, 0, {}}, loading.faults);
        CsvShape shape{{"code"}, {"parent", "valid_from", "valid_to", "tags"}};
        shape.required.insert(shape.required.end(), loading.pack.languages.begin(),
                              loading.pack.languages.end());
        std::vector<ParentLink> links;
        const bool whole =
            read_csv(file, loading.path_of(file), shape, loading.faults,
                     [&](const CsvLine& line) { read_code(loading, line, *list, links); });
        if (!whole) loading.references.give_up(Thing::code, name);
        check_cycles(links, loading.faults);
        loading.pack.codelists.emplace(name, std::move(list));
    }
    read_titles(loading);
}

}  // namespace amate::definitions::internal
