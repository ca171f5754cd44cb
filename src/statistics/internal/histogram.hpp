// SPDX-License-Identifier: Apache-2.0
// What a thread has counted of a request, by combination of places in dictionaries.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "statistics/internal/filter.hpp"

namespace amate::statistics::internal {

// Throws IoFailure if the sum is beyond 64 bits.
[[nodiscard]] std::int64_t add_exactly(std::int64_t left, std::int64_t right);

// A dimension counted by, the one whose codes are counted, or a measure whose values are told
// apart.
struct Axis {
    const definitions::Dimension* dimension = nullptr;
    const std::vector<Value>* dictionary = nullptr;
    Combination read;  // a column of the snapshot, or those a made dimension is made of
    std::shared_ptr<const std::vector<Value>> made_values;  // of a made one: owns the dictionary
    std::vector<std::uint32_t> made_places;  // of a made one: its place, one a combination read
    std::uint64_t stride = 0;                // of its places in a combination

    [[nodiscard]] std::size_t place_in(std::uint64_t combination) const {
        return combination / stride % dictionary->size();
    }
};

// How a request is counted. Borrows the columns and the request.
struct Plan {
    const TableRequest* request = nullptr;
    std::size_t filter = 0;  // among those of the pass
    std::vector<Axis> axes;  // request->by in order, and the one whose codes or values are counted
    std::size_t distinct = 0;  // that axis, of Measure::distinct and percentile
    std::uint64_t combinations = 1;
    const Column* persons = nullptr;    // of Measure::persons
    std::uint64_t repeated = 0;         // persons of several rows
    const Column* summed = nullptr;     // of Measure::sum and mean
    std::vector<std::int64_t> amounts;  // of its dictionary; money in hundredths
    const Column* weight = nullptr;     // of a weighted sum
    std::vector<std::int64_t> weights;
    bool sums_fit = false;  // no sum of these amounts is beyond 64 bits
    // Of records by one column of the snapshot, all of them: the counts there are already.
    const std::vector<std::int64_t>* known = nullptr;
    const Column* needed = nullptr;  // rows without it do not count: of Measure::mean, percentile

    // A place of a histogram for each combination, or only for those that occur.
    static constexpr std::uint64_t kDenseMax = std::uint64_t{1} << 20U;
    [[nodiscard]] bool dense() const { return combinations <= kDenseMax; }
    // Most rows are of few combinations: where those are few, rows in turn count in different
    // copies, so that none waits for the one before.
    static constexpr std::size_t kCopies = 4;
    static constexpr std::uint64_t kCopiedMax = 4096;
    [[nodiscard]] std::size_t copies() const { return combinations <= kCopiedMax ? kCopies : 1; }
};

// One thread at a time. Borrows its plan.
class Histogram {
public:
    explicit Histogram(const Plan& plan);  // where Plan::known, of these
    void add(Block& block, const Selection& selection);
    // Takes up what another of the same plan has counted.
    void merge(const Histogram& other);

    struct Bin {
        std::int64_t rows = 0;    // of persons: those of persons with no other row
        std::int64_t amount = 0;  // of a sum or mean
    };
    // Calls `each(combination, bin)` where a row stands; of persons, of one with no other row. In
    // no order.
    template <class Each>
    void each_bin(const Each& each) const {
        for (std::size_t at = 0; at < rows_.size() / plan_->copies(); ++at) {
            std::int64_t rows = 0;
            for (auto copy = at; copy < rows_.size(); copy += plan_->combinations) {
                rows += rows_[copy];
            }
            if (rows != 0) each(at, Bin{rows, amounts_.empty() ? 0 : amounts_[at]});
        }
        for (const auto& [combination, bin] : sparse_) each(combination, bin);
    }
    // combination * Plan::repeated + person, of persons with several rows: each once, rising.
    // Nothing if the request counts by no dimension.
    [[nodiscard]] const std::vector<std::uint64_t>& repeated_by_combination();
    // Persons with several rows, over all combinations.
    [[nodiscard]] std::int64_t repeated() const;

private:
    void keep_needed(Block& block, const Selection& selection);
    void add_selected(Block& block, const Selection& selection);
    template <class Key, class Each>
    void each_row(Block& block, const Selection& selection, std::vector<Key>& keys,
                  const Each& each);
    const std::uint32_t* places_of(Block& block, const Axis& axis);
    template <class Key>
    void add_keyed(Block& block, const Selection& selection, std::vector<Key>& keys);
    void add_to(std::uint64_t combination, std::int64_t amount);

    const Plan* plan_;
    // Dense: one a combination, so many copies one behind the other. Rows are fewer than 2^32.
    std::vector<std::uint32_t> rows_;
    std::vector<std::int64_t> amounts_;
    boost::unordered_flat_map<std::uint64_t, Bin> sparse_;
    std::vector<std::uint64_t> seen_;  // a bit a person with several rows
    std::vector<std::uint64_t> repeated_;
    std::vector<std::uint32_t> short_keys_;
    std::vector<std::uint64_t> long_keys_;
    Selection kept_;
    std::vector<std::uint32_t> made_;  // places of a made axis, one a row of the block
};

}  // namespace amate::statistics::internal
