// SPDX-License-Identifier: Apache-2.0
// What fields compute and demand, compiled once all columns are known.
#pragma once

#include <vector>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {

// A field as written, with the columns it became: [first, first + count).
struct Field {
    Cursor value;
    std::size_t first = 0;
    std::size_t count = 0;
};

// Fills in the expressions of the columns of all fields, those of the rows of tables included.
void compile_fields(Loading& loading, const std::vector<Field>& fields, Register& register_);

}  // namespace amate::definitions::internal
