// SPDX-License-Identifier: Apache-2.0
// Rows are added and never changed, so what came behind an entry can be told from what was there.
#include "ledger/internal/restore_cut.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "ledger/internal/entry_row.hpp"
#include "store/attachments.hpp"
#include "store/record_store.hpp"
#include "store/schema.hpp"

namespace amate::ledger::internal {
namespace {

namespace json = boost::json;
using store::SqlRow;

[[noreturn]] void refuse(const std::string& table) {
    throw IoFailure(fmt::format("a carried row is none of the table {}", table));
}

bool has(const CarriedStore& from, std::string_view table) {
    const auto& tables = from.tables();
    return std::any_of(tables.begin(), tables.end(),
                       [&](const auto& each) { return each.name == table; });
}

void for_each_entry_of(CarriedStore& from, const std::function<bool(const Entry&)>& each) {
    if (!has(from, "ledger")) return;
    std::int64_t seq = 0;
    from.for_each_row("ledger", [&](const SqlRow& row) {
        if (row.size() != entry_column_names().size()) refuse("ledger");
        const auto stored = entry_of(row);
        if (stored.entry.seq != ++seq) refuse("ledger");
        return each(stored.entry);
    });
}

// The number of the entry to cut behind.
Result<std::int64_t> number_of(CarriedStore& from, const RestorePoint& point) {
    std::int64_t last = 0;
    std::int64_t by_then = 0;
    std::string first_at;
    for_each_entry_of(from, [&](const Entry& entry) {
        last = entry.seq;
        if (last == 1) first_at = entry.at;
        if (entry.at <= point.until) by_then = last;
        return true;
    });
    if (point.entry && (*point.entry < 1 || *point.entry > last)) {
        return fail(
            Problem{"ledger.restore_no_entry",
                    {},
                    {{"seq", std::to_string(*point.entry)}, {"last", std::to_string(last)}}});
    }
    if (!point.until.empty() && by_then == 0) {
        return fail(
            Problem{"ledger.restore_none_by", {}, {{"until", point.until}, {"first", first_at}}});
    }
    if (point.entry) return *point.entry;
    return point.until.empty() ? last : by_then;
}

void note_later_schema(const std::string& after, Cut& cut) {
    json::error_code fault;
    const auto value = json::parse(after, fault);
    const auto* object = fault ? nullptr : value.if_object();
    const auto* schema = object == nullptr ? nullptr : object->if_contains("schema");
    if (schema == nullptr || !schema->is_object()) return;
    const auto note = [&](std::string_view name, auto& names) {
        const auto* list = schema->get_object().if_contains(name);
        if (list == nullptr || !list->is_array()) return;
        for (const auto& each : list->get_array()) {
            if (each.is_string()) names.insert(std::string(each.get_string()));
        }
    };
    note("tables", cut.later_tables);
    note("columns", cut.later_columns);
    note("retyped", cut.later_types);
}

void note_witnessed(const Entry& entry, Cut& cut) {
    if (entry.event.action != "ledger.witness") return;
    json::error_code fault;
    const auto value = json::parse(entry.event.after, fault);
    const auto* object = fault ? nullptr : value.if_object();
    const auto* ledger = object == nullptr ? nullptr : object->if_contains("ledger");
    const auto* size = object == nullptr ? nullptr : object->if_contains("size");
    if (ledger == nullptr || size == nullptr || !ledger->is_string() || !size->is_int64()) return;
    cut.witnessed[std::string(ledger->get_string())] = size->get_int64();
}

std::optional<Seal> last_seal_of(CarriedStore& from, std::int64_t size_max) {
    std::optional<Seal> last;
    if (!has(from, "ledger_seals")) return last;
    from.for_each_row("ledger_seals", [&](const SqlRow& row) {
        if (row.size() != 5) refuse("ledger_seals");
        Seal seal{store::integer_of(row[0]), store::integer_of(row[1]), store::text_of(row[2]),
                  store::text_of(row[3]), store::text_of(row[4])};
        if (seal.size <= size_max && (!last || seal.number > last->number)) last = std::move(seal);
        return true;
    });
    return last;
}

// Whole numbers keep their digits when their column is made wider, and so they have them still.
store::SqlValue narrowed(const store::SqlValue& cell, const std::string& table) {
    if (const auto* decimal = std::get_if<double>(&cell)) {
        const auto whole = static_cast<std::int64_t>(*decimal);
        if (static_cast<double>(whole) != *decimal) refuse(table);
        return whole;
    }
    const auto* digits = std::get_if<std::string>(&cell);
    if (digits == nullptr) return cell;
    std::int64_t whole = 0;
    const auto* end = digits->data() + digits->size();
    const auto [at, error] = std::from_chars(digits->data(), end, whole);
    if (error != std::errc() || at != end) refuse(table);
    return whole;
}

// The last entry an answer tells of; see UnitOfWork::remember_answer().
std::int64_t entry_of_answer(const std::string& answer) {
    std::int64_t last = 0;
    json::error_code fault;
    const auto value = json::parse(answer, fault);
    const auto* parts = fault ? nullptr : value.if_array();
    if (parts == nullptr || parts->empty()) refuse("ledger_answers");
    for (const auto& part : *parts) {
        const auto* object = part.if_object();
        const auto* entry = object == nullptr ? nullptr : object->if_contains("entry");
        if (entry == nullptr || !entry->is_int64()) refuse("ledger_answers");
        last = std::max(last, entry->get_int64());
    }
    return last;
}

}  // namespace

Result<Cut> find_cut(CarriedStore& from, const RestorePoint& point) {
    AMATE_TRY(const auto seq, number_of(from, point));
    Cut cut;
    for_each_entry_of(from, [&](const Entry& entry) {
        cut.head = entry;
        if (entry.seq > seq) {
            note_later_schema(entry.event.after, cut);
            return true;
        }
        cut.last = entry;
        note_witnessed(entry, cut);
        if (!schema_claim_of(entry.event.after).definition.empty()) ++cut.definitions;
        return true;
    });
    cut.seal = last_seal_of(from, seq);
    return cut;
}

std::optional<store::TableShape> shape_at(const Cut& cut, const store::TableShape& carried) {
    if (cut.later_tables.contains(carried.name)) return std::nullopt;
    if (carried.name == store::kDefinitionsTable && cut.definitions == 0) return std::nullopt;
    auto shape = carried;
    shape.columns.clear();
    for (auto column : carried.columns) {
        const auto place = carried.name + "." + column.name;
        if (cut.later_columns.contains(place)) continue;
        if (cut.later_types.contains(place)) column.type = store::SqlType::integer;
        shape.columns.push_back(std::move(column));
    }
    return shape;
}

RowCutter::RowCutter(const Cut& cut, const store::TableShape& carried,
                     const store::TableShape& wanted)
    : cut_(cut), table_(carried.name) {
    for (std::size_t i = 0; i < carried.columns.size(); ++i) {
        places_[carried.columns[i].name] = i;
    }
    for (const auto& column : wanted.columns) {
        const auto place = places_.find(column.name);
        AMATE_CHECK(place != places_.end());
        cells_.emplace_back(place->second, carried.columns[place->second].type != column.type);
    }
}

std::int64_t RowCutter::number(const SqlRow& row, std::string_view column) const {
    const auto place = places_.find(column);
    const auto* cell =
        place == places_.end() ? nullptr : std::get_if<std::int64_t>(&row[place->second]);
    if (cell == nullptr) refuse(table_);
    return *cell;
}

const std::string& RowCutter::text(const SqlRow& row, std::string_view column) const {
    const auto place = places_.find(column);
    const auto* cell =
        place == places_.end() ? nullptr : std::get_if<std::string>(&row[place->second]);
    if (cell == nullptr) refuse(table_);
    return *cell;
}

bool RowCutter::belongs(const SqlRow& row) const {
    const auto last = cut_.last.seq;
    if (table_.starts_with("r_") || table_ == store::kAttachmentsTable) {
        return number(row, "ledger_seq") <= last;
    }
    if (table_ == "ledger" || table_ == "ledger_blocks") return number(row, "seq") <= last;
    if (table_ == "ledger_seals") return number(row, "size") <= last;
    if (table_ == "ledger_nodes") {
        return cut_.seal && number(row, "last_seq") <= cut_.seal->size;
    }
    if (table_ == "ledger_answers") return entry_of_answer(text(row, "answer")) <= last;
    if (table_ == store::kDefinitionsTable) return number(row, "number") <= cut_.definitions;
    if (table_ == "witness_entries" || table_ == "witness_seals") {
        const auto held = cut_.witnessed.find(text(row, "ledger_key"));
        const auto* place = table_ == "witness_seals" ? "size" : "seq";
        return held != cut_.witnessed.end() && number(row, place) <= held->second;
    }
    return true;
}

bool RowCutter::take(const SqlRow& carried, SqlRow& row) const {
    if (carried.size() != places_.size()) refuse(table_);
    if (!belongs(carried)) return false;
    row.resize(cells_.size());
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        const auto& [place, narrow] = cells_[i];
        row[i] = narrow ? narrowed(carried[place], table_) : carried[place];
    }
    return true;
}

}  // namespace amate::ledger::internal
