// SPDX-License-Identifier: Apache-2.0
// Holds codes to the days on which they are in force.
#include <algorithm>

#include <fmt/format.h>

#include "definitions/internal/code_validity.hpp"
#include "definitions/internal/faults.hpp"

namespace amate::definitions::internal {
namespace {

std::string stretch(const Code& code, bool spanish) {
    std::string text;
    if (code.valid_from) {
        text += fmt::format("{} {}", spanish ? "desde" : "from", code.valid_from->iso());
    }
    if (code.valid_to) {
        text += fmt::format("{}{} {}", text.empty() ? "" : " ", spanish ? "hasta" : "until",
                            code.valid_to->iso());
    }
    return text;
}

const Code* first_outside(const Value& value, const CodeList& list, Date day) {
    if (const auto* one = std::get_if<std::string>(&value)) return list.find(*one);
    if (const auto* codes = std::get_if<Codes>(&value)) {
        for (const auto& each : *codes) {
            if (!list.in_force(each, day)) return list.find(each);
        }
    }
    return nullptr;
}

}  // namespace

std::optional<Date> day_of(const Value& value) {
    if (const auto* day = std::get_if<Date>(&value)) return *day;
    if (const auto* moment = std::get_if<DateTime>(&value)) return moment->date;
    if (const auto* partial = std::get_if<PartialDate>(&value)) return partial->first();
    return std::nullopt;
}

bool is_in_force(const Value& value, const CodeList& list, Date day) {
    if (const auto* code = std::get_if<std::string>(&value)) return list.in_force(*code, day);
    const auto* codes = std::get_if<Codes>(&value);
    return codes == nullptr || std::all_of(codes->begin(), codes->end(), [&](const auto& each) {
               return list.in_force(each, day);
           });
}

Problem not_in_force(const Column& column, const Value& value, Date day, const std::string& path) {
    Problem problem{"registry.code_not_in_force",
                    {{}, 0, 0, path},
                    {{"title_en", column.title.in("en")},
                     {"title_es", column.title.in("es")},
                     {"detail_en", ""},
                     {"detail_es", ""}}};
    const auto& list = *column.codelist;
    const auto* code = first_outside(value, list, day);
    if (column.sensitivity >= Sensitivity::personal || code == nullptr) return problem;
    std::vector<std::string> valid;
    for (const auto& each : list.codes) {
        if (list.in_force(each.code, day)) valid.push_back(each.code);
    }
    problem.parameters["detail_en"] =
        fmt::format(" (it is in force {}; on that day: {})", stretch(*code, false), listed(valid));
    problem.parameters["detail_es"] =
        fmt::format(" (está vigente {}; ese día: {})", stretch(*code, true), listed(valid));
    return problem;
}

}  // namespace amate::definitions::internal
