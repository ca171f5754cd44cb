// SPDX-License-Identifier: Apache-2.0
// Rows that are worked on together.
#pragma once

#include <span>
#include <vector>

#include "statistics/internal/columns.hpp"

namespace amate::statistics::internal {

// A run of at most kBlockRows rows whose columns are unpacked when first asked for. One thread at a
// time.
class Block {
public:
    explicit Block(std::size_t columns) : unpacked_(columns) {}

    void move_to(std::size_t first, std::size_t rows) {
        first_ = first;
        rows_ = rows;
        for (auto& each : unpacked_) each.ready = false;
    }
    [[nodiscard]] std::size_t first() const { return first_; }
    [[nodiscard]] std::size_t rows() const { return rows_; }

    // The place in the dictionary, one a row; good until the block moves.
    [[nodiscard]] const std::uint32_t* places(const Column& column) {
        auto& unpacked = unpacked_[column.number];
        if (!unpacked.ready) {
            unpacked.places.resize(kBlockRows);
            unpack(column.words, first_, column.width, std::span(unpacked.places).first(rows_));
            unpacked.ready = true;
        }
        return unpacked.places.data();
    }

private:
    struct Unpacked {
        std::vector<std::uint32_t> places;
        bool ready = false;
    };
    std::size_t first_ = 0, rows_ = 0;
    std::vector<Unpacked> unpacked_;
};

}  // namespace amate::statistics::internal
