// SPDX-License-Identifier: Apache-2.0
// Too many rows, too few, or others: what a block's count and digest tell.
#include "ledger/internal/block_check.hpp"

#include <algorithm>

namespace amate::ledger::internal {
namespace {

// A block swollen by insertions is still held in memory only so far.
constexpr std::size_t kSeenMax = 100'000;

std::string number(std::int64_t value) {
    return std::to_string(value);
}

}  // namespace

Findings::Parameters BlockCheck::about(const Seen& row) const {
    return {{"register", register_},
            {"seq", number(seq_)},
            {"folio", row.folio},
            {"row", number(row.row)}};
}

Findings::Parameters BlockCheck::between(const Seen& first, const Seen& last) const {
    return {{"register", register_},
            {"seq", number(seq_)},
            {"first_folio", first.folio},
            {"last_folio", last.folio}};
}

void BlockCheck::feed(const store::SealedRow& row) {
    while (block_ < blocks_.size() && row.batch_row > blocks_[block_].last_row) close_block();
    const Seen seen{row.batch_row, row.folio, row.computed_hash == row.stated_hash};
    if (block_ == blocks_.size()) {  // after the last row the entry knows of
        findings_.add("ledger.record_inserted", about(seen));
        return;
    }
    if (seen_.size() < kSeenMax) seen_.push_back(seen);
    hashes_ += row.stated_hash + '\n';
}

void BlockCheck::finish() {
    while (block_ < blocks_.size()) close_block();
}

void BlockCheck::close_block() {
    const auto& block = blocks_[block_];
    const auto count = static_cast<std::int64_t>(seen_.size());
    std::int64_t excess = std::max<std::int64_t>(0, count - block.rows);
    bool explained = digest_of_lines(hashes_) == block.digest;
    for (const auto& row : seen_) {
        if (row.holds) continue;
        explained = true;
        if (excess > 0) {
            --excess;
            findings_.add("ledger.record_inserted", about(row));
        } else {
            findings_.add("ledger.record_changed", about(row));
        }
    }
    if (excess > 0) {  // whoever put them in computed their hashes: known to within the block
        auto parameters = between(seen_.front(), seen_.back());
        parameters["count"] = number(excess);
        findings_.add("ledger.rows_inserted", std::move(parameters));
    } else if (count < block.rows) {
        report_missing(block);
    } else if (!explained && count == 1) {
        findings_.add("ledger.record_changed", about(seen_.front()));
    } else if (!explained) {
        findings_.add("ledger.rows_changed", between(seen_.front(), seen_.back()));
    }
    seen_.clear();
    hashes_.clear();
    ++block_;
}

// Where the block's rows were numbered without a gap, the missing ones are known by number.
void BlockCheck::report_missing(const Block& block) {
    const std::int64_t before = block_ == 0 ? 0 : blocks_[block_ - 1].last_row;
    const auto report = [&](std::int64_t first, std::int64_t last, std::int64_t count) {
        findings_.add("ledger.record_missing", {{"register", register_},
                                                {"seq", number(seq_)},
                                                {"first_row", number(first)},
                                                {"last_row", number(last)},
                                                {"count", number(count)}});
    };
    if (block.last_row - before != block.rows) {
        const auto count = block.rows - static_cast<std::int64_t>(seen_.size());
        report(before + 1, block.last_row, count);
        return;
    }
    std::int64_t expected = before + 1;
    for (const auto& row : seen_) {
        if (row.row > expected) report(expected, row.row - 1, row.row - expected);
        expected = row.row + 1;
    }
    if (expected <= block.last_row) {
        report(expected, block.last_row, block.last_row - expected + 1);
    }
}

}  // namespace amate::ledger::internal
