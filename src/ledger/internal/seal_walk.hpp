// SPDX-License-Identifier: Apache-2.0
// Walks seals and subtrees beside the entries and tells whether they are of these very entries.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "ledger/internal/findings.hpp"
#include "ledger/internal/merkle.hpp"
#include "ledger/internal/seal.hpp"
#include "ledger/internal/seal_store.hpp"

namespace amate::ledger::internal {

// Borrows session and findings. One pass: genuine entries by rising number, then finish().
// Where an entry is missing or not genuine no tree can be grown on: that is a finding of its own
// (ChainWalk), and of the seals after it only the signatures are judged.
class SealWalk {
public:
    // `file`: the latest seal as kept outside the store; read before the view of the store is
    // taken.
    SealWalk(store::Session& session, std::optional<PublicKey> key, std::optional<Seal> file,
             Findings& findings);

    void feed(std::int64_t seq, const std::string& hash);
    void finish();

    // Entries that the last seal that holds covers.
    [[nodiscard]] std::int64_t sealed() const { return sealed_; }

private:
    void judge(const Seal& seal);
    void refill_seals();
    [[nodiscard]] bool is_genuine(const Seal& seal) const;
    void compare(const TreeNode& node);
    void damaged(std::int64_t last, std::int64_t level);
    void name_gap(std::int64_t next);

    store::Session& session_;
    std::optional<PublicKey> key_;
    std::optional<Seal> file_;
    Findings& findings_;
    GrowingTree tree_;
    bool whole_ = true;         // no entry was missing so far
    std::int64_t covered_ = 0;  // entries up to which subtrees must be stored
    std::int64_t sealed_ = 0;
    std::deque<Seal> seals_;   // genuine ones, waiting for the tree to reach their size
    std::int64_t number_ = 0;  // of the last genuine one read
    std::int64_t size_ = 0;    // its size
    std::int64_t read_ = 0;    // number of the last one read
    bool all_read_ = false;
    std::int64_t seals_read_ = 0;
    std::deque<StoredNode> nodes_;  // read ahead
    std::int64_t nodes_read_to_ = 0;
    std::int64_t nodes_loaded_ = 0;
};

}  // namespace amate::ledger::internal
