// SPDX-License-Identifier: Apache-2.0
// Reads the rows of one entry and hashes them: for many rows beside one another, on two threads.
#pragma once

#include <cstdint>
#include <functional>

#include "ledger/internal/rows_digest.hpp"
#include "store/record_store.hpp"

namespace amate::ledger::internal {

struct RowsRead {
    RowsDigest digest;     // of the hashes the rows state, by rising batch_row
    bool all_hold = true;  // each row's stated hash is that of its content
};

// `expected`: about how many rows there are; decides whether a second thread is worth while.
// `on_read` is told now and then how many rows were read, from the calling thread, which alone uses
// the table's session. Constant memory but for the digest's. Throws IoFailure.
[[nodiscard]] RowsRead read_rows(store::SealedTable& table, std::int64_t ledger_seq,
                                 std::int64_t expected,
                                 const std::function<void(std::int64_t rows)>& on_read);

}  // namespace amate::ledger::internal
