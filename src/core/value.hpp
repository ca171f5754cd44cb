// SPDX-License-Identifier: Apache-2.0
// A value of a field: present, or missing for a stated reason.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/dates.hpp"

namespace amate {

// Why there is no value. `absent` is an empty cell; the other three were said by somebody.
enum class Missing : unsigned char { absent, unknown, refused, not_applicable };

// "" "unknown" "refused" "not_applicable".
[[nodiscard]] std::string_view name_of(Missing missing);

// What a `codes` field holds: sorted, without repetition.
using Codes = std::vector<std::string>;

struct RowData;

// What a `table` field holds: rows, each a vector of values laid out as the group's fields. Value
// type, immutable; copies share the data (a record is copied often, its rows seldom differ).
class Rows {
public:
    Rows() = default;  // no rows
    explicit Rows(RowData data);

    [[nodiscard]] const RowData& data() const;
    [[nodiscard]] std::size_t size() const;
    bool operator==(const Rows& other) const;

private:
    std::shared_ptr<const RowData> data_;  // null: no rows
};

// A record is a vector of values, one a column of its register. Texts, single codes, offices,
// points, files and references to other records are all std::string, durations are whole minutes
// in std::int64_t; the column's type tells which.
using Value = std::variant<Missing, bool, std::int64_t, double, std::string, Date, PartialDate,
                           DateTime, Codes, Rows>;

struct RowData {
    std::vector<std::vector<Value>> rows;
    bool operator==(const RowData&) const = default;
};

[[nodiscard]] inline bool is_missing(const Value& value) {
    return std::holds_alternative<Missing>(value);
}

// One spelling for storage, digests and files: true/false, ISO dates, codes joined by ';', decimals
// in the shortest form that reads back the same; missing values as name_of(); rows as a JSON array
// of arrays of the canonical texts of their cells, without empty ones at the end, so that a field
// added to a group later changes nothing.
[[nodiscard]] std::string canonical(const Value& value);

}  // namespace amate
