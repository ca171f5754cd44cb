// SPDX-License-Identifier: Apache-2.0
// An act that waits for approval, as it stands in a record, and who has said yes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/caller.hpp"
#include "registry/change.hpp"

namespace amate::registry {

struct PendingAct {
    Change change;
    std::string proposed_by;
    std::vector<std::string> proposer_roles;
    struct Yes {
        std::string user, role;
    };
    std::vector<Yes> approvals;

    [[nodiscard]] bool approved_by_role(std::string_view role) const;
    [[nodiscard]] bool approved_by_user(std::string_view user) const;
};

// JSON, as StoredRecord::pending keeps it.
[[nodiscard]] std::string to_text(const definitions::Register& register_, const PendingAct& act);
// Throws IoFailure if it is none: nobody but to_text() can have written it.
[[nodiscard]] PendingAct pending_act_of(const definitions::Register& register_,
                                        const std::string& text);

}  // namespace amate::registry
