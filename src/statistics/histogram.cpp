// SPDX-License-Identifier: Apache-2.0
// Adds blocks of rows to a histogram.
#include "statistics/internal/histogram.hpp"

#include <algorithm>
#include <bit>

#include <boost/sort/spreadsort/integer_sort.hpp>

#include "core/result.hpp"

namespace amate::statistics::internal {

namespace {

[[noreturn]] void refuse_sum() {
    throw IoFailure("a sum over the snapshot is beyond 64 bits");
}

std::int64_t times(std::int64_t left, std::int64_t right) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(left, right, &product)) refuse_sum();
    return product;
}

}  // namespace

std::int64_t add_exactly(std::int64_t left, std::int64_t right) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left, right, &sum)) refuse_sum();
    return sum;
}

Histogram::Histogram(const Plan& plan) : plan_(&plan) {
    if (plan.dense()) {
        rows_.resize(plan.combinations * plan.copies());
        if (plan.summed != nullptr) amounts_.resize(plan.combinations);
    }
    if (plan.persons != nullptr) seen_.resize((plan.repeated + 63) / 64);
    if (plan.known == nullptr) return;
    for (std::size_t place = 0; place < plan.known->size(); ++place) {
        const auto rows = (*plan.known)[place];
        if (plan.dense()) {
            rows_[place] = static_cast<std::uint32_t>(rows);
        } else if (rows != 0) {
            sparse_[place].rows = rows;
        }
    }
}

// One a row of the block.
const std::uint32_t* Histogram::places_of(Block& block, const Axis& axis) {
    const auto& reads = axis.read.reads();
    if (axis.made_values == nullptr) return block.places(*reads.front().column);
    made_.assign(block.rows(), 0);
    for (const auto& read : reads) {
        const auto* places = block.places(*read.column);
        for (std::size_t row = 0; row < block.rows(); ++row)
            made_[row] += places[row] * read.stride;
    }
    for (auto& place : made_) place = axis.made_places[place];
    return made_.data();
}

// Calls `each(row, combination)`.
template <class Key, class Each>
void Histogram::each_row(Block& block, const Selection& selection, std::vector<Key>& keys,
                         const Each& each) {
    const auto count = selection.size(block);
    keys.resize(kBlockRows);
    if (plan_->axes.empty()) std::fill(keys.begin(), keys.end(), 0);
    for (const auto& axis : plan_->axes) {
        const auto* places = places_of(block, axis);
        const auto stride = static_cast<Key>(axis.stride);
        const auto add = [&](const auto& row_at) {
            if (&axis == plan_->axes.data()) {
                for (std::size_t at = 0; at < count; ++at) keys[at] = places[row_at(at)];
            } else {
                for (std::size_t at = 0; at < count; ++at) keys[at] += places[row_at(at)] * stride;
            }
        };
        if (selection.whole) {
            add([](std::size_t at) { return at; });
        } else {
            add([rows = selection.rows.data()](std::size_t at) { return rows[at]; });
        }
    }
    if (selection.whole) {
        for (std::size_t at = 0; at < count; ++at) each(at, keys[at]);
    } else {
        for (std::size_t at = 0; at < count; ++at) each(selection.rows[at], keys[at]);
    }
}

void Histogram::add_to(std::uint64_t combination, std::int64_t amount) {
    if (plan_->dense()) {
        ++rows_[combination];
        if (plan_->summed != nullptr) {
            amounts_[combination] = add_exactly(amounts_[combination], amount);
        }
        return;
    }
    auto& bin = sparse_[combination];
    ++bin.rows;
    bin.amount = add_exactly(bin.amount, amount);
}

template <class Key>
void Histogram::add_keyed(Block& block, const Selection& selection, std::vector<Key>& keys) {
    if (plan_->persons != nullptr) {
        const auto* persons = block.places(*plan_->persons);
        const bool by = !plan_->axes.empty();
        each_row(block, selection, keys, [&](std::size_t row, std::uint64_t combination) {
            const auto person = persons[row];
            if (person == kOnce) add_to(combination, 0);
            if (person < kFirstRepeated) return;
            const std::uint64_t number = person - kFirstRepeated;
            seen_[number / 64] |= std::uint64_t{1} << (number % 64);
            if (by) repeated_.push_back(combination * plan_->repeated + number);
        });
    } else if (plan_->summed != nullptr) {
        const auto* amounts = block.places(*plan_->summed);
        if (plan_->weight != nullptr) {
            const auto* weights = block.places(*plan_->weight);
            each_row(block, selection, keys, [&](std::size_t row, std::uint64_t combination) {
                add_to(combination,
                       times(plan_->amounts[amounts[row]], plan_->weights[weights[row]]));
            });
            return;
        }
        if (plan_->dense() && plan_->sums_fit) {
            each_row(block, selection, keys, [&](std::size_t row, Key combination) {
                ++rows_[combination];
                amounts_[combination] += plan_->amounts[amounts[row]];
            });
            return;
        }
        each_row(block, selection, keys, [&](std::size_t row, std::uint64_t combination) {
            add_to(combination, plan_->amounts[amounts[row]]);
        });
    } else if (plan_->axes.empty()) {
        rows_[0] += static_cast<std::uint32_t>(selection.size(block));
    } else if (plan_->copies() > 1) {
        std::uint32_t* copies[Plan::kCopies];
        for (std::size_t i = 0; i < Plan::kCopies; ++i) {
            copies[i] = rows_.data() + i * plan_->combinations;
        }
        each_row(block, selection, keys, [&](std::size_t row, Key combination) {
            ++copies[row % Plan::kCopies][combination];
        });
    } else if (plan_->dense()) {
        each_row(block, selection, keys,
                 [&](std::size_t, Key combination) { ++rows_[combination]; });
    } else {
        each_row(block, selection, keys,
                 [&](std::size_t, std::uint64_t combination) { ++sparse_[combination].rows; });
    }
}

// Into kept_: the rows that have what is needed.
void Histogram::keep_needed(Block& block, const Selection& selection) {
    const auto* places = block.places(*plan_->needed);
    const auto absent = static_cast<std::uint32_t>(plan_->needed->dictionary.size() - 1);
    const auto count = selection.size(block);
    kept_.whole = false;
    kept_.rows.clear();
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto row = selection.whole ? at : selection.rows[at];
        if (places[row] != absent) kept_.rows.push_back(row);
    }
}

void Histogram::add(Block& block, const Selection& selection) {
    if (plan_->needed == nullptr) {
        add_selected(block, selection);
        return;
    }
    keep_needed(block, selection);
    add_selected(block, kept_);
}

void Histogram::add_selected(Block& block, const Selection& selection) {
    if (plan_->dense()) {
        add_keyed(block, selection, short_keys_);
    } else {
        add_keyed(block, selection, long_keys_);
    }
}

void Histogram::merge(const Histogram& other) {
    for (std::size_t at = 0; at < rows_.size(); ++at) rows_[at] += other.rows_[at];
    for (std::size_t at = 0; at < amounts_.size(); ++at) {
        amounts_[at] = add_exactly(amounts_[at], other.amounts_[at]);
    }
    for (const auto& [combination, bin] : other.sparse_) {
        auto& mine = sparse_[combination];
        mine.rows += bin.rows;
        mine.amount = add_exactly(mine.amount, bin.amount);
    }
    for (std::size_t at = 0; at < seen_.size(); ++at) seen_[at] |= other.seen_[at];
    repeated_.insert(repeated_.end(), other.repeated_.begin(), other.repeated_.end());
}

const std::vector<std::uint64_t>& Histogram::repeated_by_combination() {
    boost::sort::spreadsort::integer_sort(repeated_.begin(), repeated_.end());
    repeated_.erase(std::unique(repeated_.begin(), repeated_.end()), repeated_.end());
    return repeated_;
}

std::int64_t Histogram::repeated() const {
    std::int64_t count = 0;
    for (const auto word : seen_) count += std::popcount(word);
    return count;
}

}  // namespace amate::statistics::internal
