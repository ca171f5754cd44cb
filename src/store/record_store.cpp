// SPDX-License-Identifier: Apache-2.0
// Reads records back in order and computes what seals their rows.
#include "store/record_store.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "store/internal/record_rows.hpp"
#include "store/record_changes.hpp"

namespace amate::store {

using internal::from_row;

namespace {

std::string select_of(const std::string& table, const std::vector<std::string>& columns) {
    std::string names;
    for (const auto& column : columns) names += (names.empty() ? "" : ", ") + quote_name(column);
    return fmt::format("SELECT {} FROM {}", names, quote_name(table));
}
class AppendText {
public:
    explicit AppendText(std::string& buffer) : buffer_(buffer) {}
    void operator()(std::monostate) const {}
    void operator()(const std::string& text) const { append(text); }
    void operator()(std::int64_t number) const { append(fmt::format_int(number)); }
    void operator()(double number) const { append(fmt::format("{}", number)); }

private:
    void append(const fmt::format_int& digits) const { append({digits.data(), digits.size()}); }
    void append(std::string_view text) const {
        const fmt::format_int size(text.size());
        buffer_.append(size.data(), size.size());
        buffer_ += ':';
        buffer_ += text;
    }

    std::string& buffer_;
};

}  // namespace

RowSealer::RowSealer(const std::vector<std::string>& columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] != "row_hash") parts_.push_back({i, columns[i] + ":"});
    }
    std::sort(parts_.begin(), parts_.end(),
              [&](const Part& a, const Part& b) { return columns[a.index] < columns[b.index]; });
}

void RowSealer::append_form(const SqlRow& row, std::string& forms) const {
    forms += "amate-row-1\n";
    for (const auto& part : parts_) {
        const auto& cell = row[part.index];
        if (std::holds_alternative<std::monostate>(cell)) continue;
        forms += part.prefix;
        std::visit(AppendText{forms}, cell);
        forms += '\n';
    }
}

std::string RowSealer::hash(const SqlRow& row) {
    buffer_.clear();
    append_form(row, buffer_);
    return crypto::to_hex(crypto::digest(buffer_));
}
namespace {

// The newest revision of every record.
std::string newest_rows(const std::string& table) {
    return fmt::format(
        " AS r WHERE NOT EXISTS (SELECT 1 FROM {} AS newer WHERE newer.revision > 1 AND "
        "newer.folio = r.folio AND newer.revision > r.revision)",
        quote_name(table));
}

// Which rows of a register's table stand for its records today.
std::string current_rows(const std::string& table) {
    return fmt::format("{} AND (r.act_name IS NULL OR r.act_name <> '{}')", newest_rows(table),
                       StoredRecord::kWithdraw);
}

}  // namespace

void for_each_record(Session& session, const definitions::Register& register_,
                     const std::function<bool(const StoredRecord&)>& each) {
    for_each_record_after(session, register_, {}, each);
}

void for_each_record_after(Session& session, const definitions::Register& register_,
                           const RecordCursor& after,
                           const std::function<bool(const StoredRecord&)>& each) {
    const auto table = table_of(register_);
    if (!session.has_table(table)) return;
    auto sql = select_of(table, columns_of(register_)) + current_rows(table);
    std::vector<SqlValue> parameters;
    if (after.ledger_seq != 0) {
        sql += " AND (ledger_seq, batch_row) > (?, ?)";
        parameters = {after.ledger_seq, after.batch_row};
    }
    StoredRecord record;
    session.query(sql + " ORDER BY ledger_seq, batch_row", parameters, [&](const SqlRow& row) {
        from_row(session, register_, row, record);
        return each(record);
    });
}

void for_each_change_after(Session& session, const definitions::Register& register_,
                           std::int64_t ledger_seq,
                           const std::function<void(const RecordChange&)>& each) {
    const auto table = table_of(register_);
    if (!session.has_table(table)) return;
    const auto columns = columns_of(register_);
    std::vector<StoredRecord> amended;  // looked up when nothing else is being read
    RecordChange change;
    StoredRecord record;
    const auto after_of = [](const StoredRecord& newest) {
        return newest.withdrawn() ? std::nullopt : std::optional(newest);
    };
    session.query(select_of(table, columns) + newest_rows(table) +
                      " AND ledger_seq > ? ORDER BY ledger_seq, batch_row",
                  {ledger_seq}, [&](const SqlRow& row) {
                      from_row(session, register_, row, record);
                      if (record.revision > 1) {
                          amended.push_back(record);
                      } else {
                          each({std::nullopt, after_of(record)});
                      }
                      return true;
                  });
    const auto earlier = select_of(table, columns) +
                         " WHERE folio = ? AND ledger_seq <= ? ORDER BY revision DESC LIMIT 1";
    for (const auto& newest : amended) {
        const auto row = session.query_one(earlier, {newest.folio, ledger_seq});
        change.before.reset();
        if (!row.empty()) {
            from_row(session, register_, row, record);
            if (!record.withdrawn()) change.before = record;
        }
        change.after = after_of(newest);
        each(change);
    }
}

std::int64_t count_records(Session& session, const definitions::Register& register_) {
    const auto table = table_of(register_);
    if (!session.has_table(table)) return 0;
    return integer_of(session.query_one(
        fmt::format("SELECT COUNT(*) FROM {}{}", quote_name(table), current_rows(table)))[0]);
}

std::optional<StoredRecord> find_record(Session& session, const definitions::Register& register_,
                                        std::string_view folio) {
    const auto table = table_of(register_);
    if (!session.has_table(table)) return std::nullopt;
    const auto row = session.query_one(
        select_of(table, columns_of(register_)) + " WHERE folio = ? ORDER BY revision DESC LIMIT 1",
        {std::string(folio)});
    if (row.empty()) return std::nullopt;
    StoredRecord record;
    from_row(session, register_, row, record);
    return record;
}

std::vector<StoredRecord> revisions_of(Session& session, const definitions::Register& register_,
                                       std::string_view folio) {
    std::vector<StoredRecord> revisions;
    const auto table = table_of(register_);
    if (!session.has_table(table)) return revisions;
    session.query(select_of(table, columns_of(register_)) + " WHERE folio = ? ORDER BY revision",
                  {std::string(folio)}, [&](const SqlRow& row) {
                      from_row(session, register_, row, revisions.emplace_back());
                      return true;
                  });
    return revisions;
}

namespace {

std::vector<std::string> stored_columns(Session& session, const std::string& table) {
    std::vector<std::string> names;
    for (const auto& column : session.columns_of(table)) names.push_back(column.name);
    return names;
}

// A cell of a row that somebody may have tampered with: never a bug, whatever it holds.
std::string any_text(const SqlValue& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return text == nullptr ? std::string() : *text;
}

std::int64_t any_integer(const SqlValue& cell) {
    const auto* number = std::get_if<std::int64_t>(&cell);
    return number == nullptr ? 0 : *number;
}

}  // namespace

SealedTable::SealedTable(Session& session, std::string table)
    : session_(session),
      table_(std::move(table)),
      columns_(stored_columns(session, table_)),
      select_(select_of(table_, columns_)),
      sealer_(columns_) {
    for (const auto* name : {"record_id", "folio", "ledger_seq", "batch_row", "row_hash"}) {
        const auto found = std::find(columns_.begin(), columns_.end(), name);
        if (found == columns_.end()) {
            throw IoFailure(fmt::format("table {} of the store lacks the column {}", table_, name));
        }
        places_.push_back(static_cast<std::size_t>(found - columns_.begin()));
    }
}

void SealedTable::fill(const SqlRow& row, SealedRow& sealed) {
    sealed.record_id = any_text(row[places_[0]]);
    sealed.folio = any_text(row[places_[1]]);
    sealed.ledger_seq = any_integer(row[places_[2]]);
    sealed.batch_row = any_integer(row[places_[3]]);
    sealed.stated_hash = any_text(row[places_[4]]);
    sealed.computed_hash = sealer_.hash(row);
}

void SealedTable::for_each_row(std::int64_t ledger_seq,
                               const std::function<bool(const SealedRow&)>& each) {
    SealedRow sealed;
    session_.query(select_ + " WHERE ledger_seq = ? ORDER BY batch_row", {ledger_seq},
                   [&](const SqlRow& row) {
                       fill(row, sealed);
                       return each(sealed);
                   });
}

void SealedTable::for_each_form(std::int64_t ledger_seq,
                                const std::function<void(const RowForm&)>& each) {
    session_.query(select_ + " WHERE ledger_seq = ? ORDER BY batch_row", {ledger_seq},
                   [&](const SqlRow& row) {
                       const auto* stated = std::get_if<std::string>(&row[places_[4]]);
                       each({stated == nullptr ? std::string_view() : *stated,
                             any_integer(row[places_[3]]), sealer_, row});
                       return true;
                   });
}

void SealedTable::for_each_row_of(
    const std::string& folio, const std::function<void(const SealedRow&, const SqlRow&)>& each) {
    SealedRow sealed;
    session_.query(select_ + " WHERE folio = ? ORDER BY ledger_seq, batch_row", {folio},
                   [&](const SqlRow& row) {
                       fill(row, sealed);
                       each(sealed, row);
                       return true;
                   });
}

std::vector<std::string> SealedTable::hashes_of(std::int64_t ledger_seq, std::int64_t after_row,
                                                std::int64_t last_row) {
    std::vector<std::string> hashes;
    session_.query(fmt::format("SELECT row_hash FROM {} WHERE ledger_seq = ? AND batch_row > ? AND "
                               "batch_row <= ? ORDER BY batch_row",
                               quote_name(table_)),
                   {ledger_seq, after_row, last_row}, [&](const SqlRow& row) {
                       hashes.push_back(any_text(row[0]));
                       return true;
                   });
    return hashes;
}

void SealedTable::for_each_entry(
    const std::function<bool(std::int64_t ledger_seq, std::int64_t rows)>& each) {
    session_.query(
        fmt::format("SELECT ledger_seq, COUNT(*) FROM {} GROUP BY ledger_seq "
                    "ORDER BY ledger_seq",
                    quote_name(table_)),
        {}, [&](const SqlRow& row) { return each(any_integer(row[0]), integer_of(row[1])); });
}

std::int64_t SealedTable::count() {
    return integer_of(
        session_.query_one(fmt::format("SELECT COUNT(*) FROM {}", quote_name(table_)))[0]);
}

}  // namespace amate::store
