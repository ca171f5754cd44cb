// SPDX-License-Identifier: Apache-2.0
// From a record to the row that is written, with its hash.
#include "ledger/row_maker.hpp"

#include <cmath>

namespace amate::ledger {
namespace {

// The SQL column a value belongs in; a missing one fits all.
bool fits(const Value& value, store::SqlType type) {
    if (is_missing(value)) return true;
    if (std::holds_alternative<bool>(value)) return type == store::SqlType::boolean;
    if (std::holds_alternative<std::int64_t>(value)) return type == store::SqlType::integer;
    if (std::holds_alternative<double>(value)) return type == store::SqlType::real;
    return type == store::SqlType::text;
}

// Values as the store will give them back, else the record's hash would not hold when read.
void settle(const definitions::Register& register_, std::vector<Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto& value = values[i];
        const auto type = store::sql_type_of(register_.columns[i].type);
        const auto* whole = std::get_if<std::int64_t>(&value);
        if (whole != nullptr && type == store::SqlType::real) value = static_cast<double>(*whole);
        if (auto* number = std::get_if<double>(&value)) {
            AMATE_CHECK(std::isfinite(*number));
            if (*number == 0.0) *number = 0.0;  // SQLite keeps no sign of zero
        }
        AMATE_CHECK(fits(value, type));
    }
}

}  // namespace

RowMaker::RowMaker(const definitions::Register& declared,
                   std::unique_ptr<store::FieldCipher> cipher)
    : register_(declared), cipher_(std::move(cipher)), sealer_(store::columns_of(declared)) {
    AMATE_CHECK(cipher_ != nullptr || !definitions::has_secrets(declared));
}

void RowMaker::make(store::StoredRecord& record, SealedRow& row) {
    AMATE_CHECK(!record.record_id.empty() && !record.folio.empty() && record.batch_row != 0);
    AMATE_CHECK(record.values.size() == register_.columns.size());
    settle(register_, record.values);
    record.ledger_seq = ledger_seq_;
    if (record.recorded_at.empty()) record.recorded_at = now_;
    store::to_row(register_, record, cipher_.get(), row.cells_);
    record.row_hash = sealer_.hash(row.cells_);
    row.cells_[store::kRowHashIndex] = record.row_hash;
    row.batch_row_ = record.batch_row;
}

}  // namespace amate::ledger
