// SPDX-License-Identifier: Apache-2.0
// Counts the periods of every series in one pass, then holds levels against targets.
#include "followup/indicators.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "followup/figures.hpp"

namespace amate::followup {
namespace {

using definitions::Direction;
using definitions::Indicator;
using definitions::IndicatorPoint;
using definitions::Step;
using statistics::TableRequest;

constexpr std::size_t kStepsMax = 1200;  // a hundred years of months

double days(const Date& date) {
    return static_cast<double>(date.days_since_1970());
}

// Share of the time from the end of `from` (or, without it, the first day of `to`) to the end of
// `to` that is over at the end of `at`.
double elapsed(const std::optional<Period>& from, const Period& to, Date at) {
    const double first = from ? days(*from->last) : days(*to.first) - 1;
    const double last = days(*to.last);
    if (last <= first) return days(at) >= last ? 1 : 0;
    return std::clamp((days(at) - first) / (last - first), 0.0, 1.0);
}

Light light_of(const Indicator& indicator, double way, double due) {
    if (due <= 0) return Light::none;
    const double ratio = way / due;
    if (ratio >= indicator.green) return Light::green;
    return ratio >= indicator.amber ? Light::amber : Light::red;
}

// Share of the way to the target; nothing where there is no way to go.
std::optional<double> way_to(const Indicator& indicator, std::optional<double> baseline,
                             double target, double reached, double due) {
    if (baseline) {
        if (target == *baseline) return std::nullopt;
        return (reached - *baseline) / (target - *baseline);
    }
    if (indicator.direction == Direction::up) {
        if (target == 0) return std::nullopt;
        return reached / target;
    }
    // A ceiling that has not been touched: as much as is due, and less once it is passed.
    const double allowed = target * due;
    if (reached <= allowed) return due;
    return reached == 0 ? due : due * allowed / reached;
}

// The requests of one indicator, and where their numbers go.
class Follower {
public:
    Follower(const definitions::Pack& pack, const Indicator& indicator, Date cutoff,
             const std::vector<int>& years)
        : pack_(pack), indicator_(indicator), cutoff_(cutoff) {
        if (!years.empty()) plan_series(years.front());
        if (indicator.baseline && !indicator.baseline->value) ask(indicator.baseline->period);
        for (const auto& target : indicator.targets) ask(measured(target));
        ask({std::nullopt, cutoff});
    }

    [[nodiscard]] std::vector<TableRequest> requests() const {
        std::vector<TableRequest> all;
        for (const auto& period : periods_) all.push_back(request_for(pack_, indicator_, period));
        return all;
    }

    // `tables` are the answers to requests(), in their order.
    void settle(std::vector<Result<statistics::Table>> tables, IndicatorState& state) const {
        for (const auto& table : tables) {
            if (table) continue;
            state.obstacle = table.error().front();
            return;
        }
        std::size_t at = 0;
        const auto next = [&] { return tables[at++]->total; };
        for (std::size_t i = 0; i < steps_; ++i) {
            state.series.push_back({periods_[i], next(), cutoff_ < *periods_[i].last});
        }
        if (indicator_.baseline) {
            state.baseline = indicator_.baseline->value ? *indicator_.baseline->value
                                                        : static_cast<double>(next());
        }
        for (const auto& target : indicator_.targets) {
            state.targets.push_back(judge(target, state.baseline, static_cast<double>(next())));
        }
        state.total = tables[at]->total;
        state.sql = tables[at]->sql;
    }

private:
    void ask(const Period& period) { periods_.push_back(period); }

    void plan_series(int first_year) {
        auto at = step_of(indicator_.step, *Date::of(first_year, 1, 1));
        while (*at.first <= cutoff_ && steps_ < kStepsMax) {
            ask(at);
            ++steps_;
            at = step_of(indicator_.step, Date::from_days(at.last->days_since_1970() + 1));
        }
    }

    // The days whose count is held against a target.
    [[nodiscard]] Period measured(const IndicatorPoint& target) const {
        if (!indicator_.baseline || *target.period.last <= cutoff_) {
            return {target.period.first, std::min(*target.period.last, cutoff_)};
        }
        const auto now = step_of(indicator_.step, cutoff_);
        if (*now.last <= cutoff_) return now;
        return step_of(indicator_.step, Date::from_days(now.first->days_since_1970() - 1));
    }

    [[nodiscard]] TargetState judge(const IndicatorPoint& target, std::optional<double> baseline,
                                    double reached) const {
        TargetState state;
        state.target = &target;
        state.reached = reached;
        state.measured = measured(target);
        const auto from =
            indicator_.baseline ? std::optional(indicator_.baseline->period) : std::nullopt;
        state.due = elapsed(from, target.period, *state.measured.last);
        state.way = way_to(indicator_, baseline, *target.value, reached, state.due);
        if (state.way) state.light = light_of(indicator_, *state.way, state.due);
        return state;
    }

    const definitions::Pack& pack_;
    const Indicator& indicator_;
    Date cutoff_;
    std::size_t steps_ = 0;
    std::vector<Period> periods_;  // of the series first
};

// Years in which a register has records, rising; asked once a register.
std::map<std::string, std::vector<int>> years_of(const definitions::Pack& pack,
                                                 const std::vector<const Indicator*>& indicators,
                                                 statistics::Tabulator& tabulator) {
    std::map<std::string, std::vector<int>> years;
    std::vector<std::string> names;
    std::vector<TableRequest> requests;
    for (const auto* indicator : indicators) {
        const auto* register_ = pack.find_register(indicator->register_name);
        if (!years.try_emplace(register_->name).second) continue;
        const auto& time = register_->columns[register_->time_column].name;
        auto request = statistics::parse_request(*register_, {"year(" + time + ")", "", "", false});
        if (!request) continue;
        names.push_back(register_->name);
        requests.push_back(std::move(*request));
    }
    const auto tables = tabulator.run_many(requests);
    for (std::size_t i = 0; i < tables.size(); ++i) {
        if (!tables[i]) continue;
        auto& of_register = years[names[i]];
        for (const auto& code : tables[i]->codes.front()) {
            if (!code.empty() && code != statistics::kTotalCode) {
                of_register.push_back(std::stoi(code));
            }
        }
        std::sort(of_register.begin(), of_register.end());
    }
    return years;
}

}  // namespace

std::string_view name_of(Light light) {
    switch (light) {
        case Light::none:
            return "none";
        case Light::green:
            return "green";
        case Light::amber:
            return "amber";
        case Light::red:
            break;
    }
    return "red";
}

Period step_of(Step step, Date day) {
    const int months = step == Step::month ? 1 : step == Step::quarter ? 3 : 12;
    const int first = (day.month() - 1) / months * months + 1;
    const PartialDate end{day.year(), first + months - 1, 0};
    return {Date::of(day.year(), first, 1), end.last()};
}

std::vector<IndicatorState> follow_indicators(const definitions::Pack& pack,
                                              const std::vector<const Indicator*>& indicators,
                                              const snapshot::Manifest* manifest,
                                              statistics::Tabulator* tabulator) {
    std::vector<IndicatorState> states;
    for (const auto* indicator : indicators) states.emplace_back().indicator = indicator;
    if (manifest == nullptr || tabulator == nullptr) {
        for (auto& state : states) state.obstacle = Problem{"followup.no_snapshot", {}, {}};
        return states;
    }
    const auto years = years_of(pack, indicators, *tabulator);
    std::vector<Follower> followers;
    std::vector<TableRequest> requests;
    std::vector<std::size_t> counts;
    for (const auto* indicator : indicators) {
        auto& follower = followers.emplace_back(pack, *indicator, manifest->cutoff,
                                                years.at(indicator->register_name));
        auto asked = follower.requests();
        counts.push_back(asked.size());
        std::move(asked.begin(), asked.end(), std::back_inserter(requests));
    }
    auto tables = tabulator->run_many(requests);
    auto at = tables.begin();
    for (std::size_t i = 0; i < states.size(); ++i) {
        states[i].cutoff = manifest->cutoff;
        const auto end = at + static_cast<std::ptrdiff_t>(counts[i]);
        followers[i].settle({std::make_move_iterator(at), std::make_move_iterator(end)}, states[i]);
        at = end;
    }
    return states;
}

std::vector<BridgeLine> bridge_of(const definitions::Pack& pack, const Indicator& indicator,
                                  const definitions::Figure& figure,
                                  statistics::Tabulator& tabulator) {
    const auto exact = request_for(pack, indicator, figure);
    if (!exact) return {};
    auto in_period = *exact;
    in_period.where = indicator.where;
    auto in_scope = in_period;
    in_scope.period = {};
    auto all = in_scope;
    all.where = {};
    const auto tables = tabulator.run_many({all, in_scope, in_period, *exact});
    for (const auto& table : tables) {
        if (!table) return {};
    }
    using Kind = BridgeLine::Kind;
    std::vector<BridgeLine> lines{{Kind::register_, tables[0]->total}};
    constexpr Kind kSteps[] = {Kind::scope, Kind::period, Kind::breakdown};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto gone = tables[i + 1]->total - tables[i]->total;
        if (gone != 0) lines.push_back({kSteps[i], gone});
    }
    lines.push_back({Kind::computed, tables[3]->total});
    return lines;
}

}  // namespace amate::followup
