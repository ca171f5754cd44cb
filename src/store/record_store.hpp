// SPDX-License-Identifier: Apache-2.0
// Records of a register as they lie in its table: reading them back in order.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "core/value.hpp"
#include "definitions/model.hpp"
#include "store/session.hpp"

namespace amate::store {

struct StoredRecord {
    std::string record_id, folio, state, row_hash, recorded_at, version;
    std::vector<std::string> flags;
    std::int64_t ledger_seq = 0;  // entry that wrote it
    std::int64_t batch_row = 0;   // 1-based place within the batch
    std::vector<Value> values;    // laid out as the register's columns
};

// Digest of everything that must not change in a record: its id, folio, state, flags, ledger_seq,
// batch_row, version and the canonical form of each value with its column's name.
[[nodiscard]] std::string row_hash_of(const definitions::Register& register_,
                                      const StoredRecord& record);

// Calls `each` for every record of the register, by ledger_seq and batch_row, until it returns
// false. The record is reused between calls. Constant memory.
void for_each_record(Session& session, const definitions::Register& register_,
                     const std::function<bool(const StoredRecord&)>& each);

[[nodiscard]] std::int64_t count_records(Session& session,
                                         const definitions::Register& register_);

}  // namespace amate::store
