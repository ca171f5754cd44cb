// SPDX-License-Identifier: Apache-2.0
// Checks literals, names and operators: every fault is told, with what would fit.
#include "definitions/internal/expression_checker.hpp"

#include "definitions/model.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

constexpr std::size_t kProblemsMax = 50;
constexpr std::size_t kCandidatesShown = 12;

bool is_number(Type type) {
    return type == Type::integer || type == Type::decimal || type == Type::money;
}
bool is_text(Type type) {
    return type == Type::text || type == Type::narrative;
}
bool is_temporal(Type type) {
    return type == Type::date || type == Type::datetime || type == Type::partial_date;
}

// Types that can be compared with each other, each named by one of them.
Type family_of(Type type) {
    if (is_number(type)) return Type::integer;
    if (is_text(type)) return Type::text;
    if (is_temporal(type)) return Type::date;
    return type;
}

// The type all of [first, end) can be brought to; they are of one family.
Type common_type(const std::vector<NodePointer>& operands, std::size_t first) {
    const auto all = [&](Type type) {
        return std::all_of(operands.begin() + static_cast<std::ptrdiff_t>(first), operands.end(),
                           [&](const NodePointer& node) { return node->type == type; });
    };
    const auto type = operands[first]->type;
    if (all(type)) return type;
    if (is_number(type)) return Type::decimal;
    if (is_text(type)) return Type::text;
    const bool partial =
        std::any_of(operands.begin() + static_cast<std::ptrdiff_t>(first), operands.end(),
                    [](const NodePointer& node) { return node->type == Type::partial_date; });
    return partial ? Type::partial_date : Type::date;
}

// True if every code of one list is a code of the other: they name the same things.
bool share_codes(const CodeList* left, const CodeList* right) {
    if (left == nullptr || right == nullptr) return false;
    const auto* small = left->codes.size() < right->codes.size() ? left : right;
    const auto* large = small == left ? right : left;
    return !small->codes.empty() &&
           std::all_of(small->codes.begin(), small->codes.end(),
                       [&](const Code& each) { return large->find(each.code) != nullptr; });
}

NodePointer wrap(NodePointer node, Operation operation, Type type) {
    auto outer = std::make_unique<Node>();
    outer->operation = operation;
    outer->type = type;
    outer->place = node->place;
    outer->children.push_back(std::move(node));
    return outer;
}

}  // namespace

std::string describe(const Node& node) {
    std::string text(name_of(node.type));
    if (node.codelist != nullptr) text += fmt::format(" ({})", node.codelist->name);
    return text;
}

NodePointer convert(NodePointer node, Type type) {
    if (type == Type::decimal && node->type == Type::integer) {
        return wrap(std::move(node), Operation::to_decimal, Type::decimal);
    }
    if (node->type == Type::datetime && (type == Type::date || type == Type::partial_date)) {
        node = wrap(std::move(node), Operation::to_day, Type::date);
    }
    if (node->type == Type::date && type == Type::partial_date) {
        node = wrap(std::move(node), Operation::to_partial, Type::partial_date);
    }
    return node;
}

std::string what_fits(std::string_view word, const std::vector<std::string>& candidates) {
    if (auto near = closest(word, candidates)) return *near;
    const auto shown = std::min(candidates.size(), kCandidatesShown);
    return fmt::format("{}{}",
                       fmt::join(candidates.begin(),
                                 candidates.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                       shown < candidates.size() ? ", …" : "");
}

void Checker::note(std::string code, Span span, std::map<std::string, std::string> parameters) {
    if (problems_.size() >= kProblemsMax) return;
    parameters.emplace("value", source_.excerpt(span));
    problems_.push_back({std::move(code), source_.place_of(span.begin), std::move(parameters)});
}

void Checker::note_type(const Syntax& syntax, std::string found, std::string expected) {
    note("definitions.expression_type", syntax.span,
         {{"found", std::move(found)}, {"expected", std::move(expected)}});
}

NodePointer Checker::make(const Syntax& syntax, Operation operation, Type type,
                          std::vector<NodePointer> operands) const {
    auto node = std::make_unique<Node>();
    node->operation = operation;
    node->type = type;
    node->place = source_.place_of(syntax.span.begin);
    node->children = std::move(operands);
    return node;
}

bool Checker::require(const Node& node, const Syntax& syntax, std::initializer_list<Type> types) {
    if (std::find(types.begin(), types.end(), node.type) != types.end()) return true;
    std::vector<std::string_view> names;
    for (const auto type : types) names.push_back(name_of(type));
    note_type(syntax, describe(node), fmt::format("{}", fmt::join(names, ", ")));
    return false;
}

NodePointer Checker::check(const Syntax& syntax) {
    switch (syntax.kind) {
        case Syntax::Kind::literal:
            return check_literal(syntax);
        case Syntax::Kind::name:
            return check_name(syntax);
        case Syntax::Kind::operation:
            return check_operation(syntax);
        case Syntax::Kind::call:
            break;
    }
    return check_call(syntax);
}

NodePointer Checker::check_literal(const Syntax& syntax) {
    auto node = make(syntax, Operation::literal, syntax.type, {});
    node->literal = syntax.literal;
    return node;
}

NodePointer Checker::check_name(const Syntax& syntax) {
    const auto find_in = [&](const std::vector<Variable>& variables) {
        return std::find_if(variables.begin(), variables.end(),
                            [&](const Variable& item) { return item.name == syntax.name; });
    };
    const auto* variables = row_ == nullptr ? &environment_.variables : row_;
    auto found = find_in(*variables);
    if (found == variables->end() && row_ != nullptr) {
        variables = &environment_.variables;
        found = find_in(*variables);
    }
    if (found == variables->end()) {
        std::vector<std::string> names;
        for (const auto& variable : environment_.variables) names.push_back(variable.name);
        if (row_ != nullptr) {
            for (const auto& variable : *row_) names.push_back(variable.name);
        }
        const bool is_function =
            find_function(syntax.name) != nullptr || is_group_function(syntax.name);
        note("definitions.expression_unknown_name", syntax.span,
             {{"expected", is_function ? syntax.name + "(…)" : what_fits(syntax.name, names)},
              {"suggestion", closest(syntax.name, names).value_or("")}});
        return nullptr;
    }
    auto type = found->type;
    if (type == Type::office) type = Type::code;
    if (type == Type::record || type == Type::file) type = Type::text;
    auto node = make(syntax, Operation::variable, type, {});
    node->codelist = found->codelist;
    node->slot = static_cast<std::size_t>(found - variables->begin());
    node->name = found->name;
    node->title = found->title;
    node->of_row = variables != &environment_.variables;
    if (!node->of_row) slots_.push_back(node->slot);
    return node;
}

std::vector<std::size_t> Checker::slots() const {
    auto sorted = slots_;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted;
}

NodePointer Checker::check_operation(const Syntax& syntax) {
    std::vector<NodePointer> operands;
    for (const auto& child : syntax.children) operands.push_back(check(*child));
    switch (syntax.operation) {
        case Operation::logical_or:
        case Operation::logical_and:
        case Operation::logical_not: {
            bool sound = true;
            for (std::size_t i = 0; i < operands.size(); ++i) {
                sound = operands[i] != nullptr &&
                        require(*operands[i], *syntax.children[i], {Type::boolean}) && sound;
            }
            if (!sound) return nullptr;
            return make(syntax, syntax.operation, Type::boolean, std::move(operands));
        }
        case Operation::add:
        case Operation::subtract:
        case Operation::multiply:
        case Operation::divide:
        case Operation::negate:
            return check_arithmetic(syntax, std::move(operands));
        default:
            return check_comparison(syntax, std::move(operands));
    }
}

NodePointer Checker::check_arithmetic(const Syntax& syntax, std::vector<NodePointer> operands) {
    for (const auto& operand : operands) {
        if (operand != nullptr && operand->type == Type::duration) {
            return check_duration_arithmetic(syntax, std::move(operands));
        }
    }
    bool sound = true;
    bool whole = syntax.operation != Operation::divide;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        sound = operands[i] != nullptr &&
                require(*operands[i], *syntax.children[i],
                        {Type::integer, Type::decimal, Type::money}) &&
                sound;
        whole = sound && whole && operands[i]->type == Type::integer;
    }
    if (!sound) return nullptr;
    if (!whole) {
        for (auto& operand : operands) operand = convert(std::move(operand), Type::decimal);
    }
    return make(syntax, syntax.operation, whole ? Type::integer : Type::decimal,
                std::move(operands));
}

// duration ± duration, moment ± duration.
NodePointer Checker::check_duration_arithmetic(const Syntax& syntax,
                                               std::vector<NodePointer> operands) {
    for (const auto& operand : operands) {
        if (operand == nullptr) return nullptr;
    }
    const bool sum = syntax.operation == Operation::add || syntax.operation == Operation::subtract;
    if (!sum) {
        note_type(syntax, "duration", "integer, decimal, money");
        return nullptr;
    }
    const bool left = require(*operands[0], *syntax.children[0], {Type::datetime, Type::duration});
    const bool right = require(*operands[1], *syntax.children[1], {Type::duration});
    if (!left || !right) return nullptr;
    const auto type = operands[0]->type;
    return make(syntax, syntax.operation, type, std::move(operands));
}

NodePointer Checker::check_comparison(const Syntax& syntax, std::vector<NodePointer> operands) {
    const bool equality =
        syntax.operation == Operation::equal || syntax.operation == Operation::not_equal;
    const bool ordering = !equality && syntax.operation != Operation::in;
    bool sound = true;
    for (std::size_t i = 0; i < operands.size() && sound; ++i) {
        if (!operands[i]) return nullptr;
        const auto type = operands[i]->type;
        if (type == Type::table) {
            note_type(*syntax.children[i], describe(*operands[i]),
                      fmt::format("count({})", source_.excerpt(syntax.children[i]->span)));
            sound = false;
        } else if (ordering && (type == Type::code || type == Type::codes ||
                                type == Type::boolean || type == Type::geopoint)) {
            sound = require(*operands[i], *syntax.children[i],
                            {Type::integer, Type::decimal, Type::money, Type::text, Type::date,
                             Type::datetime, Type::partial_date, Type::duration});
        } else if (syntax.operation == Operation::in && type == Type::codes) {
            note_type(
                *syntax.children[i], describe(*operands[i]),
                fmt::format("selected({}, '…') or …", source_.excerpt(syntax.children[i]->span)));
            sound = false;
        }
    }
    if (!sound || !unify(syntax, operands)) return nullptr;
    return make(syntax, syntax.operation, Type::boolean, std::move(operands));
}

bool Checker::unify(const Syntax& syntax, std::vector<NodePointer>& operands, std::size_t first) {
    for (std::size_t i = first; i < operands.size(); ++i) {
        if (operands[i]->type != Type::code && operands[i]->type != Type::codes) continue;
        return unify_codes(syntax, operands, first, *operands[i]);
    }
    bool sound = true;
    for (std::size_t i = first + 1; i < operands.size(); ++i) {
        if (family_of(operands[i]->type) == family_of(operands[first]->type)) continue;
        note_type(*syntax.children[i], describe(*operands[i]), describe(*operands[first]));
        sound = false;
    }
    if (!sound) return false;
    const auto type = common_type(operands, first);
    for (std::size_t i = first; i < operands.size(); ++i) {
        operands[i] = convert(std::move(operands[i]), type);
    }
    return true;
}

bool Checker::unify_codes(const Syntax& syntax, std::vector<NodePointer>& operands,
                          std::size_t first, const Node& model) {
    const bool equality =
        syntax.kind == Syntax::Kind::operation &&
        (syntax.operation == Operation::equal || syntax.operation == Operation::not_equal);
    bool sound = true;
    for (std::size_t i = first; i < operands.size(); ++i) {
        auto& operand = *operands[i];
        const auto& written = *syntax.children[i];
        if (operand.type == model.type && operand.codelist == model.codelist) continue;
        if (equality && operand.type == Type::code && model.type == Type::code &&
            share_codes(operand.codelist, model.codelist)) {
            continue;
        }
        if (operand.type == Type::text && model.type == Type::code) {
            sound = adopt(operand, written, model.codelist) && sound;
            continue;
        }
        auto expected = describe(model);
        if (operand.type == Type::text) {
            expected = fmt::format("selected(…, {})", source_.excerpt(written.span));
        }
        note_type(written, describe(operand), std::move(expected));
        sound = false;
    }
    return sound;
}

bool Checker::adopt(Node& node, const Syntax& syntax, const CodeList* list) {
    const bool choice = node.operation == Operation::if_ || node.operation == Operation::coalesce;
    if (node.operation != Operation::literal && !choice) {
        note_type(syntax, describe(node),
                  list == nullptr ? "code" : fmt::format("code ({})", list->name));
        return false;
    }
    bool sound = true;
    if (choice) {
        for (std::size_t i = node.operation == Operation::if_ ? 1 : 0; i < node.children.size();
             ++i) {
            sound = adopt(*node.children[i], *syntax.children[i], list) && sound;
        }
    } else {
        sound = check_code(syntax, std::get<std::string>(node.literal), list, "is_known(…)");
    }
    node.type = Type::code;
    node.codelist = list;
    return sound;
}

bool Checker::check_code(const Syntax& literal, const std::string& code, const CodeList* list,
                         const std::string& missing_hint) {
    if (list == nullptr || list->find(code) != nullptr) return true;
    std::vector<std::string> codes;
    for (const auto& item : list->codes) codes.push_back(item.code);
    const bool reserved = code == "unknown" || code == "refused" || code == "not_applicable";
    note("definitions.expression_unknown_code", literal.span,
         {{"codelist", list->name},
          {"expected", reserved ? missing_hint : what_fits(code, codes)},
          {"suggestion", closest(code, codes).value_or("")}});
    return false;
}

NodePointer Checker::check_code_expression(const Syntax& syntax, const CodeList& list) {
    auto root = check(syntax);
    if (root == nullptr || (root->type == Type::code && root->codelist == &list)) return root;
    if (root->type == Type::text) {
        adopt(*root, syntax, &list);
    } else {
        note_type(syntax, describe(*root), fmt::format("code ({})", list.name));
    }
    return root;
}

Result<std::unique_ptr<Node>> check(const Syntax& syntax, const SourceText& source,
                                    const Environment& environment, const CodeList* list) {
    Checker checker(source, environment);
    auto root =
        list == nullptr ? checker.check(syntax) : checker.check_code_expression(syntax, *list);
    auto problems = checker.take_problems();
    if (!problems.empty()) return fail(std::move(problems));
    AMATE_CHECK(root != nullptr);
    root->slots = checker.slots();
    return root;
}

}  // namespace amate::definitions::internal
