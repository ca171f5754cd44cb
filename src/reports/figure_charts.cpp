// SPDX-License-Identifier: Apache-2.0
// Bars of a whole's parts and of a figure through the years, derived from relations and keys alone.
#include <algorithm>
#include <cmath>

#include "followup/range.hpp"
#include "reports/internal/colours.hpp"
#include "reports/internal/parts.hpp"
#include "followup/wording.hpp"

namespace amate::reports::internal {
namespace {

using followup::is_remark;
using followup::key_words;
using followup::period_words;
using followup::unit_words;
using States = std::vector<const FigureState*>;

constexpr std::size_t kPartsMin = 2;
constexpr std::size_t kYearsMin = 3;
constexpr double kFullWidth = 1000;

struct Chart {
    std::string caption, kind;
    std::vector<std::pair<std::string, const FigureState*>> bars;  // label, figure
};

bool is_part(const FigureState& state) {
    const auto& relations = state.figure->relations;
    return std::any_of(relations.begin(), relations.end(),
                       [](const auto& relation) { return relation.kind == "part_of"; });
}

// The parts of one whole by one key, as the audit has found them. Years get their own chart.
std::vector<Chart> charts_of_parts(const ReportContext& context, const States& states) {
    std::vector<Chart> charts;
    for (const auto& finding : context.findings) {
        if (finding.check != "part_of" || finding.others.size() < kPartsMin) continue;
        const auto whole = std::find_if(states.begin(), states.end(), [&](const auto* state) {
            return state->figure->id == finding.figure_id;
        });
        if (whole == states.end() || !(*whole)->figure->find_key("year").empty()) continue;
        Chart chart;
        chart.kind = "part";
        for (const auto& id : finding.others)
            if (const auto* part = context.find_state(id); part != nullptr)
                chart.bars.emplace_back(part->figure->title.in(context.language), part);
        if (chart.bars.size() < kPartsMin) continue;
        chart.caption = say(context.language, "chart.parts",
                            {{"figure", (*whole)->figure->title.in(context.language)},
                             {"key", key_words(context.pack, finding.others.front(), finding.key,
                                               context.language)}});
        charts.push_back(std::move(chart));
    }
    return charts;
}

std::string without(std::string text, const std::string& piece) {
    const auto at = text.find(piece);
    return at == std::string::npos ? text : text.erase(at, piece.size());
}

// Two figures belong to one series if they differ in nothing but the year.
std::string series_of(const FigureState& state, const std::string& year) {
    const auto& figure = *state.figure;
    std::string identity = figure.measure + "\n" + figure.unit + "\n";
    for (const auto& [key, code] : figure.disaggregation)
        if (key != "year" && !is_remark(key)) identity += key + "=" + code + "\n";
    for (const auto& [language, title] : figure.title.labels())
        identity += without(title, year) + "\n";
    return identity;
}

// "Visits made in 2013" -> "Visits made", for any wording that ends with the year.
std::string title_without_year(const std::string& title, const std::string& year) {
    const auto at = title.rfind(year);
    if (at == std::string::npos) return title;
    std::string words = title.substr(0, at);
    for (const char* ending : {" en ", " in ", " de ", " of ", " ("})
        if (words.ends_with(ending)) words.resize(words.size() - std::string_view(ending).size());
    while (!words.empty() && (words.back() == ' ' || words.back() == ',')) words.pop_back();
    return at + year.size() < title.size() ? title : words;
}

bool whole_year(const Period& period) {
    return period.first && period.last && period.first->month() == 1 && period.first->day() == 1 &&
           period.last->month() == 12 && period.last->day() == 31;
}

std::vector<Chart> charts_of_years(const ReportContext& context, const States& states) {
    std::vector<std::pair<std::string, Chart>> series;
    for (const auto* state : states) {
        const std::string year = state->figure->find_key("year");
        if (year.empty() || is_part(*state)) continue;
        const std::string identity = series_of(*state, year);
        auto at = std::find_if(series.begin(), series.end(),
                               [&](const auto& entry) { return entry.first == identity; });
        if (at == series.end()) {
            Chart chart;
            chart.kind = "year";
            const std::string title =
                title_without_year(state->figure->title.in(context.language), year);
            chart.caption = say(context.language, "chart.series", {{"figure", title}});
            at = series.insert(series.end(), {identity, std::move(chart)});
        }
        std::string label = year;
        if (!whole_year(state->figure->period) && state->figure->period.first)
            label += " (" +
                     say(context.language, "chart.partial",
                         {{"period", period_words(state->figure->period, context.language)}}) +
                     ")";
        at->second.bars.emplace_back(label, state);
    }
    std::vector<Chart> charts;
    for (auto& [identity, chart] : series) {
        if (chart.bars.size() < kYearsMin) continue;
        std::sort(chart.bars.begin(), chart.bars.end());
        charts.push_back(std::move(chart));
    }
    return charts;
}

void fill_chart(const ReportContext& context, const Chart& chart, View& view) {
    view.set("CAPTION", chart.caption);
    double largest = 0;
    for (const auto& [label, state] : chart.bars) largest = std::max(largest, value_of(*state));
    for (const auto& [label, state] : chart.bars) {
        View& bar = view.add("BAR");
        const double share = largest > 0 ? std::max(0.0, value_of(*state)) / largest : 0;
        const std::string unit = unit_words(context.pack, *state->figure, context.language);
        const bool partial = chart.kind == "year" && !whole_year(state->figure->period);
        bar.set("LABEL", label);
        bar.set("VALUE", value_words(*state, context.language) + (unit == "%" ? " %" : ""));
        bar.set("FILL", partial ? kOchre : chart.kind == "year" ? kCochineal : kIndigo);
        bar.set("WIDTH", std::to_string(std::lround(share * kFullWidth)));
    }
}

}  // namespace

void add_figure_charts(const ReportContext& context, const States& states, View& section) {
    auto charts = charts_of_years(context, states);
    auto parts = charts_of_parts(context, states);
    std::move(parts.begin(), parts.end(), std::back_inserter(charts));
    if (charts.empty()) return;
    View& view = section.add("CHARTS");
    view.set("HEADING", say(context.language, "charts.title"));
    for (const auto& chart : charts) fill_chart(context, chart, view.add("CHART"));
}

}  // namespace amate::reports::internal
