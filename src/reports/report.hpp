// SPDX-License-Identifier: Apache-2.0
// A report of the pack (reports/NAME.LANGUAGE.md) as one HTML page that opens each of its numbers.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "followup/figures.hpp"
#include "statistics/tabulate.hpp"

namespace amate::reports {

struct ReportOptions {
    std::string report;    // its name, e.g. "gcm"
    std::string language;  // of the pack
    // What its parameters are instead of what the report says, e.g. {"year", "2016"}.
    std::vector<std::pair<std::string, std::string>> parameters;
    Date as_of;
    bool invented = false;                         // says on every page that the data are invented
    const snapshot::Manifest* manifest = nullptr;  // what is counted from; may be null
    statistics::Tabulator* tabulator = nullptr;    // over it; null: nothing is counted
    // Whether a register may be counted for these readers; empty: all may. Whoever asks has made
    // sure that `states` hold nothing else either.
    std::function<bool(const definitions::Register&)> may_count = {};
};

// Self-contained HTML (styles inside, no scripts, no outside address). Every number stands in the
// report as what was computed or what was reported, said to be so, and opens in the annex into its
// rule, cut-off, SQL and snapshot, or its source line. A part `chapters` shows every figure of
// `states` once, under its objective (framework "gcm") or the first node that its indicator names;
// without one, under "context", which comes first. Opened numbers get an annex at the end where the
// report does not say where it stands.
// Problems, all of them, each where it stands in the report: reports.unknown_report,
// reports.unknown_language, reports.unknown_parameter, reports.bad_part, reports.unknown_value, and
// those of the tables asked for. Cost: a table a part over the snapshot; the rest some ms.
// A page of a server that sends a content security policy must allow the styles inside.
[[nodiscard]] Result<std::string> render_report(const definitions::Pack& pack,
                                                const std::vector<followup::FigureState>& states,
                                                const ReportOptions& options);

// What is wrong with the parts of any report of the pack: as render_report finds it, without data;
// also reports.languages_differ where a report does not ask for the same in every language.
[[nodiscard]] Problems check_reports(const definitions::Pack& pack);

}  // namespace amate::reports
