// SPDX-License-Identifier: Apache-2.0
// Finds the rows of a block that a request counts.
#include "statistics/internal/filter.hpp"

#include <algorithm>

namespace amate::statistics::internal {

namespace {

using definitions::ColumnBatch;
using definitions::EncodedColumn;

// So many combinations are evaluated beforehand: a table that stays in the fast cache.
constexpr std::uint64_t kCombinationsMax = 65'536;

}  // namespace

Filter::Filter(const Columns& columns, const TableRequest& request)
    : columns_(&columns), request_(&request) {
    const auto& period = request.period;
    if (period.first || period.last) {
        time_ = &columns.column("time");
        const auto absent = time_->dictionary.end() - 1;
        const auto place = [&](const std::optional<Date>& day, bool after) {
            const auto found =
                std::partition_point(time_->dictionary.begin(), absent, [&](const Value& each) {
                    return after ? std::get<Date>(each) <= *day : std::get<Date>(each) < *day;
                });
            return static_cast<std::uint32_t>(found - time_->dictionary.begin());
        };
        first_ = period.first ? place(period.first, false) : 0;
        beyond_ = period.last ? place(period.last, true)
                              : static_cast<std::uint32_t>(time_->dictionary.size() - 1);
        beyond_ = std::max(beyond_, first_);  // a period that ends before it begins is empty
    }
    if (request.where.empty()) return;
    read_ = Combination(columns, *request.register_, request.where);
    if (read_.size() <= kCombinationsMax) evaluate_combinations();
}

void Filter::evaluate_combinations() {
    const auto truth = request_->where.evaluate_truth(read_.batch(*request_->register_), {});
    holds_.resize(read_.size());
    for (std::size_t at = 0; at < holds_.size(); ++at) {
        holds_[at] = static_cast<unsigned char>(truth.is_true[at / 64] >> (at % 64) & 1U);
    }
}

bool Filter::same_as(const TableRequest& request) const {
    return request_->period == request.period && request_->where.source() == request.where.source();
}

Filter::Reach Filter::reach_of(std::size_t block) const {
    if (time_ == nullptr) return Reach::all;
    const auto& days = columns_->days_of_blocks()[block];
    if (days.last < first_ || days.first >= beyond_) return Reach::none;
    return days.first >= first_ && days.last < beyond_ ? Reach::all : Reach::some;
}

// Leaves those of which `keeps(row)` is true.
template <class Keep>
void Filter::keep(const Block& block, Selection& selection, const Keep& keeps) {
    std::size_t kept = 0;
    if (selection.whole) {
        selection.whole = false;
        selection.rows.resize(block.rows());
        for (std::uint32_t row = 0; row < block.rows(); ++row) {
            selection.rows[kept] = row;
            kept += keeps(row) ? 1 : 0;
        }
        selection.whole = kept == block.rows();
    } else {
        for (const auto row : selection.rows) {
            selection.rows[kept] = row;
            kept += keeps(row) ? 1 : 0;
        }
    }
    selection.rows.resize(kept);
}

void Filter::keep_days(Block& block, Selection& selection) const {
    const auto* days = block.places(*time_);
    keep(block, selection,
         [&](std::uint32_t row) { return days[row] - first_ < beyond_ - first_; });
}

void Filter::keep_combinations(Block& block, Selection& selection) const {
    const auto& reads = read_.reads();
    if (reads.empty()) {
        if (holds_[0] == 0) selection = {};
    } else if (reads.size() == 1) {
        const auto* places = block.places(*reads[0].column);
        keep(block, selection, [&](std::uint32_t row) { return holds_[places[row]] != 0; });
    } else {
        std::vector<const std::uint32_t*> places;
        for (const auto& read : reads) places.push_back(block.places(*read.column));
        keep(block, selection, [&](std::uint32_t row) {
            std::uint32_t combination = places[0][row];
            for (std::size_t at = 1; at < reads.size(); ++at) {
                combination += places[at][row] * reads[at].stride;
            }
            return holds_[combination] != 0;
        });
    }
}

void Filter::keep_evaluated(Block& block, Selection& selection) const {
    ColumnBatch batch{block.rows(),
                      std::vector<EncodedColumn>(request_->register_->dimensions.size() + 1)};
    for (const auto& read : read_.reads()) {
        // Only what stands in these rows: a dictionary may be longer than the block.
        const auto* places = block.places(*read.column);
        EncodedColumn::Indices indices(places, places + block.rows());
        auto there = indices;
        std::sort(there.begin(), there.end());
        there.erase(std::unique(there.begin(), there.end()), there.end());
        std::vector<Value> dictionary;
        dictionary.reserve(there.size());
        for (const auto place : there) dictionary.push_back(read.column->dictionary[place]);
        for (auto& index : indices) {
            index = static_cast<std::uint32_t>(std::lower_bound(there.begin(), there.end(), index) -
                                               there.begin());
        }
        batch.columns[read.slot] = EncodedColumn(std::move(dictionary), std::move(indices));
    }
    const auto truth = request_->where.evaluate_truth(batch, {});
    keep(block, selection,
         [&](std::uint32_t row) { return (truth.is_true[row / 64] >> (row % 64) & 1U) != 0; });
}

void Filter::select(Block& block, Selection& selection) const {
    const auto reach = reach_of(block.first() / kBlockRows);
    selection.whole = reach != Reach::none;
    selection.rows.clear();
    if (reach == Reach::some) keep_days(block, selection);
    if (request_->where.empty() || selection.size(block) == 0) return;
    if (holds_.empty()) {
        keep_evaluated(block, selection);
    } else {
        keep_combinations(block, selection);
    }
}

}  // namespace amate::statistics::internal
