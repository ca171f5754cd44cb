// SPDX-License-Identifier: Apache-2.0
// A Parquet file as a source of rows.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/row_source.hpp"

namespace amate::exchange::internal {

inline constexpr int kParquetMemoryMb = 512;

// Rows count from 1. Moments are given to the second. A column that is nested, binary, or of
// moments of another time zone is refused. Nothing but the file can be read through it.
// Problems: core.file_unreadable, exchange.parquet_unreadable, exchange.parquet_type (all of
// them), exchange.too_many_columns.
[[nodiscard]] Result<std::unique_ptr<RowSource>> open_parquet_rows(
    const std::filesystem::path& file, const std::string& name);

}  // namespace amate::exchange::internal
