// SPDX-License-Identifier: Apache-2.0
// The thirteen columns of an entry.
#include "ledger/internal/entry_row.hpp"

#include <fmt/format.h>

namespace amate::ledger::internal {
namespace {

std::string cell_text(const store::SqlValue& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return text == nullptr ? std::string("\x01") : *text;
}

}  // namespace

// Not a constant of the file: other files' constants are made from it.
const std::vector<std::string>& entry_column_names() {
    static const std::vector<std::string> kNames = {
        "seq",           "at",        "user_name",   "office",     "purpose",       "action",
        "register_name", "record_id", "before_json", "after_json", "previous_hash", "hash",
        "signature"};
    return kNames;
}

std::string entry_columns() {
    return fmt::format("{}", fmt::join(entry_column_names(), ", "));
}

store::TableShape entry_shape(const std::string& table) {
    store::TableShape shape{table, {}, {"seq"}, {}};
    for (const auto& name : entry_column_names()) {
        shape.columns.push_back(
            {name, name == "seq" ? store::SqlType::integer : store::SqlType::text, true});
    }
    return shape;
}

store::SqlRow row_of(const StoredEntry& stored) {
    const auto& entry = stored.entry;
    return {
        entry.seq,           entry.at,           entry.actor.user,          entry.actor.office,
        entry.actor.purpose, entry.event.action, entry.event.register_name, entry.event.record_id,
        entry.event.before,  entry.event.after,  entry.previous_hash,       entry.hash,
        stored.signature};
}

StoredEntry entry_of(const store::SqlRow& row) {
    const auto* seq = std::get_if<std::int64_t>(&row[0]);
    StoredEntry stored;
    stored.entry.seq = seq == nullptr ? 0 : *seq;
    stored.entry.at = cell_text(row[1]);
    stored.entry.actor = {cell_text(row[2]), cell_text(row[3]), cell_text(row[4])};
    stored.entry.event = {cell_text(row[5]), cell_text(row[6]), cell_text(row[7]),
                          cell_text(row[8]), cell_text(row[9])};
    stored.entry.previous_hash = cell_text(row[10]);
    stored.entry.hash = cell_text(row[11]);
    stored.signature = cell_text(row[12]);
    return stored;
}

}  // namespace amate::ledger::internal
