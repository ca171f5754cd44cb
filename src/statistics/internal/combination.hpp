// SPDX-License-Identifier: Apache-2.0
// Columns an expression reads together: every combination of what they can hold has a number.
#pragma once

#include <cstdint>
#include <vector>

#include "definitions/expression_columns.hpp"
#include "statistics/internal/block.hpp"

namespace amate::statistics::internal {

// Immutable; borrows the columns.
class Combination {
public:
    Combination() = default;  // of no columns: one combination
    // Those of an expression over the register's statistics_environment. Throws IoFailure if the
    // snapshot lacks one.
    Combination(const Columns& columns, const definitions::Register& register_,
                const definitions::Expression& expression);
    explicit Combination(const Column& column) { add(0, column); }

    struct Read {
        std::size_t slot = 0;
        const Column* column = nullptr;
        std::uint32_t stride = 0;  // good where the combinations are at most 2^32
    };
    [[nodiscard]] const std::vector<Read>& reads() const { return reads_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }  // 2^63 if there are more

    // One row a combination, laid out as the environment. A bug if they are over 2^32.
    [[nodiscard]] definitions::ColumnBatch batch(const definitions::Register& register_) const;

private:
    void add(std::size_t slot, const Column& column);

    std::vector<Read> reads_;
    std::uint64_t size_ = 1;
};

}  // namespace amate::statistics::internal
