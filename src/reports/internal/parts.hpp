// SPDX-License-Identifier: Apache-2.0
// The parts the report is put together from: rows, annex entries, charts.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "definitions/model.hpp"
#include "followup/audit.hpp"
#include "followup/figures.hpp"
#include "render/view.hpp"
#include "snapshot/snapshot.hpp"

namespace amate::followup::internal {

// What every part needs to know. Borrows everything; lives for one rendering.
struct ReportContext {
    const definitions::Pack& pack;
    const std::vector<FigureState>& states;
    const std::vector<Finding>& findings;
    const snapshot::Manifest* manifest;  // may be null
    std::string_view language;
};

// How a figure is marked: "computed", "differs", "not_computable" or "reported".
[[nodiscard]] std::string mark_of(const FigureState& state);
// What the report shows for it: the computed number, else the reported one with its bound.
[[nodiscard]] std::string value_words(const FigureState& state, std::string_view language);
// The same as a number, for charts.
[[nodiscard]] double value_of(const FigureState& state);

// Fills one row of a table of figures, and the entry of the annex that opens it.
void fill_row(const ReportContext& context, const FigureState& state, render::View& row);
void fill_annex(const ReportContext& context, const FigureState& state, render::View& entry);

// Adds to `section` the charts that say more than the table of these figures: wholes with their
// parts, and what was reported for three years or more. Nothing is added where there are none.
void add_charts(const ReportContext& context, const std::vector<const FigureState*>& states,
                render::View& section);

}  // namespace amate::followup::internal
