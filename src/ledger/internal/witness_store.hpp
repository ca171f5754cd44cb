// SPDX-License-Identifier: Apache-2.0
// The tables in which ranges of other ledgers are kept.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/range_file.hpp"
#include "ledger/witness.hpp"
#include "store/session.hpp"

namespace amate::ledger::internal {

[[nodiscard]] std::vector<store::TableShape> witness_shapes();

// Within a unit of work. See witness_range().
[[nodiscard]] Result<Witnessed> keep_range(store::Session& session, const store::WriteKey& key,
                                           RangeReader& reader);

// Public keys (hex) of the ledgers of which ranges are kept, rising.
[[nodiscard]] std::vector<std::string> witnessed_ledgers(store::Session& session);
// By rising size.
[[nodiscard]] std::vector<Seal> witnessed_seals(store::Session& session, const std::string& ledger);
void for_each_witnessed(store::Session& session, const std::string& ledger,
                        const std::function<bool(const StoredEntry&)>& each);

}  // namespace amate::ledger::internal
