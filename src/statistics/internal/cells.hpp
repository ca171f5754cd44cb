// SPDX-License-Identifier: Apache-2.0
// From combinations of places to the cells of a table.
#pragma once

#include "statistics/internal/histogram.hpp"

namespace amate::statistics::internal {

[[nodiscard]] Problem too_many_cells(const TableRequest& request);

// The table, without SQL and cut-off, of what was counted over all rows: sets of codes opened, a
// cell's persons and codes each once. Problem: statistics.too_many_cells.
[[nodiscard]] Result<Table> table_of(const Plan& plan, Histogram& histogram);

}  // namespace amate::statistics::internal
