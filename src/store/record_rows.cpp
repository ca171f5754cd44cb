// SPDX-License-Identifier: Apache-2.0
// Lays records out as rows and reads rows as records.
#include "store/internal/record_rows.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/text.hpp"
#include "definitions/record_json.hpp"
#include "store/field_cipher.hpp"

namespace amate::store {
namespace {

// The columns every register's table begins with, in the order of StoredRecord's row.
const std::vector<TableColumn>& fixed_columns() {
    static const std::vector<TableColumn> kColumns = {
        {"record_id", SqlType::text, true},     {"folio", SqlType::text, true},
        {"ledger_seq", SqlType::integer, true}, {"batch_row", SqlType::integer, true},
        {"row_hash", SqlType::text, true},      {"state", SqlType::text, true},
        {"flags", SqlType::text, true},         {"recorded_at", SqlType::text, true},
        {"version", SqlType::text, true},       {"missing", SqlType::text, false},
        {"revision", SqlType::integer, true},   {"act_name", SqlType::text, false},
        {"effective_at", SqlType::text, false}, {"changed_fields", SqlType::text, false},
        {"act_reason", SqlType::text, false},   {"open_tasks", SqlType::text, false},
        {"pending_act", SqlType::text, false}};
    return kColumns;
}
constexpr std::size_t kMissingIndex = 9;
constexpr std::size_t kRevisionIndex = 10;
constexpr std::size_t kActIndex = 11;
constexpr std::size_t kFirstValueIndex = 17;

// "" is not written: most records are never acted upon.
SqlValue text_or_null(std::string text) {
    if (text.empty()) return std::monostate{};
    return text;
}

std::string text_or_empty(const SqlValue& cell) {
    return std::holds_alternative<std::monostate>(cell) ? std::string() : text_of(cell);
}

std::vector<std::string> list_of(const std::string& text) {
    return text.empty() ? std::vector<std::string>() : split(text, ';');
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        if (!text.empty()) text += ';';
        text += name;
    }
    return text;
}

// "name@due;name": names hold neither mark.
std::string tasks_text(const std::vector<OpenTask>& tasks) {
    std::string text;
    for (const auto& task : tasks) {
        if (!text.empty()) text += ';';
        text += task.name;
        if (!task.due.empty()) text += "@" + task.due;
    }
    return text;
}

std::vector<OpenTask> tasks_of(const std::string& text) {
    std::vector<OpenTask> tasks;
    for (const auto& item : list_of(text)) {
        const auto at = item.find('@');
        tasks.push_back({item.substr(0, at), at == item.npos ? "" : item.substr(at + 1)});
    }
    return tasks;
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

// Calls `each` for the cells of a row that can be secret: where they lie, their column, the type of
// what they hold, and whether they are.
template <class Each>
void for_each_secret(const definitions::Register& register_, const Each& each) {
    const auto& fixed = fixed_columns();
    const bool any = definitions::has_secrets(register_);
    for (const auto index : {kActIndex + 2, kActIndex + 3, kActIndex + 5}) {
        each(index, fixed[index].name, SqlType::text, any);
    }
    for (std::size_t i = 0; i < register_.columns.size(); ++i) {
        const auto& column = register_.columns[i];
        each(kFirstValueIndex + i, column.sql_name, sql_type_of(column.type),
             definitions::is_secret(register_, column));
    }
}

// Decrypts what is secret in a row as it was read, or was when it was written.
void open_secrets(Session& session, const definitions::Register& register_, SqlRow& row) {
    const auto table = table_of(register_);
    const auto record_id = text_of(row[0]);
    for_each_secret(register_,
                    [&](std::size_t index, const std::string& column, SqlType type, bool secret) {
                        auto& cell = row[index];
                        const CellPlace place{table, column, record_id};
                        if (!FieldCipher::is_encrypted(cell)) {
                            if (secret) FieldCipher::read_clear(type, cell);
                        } else if (secret) {
                            if (!session.cipher().has_key_of(cell))
                                session.reload_cipher();  // rotated since
                            session.cipher().decrypt(place, type, cell);
                        } else {
                            session.cipher().decrypt_if_sealed_here(place, type, cell);
                        }
                    });
}

std::string changes_text(const definitions::Register& register_, const Changes& changes) {
    return changes.empty() ? "" : boost::json::serialize(write_changes(register_, changes));
}

[[noreturn]] void refuse_changes() {
    throw IoFailure(
        "the store holds what an act changed in a form that nobody can have written; run "
        "`amate verify`");
}

void apply_changes(const definitions::Register& register_, const std::string& text,
                   Changes& changes) {
    changes.clear();
    if (text.empty()) return;
    boost::system::error_code failed;
    const auto written = boost::json::parse(text, failed);
    if (failed || !written.is_object()) refuse_changes();
    auto read = read_changes(register_, written.get_object());
    if (!read) refuse_changes();
    changes = std::move(*read);
}

void from_clear_row(const definitions::Register& register_, const SqlRow& row,
                    StoredRecord& record) {
    record.record_id = text_of(row[0]);
    record.folio = text_of(row[1]);
    record.ledger_seq = integer_of(row[2]);
    record.batch_row = integer_of(row[3]);
    record.row_hash = text_of(row[kRowHashIndex]);
    record.state = text_of(row[5]);
    record.flags = list_of(text_of(row[6]));
    record.recorded_at = text_of(row[7]);
    record.version = text_of(row[8]);
    record.revision = integer_of(row[kRevisionIndex]);
    record.act.name = text_or_empty(row[kActIndex]);
    record.act.effective_at = text_or_empty(row[kActIndex + 1]);
    apply_changes(register_, text_or_empty(row[kActIndex + 2]), record.act.changes);
    record.act.reason = text_or_empty(row[kActIndex + 3]);
    record.tasks = tasks_of(text_or_empty(row[kActIndex + 4]));
    record.pending = text_or_empty(row[kActIndex + 5]);
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

}  // namespace

boost::json::object write_changes(const definitions::Register& register_, const Changes& changes) {
    boost::json::object written;
    for (const auto& [column, value] : changes) {
        const auto& declared = register_.columns[column];
        // Rows lie here as they lie in their column: cells by place, since names may change.
        written[declared.sql_name] = std::holds_alternative<Rows>(value)
                                         ? boost::json::parse(canonical(value))
                                         : definitions::write_field(declared, value);
    }
    return written;
}

std::optional<Changes> read_changes(const definitions::Register& register_,
                                    const boost::json::object& written) {
    Changes changes;
    for (const auto& member : written) {
        const std::string_view name = member.key();
        const auto column =
            std::find_if(register_.columns.begin(), register_.columns.end(),
                         [&](const definitions::Column& each) { return each.sql_name == name; });
        if (column == register_.columns.end()) {
            if (register_.is_retired(name)) continue;
            return std::nullopt;
        }
        auto value = definitions::read_field(*column, member.value());
        if (!value) return std::nullopt;
        recode(*column, *value);
        changes.emplace_back(static_cast<std::size_t>(column - register_.columns.begin()),
                             std::move(*value));
    }
    std::sort(changes.begin(), changes.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return changes;
}

std::vector<std::string> columns_of(const definitions::Register& register_) {
    std::vector<std::string> names;
    for (const auto& column : fixed_columns()) names.push_back(column.name);
    for (const auto& column : register_.columns) names.push_back(column.sql_name);
    return names;
}

TableShape shape_of(const std::string& table, std::vector<TableColumn> columns) {
    // The second index tells which records have a newer revision; it is empty until one has.
    return {table,
            std::move(columns),
            {"ledger_seq", "batch_row"},
            {{table + "_folio", {"folio", "revision"}, true, ""},
             {table + "_revised", {"folio", "revision"}, false, "revision > 1"}}};
}

TableShape shape_of(const definitions::Register& register_) {
    auto shape = shape_of(table_of(register_), fixed_columns());
    for (const auto& column : register_.columns) {
        const auto type =
            definitions::is_secret(register_, column) ? SqlType::text : sql_type_of(column.type);
        shape.columns.push_back({column.sql_name, type, false});
    }
    return shape;
}

void to_row(const definitions::Register& register_, const StoredRecord& record, FieldCipher* cipher,
            SqlRow& row) {
    AMATE_CHECK(record.values.size() == register_.columns.size());
    row.resize(kFirstValueIndex + record.values.size());
    row[0] = record.record_id;
    row[1] = record.folio;
    row[2] = record.ledger_seq;
    row[3] = record.batch_row;
    row[kRowHashIndex] = record.row_hash;
    row[5] = record.state;
    row[6] = joined(record.flags);
    row[7] = record.recorded_at;
    row[8] = record.version;
    row[kMissingIndex] = missing_text(register_, record.values);
    row[kRevisionIndex] = record.revision;
    row[kActIndex] = text_or_null(record.act.name);
    row[kActIndex + 1] = text_or_null(record.act.effective_at);
    row[kActIndex + 2] = text_or_null(changes_text(register_, record.act.changes));
    row[kActIndex + 3] = text_or_null(record.act.reason);
    row[kActIndex + 4] = text_or_null(tasks_text(record.tasks));
    row[kActIndex + 5] = text_or_null(record.pending);
    for (std::size_t i = 0; i < record.values.size(); ++i) {
        const auto& value = record.values[i];
        auto& cell = row[kFirstValueIndex + i];
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr) {
            cell = to_sql(value);
        } else {
            cell = *text;  // into the buffer that is there
        }
    }
    if (cipher == nullptr) return;
    const auto table = table_of(register_);
    for_each_secret(register_,
                    [&](std::size_t index, const std::string& column, SqlType, bool secret) {
                        if (secret) cipher->encrypt({table, column, record.record_id}, row[index]);
                    });
}

namespace internal {

void from_row(Session& session, const definitions::Register& register_, const SqlRow& row,
              StoredRecord& record) {
    const bool in_clear =
        !definitions::has_secrets(register_) &&
        std::none_of(row.begin(), row.end(), [](const auto& cell) {
            return FieldCipher::is_encrypted(cell);  // it was secret when it was written
        });
    if (in_clear) {
        from_clear_row(register_, row, record);
        return;
    }
    auto clear = row;
    open_secrets(session, register_, clear);
    from_clear_row(register_, clear, record);
}

}  // namespace internal
}  // namespace amate::store
