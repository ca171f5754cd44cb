// SPDX-License-Identifier: Apache-2.0
// The work of a seal is that of its new entries; what it builds on is checked before it is signed.
#include "ledger/internal/sealing.hpp"

#include <fmt/format.h>

#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/seal_store.hpp"

namespace amate::ledger::internal {
namespace {

constexpr std::int64_t kEntriesPerRound = 10'000;

[[noreturn]] void refuse(std::int64_t seq) {
    throw IoFailure(
        fmt::format("the ledger is not as it was sealed (about entry {}): run `amate verify`; "
                    "nothing is sealed before that",
                    seq));
}

// The seal the store ends with must be the one kept outside it, or a newer one: a crash between
// commit and file is lag, a store without its last seals is not.
Seal former_seal(store::Session& session, const Sealer& sealer) {
    const auto stored = find_last_seal(session);
    if (stored && !seal_signature_holds(*stored, sealer.public_key())) refuse(stored->size);
    const auto file = load_seal_file(sealer.keys(), sealer.public_key());
    if (!file) {
        throw IoFailure(
            "the file of the latest seal is damaged: restore ledger.seal.json from its copy; "
            "nothing is sealed before that");
    }
    if (stored && !*file) {
        throw IoFailure(
            "the file of the latest seal is missing: restore ledger.seal.json from its copy; "
            "nothing is sealed before that");
    }
    const auto number = stored ? stored->number : 0;
    const bool cut = *file && (*file)->number > number;
    const bool other = *file && stored && (*file)->number == number && **file != *stored;
    if (cut || other) refuse((*file)->size);
    return stored ? *stored : Seal{0, 0, crypto::to_hex(empty_root()), "", ""};
}

// The tree at the former seal; its root is the one that was signed, and the entry it ends with is
// among its leaves.
GrowingTree tree_at(store::Session& session, const Seal& former, const std::string& last_hash) {
    const auto node = node_reader(session);
    GrowingTree tree(former.size, node);
    const auto root = tree.root();
    if (crypto::to_hex(root) != former.root) refuse(former.size);
    if (former.size == 0) return tree;
    const auto hash = crypto::digest_from_hex(last_hash);
    const bool leads_there =
        hash && inclusion_holds(leaf_hash(*hash), former.size, former.size,
                                inclusion_path(former.size, former.size, node), root);
    if (!leads_there) refuse(former.size);
    return tree;
}

// Adds the next entries, at most kEntriesPerRound, which follow the hash `previous`; the hash of
// the last of them.
std::string grow(store::Session& session, const store::WriteKey& key, GrowingTree& tree,
                 std::string previous) {
    std::vector<TreeNode> completed;
    const auto until = tree.size() + kEntriesPerRound;
    const auto before = tree.size();
    for_each_stored_entry(session, before, [&](const StoredEntry& stored) {
        const auto& entry = stored.entry;
        const auto hash = crypto::digest_from_hex(entry.hash);
        if (!hash || entry.seq != tree.size() + 1 || entry.previous_hash != previous ||
            hash_of(entry) != entry.hash) {
            refuse(entry.seq);
        }
        previous = entry.hash;
        tree.add(leaf_hash(*hash), [&](const TreeNode& node) { completed.push_back(node); });
        return tree.size() < until;
    });
    if (tree.size() == before) refuse(before + 1);
    const auto inserter = node_inserter(session, key);
    for (const auto& node : completed) insert_node(*inserter, node);
    inserter->flush();
    return previous;
}

}  // namespace

// The new entries need no look at their signatures: each is bound by the next one's
// `previous_hash`, and the last of them by the signed head.
std::optional<Seal> seal_entries(store::Session& session, const store::WriteKey& key,
                                 const Sealer& sealer, const Entry& last, const std::string& at) {
    make_seal_tables(session, key);
    const auto former = former_seal(session, sealer);
    if (former.size > last.seq) refuse(former.size);
    if (former.number == 0) {
        // Where there are seals there is their file, so that taking it away never looks like a
        // ledger that has none.
        Seal none{0, 0, former.root, at, ""};
        none.signature = sealer.sign_seal(none);
        sealer.write_seal(none);
    }
    if (former.size == last.seq) return former.number == 0 ? std::nullopt : std::optional(former);

    std::string previous = kNoHash;
    if (former.size > 0) {
        const auto sealed = find_entry(session, former.size);
        previous = sealed ? sealed->entry.hash : std::string();
    }
    auto tree = tree_at(session, former, previous);
    while (tree.size() < last.seq) previous = grow(session, key, tree, previous);
    if (previous != last.hash) refuse(last.seq);

    Seal seal{former.number + 1, tree.size(), crypto::to_hex(tree.root()), at, ""};
    seal.signature = sealer.sign_seal(seal);
    write_seal(session, key, seal);
    return seal;
}

}  // namespace amate::ledger::internal
