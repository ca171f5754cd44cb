// SPDX-License-Identifier: Apache-2.0
// Writes in XPath when a value is known: where the operands are, and what else the operator asks.
#include "definitions/internal/expression_xpath.hpp"

#include <fmt/format.h>

namespace amate::definitions::internal {

std::string XPathWriter::known(const Node& node) {
    if (given_up(node)) return std::string(kAlways);
    if (node.operation == Operation::is_known) return std::string(kAlways);
    if (node.type == Type::boolean && node.operation != Operation::variable) {
        const bool function = node.operation > Operation::is_known &&
                              node.operation != Operation::any_rows &&
                              node.operation != Operation::all_rows;
        if (!function) return any_of({truth(node, true), truth(node, false)});
    }
    switch (node.operation) {
        case Operation::literal:
        case Operation::now:
        case Operation::today:
            return std::string(kAlways);
        case Operation::variable:
            if (node.type == Type::table) return refuse(node, node.name);
            return fmt::format("({} != '')", path(node));
        case Operation::if_:
            return any_of({all_of({truth(*node.children[0], true), known(*node.children[1])}),
                           all_of({truth(*node.children[0], false), known(*node.children[2])})});
        case Operation::coalesce: {
            std::vector<std::string> parts;
            for (const auto& child : node.children) parts.push_back(known(*child));
            return any_of(parts);
        }
        default:
            return known_operator(node);
    }
}

// Where all operands are known, and what else the operator asks for.
std::string XPathWriter::known_operator(const Node& node) {
    if (node.operation >= Operation::count_rows) return group_known(node);
    if (node.operation == Operation::age_group) return age_group(node, true);
    std::vector<std::string> parts;
    const bool open_ends = node.operation == Operation::in_period;
    for (const auto& child : node.children) {
        parts.push_back(known(*child));
        if (open_ends) break;
    }
    const auto operand = [&](std::size_t i, Form form) { return value(*node.children[i], form); };
    switch (node.operation) {
        case Operation::add:
        case Operation::subtract:
        case Operation::multiply:
        case Operation::divide:
        case Operation::negate:
            if (node.type == Type::datetime) {
                parts.push_back(
                    fmt::format("abs({}) <= 5270400000 and {} >= 0 and {} <= 315537897599",
                                operand(1, Form::plain), value(node, Form::seconds),
                                value(node, Form::seconds)));
            } else {
                const bool whole = node.type == Type::integer || node.type == Type::duration;
                parts.push_back(fmt::format("abs({}) <= {}", value(node),
                                            whole ? fmt::format("{}", kExactMax) : "pow(10, 300)"));
            }
            break;
        case Operation::age:
            parts.push_back(fmt::format(
                "{0} >= {1} and int(({0} - {1}) div 10000) = int(({0} - {2}) div 10000)",
                operand(1, Form::day_digits), operand(0, Form::last_digits),
                operand(0, Form::first_digits)));
            break;
        case Operation::month:
            if (node.children[0]->type != Type::partial_date) break;
            parts.push_back(fmt::format("int({} div 100) = int({} div 100)",
                                        operand(0, Form::first_digits),
                                        operand(0, Form::last_digits)));
            break;
        case Operation::band:
            parts.push_back(fmt::format("{} != ''", band(node, operand(0, Form::plain))));
            break;
        case Operation::parent:
            parts.push_back(fmt::format("string-length({}) > 0", value(node)));
            break;
        case Operation::valid:
            parts.push_back(fmt::format("count({}) > 0", item_of(node)));
            break;
        case Operation::add_days:
            parts.push_back(fmt::format("abs({}) <= 3652058", operand(1, Form::plain)));
            parts.push_back(
                fmt::format("{0} >= -719162 and {0} <= 2932896", value(node, Form::day_count)));
            break;
        case Operation::add_months:
        case Operation::add_years:
            parts.push_back(fmt::format("abs({}) <= {}", operand(1, Form::plain),
                                        node.operation == Operation::add_years ? 10000 : 120000));
            parts.push_back(
                fmt::format("{0} >= 10101 and {0} <= 99991231", value(node, Form::day_digits)));
            break;
        default:
            break;
    }
    return all_of(parts);
}

}  // namespace amate::definitions::internal
