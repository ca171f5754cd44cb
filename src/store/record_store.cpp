// SPDX-License-Identifier: Apache-2.0
// Lays records out as rows, reads them back in order and computes what seals them.
#include "store/record_store.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/text.hpp"

namespace amate::store {
namespace {

// The columns every register's table begins with, in the order of StoredRecord's row.
const std::vector<TableColumn>& fixed_columns() {
    static const std::vector<TableColumn> kColumns = {
        {"record_id", SqlType::text, true},     {"folio", SqlType::text, true},
        {"ledger_seq", SqlType::integer, true}, {"batch_row", SqlType::integer, true},
        {"row_hash", SqlType::text, true},      {"state", SqlType::text, true},
        {"flags", SqlType::text, true},         {"recorded_at", SqlType::text, true},
        {"version", SqlType::text, true},       {"missing", SqlType::text, false}};
    return kColumns;
}
constexpr std::size_t kMissingIndex = 9;
constexpr std::size_t kFirstValueIndex = 10;

std::string select_of(const std::string& table, const std::vector<std::string>& columns) {
    std::string names;
    for (const auto& column : columns) names += (names.empty() ? "" : ", ") + quote_name(column);
    return fmt::format("SELECT {} FROM {}", names, quote_name(table));
}

// "name=reason;..." of the values missing for a stated reason, by rising name; NULL if there is
// none.
SqlValue missing_text(const definitions::Register& register_, const std::vector<Value>& values) {
    std::vector<std::string> stated;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto* missing = std::get_if<Missing>(&values[i]);
        if (missing == nullptr || *missing == Missing::absent) continue;
        stated.push_back(
            fmt::format("{}={}", register_.columns[i].sql_name, amate::name_of(*missing)));
    }
    if (stated.empty()) return std::monostate{};
    std::sort(stated.begin(), stated.end());
    return fmt::format("{}", fmt::join(stated, ";"));
}

[[noreturn]] void refuse_missing() {
    throw IoFailure(
        "the store holds a reason for a missing value that nobody can have written; "
        "run `amate verify`");
}

void apply_missing(const definitions::Register& register_, const std::string& text,
                   std::vector<Value>& values) {
    for (const auto& item : split(text, ';')) {
        const auto equals = item.find('=');
        const auto name = item.substr(0, equals);
        if (equals != item.npos && register_.is_retired(name)) continue;
        const auto column =
            std::find_if(register_.columns.begin(), register_.columns.end(),
                         [&](const definitions::Column& each) { return each.sql_name == name; });
        if (equals == item.npos || column == register_.columns.end()) refuse_missing();
        auto& value = values[static_cast<std::size_t>(column - register_.columns.begin())];
        if (!is_missing(value)) refuse_missing();
        const auto reason = std::string_view(item).substr(equals + 1);
        if (reason == "unknown") {
            value = Missing::unknown;
        } else if (reason == "refused") {
            value = Missing::refused;
        } else if (reason == "not_applicable") {
            value = Missing::not_applicable;
        } else {
            refuse_missing();
        }
    }
}

// Codes as once written become today's (definitions::Migration); the row itself stays as it is.
void read_as_today(const std::map<std::string, std::string>& recodes, std::string& code) {
    const auto found = recodes.find(code);
    if (found != recodes.end()) code = found->second;
}

void recode(const definitions::Column& column, Value& value) {
    if (auto* rows = std::get_if<Rows>(&value)) {
        const auto& fields = column.fields;
        if (std::all_of(fields.begin(), fields.end(),
                        [](const auto& field) { return field.recodes.empty(); })) {
            return;
        }
        auto data = rows->data();
        for (auto& row : data.rows) {
            for (std::size_t i = 0; i < fields.size(); ++i) recode(fields[i], row[i]);
        }
        value = Rows(std::move(data));
        return;
    }
    if (column.recodes.empty()) return;
    if (auto* code = std::get_if<std::string>(&value)) {
        read_as_today(column.recodes, *code);
    } else if (auto* codes = std::get_if<Codes>(&value)) {
        for (auto& each : *codes) read_as_today(column.recodes, each);
        std::sort(codes->begin(), codes->end());
        codes->erase(std::unique(codes->begin(), codes->end()), codes->end());
    }
}

void recode_life(const definitions::Register& register_, StoredRecord& record) {
    read_as_today(register_.recoded_states, record.state);
    if (register_.recoded_flags.empty()) return;
    std::vector<std::string> flags;
    for (auto& flag : record.flags) {
        read_as_today(register_.recoded_flags, flag);
        const bool known = std::find(flags.begin(), flags.end(), flag) != flags.end();
        if (!flag.empty() && !known) flags.push_back(std::move(flag));
    }
    record.flags = std::move(flags);
}

void from_row(const definitions::Register& register_, const SqlRow& row, StoredRecord& record) {
    record.record_id = text_of(row[0]);
    record.folio = text_of(row[1]);
    record.ledger_seq = integer_of(row[2]);
    record.batch_row = integer_of(row[3]);
    record.row_hash = text_of(row[kRowHashIndex]);
    record.state = text_of(row[5]);
    const auto& flags = text_of(row[6]);
    record.flags = flags.empty() ? std::vector<std::string>() : split(flags, ';');
    record.recorded_at = text_of(row[7]);
    record.version = text_of(row[8]);
    record.values.resize(register_.columns.size());
    for (std::size_t i = 0; i < register_.columns.size(); ++i) {
        record.values[i] = from_sql(row[kFirstValueIndex + i], register_.columns[i]);
        recode(register_.columns[i], record.values[i]);
    }
    recode_life(register_, record);
    if (const auto* missing = std::get_if<std::string>(&row[kMissingIndex])) {
        apply_missing(register_, *missing, record.values);
    }
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

std::string row_hash_of(const definitions::Register& register_, const StoredRecord& record) {
    SqlRow row;
    to_row(register_, record, row);
    return RowSealer(columns_of(register_)).hash(row);
}

std::vector<std::string> columns_of(const definitions::Register& register_) {
    std::vector<std::string> names;
    for (const auto& column : fixed_columns()) names.push_back(column.name);
    for (const auto& column : register_.columns) names.push_back(column.sql_name);
    return names;
}

TableShape shape_of(const definitions::Register& register_) {
    TableShape shape{table_of(register_), fixed_columns(), {"ledger_seq", "batch_row"}, {"folio"}};
    for (const auto& column : register_.columns) {
        shape.columns.push_back({column.sql_name, sql_type_of(column.type), false});
    }
    return shape;
}

void to_row(const definitions::Register& register_, const StoredRecord& record, SqlRow& row) {
    AMATE_CHECK(record.values.size() == register_.columns.size());
    row.resize(kFirstValueIndex + record.values.size());
    row[0] = record.record_id;
    row[1] = record.folio;
    row[2] = record.ledger_seq;
    row[3] = record.batch_row;
    row[kRowHashIndex] = record.row_hash;
    row[5] = record.state;
    row[6] = fmt::format("{}", fmt::join(record.flags, ";"));
    row[7] = record.recorded_at;
    row[8] = record.version;
    row[kMissingIndex] = missing_text(register_, record.values);
    for (std::size_t i = 0; i < record.values.size(); ++i) {
        row[kFirstValueIndex + i] = to_sql(record.values[i]);
    }
}

void for_each_record(Session& session, const definitions::Register& register_,
                     const std::function<bool(const StoredRecord&)>& each) {
    if (!session.has_table(table_of(register_))) return;
    StoredRecord record;
    session.query(
        select_of(table_of(register_), columns_of(register_)) + " ORDER BY ledger_seq, batch_row",
        {}, [&](const SqlRow& row) {
            from_row(register_, row, record);
            return each(record);
        });
}

std::int64_t count_records(Session& session, const definitions::Register& register_) {
    if (!session.has_table(table_of(register_))) return 0;
    return SealedTable(session, table_of(register_)).count();
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
