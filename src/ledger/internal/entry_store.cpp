// SPDX-License-Identifier: Apache-2.0
// SQL of the ledger's own tables.
#include "ledger/internal/entry_store.hpp"

#include "ledger/internal/entry_row.hpp"

namespace amate::ledger::internal {
namespace {

using store::SqlRow;
using store::SqlType;

const std::string kEntryColumns = entry_columns();
const std::string kSelectAfter =
    "SELECT " + kEntryColumns + " FROM ledger WHERE seq > ? ORDER BY seq";
const std::string kSelectAction =
    "SELECT " + kEntryColumns + " FROM ledger WHERE action = ? ORDER BY seq";
const std::string kSelectOne = "SELECT " + kEntryColumns + " FROM ledger WHERE seq = ?";
const std::string kSelectLast =
    "SELECT " + kEntryColumns + " FROM ledger ORDER BY seq DESC LIMIT 1";
// LIKE would not do: SQLite passes over capitals, PostgreSQL does not.
const std::string kSelectBatch = "SELECT " + kEntryColumns +
                                 " FROM ledger WHERE action = 'batch.ingest' AND "
                                 "replace(after_json, ?, '') <> after_json ORDER BY seq LIMIT 1";
const std::string kInsert =
    "INSERT INTO ledger (" + kEntryColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const std::string kSelectBlocks =
    "SELECT row_count, last_row, digest, block FROM ledger_blocks WHERE seq = ? AND register_name "
    "= ? "
    "ORDER BY block";
const std::string kInsertAnswer =
    "INSERT INTO ledger_answers (user_name, request_key, request_digest, answer, at) "
    "VALUES (?, ?, ?, ?, ?)";
const std::string kSelectAnswer =
    "SELECT request_digest, answer, at FROM ledger_answers WHERE user_name = ? AND request_key = ?";
const std::string kSelectBlockOwners =
    "SELECT DISTINCT seq, register_name FROM ledger_blocks ORDER BY seq, register_name";
const std::string kSelectNumber = "SELECT next_number FROM ledger_sequences WHERE name = ?";
// '/' follows '.': all names that begin with the second parameter.
const std::string kSelectNumbers =
    "SELECT name, next_number FROM ledger_sequences WHERE name = ? OR (name >= ? AND name < ?)";
const std::string kInsertNumber = "INSERT INTO ledger_sequences (name, next_number) VALUES (?, ?)";
const std::string kUpdateNumber = "UPDATE ledger_sequences SET next_number = ? WHERE name = ?";

// What a tampered row may hold instead becomes something that no hash agrees with.
std::string cell_text(const store::SqlValue& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return text == nullptr ? std::string("\x01") : *text;
}

std::optional<StoredEntry> find_one(store::Session& session, const std::string& sql,
                                    const std::vector<store::SqlValue>& parameters) {
    if (!has_ledger(session)) return std::nullopt;
    const auto row = session.query_one(sql, parameters);
    if (row.empty()) return std::nullopt;
    return entry_of(row);
}

}  // namespace

bool has_ledger(store::Session& session) {
    return session.has_table("ledger");
}

std::vector<store::TableShape> ledger_shapes() {
    return {entry_shape("ledger"),
            {"ledger_answers",
             {{"user_name", SqlType::text, true},
              {"request_key", SqlType::text, true},
              {"request_digest", SqlType::text, true},
              {"answer", SqlType::text, true},
              {"at", SqlType::text, true}},
             {"user_name", "request_key"},
             {}},
            {"ledger_blocks",
             {{"seq", SqlType::integer, true},
              {"register_name", SqlType::text, true},
              {"block", SqlType::integer, true},
              {"row_count", SqlType::integer, true},
              {"last_row", SqlType::integer, true},
              {"digest", SqlType::text, true}},
             {"seq", "register_name", "block"},
             {}},
            {"ledger_sequences",
             {{"name", SqlType::text, true}, {"next_number", SqlType::integer, true}},
             {"name"},
             {}}};
}

void make_ledger_tables(store::Session& session, const store::WriteKey& key) {
    if (has_ledger(session)) return;
    for (const auto& shape : ledger_shapes()) session.make_table(key, shape);
}

void write_entry(store::Session& session, const store::WriteKey& key, const StoredEntry& stored) {
    session.execute(key, kInsert, row_of(stored));
}

void for_each_stored_entry(store::Session& session, std::int64_t after_seq,
                           const std::function<bool(const StoredEntry&)>& each) {
    if (!has_ledger(session)) return;
    session.query(kSelectAfter, {after_seq},
                  [&](const SqlRow& row) { return each(entry_of(row)); });
}

void for_each_stored_entry_of(store::Session& session, std::string_view action,
                              const std::function<bool(const StoredEntry&)>& each) {
    if (!has_ledger(session)) return;
    session.query(kSelectAction, {std::string(action)},
                  [&](const SqlRow& row) { return each(entry_of(row)); });
}

std::optional<StoredEntry> find_entry(store::Session& session, std::int64_t seq) {
    return find_one(session, kSelectOne, {seq});
}

std::optional<StoredEntry> find_last_entry(store::Session& session) {
    return find_one(session, kSelectLast, {});
}

std::optional<StoredEntry> find_batch_entry(store::Session& session, std::string_view file_digest) {
    if (!crypto::digest_from_hex(file_digest)) return std::nullopt;
    return find_one(session, kSelectBatch, {"\"file_digest\":\"" + std::string(file_digest) + '"'});
}

void write_blocks(store::Session& session, const store::WriteKey& key, std::int64_t seq,
                  const std::string& register_name, const std::vector<Block>& blocks) {
    const auto inserter = session.inserter(
        key, "ledger_blocks", {"seq", "register_name", "block", "row_count", "last_row", "digest"});
    std::int64_t number = 0;
    for (const auto& block : blocks) {
        inserter->insert({seq, register_name, ++number, block.rows, block.last_row, block.digest});
    }
    inserter->flush();
}

std::vector<Block> load_blocks(store::Session& session, std::int64_t seq,
                               const std::string& register_name) {
    std::vector<Block> blocks;
    if (!session.has_table("ledger_blocks")) return blocks;
    session.query(kSelectBlocks, {seq, register_name}, [&](const SqlRow& row) {
        const auto* rows = std::get_if<std::int64_t>(&row[0]);
        const auto* last = std::get_if<std::int64_t>(&row[1]);
        const auto number = static_cast<std::int64_t>(blocks.size()) + 1;
        const bool in_order = row[3] == store::SqlValue(number);
        blocks.push_back({rows == nullptr || !in_order ? 0 : *rows, last == nullptr ? 0 : *last,
                          cell_text(row[2])});
        return true;
    });
    return blocks;
}

void write_answer(store::Session& session, const store::WriteKey& key, const StoredAnswer& answer) {
    session.execute(key, kInsertAnswer,
                    {answer.user, answer.key, answer.request_digest, answer.answer, answer.at});
}

std::optional<StoredAnswer> find_answer(store::Session& session, std::string_view user,
                                        std::string_view key) {
    if (!has_ledger(session)) return std::nullopt;
    const auto row = session.query_one(kSelectAnswer, {std::string(user), std::string(key)});
    if (row.empty()) return std::nullopt;
    return StoredAnswer{std::string(user), std::string(key), cell_text(row[0]), cell_text(row[1]),
                        cell_text(row[2])};
}

std::map<std::string, std::int64_t> next_numbers(store::Session& session, std::string_view name) {
    std::map<std::string, std::int64_t> next;
    const std::string first(name);
    session.query(kSelectNumbers, {first, first + ".", first + "/"}, [&](const SqlRow& row) {
        next[store::text_of(row[0])] = store::integer_of(row[1]);
        return true;
    });
    return next;
}

void for_each_block_owner(
    store::Session& session,
    const std::function<bool(std::int64_t seq, const std::string& register_name)>& each) {
    if (!session.has_table("ledger_blocks")) return;
    session.query(kSelectBlockOwners, {}, [&](const SqlRow& row) {
        const auto* seq = std::get_if<std::int64_t>(&row[0]);
        return each(seq == nullptr ? 0 : *seq, cell_text(row[1]));
    });
}

std::int64_t take_numbers(store::Session& session, const store::WriteKey& key,
                          std::string_view name, std::int64_t count) {
    const auto row = session.query_one(kSelectNumber, {std::string(name)});
    const std::int64_t first = row.empty() ? 1 : store::integer_of(row[0]);
    if (row.empty()) {
        session.execute(key, kInsertNumber, {std::string(name), first + count});
    } else {
        session.execute(key, kUpdateNumber, {first + count, std::string(name)});
    }
    return first;
}

}  // namespace amate::ledger::internal
