// SPDX-License-Identifier: Apache-2.0
// Functions over codes, texts, numbers and groups in XPath, and which of them it cannot answer.
#include "definitions/internal/expression_signatures.hpp"
#include "definitions/internal/expression_xpath.hpp"
#include "definitions/model.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyzáéíóúüñ";
constexpr std::string_view kCapital = "ABCDEFGHIJKLMNOPQRSTUVWXYZÁÉÍÓÚÜÑ";

bool reads_row(const Node& node) {
    return (node.operation == Operation::variable && node.of_row) ||
           std::any_of(node.children.begin(), node.children.end(),
                       [](const auto& child) { return reads_row(*child); });
}

std::string function_name(const Node& node) {
    const auto* signature = find_signature(node.operation);
    return signature == nullptr ? node.name : fmt::format("{}()", signature->name);
}

}  // namespace

std::string XPathWriter::value(const Node& node, Form form) {
    if (given_up(node)) return "''";
    if (node.type == Type::boolean) return truth(node, true);
    if (node.type == Type::partial_date) return stretch(node, form);
    switch (form) {
        case Form::day_text:
        case Form::day_digits:
        case Form::day_count:
            return day(node, form);
        case Form::moment_text:
        case Form::moment_digits:
        case Form::seconds:
            return moment(node, form);
        case Form::plain:
            break;
        default:
            return stretch(node, form);
    }
    return plain(node);
}

// Numbers, texts and codes.
std::string XPathWriter::plain(const Node& node) {
    const bool number = node.type == Type::integer || node.type == Type::decimal ||
                        node.type == Type::money || node.type == Type::duration;
    switch (node.operation) {
        case Operation::literal:
            return literal(node);
        case Operation::variable:
            if (node.type == Type::table) return refuse(node, node.name);
            return number ? fmt::format("number({})", path(node)) : path(node);
        case Operation::if_:
        case Operation::coalesce:
            return choice(node, Form::plain);
        case Operation::add:
        case Operation::subtract:
        case Operation::multiply:
        case Operation::divide:
        case Operation::negate:
            return arithmetic(node);
        case Operation::to_decimal:
            return value(*node.children[0]);
        case Operation::count_selected:
            return fmt::format("count-selected({})", value(*node.children[0]));
        case Operation::band:
            return band(node, value(*node.children[0]));
        case Operation::age_group:
            return age_group(node, false);
        case Operation::parent:
            return fmt::format("string({}/parent)", item_of(node));
        case Operation::count_rows:
        case Operation::sum_rows:
        case Operation::min_rows:
        case Operation::max_rows:
            return group(node);
        case Operation::lower:
        case Operation::upper:
        case Operation::trim:
        case Operation::concat:
        case Operation::length:
        case Operation::round:
        case Operation::absolute:
            return text_function(node);
        case Operation::current_state:
            return refuse(node, function_name(node));
        default:
            return day_function(node);
    }
}

std::string XPathWriter::text_function(const Node& node) {
    const auto first = value(*node.children[0]);
    switch (node.operation) {
        case Operation::lower:
            return fmt::format("translate({}, '{}', '{}')", first, kCapital, kSmall);
        case Operation::upper:
            return fmt::format("translate({}, '{}', '{}')", first, kSmall, kCapital);
        case Operation::concat: {
            std::vector<std::string> parts;
            for (const auto& child : node.children) parts.push_back(value(*child));
            return fmt::format("concat({})", fmt::join(parts, ", "));
        }
        case Operation::length:
            return fmt::format("string-length({})", first);
        case Operation::absolute:
            return fmt::format("abs({})", first);
        case Operation::round: {  // the engines' own rounding differs on halves
            std::string scale = "1";
            for (auto i = std::get<std::int64_t>(node.children[1]->literal); i > 0; --i) {
                scale += '0';
            }
            return fmt::format(
                "if(abs({0}) * {1} < 4503599627370496, if({0} < 0, -1, 1) * int(abs({0}) * {1} + "
                "0.5) div {1}, {0})",
                first, scale);
        }
        default:
            return refuse(node, function_name(node));
    }
}

// What a function that is a statement says where its operands are known.
std::string XPathWriter::statement(const Node& node) {
    const auto operand = [&](std::size_t i) { return value(*node.children[i]); };
    switch (node.operation) {
        case Operation::selected:
            return fmt::format("selected({}, {})", operand(0),
                               quote_xpath(std::get<std::string>(node.literal)));
        case Operation::within:
        case Operation::tagged: {
            std::vector<std::string> members(node.members.begin(), node.members.end());
            std::sort(members.begin(), members.end());
            for (auto& each : members) {
                each = fmt::format("{} = {}", operand(0), quote_xpath(each));
            }
            return any_of(members);
        }
        case Operation::matches:
            return fmt::format("regex({}, {})", operand(0),
                               quote_xpath(std::get<std::string>(node.literal)));
        case Operation::starts_with:
            return fmt::format("starts-with({}, {})", operand(0), operand(1));
        case Operation::contains:
            return fmt::format("contains({}, {})", operand(0), operand(1));
        case Operation::in_period: {
            const auto at = value(*node.children[0], Form::day_digits);
            const auto end = [&](std::size_t i, std::string_view sign) {
                const auto condition = known(*node.children[i]);
                const auto holds =
                    fmt::format("{} {} {}", at, sign, value(*node.children[i], Form::day_digits));
                return condition == kAlways ? holds
                                            : fmt::format("(not({}) or {})", condition, holds);
            };
            return all_of({end(1, ">="), end(2, "<=")});
        }
        case Operation::valid:
            return validity(node);
        default:
            return refuse(node, function_name(node));
    }
}

// The choice of a code list, as forms carry them: instance('list')/root/item.
// SPEC: ODK XForms, "Secondary instances": their root element and its items bear these names.
std::string XPathWriter::item_of(const Node& node) {
    const auto& code = *node.children[0];
    if (code.codelist == nullptr || reads_row(code)) return refuse(node, function_name(node));
    return fmt::format("instance({})/root/item[name = {}]", quote_xpath(code.codelist->name),
                       value(code));
}

std::string XPathWriter::validity(const Node& node) {
    const auto item = item_of(node);
    const auto day = value(*node.children[1], Form::day_digits);
    const auto end = [&](std::string_view column, std::string_view sign) {
        return fmt::format(
            "(string-length({0}/{1}) = 0 or {3} {2} number(translate({0}/{1}, '-', "
            "'')))",
            item, column, sign, day);
    };
    return all_of({end("valid_from", ">="), end("valid_to", "<=")});
}

std::string XPathWriter::band(const Node& node, const std::string& number) {
    std::string bands = "''";
    for (auto item = node.bands.rbegin(); item != node.bands.rend(); ++item) {
        auto condition = fmt::format("{} >= {}", number, item->first);
        if (item->last < kExactMax) condition += fmt::format(" and {} <= {}", number, item->last);
        bands = fmt::format("if({}, {}, {})", condition, quote_xpath(item->code), bands);
    }
    return bands;
}

// Known if the oldest and the youngest age the birth allows fall in one band.
std::string XPathWriter::age_group(const Node& node, bool is_known) {
    const auto& birth = *node.children[0];
    const auto at = value(*node.children[1], Form::day_digits);
    const auto first = value(birth, Form::first_digits);
    const auto oldest = band(node, fmt::format("int(({} - {}) div 10000)", at, first));
    if (!is_known) return oldest;
    const auto last = value(birth, Form::last_digits);
    const auto youngest =
        band(node, fmt::format("int(({0} - if({1} < {0}, {1}, {0})) div 10000)", at, last));
    return all_of({known(birth), known(*node.children[1]), fmt::format("{} >= {}", at, first),
                   fmt::format("{} != ''", oldest), fmt::format("{} = {}", oldest, youngest)});
}

// The rows of a group for which its condition is true, and `condition` too.
std::string XPathWriter::rows(const Node& node, std::string_view condition) {
    std::vector<std::string> parts;
    if (!node.children.empty()) parts.push_back(truth(*node.children[0], true));
    if (!condition.empty()) parts.emplace_back(condition);
    const auto all = all_of(parts);
    const auto table = path_of_(node.slot);
    return all == kAlways ? table : fmt::format("{}[{}]", table, all);
}

std::string XPathWriter::group_truth(const Node& node, bool wanted) {
    const auto table = path_of_(node.slot);
    const auto with = fmt::format("count({}[{}])", table, truth(*node.children[0], wanted));
    const bool some = (node.operation == Operation::any_rows) == wanted;
    return some ? fmt::format("({} > 0)", with) : fmt::format("({} = count({}))", with, table);
}

std::string XPathWriter::group(const Node& node) {
    if (node.operation == Operation::count_rows) return fmt::format("count({})", rows(node));
    if (node.type == Type::date || node.type == Type::datetime) {
        return refuse(node, node.operation == Operation::min_rows ? "min()" : "max()");
    }
    const auto* name = node.operation == Operation::sum_rows   ? "sum"
                       : node.operation == Operation::min_rows ? "min"
                                                               : "max";
    return fmt::format("{}({}/{})", name, rows(node), node.field_name);
}

std::string XPathWriter::group_known(const Node& node) {
    if (node.operation == Operation::count_rows) return std::string(kAlways);
    const auto complete = fmt::format(
        "count({}) = 0", rows(node, fmt::format("string-length(./{}) = 0", node.field_name)));
    if (node.operation != Operation::sum_rows) {
        return all_of({fmt::format("count({}) > 0", rows(node)), complete});
    }
    const auto limit = node.type == Type::decimal ? "pow(10, 300)" : fmt::format("{}", kExactMax);
    return all_of({complete, fmt::format("abs({}) <= {}", group(node), limit)});
}

}  // namespace amate::definitions::internal
