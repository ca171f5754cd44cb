// SPDX-License-Identifier: Apache-2.0
// SQL of seals and subtrees.
#include "ledger/internal/seal_store.hpp"

#include <fmt/format.h>

namespace amate::ledger::internal {
namespace {

using store::SqlRow;
using store::SqlType;

const std::string kSealColumns = "number, size, root, at, signature";
const std::string kInsertSeal =
    "INSERT INTO ledger_seals (" + kSealColumns + ") VALUES (?, ?, ?, ?, ?)";
const std::string kSelectLastSeal =
    "SELECT " + kSealColumns + " FROM ledger_seals ORDER BY number DESC LIMIT 1";
const std::string kSelectSeal = "SELECT " + kSealColumns + " FROM ledger_seals WHERE size = ?";
const std::string kSelectSeals =
    "SELECT " + kSealColumns + " FROM ledger_seals WHERE number > ? ORDER BY number LIMIT ?";
const std::string kCountSeals = "SELECT COUNT(*) FROM ledger_seals";
const std::string kSelectNodes =
    "SELECT last_seq, level, hash FROM ledger_nodes WHERE last_seq > ? AND last_seq <= ? "
    "ORDER BY last_seq, level";
const std::string kSelectNode = "SELECT hash FROM ledger_nodes WHERE last_seq = ? AND level = ?";
const std::string kSelectLeaf = "SELECT hash FROM ledger WHERE seq = ?";
const std::string kCountNodes = "SELECT COUNT(*) FROM ledger_nodes";

// Somebody may have tampered with any cell: what is no number or text agrees with nothing.
std::int64_t any_number(const store::SqlValue& cell) {
    const auto* number = std::get_if<std::int64_t>(&cell);
    return number == nullptr ? -1 : *number;
}

std::string any_text(const store::SqlValue& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return text == nullptr ? std::string() : *text;
}

Seal seal_of(const SqlRow& row) {
    return {any_number(row[0]), any_number(row[1]), any_text(row[2]), any_text(row[3]),
            any_text(row[4])};
}

bool has_seals(store::Session& session) {
    return session.has_table("ledger_seals");
}

bool has_nodes(store::Session& session) {
    return session.has_table("ledger_nodes");
}

std::optional<Seal> find_one(store::Session& session, const std::string& sql,
                             const std::vector<store::SqlValue>& parameters) {
    if (!has_seals(session)) return std::nullopt;
    const auto row = session.query_one(sql, parameters);
    if (row.empty()) return std::nullopt;
    return seal_of(row);
}

}  // namespace

std::vector<store::TableShape> seal_shapes() {
    return {{"ledger_seals",
             {{"number", SqlType::integer, true},
              {"size", SqlType::integer, true},
              {"root", SqlType::text, true},
              {"at", SqlType::text, true},
              {"signature", SqlType::text, true}},
             {"number"},
             {{"ledger_seals_size", {"size"}, true, ""}}},
            {"ledger_nodes",
             {{"last_seq", SqlType::integer, true},
              {"level", SqlType::integer, true},
              {"hash", SqlType::text, true}},
             {"last_seq", "level"},
             {}}};
}

void make_seal_tables(store::Session& session, const store::WriteKey& key) {
    if (has_seals(session) || has_nodes(session)) return;
    for (const auto& shape : seal_shapes()) session.make_table(key, shape);
}

void write_seal(store::Session& session, const store::WriteKey& key, const Seal& seal) {
    session.execute(key, kInsertSeal, {seal.number, seal.size, seal.root, seal.at, seal.signature});
}

std::unique_ptr<store::Session::Inserter> node_inserter(store::Session& session,
                                                        const store::WriteKey& key) {
    return session.inserter(key, "ledger_nodes", {"last_seq", "level", "hash"});
}

void insert_node(store::Session::Inserter& inserter, const TreeNode& node) {
    inserter.insert({node.last, std::int64_t{node.level}, crypto::to_hex(node.hash)});
}

std::optional<Seal> find_last_seal(store::Session& session) {
    return find_one(session, kSelectLastSeal, {});
}

std::optional<Seal> find_seal(store::Session& session, std::int64_t size) {
    return find_one(session, kSelectSeal, {size});
}

std::vector<Seal> load_seals(store::Session& session, std::int64_t after_number,
                             std::int64_t count_max) {
    std::vector<Seal> seals;
    if (!has_seals(session)) return seals;
    session.query(kSelectSeals, {after_number, count_max}, [&](const SqlRow& row) {
        seals.push_back(seal_of(row));
        return true;
    });
    return seals;
}

std::int64_t count_seals(store::Session& session) {
    return has_seals(session) ? store::integer_of(session.query_one(kCountSeals)[0]) : 0;
}

std::vector<StoredNode> load_nodes(store::Session& session, std::int64_t after, std::int64_t last) {
    std::vector<StoredNode> nodes;
    if (!has_nodes(session)) return nodes;
    session.query(kSelectNodes, {after, last}, [&](const SqlRow& row) {
        nodes.push_back({any_number(row[0]), any_number(row[1]), any_text(row[2])});
        return true;
    });
    return nodes;
}

std::int64_t count_nodes(store::Session& session) {
    return has_nodes(session) ? store::integer_of(session.query_one(kCountNodes)[0]) : 0;
}

NodeReader node_reader(store::Session& session) {
    return [&session](std::int64_t last, int level) {
        const auto row = level == 0 ? session.query_one(kSelectLeaf, {last})
                                    : session.query_one(kSelectNode, {last, std::int64_t{level}});
        const auto hash =
            row.empty() ? std::optional<TreeHash>() : crypto::digest_from_hex(any_text(row[0]));
        if (!hash) {
            throw IoFailure(fmt::format(
                "the tree of seals lacks its part at entry {}, level {}: run `amate verify`", last,
                level));
        }
        return level == 0 ? leaf_hash(*hash) : *hash;
    };
}

}  // namespace amate::ledger::internal
