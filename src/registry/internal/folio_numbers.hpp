// SPDX-License-Identifier: Apache-2.0
// Folios of new records, taken from the sequences of the ledger.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "definitions/model.hpp"
#include "definitions/numbering.hpp"
#include "ledger/unit_of_work.hpp"

namespace amate::registry::internal {

// Year that the folio of a record bears: that of its statistics.time, else of `now`.
[[nodiscard]] int folio_year(const definitions::Register& register_,
                             const std::vector<Value>& values, DateTime now);

// Gives folios without gaps within one unit of work: numbers are given from where the sequences
// stand, on whatever thread, and taken from them at the end.
class FolioNumbers {
public:
    FolioNumbers(const definitions::Register& register_, std::string office,
                 ledger::UnitOfWork& unit);

    void number(int year, std::string& folio);
    // Once, on the unit's thread, when no more are given.
    void take_given(ledger::UnitOfWork& unit) const;

private:
    [[nodiscard]] std::string name_of(int year) const;

    struct Given {
        std::int64_t next = 1;
        std::int64_t count = 0;
    };
    definitions::NumberTemplate template_;
    std::string sequence_;
    std::string office_;
    std::map<std::string, std::int64_t> next_;  // as the sequences stand
    std::map<int, Given> given_;                // by year; 0: folios bear none
};

}  // namespace amate::registry::internal
