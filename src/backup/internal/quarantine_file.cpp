// SPDX-License-Identifier: Apache-2.0
// Told by the name alone.
#include "backup/internal/quarantine_file.hpp"

#include <charconv>

namespace amate::backup::internal {

bool is_quarantine_until(std::string_view name, std::int64_t last_seq) {
    if (name.ends_with(".csv.part")) return false;
    const auto dash = name.rfind('-');
    if (dash == name.npos) return true;
    std::int64_t seq = 0;
    const auto* end = name.data() + name.size();
    const auto [at, error] = std::from_chars(name.data() + dash + 1, end, seq);
    return error != std::errc() || std::string_view(at, end) != ".csv" || seq <= last_seq;
}

}  // namespace amate::backup::internal
