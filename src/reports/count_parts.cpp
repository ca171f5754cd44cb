// SPDX-License-Identifier: Apache-2.0
// Shows what was counted: tables, charts, maps.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "reports/internal/colours.hpp"
#include "reports/internal/parts.hpp"

namespace amate::reports::internal {
namespace {

constexpr double kFullWidth = 1000;

void add_table(const Count& count, const Grid& grid, View& part) {
    View& view = part.include("TABLE", "report_cells.html");
    view.set("TITLE", count.title);
    for (const auto& title : grid.row_titles) view.add("HEAD").set("LABEL", title);
    for (const auto& column : grid.columns) view.add("COLUMN").set("LABEL", column);
    for (const auto& row : grid.rows) {
        View& line = view.add("ROW");
        line.set("KIND", row.total ? "total" : "part");
        for (const auto& label : row.labels) line.add("LABEL_CELL").set("LABEL", label);
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            View& cell = line.add("CELL");
            cell.set("VALUE", cell_words(count, row.cells[i]));
            cell.set("COLUMN", row.cells.size() > 1 ? grid.columns[i] : "");
        }
    }
}

void fill_bars(const Count& count, const Grid& grid, View& view) {
    double largest = 0;
    for (const auto& row : grid.rows) {
        if (!row.total) largest = std::max(largest, row.cells.front().value_or(0));
    }
    View& bars = view.add("BARS");
    for (const auto& row : grid.rows) {
        if (row.total) continue;
        const double share = largest > 0 ? row.cells.front().value_or(0) / largest : 0;
        View& bar = bars.add("BAR");
        bar.set("LABEL", row.labels.front());
        bar.set("VALUE", cell_words(count, row.cells.front()));
        bar.set("FILL", kIndigo);
        bar.set("WIDTH", std::to_string(std::lround(std::max(0.0, share) * kFullWidth)));
    }
}

// Colour and name of each column of a chart of several.
void fill_series(const Grid& grid, View& view) {
    const auto columns = grid.columns.size() - (grid.total_column ? 1 : 0);
    if (columns < 2) return;
    View& legend = view.add("SERIES");
    for (std::size_t i = 0; i < columns; ++i) {
        View& entry = legend.add("ENTRY");
        entry.set("CLASS", "series-" + std::to_string(i % 6));
        entry.set("LABEL", grid.columns[i]);
    }
}

void fill_map(const ReportContext& context, const Count& count, const Grid& grid, View& view) {
    const auto drawn = draw_map(count, grid, context.language);
    view.add("PLOT").set("SVG", drawn.svg);
    View& legend = view.add("SERIES");
    for (std::size_t i = 0; i < drawn.shades.size(); ++i) {
        const auto& shade = drawn.shades[i];
        View& entry = legend.add("ENTRY");
        entry.set("CLASS", "shade-" + std::to_string(i + 5 - drawn.shades.size()));
        const auto low = cell_words(count, shade.low);
        const auto high = cell_words(count, shade.high);
        entry.set("LABEL", low == high ? low
                                       : say(context.language, "map.between",
                                             {{"low", low}, {"high", high}}));
    }
    if (drawn.areas_without > 0) {
        View& entry = legend.add("ENTRY");
        entry.set("CLASS", "shade-none");
        entry.set("LABEL", say(context.language, "map.none"));
    }
    view.add("SOURCE").set("TEXT",
                           say(context.language, "map.source", {{"source", count.map->source}}));
}

void fill_plot(const ReportContext& context, const Count& count, const Grid& grid, View& view) {
    switch (count.shape) {
        case Shape::bars:
            fill_bars(count, grid, view);
            break;
        case Shape::columns:
            view.add("PLOT").set("SVG", draw_columns(count, grid));
            fill_series(grid, view);
            break;
        case Shape::lines:
            view.add("PLOT").set("SVG", draw_lines(count, grid));
            fill_series(grid, view);
            break;
        case Shape::map:
            fill_map(context, count, grid, view);
            break;
        case Shape::table:
            break;
    }
}

}  // namespace

void add_count(Draft& draft, const Count& count, View& page) {
    const auto& context = draft.context;
    const auto language = context.language;
    draft.counts.push_back(&count);
    View& view = page.include(
        "PART", count.shape == Shape::table ? "report_table.html" : "report_chart.html");
    view.set("ANCHOR", count.anchor);
    view.set("TITLE", count.title);
    view.set("OPEN", say(language, "count.open"));
    if (!count.note.empty()) view.add("NOTE").set("TEXT", count.note);
    if (!count.table) {
        view.add("EMPTY").set("TEXT", text_of(*count.obstacle, language) + ".");
        return;
    }
    const auto grid = grid_of(count, language);
    if (grid.rows.empty()) {
        view.add("EMPTY").set("TEXT", say(language, "count.nothing"));
        return;
    }
    if (count.shape != Shape::table) fill_plot(context, count, grid, view);
    if (count.shape == Shape::table) {
        add_table(count, grid, view);
    } else if (count.shape != Shape::bars) {  // bars say their numbers
        View& details = view.add("DETAILS");
        details.set("SUMMARY", say(language, "count.data"));
        add_table(count, grid, details);
    }
    if (grid.left_out > 0) {
        view.add("CUT").set("TEXT", say(language, "count.left_out",
                                        {{"shown", std::to_string(count.top)},
                                         {"left_out", std::to_string(grid.left_out)}}));
    }
    view.add("BASIS").set("TEXT", measure_words(count.request, language) + ". " +
                                      snapshot_words(context, count.request.register_->name) + ".");
}

}  // namespace amate::reports::internal
