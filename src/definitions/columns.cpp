// SPDX-License-Identifier: Apache-2.0
// Reads `fields` of a register and flattens them into columns; then compiles what they compute.
#include <algorithm>

#include <fmt/format.h>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

const std::vector<std::string> kTypes{"text",    "narrative", "code",         "codes",
                                      "integer", "decimal",   "money",        "boolean",
                                      "date",    "datetime",  "partial_date", "person"};
const std::vector<std::string> kSensitivities{"open", "internal", "personal", "protected"};

// A field as written, with the columns it became: [first, first + count).
struct Field {
    Cursor value;
    std::size_t first = 0;
    std::size_t count = 0;
};

bool is_coded(Type type) {
    return type == Type::code || type == Type::codes;
}

// SQL names of person attributes join field and attribute with two underscores.
std::string sql_name_of(std::string name) {
    if (const auto dot = name.find('.'); dot != name.npos) name.replace(dot, 1, "__");
    return name;
}

Sensitivity read_sensitivity(const Cursor& cursor, Sensitivity otherwise) {
    if (!cursor.present()) return otherwise;
    const auto found =
        std::find(kSensitivities.begin(), kSensitivities.end(), cursor.choice(kSensitivities));
    return found == kSensitivities.end() ? otherwise
                                         : static_cast<Sensitivity>(found - kSensitivities.begin());
}

const CodeList* read_codelist(Loading& loading, const Cursor& field, Type type) {
    const auto codelist = is_coded(type) ? field.get("codelist") : field.find("codelist");
    if (!codelist.present()) return nullptr;
    if (!is_coded(type)) {
        codelist.fault("definitions.codelist_without_code");
        return nullptr;
    }
    loading.need(Thing::codelist, "", codelist);
    const auto name = codelist.name();
    // Of a list with rows that could not be read nobody can say what is not in it.
    if (loading.references.given_up(Thing::code, name)) return nullptr;
    return loading.pack.find_codelist(name);
}

// In a protected register whatever is personal is protected.
Sensitivity guarded(Sensitivity own, const Register& register_) {
    return register_.sensitivity == Sensitivity::protected_ && own >= Sensitivity::personal
               ? Sensitivity::protected_
               : own;
}

void add_person(Loading& loading, const Cursor& field, const std::string& name,
                Register& register_) {
    std::vector<std::string> known;
    for (const auto& each : loading.pack.person_attributes) known.push_back(each.name);
    std::vector<std::string> required;
    for (const auto& item : field.find("required").items()) {
        auto attribute = item.text();
        if (!loading.person_incomplete &&
            std::find(known.begin(), known.end(), attribute) == known.end()) {
            item.bad_value({"an attribute of the person", "un atributo de la persona"}, known);
        }
        required.push_back(std::move(attribute));
    }
    register_.person_fields.push_back(name);
    const auto hint = field.find("hint").label();
    for (const auto& attribute : loading.pack.person_attributes) {
        Column column;
        column.name = name + "." + attribute.name;
        column.sql_name = sql_name_of(column.name);
        column.type = attribute.type;
        column.title = attribute.title;
        column.hint = hint;
        column.codelist = attribute.codelist;
        column.sensitivity = guarded(attribute.sensitivity, register_);
        column.required =
            std::find(required.begin(), required.end(), attribute.name) != required.end();
        register_.columns.push_back(std::move(column));
    }
}

void add_plain(Loading& loading, const Cursor& field, const std::string& name, Type type,
               Register& register_) {
    Column column;
    column.name = name;
    column.sql_name = name;
    column.type = type;
    column.title = field.find("title").label();
    column.hint = field.find("hint").label();
    column.codelist = read_codelist(loading, field, type);
    const bool free_text = type == Type::text || type == Type::narrative;
    column.sensitivity =
        guarded(read_sensitivity(field.find("sensitivity"),
                                 free_text ? std::max(register_.sensitivity, Sensitivity::personal)
                                           : register_.sensitivity),
                register_);
    column.required = field.find("required").boolean();
    column.constraint_message = field.find("message").label();
    if (const auto value = field.find("default"); value.present()) {
        column.default_value = read_value(value, column);
    }
    register_.columns.push_back(std::move(column));
}

std::optional<Field> read_field(Loading& loading, const Cursor::Entry& entry, Register& register_) {
    const auto& [key, value] = entry;
    const auto name = key.name();
    const auto type =
        parse_type(value.is(NodeKind::map) ? value.get("type").choice(kTypes) : std::string());
    const bool sound =
        type == Type::person
            ? value.expect_keys({"type", "title", "hint", "required", "relevant"})
            : value.expect_keys({"type", "title", "hint", "codelist", "required", "relevant",
                                 "constraint", "message", "calculation", "default", "sensitivity"});
    if (!sound) return std::nullopt;
    static_cast<void>(value.get("title"));
    if (type == Type::person) static_cast<void>(value.find("title").label());
    if (name.empty() || !type) return std::nullopt;
    Field field{value, register_.columns.size(), 0};
    if (*type == Type::person) {
        add_person(loading, value, name, register_);
    } else {
        add_plain(loading, value, name, *type, register_);
    }
    field.count = register_.columns.size() - field.first;
    return field;
}

// Records are filled in column by column, so what decides a column stands above it.
void check_order(const Expression& expression, const Cursor& text, std::size_t before,
                 const Register& register_) {
    if (expression.empty()) return;
    for (const auto slot : expression.slots()) {
        if (slot < before) continue;
        text.fault("definitions.reads_later_field", {{"value", register_.columns[slot].name}});
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

void compile_field(Loading& loading, const Field& field, const Environment& environment,
                   Register& register_) {
    const auto relevant_text = field.value.find("relevant");
    const auto relevant = read_condition(loading, relevant_text, environment);
    check_order(relevant, relevant_text, field.first, register_);
    for (std::size_t i = field.first; i < field.first + field.count; ++i) {
        register_.columns[i].relevant = relevant;
    }
    if (field.value.find("type").raw_text() == "person") return;
    auto& column = register_.columns[field.first];
    column.constraint = read_condition(loading, field.value.find("constraint"), environment);
    const auto text = field.value.find("calculation");
    auto calculation = read_expression(loading, text, environment);
    if (calculation.empty()) return;
    check_order(calculation, text, field.first, register_);
    if (!can_hold(column.type, calculation.type())) {
        text.fault("definitions.calculation_type",
                   {{"value", shown(calculation.source())},
                    {"type", std::string(name_of(calculation.type()))},
                    {"expected", std::string(name_of(column.type))}});
    }
    if (field.value.find("default").present()) {
        field.value.find("default").fault("definitions.default_of_calculation");
    }
    column.calculation = std::move(calculation);
}

}  // namespace

void read_columns(Loading& loading, const Cursor& fields, Register& register_) {
    std::vector<Field> all;
    loading.names_incomplete = !fields.is(NodeKind::map);
    for (const auto& entry : fields.entries()) {
        if (auto field = read_field(loading, entry, register_)) {
            all.push_back(*field);
        } else {
            loading.names_incomplete = true;
        }
    }
    if (loading.person_incomplete && !register_.person_fields.empty()) {
        loading.names_incomplete = true;
    }
    constexpr std::size_t kColumnsMax = 512;  // judge() keeps its notes on the stack
    if (register_.columns.size() > kColumnsMax) {
        fields.fault("definitions.too_many_columns", {{"maximum", std::to_string(kColumnsMax)}});
    }
    const auto environment = environment_of(loading.pack, register_);
    for (const auto& field : all) compile_field(loading, field, environment, register_);
}

}  // namespace amate::definitions::internal
