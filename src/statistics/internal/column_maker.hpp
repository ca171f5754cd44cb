// SPDX-License-Identifier: Apache-2.0
// Makes the columns of a register of its Parquet.
#pragma once

#include <filesystem>
#include <vector>

#include "statistics/internal/column_layout.hpp"

namespace amate::statistics::internal {

// Of the columns planned, those the file has, and its persons. Throws IoFailure if it cannot be
// read. `spill` is a folder for work larger than memory. Cost: three passes by all cores; memory
// for the image, four bytes a row and some thirty a person.
[[nodiscard]] ColumnImage make_columns(const snapshot::Manifest& manifest,
                                       const snapshot::SnapshotFile& file,
                                       const std::vector<ColumnPlan>& plans,
                                       const std::filesystem::path& spill);

}  // namespace amate::statistics::internal
