// SPDX-License-Identifier: Apache-2.0
// Comparison and arithmetic of two values, as expressions understand them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "core/value.hpp"
#include "definitions/internal/expression_syntax.hpp"

namespace amate::definitions::internal {

// True, false, or not known: nothing.
using Truth = std::optional<bool>;

constexpr std::int64_t kIntegerMax = std::numeric_limits<std::int64_t>::max();

// A finite number within bounds, whole or not.
[[nodiscard]] std::optional<double> as_decimal(const Value& value);
// Not known if one is missing, or if a date that lacks a day does not decide it.
[[nodiscard]] Truth compare_values(Operation operation, const Value& left, const Value& right);
// Absent on overflow and on division by zero.
[[nodiscard]] Value whole_arithmetic(Operation operation, std::int64_t left, std::int64_t right);
[[nodiscard]] Value decimal_arithmetic(Operation operation, double left, double right);

}  // namespace amate::definitions::internal
