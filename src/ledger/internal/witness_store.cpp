// SPDX-License-Identifier: Apache-2.0
// SQL of what a witness keeps, and the keeping.
#include "ledger/internal/witness_store.hpp"

#include <algorithm>

#include "ledger/internal/entry_row.hpp"

namespace amate::ledger::internal {
namespace {

using store::SqlRow;
using store::SqlType;

const std::string kSelectHash = "SELECT hash FROM witness_entries WHERE ledger_key = ? AND seq = ?";
const std::string kSelectLedgers =
    "SELECT DISTINCT ledger_key FROM witness_entries UNION "
    "SELECT DISTINCT ledger_key FROM witness_seals ORDER BY ledger_key";
const std::string kSelectSeals =
    "SELECT number, size, root, at, signature FROM witness_seals WHERE ledger_key = ? "
    "ORDER BY size";
const std::string kInsertSeal =
    "INSERT INTO witness_seals (ledger_key, number, size, root, at, signature) "
    "VALUES (?, ?, ?, ?, ?, ?)";

bool has_tables(store::Session& session) {
    return session.has_table("witness_entries") && session.has_table("witness_seals");
}

void make_tables(store::Session& session, const store::WriteKey& key) {
    if (has_tables(session)) return;
    for (const auto& shape : witness_shapes()) session.make_table(key, shape);
}

std::string any_text(const store::SqlValue& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return text == nullptr ? std::string() : *text;
}

std::int64_t any_number(const store::SqlValue& cell) {
    const auto* number = std::get_if<std::int64_t>(&cell);
    return number == nullptr ? -1 : *number;
}

std::string held_hash(store::Session& session, const std::string& ledger, std::int64_t seq) {
    const auto row = session.query_one(kSelectHash, {ledger, seq});
    return row.empty() ? std::string() : any_text(row[0]);
}

tl::unexpected<Problems> fork_at(std::int64_t seq) {
    return fail(Problem{"ledger.fork", {}, {{"seq", std::to_string(seq)}}});
}

}  // namespace

std::vector<store::TableShape> witness_shapes() {
    auto entries = entry_shape("witness_entries");
    entries.columns.insert(entries.columns.begin(), {"ledger_key", SqlType::text, true});
    entries.primary_key = {"ledger_key", "seq"};
    return {std::move(entries),
            {"witness_seals",
             {{"ledger_key", SqlType::text, true},
              {"number", SqlType::integer, true},
              {"size", SqlType::integer, true},
              {"root", SqlType::text, true},
              {"at", SqlType::text, true},
              {"signature", SqlType::text, true}},
             {"ledger_key", "size"},
             {}}};
}

Result<Witnessed> keep_range(store::Session& session, const store::WriteKey& key,
                             RangeReader& reader) {
    make_tables(session, key);
    const auto& header = reader.header();
    Witnessed witnessed{crypto::to_hex(header.key), 0, header.to};
    const auto seals = witnessed_seals(session, witnessed.ledger);
    const auto held = seals.empty() ? std::int64_t{0} : seals.back().size;
    if (header.after() > held) {
        return fail(
            Problem{"ledger.range_gap",
                    {},
                    {{"from", std::to_string(header.after())}, {"held", std::to_string(held)}}});
    }
    auto previous = held_hash(session, witnessed.ledger, header.after());
    auto columns = entry_column_names();
    columns.insert(columns.begin(), "ledger_key");
    std::unique_ptr<store::Session::Inserter> inserter;
    SqlRow row;
    StoredEntry stored;
    while (true) {
        AMATE_TRY(const bool more, reader.next(stored));
        if (!more) break;
        const auto& entry = stored.entry;
        if (!previous.empty() && entry.previous_hash != previous) return fork_at(entry.seq - 1);
        previous.clear();  // from here on the reader looks to the chain
        if (entry.seq <= held) {
            if (held_hash(session, witnessed.ledger, entry.seq) != entry.hash) {
                return fork_at(entry.seq);
            }
            continue;
        }
        if (!inserter) inserter = session.inserter(key, "witness_entries", columns);
        row = row_of(stored);
        row.insert(row.begin(), witnessed.ledger);
        inserter->insert(row);
        ++witnessed.added;
    }
    if (inserter) inserter->flush();
    if (witnessed.added > 0) {
        const auto& to = header.to;
        session.execute(key, kInsertSeal,
                        {witnessed.ledger, to.number, to.size, to.root, to.at, to.signature});
    }
    return witnessed;
}

std::vector<std::string> witnessed_ledgers(store::Session& session) {
    std::vector<std::string> ledgers;
    if (!has_tables(session)) return ledgers;
    session.query(kSelectLedgers, {}, [&](const SqlRow& row) {
        ledgers.push_back(any_text(row[0]));
        return true;
    });
    return ledgers;
}

std::vector<Seal> witnessed_seals(store::Session& session, const std::string& ledger) {
    std::vector<Seal> seals;
    if (!has_tables(session)) return seals;
    session.query(kSelectSeals, {ledger}, [&](const SqlRow& row) {
        seals.push_back({any_number(row[0]), any_number(row[1]), any_text(row[2]), any_text(row[3]),
                         any_text(row[4])});
        return true;
    });
    return seals;
}

void for_each_witnessed(store::Session& session, const std::string& ledger,
                        const std::function<bool(const StoredEntry&)>& each) {
    static const std::string kSelect =
        "SELECT " + entry_columns() + " FROM witness_entries WHERE ledger_key = ? ORDER BY seq";
    if (!has_tables(session)) return;
    session.query(kSelect, {ledger}, [&](const SqlRow& row) { return each(entry_of(row)); });
}

}  // namespace amate::ledger::internal
