// SPDX-License-Identifier: Apache-2.0
// A file of JSON lines as a source of rows: an object a line.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/row_source.hpp"

namespace amate::exchange::internal {

// A key that rows may have.
struct JsonColumn {
    std::string header;
    bool holds_rows = false;  // an array of objects or arrays may stand there
};

// The header is `columns` and, behind them, what other keys the first object has. A row without a
// key has an empty cell there. A key that the header does not have, or that stands twice, makes the
// row lost: its JSON is kept behind the cells. Problems: core.file_unreadable; those of the first
// line, which must be an object: exchange.json_malformed, exchange.json_not_object,
// exchange.row_too_long, exchange.too_many_columns.
[[nodiscard]] Result<std::unique_ptr<RowSource>> open_json_rows(
    const std::filesystem::path& file, const std::vector<JsonColumn>& columns,
    const std::string& name);

}  // namespace amate::exchange::internal
