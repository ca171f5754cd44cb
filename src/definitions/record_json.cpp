// SPDX-License-Identifier: Apache-2.0
// Reads and writes values by the types of their columns; texts go through the readers of cells.
#include "definitions/record_json.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "definitions/internal/cell_text.hpp"
#include "definitions/rows.hpp"

namespace amate::definitions {
namespace {

namespace json = boost::json;

std::optional<Value> read_missing(const json::object& written) {
    const auto* word = written.if_contains("missing");
    if (written.size() != 1 || word == nullptr || !word->is_string()) return std::nullopt;
    const auto missing = internal::missing_of(std::string_view(word->get_string()));
    return missing ? std::optional<Value>(*missing) : std::nullopt;
}

class FieldReader {
public:
    FieldReader(const Register& register_, Problems& problems)
        : declared_(register_), problems_(problems) {
        read_.reserve(declared_.columns.size());
    }

    void read_object(const json::object& fields, const std::string& prefix) {
        for (const auto& member : fields) {
            const auto name = prefix + std::string(member.key());
            const auto& people = declared_.person_fields;
            const bool person = std::find(people.begin(), people.end(), name) != people.end();
            if (person && member.value().is_object()) {
                read_object(member.value().get_object(), name + ".");
            } else if (person && member.value().is_null()) {
                clear_person(name + ".");
            } else if (person) {
                add("record.not_of_type", name, {{"type", "person"}});
            } else {
                read_member(name, member.value());
            }
        }
    }

    std::vector<FieldValue> take() {
        std::sort(read_.begin(), read_.end(),
                  [](const auto& a, const auto& b) { return a.column < b.column; });
        return std::move(read_);
    }

private:
    void add(const char* code, const std::string& path,
             std::map<std::string, std::string> parameters) {
        problems_.push_back({code, {{}, 0, 0, path}, std::move(parameters)});
    }

    void clear_person(const std::string& prefix) {
        for (std::size_t i = 0; i < declared_.columns.size(); ++i) {
            const auto& column = declared_.columns[i];
            const bool own = column.name.starts_with(prefix) && column.calculation.empty();
            if (own) read_.push_back({i, Missing::absent});
        }
    }

    void read_member(const std::string& name, const json::value& written) {
        const auto index = declared_.column_index(name);
        if (!index) {
            std::vector<std::string> known = declared_.person_fields;
            for (const auto& column : declared_.columns) known.push_back(column.name);
            const auto near = closest(name, known);
            add("record.unknown_field", name,
                {{"register", declared_.name},
                 {"suggestion_en", near ? "; did you mean " + *near + "?" : ""},
                 {"suggestion_es", near ? "; ¿quiso decir " + *near + "?" : ""}});
            return;
        }
        const auto& column = declared_.columns[*index];
        if (!column.calculation.empty()) {
            add("record.calculated", name, {});
            return;
        }
        auto value = read_field(column, written);
        if (!value) {
            add("record.not_of_type", name, {{"type", std::string(name_of(column.type))}});
            return;
        }
        read_.push_back({*index, std::move(*value)});
    }

    const Register& declared_;
    Problems& problems_;
    std::vector<FieldValue> read_;
};

json::array write_rows(const Column& table, const Rows& rows) {
    json::array written;
    for (const auto& row : rows.data().rows) {
        json::object cells;
        for (std::size_t i = 0; i < table.fields.size(); ++i) {
            if (row[i] == Value(Missing::absent)) continue;
            cells[table.fields[i].name] = write_field(table.fields[i], row[i]);
        }
        written.push_back(std::move(cells));
    }
    return written;
}

}  // namespace

std::optional<Value> read_field(const Column& column, const json::value& written) {
    if (written.is_null()) return Value(Missing::absent);
    if (written.is_object()) return read_missing(written.get_object());
    if (column.type == Type::table) {
        if (!written.is_array()) return std::nullopt;
        auto rows = parse_rows(written.get_array(), column.fields);
        return rows ? std::optional<Value>(std::move(*rows)) : std::nullopt;
    }
    if (written.is_array()) {
        if (column.type != Type::codes) return std::nullopt;
        Codes codes;
        for (const auto& each : written.get_array()) {
            if (!each.is_string()) return std::nullopt;
            codes.emplace_back(each.get_string());
        }
        std::sort(codes.begin(), codes.end());
        codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
        if (codes.empty()) return Value(Missing::absent);
        return Value(std::move(codes));
    }
    const auto text = internal::cell_text(written);
    return text ? internal::parse_cell(column, *text) : std::nullopt;
}

Result<std::vector<FieldValue>> read_fields(const Register& register_, const json::object& fields) {
    Problems problems;
    FieldReader reader(register_, problems);
    reader.read_object(fields, "");
    if (!problems.empty()) return fail(std::move(problems));
    return reader.take();
}

json::value write_field(const Column& column, const Value& value) {
    if (const auto* missing = std::get_if<Missing>(&value)) {
        if (*missing == Missing::absent) return nullptr;
        return json::object{{"missing", name_of(*missing)}};
    }
    if (const auto* truth = std::get_if<bool>(&value)) return *truth;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* text = std::get_if<std::string>(&value)) return json::value(*text);
    if (const auto* codes = std::get_if<Codes>(&value)) {
        json::array list;
        for (const auto& code : *codes) list.push_back(json::value(code));
        return list;
    }
    if (const auto* rows = std::get_if<Rows>(&value)) return write_rows(column, *rows);
    return json::value(canonical(value));  // dates
}

}  // namespace amate::definitions
