// SPDX-License-Identifier: Apache-2.0
// Proves that the ledger and the records it wrote are as they were written.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/progress.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "store/session.hpp"

namespace amate::ledger {

struct Verification {
    std::int64_t entries = 0;
    std::int64_t records = 0;
    std::string head_hash;
    Problems problems;  // empty: all holds
};

// Walks the chain and every record. Finds and names: an entry changed (ledger.entry_changed),
// removed or out of order (ledger.entry_missing), inserted (ledger.entry_inserted), the end of the
// ledger cut off or replaced (ledger.head_differs, against the signed head kept outside the
// database), a record changed (ledger.record_changed, with register and folio), removed
// (ledger.record_missing), inserted (ledger.record_inserted).
[[nodiscard]] Verification verify(store::Session& session, const definitions::Pack& pack,
                                  const std::filesystem::path& keys, Progress& progress);

}  // namespace amate::ledger
