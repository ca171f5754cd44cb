// SPDX-License-Identifier: Apache-2.0
// Which rows a request counts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "statistics/internal/combination.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics::internal {

// The rows of a block that are counted, as places from its first row; or all of it.
struct Selection {
    bool whole = false;
    std::vector<std::uint32_t> rows;  // where not whole; rising

    [[nodiscard]] std::size_t size(const Block& block) const {
        return whole ? block.rows() : rows.size();
    }
};

// Period and condition of a request. The condition is evaluated once for each combination of what
// its columns can hold, where there are few; else on the rows. Immutable; safe for many threads;
// borrows the columns and the request. Throws IoFailure if the snapshot lacks a column it reads.
class Filter {
public:
    Filter(const Columns& columns, const TableRequest& request);

    // True if both say the same of every row.
    [[nodiscard]] bool same_as(const TableRequest& request) const;
    void select(Block& block, Selection& selection) const;

private:
    void evaluate_combinations();
    // How the days of a block lie to the period.
    enum class Reach { none, some, all };
    [[nodiscard]] Reach reach_of(std::size_t block) const;
    void keep_days(Block& block, Selection& selection) const;
    void keep_combinations(Block& block, Selection& selection) const;
    void keep_evaluated(Block& block, Selection& selection) const;
    template <class Keep>
    static void keep(const Block& block, Selection& selection, const Keep& keeps);

    const Columns* columns_;
    const TableRequest* request_;
    const Column* time_ = nullptr;  // null: no period
    std::uint32_t first_ = 0;       // places of the days within the period: from, up to but not
    std::uint32_t beyond_ = 0;
    Combination read_;                  // what the condition reads
    std::vector<unsigned char> holds_;  // one a combination; empty: the rows are evaluated
};

}  // namespace amate::statistics::internal
