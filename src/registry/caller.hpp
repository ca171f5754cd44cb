// SPDX-License-Identifier: Apache-2.0
// Who asks, and what the pack lets them do with a register.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "ledger/unit_of_work.hpp"

namespace amate::registry {

// Value type. The roles are those of the pack that the office gave the user.
struct Caller {
    ledger::Actor actor;
    std::vector<std::string> roles;

    [[nodiscard]] bool has_role(std::string_view role) const;
    // The first of `roles` the caller has; "" if there is none.
    [[nodiscard]] std::string any_of(const std::vector<std::string>& roles) const;
};

enum class Verb : unsigned char { read, create, amend, act, ingest };
[[nodiscard]] std::string_view name_of(Verb verb);

// The one place where access is decided: the register's `access` by role, and its purposes.
// Problems: registry.not_allowed, registry.purpose_not_allowed.
[[nodiscard]] Result<void> check_right(const definitions::Register& register_, const Caller& caller,
                                       Verb verb);

}  // namespace amate::registry
