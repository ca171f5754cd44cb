// SPDX-License-Identifier: Apache-2.0
// One pass over all records; a second over an entry's only where something does not hold.
#include "ledger/internal/rows_walk.hpp"

#include <algorithm>

#include "ledger/internal/block_check.hpp"
#include "ledger/internal/rows_reading.hpp"

namespace amate::ledger::internal {
namespace {

constexpr std::string_view kTablePrefix = "r_";
constexpr std::int64_t kProgressEvery = 10'000;

std::string number(std::int64_t value) {
    return std::to_string(value);
}

}  // namespace

RowsWalk::RowsWalk(store::Session& session, Findings& findings, Progress& progress)
    : session_(session), findings_(findings), progress_(progress) {
    for (const auto& name : session.tables()) {
        if (!name.starts_with(kTablePrefix)) continue;
        Table table{name.substr(kTablePrefix.size()),
                    std::make_unique<store::SealedTable>(session, name), 0, 0};
        table.total = table.rows->count();
        records_total_ += table.total;
        tables_.emplace(table.register_name, std::move(table));
    }
}

void RowsWalk::count(Table& table) {
    ++table.seen;
    if (++records_ % kProgressEvery == 0) progress_.advance("verify", records_, records_total_);
}

void RowsWalk::check(std::int64_t seq, const Entry& entry) {
    for (const auto& [name, claim] : rows_claims_of(entry.event.after)) {
        const auto found = tables_.find(name);
        if (found != tables_.end()) {
            check_rows(found->second, seq, claim);
            continue;
        }
        findings_.add("ledger.record_missing", {{"register", name},
                                                {"seq", number(seq)},
                                                {"first_row", "1"},
                                                {"last_row", number(claim.last)},
                                                {"count", number(claim.added)}});
    }
}

void RowsWalk::check_rows(Table& table, std::int64_t seq, const RowsClaim& claim) {
    const auto before = records_;
    const auto read = read_rows(*table.rows, seq, claim.added, [&](std::int64_t rows) {
        progress_.advance("verify", before + rows, records_total_);
    });
    const auto& digest = read.digest;
    table.seen += digest.added();
    records_ += digest.added();
    const bool holds =
        read.all_hold && digest.added() == claim.added && digest.claim().digest == claim.digest;
    if (claim.added > kRowsPerBlock) {
        const auto blocks = load_blocks(session_, seq, table.register_name);
        if (digest_of_blocks(blocks) != claim.digest || (holds && blocks != digest.blocks())) {
            findings_.add("ledger.blocks_damaged",
                          {{"register", table.register_name}, {"seq", number(seq)}});
        }
    }
    if (!holds) place_fault(table, seq, claim);
}

void RowsWalk::place_fault(Table& table, std::int64_t seq, const RowsClaim& claim) {
    auto blocks = load_blocks(session_, seq, table.register_name);
    const bool usable =
        !blocks.empty() && digest_of_blocks(blocks) == claim.digest &&
        std::all_of(blocks.begin(), blocks.end(), [](const Block& each) { return each.rows > 0; });
    if (!usable) blocks = {{claim.added, claim.last, ""}};  // all the rows as one block
    // The entry holds the digest of its only block's digest, not that digest: find it by trial.
    if (!usable && claim.added <= kRowsPerBlock) {
        RowsDigest digest;
        table.rows->for_each_row(seq, [&](const store::SealedRow& row) {
            digest.add(row.stated_hash, row.batch_row);
            return true;
        });
        if (digest.claim().digest == claim.digest) blocks[0].digest = digest.blocks()[0].digest;
    }
    BlockCheck check(table.register_name, seq, std::move(blocks), findings_);
    table.rows->for_each_row(seq, [&](const store::SealedRow& row) {
        check.feed(row);
        return true;
    });
    check.finish();
}

void RowsWalk::check_alone(std::int64_t seq) {
    for (auto& [name, table] : tables_) {
        table.rows->for_each_row(seq, [&, &rows = table](const store::SealedRow& row) {
            count(rows);
            if (row.stated_hash == row.computed_hash) return true;
            findings_.add("ledger.record_changed", {{"register", rows.register_name},
                                                    {"seq", number(seq)},
                                                    {"folio", row.folio},
                                                    {"row", number(row.batch_row)}});
            return true;
        });
    }
}

void RowsWalk::finish(std::int64_t ledger_end) {
    for (auto& [name, table] : tables_) {
        if (table.seen < table.total) find_unaccounted(table, ledger_end);
    }
    find_stray_blocks(ledger_end);
    progress_.advance("verify", records_, records_total_);
}

// Blocks that no entry has need of. Those of an entry that is itself changed or missing are left
// out: that is a finding already.
void RowsWalk::find_stray_blocks(std::int64_t ledger_end) {
    for_each_block_owner(session_, [&](std::int64_t seq, const std::string& name) {
        const auto stored = find_entry(session_, seq);
        if (!stored && seq >= 1 && seq <= ledger_end) return true;
        const auto claims =
            stored ? rows_claims_of(stored->entry.event.after) : std::map<std::string, RowsClaim>();
        const auto claim = claims.find(name);
        if (claim == claims.end() || claim->second.added <= kRowsPerBlock) {
            findings_.add("ledger.blocks_damaged", {{"register", name}, {"seq", number(seq)}});
        }
        return true;
    });
}

void RowsWalk::find_unaccounted(Table& table, std::int64_t ledger_end) {
    const auto without_entry = [&](std::int64_t seq, std::int64_t rows) {
        findings_.add(
            "ledger.records_without_entry",
            {{"register", table.register_name}, {"seq", number(seq)}, {"count", number(rows)}});
    };
    table.rows->for_each_entry([&](std::int64_t seq, std::int64_t rows) {
        const auto stored = find_entry(session_, seq);
        const bool claims =
            stored && rows_claims_of(stored->entry.event.after).contains(table.register_name);
        if (claims) return true;  // checked with its entry
        if (!stored && seq >= 1 && seq <= ledger_end) {
            without_entry(seq, rows);
            return true;
        }
        table.rows->for_each_row(seq, [&](const store::SealedRow& row) {
            --rows;
            findings_.add("ledger.record_inserted", {{"register", table.register_name},
                                                     {"seq", number(seq)},
                                                     {"folio", row.folio},
                                                     {"row", number(row.batch_row)}});
            return true;
        });
        if (rows > 0) without_entry(seq, rows);  // their entry's number is not even a number
        return true;
    });
}

}  // namespace amate::ledger::internal
