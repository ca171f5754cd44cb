// SPDX-License-Identifier: Apache-2.0
// The tree of RFC 6962 over BLAKE2b-256: growing it, its root, and proofs in it. Knows no ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/crypto.hpp"

namespace amate::ledger::internal {

using TreeHash = crypto::Digest;
using TreePath = std::vector<TreeHash>;

// SPEC: RFC 6962 2.1: a leaf is prefixed with 0x00, a node with 0x01, so that none passes as the
// other. The empty tree's root is the digest of nothing.
[[nodiscard]] TreeHash leaf_hash(const TreeHash& leaf);
[[nodiscard]] TreeHash node_hash(const TreeHash& left, const TreeHash& right);
[[nodiscard]] TreeHash empty_root();

// A complete subtree: the 2^level leaves that end with the leaf `last` (leaves are 1, 2, 3 ...).
// Complete subtrees never change as the tree grows.
struct TreeNode {
    std::int64_t last = 0;
    int level = 0;
    TreeHash hash{};
};

// Gives the hash of a complete subtree; level 0 is a leaf's. Calls: O(log size) a proof.
using NodeReader = std::function<TreeHash(std::int64_t last, int level)>;

// A tree that grows leaf by leaf. Memory: the logarithm of its size. Value type.
class GrowingTree {
public:
    GrowingTree() = default;
    // Taken up again at `size` leaves.
    GrowingTree(std::int64_t size, const NodeReader& node);
    // The same from the hashes of its peaks(); nothing if they are not as many as `size` has.
    [[nodiscard]] static std::optional<GrowingTree> from_peaks(std::int64_t size,
                                                               const TreePath& hashes);

    // Adds leaf number size() + 1, given as leaf_hash(). Calls `completed` for every subtree above
    // leaves that it completes, by rising level.
    void add(const TreeHash& leaf, const std::function<void(const TreeNode&)>& completed);
    [[nodiscard]] TreeHash root() const;
    [[nodiscard]] std::int64_t size() const { return size_; }
    // Of the complete subtrees side by side, the largest first: they make the root, and all that
    // the tree needs to grow on.
    [[nodiscard]] TreePath peaks() const;

private:
    std::int64_t size_ = 0;
    std::vector<TreeNode> peaks_;  // by falling level
};

// Subtrees above leaves that a tree of this size has complete.
[[nodiscard]] std::int64_t complete_subtrees(std::int64_t size);

// Proof that `leaf` (1 .. size) is in the tree of `size` leaves. SPEC: RFC 6962 2.1.1.
[[nodiscard]] TreePath inclusion_path(std::int64_t leaf, std::int64_t size, const NodeReader& node);
// Proof that the tree of `to` leaves begins with that of `from`, 1 <= from <= to. SPEC: 2.1.2.
[[nodiscard]] TreePath consistency_path(std::int64_t from, std::int64_t to, const NodeReader& node);

// SPEC: RFC 9162 2.1.3.2 and 2.1.4.2: checking the same, from any sizes and paths whatsoever.
[[nodiscard]] bool inclusion_holds(const TreeHash& leaf_hash, std::int64_t leaf, std::int64_t size,
                                   const TreePath& path, const TreeHash& root);
[[nodiscard]] bool consistency_holds(std::int64_t from, const TreeHash& from_root, std::int64_t to,
                                     const TreeHash& to_root, const TreePath& path);

}  // namespace amate::ledger::internal
