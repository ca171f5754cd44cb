// SPDX-License-Identifier: Apache-2.0
// Lays the cells of a table out in rows and columns, and puts them into words.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "followup/wording.hpp"
#include "reports/internal/count.hpp"

namespace amate::reports::internal {
namespace {

using followup::say;
using statistics::kTotalCode;
using statistics::Measure;
using statistics::Table;

// What people call a code: of an expression `month(...)` the month's name.
std::string label(const statistics::TableRequest& request, std::size_t at, const std::string& code,
                  std::string_view language) {
    const auto& dimension = *request.by[at];
    if (request.is_made(&dimension) && dimension.name.starts_with("month(") && !code.empty() &&
        code != kTotalCode) {
        return say(language, "month." + code);
    }
    return statistics::label_of(dimension, code, language);
}

std::optional<double> number_at(const Count& count, std::size_t cell) {
    const auto& table = *count.table;
    if (count.request.has_values()) {
        return std::isnan(table.values[cell]) ? std::nullopt : std::optional(table.values[cell]);
    }
    return static_cast<double>(table.counts[cell]);
}

// Rows by their codes, as the table has them: in code list order, totals last.
struct Places {
    std::map<std::vector<std::string>, std::size_t> row_of;
    std::map<std::string, std::size_t> column_of;
};

void sort_by_size(Grid& grid, int top) {
    const auto first_total = std::stable_partition(grid.rows.begin(), grid.rows.end(),
                                                   [](const auto& row) { return !row.total; });
    const auto size = [](const Grid::Row& row) { return row.cells.back().value_or(0); };
    std::stable_sort(grid.rows.begin(), first_total,
                     [&](const auto& a, const auto& b) { return size(a) > size(b); });
    const auto rows = static_cast<std::size_t>(first_total - grid.rows.begin());
    if (rows <= static_cast<std::size_t>(top)) return;
    grid.left_out = rows - static_cast<std::size_t>(top);
    grid.rows.erase(grid.rows.begin() + top, first_total);
}

}  // namespace

Grid grid_of(const Count& count, std::string_view language) {
    Grid grid;
    const auto& request = count.request;
    const auto& table = *count.table;
    const std::size_t rows_by = request.by.size() - (count.across ? 1 : 0);
    for (std::size_t at = 0; at < rows_by; ++at) {
        grid.row_titles.push_back(request.by[at]->title.in(language));
    }
    Places places;
    if (count.across) {
        const auto& codes = table.codes[rows_by];
        // Only what occurs, the total last.
        std::vector<bool> used(codes.size(), false);
        for (std::size_t cell = 0; cell < table.size(); ++cell) {
            used[table.places[cell * table.codes.size() + rows_by]] = true;
        }
        for (std::size_t i = 0; i < codes.size(); ++i) {
            if (!used[i]) continue;
            places.column_of.emplace(codes[i], grid.columns.size());
            grid.columns.push_back(label(request, rows_by, codes[i], language));
            grid.total_column = codes[i] == kTotalCode;
        }
    } else {
        grid.columns.push_back(measure_words(request, language));
    }
    for (std::size_t cell = 0; cell < table.size(); ++cell) {
        std::vector<std::string> codes;
        for (std::size_t at = 0; at < rows_by; ++at) codes.push_back(table.code(cell, at));
        // Totals of some row dimensions but not of all would stand between the rows they are of.
        const auto totals = std::count(codes.begin(), codes.end(), kTotalCode);
        const bool all = totals == static_cast<std::ptrdiff_t>(codes.size());
        if (totals > 0 && !all) continue;
        const auto [place, is_new] = places.row_of.try_emplace(codes, grid.rows.size());
        if (is_new) {
            auto& row = grid.rows.emplace_back();
            for (std::size_t at = 0; at < rows_by; ++at) {
                row.labels.push_back(label(request, at, codes[at], language));
            }
            row.codes = codes;
            row.total = totals > 0;
            row.cells.resize(grid.columns.size());
        }
        const auto column = count.across ? places.column_of.at(table.code(cell, rows_by)) : 0;
        grid.rows[place->second].cells[column] = number_at(count, cell);
    }
    // What does not occur was counted nonetheless.
    if (!request.has_values()) {
        for (auto& row : grid.rows) {
            for (auto& cell : row.cells) cell = cell.value_or(0);
        }
    }
    if (count.top > 0) sort_by_size(grid, count.top);
    return grid;
}

std::string cell_words(const Count& count, std::optional<double> cell) {
    if (!cell) return "–";
    if (count.request.measure == Measure::share) {
        return followup::number_words(fmt::format("{:.1f}", *cell * 100)) + " %";
    }
    const bool whole = !count.request.has_values() || *cell == std::floor(*cell);
    return followup::number_words(fmt::format("{:.{}f}", *cell, whole ? 0 : 1));
}

std::string measure_words(const statistics::TableRequest& request, std::string_view language) {
    followup::Parameters parameters;
    if (request.distinct != nullptr) {
        parameters.emplace_back("dimension", request.distinct->title.in(language));
    }
    if (request.summed != nullptr) {
        parameters.emplace_back("measure", request.summed->title.in(language));
    }
    switch (request.measure) {
        case Measure::records:
            return say(language, "measure.records");
        case Measure::persons:
            return say(language, "measure.persons");
        case Measure::distinct:
            return say(language, "measure.distinct", parameters);
        case Measure::sum:
            return say(language, "measure.sum", parameters);
        case Measure::mean:
            return say(language, "measure.mean", parameters);
        case Measure::percentile:
            parameters.emplace_back("percent", std::to_string(request.percent));
            return say(language, "measure.percentile", parameters);
        case Measure::share:
            break;
    }
    return say(language, "measure.share", {{"condition", request.condition.to_words(language)}});
}

std::string rule_words(const statistics::TableRequest& request, std::string_view language) {
    followup::Parameters parameters{{"register", request.register_->title.in(language)},
                                    {"what", measure_words(request, language)}};
    std::string rule;
    if (request.measure == Measure::distinct) {
        parameters.emplace_back("dimension", request.distinct->title.in(language));
        rule = say(language, "rule.distinct", parameters);
    } else if (request.measure == Measure::sum) {
        parameters.emplace_back("measure", request.summed->title.in(language));
        rule = say(language, "rule.sum", parameters);
    } else if (request.measure == Measure::persons) {
        rule = say(language, "rule.persons", parameters);
    } else if (request.measure == Measure::records) {
        rule = say(language, "rule.records", parameters);
    } else {
        rule = say(language, "rule.other", parameters);
    }
    if (!request.where.empty()) {
        rule += say(language, "rule.where", {{"condition", request.where.to_words(language)}});
    }
    if (!request.by.empty()) {
        std::vector<std::string> titles;
        for (const auto* dimension : request.by) titles.push_back(dimension->title.in(language));
        rule += say(language, "rule.by", {{"dimensions", followup::list_words(titles, language)}});
    }
    return rule +
           say(language, "rule.period",
               {{"period", followup::period_words(request.period, language)}}) +
           ".";
}

}  // namespace amate::reports::internal
