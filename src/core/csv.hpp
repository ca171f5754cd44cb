// SPDX-License-Identifier: Apache-2.0
// Reads and writes comma-separated files (RFC 4180) row by row, with places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/row_source.hpp"
#include "core/text.hpp"
#include "core/text_stream.hpp"

namespace amate {

struct CsvFormat {
    char delimiter = ',';
    Encoding encoding = Encoding::utf8;     // unless a byte-order mark says another
    std::size_t row_bytes_max = 1'000'000;  // a longer row is a problem, not a crash
    std::size_t columns_max = 1'000;
};

// The line is the one the row begins on; all cells are texts.
using CsvRow = Row;

// Streams a file with bounded memory. Quoted cells may hold delimiters, doubled quotes and line
// ends; LF and CRLF both end a row; blank lines are skipped; a byte-order mark decides the
// encoding. Resource; one thread at a time.
class CsvReader {
public:
    // Problem core.file_unreadable if the file cannot be opened.
    [[nodiscard]] static Result<CsvReader> open(const std::filesystem::path& file,
                                                const CsvFormat& format);
    CsvReader(CsvReader&&) noexcept;
    CsvReader& operator=(CsvReader&&) noexcept;
    ~CsvReader();

    // Reads the next row into `row` (its buffers are reused). False at the end of the file.
    // Problems, each with line and column: csv.bad_encoding, csv.row_too_long,
    // csv.too_many_columns, csv.unclosed_quote. After a problem reading goes on at the next row
    // (after csv.unclosed_quote the file has ended). After csv.bad_encoding `row` holds the row;
    // `row.decoded` is the problem's cell.
    [[nodiscard]] Result<bool> next(CsvRow& row);
    // Line that reading has come to (1-based).
    [[nodiscard]] std::int64_t line() const;
    [[nodiscard]] std::int64_t bytes_read() const;
    [[nodiscard]] std::int64_t bytes_total() const;
    // How the file is written.
    [[nodiscard]] TextForm text_form() const;

private:
    struct State;
    explicit CsvReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// A cell as it stands in a file: quoted only when it must be.
[[nodiscard]] std::string csv_cell(std::string_view text, char delimiter = ',');
// A row with its line end (LF).
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells, char delimiter = ',');

}  // namespace amate
