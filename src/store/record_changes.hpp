// SPDX-License-Identifier: Apache-2.0
// What became of a register's records since an entry of the ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "definitions/model.hpp"
#include "store/record_store.hpp"
#include "store/session.hpp"

namespace amate::store {

struct RecordChange {
    std::optional<StoredRecord> before;  // nothing: it was not there then, or it was withdrawn
    std::optional<StoredRecord> after;   // nothing: it is withdrawn
};

// Calls `each` once for every record of which an entry after `ledger_seq` wrote a revision. Codes,
// states and flags are those of today, on both sides. A look-up each for
// those changed, which are held meanwhile; new ones take constant memory. Throws IoFailure as
// for_each_record() does.
void for_each_change_after(Session& session, const definitions::Register& register_,
                           std::int64_t ledger_seq,
                           const std::function<void(const RecordChange&)>& each);

}  // namespace amate::store
