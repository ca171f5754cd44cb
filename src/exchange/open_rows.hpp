// SPDX-License-Identifier: Apache-2.0
// Opens an institution's file as rows, whatever its format: CSV, XLSX, Parquet or JSON lines.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/row_source.hpp"
#include "definitions/model.hpp"

namespace amate::exchange {

enum class FileFormat : unsigned char { csv, xlsx, parquet, jsonl };

// "csv" "xlsx" "parquet" "jsonl".
[[nodiscard]] std::string_view name_of(FileFormat format);
[[nodiscard]] std::optional<FileFormat> parse_file_format(std::string_view name);

struct FileToOpen {
    std::filesystem::path path;
    std::string name;                  // for problems; "" for the path's own
    std::optional<FileFormat> format;  // said by whoever hands it over
};

// The format that was said, else what the extension of the name says (.csv .txt .tsv, .xlsx,
// .parquet, .jsonl .ndjson), else what the first bytes look like. The first bytes are always looked
// at. Problems: core.file_unreadable, exchange.format_disagrees, exchange.unknown_format.
[[nodiscard]] Result<FileFormat> find_format(const FileToOpen& file);

// Opens the file for that source, which says how CSV is written, which sheet of a workbook counts
// and which keys JSON has. Problems: those of find_format and of the format's reader.
[[nodiscard]] Result<std::unique_ptr<RowSource>> open_rows(const FileToOpen& file,
                                                           const definitions::Register& register_,
                                                           const definitions::Source& source);

}  // namespace amate::exchange
