// SPDX-License-Identifier: Apache-2.0
// Moments as the ledger writes them, which never go back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace amate::ledger::internal {

// "2018-09-07T12:00:00.000Z"; texts of moments are ordered as the moments are.
[[nodiscard]] std::string moment_of(std::int64_t unix_ms);
// Nothing if it is not written so.
[[nodiscard]] std::optional<std::int64_t> parse_moment(std::string_view text);

// The moment of something that follows `last` (or "") while the clock shows `unix_ms`: that, or
// `last` if the clock is behind it by at most kClockToleranceMs. Throws IoFailure if by more.
[[nodiscard]] std::string moment_after(const std::string& last, std::int64_t unix_ms);

}  // namespace amate::ledger::internal
