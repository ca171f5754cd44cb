// SPDX-License-Identifier: Apache-2.0
// The functions an expression may call: how many arguments each takes, and of which types.
#include "definitions/internal/expression_checker.hpp"

#include "definitions/internal/expression_signatures.hpp"
#include "definitions/model.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace amate::definitions::internal {

struct Checker::Function {
    std::string_view name;
    Operation operation;
    std::size_t arguments_min;
    std::size_t arguments_max;
    NodePointer (Checker::*check)(const Syntax&, std::vector<NodePointer>);
};

const std::vector<Checker::Function>& Checker::functions() {
    constexpr auto kMany = std::numeric_limits<std::size_t>::max();
    static const std::vector<Function> kFunctions = [] {
        std::vector<Function> all = {
            {"if", Operation::if_, 3, 3, &Checker::check_choice},
            {"coalesce", Operation::coalesce, 2, kMany, &Checker::check_choice},
            {"is_known", Operation::is_known, 1, 1, &Checker::check_is_known},
            {"age", Operation::age, 2, 2, &Checker::check_age},
            {"age_group", Operation::age_group, 2, 2, &Checker::check_age},
            {"band", Operation::band, 2, 2, &Checker::check_band},
            {"year", Operation::year, 1, 1, &Checker::check_calendar},
            {"month", Operation::month, 1, 1, &Checker::check_calendar},
            {"hour", Operation::hour, 1, 1, &Checker::check_calendar},
            {"date", Operation::date_of, 1, 1, &Checker::check_calendar},
            {"days_between", Operation::days_between, 2, 2, &Checker::check_calendar},
            {"now", Operation::now, 0, 0, &Checker::check_clock},
            {"today", Operation::today, 0, 0, &Checker::check_clock},
            {"selected", Operation::selected, 2, 2, &Checker::check_codes},
            {"count_selected", Operation::count_selected, 1, 1, &Checker::check_codes},
            {"within", Operation::within, 2, 2, &Checker::check_within},
            {"length", Operation::length, 1, 1, &Checker::check_text},
            {"matches", Operation::matches, 2, 2, &Checker::check_text},
            {"concat", Operation::concat, 2, kMany, &Checker::check_concat}};
        for (const auto& each : signatures()) {
            all.push_back({each.name, each.operation, each.arguments.size(), each.arguments.size(),
                           &Checker::check_signature});
        }
        return all;
    }();
    return kFunctions;
}

const Checker::Function* Checker::find_function(std::string_view name) {
    const auto& all = functions();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Function& item) { return item.name == name; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> Checker::function_names() {
    std::vector<std::string> names;
    for (const auto& item : functions()) names.emplace_back(item.name);
    for (const auto* name : {"count", "any", "all", "sum", "min", "max"}) names.emplace_back(name);
    return names;
}

NodePointer Checker::check_call(const Syntax& syntax) {
    if (is_group_function(syntax.name)) return check_group(syntax);
    std::vector<NodePointer> operands;
    for (const auto& child : syntax.children) operands.push_back(check(*child));
    const auto* function = find_function(syntax.name);
    if (function == nullptr) {
        const auto names = function_names();
        note("definitions.expression_unknown_function", syntax.head,
             {{"expected", what_fits(syntax.name, names)},
              {"suggestion", closest(syntax.name, names).value_or("")}});
        return nullptr;
    }
    if (operands.size() < function->arguments_min || operands.size() > function->arguments_max) {
        const bool open = function->arguments_max != function->arguments_min;
        note("definitions.expression_arity", syntax.head,
             {{"found", std::to_string(operands.size())},
              {"expected", fmt::format("{}{}", function->arguments_min, open ? "+" : "")}});
        return nullptr;
    }
    const bool sound = std::all_of(operands.begin(), operands.end(),
                                   [](const NodePointer& node) { return node != nullptr; });
    if (!sound) return nullptr;
    auto node = (this->*function->check)(syntax, std::move(operands));
    if (node) node->operation = function->operation;
    return node;
}

bool Checker::require_literal_text(const Node& node, const Syntax& syntax) {
    if (syntax.kind == Syntax::Kind::literal && syntax.type == Type::text) return true;
    note_type(syntax, describe(node), "'abc'");
    return false;
}

NodePointer Checker::check_choice(const Syntax& syntax, std::vector<NodePointer> operands) {
    const bool has_condition = syntax.name == "if";
    const std::size_t first = has_condition ? 1 : 0;
    const bool sound =
        !has_condition || require(*operands[0], *syntax.children[0], {Type::boolean});
    for (std::size_t i = first; i < operands.size(); ++i) {
        if (operands[i]->type != Type::table) continue;
        note_type(*syntax.children[i], "table", "count(…)");
        return nullptr;
    }
    if (!unify(syntax, operands, first) || !sound) return nullptr;
    auto type = operands[first]->type;
    for (std::size_t i = first; i < operands.size(); ++i) {
        if (operands[i]->type == type) continue;
        const bool text = type == Type::text || type == Type::narrative;
        type = text ? Type::text : Type::decimal;  // money beside other numbers
    }
    const auto* list = operands[first]->codelist;
    auto node = make(syntax, Operation::if_, type, std::move(operands));
    node->codelist = list;
    return node;
}

NodePointer Checker::check_concat(const Syntax& syntax, std::vector<NodePointer> operands) {
    bool sound = true;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        sound = require(*operands[i], *syntax.children[i], {Type::text, Type::narrative}) && sound;
    }
    if (!sound) return nullptr;
    return make(syntax, Operation::concat, Type::text, std::move(operands));
}

NodePointer Checker::check_is_known(const Syntax& syntax, std::vector<NodePointer> operands) {
    return make(syntax, Operation::is_known, Type::boolean, std::move(operands));
}

NodePointer Checker::check_age(const Syntax& syntax, std::vector<NodePointer> operands) {
    const bool birth = require(*operands[0], *syntax.children[0], {Type::partial_date, Type::date});
    const bool at = require(*operands[1], *syntax.children[1], {Type::date, Type::datetime});
    if (!birth || !at) return nullptr;
    operands[0] = convert(std::move(operands[0]), Type::partial_date);
    operands[1] = convert(std::move(operands[1]), Type::date);
    if (syntax.name == "age")
        return make(syntax, Operation::age, Type::integer, std::move(operands));
    auto node = make(syntax, Operation::age_group, Type::code, std::move(operands));
    return read_bands(*node, syntax, "age_groups") ? std::move(node) : nullptr;
}

NodePointer Checker::check_band(const Syntax& syntax, std::vector<NodePointer> operands) {
    const bool number = require(*operands[0], *syntax.children[0], {Type::integer});
    if (!require_literal_text(*operands[1], *syntax.children[1]) || !number) return nullptr;
    const auto list_name = std::get<std::string>(operands[1]->literal);
    operands.pop_back();
    auto node = make(syntax, Operation::band, Type::code, std::move(operands));
    return read_bands(*node, *syntax.children[1], list_name) ? std::move(node) : nullptr;
}

bool Checker::read_bands(Node& node, const Syntax& where, std::string_view list_name) {
    const auto* list = environment_.find_codelist ? environment_.find_codelist(list_name) : nullptr;
    if (list == nullptr) {
        note("definitions.expression_unknown_codelist", where.span,
             {{"codelist", std::string(list_name)}});
        return false;
    }
    for (const auto& code : list->codes) {
        if (auto band = parse_band(code.code)) node.bands.push_back(std::move(*band));
    }
    if (node.bands.empty()) {
        note_type(where, list->codes.empty() ? list->name : list->codes.front().code,
                  "0-11, 12-17, 65+");
        return false;
    }
    for (std::size_t i = 0; i < node.bands.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (node.bands[i].first > node.bands[j].last) continue;
            if (node.bands[j].first > node.bands[i].last) continue;
            note("definitions.bands_overlap", where.span,
                 {{"codelist", list->name},
                  {"value", node.bands[i].code},
                  {"other", node.bands[j].code}});
            return false;
        }
    }
    node.codelist = list;
    return true;
}

NodePointer Checker::check_calendar(const Syntax& syntax, std::vector<NodePointer> operands) {
    const bool is_hour = syntax.name == "hour";
    const bool parts = syntax.name == "year" || syntax.name == "month";
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const auto& written = *syntax.children[i];
        const bool sound = is_hour ? require(*operands[i], written, {Type::datetime})
                           : parts ? require(*operands[i], written,
                                             {Type::date, Type::datetime, Type::partial_date})
                                   : require(*operands[i], written, {Type::date, Type::datetime});
        if (!sound) return nullptr;
        if (!is_hour && syntax.name != "date")
            operands[i] = convert(std::move(operands[i]), Type::date);
    }
    const auto type = syntax.name == "date" ? Type::date : Type::integer;
    return make(syntax, Operation::year, type, std::move(operands));
}

NodePointer Checker::check_clock(const Syntax& syntax, std::vector<NodePointer> operands) {
    const auto type = syntax.name == "now" ? Type::datetime : Type::date;
    return make(syntax, Operation::now, type, std::move(operands));
}

NodePointer Checker::check_codes(const Syntax& syntax, std::vector<NodePointer> operands) {
    if (!require(*operands[0], *syntax.children[0], {Type::codes})) return nullptr;
    if (operands.size() == 1) {
        return make(syntax, Operation::count_selected, Type::integer, std::move(operands));
    }
    if (!require_literal_text(*operands[1], *syntax.children[1])) return nullptr;
    auto code = std::get<std::string>(operands[1]->literal);
    if (!check_code(*syntax.children[1], code, operands[0]->codelist, "is_known(…)"))
        return nullptr;
    operands.pop_back();
    auto node = make(syntax, Operation::selected, Type::boolean, std::move(operands));
    node->literal = std::move(code);
    return node;
}

NodePointer Checker::check_within(const Syntax& syntax, std::vector<NodePointer> operands) {
    if (!require(*operands[0], *syntax.children[0], {Type::code})) return nullptr;
    if (!require_literal_text(*operands[1], *syntax.children[1])) return nullptr;
    auto ancestor = std::get<std::string>(operands[1]->literal);
    const auto* list = operands[0]->codelist;
    if (!check_code(*syntax.children[1], ancestor, list, "is_known(…)")) return nullptr;
    operands.pop_back();
    auto node = make(syntax, Operation::within, Type::boolean, std::move(operands));
    node->members.insert(ancestor);
    if (list != nullptr) {
        for (const auto& code : list->codes) {
            if (list->within(code.code, ancestor)) node->members.insert(code.code);
        }
    }
    node->literal = std::move(ancestor);
    return node;
}

NodePointer Checker::check_text(const Syntax& syntax, std::vector<NodePointer> operands) {
    if (!require(*operands[0], *syntax.children[0], {Type::text, Type::narrative})) return nullptr;
    if (operands.size() == 1) {
        return make(syntax, Operation::length, Type::integer, std::move(operands));
    }
    const auto& written = *syntax.children[1];
    if (!require_literal_text(*operands[1], written)) return nullptr;
    auto pattern = Pattern::compile(std::get<std::string>(operands[1]->literal));
    if (!pattern) {
        note("definitions.expression_pattern", written.span, {});
        return nullptr;
    }
    auto form = std::move(operands[1]->literal);
    operands.pop_back();
    auto node = make(syntax, Operation::matches, Type::boolean, std::move(operands));
    node->literal = std::move(form);
    node->pattern = std::move(pattern);
    return node;
}

}  // namespace amate::definitions::internal
