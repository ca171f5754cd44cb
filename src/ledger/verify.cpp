// SPDX-License-Identifier: Apache-2.0
// Verification: keys and head, then one pass over entries and the records they account for.
#include "ledger/verify.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "ledger/internal/attachments_walk.hpp"
#include "ledger/internal/chain_walk.hpp"
#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/rows_walk.hpp"
#include "ledger/internal/seal.hpp"
#include "ledger/internal/seal_walk.hpp"
#include "ledger/internal/witness_store.hpp"
#include "ledger/internal/witness_walk.hpp"
#include "store/field_cipher.hpp"
#include "store/record_store.hpp"
#include "store/schema.hpp"

namespace amate::ledger {
namespace {

// What the folder of keys gives to check against; what it lacks is a finding.
struct Keys {
    std::optional<internal::PublicKey> key;
    std::optional<internal::Head> head;
    std::optional<Seal> seal;
};

Keys load_keys(const std::filesystem::path& folder, internal::Findings& findings) {
    Keys keys;
    const auto key = internal::load_public_key(folder);
    if (!key) {
        for (const auto& problem : key.error()) findings.add(problem);
        return keys;
    }
    keys.key = *key;
    if (auto head = internal::load_head(folder, *key)) {
        keys.head = std::move(*head);
    } else {
        for (const auto& problem : head.error()) findings.add(problem);
    }
    if (auto seal = internal::load_seal_file(folder, *key)) {
        keys.seal = std::move(*seal);
    } else {
        for (const auto& problem : seal.error()) findings.add(problem);
    }
    return keys;
}

// Where there are seals there is their file (docs/formats/ledger.md).
void check_seal_file(store::Session& session, const std::filesystem::path& folder, const Keys& keys,
                     internal::Findings& findings) {
    if (!keys.key || keys.seal || !internal::find_last_seal(session)) return;
    if (internal::load_seal_file(folder, *keys.key)) {
        findings.add("ledger.seal_file_missing", {{"file", "ledger.seal.json"}});
    }
}

// A workspace in which nothing was ever written has neither keys nor tables.
bool never_written(store::Session& session, const std::filesystem::path& keys) {
    const auto tables = session.tables();
    const bool no_tables = std::none_of(tables.begin(), tables.end(), [](const auto& name) {
        return name == "ledger" || name.starts_with("r_");
    });
    return no_tables && !internal::Sealer::has_key(keys) && !internal::load_public_key(keys);
}

// Every definition the store keeps must be one that a genuine entry tells of, in that order. Stores
// begun before definitions were kept have none, and their entries tell of none.
void check_definitions(store::Session& session, const std::vector<std::string>& claims,
                       internal::Findings& findings) {
    const auto kept = store::kept_definitions(session);
    for (std::size_t i = 0; i < std::max(kept.size(), claims.size()); ++i) {
        const bool holds = i < kept.size() && i < claims.size() && kept[i].digest == claims[i] &&
                           kept[i].number == static_cast<std::int64_t>(i) + 1 &&
                           crypto::to_hex(crypto::digest(kept[i].form)) == claims[i];
        if (!holds) findings.add("ledger.definition_changed", {{"number", std::to_string(i + 1)}});
    }
}

// The data keys are those that the last entry about them tells of (entries of old tell of none),
// and where the secrets of the workspace are, they open them.
void check_data_keys(store::Session& session, const std::filesystem::path& folder,
                     const std::string& claim, internal::Findings& findings) {
    const bool secrets = internal::Sealer::has_key(folder) || store::has_master_keys(folder);
    try {
        const auto digest = store::data_keys_digest(session);
        if (!claim.empty() && digest != claim) findings.add("ledger.data_keys_changed", {});
        if (secrets) [[maybe_unused]]
            const auto cipher = store::FieldCipher::load(session, folder);
    } catch (const IoFailure& failure) {
        findings.add("ledger.data_keys_unreadable", {{"what", failure.what()}});
    }
}

// Nothing may stand between what is stored and who reads or writes it, and what must be unique is
// held so. Tables of registers the pack no longer has are left to their entries.
void check_structure(store::Session& session, const definitions::Pack& pack,
                     internal::Findings& findings) {
    for (const auto& each : session.additions()) {
        findings.add("ledger.addition_found",
                     {{"kind", each.kind}, {"name", each.name}, {"table", each.table}});
    }
    std::vector<store::TableShape> shapes = internal::ledger_shapes();
    shapes.push_back(store::attachments_shape());
    for (auto& shape : internal::seal_shapes()) shapes.push_back(std::move(shape));
    for (auto& shape : internal::witness_shapes()) shapes.push_back(std::move(shape));
    for (const auto& register_ : pack.registers) shapes.push_back(store::shape_of(*register_));
    for (const auto& shape : shapes) {
        if (!session.has_table(shape.name)) continue;
        const auto keys = session.unique_keys_of(shape.name);
        std::vector<std::vector<std::string>> wanted{shape.primary_key};
        for (const auto& index : shape.indexes) {
            if (index.unique && index.where.empty()) wanted.push_back(index.columns);
        }
        for (const auto& columns : wanted) {
            if (std::find(keys.begin(), keys.end(), columns) != keys.end()) continue;
            findings.add(
                "ledger.constraint_missing",
                {{"table", shape.name}, {"columns", fmt::format("{}", fmt::join(columns, ", "))}});
        }
    }
}

}  // namespace

// What is recorded is proved without the pack, and must be: definitions change, records do not.
// The pack tells only which constraints its tables have.
Verification verify(store::Session& session, const definitions::Pack& pack,
                    const std::filesystem::path& keys, Progress& progress) {
    Verification result;
    if (never_written(session, keys)) return result;
    internal::Findings findings;
    // Head and seal are read first: what is committed meanwhile is newer than they, never older.
    const auto held = load_keys(keys, findings);
    const auto view = session.read_view();
    check_structure(session, pack, findings);
    check_seal_file(session, keys, held, findings);
    internal::ChainWalk chain(held.key, held.head, findings);
    internal::SealWalk seals(session, held.key, held.seal, findings);
    internal::RowsWalk rows(session, findings, progress);
    internal::WitnessWalk witnessed(session, findings);
    internal::AttachmentsWalk attachments(session, findings);
    std::vector<std::string> definitions;  // digests of those kept
    std::string data_keys;                 // the last claim
    internal::for_each_stored_entry(session, std::numeric_limits<std::int64_t>::min(),
                                    [&](const internal::StoredEntry& stored) {
                                        ++result.entries;
                                        if (const auto seq = chain.feed(stored)) {
                                            seals.feed(*seq, stored.entry.hash);
                                            witnessed.feed(stored.entry);
                                            rows.check(*seq, stored.entry);
                                            attachments.feed(*seq, stored.entry);
                                            auto claim =
                                                internal::schema_claim_of(stored.entry.event.after);
                                            if (!claim.definition.empty())
                                                definitions.push_back(std::move(claim.definition));
                                            if (!claim.data_keys.empty())
                                                data_keys = std::move(claim.data_keys);
                                        } else {
                                            rows.check_alone(stored.entry.seq);
                                        }
                                        return true;
                                    });
    check_definitions(session, definitions, findings);
    check_data_keys(session, keys, data_keys, findings);
    chain.finish();
    seals.finish();
    witnessed.finish();
    attachments.finish();
    const auto head_seq = held.head ? held.head->seq : 0;
    rows.finish(std::max(chain.last_genuine(), head_seq));
    // Rows are reached through indexes: one that is not of its table can hide or misplace them.
    for (const auto& what : session.damage())
        findings.add("ledger.store_damaged", {{"what", what}});

    result.records = rows.records();
    if (chain.last_genuine() > 0) result.head_hash = chain.last_hash();
    result.entries_after_head =
        held.head ? std::max<std::int64_t>(0, chain.last_genuine() - head_seq) : 0;
    result.attachments = attachments.count();
    result.sealed = seals.sealed();
    result.problems = findings.take();
    return result;
}

}  // namespace amate::ledger
