// SPDX-License-Identifier: Apache-2.0
// A value of a field: present, or missing for a stated reason.
#pragma once

#include <cstdint>
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

// A record is a vector of values, one a column of its register. Texts and single codes are both
// std::string; the column's type tells which.
using Value = std::variant<Missing, bool, std::int64_t, double, std::string, Date, PartialDate,
                           DateTime, Codes>;

[[nodiscard]] inline bool is_missing(const Value& value) {
    return std::holds_alternative<Missing>(value);
}

// One spelling for storage, digests and files: true/false, ISO dates, codes joined by ';', decimals
// in the shortest form that reads back the same; missing values as name_of().
[[nodiscard]] std::string canonical(const Value& value);

}  // namespace amate
