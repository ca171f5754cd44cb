// SPDX-License-Identifier: Apache-2.0
// Writes logic, comparisons and arithmetic as XPath 1.0 with the functions of ODK XForms.
#include "definitions/internal/expression_xpath.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

// A choice within a choice within a choice doubles; nobody writes that in earnest.
constexpr std::size_t kStepsMax = 20'000;
constexpr std::size_t kXPathBytesMax = 100'000;

std::string_view sign_of(Operation operation, bool holds) {
    switch (operation) {
        case Operation::equal:
            return holds ? "=" : "!=";
        case Operation::not_equal:
            return holds ? "!=" : "=";
        case Operation::less:
            return holds ? "<" : ">=";
        case Operation::less_equal:
            return holds ? "<=" : ">";
        case Operation::greater:
            return holds ? ">" : "<=";
        default:
            return holds ? ">=" : "<";
    }
}

bool is_text(Type type) {
    return type == Type::text || type == Type::narrative || type == Type::geopoint;
}

// Whether a moment is computed, so that it is at hand as seconds and not as digits.
bool is_shifted(const Node& node) {
    if (node.type != Type::datetime) return false;
    if (node.operation == Operation::add || node.operation == Operation::subtract) return true;
    return std::any_of(node.children.begin(), node.children.end(),
                       [](const auto& child) { return is_shifted(*child); });
}

std::string joined_by(const std::vector<std::string>& parts, std::string_view word,
                      std::string_view neutral, std::string_view decisive) {
    std::vector<std::string> kept;
    for (const auto& each : parts) {
        if (each == decisive) return std::string(decisive);
        if (each != neutral) kept.push_back(each);
    }
    if (kept.empty()) return std::string(neutral);
    if (kept.size() == 1) return kept.front();
    return fmt::format("({})", fmt::join(kept, word));
}

}  // namespace

std::string all_of(const std::vector<std::string>& parts) {
    return joined_by(parts, " and ", kAlways, kNever);
}

std::string all_of(std::initializer_list<std::string> parts) {
    return all_of(std::vector<std::string>(parts));
}

std::string any_of(const std::vector<std::string>& parts) {
    return joined_by(parts, " or ", kNever, kAlways);
}

std::string quote_xpath(std::string_view text) {
    if (text.find('\'') == text.npos) return fmt::format("'{}'", text);
    if (text.find('"') == text.npos) return fmt::format("\"{}\"", text);
    std::string pieces;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\'', at), text.size());
        pieces += fmt::format("{}'{}'", at == 0 ? "" : ", \"'\", ", text.substr(at, end - at));
        at = end + 1;
    }
    return fmt::format("concat({})", pieces);
}

Result<std::string> XPathWriter::run(const Node& node) {
    std::string xpath;
    if (node.type == Type::boolean) {
        xpath = truth(node, true);
    } else if (node.type == Type::table) {
        refuse(node, node.name);
    } else {
        const auto condition = known(node);
        xpath = node.type == Type::date       ? value(node, Form::day_text)
                : node.type == Type::datetime ? value(node, Form::moment_text)
                                              : value(node);
        if (condition != kAlways) xpath = fmt::format("if({}, {}, '')", condition, xpath);
    }
    if (problems_.empty() && xpath.size() > kXPathBytesMax) {
        refuse(node, fmt::format("> {}", kXPathBytesMax));
    }
    if (!problems_.empty()) return fail(std::move(problems_));
    return xpath;
}

std::string XPathWriter::refuse(const Node& node, std::string_view what) {
    const bool told = std::any_of(problems_.begin(), problems_.end(), [&](const Problem& problem) {
        return problem.place == node.place;
    });
    if (!told) {
        problems_.push_back(
            {"definitions.expression_not_in_xpath", node.place, {{"value", std::string(what)}}});
    }
    return std::string(kNever);
}

bool XPathWriter::given_up(const Node& node) {
    if (steps_ > kStepsMax) return true;
    if (++steps_ > kStepsMax) refuse(node, fmt::format("> {}", kXPathBytesMax));
    return steps_ > kStepsMax;
}

std::string XPathWriter::path(const Node& variable) {
    if (!variable.of_row) return path_of_(variable.slot);
    std::string name = variable.name;
    std::replace(name.begin(), name.end(), '.', '/');
    return "./" + name;
}

std::string XPathWriter::truth(const Node& node, bool wanted) {
    if (given_up(node)) return std::string(kNever);
    switch (node.operation) {
        case Operation::literal:
            return std::string(std::get<bool>(node.literal) == wanted ? kAlways : kNever);
        case Operation::variable:
            return fmt::format("({} = '{}')", path(node), wanted);
        case Operation::logical_and:
            return joined(node, wanted, wanted);
        case Operation::logical_or:
            return joined(node, wanted, !wanted);
        case Operation::logical_not:
            return truth(*node.children[0], !wanted);
        case Operation::equal:
        case Operation::not_equal:
        case Operation::less:
        case Operation::less_equal:
        case Operation::greater:
        case Operation::greater_equal:
            return compare(node.operation, *node.children[0], *node.children[1], wanted);
        case Operation::between:
        case Operation::in:
            return membership(node, wanted);
        case Operation::if_:
        case Operation::coalesce:
            return chosen_truth(node, wanted);
        case Operation::is_known: {
            const auto inner = known(*node.children[0]);
            if (wanted) return inner;
            if (inner == kAlways) return std::string(kNever);
            return fmt::format("not({})", inner);
        }
        case Operation::any_rows:
        case Operation::all_rows:
            return group_truth(node, wanted);
        default: {
            const auto holds = statement(node);
            return all_of({known(node), wanted ? holds : fmt::format("not({})", holds)});
        }
    }
}

std::string XPathWriter::joined(const Node& node, bool wanted, bool all) {
    std::vector<std::string> parts;
    for (const auto& child : node.children) parts.push_back(truth(*child, wanted));
    return all ? all_of(parts) : any_of(parts);
}

std::string XPathWriter::chosen_truth(const Node& node, bool wanted) {
    const auto& children = node.children;
    if (node.operation == Operation::if_) {
        return any_of({all_of({truth(*children[0], true), truth(*children[1], wanted)}),
                       all_of({truth(*children[0], false), truth(*children[2], wanted)})});
    }
    auto result = truth(*children.back(), wanted);
    for (std::size_t i = children.size() - 1; i-- > 0;) {
        const auto opposite = truth(*children[i], !wanted);
        const auto open =
            opposite == kNever ? std::string(kAlways) : fmt::format("not({})", opposite);
        result = any_of({truth(*children[i], wanted), all_of({open, result})});
    }
    return result;
}

std::string XPathWriter::compare(Operation operation, const Node& left, const Node& right,
                                 bool wanted) {
    const bool equality = operation == Operation::equal || operation == Operation::not_equal;
    if (left.type == Type::boolean) {
        return compare_statements(left, right, (operation == Operation::equal) == wanted);
    }
    if (left.type == Type::partial_date) return compare_stretches(operation, left, right, wanted);
    if (left.type == Type::codes) return refuse(left, "=");
    if (!equality && is_text(left.type)) return refuse(left, "<");
    const auto form = left.type == Type::date                 ? Form::day_digits
                      : left.type != Type::datetime           ? Form::plain
                      : is_shifted(left) || is_shifted(right) ? Form::seconds
                                                              : Form::moment_digits;
    return all_of({known(left), known(right),
                   fmt::format("({} {} {})", value(left, form), sign_of(operation, wanted),
                               value(right, form))});
}

std::string XPathWriter::compare_statements(const Node& left, const Node& right, bool same) {
    return any_of({all_of({truth(left, true), truth(right, same)}),
                   all_of({truth(left, false), truth(right, !same)})});
}

// A date that lacks day or month is a stretch of days; undecided where its days disagree.
std::string XPathWriter::compare_stretches(Operation operation, const Node& left, const Node& right,
                                           bool wanted) {
    if (operation == Operation::not_equal) {
        return compare_stretches(Operation::equal, left, right, !wanted);
    }
    if (operation == Operation::greater) {
        return compare_stretches(Operation::less, right, left, wanted);
    }
    if (operation == Operation::greater_equal) {
        return compare_stretches(Operation::less_equal, right, left, wanted);
    }
    const auto a = value(left, Form::first_digits);
    const auto b = value(left, Form::last_digits);
    const auto c = value(right, Form::first_digits);
    const auto d = value(right, Form::last_digits);
    std::string decided;
    if (operation == Operation::equal) {
        decided = wanted ? fmt::format("({0} = {1} and {2} = {3} and {0} = {2})", a, b, c, d)
                         : fmt::format("({} < {} or {} < {})", b, c, d, a);
    } else if (operation == Operation::less) {
        decided = wanted ? fmt::format("({} < {})", b, c) : fmt::format("({} >= {})", a, d);
    } else {
        decided = wanted ? fmt::format("({} <= {})", b, c) : fmt::format("({} > {})", a, d);
    }
    return all_of({known(left), known(right), decided});
}

std::string XPathWriter::membership(const Node& node, bool wanted) {
    const auto& sought = *node.children[0];
    std::vector<std::string> parts;
    if (node.operation == Operation::between) {
        parts = {compare(Operation::greater_equal, sought, *node.children[1], wanted),
                 compare(Operation::less_equal, sought, *node.children[2], wanted)};
        return wanted ? all_of(parts) : any_of(parts);
    }
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        parts.push_back(compare(Operation::equal, sought, *node.children[i], wanted));
    }
    return wanted ? any_of(parts) : all_of(parts);
}

std::string XPathWriter::choice(const Node& node, Form form) {
    const auto& children = node.children;
    if (node.operation == Operation::if_) {
        return fmt::format("if({}, {}, {})", truth(*children[0], true), value(*children[1], form),
                           value(*children[2], form));
    }
    auto result = value(*children.back(), form);
    for (std::size_t i = children.size() - 1; i-- > 0;) {
        const auto condition = known(*children[i]);
        result = condition == kAlways
                     ? value(*children[i], form)
                     : fmt::format("if({}, {}, {})", condition, value(*children[i], form), result);
    }
    return result;
}

std::string XPathWriter::literal(const Node& node) {
    if (const auto* whole = std::get_if<std::int64_t>(&node.literal)) {
        if (*whole <= kExactMax && *whole >= -kExactMax) return fmt::format("{}", *whole);
        return refuse(node, canonical(node.literal));
    }
    if (const auto* real = std::get_if<double>(&node.literal)) {
        auto digits = fmt::format("{}", *real);  // XPath reads no exponent
        return digits.find('e') == digits.npos ? digits : refuse(node, digits);
    }
    return quote_xpath(canonical(node.literal));
}

std::string XPathWriter::arithmetic(const Node& node) {
    if (node.operation == Operation::negate) {
        return fmt::format("(0 - {})", value(*node.children[0]));
    }
    const auto* sign = node.operation == Operation::add        ? "+"
                       : node.operation == Operation::subtract ? "-"
                       : node.operation == Operation::multiply ? "*"
                                                               : "div";
    return fmt::format("({} {} {})", value(*node.children[0]), sign, value(*node.children[1]));
}

Result<std::string> write_xpath(const Node& node,
                                const std::function<std::string(std::size_t)>& path_of) {
    return XPathWriter(path_of).run(node);
}

}  // namespace amate::definitions::internal
