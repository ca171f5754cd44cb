// SPDX-License-Identifier: Apache-2.0
// The report on a framework of commitments as one HTML page that opens each of its numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "followup/figures.hpp"

namespace amate::followup {

struct ReportOptions {
    std::string framework;  // "gcm"
    std::string language;
    Date as_of;
    bool invented = false;                         // says on every page that the data are invented
    const snapshot::Manifest* manifest = nullptr;  // what the states were counted from, if known
};

// Self-contained HTML (styles inside, no scripts, no outside address). Every figure of `states`
// stands in the tables once, marked computed or reported, and opens in the annex into its rule,
// cut-off, SQL and source line. It stands under its objective (framework "gcm") or the first node
// that its indicator names (others); without one, under "context", which comes first.
// Problems: followup.unknown_framework, followup.unknown_language. Cost: O(figures), some ms.
// A page of a server that sends a content security policy must allow the styles inside.
[[nodiscard]] Result<std::string> render_report(const definitions::Pack& pack,
                                                const std::vector<FigureState>& states,
                                                const ReportOptions& options);

}  // namespace amate::followup
