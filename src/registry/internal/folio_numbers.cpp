// SPDX-License-Identifier: Apache-2.0
// One sequence a register, or a register and year where the folio bears the year.
#include "registry/internal/folio_numbers.hpp"

#include <map>

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

FolioNumbers::FolioNumbers(const definitions::Register& register_, std::string office)
    : sequence_("folio." + register_.name), office_(std::move(office)) {
    auto parsed = definitions::NumberTemplate::parse(register_.folio);
    AMATE_CHECK(parsed.has_value());  // checked when the pack loads
    template_ = std::move(*parsed);
}

std::int64_t FolioNumbers::take(ledger::UnitOfWork& unit, int year, std::int64_t count) const {
    return unit.take_numbers(
        template_.has_year() ? fmt::format("{}.{}", sequence_, year) : sequence_, count);
}

void FolioNumbers::number(ledger::UnitOfWork& unit, std::vector<store::StoredRecord>& records,
                          const std::vector<int>& years, std::size_t count) {
    std::map<int, std::int64_t> wanted;
    for (std::size_t i = 0; i < count; ++i) ++wanted[key_year(years[i])];
    for (auto& [year, number] : wanted) number = take(unit, year, number);  // now the first of them
    for (std::size_t i = 0; i < count; ++i) {
        auto& folio = records[i].folio;
        folio.clear();
        template_.append(years[i], office_, wanted[key_year(years[i])]++, folio);
    }
}

void FolioNumbers::number(ledger::UnitOfWork& unit, store::StoredRecord& record, int year) {
    record.folio.clear();
    template_.append(year, office_, take(unit, key_year(year), 1), record.folio);
}

}  // namespace amate::registry::internal
