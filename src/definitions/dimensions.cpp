// SPDX-License-Identifier: Apache-2.0
// Reads `statistics` of a register: its time, its dimensions and what tables may filter by.
#include <algorithm>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

bool is_dimension_type(Type type) {
    return type == Type::code || type == Type::codes || type == Type::boolean ||
           type == Type::integer;
}

void refuse_type(const Cursor& at, const std::string& name, Type type) {
    at.fault("definitions.dimension_type",
             {{"value", shown(name)}, {"type", std::string(name_of(type))}});
}

std::optional<Dimension> read_plain(Loading& loading, const Cursor& item,
                                    const Environment& environment, const Register& register_) {
    const auto index = read_column(loading, item, register_);
    if (!index) return std::nullopt;
    const auto& column = register_.columns[*index];
    const auto type = column.type == Type::office ? Type::code : column.type;
    if (!is_dimension_type(type)) {
        refuse_type(item, column.name, column.type);
        return std::nullopt;
    }
    Dimension dimension{column.name, column.sql_name, column.title, type, column.codelist, {}};
    dimension.expression = read_expression(loading, item, environment);
    return dimension;
}

// A text is let in only with a list, and only if no text of a record can come through.
bool text_is_coded(const Expression& expression, const CodeList* codelist,
                   const Register& register_) {
    if (codelist == nullptr) return false;
    const auto& slots = expression.slots();
    return std::none_of(slots.begin(), slots.end(), [&](std::size_t slot) {
        const auto type = register_.columns[slot].type;
        return type == Type::text || type == Type::narrative;
    });
}

void settle_type(const Cursor& text, const Cursor& codelist, const Register& register_,
                 Dimension& dimension) {
    const auto& expression = dimension.expression;
    dimension.type = expression.type();
    const CodeList* own = expression.codelist();
    if (dimension.type == Type::text && text_is_coded(expression, dimension.codelist, register_)) {
        dimension.type = Type::code;
    } else if (!is_dimension_type(dimension.type)) {
        refuse_type(text, expression.source(), dimension.type);
    } else if (own != nullptr && dimension.codelist != nullptr && own != dimension.codelist) {
        codelist.bad_value(
            {"the list of the expression, " + own->name, "la lista de la expresión, " + own->name});
    } else if (codelist.present() && own == nullptr && dimension.type != Type::code &&
               dimension.type != Type::codes) {
        codelist.fault("definitions.codelist_without_code");
    }
    if (dimension.codelist == nullptr) dimension.codelist = own;
}

// Literal texts that a choice gives are held to the list, if the whole gives texts.
Expression read_dimension_expression(Loading& loading, const Cursor& text,
                                     const Environment& environment, const Dimension& dimension) {
    auto expression = read_expression(loading, text, environment);
    if (expression.empty() || dimension.codelist == nullptr || expression.type() != Type::text) {
        return expression;
    }
    const auto coded =
        compile_code(expression.source(), environment, *dimension.codelist, text.text_place());
    if (coded) return coded.value();
    auto problems = coded.error();
    const bool codes_only = std::all_of(problems.begin(), problems.end(), [](const auto& each) {
        return each.code == "definitions.expression_unknown_code";
    });
    // Texts that only a function can tell (a band, say) are let in, or not, by their list later.
    if (codes_only) loading.faults.add_all(std::move(problems));
    return expression;
}

std::optional<Dimension> read_computed(Loading& loading, const Cursor& item,
                                       const Environment& environment, const Register& register_) {
    if (!item.expect_keys({"name", "expression", "codelist", "title"})) return std::nullopt;
    Dimension dimension;
    dimension.name = item.get("name").name();
    dimension.sql_name = dimension.name;
    dimension.title = item.get("title").label();
    const auto codelist = item.find("codelist");
    if (codelist.present()) {
        loading.need(Thing::codelist, "", codelist);
        dimension.codelist = loading.pack.find_codelist(codelist.name());
    }
    const auto text = item.get("expression");
    dimension.expression = read_dimension_expression(loading, text, environment, dimension);
    if (dimension.name.empty() || dimension.expression.empty()) return std::nullopt;
    if (register_.column_index(dimension.name)) {
        item.find("name").fault(
            "definitions.name_taken",
            {{"value", dimension.name}, {"by_en", "a field"}, {"by_es", "un campo"}});
        return std::nullopt;
    }
    settle_type(text, codelist, register_, dimension);
    return dimension;
}

// A number that is not to be told apart by, only summed: a field, or a computed one.
std::optional<Dimension> read_measure(Loading& loading, const Cursor& item,
                                      const Environment& environment, const Register& register_) {
    Dimension measure;
    Cursor text = item;
    if (item.is(NodeKind::scalar)) {
        const auto index = read_column(loading, item, register_);
        if (!index) return std::nullopt;
        const auto& column = register_.columns[*index];
        measure = {column.name, column.sql_name, column.title, column.type, nullptr, {}};
    } else {
        if (!item.expect_keys({"name", "expression", "unit", "title"})) return std::nullopt;
        if (const auto unit = item.find("unit"); unit.present()) static_cast<void>(unit.name());
        measure.name = item.get("name").name();
        measure.sql_name = measure.name;
        measure.title = item.get("title").label();
        text = item.get("expression");
    }
    measure.expression = read_expression(loading, text, environment);
    if (measure.name.empty() || measure.expression.empty()) return std::nullopt;
    measure.type = measure.expression.type();
    if (measure.type != Type::integer && measure.type != Type::money) {
        text.fault("definitions.measure_type",
                   {{"value", shown(measure.name)}, {"type", std::string(name_of(measure.type))}});
        return std::nullopt;
    }
    return measure;
}

void read_measures(Loading& loading, const Cursor& statistics, const Environment& environment,
                   Register& register_) {
    for (const auto& item : statistics.find("measures").items()) {
        auto measure = read_measure(loading, item, environment, register_);
        if (!measure) {
            loading.incomplete_registers.insert(register_.name);
        } else if (register_.find_dimension(measure->name) != nullptr ||
                   register_.find_measure(measure->name) != nullptr) {
            item.fault("definitions.repeated", {{"value", measure->name}});
        } else {
            register_.measures.push_back(std::move(*measure));
        }
    }
}

void read_time(const Loading& loading, const Cursor& time, Register& register_) {
    const auto index = read_column(loading, time, register_);
    if (!index) return;
    register_.time_column = *index;
    const auto& column = register_.columns[*index];
    if (column.type != Type::date && column.type != Type::datetime) {
        time.bad_value({"a field of type date or datetime", "un campo de tipo date o datetime"});
    } else if (!column.required) {
        time.fault("definitions.time_not_required", {{"value", column.name}});
    }
}

}  // namespace

void read_dimensions(Loading& loading, const Cursor& statistics, Register& register_) {
    if (!statistics.expect_keys({"time", "dimensions", "measures"})) return;
    read_time(loading, statistics.get("time"), register_);
    const auto environment = environment_of(loading.pack, register_);
    for (const auto& item : statistics.get("dimensions").items()) {
        auto dimension = item.is(NodeKind::scalar)
                             ? read_plain(loading, item, environment, register_)
                             : read_computed(loading, item, environment, register_);
        if (!dimension) {
            loading.incomplete_registers.insert(register_.name);
            continue;
        }
        if (register_.find_dimension(dimension->name) != nullptr) {
            item.fault("definitions.repeated", {{"value", dimension->name}});
            continue;
        }
        register_.dimensions.push_back(std::move(*dimension));
    }
    read_measures(loading, statistics, environment, register_);
    auto& reading = register_.statistics_environment;
    for (const auto& each : register_.dimensions) {
        reading.variables.push_back({each.name, each.type, each.codelist, each.title});
    }
    if (register_.time_column < register_.columns.size()) {
        const auto& time = register_.columns[register_.time_column];
        reading.variables.push_back({time.name, Type::date, nullptr, time.title});
    }
    reading.find_codelist = environment.find_codelist;
    reading.calendars = environment.calendars;
}

}  // namespace amate::definitions::internal
