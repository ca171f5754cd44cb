// SPDX-License-Identifier: Apache-2.0
// The reading of an expression over many records at once: columns of codes into dictionaries.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/value.hpp"

namespace amate::definitions {

// A column whose rows are places in a list of values. Value type, immutable, cheap to copy, safe to
// read from many threads. Every index is below the size of the dictionary.
class EncodedColumn {
public:
    using Indices = std::vector<std::uint32_t>;

    EncodedColumn() = default;  // absent in every row
    // Every row has `value`.
    explicit EncodedColumn(Value value) : dictionary_{std::move(value)} {}
    // A bug if an index is not below the size of the dictionary. Cost: O(rows).
    EncodedColumn(std::vector<Value> dictionary, Indices indices);

    // Values may repeat, and some may stand in no row.
    [[nodiscard]] const std::vector<Value>& dictionary() const { return dictionary_; }
    // One a row; null where every row has the first value of the dictionary.
    [[nodiscard]] const Indices* indices() const { return indices_.get(); }
    [[nodiscard]] const Value& at(std::size_t row) const {
        return dictionary_[indices_ == nullptr ? 0 : (*indices_)[row]];
    }

    // The same rows with another value for each of the dictionary's, in its order.
    [[nodiscard]] EncodedColumn with_dictionary(std::vector<Value> dictionary) const;

private:
    std::vector<Value> dictionary_ = {Missing::absent};
    // Shared by the columns computed from this one, so that an operator over one column costs its
    // dictionary and not its rows.
    std::shared_ptr<const Indices> indices_;
};

// So many records; `columns` are laid out as the environment's variables, and one that is not there
// is absent in every row. A column is as long as the batch.
struct ColumnBatch {
    std::size_t rows = 0;
    std::vector<EncodedColumn> columns;
};

// A statement over the rows of a batch, three-valued: a bit a row, row r at bit r % 64 of word
// r / 64. Where neither bit is set the statement is not known; bits beyond the rows are not set.
struct TruthColumn {
    std::size_t rows = 0;
    std::vector<std::uint64_t> is_true;
    std::vector<std::uint64_t> is_false;

    [[nodiscard]] std::optional<bool> at(std::size_t row) const;
    [[nodiscard]] std::size_t count_true() const;
};

}  // namespace amate::definitions
