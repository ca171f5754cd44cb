// SPDX-License-Identifier: Apache-2.0
// The parts of a request as SQL over a snapshot's file.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics::internal {

// Conditions of where and period, each to hold; none means all records.
[[nodiscard]] Result<std::vector<std::string>> conditions_of(const TableRequest& request);

// True if the request needs a dimension of type `codes` opened into one row a code.
[[nodiscard]] bool opens_codes(const TableRequest& request);

// True if cells overlap or do not add up: everything but records by single codes.
[[nodiscard]] bool cells_add_up(const TableRequest& request);

// One SELECT that answers many requests without `by` and without opened codes over one file: a
// column each, in order. At least one request.
[[nodiscard]] Result<std::string> batch_sql(const std::vector<const TableRequest*>& requests,
                                            const std::string& file);

}  // namespace amate::statistics::internal
