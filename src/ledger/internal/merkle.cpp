// SPDX-License-Identifier: Apache-2.0
// Left subtrees are always complete; only the right edge is ragged and is put together when asked.
#include "ledger/internal/merkle.hpp"

#include <bit>
#include <string>

#include "core/result.hpp"

namespace amate::ledger::internal {
namespace {

std::string_view bytes_of(const TreeHash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

bool is_power_of_two(std::int64_t count) {
    return std::has_single_bit(static_cast<std::uint64_t>(count));
}

int level_of(std::int64_t power) {
    return std::countr_zero(static_cast<std::uint64_t>(power));
}

// The largest power of two below `count` (at least 2).
std::int64_t split_of(std::int64_t count) {
    return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(count - 1)));
}

// Leaves (begin, end]; `begin` is a multiple of the largest power of two in the range.
TreeHash root_of(std::int64_t begin, std::int64_t end, const NodeReader& node) {
    const auto count = end - begin;
    if (is_power_of_two(count)) return node(end, level_of(count));
    const auto middle = begin + split_of(count);
    return node_hash(root_of(begin, middle, node), root_of(middle, end, node));
}

void append_inclusion(std::int64_t leaf, std::int64_t begin, std::int64_t end,
                      const NodeReader& node, TreePath& path) {
    if (end - begin == 1) return;
    const auto middle = begin + split_of(end - begin);
    if (leaf <= middle) {
        append_inclusion(leaf, begin, middle, node, path);
        path.push_back(root_of(middle, end, node));
    } else {
        append_inclusion(leaf, middle, end, node, path);
        path.push_back(root_of(begin, middle, node));
    }
}

// Whether the reader of the proof knows the root of (begin, end] as that of the older tree.
enum class Known : unsigned char { yes, no };

void append_consistency(std::int64_t from, std::int64_t begin, std::int64_t end, Known known,
                        const NodeReader& node, TreePath& path) {
    if (from == end) {
        if (known == Known::no) path.push_back(root_of(begin, end, node));
        return;
    }
    const auto middle = begin + split_of(end - begin);
    if (from <= middle) {
        append_consistency(from, begin, middle, known, node, path);
        path.push_back(root_of(middle, end, node));
    } else {
        append_consistency(from, middle, end, Known::no, node, path);
        path.push_back(root_of(begin, middle, node));
    }
}

}  // namespace

TreeHash leaf_hash(const TreeHash& leaf) {
    std::string bytes(1, '\x00');
    bytes += bytes_of(leaf);
    return crypto::digest(bytes);
}

TreeHash node_hash(const TreeHash& left, const TreeHash& right) {
    std::string bytes(1, '\x01');
    bytes += bytes_of(left);
    bytes += bytes_of(right);
    return crypto::digest(bytes);
}

TreeHash empty_root() {
    return crypto::digest("");
}

GrowingTree::GrowingTree(std::int64_t size, const NodeReader& node) : size_(size) {
    AMATE_CHECK(size >= 0);
    std::int64_t last = 0;
    for (auto rest = static_cast<std::uint64_t>(size); rest > 0;) {
        const auto power = std::bit_floor(rest);
        last += static_cast<std::int64_t>(power);
        const int level = std::countr_zero(power);
        peaks_.push_back({last, level, node(last, level)});
        rest -= power;
    }
}

std::optional<GrowingTree> GrowingTree::from_peaks(std::int64_t size, const TreePath& hashes) {
    if (size < 0 || std::popcount(static_cast<std::uint64_t>(size)) !=
                        static_cast<std::ptrdiff_t>(hashes.size())) {
        return std::nullopt;
    }
    auto next = hashes.begin();
    return GrowingTree(size, [&](std::int64_t, int) { return *next++; });
}

TreePath GrowingTree::peaks() const {
    TreePath hashes;
    for (const auto& peak : peaks_) hashes.push_back(peak.hash);
    return hashes;
}

void GrowingTree::add(const TreeHash& leaf, const std::function<void(const TreeNode&)>& completed) {
    ++size_;
    TreeNode grown{size_, 0, leaf};
    while (!peaks_.empty() && peaks_.back().level == grown.level) {
        grown = {size_, grown.level + 1, node_hash(peaks_.back().hash, grown.hash)};
        peaks_.pop_back();
        completed(grown);
    }
    peaks_.push_back(grown);
}

TreeHash GrowingTree::root() const {
    if (peaks_.empty()) return empty_root();
    auto root = peaks_.back().hash;
    for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) {
        root = node_hash(peak->hash, root);
    }
    return root;
}

std::int64_t complete_subtrees(std::int64_t size) {
    return size - std::popcount(static_cast<std::uint64_t>(size));
}

TreePath inclusion_path(std::int64_t leaf, std::int64_t size, const NodeReader& node) {
    AMATE_CHECK(leaf >= 1 && leaf <= size);
    TreePath path;
    append_inclusion(leaf, 0, size, node, path);
    return path;
}

TreePath consistency_path(std::int64_t from, std::int64_t to, const NodeReader& node) {
    AMATE_CHECK(from >= 1 && from <= to);
    TreePath path;
    append_consistency(from, 0, to, Known::yes, node, path);
    return path;
}

bool inclusion_holds(const TreeHash& leaf_hash, std::int64_t leaf, std::int64_t size,
                     const TreePath& path, const TreeHash& root) {
    if (leaf < 1 || leaf > size) return false;
    auto index = leaf - 1;
    auto last = size - 1;
    auto hash = leaf_hash;
    for (const auto& sibling : path) {
        if (last == 0) return false;
        if ((index & 1) != 0 || index == last) {
            hash = node_hash(sibling, hash);
            while ((index & 1) == 0 && index != 0) {
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    return last == 0 && hash == root;
}

bool consistency_holds(std::int64_t from, const TreeHash& from_root, std::int64_t to,
                       const TreeHash& to_root, const TreePath& path) {
    if (from < 1 || from > to) return false;
    if (from == to) return path.empty() && from_root == to_root;
    if (path.empty() && !is_power_of_two(from)) return false;
    auto step = path.begin();
    const auto first = is_power_of_two(from) ? from_root : *step++;
    auto index = from - 1;
    auto last = to - 1;
    while ((index & 1) != 0) {
        index >>= 1;
        last >>= 1;
    }
    auto older = first;
    auto newer = first;
    for (; step != path.end(); ++step) {
        if (last == 0) return false;
        if ((index & 1) != 0 || index == last) {
            older = node_hash(*step, older);
            newer = node_hash(*step, newer);
            while ((index & 1) == 0 && index != 0) {
                index >>= 1;
                last >>= 1;
            }
        } else {
            newer = node_hash(newer, *step);
        }
        index >>= 1;
        last >>= 1;
    }
    return last == 0 && older == from_root && newer == to_root;
}

}  // namespace amate::ledger::internal
