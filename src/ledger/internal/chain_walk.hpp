// SPDX-License-Identifier: Apache-2.0
// Walks the entries and tells genuine ones from changed, inserted and missing ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/findings.hpp"
#include "ledger/internal/seal.hpp"

namespace amate::ledger::internal {

// Borrows the findings. One pass: entries by rising stored number, then finish().
class ChainWalk {
public:
    ChainWalk(std::optional<PublicKey> key, std::optional<Head> head, Findings& findings)
        : key_(key), head_(std::move(head)), findings_(findings), genuine_hash_(kNoHash) {}

    // The number the entry was written under, if it is genuine: its hash agrees with its content
    // and bears the ledger's signature. Renumbered entries are known again.
    std::optional<std::int64_t> feed(const StoredEntry& stored);
    // Compares the end with the head.
    void finish();

    [[nodiscard]] std::int64_t last_genuine() const { return genuine_seq_; }
    [[nodiscard]] const std::string& last_hash() const { return genuine_hash_; }

private:
    // An entry between two genuine ones that is none itself.
    struct Suspect {
        std::int64_t seq;
        std::string hash;
    };
    [[nodiscard]] std::optional<std::int64_t> true_number(const Entry& entry,
                                                          const std::string& signature) const;
    void explain_gap(std::int64_t next_seq);

    std::optional<PublicKey> key_;
    std::optional<Head> head_;
    Findings& findings_;
    std::int64_t genuine_seq_ = 0;
    std::string genuine_hash_;
    std::string genuine_at_;
    std::string hash_at_head_;
    std::vector<Suspect> suspects_;
    std::int64_t suspects_total_ = 0;
};

}  // namespace amate::ledger::internal
