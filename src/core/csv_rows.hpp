// SPDX-License-Identifier: Apache-2.0
// A CSV file as a source of rows.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/csv.hpp"
#include "core/row_source.hpp"

namespace amate {

// `name` stands for the file in problems; "" for the file's own name. Bytes tell how far it goes.
// Rows in a wrong encoding are faulty, those over a limit lost. Problems: core.file_unreadable and
// those of CsvReader::next in the header. A quote that is never closed, or closed only lines
// further on in a row that is too long, ends reading: the rows behind it cannot be told apart.
[[nodiscard]] Result<std::unique_ptr<RowSource>> open_csv_rows(const std::filesystem::path& file,
                                                               const CsvFormat& format,
                                                               const std::string& name = {});

}  // namespace amate
