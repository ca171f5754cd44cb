// SPDX-License-Identifier: Apache-2.0
// The tables of a store carried elsewhere, and an empty store filled from them up to an entry.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "core/result.hpp"
#include "ledger/unit_of_work.hpp"
#include "store/session.hpp"

namespace amate::ledger {

// Tables of the store that this program made, with the columns they have. What else somebody put
// beside them is no part of it.
[[nodiscard]] std::vector<store::TableShape> carried_tables(store::Session& session);

// Key that the ledger is signed with, hex. Problem ledger.key_missing.
[[nodiscard]] Result<std::string> public_key_of(const std::filesystem::path& keys);

// A store that was carried: its tables and their rows, wherever they lie now.
class CarriedStore {
public:
    virtual ~CarriedStore() = default;
    [[nodiscard]] virtual const std::vector<store::TableShape>& tables() const = 0;
    // Of all tables together.
    [[nodiscard]] virtual std::int64_t rows() const = 0;
    // Rows with their cells in the order of the table's columns, those of `ledger` by rising seq,
    // until `each` returns false. May be asked for a table more than once.
    virtual void for_each_row(const std::string& table,
                              const std::function<bool(const store::SqlRow&)>& each) = 0;
};

// The entry with which the restored ledger is to end, before the one that tells of the restoring.
// At most one of the two is set; none: all of it.
struct RestorePoint {
    std::optional<std::int64_t> entry;
    std::string until;  // the last entry not later than this moment, written as an entry's `at`
};

struct Restored {
    Entry cut;                   // the last entry that was taken over
    Entry told;                  // "workspace.restored", which follows it
    std::int64_t taken_off = 0;  // entries behind the cut that were left out
};

// Fills an empty store in one transaction: entries up to the point and what they wrote, with the
// tables and definitions as they were then; then an entry "workspace.restored" whose `after` has
// `backup` (the digest given), `cut` and `head` (`seq`, `hash`, `at` of the last entry taken over,
// and of the last one the carried store has). Numbers of folios once taken are never given again,
// and all data keys are kept; the entry claims them as they now are. Writes `ledger.pub`, the
// signed head and the latest seal into `keys`, which must hold `ledger.key` and, where data keys
// are, `master.json`. What is filled in is not judged: run verify().
// Problems (nothing is changed then): ledger.store_not_empty, ledger.restore_no_entry,
// ledger.restore_none_by, ledger.restore_other_key, ledger.restore_master_key. Throws IoFailure.
struct RestoreOptions {
    CarriedStore& from;
    RestorePoint point;
    std::string backup_digest;
    std::string public_key;  // of the carried ledger, hex
};
[[nodiscard]] Result<Restored> restore_store(store::Session& session,
                                             const std::filesystem::path& keys, Clock& clock,
                                             const Actor& actor, const RestoreOptions& options,
                                             Progress& progress);

}  // namespace amate::ledger
