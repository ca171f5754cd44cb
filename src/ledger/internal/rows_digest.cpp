// SPDX-License-Identifier: Apache-2.0
// Two levels of BLAKE2b-256 over row hashes.
#include "ledger/internal/rows_digest.hpp"

#include "core/crypto.hpp"

namespace amate::ledger::internal {

std::string digest_of_lines(const std::string& lines) {
    return crypto::to_hex(crypto::digest(lines));
}

std::string digest_of_blocks(const std::vector<Block>& blocks) {
    std::string lines;
    for (const auto& block : blocks) lines += block.digest + '\n';
    return digest_of_lines(lines);
}

void RowsDigest::add(std::string_view row_hash, std::int64_t batch_row) {
    open_ += row_hash;
    open_ += '\n';
    ++open_rows_;
    ++added_;
    last_ = batch_row;
    if (open_rows_ < kRowsPerBlock) return;
    full_.push_back({open_rows_, last_, digest_of_lines(open_)});
    open_.clear();
    open_rows_ = 0;
}

std::vector<Block> RowsDigest::blocks() const {
    auto all = full_;
    if (open_rows_ > 0) all.push_back({open_rows_, last_, digest_of_lines(open_)});
    return all;
}

RowsClaim RowsDigest::claim() const {
    return {added_, last_, digest_of_blocks(blocks())};
}

}  // namespace amate::ledger::internal
