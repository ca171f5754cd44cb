// SPDX-License-Identifier: Apache-2.0
// Compiles what fields compute and demand: relevant, constraint, calculation, choice_filter.
#include <algorithm>

#include "definitions/internal/column_rules.hpp"

namespace amate::definitions::internal {
namespace {

// The names a field's expressions may use, and what stands above it: slots [0, before) of the
// record and, in a row, slots [row_first, row_before).
struct Scope {
    const Environment& environment;
    std::size_t before = 0;
    std::size_t row_first = 0;
    std::size_t row_before = 0;

    [[nodiscard]] bool above(std::size_t slot) const {
        return slot < before || (slot >= row_first && slot < row_before);
    }
};

// Records are filled in column by column, so what decides a column stands above it.
void check_order(const Expression& expression, const Cursor& text, const Scope& scope) {
    if (expression.empty()) return;
    for (const auto slot : expression.slots()) {
        if (scope.above(slot)) continue;
        text.fault("definitions.reads_later_field",
                   {{"value", scope.environment.variables[slot].name}});
        return;
    }
}

bool can_hold(Type column, Type value) {
    if (column == value) return true;
    switch (column) {
        case Type::text:
        case Type::narrative:
        case Type::code:
            return value == Type::text || value == Type::code;
        case Type::decimal:
        case Type::money:
            return value == Type::integer || value == Type::decimal || value == Type::money;
        case Type::partial_date:
            return value == Type::date;
        default:
            return false;
    }
}

void compile_calculation(Loading& loading, const Cursor& field, const Scope& scope,
                         Column& column) {
    const auto text = field.find("calculation");
    auto calculation = read_expression(loading, text, scope.environment);
    if (calculation.empty()) return;
    check_order(calculation, text, scope);
    if (!can_hold(column.type, calculation.type())) {
        text.fault("definitions.calculation_type",
                   {{"value", shown(calculation.source())},
                    {"type", std::string(name_of(calculation.type()))},
                    {"expected", std::string(name_of(column.type))}});
    }
    if (field.find("default").present()) {
        field.find("default").fault("definitions.default_of_calculation");
    }
    column.calculation = std::move(calculation);
}

void compile_choice_filter(Loading& loading, const Cursor& field, const Scope& scope,
                           Column& column) {
    const auto text = field.find("choice_filter");
    if (!text.present() || column.codelist == nullptr) return;
    auto environment = scope.environment;
    environment.variables.push_back({"choice", Type::code, column.codelist, column.title});
    column.choice_filter = read_condition(loading, text, environment);
    const auto& slots =
        column.choice_filter.empty() ? std::vector<std::size_t>() : column.choice_filter.slots();
    const auto choice = environment.variables.size() - 1;
    if (!column.choice_filter.empty() &&
        std::find(slots.begin(), slots.end(), choice) == slots.end()) {
        text.fault("definitions.filter_without_choice", {{"value", shown(text.raw_text())}});
    }
}

// `any`, or a date field of the row or of the record.
void read_valid_at(const Loading& loading, const Cursor& field, const Scope& scope,
                   Column& column) {
    const auto text = field.find("valid_at");
    if (!text.present()) return;
    const auto name = text.text();
    column.valid_any_day = name == "any";
    if (column.valid_any_day || name.empty()) return;
    std::vector<std::string> days;
    const auto& variables = scope.environment.variables;
    for (std::size_t slot = 0; slot < variables.size(); ++slot) {
        const auto type = variables[slot].type;
        if (type != Type::date && type != Type::datetime && type != Type::partial_date) continue;
        if (variables[slot].name == name) column.valid_at = slot;
        days.push_back(variables[slot].name);
    }
    if (column.valid_at || loading.names_incomplete) return;
    text.bad_value({"`any` or a field of type date, datetime or partial_date",
                    "`any` o un campo de tipo date, datetime o partial_date"},
                   days);
}

void compile_plain(Loading& loading, const Cursor& field, const Scope& scope, Column& column) {
    column.constraint = read_condition(loading, field.find("constraint"), scope.environment);
    if (field.find("message").present() && !field.find("constraint").present()) {
        field.find("message").fault("definitions.message_without_constraint");
    }
    compile_choice_filter(loading, field, scope, column);
    compile_calculation(loading, field, scope, column);
}

// In a row a bare name is first a field of the row, then of the record. A row lies behind the
// columns of its record, so the names it hides are taken from these.
Environment row_environment(const Environment& record, const Column& table) {
    auto environment = record;
    for (const auto& field : table.fields) {
        for (auto& variable : environment.variables) {
            if (variable.name == field.name) variable.name = "." + field.name;
        }
    }
    for (const auto& field : table.fields) {
        environment.variables.push_back({field.name, field.type, field.codelist, field.title});
    }
    return environment;
}

void compile_rows(Loading& loading, const Cursor& table, const Environment& record,
                  std::size_t index, Column& column) {
    const auto environment = row_environment(record, column);
    const auto first = record.variables.size();
    for (std::size_t i = 0; i < column.fields.size(); ++i) {
        auto& field = column.fields[i];
        const auto written = table.find("fields").find(field.name);
        const Scope scope{environment, index, first, first + i};
        const auto relevant = written.find("relevant");
        field.relevant = read_condition(loading, relevant, environment);
        check_order(field.relevant, relevant, scope);
        read_valid_at(loading, written, scope, field);
        compile_plain(loading, written, scope, field);
    }
}

void compile_field(Loading& loading, const Field& field, const Environment& environment,
                   Register& register_) {
    const Scope scope{environment, field.first, 0, 0};
    const auto relevant_text = field.value.find("relevant");
    const auto relevant = read_condition(loading, relevant_text, environment);
    check_order(relevant, relevant_text, scope);
    for (std::size_t i = field.first; i < field.first + field.count; ++i) {
        register_.columns[i].relevant = relevant;
        if (i == field.first || register_.columns[i].codelist != nullptr) {
            read_valid_at(loading, field.value, scope, register_.columns[i]);
        }
    }
    if (field.value.find("type").raw_text() == "person") return;
    auto& column = register_.columns[field.first];
    compile_plain(loading, field.value, scope, column);
    if (column.type == Type::table) {
        compile_rows(loading, field.value, environment, field.first, column);
        if (!column.calculation.empty() || column.default_value) {
            field.value.fault("definitions.computed_table", {{"value", column.name}});
        }
    }
}

void settle(Column& column, std::size_t time_column) {
    const bool dated = column.codelist != nullptr && column.codelist->has_validity;
    if (!dated) {
        column.valid_at.reset();
    } else if (!column.valid_any_day && !column.valid_at) {
        column.valid_at = time_column;
    }
    for (auto& field : column.fields) settle(field, time_column);
}

}  // namespace

void compile_fields(Loading& loading, const std::vector<Field>& fields, Register& register_) {
    const auto environment = environment_of(loading.pack, register_);
    for (const auto& field : fields) compile_field(loading, field, environment, register_);
}

void settle_validity(Register& register_) {
    for (auto& column : register_.columns) settle(column, register_.time_column);
}

}  // namespace amate::definitions::internal
