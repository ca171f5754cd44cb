// SPDX-License-Identifier: Apache-2.0
// Reads rows of a repeating group from JSON, cell by cell, and points and digests from texts.
#include "definitions/rows.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "definitions/internal/cell_text.hpp"
#include "definitions/internal/loading.hpp"

namespace amate::definitions {
namespace internal {

namespace json = boost::json;

std::optional<Missing> missing_of(std::string_view text) {
    return parse_missing(text);
}

std::optional<Value> parse_cell(const Column& field, const std::string& text) {
    if (text.empty()) return Value(Missing::absent);
    const bool free_text = field.type == Type::text || field.type == Type::narrative;
    if (const auto missing = free_text ? std::nullopt : parse_missing(text)) {
        return Value(*missing);
    }
    switch (field.type) {
        case Type::code:
        case Type::office:
            return Value(text);
        case Type::codes: {
            auto codes = split(text, ';');
            std::sort(codes.begin(), codes.end());
            codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
            return Value(Codes(std::move(codes)));
        }
        case Type::duration:
            // canonical() writes whole minutes; people write "4h".
            if (std::all_of(text.begin(), text.end(),
                            [](char c) { return c >= '0' && c <= '9'; })) {
                Column whole;
                whole.type = Type::integer;
                return parse_value(whole, text);
            }
            return parse_value(field, text);
        default:
            return parse_value(field, text);
    }
}

std::optional<std::string> cell_text(const json::value& cell) {
    switch (cell.kind()) {
        case json::kind::null:
            return std::string();
        case json::kind::string:
            return std::string(cell.get_string());
        case json::kind::bool_:
            return std::string(cell.get_bool() ? "true" : "false");
        case json::kind::int64:
            return std::to_string(cell.get_int64());
        case json::kind::double_:
            return fmt::format("{}", cell.get_double());
        default:
            return std::nullopt;
    }
}

}  // namespace internal
namespace {

namespace json = boost::json;

bool set_cell(const Column& field, const json::value& written, Value& cell) {
    const auto text = internal::cell_text(written);
    auto value = text ? internal::parse_cell(field, *text) : std::nullopt;
    if (!value) return false;
    cell = std::move(*value);
    return true;
}

std::optional<std::vector<Value>> parse_row(const json::value& written,
                                            const std::vector<Column>& fields) {
    std::vector<Value> row(fields.size(), Missing::absent);
    if (const auto* cells = written.if_array()) {
        if (cells->size() > fields.size()) return std::nullopt;
        for (std::size_t i = 0; i < cells->size(); ++i) {
            if (!set_cell(fields[i], (*cells)[i], row[i])) return std::nullopt;
        }
        return row;
    }
    const auto* object = written.if_object();
    if (object == nullptr) return std::nullopt;
    for (const auto& member : *object) {
        const std::string_view name = member.key();
        const auto found = std::find_if(fields.begin(), fields.end(),
                                        [&](const Column& field) { return field.name == name; });
        if (found == fields.end()) return std::nullopt;
        const auto at = static_cast<std::size_t>(found - fields.begin());
        if (!set_cell(*found, member.value(), row[at])) return std::nullopt;
    }
    return row;
}

std::optional<double> parse_degrees(std::string_view text, double most) {
    double degrees = 0;
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, degrees, std::chars_format::fixed);
    if (error != std::errc() || at != end || !(degrees >= -most && degrees <= most)) {
        return std::nullopt;
    }
    return degrees;
}

}  // namespace

std::optional<Rows> parse_rows(std::string_view text, const std::vector<Column>& fields) {
    if (text.size() > kRowsBytesMax) return std::nullopt;
    boost::system::error_code failed;
    json::parse_options options;
    options.max_depth = 3;
    const auto parsed =
        json::parse(json::string_view(text.data(), text.size()), failed, {}, options);
    if (failed || !parsed.is_array()) return std::nullopt;
    return parse_rows(parsed.get_array(), fields);
}

std::optional<Rows> parse_rows(const json::array& rows, const std::vector<Column>& fields) {
    if (rows.size() > static_cast<std::size_t>(Column::kRowsMax)) return std::nullopt;
    RowData data;
    for (const auto& each : rows) {
        auto row = parse_row(each, fields);
        if (!row) return std::nullopt;
        data.rows.push_back(std::move(*row));
    }
    return Rows(std::move(data));
}

std::optional<std::string> parse_geopoint(std::string_view text) {
    const auto at = text.find_first_of(" ,");
    if (at == text.npos) return std::nullopt;
    auto second = text.substr(at + 1);
    if (text[at] == ',') second = trim(second);
    const auto latitude = parse_degrees(text.substr(0, at), 90);
    const auto longitude = parse_degrees(second, 180);
    if (!latitude || !longitude) return std::nullopt;
    return fmt::format("{} {}", *latitude, *longitude);
}

bool is_file_digest(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace amate::definitions
