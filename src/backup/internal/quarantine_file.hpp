// SPDX-License-Identifier: Apache-2.0
// Which files of the quarantine belong to a moment.
#pragma once

#include <cstdint>
#include <string_view>

namespace amate::backup::internal {

// SOURCE-ENTRY.csv is of the entry that took the file in: true up to `last_seq`. Never of one that
// is still being written (docs/formats/workspace.md). What is called otherwise is no batch's, and
// belongs to every moment.
[[nodiscard]] bool is_quarantine_until(std::string_view name, std::int64_t last_seq);

}  // namespace amate::backup::internal
