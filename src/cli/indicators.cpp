// SPDX-License-Identifier: Apache-2.0
// amate -w DIR indicators [ID...]: indicators through time, and how far they are towards targets.
#include "cli/command.hpp"

#include <fmt/format.h>

#include "core/csv.hpp"
#include "core/text.hpp"
#include "followup/indicators.hpp"
#include "snapshot/snapshot.hpp"

namespace amate::cli {
namespace {

struct IndicatorsRequest {
    std::vector<std::string> ids;
    std::string as_of;
};

std::string number_text(double number) {
    return fmt::format("{}", number);
}

// A line a point of the series, the baseline and each target.
void append_csv(const followup::IndicatorState& state, std::string& csv) {
    const auto& id = state.indicator->id;
    const auto line = [&](const char* kind, const Period& period, const std::string& value,
                          const std::string& reached = {}, const std::string& way = {},
                          const std::string& due = {}, const std::string& light = {}) {
        csv += csv_line({id, kind, period.iso(), value, reached, way, due, light});
    };
    for (const auto& point : state.series) {
        line(point.partial ? "incomplete" : "series", point.period, std::to_string(point.value));
    }
    if (state.baseline) {
        line("baseline", state.indicator->baseline->period, number_text(*state.baseline));
    }
    for (const auto& target : state.targets) {
        line("target", target.target->period, number_text(*target.target->value),
             number_text(target.reached), target.way ? fmt::format("{:.4f}", *target.way) : "",
             fmt::format("{:.4f}", target.due), std::string(followup::name_of(target.light)));
    }
}

Result<std::vector<const definitions::Indicator*>> chosen(const definitions::Pack& pack,
                                                          const std::vector<std::string>& ids) {
    std::vector<const definitions::Indicator*> all;
    if (ids.empty()) {
        for (const auto& indicator : pack.indicators) all.push_back(&indicator);
        return all;
    }
    std::vector<std::string> names;
    for (const auto& indicator : pack.indicators) names.push_back(indicator.id);
    for (const auto& id : ids) {
        const auto* indicator = pack.find_indicator(id);
        if (indicator == nullptr) {
            return fail(
                Problem{"cli.unknown_indicator",
                        {},
                        {{"indicator", id}, {"suggestion", closest(id, names).value_or("")}}});
        }
        all.push_back(indicator);
    }
    return all;
}

Result<std::string> list_indicators(const Shell& shell, const IndicatorsRequest& request) {
    std::optional<Date> as_of;
    if (!request.as_of.empty()) {
        AMATE_TRY(as_of, parse_day(request.as_of));
    }
    AMATE_TRY(const auto open, open_workspace(shell));
    AMATE_TRY(const auto indicators, chosen(*open.pack, request.ids));
    AMATE_TRY(const auto manifest, snapshot::latest_snapshot(open.workspace, as_of));
    statistics::Tabulator tabulator(manifest);
    auto csv = csv_line({"indicator", "kind", "period", "value", "reached", "way", "due", "light"});
    for (const auto& state :
         followup::follow_indicators(*open.pack, indicators, &manifest, &tabulator)) {
        if (state.obstacle) return fail(*state.obstacle);
        append_csv(state, csv);
    }
    return csv;
}

}  // namespace

void add_indicators(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("indicators",
                                       "Indicators through time, with baseline, targets and light");
    auto request = std::make_shared<IndicatorsRequest>();
    command->add_option("ID", request->ids, "Indicators (default: all)");
    command->add_option("--as-of", request->as_of, "Newest cut-off that may be used, YYYY-MM-DD");
    command->callback([&shell, request] {
        shell.run = [&shell, request] {
            const auto text = list_indicators(shell, *request);
            return text ? write_text("-", *text) : report(text.error());
        };
    });
}

}  // namespace amate::cli
