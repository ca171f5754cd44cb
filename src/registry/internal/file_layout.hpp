// SPDX-License-Identifier: Apache-2.0
// The header of an institution's file against what its source declares.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/row_source.hpp"
#include "definitions/model.hpp"

namespace amate::registry::internal {

// Columns that a quarantine file has at its end: line of the row in the file it came in, codes and
// reasons of its problems, cells that no column of the source was left for.
inline constexpr std::array<std::string_view, 4> kQuarantineHeaders = {
    "amate_line", "amate_codes", "amate_reasons", "amate_rest"};

// Where the columns of a source lie in one file of it. Value type.
struct FileLayout {
    static constexpr std::size_t kNotThere = static_cast<std::size_t>(-1);

    std::vector<std::string> headers;  // of the institution's own columns, as they stand
    // A column of Source::columns each: its cell, or kNotThere of one that the file may lack.
    std::vector<std::size_t> source_columns;
    bool from_quarantine = false;  // kQuarantineHeaders follow

    // Cells of a whole row.
    [[nodiscard]] std::size_t cells() const {
        return headers.size() + (from_quarantine ? kQuarantineHeaders.size() : 0);
    }
};

// Problems, all of them, on the header's line: registry.missing_column, registry.unknown_column,
// registry.duplicate_column. A header that is not one may be a person's row: unknown names are told
// only if no more than half of the names are unknown.
[[nodiscard]] Result<FileLayout> read_layout(const definitions::Source& source, const Row& header,
                                             const std::string& file);

}  // namespace amate::registry::internal
