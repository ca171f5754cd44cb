// SPDX-License-Identifier: Apache-2.0
// Rows of an institution's file, whatever its format: the one way in which rows are handed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/text.hpp"

namespace amate {

// What the file itself says a cell is. CSV knows texts alone.
enum class CellKind : unsigned char {
    text,      // means what the source declares
    iso_text,  // of a format whose dates are ISO 8601 by custom (JSON): either way of writing them
    number,    // shortest text that reads back the same; no ".0"; an exponent only when very large
    boolean,   // "true" or "false"
    date       // "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SS"
};

// Value type; its buffers are reused.
struct Row {
    std::int64_t line = 0;           // 1-based, as the file's own program counts
    std::vector<std::string> cells;  // UTF-8
    std::vector<CellKind> kinds;     // as many as cells; none: all are texts
    // Cells before this one are UTF-8, it and those behind are bytes as they came.
    std::size_t decoded = 0;
};

enum class RowState : unsigned char {
    whole,   // the row as it stands in the file
    faulty,  // cells are in their places, some cannot be read
    lost,    // part of the row is lost, or nobody can tell which cell is which
    end      // no further row
};

// How a row that is set apart is written, so that correcting it loses nothing.
struct TextForm {
    Encoding encoding = Encoding::utf8;
    bool marked = false;  // the file begins with a byte-order mark
};

// One sheet, table or text of rows under one header; opened by whoever knows the format.
// Resource; one thread at a time. Throws IoFailure if the file cannot be read on.
class RowSource {
public:
    virtual ~RowSource() = default;
    // How problems name the file: without its folder; with the sheet, if it has sheets.
    [[nodiscard]] virtual const std::string& name() const = 0;
    // No cells if the file has no header.
    [[nodiscard]] virtual const Row& header() const = 0;
    // Reads the next row into `row`. `problems` are those of this row alone, each with its line
    // and, where it is one cell's, its column (1-based); none for RowState::whole and end.
    // A failure ends reading: the file as a whole cannot be trusted.
    [[nodiscard]] virtual Result<RowState> next(Row& row, Problems& problems) = 0;
    // How far reading has come, and how far it goes: bytes or rows. The total is 0 if not known.
    [[nodiscard]] virtual std::int64_t done() const = 0;
    [[nodiscard]] virtual std::int64_t total() const = 0;
    [[nodiscard]] virtual TextForm text_form() const = 0;
};

}  // namespace amate
