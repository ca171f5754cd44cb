// SPDX-License-Identifier: Apache-2.0
// One pass over a register's columns for all requests on it.
#include "statistics/internal/counting.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <thread>

#include "statistics/internal/cells.hpp"

namespace amate::statistics::internal {

namespace {

using definitions::Dimension;

// So many combinations of what a made dimension reads are evaluated beforehand.
constexpr std::uint64_t kMadeMax = std::uint64_t{1} << 20U;

// Blocks a thread takes at a time.
constexpr std::size_t kBlocksTaken = 16;

std::vector<std::int64_t> amounts_of(const Column& column) {
    std::vector<std::int64_t> amounts;
    for (const auto& value : column.dictionary) {
        const auto* number = std::get_if<std::int64_t>(&value);
        amounts.push_back(number == nullptr ? 0 : *number);
    }
    return amounts;
}

// What a made dimension gives for each combination of what it reads.
Result<Axis> made_axis(const Columns& columns, const TableRequest& request,
                       const Dimension& dimension) {
    Axis axis{&dimension, nullptr, {columns, *request.register_, dimension.expression}, {}, {}, 0};
    if (axis.read.size() > kMadeMax) {
        return fail(Problem{"statistics.expression_too_wide",
                            Place{"", 0, 0, "by"},
                            {{"maximum", std::to_string(kMadeMax)}}});
    }
    const auto column =
        dimension.expression.evaluate_columns(axis.read.batch(*request.register_), {});
    auto values = std::make_shared<std::vector<Value>>();
    std::map<std::string, std::uint32_t> numbers;
    std::vector<std::uint32_t> places;  // one a value of the column's dictionary
    for (const auto& value : column.dictionary()) {
        const auto text = is_missing(value) ? std::string() : canonical(value);
        const auto [number, fresh] =
            numbers.emplace(text, static_cast<std::uint32_t>(values->size()));
        if (fresh) values->push_back(text.empty() ? Value(Missing::absent) : value);
        places.push_back(number->second);
    }
    axis.made_places.assign(axis.read.size(), places.front());
    if (const auto* indices = column.indices()) {
        for (std::size_t at = 0; at < indices->size(); ++at) {
            axis.made_places[at] = places[(*indices)[at]];
        }
    }
    axis.dictionary = values.get();
    axis.made_values = std::move(values);
    return axis;
}

Axis plain_axis(const Columns& columns, const Dimension& dimension) {
    const auto& column = columns.column(dimension.sql_name);
    return {&dimension, &column.dictionary, Combination(column), {}, {}, 0};
}

// False if the combinations are too many to be numbered.
bool add_axis(Axis axis, Plan& plan) {
    axis.stride = plan.combinations;
    const auto size = axis.dictionary->size();
    plan.axes.push_back(std::move(axis));
    return !__builtin_mul_overflow(plan.combinations, size, &plan.combinations);
}

bool sums_fit(const std::vector<std::int64_t>& amounts, std::size_t rows) {
    std::int64_t sum = 0;
    return std::all_of(amounts.begin(), amounts.end(), [&](std::int64_t amount) {
        return !__builtin_mul_overflow(amount, static_cast<std::int64_t>(rows), &sum);
    });
}

// Null where rows have to be looked at.
const std::vector<std::int64_t>* known_counts(const TableRequest& request, const Plan& plan) {
    const bool all = request.measure == Measure::records && request.where.empty() &&
                     request.period == Period{} && plan.axes.size() == 1;
    if (!all || plan.axes.front().made_values != nullptr) return nullptr;
    return &plan.axes.front().read.reads().front().column->counts;
}

Result<Plan> plan_of(const Columns& columns, const TableRequest& request) {
    Plan plan;
    plan.request = &request;
    bool fits = true;
    for (const auto* dimension : request.by) {
        if (request.is_made(dimension)) {
            AMATE_TRY(auto axis, made_axis(columns, request, *dimension));
            fits = fits && add_axis(std::move(axis), plan);
        } else {
            fits = fits && add_axis(plain_axis(columns, *dimension), plan);
        }
    }
    if (request.measure == Measure::distinct) {
        const auto own = std::find(request.by.begin(), request.by.end(), request.distinct);
        plan.distinct = static_cast<std::size_t>(own - request.by.begin());
        if (own == request.by.end()) {
            fits = fits && add_axis(plain_axis(columns, *request.distinct), plan);
        }
    } else if (request.measure == Measure::percentile) {
        plan.needed = &columns.column(request.summed->sql_name);
        plan.distinct = request.by.size();
        fits = fits && add_axis(plain_axis(columns, *request.summed), plan);
    } else if (request.measure == Measure::persons) {
        plan.persons = &columns.persons();
        plan.repeated = std::max<std::uint64_t>(columns.repeated_persons(), 1);
        std::uint64_t all = 0;
        fits = fits && !__builtin_mul_overflow(plan.combinations, plan.repeated, &all);
    } else if (request.measure == Measure::sum || request.measure == Measure::mean) {
        plan.summed = &columns.column(request.summed->sql_name);
        plan.amounts = amounts_of(*plan.summed);
        plan.sums_fit = sums_fit(plan.amounts, columns.rows());
        if (request.measure == Measure::mean) plan.needed = plan.summed;
        if (request.weight != nullptr) {
            plan.weight = &columns.column(request.weight->sql_name);
            plan.weights = amounts_of(*plan.weight);
        }
    }
    if (!fits) return fail(too_many_cells(request));
    plan.known = known_counts(request, plan);
    return plan;
}

// What all threads read.
struct Pass {
    const Columns& columns;
    std::vector<Filter> filters;
    std::vector<Plan> plans;
    std::atomic<std::size_t> next_block{0};

    [[nodiscard]] std::size_t blocks() const {
        return (columns.rows() + kBlockRows - 1) / kBlockRows;
    }

    [[nodiscard]] std::vector<Histogram> run() {
        std::vector<Histogram> histograms;
        for (const auto& plan : plans) histograms.emplace_back(plan);
        std::vector<Selection> selections(filters.size());
        Block block(columns.size());
        while (true) {
            const auto first = next_block.fetch_add(kBlocksTaken);
            if (first >= blocks()) return histograms;
            for (auto at = first; at < std::min(first + kBlocksTaken, blocks()); ++at) {
                const auto row = at * kBlockRows;
                block.move_to(row, std::min(kBlockRows, columns.rows() - row));
                for (std::size_t i = 0; i < filters.size(); ++i) {
                    filters[i].select(block, selections[i]);
                }
                for (std::size_t i = 0; i < plans.size(); ++i) {
                    const auto& selection = selections[plans[i].filter];
                    if (selection.size(block) != 0) histograms[i].add(block, selection);
                }
            }
        }
    }
};

std::size_t filter_for(Pass& pass, const TableRequest& request) {
    const auto same = std::find_if(pass.filters.begin(), pass.filters.end(),
                                   [&](const Filter& each) { return each.same_as(request); });
    if (same != pass.filters.end()) return static_cast<std::size_t>(same - pass.filters.begin());
    pass.filters.emplace_back(pass.columns, request);
    return pass.filters.size() - 1;
}

std::vector<Histogram> run_by_all_cores(Pass& pass) {
    const auto useful = (pass.blocks() + kBlocksTaken - 1) / kBlocksTaken;
    const auto threads = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()),
                                               std::max<std::size_t>(useful, 1));
    std::vector<std::future<std::vector<Histogram>>> others;
    for (std::size_t at = 1; at < threads; ++at) {
        others.push_back(std::async(std::launch::async, [&] { return pass.run(); }));
    }
    auto histograms = pass.run();
    for (auto& other : others) {
        const auto theirs = other.get();
        for (std::size_t i = 0; i < histograms.size(); ++i) histograms[i].merge(theirs[i]);
    }
    return histograms;
}

}  // namespace

std::vector<Result<Table>> count(const Columns& columns,
                                 const std::vector<const TableRequest*>& requests) {
    Pass pass{columns, {}, {}, {}};
    std::vector<Result<Table>> answers(requests.size());
    std::vector<std::size_t> planned;
    for (std::size_t at = 0; at < requests.size(); ++at) {
        auto plan = plan_of(columns, *requests[at]);
        if (!plan) {
            answers[at] = fail(std::move(plan).error());
        } else if (plan->known != nullptr) {
            Histogram histogram(*plan);
            answers[at] = table_of(*plan, histogram);
        } else {
            plan->filter = filter_for(pass, *requests[at]);
            pass.plans.push_back(*std::move(plan));
            planned.push_back(at);
        }
    }
    if (planned.empty()) return answers;
    auto histograms = run_by_all_cores(pass);
    for (std::size_t i = 0; i < planned.size(); ++i) {
        answers[planned[i]] = table_of(pass.plans[i], histograms[i]);
    }
    return answers;
}

}  // namespace amate::statistics::internal
