// SPDX-License-Identifier: Apache-2.0
// A clock that was set back must not date an entry before the one it follows.
#include "ledger/internal/moment.hpp"

#include <charconv>

#include <fmt/format.h>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "ledger/unit_of_work.hpp"

namespace amate::ledger::internal {
namespace {

constexpr std::int64_t kDayS = 86'400;

std::string words_of(std::int64_t milliseconds) {
    const auto seconds = milliseconds / 1000;
    if (seconds >= 2 * kDayS) return fmt::format("{} days", seconds / kDayS);
    if (seconds >= 2 * 3600) return fmt::format("{} hours", seconds / 3600);
    if (seconds >= 2 * 60) return fmt::format("{} minutes", seconds / 60);
    return fmt::format("{} seconds", seconds);
}

}  // namespace

// SPEC: ISO 8601-1: UTC with milliseconds.
std::string moment_of(std::int64_t unix_ms) {
    const std::int64_t second = unix_ms / 1000;
    const DateTime moment{Date::from_days(static_cast<std::int32_t>(second / kDayS)),
                          static_cast<std::int32_t>(second % kDayS)};
    return fmt::format("{}.{:03}Z", moment.iso(), unix_ms % 1000);
}

std::optional<std::int64_t> parse_moment(std::string_view text) {
    if (text.size() != 24 || text[19] != '.' || text[23] != 'Z') return std::nullopt;
    const auto moment = DateTime::parse(text.substr(0, 19));
    int milliseconds = 0;
    const auto* end = text.data() + 23;
    const auto read = std::from_chars(text.data() + 20, end, milliseconds);
    if (!moment || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return (moment->date.days_since_1970() * kDayS + moment->second_of_day) * 1000 + milliseconds;
}

std::string moment_after(const std::string& last, std::int64_t unix_ms) {
    auto now = moment_of(unix_ms);
    if (now >= last) return now;
    const auto last_ms = parse_moment(last);
    if (!last_ms) throw IoFailure("the ledger's last entry has no moment: run `amate verify`");
    const auto behind_ms = *last_ms - unix_ms;
    if (behind_ms <= kClockToleranceMs) return last;
    throw IoFailure(
        fmt::format("this machine's clock ({}) is {} behind the ledger's last entry ({}): set it "
                    "right, or wait "
                    "until it has caught up; nothing is written before that (`amate clock` helps)",
                    now, words_of(behind_ms), last));
}

}  // namespace amate::ledger::internal
