// SPDX-License-Identifier: Apache-2.0
// Counts every figure that an indicator reproduces, and says why where it cannot.
#include "followup/figures.hpp"

#include <algorithm>

#include "followup/indicators.hpp"
#include "followup/range.hpp"

namespace amate::followup {
namespace {

using definitions::Dimension;
using definitions::Figure;
using definitions::Indicator;
using definitions::Pack;
using definitions::Register;
using definitions::Type;

const Register& register_of(const Pack& pack, const Indicator& indicator) {
    const Register* found = pack.find_register(indicator.register_name);
    AMATE_CHECK(found != nullptr);
    return *found;
}

const Dimension& dimension_of(const Register& register_, const std::string& name) {
    const Dimension* found = register_.find_dimension(name);
    AMATE_CHECK(found != nullptr);
    return *found;
}

std::string quoted(const std::string& text) {
    AMATE_CHECK(text.find('\'') == std::string::npos);
    return "'" + text + "'";
}

// "point = 'north'", in the expression language.
std::string condition(const Dimension& dimension, const std::string& code) {
    switch (dimension.type) {
        case Type::codes:
            return "selected(" + dimension.name + ", " + quoted(code) + ")";
        case Type::integer:
            return dimension.name + " = " + code;
        case Type::boolean:
            return (code == "yes" || code == "true" ? "" : "not ") + dimension.name;
        default:
            return dimension.name + " = " + quoted(code);
    }
}

void block(const Pack& pack, FigureState& state, Problem problem) {
    state.how = How::not_computable;
    state.why_not = text_of(problem, pack.languages.empty() ? "en" : pack.languages.front());
    state.obstacle = std::move(problem);
}

// What keeps a figure from being counted from this snapshot, if anything does.
std::optional<Problem> find_obstacle(const snapshot::Manifest* manifest,
                                     const statistics::Tabulator* tabulator, const Period& period) {
    if (manifest == nullptr || tabulator == nullptr) return Problem{"followup.no_snapshot", {}, {}};
    if (period.last && manifest->cutoff < *period.last)
        return Problem{"followup.snapshot_too_old",
                       {},
                       {{"needed", period.last->iso()}, {"cutoff", manifest->cutoff.iso()}}};
    return std::nullopt;
}

statistics::Measure measure_of(definitions::MeasureKind kind) {
    switch (kind) {
        case definitions::MeasureKind::records:
            return statistics::Measure::records;
        case definitions::MeasureKind::persons:
            return statistics::Measure::persons;
        case definitions::MeasureKind::distinct:
            return statistics::Measure::distinct;
        case definitions::MeasureKind::sum:
            break;
    }
    return statistics::Measure::sum;
}

}  // namespace

std::string_view name_of(How how) {
    switch (how) {
        case How::computed:
            return "computed";
        case How::reported_only:
            return "reported";
        case How::not_computable:
            return "not_computable";
    }
    raise_bug("how is one of three", __FILE__, __LINE__);
}

std::optional<std::int64_t> FigureState::difference() const {
    if (!computed || figure == nullptr || decimals_of(figure->value) != 0) return std::nullopt;
    return *computed - static_cast<std::int64_t>(number_of(*figure));
}

bool FigureState::agrees() const {
    return computed && figure != nullptr &&
           range_of(*figure).contains(static_cast<double>(*computed));
}

statistics::TableRequest request_for(const Pack& pack, const Indicator& indicator,
                                     const Period& period) {
    statistics::TableRequest request;
    const Register& register_ = register_of(pack, indicator);
    request.register_ = &register_;
    request.measure = measure_of(indicator.measure);
    if (indicator.measure == definitions::MeasureKind::distinct)
        request.distinct = &dimension_of(register_, indicator.of);
    if (indicator.measure == definitions::MeasureKind::sum)
        request.summed = register_.find_measure(indicator.of);
    request.where = indicator.where;
    request.period = period;
    return request;
}

Result<statistics::TableRequest> request_for(const Pack& pack, const Indicator& indicator,
                                             const Figure& figure) {
    auto request = request_for(pack, indicator, pack.counted_period(figure));
    const Register& register_ = *request.register_;
    std::string conditions;
    Problems problems;
    for (const auto& [key, code] : figure.disaggregation) {
        const auto mapped = indicator.disaggregation.find(key);
        if (mapped == indicator.disaggregation.end()) {
            if (is_remark(key)) continue;
            problems.push_back(
                {"followup.key_without_dimension",
                 {"figures.csv", 0, 0, figure.id},
                 {{"indicator", indicator.id}, {"key", key}, {"figure", figure.id}}});
            continue;
        }
        if (mapped->second.empty()) continue;  // the period says it already
        if (!conditions.empty()) conditions += " and ";
        conditions += condition(dimension_of(register_, mapped->second), code);
    }
    if (!problems.empty()) return fail(std::move(problems));
    if (conditions.empty()) return request;
    if (!indicator.where.empty())
        conditions = "(" + indicator.where.source() + ") and " + conditions;
    AMATE_TRY(request.where, definitions::compile(conditions, register_.statistics_environment,
                                                  {"indicator " + indicator.id, 1, 1, figure.id}));
    return request;
}

Result<std::vector<FigureState>> compute_figures(const Pack& pack,
                                                 const snapshot::Manifest* manifest,
                                                 statistics::Tabulator* tabulator) {
    std::vector<FigureState> states;
    states.reserve(pack.figures.size());
    std::vector<statistics::TableRequest> requests;
    std::vector<std::size_t> asked_by;  // request -> state
    for (const auto& figure : pack.figures) {
        FigureState& state = states.emplace_back();
        state.figure = &figure;
        state.indicator = pack.indicator_of_figure(figure.id);
        if (state.indicator == nullptr) continue;
        if (auto obstacle = find_obstacle(manifest, tabulator, pack.counted_period(figure))) {
            block(pack, state, std::move(*obstacle));
            continue;
        }
        auto request = request_for(pack, *state.indicator, figure);
        if (!request) {
            block(pack, state, request.error().front());
            continue;
        }
        requests.push_back(std::move(*request));
        asked_by.push_back(states.size() - 1);
    }
    if (requests.empty()) return states;

    auto tables = tabulator->run_many(requests);
    AMATE_CHECK(tables.size() == requests.size());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        FigureState& state = states[asked_by[i]];
        if (!tables[i]) {
            block(pack, state, tables[i].error().front());
            continue;
        }
        state.how = How::computed;
        state.computed = tables[i]->total;
        state.sql = std::move(tables[i]->sql);
        state.cutoff =
            std::min(manifest->cutoff, requests[i].period.last.value_or(manifest->cutoff));
    }
    return states;
}

}  // namespace amate::followup
