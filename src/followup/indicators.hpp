// SPDX-License-Identifier: Apache-2.0
// Indicators through time, and how far they are on the way to their targets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "statistics/tabulate.hpp"

namespace amate::followup {

enum class Light : unsigned char { none, green, amber, red };
[[nodiscard]] std::string_view name_of(Light light);  // "none", "green", "amber", "red"

struct SeriesPoint {
    Period period;
    std::int64_t value = 0;
    bool partial = false;  // the cut-off lies before its end
};

// How a target stands. Where there is a baseline, it and the target are levels: the way goes from
// the baseline to the target, and the level reached is that of the last whole step of the series
// (of the target's own period once it is over). Without one the target is what shall have been
// counted in its period by its end: the way begins at nothing.
// SPEC: Eurostat, Sustainable development in the European Union (2023), annex II, linear path: the
// light judges `way / due`.
struct TargetState {
    const definitions::IndicatorPoint* target = nullptr;
    double reached = 0;         // what is held against the target
    Period measured;            // the days `reached` was counted in
    std::optional<double> way;  // share of it, 1 at the target; nothing if baseline = target
    double due = 0;             // share of it that the time gone by asks for, 0 to 1
    Light light = Light::none;  // none while nothing is due
};

struct IndicatorState {
    const definitions::Indicator* indicator = nullptr;
    std::optional<Date> cutoff;       // of the snapshot counted from
    std::vector<SeriesPoint> series;  // rising, by the indicator's step, without gaps
    std::optional<double> baseline;   // as given, or counted in its period
    std::vector<TargetState> targets;
    std::int64_t total = 0;           // of all days up to the cut-off
    std::string sql;                  // of the total
    std::optional<Problem> obstacle;  // why nothing was counted
};

// The table request of an indicator over a period, all that its `where` lets through.
[[nodiscard]] statistics::TableRequest request_for(const definitions::Pack& pack,
                                                   const definitions::Indicator& indicator,
                                                   const Period& period);

// One state an indicator, in their order. `manifest` or `tabulator` may be null: nothing is counted
// then. An indicator that cannot be counted is no failure: it says why. Cost: two passes a
// register; each point of a series is a table of one cell.
[[nodiscard]] std::vector<IndicatorState> follow_indicators(
    const definitions::Pack& pack, const std::vector<const definitions::Indicator*>& indicators,
    const snapshot::Manifest* manifest, statistics::Tabulator* tabulator);

// The period of this step that a day lies in.
[[nodiscard]] Period step_of(definitions::Step step, Date day);

// What separates a figure's computed number from all that its register holds, line by line: adds up
// exactly to `computed`. Empty where any of it cannot be counted. Cost: one pass over the register.
struct BridgeLine {
    enum class Kind : unsigned char {
        register_,  // all records of the register that the cut-off lets in
        scope,      // left out by the indicator's condition
        period,     // in scope, left out by the figure's period
        breakdown,  // in scope and period, left out by the figure's keys
        computed    // what remains
    };
    Kind kind;
    std::int64_t value = 0;  // negative where it takes away
};
[[nodiscard]] std::vector<BridgeLine> bridge_of(const definitions::Pack& pack,
                                                const definitions::Indicator& indicator,
                                                const definitions::Figure& figure,
                                                statistics::Tabulator& tabulator);

}  // namespace amate::followup
