// SPDX-License-Identifier: Apache-2.0
// Counts requests over a register's columns.
#pragma once

#include <cstdint>
#include <vector>

#include "statistics/internal/columns.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics::internal {

// The tables, without SQL and cut-off, in the order of the requests, all of the register the
// columns are of, in one pass by as many threads as the machine has cores. Problem of one, which
// does not stop the others: statistics.too_many_cells, also where there could be more than 2^63.
// Throws IoFailure if the snapshot lacks a column a request reads, or a sum is beyond 64 bits.
//
// A row adds to one place of a histogram: of as many places as the dictionaries have combinations
// where those are at most 2^20, else of those that occur. Sets of codes are told apart as they
// stand and opened into cells afterwards. Distinct codes are places of one dimension more. Persons
// with one row are counted where they stand; of the others (place, person) is kept and made unique.
[[nodiscard]] std::vector<Result<Table>> count(const Columns& columns,
                                               const std::vector<const TableRequest*>& requests);

}  // namespace amate::statistics::internal
