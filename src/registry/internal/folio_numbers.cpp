// SPDX-License-Identifier: Apache-2.0
// One sequence a register, or a register and year where the folio bears the year.
#include "registry/internal/folio_numbers.hpp"

#include <fmt/format.h>

namespace amate::registry::internal {

int folio_year(const definitions::Register& register_, const std::vector<Value>& values,
               DateTime now) {
    const auto& time = values[register_.time_column];
    if (const auto* moment = std::get_if<DateTime>(&time)) return moment->date.year();
    if (const auto* date = std::get_if<Date>(&time)) return date->year();
    if (const auto* partial = std::get_if<PartialDate>(&time)) return partial->year;
    return now.date.year();
}

FolioNumbers::FolioNumbers(const definitions::Register& register_, std::string office,
                           ledger::UnitOfWork& unit)
    : sequence_("folio." + register_.name),
      office_(std::move(office)),
      next_(unit.next_numbers(sequence_)) {
    auto parsed = definitions::NumberTemplate::parse(register_.folio);
    AMATE_CHECK(parsed.has_value());  // checked when the pack loads
    template_ = std::move(*parsed);
}

void FolioNumbers::number(int year, std::string& folio) {
    const int key = template_.has_year() ? year : 0;
    auto found = given_.find(key);
    if (found == given_.end()) {
        const auto stands = next_.find(name_of(key));
        found = given_.emplace(key, Given{stands == next_.end() ? 1 : stands->second, 0}).first;
    }
    folio.clear();
    template_.append(year, office_, found->second.next++, folio);
    ++found->second.count;
}

void FolioNumbers::take_given(ledger::UnitOfWork& unit) const {
    for (const auto& [year, given] : given_) {
        const auto first = unit.take_numbers(name_of(year), given.count);
        AMATE_CHECK(first + given.count == given.next);
    }
}

std::string FolioNumbers::name_of(int year) const {
    return template_.has_year() ? fmt::format("{}.{}", sequence_, year) : sequence_;
}

}  // namespace amate::registry::internal
