// SPDX-License-Identifier: Apache-2.0
// The tree against its definition, for every size up to a hundred.
#include "ledger/internal/merkle.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace amate::ledger::internal {
namespace {

TreeHash leaf(std::int64_t number) {
    return leaf_hash(crypto::digest("entry " + std::to_string(number)));
}

// SPEC: RFC 6962 2.1, word for word: the hash of leaves first .. last.
TreeHash defined_root(std::int64_t first, std::int64_t last) {
    const auto count = last - first + 1;
    if (count == 1) return leaf(first);
    std::int64_t k = 1;
    while (k * 2 < count) k *= 2;
    return node_hash(defined_root(first, first + k - 1), defined_root(first + k, last));
}

// A tree grown to `size`, and what it stored on the way.
struct Grown {
    GrowingTree tree;
    std::map<std::pair<std::int64_t, int>, TreeHash> nodes;

    void grow_to(std::int64_t size) {
        while (tree.size() < size) {
            tree.add(leaf(tree.size() + 1), [&](const TreeNode& node) {
                nodes[{node.last, node.level}] = node.hash;
            });
        }
    }
    [[nodiscard]] NodeReader reader() const {
        return [this](std::int64_t last, int level) {
            return level == 0 ? leaf(last) : nodes.at({last, level});
        };
    }
};

constexpr std::int64_t kSizeMax = 100;

// Why: a seal's root must be what anybody computes from the entries by the standard's words.
TEST(Merkle, TheRootIsTheDefinedOne) {
    EXPECT_EQ(GrowingTree().root(), crypto::digest(""));
    Grown grown;
    for (std::int64_t size = 1; size <= kSizeMax; ++size) {
        grown.grow_to(size);
        EXPECT_EQ(grown.tree.root(), defined_root(1, size)) << size;
        EXPECT_EQ(static_cast<std::int64_t>(grown.nodes.size()), complete_subtrees(size));
        const GrowingTree again(size, grown.reader());
        EXPECT_EQ(again.root(), grown.tree.root()) << size;
        const auto from_peaks = GrowingTree::from_peaks(size, grown.tree.peaks());
        ASSERT_TRUE(from_peaks);
        EXPECT_EQ(from_peaks->root(), grown.tree.root());
        EXPECT_FALSE(GrowingTree::from_peaks(size, {}));
    }
}

// Why: a tree taken up again in another unit of work grows on as if it had never stopped.
TEST(Merkle, GrowsOnWhereItStopped) {
    for (std::int64_t stop = 0; stop <= 20; ++stop) {
        Grown whole;
        whole.grow_to(33);
        Grown part;
        part.grow_to(stop);
        Grown later{GrowingTree(stop, part.reader()), part.nodes};
        later.grow_to(33);
        EXPECT_EQ(later.tree.root(), whole.tree.root());
        EXPECT_EQ(later.nodes, whole.nodes);
    }
}

// Why: a proof must hold for what it proves and for nothing else.
TEST(Merkle, InclusionHoldsForTheLeafAndForNoOther) {
    Grown grown;
    grown.grow_to(kSizeMax);
    for (std::int64_t size = 1; size <= 40; ++size) {
        const auto root = defined_root(1, size);
        for (std::int64_t number = 1; number <= size; ++number) {
            auto path = inclusion_path(number, size, grown.reader());
            EXPECT_LE(path.size(), 6U);
            EXPECT_TRUE(inclusion_holds(leaf(number), number, size, path, root));
            EXPECT_FALSE(inclusion_holds(leaf(number + 1), number, size, path, root));
            EXPECT_FALSE(inclusion_holds(leaf(number), number, size, path, leaf(1000)));
            path.push_back(leaf(7));
            EXPECT_FALSE(inclusion_holds(leaf(number), number, size, path, root));
            path.pop_back();
            if (path.empty()) continue;
            path.front()[5] ^= 1;
            EXPECT_FALSE(inclusion_holds(leaf(number), number, size, path, root));
            path.erase(path.begin());
            EXPECT_FALSE(inclusion_holds(leaf(number), number, size, path, root));
        }
    }
    EXPECT_FALSE(inclusion_holds(leaf(1), 0, 1, {}, leaf(1)));
    EXPECT_FALSE(inclusion_holds(leaf(1), 2, 1, {}, leaf(1)));
}

// Why: whoever holds an old seal must be able to tell growth from a fork.
TEST(Merkle, ConsistencyHoldsForGrowthAndForNoFork) {
    Grown grown;
    grown.grow_to(kSizeMax);
    for (std::int64_t to = 1; to <= 40; ++to) {
        for (std::int64_t from = 1; from <= to; ++from) {
            const auto older = defined_root(1, from);
            const auto newer = defined_root(1, to);
            auto path = consistency_path(from, to, grown.reader());
            EXPECT_TRUE(consistency_holds(from, older, to, newer, path)) << from << " " << to;
            EXPECT_FALSE(consistency_holds(from, leaf(1000), to, newer, path));
            EXPECT_FALSE(consistency_holds(from, older, to, leaf(1000), path));
            path.push_back(leaf(7));
            EXPECT_FALSE(consistency_holds(from, older, to, newer, path));
            path.pop_back();
            if (path.empty()) continue;
            path.back()[5] ^= 1;
            EXPECT_FALSE(consistency_holds(from, older, to, newer, path));
            path.pop_back();
            EXPECT_FALSE(consistency_holds(from, older, to, newer, path));
        }
    }
    EXPECT_FALSE(consistency_holds(0, leaf(1), 3, leaf(1), {}));
    EXPECT_FALSE(consistency_holds(4, leaf(1), 3, leaf(1), {}));
}

}  // namespace
}  // namespace amate::ledger::internal
