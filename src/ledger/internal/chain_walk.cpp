// SPDX-License-Identifier: Apache-2.0
// What happened to an entry follows from the genuine ones around it (docs/formats/ledger.md).
#include "ledger/internal/chain_walk.hpp"

#include <algorithm>

namespace amate::ledger::internal {
namespace {

// How far an entry may have been renumbered and is still known again. Limit of work, not of proof.
constexpr std::int64_t kShiftMax = 8;
constexpr std::size_t kSuspectsKeptMax = 1000;

std::string number(std::int64_t value) {
    return std::to_string(value);
}

}  // namespace

std::optional<std::int64_t> ChainWalk::true_number(const Entry& entry,
                                                   const std::string& signature) const {
    if (key_ && !entry_signature_holds(entry.hash, signature, *key_)) return std::nullopt;
    if (entry.seq > genuine_seq_ && hash_of(entry) == entry.hash) return entry.seq;
    auto renumbered = entry;
    for (std::int64_t shift = 1; shift <= kShiftMax; ++shift) {
        renumbered.seq = genuine_seq_ + shift;
        if (hash_of(renumbered) == entry.hash) return renumbered.seq;
    }
    return std::nullopt;
}

std::optional<std::int64_t> ChainWalk::feed(const StoredEntry& stored) {
    const auto& entry = stored.entry;
    const auto seq = true_number(entry, stored.signature);
    if (!seq) {
        ++suspects_total_;
        if (suspects_.size() < kSuspectsKeptMax) suspects_.push_back({entry.seq, entry.hash});
        return std::nullopt;
    }
    explain_gap(*seq);
    if (*seq == genuine_seq_ + 1 && entry.previous_hash != genuine_hash_) {
        findings_.add("ledger.entry_changed", {{"seq", number(*seq)}});
    }
    if (entry.at < genuine_at_ && entry.event.action != kClockCorrected) {
        findings_.add("ledger.moment_goes_back", {{"seq", number(*seq)}});
    }
    genuine_seq_ = *seq;
    genuine_at_ = entry.at;
    genuine_hash_ = entry.hash;
    if (head_ && *seq == head_->seq) hash_at_head_ = entry.hash;
    return seq;
}

// Between the last genuine entry and `next_seq` there were next_seq - last - 1 entries. As many
// suspects stand for them, changed; those over are inserted; those lacking are missing.
void ChainWalk::explain_gap(std::int64_t next_seq) {
    const std::int64_t first = genuine_seq_ + 1;
    const std::int64_t gap = next_seq - first;
    std::vector<std::int64_t> changed;
    for (std::size_t i = 0; i < suspects_.size(); ++i) {
        const auto& suspect = suspects_[i];
        if (static_cast<std::int64_t>(i) < gap) {
            changed.push_back(suspect.seq);
            findings_.add("ledger.entry_changed", {{"seq", number(suspect.seq)}});
            if (head_ && suspect.seq == head_->seq) hash_at_head_ = suspect.hash;
        } else {
            findings_.add("ledger.entry_inserted", {{"seq", number(suspect.seq)}});
        }
    }
    if (suspects_total_ < gap) {
        for (std::int64_t seq = first; seq < next_seq; ++seq) {
            if (std::find(changed.begin(), changed.end(), seq) != changed.end()) continue;
            findings_.add("ledger.entry_missing", {{"seq", number(seq)}});
        }
    }
    suspects_.clear();
    suspects_total_ = 0;
}

void ChainWalk::finish() {
    const std::int64_t end = head_ ? std::max(head_->seq, genuine_seq_) : genuine_seq_;
    const bool cut = head_ && suspects_total_ < end - genuine_seq_;
    explain_gap(end + 1);
    const bool replaced = head_ && !cut && head_->seq > 0 && hash_at_head_ != head_->hash;
    if (cut || replaced) {
        findings_.add("ledger.head_differs",
                      {{"head_seq", number(head_->seq)}, {"last_seq", number(genuine_seq_)}});
    }
}

}  // namespace amate::ledger::internal
