// SPDX-License-Identifier: Apache-2.0
// Verification: keys and head, then one pass over entries and the records they account for.
#include "ledger/verify.hpp"

#include <algorithm>
#include <limits>

#include "ledger/internal/chain_walk.hpp"
#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/rows_walk.hpp"
#include "ledger/internal/seal.hpp"
#include "store/schema.hpp"

namespace amate::ledger {
namespace {

// What the folder of keys gives to check against; what it lacks is a finding.
struct Seal {
    std::optional<internal::PublicKey> key;
    std::optional<internal::Head> head;
};

Seal load_seal(const std::filesystem::path& keys, internal::Findings& findings) {
    Seal seal;
    const auto key = internal::load_public_key(keys);
    if (!key) {
        for (const auto& problem : key.error()) findings.add(problem);
        return seal;
    }
    seal.key = *key;
    const auto head = internal::load_head(keys, *key);
    if (head) {
        seal.head = *head;
    } else {
        for (const auto& problem : head.error()) findings.add(problem);
    }
    return seal;
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

}  // namespace

// The pack is not needed to prove anything, and must not be: definitions change, records do not.
Verification verify(store::Session& session, const definitions::Pack&,
                    const std::filesystem::path& keys, Progress& progress) {
    Verification result;
    if (never_written(session, keys)) return result;
    internal::Findings findings;
    // The head is read first: what is committed meanwhile is then newer than it, never older.
    const auto seal = load_seal(keys, findings);
    const auto view = session.read_view();
    internal::ChainWalk chain(seal.key, seal.head, findings);
    internal::RowsWalk rows(session, findings, progress);
    std::vector<std::string> claims;  // of definitions kept
    internal::for_each_stored_entry(
        session, std::numeric_limits<std::int64_t>::min(),
        [&](const internal::StoredEntry& stored) {
            ++result.entries;
            if (const auto seq = chain.feed(stored)) {
                rows.check(*seq, stored.entry);
                auto claim = internal::definition_claim_of(stored.entry.event.after);
                if (!claim.empty()) claims.push_back(std::move(claim));
            } else {
                rows.check_alone(stored.entry.seq);
            }
            return true;
        });
    check_definitions(session, claims, findings);
    chain.finish();
    const auto head_seq = seal.head ? seal.head->seq : 0;
    rows.finish(std::max(chain.last_genuine(), head_seq));

    result.records = rows.records();
    if (chain.last_genuine() > 0) result.head_hash = chain.last_hash();
    result.entries_after_head =
        seal.head ? std::max<std::int64_t>(0, chain.last_genuine() - head_seq) : 0;
    result.problems = findings.take();
    return result;
}

}  // namespace amate::ledger
