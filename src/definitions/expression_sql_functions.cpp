// SPDX-License-Identifier: Apache-2.0
// Functions over codes, texts and numbers in SQL, and which functions SQL cannot answer.
#include "definitions/internal/expression_signatures.hpp"
#include "definitions/internal/expression_sql.hpp"
#include "definitions/model.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

constexpr std::string_view kSmall = "áéíóúüñ";
constexpr std::string_view kCapital = "ÁÉÍÓÚÜÑ";

std::string_view refused_name(const Node& node) {
    if (const auto* signature = find_signature(node.operation)) return signature->name;
    if (node.operation == Operation::matches) return "matches()";
    return node.name;  // of a repeating group
}

}  // namespace

std::string SqlWriter::function(const Node& node) {
    switch (node.operation) {
        case Operation::year:
        case Operation::month:
        case Operation::hour:
        case Operation::day_of:
        case Operation::quarter:
        case Operation::week:
        case Operation::weekday:
        case Operation::days_between:
        case Operation::minutes_between:
        case Operation::months_between:
        case Operation::years_between:
        case Operation::in_period:
        case Operation::add_days:
        case Operation::add_months:
        case Operation::add_years:
            return of_days(node);
        case Operation::age:
            return age(node);
        case Operation::age_group:
            return age_group(node);
        case Operation::band:
            return band(node, write(*node.children[0]));
        case Operation::selected:
        case Operation::within:
        case Operation::tagged:
        case Operation::valid:
        case Operation::parent:
            return of_code(node);
        case Operation::count_selected:
            return count_selected(node);
        case Operation::round:
        case Operation::absolute:
            return of_number(node);
        case Operation::matches:
        case Operation::add_working_days:
        case Operation::working_days_between:
        case Operation::is_working_day:
        case Operation::flagged:
        case Operation::current_state:
        case Operation::count_rows:
        case Operation::any_rows:
        case Operation::all_rows:
        case Operation::sum_rows:
        case Operation::min_rows:
        case Operation::max_rows:
            return refuse(node, refused_name(node));
        default:
            return of_text(node);
    }
}

std::string SqlWriter::count_selected(const Node& node) {
    return fmt::format(
        "CASE WHEN {0} = '' THEN 0 ELSE length({0}) - length(replace({0}, ';', '')) + 1 END",
        write(*node.children[0]));
}

std::string SqlWriter::of_code(const Node& node) {
    const auto code = write(*node.children[0]);
    if (node.operation == Operation::selected) {
        return fmt::format("({}(';' || {} || ';', {}) > 0)", place_function(), code,
                           quote_sql(';' + std::get<std::string>(node.literal) + ';'));
    }
    if (node.operation == Operation::within || node.operation == Operation::tagged) {
        std::vector<std::string> members(node.members.begin(), node.members.end());
        std::sort(members.begin(), members.end());
        for (auto& member : members) member = quote_sql(member);
        return members.empty() ? refuse(node, "tagged()")
                               : fmt::format("({} IN ({}))", code, fmt::join(members, ", "));
    }
    const auto* list = node.children[0]->codelist;
    if (list == nullptr) return refuse(node, refused_name(node));
    std::string cases;
    if (node.operation == Operation::parent) {
        for (const auto& each : list->codes) {
            if (each.parent.empty()) continue;
            cases += fmt::format(" WHEN {} THEN {}", quote_sql(each.code), quote_sql(each.parent));
        }
        return cases.empty() ? "CAST(NULL AS VARCHAR)" : fmt::format("CASE {}{} END", code, cases);
    }
    const auto day = text(*node.children[1]);
    for (const auto& each : list->codes) {
        if (!each.valid_from && !each.valid_to) continue;
        cases += fmt::format(" WHEN {0} = {1} THEN {2} BETWEEN '{3}' AND '{4}'", code,
                             quote_sql(each.code), day,
                             each.valid_from.value_or(*Date::of(1, 1, 1)).iso(),
                             each.valid_to.value_or(*Date::of(9999, 12, 31)).iso());
    }
    return fmt::format("CASE WHEN {} IS NULL OR {} IS NULL THEN NULL{} ELSE TRUE END", code, day,
                       cases);
}

std::string SqlWriter::of_text(const Node& node) {
    const auto parts = texts_of(node);
    const auto& text = parts[0];
    switch (node.operation) {
        case Operation::trim:
            return fmt::format("trim({}, ' ')", text);
        case Operation::starts_with:
            return fmt::format("(substr({0}, 1, length({1})) = {1})", text, parts[1]);
        case Operation::contains:
            return fmt::format("CASE WHEN {1} = '' THEN {0} = {0} ELSE {2}({0}, {1}) > 0 END", text,
                               parts[1], place_function());
        case Operation::concat:
            return fmt::format("({})", fmt::join(parts, " || "));
        case Operation::length:
            return fmt::format("length({})", text);
        default:
            break;
    }
    const bool capitals = node.operation == Operation::upper;
    if (!sqlite()) {
        const std::string small = "abcdefghijklmnopqrstuvwxyz" + std::string(kSmall);
        const std::string capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + std::string(kCapital);
        return fmt::format("translate({}, '{}', '{}')", text, capitals ? small : capital,
                           capitals ? capital : small);
    }
    auto sql = fmt::format("{}({})", capitals ? "upper" : "lower", text);  // of A to Z alone
    for (std::size_t at = 0; at < kSmall.size(); at += 2) {
        const auto small = kSmall.substr(at, 2);
        const auto capital = kCapital.substr(at, 2);
        sql = fmt::format("replace({}, '{}', '{}')", sql, capitals ? small : capital,
                          capitals ? capital : small);
    }
    return sql;
}

std::string SqlWriter::of_number(const Node& node) {
    const auto number = write(*node.children[0]);
    if (node.operation == Operation::absolute) return fmt::format("abs({})", number);
    std::string scale = "1";
    for (auto i = std::get<std::int64_t>(node.children[1]->literal); i > 0; --i) scale += '0';
    const auto one = real("1e0");
    scale = real(scale + "e0");
    const auto raised = fmt::format("abs({}) * {} + {}", number, scale, real("0.5e0"));
    const auto whole = sqlite() ? "CAST(" + raised + " AS BIGINT)" : "floor(" + raised + ")";
    const auto rounded = fmt::format(
        "CASE WHEN abs({0}) * {1} < 4503599627370496e0 THEN (CASE WHEN {0} < 0 "
        "THEN -{3} ELSE {3} END) * ({2} / {1}) ELSE {0} END",
        number, scale, whole, one);
    if (!postgresql()) return rounded;  // it would end the query at an overflow
    return fmt::format("CASE WHEN abs({0}) < 1e20 THEN {1} ELSE {0} END", number, rounded);
}

std::string SqlWriter::band(const Node& node, const std::string& number) {
    std::string sql = "CASE";
    for (const auto& item : node.bands) {
        sql += fmt::format(" WHEN {} BETWEEN {} AND {} THEN {}", number, item.first, item.last,
                           quote_sql(item.code));
    }
    return sql + " END";
}

}  // namespace amate::definitions::internal
