// SPDX-License-Identifier: Apache-2.0
// An exported range as a file: written and read entry by entry, checked as it is read.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/merkle.hpp"
#include "ledger/internal/seal.hpp"

namespace amate::ledger::internal {

struct RangeHeader {
    PublicKey key{};
    std::optional<Seal> from;  // nothing: from the first entry
    Seal to;
    TreePath peaks;  // of the tree at `from`
    [[nodiscard]] std::int64_t after() const { return from ? from->size : 0; }
};

[[nodiscard]] std::string to_line(const RangeHeader& header);

// Resource. What it gives is checked: each entry's hash and signature and that it follows the one
// before; only the last call tells whether they are those the seal signs, so nothing may be
// believed for good before next() gives false.
class RangeReader {
public:
    // Problem ledger.range_damaged. Throws IoFailure if the file cannot be read.
    [[nodiscard]] static Result<RangeReader> open(const std::filesystem::path& file);
    [[nodiscard]] const RangeHeader& header() const { return header_; }
    // False after the last entry. Problem ledger.range_damaged.
    [[nodiscard]] Result<bool> next(StoredEntry& stored);

private:
    RangeReader() = default;
    [[nodiscard]] tl::unexpected<Problems> damaged() const;
    [[nodiscard]] Result<bool> finish();

    std::string name_;
    std::ifstream stream_;
    RangeHeader header_;
    GrowingTree tree_;
    std::string previous_hash_;  // "" before the first, if the range has entries before it
    std::int64_t line_ = 0;
};

}  // namespace amate::ledger::internal
