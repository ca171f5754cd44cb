// SPDX-License-Identifier: Apache-2.0
// Parts that list: chosen figures, indicators with their targets, and the annex that opens it all.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "followup/range.hpp"
#include "reports/internal/colours.hpp"
#include "reports/internal/parts.hpp"

namespace amate::reports::internal {
namespace {

using followup::IndicatorState;
using followup::number_words;
using followup::period_words;

// Whole numbers as such, others with what they need.
std::string plain_number(double number) {
    const bool whole = number == std::floor(number);
    return number_words(fmt::format("{:.{}f}", number, whole ? 0 : 2));
}

std::string percent(double share) {
    return number_words(fmt::format("{:.0f}", share * 100)) + " %";
}

const followup::SeriesPoint* last_whole(const IndicatorState& state) {
    const followup::SeriesPoint* last = nullptr;
    for (const auto& point : state.series) {
        if (!point.partial) last = &point;
    }
    return last;
}

void fill_target(const ReportContext& context, const followup::TargetState& target, View& view) {
    const auto language = context.language;
    const std::string light(followup::name_of(target.light));
    view.set("TARGET", plain_number(*target.target->value));
    view.set("TARGET_PERIOD", period_words(target.target->period, language));
    view.set("LIGHT", light);
    view.set("LIGHT_WORD", say(language, "light." + light));
    if (!target.way) return;
    const double share = std::clamp(*target.way, 0.0, 1.0);
    View& way = view.add("WAY");
    way.set("FILL", colour_of_light(light));
    way.set("WIDTH", std::to_string(std::lround(share * 1000)));
    way.set("DUE", std::to_string(std::lround(target.due * 1000)));
    way.set("TEXT", say(language, "indicator.way",
                        {{"reached", plain_number(target.reached)},
                         {"way", percent(*target.way)},
                         {"due", percent(target.due)}}));
}

void fill_indicator(const ReportContext& context, const IndicatorState& state, View& view) {
    const auto language = context.language;
    const auto& indicator = *state.indicator;
    view.set("ID", indicator.id);
    view.set("NAME", indicator.title.in(language));
    if (state.obstacle) {
        view.add("OBSTACLE").set("TEXT", text_of(*state.obstacle, language) + ".");
        return;
    }
    if (state.baseline) {
        View& baseline = view.add("BASELINE");
        baseline.set("VALUE", plain_number(*state.baseline));
        baseline.set("PERIOD", period_words(indicator.baseline->period, language));
    }
    for (const auto& target : state.targets) fill_target(context, target, view.add("GOAL"));
    if (const auto* last = last_whole(state); last != nullptr) {
        View& now = view.add("NOW");
        now.set("VALUE", number_words(std::to_string(last->value)));
        now.set("PERIOD", period_words(last->period, language));
    }
}

// What a series says, year by year.
std::string series_words(const ReportContext& context, const IndicatorState& state) {
    std::string words;
    for (const auto& point : state.series) {
        words += (words.empty() ? "" : "; ") + period_words(point.period, context.language) + ": " +
                 number_words(std::to_string(point.value));
        if (point.partial) words += " " + say(context.language, "indicator.partial");
    }
    return words;
}

void open_indicator(const ReportContext& context, const IndicatorState& state, View& entry) {
    const auto language = context.language;
    const auto& indicator = *state.indicator;
    entry.set("ID", "i-" + indicator.id);
    entry.set("NAME", indicator.title.in(language));
    entry.add("EYEBROW").set("LABEL", say(language, "annex.indicator"));
    fact(entry, say(language, "annex.rule"),
         rule_words(followup::request_for(context.pack, indicator, Period{{}, state.cutoff}),
                    language));
    if (state.obstacle) {
        fact(entry, say(language, "annex.why_not"), text_of(*state.obstacle, language) + ".");
        return;
    }
    fact(entry, say(language, "indicator.series"), series_words(context, state));
    if (indicator.baseline) {
        fact(entry, say(language, "indicator.baseline"),
             plain_number(state.baseline.value_or(0)) + " (" +
                 period_words(indicator.baseline->period, language) + ")" +
                 (indicator.baseline->source.empty() ? "" : ". " + indicator.baseline->source));
    }
    for (const auto& target : state.targets) {
        fact(entry, say(language, "indicator.target"),
             plain_number(*target.target->value) + " (" +
                 period_words(target.target->period, language) + ")" +
                 (target.target->source.empty() ? "" : ". " + target.target->source));
    }
    fact(entry, say(language, "annex.snapshot"), snapshot_words(context, indicator.register_name));
    View& sql = entry.add("SQL");
    sql.set("TERM", say(language, "annex.sql"));
    sql.set("TEXT", state.sql);
}

void open_count(const ReportContext& context, const Count& count, View& entry) {
    const auto language = context.language;
    entry.set("ID", "a-" + count.anchor);
    entry.set("NAME", count.title);
    View& back = entry.add("RETURN");
    back.set("BACK", say(language, "annex.back"));
    back.set("TARGET", count.anchor);
    back.set("OF", count.title);
    fact(entry, say(language, "annex.rule"), rule_words(count.request, language));
    if (count.obstacle) {
        fact(entry, say(language, "annex.why_not"), text_of(*count.obstacle, language) + ".");
        return;
    }
    fact(entry, say(language, "annex.cutoff"), followup::date_words(count.table->cutoff, language));
    fact(entry, say(language, "annex.snapshot"),
         snapshot_words(context, count.request.register_->name));
    View& sql = entry.add("SQL");
    sql.set("TERM", say(language, "annex.sql"));
    sql.set("TEXT", count.table->sql);
}

}  // namespace

void add_figures(Draft& draft, const definitions::ReportPart& part, View& page) {
    const auto language = draft.context.language;
    const PartReader reader(draft, part, {"figures", "title"});
    View& view = page.include("PART", "report_figures.html");
    const auto title = reader.text("title");
    if (!title.empty()) view.add("TITLED").set("TITLE", title);
    View& table =
        add_figure_table(language, title.empty() ? say(language, "figures.title") : title, view);
    for (const auto& id : reader.list("figures")) {
        const auto* state = draft.context.find_state(id);
        if (state != nullptr) {
            draft.add_row(*state, table.add("ROW"));
            continue;
        }
        std::vector<std::string> ids;
        for (const auto& figure : draft.context.pack.figures) ids.push_back(figure.id);
        reader.bad("figures", fmt::format("el paquete no tiene la cifra `{}`", id),
                   fmt::format("the pack has no figure `{}`", id), ids);
    }
}

void add_indicators(Draft& draft, const definitions::ReportPart& part, View& page) {
    const auto language = draft.context.language;
    const PartReader reader(draft, part, {"indicators", "title"});
    View& view = page.include("PART", "report_indicators.html");
    const auto title = reader.text("title");
    if (!title.empty()) view.add("TITLED").set("TITLE", title);
    view.set("CAPTION", title.empty() ? say(language, "indicators.title") : title);
    for (const char* column : {"indicator", "baseline", "now", "target"}) {
        std::string name = std::string("COLUMN_") + column;
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        view.set(name, say(language, std::string("indicator.column.") + column));
    }
    const auto wanted = reader.list("indicators");
    for (const auto& state : draft.indicators) {
        const bool chosen = wanted.empty() ? !state.indicator->targets.empty()
                                           : std::find(wanted.begin(), wanted.end(),
                                                       state.indicator->id) != wanted.end();
        if (!chosen) continue;
        fill_indicator(draft.context, state, view.add("ROW"));
        draft.followed.push_back(&state);
    }
    for (const auto& id : wanted) {
        if (draft.context.pack.find_indicator(id) != nullptr) continue;
        std::vector<std::string> ids;
        for (const auto& indicator : draft.context.pack.indicators) ids.push_back(indicator.id);
        reader.bad("indicators", fmt::format("el paquete no tiene el indicador `{}`", id),
                   fmt::format("the pack has no indicator `{}`", id), ids);
    }
}

void add_annex(Draft& draft, View& page) {
    const auto& context = draft.context;
    if (draft.opened.empty() && draft.counts.empty() && draft.followed.empty()) return;
    View& part = page.include("PART", "report_annex.html");
    part.set("ANNEX_TITLE", say(context.language, "annex.title"));
    part.set("ANNEX_INTRO", say(context.language, "annex.intro"));
    draft.contents.push_back({"", "annex", say(context.language, "annex.title"), ""});
    std::set<const IndicatorState*> shown;
    for (const auto* state : draft.followed) {
        if (shown.insert(state).second) open_indicator(context, *state, part.add("ANNEX"));
    }
    for (const auto* count : draft.counts) open_count(context, *count, part.add("ANNEX"));
    // What an opened figure is related to opens as well.
    for (std::size_t i = 0; i < draft.opened.size(); ++i) {
        const auto* state = draft.opened[i];
        for (const auto& relation : state->figure->relations) {
            for (const auto& id : relation.others) {
                if (const auto* other = context.find_state(id)) draft.open(*other);
            }
        }
        fill_annex(context, *state, draft.in_a_row.contains(state), part.add("ANNEX"));
    }
}

}  // namespace amate::reports::internal
