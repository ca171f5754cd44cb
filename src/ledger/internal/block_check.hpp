// SPDX-License-Identifier: Apache-2.0
// Places a fault among the rows of an entry: block by block against the digests written with it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/internal/findings.hpp"
#include "ledger/internal/rows_digest.hpp"
#include "store/record_store.hpp"

namespace amate::ledger::internal {

// Borrows the findings. Rows by rising batch_row, then finish().
class BlockCheck {
public:
    BlockCheck(std::string register_name, std::int64_t seq, std::vector<Block> blocks,
               Findings& findings)
        : register_(std::move(register_name)),
          seq_(seq),
          blocks_(std::move(blocks)),
          findings_(findings) {}

    void feed(const store::SealedRow& row);
    void finish();

private:
    struct Seen {
        std::int64_t row;
        std::string folio;
        bool holds;  // its own hash
    };
    void close_block();
    void report_missing(const Block& block);
    [[nodiscard]] Findings::Parameters about(const Seen& row) const;
    [[nodiscard]] Findings::Parameters between(const Seen& first, const Seen& last) const;

    std::string register_;
    std::int64_t seq_;
    std::vector<Block> blocks_;
    Findings& findings_;
    std::size_t block_ = 0;
    std::vector<Seen> seen_;  // of the present block
    std::string hashes_;
};

}  // namespace amate::ledger::internal
