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
    std::string head_hash;                // of the last entry that holds; "" if there is none
    std::int64_t entries_after_head = 0;  // signed and chained, but newer than the signed head: a
                                          // crash between commit and head, no damage
    std::int64_t attachments = 0;         // files of records
    std::int64_t sealed = 0;              // entries that the last seal covers
    Problems problems;                    // empty: all holds
};

// Walks the chain and every record. Finds and names: an entry changed (ledger.entry_changed),
// removed (ledger.entry_missing), inserted (ledger.entry_inserted), also if the others were
// renumbered; the end of the ledger cut off or replaced (ledger.head_differs, against the signed
// head kept outside the database); a record changed (ledger.record_changed, with register and
// folio), removed (ledger.record_missing, with entry and row), inserted (ledger.record_inserted);
// records whose entry is gone (ledger.records_without_entry); rows rewritten together with their
// hashes (ledger.rows_changed, to within a hundred rows); keys or head missing or damaged
// (ledger.head_missing, ledger.head_damaged, ledger.key_missing, ledger.seal_file_missing,
// ledger.seal_file_damaged); a seal changed (ledger.seal_changed), removed (ledger.seal_missing),
// inserted (ledger.seal_inserted) or put on other entries (ledger.seal_differs); parts of the tree
// that proofs are made from (ledger.nodes_damaged); a file of a
// record changed or exchanged for another (ledger.attachment_changed), removed
// (ledger.attachment_missing) or put in (ledger.attachment_inserted); what is
// kept of other ledgers changed (ledger.witness_changed); a trigger, view or rule that somebody put
// into the store (ledger.addition_found) or a constraint taken away (ledger.constraint_missing);
// data keys that are not those the ledger tells of (ledger.data_keys_changed) or that the master
// keys do not open (ledger.data_keys_unreadable; looked at where the folder of keys holds secrets);
// what the database finds wrong with itself (ledger.store_damaged); an entry dated before its
// predecessor (ledger.moment_goes_back). At most fifty problems a code are named; ledger.more_found
// counts the rest. Sees one state of the store; constant memory. Needs only `ledger.pub`,
// `ledger.head.json` and `ledger.seal.json` of `keys`. The pack's definitions may have changed
// since: tables are read by the columns they have.
[[nodiscard]] Verification verify(store::Session& session, const definitions::Pack& pack,
                                  const std::filesystem::path& keys, Progress& progress);

}  // namespace amate::ledger
