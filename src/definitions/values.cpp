// SPDX-License-Identifier: Apache-2.0
// Reads values as a pack writes them: defaults, constants and what tests give.
#include <algorithm>
#include <charconv>

#include "definitions/internal/loading.hpp"
#include "definitions/rows.hpp"

namespace amate::definitions::internal {
namespace {

Words expected_of(const Column& column) {
    switch (column.type) {
        case Type::code:
        case Type::codes:
        case Type::office:
            return words_of(Thing::code, column.codelist == nullptr ? "" : column.codelist->name);
        case Type::integer:
            return {"a whole number", "un número entero"};
        case Type::decimal:
        case Type::money:
            return {"a number", "un número"};
        case Type::boolean:
            return {"true or false", "true o false"};
        case Type::date:
            return {"a date YYYY-MM-DD", "una fecha AAAA-MM-DD"};
        case Type::datetime:
            return {"a time YYYY-MM-DDTHH:MM", "un momento AAAA-MM-DDTHH:MM"};
        case Type::partial_date:
            return {"a date YYYY-MM-DD, YYYY-MM or YYYY", "una fecha AAAA-MM-DD, AAAA-MM o AAAA"};
        case Type::duration:
            return {"a duration such as 90min, 4h, 3d, 2w or PT4H",
                    "una duración como 90min, 4h, 3d, 2w o PT4H"};
        case Type::table:
            return {"a list of rows", "una lista de filas"};
        case Type::text:
        case Type::narrative:
        case Type::record:
        case Type::person:
            break;
        case Type::geopoint:
            return {"a point: latitude and longitude in degrees",
                    "un punto: latitud y longitud en grados"};
        case Type::file:
            return {"a digest of 64 hexadecimal digits", "una huella de 64 cifras hexadecimales"};
    }
    return {"a text", "un texto"};
}

std::vector<std::string> candidates_of(const Column& column) {
    std::vector<std::string> names{"unknown", "refused", "not_applicable"};
    if (column.type == Type::boolean) names.insert(names.end(), {"true", "false"});
    if (column.codelist == nullptr) return names;
    for (const auto& code : column.codelist->codes) names.push_back(code.code);
    return names;
}

template <class Number>
std::optional<Value> parse_number(const std::string& text) {
    Number number{};
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc() || at != end) return std::nullopt;
    return Value(number);
}

template <class Day>
std::optional<Value> parse_day(const std::string& text) {
    const auto day = Day::parse(text);
    return day ? std::optional<Value>(*day) : std::nullopt;
}

std::optional<Value> parse_plain(const Column& column, const std::string& text) {
    switch (column.type) {
        case Type::integer:
            return parse_number<std::int64_t>(text);
        case Type::decimal:
        case Type::money:
            return parse_number<double>(text);
        case Type::boolean:
            if (text != "true" && text != "false") return std::nullopt;
            return Value(text == "true");
        case Type::date:
            return parse_day<Date>(text);
        case Type::datetime:
            return parse_day<DateTime>(text);
        case Type::partial_date:
            return parse_day<PartialDate>(text);
        case Type::duration: {
            const auto minutes = parse_duration(text);
            return minutes ? std::optional<Value>(*minutes) : std::nullopt;
        }
        case Type::table: {
            auto rows = parse_rows(text, column.fields);
            return rows ? std::optional<Value>(std::move(*rows)) : std::nullopt;
        }
        case Type::geopoint: {
            auto point = parse_geopoint(text);
            return point ? std::optional<Value>(std::move(*point)) : std::nullopt;
        }
        case Type::file:
            return is_file_digest(text) ? std::optional<Value>(text) : std::nullopt;
        case Type::code:
        case Type::codes:
        case Type::office:
            if (column.codelist != nullptr && column.codelist->find(text) == nullptr) {
                return std::nullopt;
            }
            return column.type == Type::codes ? Value(Codes{text}) : Value(text);
        case Type::text:
        case Type::narrative:
        case Type::record:
        case Type::person:
            break;
    }
    return Value(text);
}

}  // namespace

std::optional<Missing> parse_missing(std::string_view text) {
    for (const auto each : {Missing::unknown, Missing::refused, Missing::not_applicable}) {
        if (text == name_of(each)) return each;
    }
    return std::nullopt;
}

bool is_missing_name(std::string_view text) {
    return parse_missing(text).has_value();
}

std::optional<Value> parse_value(const Column& column, const std::string& text) {
    const bool free = column.type == Type::text || column.type == Type::narrative;
    if (const auto missing = free ? std::nullopt : parse_missing(text)) return Value(*missing);
    return parse_plain(column, text);
}

namespace {

Value read_rows(const Cursor& list, const Column& column) {
    std::vector<std::string> known;
    for (const auto& field : column.fields) known.push_back(field.name);
    RowData data;
    for (const auto& item : list.items()) {
        std::vector<Value> row(column.fields.size(), Missing::absent);
        for (const auto& [key, value] : item.entries()) {
            const auto found = std::find(known.begin(), known.end(), key.raw_text());
            if (found == known.end()) {
                key.bad_value(
                    {"a field of the group " + column.name, "un campo del grupo " + column.name},
                    known);
                continue;
            }
            const auto at = static_cast<std::size_t>(found - known.begin());
            row[at] = read_value(value, column.fields[at]);
        }
        data.rows.push_back(std::move(row));
    }
    return Rows(std::move(data));
}

}  // namespace

Value read_value(const Cursor& cursor, const Column& column) {
    if (column.type == Type::table && cursor.is(NodeKind::list)) return read_rows(cursor, column);
    if (column.type == Type::codes && cursor.is(NodeKind::list)) {
        Codes codes;
        for (const auto& item : cursor.items()) {
            const auto one = read_value(item, column);
            if (const auto* code = std::get_if<Codes>(&one)) codes.push_back(code->front());
        }
        std::sort(codes.begin(), codes.end());
        codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
        return codes.empty() ? Value(Missing::absent) : Value(std::move(codes));
    }
    const auto text = cursor.raw_text();
    if (!cursor.is(NodeKind::scalar)) return Missing::absent;
    auto value = parse_value(column, text);
    if (value) return std::move(*value);
    cursor.bad_value(expected_of(column), candidates_of(column));
    return Missing::absent;
}

}  // namespace amate::definitions::internal
