// SPDX-License-Identifier: Apache-2.0
// A part of a report that is counted: a table, a chart or a map.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "definitions/model.hpp"
#include "statistics/tabulate.hpp"

namespace amate::reports::internal {

enum class Shape : unsigned char { table, bars, columns, lines, map };

// What is asked for, and once it is counted, the table.
struct Count {
    Place place;
    std::string anchor, title, note;
    Shape shape = Shape::table;
    statistics::TableRequest request;  // its `by` are the rows, then `across` if there is one
    bool across = false;               // the last dimension stands across
    int top = 0;                       // rows shown, the largest ones; 0: all
    const definitions::Map* map = nullptr;
    std::optional<statistics::Table> table;
    std::optional<Problem> obstacle;  // why there is none
};

// The numbers as rows and columns. Labels of several row dimensions stand side by side.
struct Grid {
    std::vector<std::string> row_titles;  // one a row dimension
    std::vector<std::string> columns;     // labels across; one, the measure, without `across`
    struct Row {
        std::vector<std::string> codes, labels;    // one a row dimension
        std::vector<std::optional<double>> cells;  // one a column
        bool total = false;
    };
    std::vector<Row> rows;
    bool total_column = false;  // the last column is the total of the others
    std::size_t left_out = 0;   // rows beyond `top`
};
[[nodiscard]] Grid grid_of(const Count& count, std::string_view language);
// "1,234", "12.5", "45.2 %" (a share).
[[nodiscard]] std::string cell_words(const Count& count, std::optional<double> cell);
// "Records", "Mean of ...": what is counted.
[[nodiscard]] std::string measure_words(const statistics::TableRequest& request,
                                        std::string_view language);
// The rule in words: register, measure, condition, period.
[[nodiscard]] std::string rule_words(const statistics::TableRequest& request,
                                     std::string_view language);

// SVG of a grid: columns or lines, with axis, labels and a legend if there are several columns.
[[nodiscard]] std::string draw_columns(const Count& count, const Grid& grid);
[[nodiscard]] std::string draw_lines(const Count& count, const Grid& grid);
// The map with its areas in five shades by quantiles, and the ends of each.
struct Shade {
    double low = 0, high = 0;
};
struct DrawnMap {
    std::string svg;
    std::vector<Shade> shades;      // rising
    std::size_t areas_without = 0;  // of which nothing is counted
};
[[nodiscard]] DrawnMap draw_map(const Count& count, const Grid& grid, std::string_view language);

}  // namespace amate::reports::internal
