// SPDX-License-Identifier: Apache-2.0
// One sheet of an XLSX workbook as a source of rows.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/row_source.hpp"

namespace amate::exchange::internal {

// The sheet is streamed; shared strings are held (kSharedStringsMax, kSharedBytesMax). `sheet` is
// its name, "" the first that is not hidden. The first row that is not empty is the header. Hidden
// rows are read; of formulas the value that was kept. Problems: core.file_unreadable,
// exchange.xlsx_*, exchange.zip_*, exchange.xml_*.
[[nodiscard]] Result<std::unique_ptr<RowSource>> open_xlsx_rows(const std::filesystem::path& file,
                                                                const std::string& sheet,
                                                                const std::string& name);

}  // namespace amate::exchange::internal
