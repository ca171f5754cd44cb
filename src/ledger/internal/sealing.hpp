// SPDX-License-Identifier: Apache-2.0
// Puts a seal on the entries that have none yet.
#pragma once

#include <optional>
#include <string>

#include "ledger/internal/seal.hpp"
#include "ledger/seals.hpp"

namespace amate::ledger::internal {

// Within a unit of work, whose ledger ends with `last` (checked against the signed head). Writes
// subtrees and seal into the store; the file is the caller's. See UnitOfWork::seal().
[[nodiscard]] std::optional<Seal> seal_entries(store::Session& session, const store::WriteKey& key,
                                               const Sealer& sealer, const Entry& last,
                                               const std::string& at);

}  // namespace amate::ledger::internal
