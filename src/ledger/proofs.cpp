// SPDX-License-Identifier: Apache-2.0
// Puts proofs together from entries, blocks of rows and the stored tree.
#include "ledger/proofs.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "ledger/internal/entry_json.hpp"
#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/seal.hpp"
#include "ledger/internal/seal_store.hpp"
#include "store/record_store.hpp"

namespace amate::ledger {
namespace {

namespace json = boost::json;

std::string number(std::int64_t value) {
    return std::to_string(value);
}

json::array array_of(const internal::TreePath& path) {
    json::array items;
    for (const auto& hash : path) items.emplace_back(crypto::to_hex(hash));
    return items;
}

internal::TreeHash hash_of_hex(const std::string& hex) {
    const auto hash = crypto::digest_from_hex(hex);
    if (!hash) throw IoFailure("the ledger holds a hash that is none: run `amate verify`");
    return *hash;
}

// The seal of `size` entries or the latest, its signature checked.
Result<Seal> find_holding_seal(store::Session& session, const internal::PublicKey& key,
                               std::optional<std::int64_t> size) {
    const auto latest = internal::find_last_seal(session);
    if (!latest) return fail(Problem{"ledger.no_seal", {}, {}});
    auto seal = size ? internal::find_seal(session, *size) : latest;
    if (!seal) {
        return fail(Problem{"ledger.no_seal_of_size",
                            {},
                            {{"size", number(*size)}, {"latest", number(latest->size)}}});
    }
    if (!internal::seal_signature_holds(*seal, key)) {
        return fail(Problem{"ledger.seal_changed", {}, {{"number", number(seal->number)}}});
    }
    return *std::move(seal);
}

Result<json::object> entry_under(store::Session& session, std::int64_t seq, const Seal& seal) {
    const auto stored = internal::find_entry(session, seq);
    if (!stored) return fail(Problem{"ledger.no_entry", {}, {{"seq", number(seq)}}});
    if (seq > seal.size) {
        return fail(
            Problem{"ledger.not_sealed", {}, {{"seq", number(seq)}, {"size", number(seal.size)}}});
    }
    const auto path = internal::inclusion_path(seq, seal.size, internal::node_reader(session));
    const auto leaf = internal::leaf_hash(hash_of_hex(stored->entry.hash));
    if (hash_of(stored->entry) != stored->entry.hash) {
        return fail(Problem{"ledger.entry_changed", {}, {{"seq", number(seq)}}});
    }
    if (!internal::inclusion_holds(leaf, seq, seal.size, path, hash_of_hex(seal.root))) {
        return fail(Problem{"ledger.seal_differs",
                            {},
                            {{"number", number(seal.number)}, {"size", number(seal.size)}}});
    }
    return json::object{{"entry", internal::json_of(*stored)}, {"path", array_of(path)}};
}

json::object json_of(const Seal& seal, const internal::PublicKey& key) {
    return json::parse(to_json(seal, crypto::to_hex(key))).get_object();
}

json::value json_of(const store::SqlValue& cell) {
    return std::visit(
        [](const auto& value) -> json::value {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return nullptr;
            } else {
                return json::value(value);
            }
        },
        cell);
}

// Where a row lies among those of its entry: the hashes of its block, and the digests of all
// blocks. Empty if they do not lead to what the entry claims.
std::optional<json::object> place_of(store::Session& session, store::SealedTable& table,
                                     const std::string& register_name, const store::SealedRow& row,
                                     const internal::RowsClaim& claim) {
    auto blocks = internal::load_blocks(session, row.ledger_seq, register_name);
    if (blocks.empty()) blocks = {{claim.added, claim.last, ""}};
    const auto mine = std::find_if(blocks.begin(), blocks.end(), [&](const internal::Block& each) {
        return row.batch_row <= each.last_row;
    });
    if (mine == blocks.end()) return std::nullopt;
    const auto before = mine == blocks.begin() ? std::int64_t{0} : (mine - 1)->last_row;
    const auto hashes = table.hashes_of(row.ledger_seq, before, mine->last_row);
    std::string lines;
    json::array block;
    for (const auto& hash : hashes) {
        lines += hash + "\n";
        block.emplace_back(hash);
    }
    const auto digest = internal::digest_of_lines(lines);
    if (mine->digest.empty()) mine->digest = digest;
    const bool in_block = std::find(hashes.begin(), hashes.end(), row.stated_hash) != hashes.end();
    if (!in_block || row.stated_hash != row.computed_hash || mine->digest != digest ||
        internal::digest_of_blocks(blocks) != claim.digest) {
        return std::nullopt;
    }
    json::array digests;
    for (const auto& each : blocks) digests.emplace_back(each.digest);
    return json::object{{"block", std::move(block)}, {"blocks", std::move(digests)}};
}

Result<json::object> row_under(store::Session& session, store::SealedTable& table,
                               const std::string& register_name, const store::SealedRow& sealed,
                               const store::SqlRow& row, const Seal& seal) {
    AMATE_TRY(auto proof, entry_under(session, sealed.ledger_seq, seal));
    const auto stored = internal::find_entry(session, sealed.ledger_seq);
    const auto claims = internal::rows_claims_of(stored->entry.event.after);
    const auto claim = claims.find(register_name);
    auto place = claim == claims.end()
                     ? std::nullopt
                     : place_of(session, table, register_name, sealed, claim->second);
    if (!place) {
        return fail(Problem{"ledger.record_changed",
                            {},
                            {{"register", register_name},
                             {"folio", sealed.folio},
                             {"seq", number(sealed.ledger_seq)},
                             {"row", number(sealed.batch_row)}}});
    }
    json::object cells;
    for (std::size_t i = 0; i < row.size(); ++i) cells[table.columns()[i]] = json_of(row[i]);
    proof["row"] = std::move(cells);
    for (auto& item : *place) proof[item.key()] = std::move(item.value());
    return proof;
}

}  // namespace

Result<std::string> prove_entry(store::Session& session, const std::filesystem::path& keys,
                                std::int64_t seq, std::optional<std::int64_t> size) {
    AMATE_TRY(const auto key, internal::load_public_key(keys));
    const auto view = session.read_view();
    AMATE_TRY(const auto seal, find_holding_seal(session, key, size));
    AMATE_TRY(auto proof, entry_under(session, seq, seal));
    proof["format"] = "amate-proof-entry-1";
    proof["seal"] = json_of(seal, key);
    return json::serialize(proof);
}

Result<std::string> prove_growth(store::Session& session, const std::filesystem::path& keys,
                                 std::int64_t from, std::int64_t to) {
    AMATE_TRY(const auto key, internal::load_public_key(keys));
    const auto view = session.read_view();
    AMATE_TRY(const auto older, find_holding_seal(session, key, std::min(from, to)));
    AMATE_TRY(const auto newer, find_holding_seal(session, key, std::max(from, to)));
    const auto path =
        internal::consistency_path(older.size, newer.size, internal::node_reader(session));
    if (!internal::consistency_holds(older.size, hash_of_hex(older.root), newer.size,
                                     hash_of_hex(newer.root), path)) {
        return fail(Problem{"ledger.seal_differs",
                            {},
                            {{"number", number(newer.number)}, {"size", number(newer.size)}}});
    }
    return json::serialize(json::object{{"format", "amate-proof-growth-1"},
                                        {"from", json_of(older, key)},
                                        {"to", json_of(newer, key)},
                                        {"path", array_of(path)}});
}

Result<std::string> prove_record(store::Session& session, const std::filesystem::path& keys,
                                 const std::string& register_name, const std::string& folio) {
    AMATE_TRY(const auto key, internal::load_public_key(keys));
    const auto view = session.read_view();
    AMATE_TRY(const auto seal, find_holding_seal(session, key, std::nullopt));
    const Problem none{"ledger.no_record", {}, {{"register", register_name}, {"folio", folio}}};
    const auto table_name = "r_" + register_name;
    if (!session.has_table(table_name)) return fail(none);
    store::SealedTable table(session, table_name);
    json::array rows;
    Problems problems;
    table.for_each_row_of(folio, [&](const store::SealedRow& sealed, const store::SqlRow& row) {
        auto proof = row_under(session, table, register_name, sealed, row, seal);
        if (proof) {
            rows.emplace_back(std::move(*proof));
        } else {
            problems.insert(problems.end(), proof.error().begin(), proof.error().end());
        }
    });
    if (!problems.empty()) return fail(std::move(problems));
    if (rows.empty()) return fail(none);
    return json::serialize(json::object{{"format", "amate-proof-record-1"},
                                        {"register", register_name},
                                        {"folio", folio},
                                        {"rows", std::move(rows)},
                                        {"seal", json_of(seal, key)}});
}

}  // namespace amate::ledger
