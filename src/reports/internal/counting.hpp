// SPDX-License-Identifier: Apache-2.0
// Reads what parts of a report are counted, and counts them together.
#pragma once

#include <deque>
#include <map>

#include "reports/internal/parts.hpp"

namespace amate::reports::internal {

// Parts by their place in the report's text; the counts stay where they are.
struct Counting {
    std::deque<Count> counts;
    std::map<const definitions::ReportPart*, const Count*> of_part;
};

// Parts of the kinds table, chart and map. What is wrong with them goes to the draft's problems.
[[nodiscard]] Counting read_counts(Draft& draft, const std::vector<definitions::ReportPart>& parts);
// In one pass a register. A count that cannot be made says why; that is no problem of the report.
void run_counts(const ReportContext& context, Counting& counting);

}  // namespace amate::reports::internal
