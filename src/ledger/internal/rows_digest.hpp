// SPDX-License-Identifier: Apache-2.0
// The digest of many rows in order, kept in blocks so that a fault can be placed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace amate::ledger::internal {

inline constexpr std::int64_t kRowsPerBlock = 100;

// Rows with one after the other's batch_row, the last of which is `last_row`.
struct Block {
    std::int64_t rows = 0;
    std::int64_t last_row = 0;
    std::string digest;
    bool operator==(const Block&) const = default;
};

// What an entry says of the rows it added to one register.
struct RowsClaim {
    std::int64_t added = 0;
    std::int64_t last = 0;  // batch_row of the last one
    std::string digest;
};

// Digest of texts, each ended by a line feed. Rows digest = digest_of_lines(block digests);
// block digest = digest_of_lines(row hashes).
[[nodiscard]] std::string digest_of_lines(const std::string& lines);
[[nodiscard]] std::string digest_of_blocks(const std::vector<Block>& blocks);

// Collects row hashes. Memory: a hundredth of the rows.
class RowsDigest {
public:
    void add(std::string_view row_hash, std::int64_t batch_row);
    [[nodiscard]] RowsClaim claim() const;
    [[nodiscard]] std::vector<Block> blocks() const;  // with the one not yet full
    [[nodiscard]] std::int64_t added() const { return added_; }
    [[nodiscard]] std::int64_t last() const { return last_; }

private:
    std::vector<Block> full_;
    std::string open_;  // row hashes of the block not yet full
    std::int64_t open_rows_ = 0;
    std::int64_t added_ = 0;
    std::int64_t last_ = 0;
};

}  // namespace amate::ledger::internal
