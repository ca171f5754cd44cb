// SPDX-License-Identifier: Apache-2.0
// Flags and tasks of a record: raised, lowered, opened.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/life.hpp"

namespace amate::registry::internal {

using Names = std::vector<std::string>;

[[nodiscard]] bool holds(const Names& list, std::string_view item);
void raise(Names& list, const std::string& item);  // nothing if it is "" or there already
void lower(Names& list, const std::string& item);

// Opens a task unless it is open; due is the limit of the rule that sets it, from the record's
// time.
void set_task(const Circumstances& at, const std::string& name, store::StoredRecord& record);

// Some flags stand until an action lowers them; the others follow the rules.
[[nodiscard]] bool stands_until_lowered(const definitions::Register& register_,
                                        const std::string& flag);
[[nodiscard]] bool set_by_rule(const definitions::Register& register_, const std::string& flag);

}  // namespace amate::registry::internal
