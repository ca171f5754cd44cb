// SPDX-License-Identifier: Apache-2.0
// The tree is grown anew from the entries; what is stored of it must be the same, part by part.
#include "ledger/internal/seal_walk.hpp"

#include <algorithm>

namespace amate::ledger::internal {
namespace {

constexpr std::int64_t kSealsAhead = 1000;
constexpr std::int64_t kLeavesAhead = 4096;
constexpr std::int64_t kGapMax = 1000;  // seals named as missing, one by one

std::string number(std::int64_t value) {
    return std::to_string(value);
}

}  // namespace

SealWalk::SealWalk(store::Session& session, std::optional<PublicKey> key, std::optional<Seal> file,
                   Findings& findings)
    : session_(session), key_(key), file_(std::move(file)), findings_(findings) {
    const auto last = find_last_seal(session);
    if (last && (!key_ || seal_signature_holds(*last, *key_))) covered_ = last->size;
    if (file_) covered_ = std::max(covered_, file_->size);
}

// Whether a seal is genuine is told from it alone; only genuine ones, whose sizes rise with their
// numbers, wait for the tree.
void SealWalk::refill_seals() {
    while (seals_.empty() && !all_read_) {
        auto page = load_seals(session_, read_, kSealsAhead);
        all_read_ = static_cast<std::int64_t>(page.size()) < kSealsAhead;
        for (auto& seal : page) {
            ++seals_read_;
            if (seal.number <= read_) {  // no number at all, which the store orders last
                findings_.add("ledger.seal_changed", {{"number", number(seal.number)}});
                all_read_ = true;
                break;
            }
            read_ = seal.number;
            if (is_genuine(seal)) {
                name_gap(seal.number);
                number_ = seal.number;
                size_ = seal.size;
                seals_.push_back(std::move(seal));
            } else {
                if (seal.number == number_ + 1) number_ = seal.number;
                findings_.add("ledger.seal_changed", {{"number", number(seal.number)}});
            }
        }
    }
}

bool SealWalk::is_genuine(const Seal& seal) const {
    return seal.number > number_ && seal.size > size_ &&
           (!key_ || seal_signature_holds(seal, *key_));
}

void SealWalk::name_gap(std::int64_t next) {
    const auto end = std::min(next, number_ + 1 + kGapMax);
    for (auto missing = number_ + 1; missing < end; ++missing) {
        findings_.add("ledger.seal_missing", {{"number", number(missing)}});
    }
}

void SealWalk::feed(std::int64_t seq, const std::string& hash) {
    const auto leaf = crypto::digest_from_hex(hash);
    whole_ = whole_ && leaf && seq == tree_.size() + 1;
    if (!whole_) return;
    if (seq > nodes_read_to_ && seq <= covered_) {
        auto more = load_nodes(session_, nodes_read_to_, nodes_read_to_ + kLeavesAhead);
        nodes_loaded_ += static_cast<std::int64_t>(more.size());
        nodes_.insert(nodes_.end(), std::make_move_iterator(more.begin()),
                      std::make_move_iterator(more.end()));
        nodes_read_to_ += kLeavesAhead;
    }
    tree_.add(leaf_hash(*leaf), [&](const TreeNode& node) {
        if (node.last <= covered_) compare(node);
    });
    for (refill_seals(); !seals_.empty() && seals_.front().size <= seq; refill_seals()) {
        judge(seals_.front());
        seals_.pop_front();
    }
}

void SealWalk::damaged(std::int64_t last, std::int64_t level) {
    findings_.add("ledger.nodes_damaged", {{"seq", number(last)}, {"level", number(level)}});
}

void SealWalk::compare(const TreeNode& node) {
    const std::pair place(node.last, std::int64_t{node.level});
    const auto before = [&](const StoredNode& stored) {
        return std::pair(stored.last, stored.level) < place;
    };
    for (; !nodes_.empty() && before(nodes_.front()); nodes_.pop_front()) {
        damaged(nodes_.front().last, nodes_.front().level);  // one that no tree has
    }
    const bool there =
        !nodes_.empty() && nodes_.front().last == node.last && nodes_.front().level == node.level;
    if (!there || nodes_.front().hash != crypto::to_hex(node.hash)) damaged(node.last, node.level);
    if (there) nodes_.pop_front();
}

void SealWalk::judge(const Seal& seal) {
    const bool same_as_file = !file_ || file_->number != seal.number || *file_ == seal;
    const bool of_these =
        !whole_ || (tree_.size() == seal.size && crypto::to_hex(tree_.root()) == seal.root);
    if (of_these && same_as_file) {
        sealed_ = seal.size;
        return;
    }
    findings_.add("ledger.seal_differs",
                  {{"number", number(seal.number)}, {"size", number(seal.size)}});
}

void SealWalk::finish() {
    for (refill_seals(); !seals_.empty(); refill_seals()) {
        judge(seals_.front());
        seals_.pop_front();
    }
    if (file_) name_gap(file_->number + 1);
    const auto seals = count_seals(session_);
    if (seals != seals_read_) {  // numbered with what is no number above zero
        findings_.add("ledger.seal_inserted", {{"count", number(seals - seals_read_)}});
    }
    if (!whole_) return;
    for (const auto& stray : nodes_) damaged(stray.last, stray.level);
    if (count_nodes(session_) != nodes_loaded_) damaged(covered_, 0);  // some lie out of all places
}

}  // namespace amate::ledger::internal
