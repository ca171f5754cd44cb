// SPDX-License-Identifier: Apache-2.0
// Checks what is asked of repeating groups, and functions declared in the table of signatures.
#include "definitions/internal/expression_checker.hpp"
#include "definitions/internal/expression_signatures.hpp"
#include "definitions/model.hpp"

#include <algorithm>
#include <array>

namespace amate::definitions::internal {
namespace {

struct GroupFunction {
    std::string_view name;
    Operation operation;
};
constexpr std::array kGroupFunctions = {
    GroupFunction{"count", Operation::count_rows}, GroupFunction{"any", Operation::any_rows},
    GroupFunction{"all", Operation::all_rows},     GroupFunction{"sum", Operation::sum_rows},
    GroupFunction{"min", Operation::min_rows},     GroupFunction{"max", Operation::max_rows}};

std::vector<std::string> tables_of(const std::vector<Variable>& variables, bool with_fields) {
    std::vector<std::string> names;
    for (const auto& variable : variables) {
        if (variable.type != Type::table) continue;
        if (!with_fields) names.push_back(variable.name);
        for (const auto& field : variable.fields) {
            if (with_fields) names.push_back(variable.name + "." + field.name);
        }
    }
    return names;
}

bool can_be_measured(Type type, bool summed) {
    const bool number = type == Type::integer || type == Type::decimal || type == Type::money ||
                        type == Type::duration;
    return number || (!summed && (type == Type::date || type == Type::datetime));
}

}  // namespace

bool is_group_function(std::string_view name) {
    return std::any_of(kGroupFunctions.begin(), kGroupFunctions.end(),
                       [&](const auto& item) { return item.name == name; });
}

NodePointer Checker::check_group(const Syntax& syntax) {
    const auto operation =
        std::find_if(kGroupFunctions.begin(), kGroupFunctions.end(), [&](const auto& item) {
            return item.name == syntax.name;
        })->operation;
    if (syntax.children.size() != 1) {
        note("definitions.expression_arity", syntax.head,
             {{"found", std::to_string(syntax.children.size())}, {"expected", "1"}});
        return nullptr;
    }
    const bool of_field = operation == Operation::sum_rows || operation == Operation::min_rows ||
                          operation == Operation::max_rows;
    auto node = make(syntax, operation, Type::boolean, {});
    const auto* table = find_group(*syntax.children[0], of_field, *node);
    if (table == nullptr) return nullptr;
    if (syntax.where == nullptr) {
        if (operation == Operation::any_rows || operation == Operation::all_rows) {
            note("definitions.expression_incomplete", {syntax.span.end - 1, syntax.span.end},
                 {{"expected", "where"}});
            return nullptr;
        }
    } else {
        const auto* outer = row_;
        row_ = &table->fields;
        auto condition = check(*syntax.where);
        row_ = outer;
        if (!condition || !require(*condition, *syntax.where, {Type::boolean})) return nullptr;
        node->children.push_back(std::move(condition));
    }
    if (of_field) {
        node->type = table->fields[node->field].type;
        if (node->type == Type::money) node->type = Type::decimal;
    } else if (operation == Operation::count_rows) {
        node->type = Type::integer;
    }
    return node;
}

const Variable* Checker::find_group(const Syntax& named, bool of_field, Node& node) {
    const auto& variables = environment_.variables;
    const auto dot = of_field ? named.name.find('.') : named.name.npos;
    const auto table = std::find_if(variables.begin(), variables.end(), [&](const Variable& item) {
        return item.type == Type::table && named.kind == Syntax::Kind::name &&
               item.name == named.name.substr(0, dot);
    });
    const auto fields =
        table == variables.end() || dot == named.name.npos ? nullptr : &table->fields;
    const auto field = fields == nullptr
                           ? std::vector<Variable>::const_iterator()
                           : std::find_if(fields->begin(), fields->end(), [&](const auto& item) {
                                 return item.name == named.name.substr(dot + 1);
                             });
    if (table == variables.end() || (of_field && (fields == nullptr || field == fields->end()))) {
        const auto names = tables_of(variables, of_field);
        note("definitions.expression_group", named.span,
             {{"expected", names.empty() ? "—" : what_fits(named.name, names)},
              {"suggestion", closest(named.name, names).value_or("")}});
        return nullptr;
    }
    node.slot = static_cast<std::size_t>(table - variables.begin());
    node.name = table->name;
    node.title = table->title;
    slots_.push_back(node.slot);
    if (!of_field) return &*table;
    if (!can_be_measured(field->type, node.operation == Operation::sum_rows)) {
        note_type(named, std::string(name_of(field->type)),
                  node.operation == Operation::sum_rows
                      ? "integer, decimal, money, duration"
                      : "integer, decimal, money, duration, date, datetime");
        return nullptr;
    }
    node.field = static_cast<std::size_t>(field - fields->begin());
    node.field_name = field->name;
    std::replace(node.field_name.begin(), node.field_name.end(), '.', '/');  // as a path
    node.field_title =
        field->title.empty() ? Text({{"es", field->name}, {"en", field->name}}) : field->title;
    return &*table;
}

NodePointer Checker::check_signature(const Syntax& syntax, std::vector<NodePointer> operands) {
    const auto all = signatures();
    const auto& signature = *std::find_if(
        all.begin(), all.end(), [&](const auto& item) { return item.name == syntax.name; });
    auto node = make(syntax, signature.operation, signature.result, {});
    bool sound = true;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const char kind = signature.arguments[i];
        const auto& written = *syntax.children[i];
        if (kind == 'K' || kind == 'L') {
            sound = keep_literal(*node, *operands[i], written, kind) && sound;
            continue;
        }
        sound = require_kind(*operands[i], written, kind) && sound;
        if (!sound) continue;
        if (kind == 'D') operands[i] = convert(std::move(operands[i]), Type::date);
        if (kind == 'N') operands[i] = convert(std::move(operands[i]), Type::decimal);
        if (kind == 'C') node->codelist = operands[i]->codelist;
        node->children.push_back(std::move(operands[i]));
    }
    if (!sound || !settle_signature(syntax, *node)) return nullptr;
    if (signature.result != Type::code) node->codelist = nullptr;
    return node;
}

bool Checker::require_kind(const Node& node, const Syntax& written, char kind) {
    switch (kind) {
        case 'D':
            return require(node, written, {Type::date, Type::datetime});
        case 'M':
            return require(node, written, {Type::datetime});
        case 'I':
            return require(node, written, {Type::integer});
        case 'N':
            return require(node, written, {Type::decimal, Type::integer, Type::money});
        case 'T':
            return require(node, written, {Type::text, Type::narrative});
        default:
            return require(node, written, {Type::code});
    }
}

bool Checker::keep_literal(Node& node, const Node& operand, const Syntax& written, char kind) {
    if (!require_literal_text(operand, written)) return false;
    node.literal = operand.literal;
    if (kind == 'L') return true;
    const auto& name = std::get<std::string>(operand.literal);
    if (const auto* calendar = environment_.find_calendar(name)) {
        node.calendar = *calendar;
        return true;
    }
    std::vector<std::string> names;
    if (environment_.calendars != nullptr) {
        for (const auto& [each, calendar] : *environment_.calendars) names.push_back(each);
    }
    note("definitions.expression_unknown_calendar", written.span,
         {{"expected", names.empty() ? "—" : what_fits(name, names)},
          {"suggestion", closest(name, names).value_or("")}});
    return false;
}

// What the letters cannot say of tags, rounding and the life of a record.
bool Checker::settle_signature(const Syntax& syntax, Node& node) {
    if (node.operation == Operation::tagged && node.codelist != nullptr) {
        std::vector<std::string> tags;
        const auto& tag = std::get<std::string>(node.literal);
        for (const auto& code : node.codelist->codes) {
            if (std::find(code.tags.begin(), code.tags.end(), tag) != code.tags.end()) {
                node.members.insert(code.code);
            }
            tags.insert(tags.end(), code.tags.begin(), code.tags.end());
        }
        if (!node.members.empty()) return true;
        std::sort(tags.begin(), tags.end());
        tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
        note("definitions.expression_unknown_tag", syntax.children[1]->span,
             {{"codelist", node.codelist->name},
              {"expected", tags.empty() ? "—" : what_fits(tag, tags)},
              {"suggestion", closest(tag, tags).value_or("")}});
        return false;
    }
    if (node.operation == Operation::round) {
        const auto* places = std::get_if<std::int64_t>(&node.children[1]->literal);
        if (places != nullptr && *places >= 0 && *places <= 9) return true;
        note_type(*syntax.children[1], source_.excerpt(syntax.children[1]->span), "0, 1, … 9");
        return false;
    }
    const bool state = node.operation == Operation::current_state;
    if (!state && node.operation != Operation::flagged) return true;
    const auto* list = state ? environment_.states : environment_.flags;
    if (list == nullptr) {
        note("definitions.expression_no_life", syntax.head, {});
        return false;
    }
    if (state) {
        node.codelist = list;
        return true;
    }
    return check_code(*syntax.children[0], std::get<std::string>(node.literal), list,
                      "is_known(…)");
}

}  // namespace amate::definitions::internal
