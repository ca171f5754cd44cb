// SPDX-License-Identifier: Apache-2.0
// An entry as a row of SQL: its columns and their order, wherever entries are kept.
#pragma once

#include <string>
#include <vector>

#include "ledger/internal/entry_store.hpp"
#include "store/session.hpp"

namespace amate::ledger::internal {

[[nodiscard]] const std::vector<std::string>& entry_column_names();
[[nodiscard]] std::string entry_columns();  // joined by ", "
[[nodiscard]] store::TableShape entry_shape(const std::string& table);
[[nodiscard]] store::SqlRow row_of(const StoredEntry& stored);
// Of any row, tampered ones too: what is no text becomes something that no hash agrees with.
[[nodiscard]] StoredEntry entry_of(const store::SqlRow& row);

}  // namespace amate::ledger::internal
