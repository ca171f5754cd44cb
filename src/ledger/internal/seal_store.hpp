// SPDX-License-Identifier: Apache-2.0
// The tables of seals and of the tree's complete subtrees.
#pragma once

#include <optional>
#include <vector>

#include "ledger/internal/merkle.hpp"
#include "ledger/seals.hpp"
#include "store/session.hpp"

namespace amate::ledger::internal {

[[nodiscard]] std::vector<store::TableShape> seal_shapes();
void make_seal_tables(store::Session& session, const store::WriteKey& key);

void write_seal(store::Session& session, const store::WriteKey& key, const Seal& seal);
[[nodiscard]] std::unique_ptr<store::Session::Inserter> node_inserter(store::Session& session,
                                                                      const store::WriteKey& key);
void insert_node(store::Session::Inserter& inserter, const TreeNode& node);

[[nodiscard]] std::optional<Seal> find_last_seal(store::Session& session);
// Of so many entries.
[[nodiscard]] std::optional<Seal> find_seal(store::Session& session, std::int64_t size);
// By rising number, from the first after `after_number`, at most `count_max`.
[[nodiscard]] std::vector<Seal> load_seals(store::Session& session, std::int64_t after_number,
                                           std::int64_t count_max);
[[nodiscard]] std::int64_t count_seals(store::Session& session);

// Complete subtrees that end with a leaf in (after, last], by that leaf, then by level. Hashes as
// they are stored: no hex, no hash.
struct StoredNode {
    std::int64_t last = 0;
    std::int64_t level = 0;
    std::string hash;
};
[[nodiscard]] std::vector<StoredNode> load_nodes(store::Session& session, std::int64_t after,
                                                 std::int64_t last);
[[nodiscard]] std::int64_t count_nodes(store::Session& session);

// Reads subtrees of the stored tree; leaves from the entries. Borrows the session. Throws IoFailure
// if one is missing or no hash.
[[nodiscard]] NodeReader node_reader(store::Session& session);

}  // namespace amate::ledger::internal
