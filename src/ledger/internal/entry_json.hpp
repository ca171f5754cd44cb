// SPDX-License-Identifier: Apache-2.0
// Entries as JSON, as proofs and exported ranges have them: the columns of the table `ledger`.
#pragma once

#include <optional>
#include <string_view>

#include <boost/json.hpp>

#include "ledger/internal/entry_store.hpp"

namespace amate::ledger::internal {

[[nodiscard]] boost::json::object json_of(const StoredEntry& stored);
// Nothing if it is not all of these columns, each of its kind, or if the entry's hash is not that
// of its content.
[[nodiscard]] std::optional<StoredEntry> parse_entry(std::string_view line);

}  // namespace amate::ledger::internal
