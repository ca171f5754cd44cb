// SPDX-License-Identifier: Apache-2.0
// Rows of a table as lines of JSON, in the same spelling whatever database they come from.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "store/session.hpp"

namespace amate::backup::internal {

// Puts the row as one JSON array and a line feed at the end of `lines`: NULL is null, a whole
// number digits, a decimal one an array of the text of its shortest digits.
void append_row(const store::SqlRow& row, std::string& lines);

// Rows of the file until `each` returns false. Constant memory. Throws IoFailure, with the line, if
// one is no row of so many cells.
void for_each_row(const std::filesystem::path& file, std::size_t columns,
                  const std::function<bool(const store::SqlRow&)>& each);

}  // namespace amate::backup::internal
