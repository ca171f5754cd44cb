// SPDX-License-Identifier: Apache-2.0
// Whether codes are in force on the day they are used, and the words when they are not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"

namespace amate::definitions::internal {

// The day a value stands for: its own, or the first it can be. Nothing for other values.
[[nodiscard]] std::optional<Date> day_of(const Value& value);

// Of a code, or of all codes of a field of several.
[[nodiscard]] bool is_in_force(const Value& value, const CodeList& list, Date day);

// Problem registry.code_not_in_force at `path`. When and instead of what is told only of fields
// that are not personal, since it says which code it was.
[[nodiscard]] Problem not_in_force(const Column& column, const Value& value, Date day,
                                   const std::string& path);

}  // namespace amate::definitions::internal
