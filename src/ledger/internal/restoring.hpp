// SPDX-License-Identifier: Apache-2.0
// The steps of a restoring within its transaction.
#pragma once

#include <filesystem>
#include <string>

#include "ledger/internal/restore_cut.hpp"
#include "ledger/restore.hpp"

namespace amate::ledger::internal {

// Makes and fills the tables of an empty store. Problem ledger.restore_master_key.
[[nodiscard]] Result<void> fill_store(store::Session& session, const store::WriteKey& key,
                                      const std::filesystem::path& keys, const Cut& cut,
                                      CarriedStore& from, Progress& progress);

// `after` of the entry that tells of it.
[[nodiscard]] std::string restored_text(const Cut& cut, const std::string& backup_digest);

}  // namespace amate::ledger::internal
