// SPDX-License-Identifier: Apache-2.0
// Who may use the desk over HTTP: tokens given out once, of which only digests are kept.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "registry/caller.hpp"

namespace amate::server {

// A user in an office, with roles, for one purpose.
struct Grant {
    registry::Caller caller;
    std::string token_digest;  // hex
    std::string since;         // UTC, ISO 8601
};

// keys/access.json (docs/formats/workspace.md), its owner's alone. No file: nobody has access.
// Throws IoFailure if it is damaged.
[[nodiscard]] std::vector<Grant> load_grants(const std::filesystem::path& keys);

// Adds a grant and gives its token, which is shown to nobody again. A user's earlier grant for the
// same purpose ends. Throws IoFailure.
[[nodiscard]] std::string add_grant(const std::filesystem::path& keys,
                                    const registry::Caller& caller, const std::string& since);
// Ends all grants of a user; how many there were.
int remove_grants(const std::filesystem::path& keys, std::string_view user);

// The caller whose token this is.
[[nodiscard]] std::optional<registry::Caller> find_caller(const std::vector<Grant>& grants,
                                                          std::string_view token);

}  // namespace amate::server
