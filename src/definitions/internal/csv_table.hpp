// SPDX-License-Identifier: Apache-2.0
// Reads a CSV file of a pack: header checked, cells by name, each with its place.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv.hpp"
#include "definitions/internal/faults.hpp"

namespace amate::definitions::internal {

inline constexpr std::uintmax_t kCsvBytesMax = 256U << 20U;

struct CsvShape {
    std::vector<std::string> required;
    std::vector<std::string> optional;
};

// One row while it is read. `column` of a place is the number of the cell, 1-based.
class CsvLine {
public:
    CsvLine(const std::string& file, const std::vector<std::string>& header, const CsvRow& row)
        : file_(file), header_(header), row_(row) {}

    // "" for an optional column the file does not have.
    [[nodiscard]] const std::string& cell(std::string_view column) const;
    [[nodiscard]] Place place(std::string_view column) const;
    // Parts of a `;` list, trimmed; none of an empty cell.
    [[nodiscard]] std::vector<std::string> list(std::string_view column) const;

private:
    const std::string& file_;
    const std::vector<std::string>& header_;
    const CsvRow& row_;
};

// Calls `take` for each sound row. Problems into `faults`: definitions.csv_missing_column,
// _csv_unknown_column, _csv_cells, _file_too_large, and those of CsvReader.
// `file` is the name in problems, `path` the file on disk. False if not every row was taken.
bool read_csv(const std::string& file, const std::filesystem::path& path, const CsvShape& shape,
              Faults& faults, const std::function<void(const CsvLine&)>& take);

}  // namespace amate::definitions::internal
