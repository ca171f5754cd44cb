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
    bool invented = false;  // says on every page that the data are invented
};

// Self-contained HTML (styles inside, no scripts, no outside address). Every figure of the pack
// stands in it once, marked computed or reported, with its rule, cut-off, SQL and source line.
[[nodiscard]] Result<std::string> render_report(const definitions::Pack& pack,
                                                const std::vector<FigureState>& states,
                                                const ReportOptions& options);

}  // namespace amate::followup
