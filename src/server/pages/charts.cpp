// SPDX-License-Identifier: Apache-2.0
// Bar charts of figures that belong together: the parts of a whole, and one thing over years.
#include <algorithm>
#include <charconv>
#include <map>

#include "server/pages/parts.hpp"
#include "server/wording.hpp"

namespace amate::server::pages {
namespace {

constexpr std::size_t kBarsMin = 3;
constexpr std::size_t kBarsMax = 24;

std::optional<double> number_of(const definitions::Figure& figure) {
    double number = 0;
    const auto& text = figure.value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

struct Bar {
    const definitions::Figure* figure;
    std::string label;
    double number;
};

void add_chart(Page& page, render::View& charts, const std::string& title, const std::string& note,
               const std::vector<Bar>& bars) {
    auto& chart = page.include(charts, "CHART", "chart.html");
    chart.set("TITLE", title);
    chart.set("NOTE", note);
    double most = 0;
    for (const auto& bar : bars) most = std::max(most, bar.number);
    for (const auto& bar : bars) {
        auto& row = chart.add("BAR");
        row.set("URL", page.link("/figures/" + percent_encode(bar.figure->id)));
        row.set("LABEL", bar.label);
        row.set("VALUE", value_words(*bar.figure, page.language()));
        // At least a hair, so that a small number is not taken for none.
        const double percent = most > 0 ? 100 * bar.number / most : 0;
        row.set("PERCENT", std::to_string(std::max(percent, bar.number > 0 ? 0.5 : 0.0)));
    }
}

// Keys by which the parts of a whole differ, the year aside.
std::string key_of(const definitions::Figure& figure) {
    std::string keys;
    for (const auto& [key, value] : figure.disaggregation) {
        if (key != "year" && key != "asof" && key != "bound") keys += key + ";";
    }
    return keys;
}

// What a series has in common: everything but the year.
std::string series_of(const definitions::Figure& figure) {
    if (figure.find_key("year").empty()) return {};
    std::string series =
        figure.unit + "|" + (figure.programmes.empty() ? "" : figure.programmes[0]);
    for (const auto& [key, value] : figure.disaggregation) {
        if (key != "year" && key != "asof") series += "|" + key + "=" + value;
    }
    return series;
}

// A title over years is the title of one of them without its year.
std::string without_year(std::string title, const std::string& year) {
    for (const auto* before : {" en ", " in ", ", ", " "}) {
        const auto at = title.find(before + year);
        if (at != title.npos) return title.erase(at, std::string(before).size() + year.size());
    }
    return title;
}

bool is_part_of(const definitions::Figure& figure, const std::string& whole) {
    return std::any_of(figure.relations.begin(), figure.relations.end(), [&](const auto& relation) {
        return relation.kind == "part_of" && holds(relation.others, whole);
    });
}

}  // namespace

void add_charts(Page& page, const Site& site, const Figures& figures) {
    render::View* charts = nullptr;
    const auto list = [&]() -> render::View& {
        if (charts == nullptr) charts = &page.body().add("CHARTS");
        return *charts;
    };
    const auto& language = page.language();
    std::map<std::string, std::vector<Bar>> series;
    std::vector<std::string> order;
    for (const auto* whole : figures) {
        std::map<std::string, std::vector<Bar>> parts;
        for (const auto& figure : site.pack().figures) {
            if (!is_part_of(figure, whole->id)) continue;
            const auto number = number_of(figure);
            if (number)
                parts[key_of(figure)].push_back({&figure, figure.title.in(language), *number});
        }
        for (auto& [key, bars] : parts) {
            if (bars.size() < kBarsMin || bars.size() > kBarsMax) continue;
            std::stable_sort(bars.begin(), bars.end(),
                             [](const Bar& a, const Bar& b) { return a.number > b.number; });
            const auto value = value_words(*whole, language);
            add_chart(page, list(), whole->title.in(language),
                      page.say("chart_parts", {{"value", value}}), bars);
        }
        const auto name = series_of(*whole);
        const auto number = number_of(*whole);
        if (name.empty() || !number) continue;
        if (series[name].empty()) order.push_back(name);
        series[name].push_back({whole, whole->find_key("year"), *number});
    }
    for (const auto& name : order) {
        auto& bars = series[name];
        if (bars.size() < kBarsMin || bars.size() > kBarsMax) continue;
        std::stable_sort(bars.begin(), bars.end(),
                         [](const Bar& a, const Bar& b) { return a.label < b.label; });
        const bool repeats =
            std::adjacent_find(bars.begin(), bars.end(), [](const auto& a, const auto& b) {
                return a.label == b.label;
            }) != bars.end();
        if (repeats) continue;  // two figures of one year: no series
        const auto title = without_year(bars[0].figure->title.in(language), bars[0].label);
        add_chart(page, list(), title, page.say("chart_series"), bars);
    }
}

}  // namespace amate::server::pages
