// SPDX-License-Identifier: Apache-2.0
// Folios of new records, taken from the sequences of the ledger.
#pragma once

#include <string>
#include <vector>

#include "definitions/model.hpp"
#include "definitions/numbering.hpp"
#include "ledger/unit_of_work.hpp"
#include "store/record_store.hpp"

namespace amate::registry::internal {

// Year that the folio of a record bears: that of its statistics.time, else of `now`.
[[nodiscard]] int folio_year(const definitions::Register& register_,
                             const std::vector<Value>& values, DateTime now);

// Gives folios without gaps: exactly the numbers that records need.
class FolioNumbers {
public:
    FolioNumbers(const definitions::Register& register_, std::string office);

    // Folios of the first `count` records; years[i] is that of records[i].
    void number(ledger::UnitOfWork& unit, std::vector<store::StoredRecord>& records,
                const std::vector<int>& years, std::size_t count);
    void number(ledger::UnitOfWork& unit, store::StoredRecord& record, int year);

private:
    [[nodiscard]] int key_year(int year) const { return template_.has_year() ? year : 0; }
    [[nodiscard]] std::int64_t take(ledger::UnitOfWork& unit, int year, std::int64_t count) const;

    definitions::NumberTemplate template_;
    std::string sequence_;
    std::string office_;
};

}  // namespace amate::registry::internal
