// SPDX-License-Identifier: Apache-2.0
// Each witnessed ledger is a chain and a tree of its own, ending as this ledger's entry says.
#include "ledger/internal/witness_walk.hpp"

#include <boost/json.hpp>

#include "ledger/internal/merkle.hpp"
#include "ledger/internal/seal.hpp"
#include "ledger/internal/witness_store.hpp"

namespace amate::ledger::internal {
namespace {

namespace json = boost::json;

// Whether the entry is the next of its ledger, and the one that was received.
bool follows(const StoredEntry& stored, const GrowingTree& tree, const std::string& previous,
             const PublicKey& key) {
    const auto& entry = stored.entry;
    return entry.seq == tree.size() + 1 && entry.previous_hash == previous &&
           hash_of(entry) == entry.hash && entry_signature_holds(entry.hash, stored.signature, key);
}

}  // namespace

void WitnessWalk::feed(const Entry& entry) {
    if (entry.event.action != "ledger.witness") return;
    json::error_code fault;
    const auto value = json::parse(entry.event.after, fault);
    const auto* object = fault ? nullptr : value.if_object();
    if (object == nullptr) return;
    const auto* ledger = object->if_contains("ledger");
    const auto* size = object->if_contains("size");
    const auto* root = object->if_contains("root");
    if (ledger == nullptr || size == nullptr || root == nullptr || !ledger->is_string() ||
        !size->is_int64() || !root->is_string()) {
        return;
    }
    claims_[std::string(ledger->get_string())] = {size->get_int64(),
                                                  std::string(root->get_string())};
}

void WitnessWalk::finish() {
    for (const auto& ledger : witnessed_ledgers(session_)) {
        if (!claims_.contains(ledger)) claims_[ledger] = {};  // nobody received anything of it
    }
    for (const auto& [ledger, claim] : claims_) check(ledger, claim);
}

void WitnessWalk::check(const std::string& ledger, const Claim& claim) {
    const auto changed = [&](std::int64_t seq) {
        findings_.add("ledger.witness_changed", {{"ledger", ledger}, {"seq", std::to_string(seq)}});
    };
    const auto key = parse_public_key(ledger);
    if (!key || claim.size == 0) return changed(0);
    const auto seals = witnessed_seals(session_, ledger);
    auto next = seals.begin();
    GrowingTree tree;
    std::string previous = kNoHash;
    bool sound = true;
    for_each_witnessed(session_, ledger, [&](const StoredEntry& stored) {
        sound = follows(stored, tree, previous, *key);
        if (!sound) return false;
        previous = stored.entry.hash;
        tree.add(leaf_hash(*crypto::digest_from_hex(previous)), [](const TreeNode&) {});
        if (next == seals.end() || next->size != tree.size()) return true;
        sound = seal_signature_holds(*next, *key) && next->root == crypto::to_hex(tree.root());
        ++next;
        return sound;
    });
    const bool ends_so = tree.size() == claim.size && crypto::to_hex(tree.root()) == claim.root &&
                         next == seals.end() && !seals.empty() && seals.back().size == claim.size;
    if (!sound) {
        changed(tree.size() + (tree.size() < claim.size ? 1 : 0));
    } else if (!ends_so) {
        changed(tree.size());
    }
}

}  // namespace amate::ledger::internal
