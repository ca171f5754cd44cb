// SPDX-License-Identifier: Apache-2.0
// Numbers combinations of places in dictionaries, and lays them out as rows.
#include "statistics/internal/combination.hpp"

#include "core/result.hpp"

namespace amate::statistics::internal {

namespace {

constexpr std::uint64_t kBeyond = std::uint64_t{1} << 63U;

}  // namespace

Combination::Combination(const Columns& columns, const definitions::Register& register_,
                         const definitions::Expression& expression) {
    const auto& dimensions = register_.dimensions;
    for (const auto slot : expression.slots()) {
        const bool is_time = slot == dimensions.size();
        add(slot, columns.column(is_time ? "time" : dimensions[slot].sql_name));
    }
}

void Combination::add(std::size_t slot, const Column& column) {
    reads_.push_back({slot, &column, static_cast<std::uint32_t>(size_)});
    const bool over = __builtin_mul_overflow(size_, column.dictionary.size(), &size_);
    if (over || size_ > kBeyond) size_ = kBeyond;
}

definitions::ColumnBatch Combination::batch(const definitions::Register& register_) const {
    using definitions::EncodedColumn;
    AMATE_CHECK(size_ <= std::uint64_t{1} << 32U);
    definitions::ColumnBatch batch{size_,
                                   std::vector<EncodedColumn>(register_.dimensions.size() + 1)};
    for (const auto& read : reads_) {
        EncodedColumn::Indices indices(size_);
        const auto places = read.column->dictionary.size();
        for (std::uint64_t at = 0; at < size_; ++at) {
            indices[at] = static_cast<std::uint32_t>(at / read.stride % places);
        }
        batch.columns[read.slot] = EncodedColumn(read.column->dictionary, std::move(indices));
    }
    return batch;
}

}  // namespace amate::statistics::internal
