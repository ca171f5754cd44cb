// SPDX-License-Identifier: Apache-2.0
// Values of a record as JSON, the way the API takes and gives them (docs/reference/records.md).
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "core/result.hpp"
#include "definitions/model.hpp"

namespace amate::definitions {

// A column and what it is to hold.
struct FieldValue {
    std::size_t column = 0;
    Value value;
};

// Reads an object by names of fields; a person is an object of its attributes. null is
// Missing::absent; {"missing": "unknown"} (or refused, not_applicable) says why there is no value,
// and so do these words themselves where the field is no free text. Codes are not held to their
// lists: that is the judge's. In the order of the register's columns.
// Problems, all of them, each with the path and never the value: record.unknown_field (with
// suggestion), record.not_of_type, record.calculated (nobody sets such a field).
[[nodiscard]] Result<std::vector<FieldValue>> read_fields(const Register& register_,
                                                          const boost::json::object& fields);

// One value; nothing if it is none of the column's type. Calculated columns too.
[[nodiscard]] std::optional<Value> read_field(const Column& column,
                                              const boost::json::value& written);

// The same form back: columns without a value are left out, those missing for a reason say it.
// `shown(column)` decides what is told at all.
template <class Shown>
[[nodiscard]] boost::json::object write_fields(const Register& register_,
                                               const std::vector<Value>& values,
                                               const Shown& shown);

// One value; Missing::absent is null.
[[nodiscard]] boost::json::value write_field(const Column& column, const Value& value);

template <class Shown>
boost::json::object write_fields(const Register& register_, const std::vector<Value>& values,
                                 const Shown& shown) {
    boost::json::object fields;
    for (std::size_t i = 0; i < register_.columns.size(); ++i) {
        const auto& column = register_.columns[i];
        if (values[i] == Value(Missing::absent) || !shown(column)) continue;
        const auto dot = column.name.find('.');
        auto written = write_field(column, values[i]);
        if (dot == std::string::npos) {
            fields[column.name] = std::move(written);
            continue;
        }
        auto& person = fields[column.name.substr(0, dot)];
        if (!person.is_object()) person.emplace_object();
        person.get_object()[column.name.substr(dot + 1)] = std::move(written);
    }
    return fields;
}

}  // namespace amate::definitions
