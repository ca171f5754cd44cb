// SPDX-License-Identifier: Apache-2.0
// Reads `fields` of a register and flattens them into columns.
#include <algorithm>
#include <charconv>
#include <regex>

#include "definitions/internal/column_rules.hpp"
#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

const std::vector<std::string> kRowTypes{
    "text", "narrative", "code",         "codes",    "integer",  "decimal", "money",  "boolean",
    "date", "datetime",  "partial_date", "duration", "geopoint", "office",  "record", "file"};
const std::vector<std::string> kTypes = [] {
    auto types = kRowTypes;
    types.insert(types.end(), {"person", "table"});
    return types;
}();
bool expect_field_keys(const Cursor& field) {
    return field.expect_keys({"type",        "title",    "hint",        "codelist",
                              "required",    "relevant", "constraint",  "message",
                              "calculation", "default",  "sensitivity", "choice_filter",
                              "valid_at",    "currency", "register",    "accept",
                              "max_size",    "rows",     "fields",      "identifier"});
}

const std::vector<std::string> kSensitivities{"open", "internal", "personal", "protected"};

bool is_coded(Type type) {
    return type == Type::code || type == Type::codes;
}

std::optional<Type> read_type(const Cursor& field, const std::vector<std::string>& types) {
    return parse_type(field.is(NodeKind::map) ? field.get("type").choice(types) : std::string());
}

// "5MB"; a megabyte is a million bytes.
std::int64_t read_size(const Cursor& size) {
    const auto text = size.text();
    std::int64_t count = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit(at, static_cast<std::size_t>(text.data() + text.size() - at));
    if (error == std::errc() && count > 0 && count <= 1000 && (unit == "kB" || unit == "MB")) {
        return count * (unit == "kB" ? 1000 : 1'000'000);
    }
    size.bad_value({"a size from 1kB to 1000MB, as in 5MB", "un tamaño de 1kB a 1000MB, como 5MB"});
    return 0;
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
    if (type == Type::office) {
        static const std::string kOffices = "offices";
        if (field.find("codelist").present()) {
            field.find("codelist").fault("definitions.codelist_without_code");
        }
        loading.references.need(Thing::codelist, "", kOffices, field.find("type").place());
        if (loading.references.given_up(Thing::code, kOffices)) return nullptr;
        return loading.pack.find_codelist(kOffices);
    }
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
        column.identifier = attribute.identifier;
        column.sensitivity = guarded(attribute.sensitivity, register_);
        column.required =
            std::find(required.begin(), required.end(), attribute.name) != required.end();
        register_.columns.push_back(std::move(column));
    }
}

// What only fields of some types say: their currency, register, media types, size.
void read_type_keys(Loading& loading, const Cursor& field, Column& column) {
    if (const auto currency = field.find("currency"); currency.present()) {
        column.currency = currency.text();
        const bool code = column.currency.size() == 3 &&
                          std::all_of(column.currency.begin(), column.currency.end(),
                                      [](char c) { return c >= 'A' && c <= 'Z'; });
        if (!code) {
            currency.bad_value({"a currency of three capitals (ISO 4217)",
                                "una moneda de tres mayúsculas (ISO 4217)"});
        }
    }
    if (column.type == Type::record) {
        const auto named = field.get("register");
        loading.need(Thing::register_, "", named);
        if (named.present()) column.register_name = named.name();
    }
    for (const auto& item : field.find("accept").items()) {
        static const std::regex kMedia("[a-z]+/([a-z0-9.+-]+|[*])");
        column.accept.push_back(item.text());
        if (!std::regex_match(column.accept.back(), kMedia)) {
            item.bad_value({"a media type such as image/jpeg or application/pdf",
                            "un tipo de archivo como image/jpeg o application/pdf"});
        }
    }
    if (const auto size = field.find("max_size"); size.present()) {
        column.size_bytes_max = read_size(size);
    }
}

// Every key a field may have, and the types it makes sense for (none named: for all).
struct KeyTypes {
    std::string_view key;
    std::vector<Type> types;
};
const KeyTypes kKeyTypes[] = {{"currency", {Type::money}},
                              {"register", {Type::record}},
                              {"accept", {Type::file}},
                              {"max_size", {Type::file}},
                              {"rows", {Type::table}},
                              {"fields", {Type::table}},
                              {"choice_filter", {Type::code, Type::codes, Type::office}},
                              {"valid_at", {Type::code, Type::codes, Type::office, Type::person}}};

void check_key_types(const Cursor& field, Type type) {
    for (const auto& [key, types] : kKeyTypes) {
        const auto found = field.find(key);
        if (!found.present() || std::find(types.begin(), types.end(), type) != types.end()) {
            continue;
        }
        std::vector<std::string> names;
        for (const auto each : types) names.emplace_back(name_of(each));
        found.fault("definitions.key_of_other_type", {{"value", std::string(key)},
                                                      {"type", std::string(name_of(type))},
                                                      {"expected", listed(names)}});
    }
}

Column make_column(Loading& loading, const Cursor& field, const std::string& name, Type type,
                   const Register& register_) {
    Column column;
    column.name = name;
    column.sql_name = name;
    column.type = type;
    column.title = field.find("title").label();
    column.hint = field.find("hint").label();
    column.codelist = read_codelist(loading, field, type);
    column.identifier = find_identifier(loading, field.find("identifier"), type);
    const bool free_text = type == Type::text || type == Type::narrative || type == Type::table ||
                           type == Type::file || type == Type::geopoint;
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
    read_type_keys(loading, field, column);
    return column;
}

void read_rows(Loading& loading, const Cursor& table, const Register& register_, Column& column) {
    if (const auto rows = table.find("rows"); rows.expect_keys({"min", "max"})) {
        column.rows_min = rows.find("min").integer(0, Column::kRowsMax).value_or(0);
        column.rows_max = rows.find("max").integer(1, Column::kRowsMax).value_or(Column::kRowsMax);
        if (column.rows_max < column.rows_min) {
            rows.find("max").bad_value({"at least `min`", "al menos `min`"});
        }
    }
    const auto fields = table.get("fields");
    for (const auto& [key, value] : fields.entries()) {
        const auto name = key.name();
        const auto type = read_type(value, kRowTypes);
        if (!expect_field_keys(value)) {
            loading.names_incomplete = true;
            continue;
        }
        static_cast<void>(value.get("title"));
        if (name.empty() || !type) {
            loading.names_incomplete = true;
            continue;
        }
        check_key_types(value, *type);
        column.fields.push_back(make_column(loading, value, name, *type, register_));
    }
    if (fields.is(NodeKind::map) && fields.node()->entries.empty()) {
        fields.fault("definitions.missing_key", {{"key", "fields"}});
    }
}

// Columns that every register's table has for the record itself.
bool is_fixed_name(std::string_view name) {
    constexpr std::string_view kFixed[] = {
        "record_id",    "folio",          "ledger_seq", "batch_row",  "row_hash",   "state",
        "flags",        "recorded_at",    "version",    "missing",    "revision",   "act_name",
        "effective_at", "changed_fields", "act_reason", "open_tasks", "pending_act"};
    return std::find(std::begin(kFixed), std::end(kFixed), name) != std::end(kFixed);
}

std::optional<Field> read_field(Loading& loading, const Cursor::Entry& entry, Register& register_) {
    const auto& [key, value] = entry;
    const auto name = key.name();
    if (is_fixed_name(name)) {
        key.fault("definitions.name_taken", {{"value", name},
                                             {"by_en", "what every record has of itself"},
                                             {"by_es", "lo que todo expediente tiene de suyo"}});
    }
    const auto type = read_type(value, kTypes);
    const bool sound =
        type == Type::person
            ? value.expect_keys({"type", "title", "hint", "required", "relevant", "valid_at"})
            : expect_field_keys(value);
    if (!sound) return std::nullopt;
    static_cast<void>(value.get("title"));
    if (type == Type::person) static_cast<void>(value.find("title").label());
    if (name.empty() || !type) return std::nullopt;
    Field field{value, register_.columns.size(), 0};
    check_key_types(value, *type);
    if (*type == Type::person) {
        add_person(loading, value, name, register_);
    } else {
        register_.columns.push_back(make_column(loading, value, name, *type, register_));
        if (*type == Type::table) read_rows(loading, value, register_, register_.columns.back());
    }
    field.count = register_.columns.size() - field.first;
    return field;
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
    compile_fields(loading, all, register_);
}

}  // namespace amate::definitions::internal
