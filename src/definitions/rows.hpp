// SPDX-License-Identifier: Apache-2.0
// Reads what is written as one text but has parts: rows of a repeating group, points, digests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "core/value.hpp"
#include "definitions/model.hpp"

namespace amate::definitions {

inline constexpr std::size_t kRowsBytesMax = 1U << 20U;

// Rows written as JSON: a list of rows, each a list of cells in the order of `fields` (canonical()
// writes this) or an object by names of fields. Cells are texts, numbers, true or false, or null.
// A row may lack its last cells: those fields came later; they are absent, as empty cells are.
// Nothing if it is anything else or longer than kRowsBytesMax. Codes are not held to their lists:
// that is the judge's. In free text the words for missing values are just text.
[[nodiscard]] std::optional<Rows> parse_rows(std::string_view json,
                                             const std::vector<Column>& fields);

// The same, already parsed.
[[nodiscard]] std::optional<Rows> parse_rows(const boost::json::array& rows,
                                             const std::vector<Column>& fields);

// "19.4326 -99.1332", latitude and longitude in degrees, with single space: what was read from
// that, or with a comma between. Nothing if it is no point of the Earth.
[[nodiscard]] std::optional<std::string> parse_geopoint(std::string_view text);

// True for a digest as the store of files gives it: 64 hexadecimal digits.
[[nodiscard]] bool is_file_digest(std::string_view text);

}  // namespace amate::definitions
