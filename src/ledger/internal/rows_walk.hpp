// SPDX-License-Identifier: Apache-2.0
// Walks the records that entries account for and tells which were changed, removed or inserted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/findings.hpp"
#include "store/record_store.hpp"

namespace amate::ledger::internal {

// Borrows session, findings and progress. Entries one after the other, then finish().
class RowsWalk {
public:
    RowsWalk(store::Session& session, Findings& findings, Progress& progress);

    // Rows of a genuine entry, against what it says of them.
    void check(std::int64_t seq, const Entry& entry);
    // Rows of an entry that cannot be believed: each against its own hash.
    void check_alone(std::int64_t seq);
    // Rows that no entry accounted for. `ledger_end`: last number an entry ever had.
    void finish(std::int64_t ledger_end);

    [[nodiscard]] std::int64_t records() const { return records_; }

private:
    struct Table {
        std::string register_name;
        std::unique_ptr<store::SealedTable> rows;
        std::int64_t total = 0;
        std::int64_t seen = 0;
    };
    void check_rows(Table& table, std::int64_t seq, const RowsClaim& claim);
    void place_fault(Table& table, std::int64_t seq, const RowsClaim& claim);
    void find_unaccounted(Table& table, std::int64_t ledger_end);
    void find_stray_blocks(std::int64_t ledger_end);
    void count(Table& table);

    store::Session& session_;
    Findings& findings_;
    Progress& progress_;
    std::map<std::string, Table> tables_;  // by register
    std::int64_t records_ = 0;
    std::int64_t records_total_ = 0;
};

}  // namespace amate::ledger::internal
