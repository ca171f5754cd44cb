// SPDX-License-Identifier: Apache-2.0
// Tells date formats from others and turns day numbers into dates.
#include "exchange/internal/xlsx_dates.hpp"

#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "core/dates.hpp"

namespace amate::exchange::internal {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr double kSerialMax = 2'958'466;  // the day after 9999-12-31 in the system of 1900
constexpr std::int64_t kDayThatNeverWas = 60;
constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31 since 1970
constexpr char kElapsed = '[';

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Letters of a format code that stand for something: without quoted and escaped text and without
// brackets, but for elapsed time ([h]), which gives kElapsed.
std::string signs_of(std::string_view code) {
    std::string signs;
    for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
        const char c = code[i];
        if (c == '"') {
            i = code.find('"', i + 1);
            if (i == code.npos) break;
        } else if (c == '\\' || c == '_' || c == '*') {
            ++i;
        } else if (c == '[') {
            const auto end = code.find(']', i);
            if (end == code.npos) break;
            const auto inside = code.substr(i + 1, end - i - 1);
            const bool elapsed =
                !inside.empty() && inside.find_first_not_of("hHmMsS") == inside.npos;
            if (elapsed) signs += kElapsed;
            i = end;
        } else {
            signs += lower(c);
        }
    }
    return signs;
}

std::string time_text(std::int64_t seconds) {
    return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

// Days since 1970 of a whole day number.
std::optional<Date> day_of(std::int64_t serial, DateSystem system) {
    static constexpr std::int64_t kFrom1904 = -24'107;  // 1904-01-01
    static constexpr std::int64_t kFrom1900 = -25'569;  // 1899-12-30, right from 1 March 1900
    std::int64_t days = kFrom1904 + serial;
    if (system == DateSystem::from_1900) {
        if (serial < 1 || serial == kDayThatNeverWas) return std::nullopt;
        days = kFrom1900 + serial + (serial < kDayThatNeverWas ? 1 : 0);
    }
    if (days > kLastDay) return std::nullopt;
    return Date::from_days(static_cast<std::int32_t>(days));
}

}  // namespace

DateShape builtin_shape(int format) {
    if ((format >= 14 && format <= 17) || (format >= 27 && format <= 31) || format == 36 ||
        (format >= 50 && format <= 54) || format == 57 || format == 58) {
        return DateShape::date;
    }
    if ((format >= 18 && format <= 21) || (format >= 32 && format <= 35) || format == 45 ||
        format == 47 || format == 55 || format == 56) {
        return DateShape::time;
    }
    if (format == 46) return DateShape::elapsed;
    return format == 22 ? DateShape::date_time : DateShape::none;
}

DateShape shape_of(std::string_view code) {
    auto signs = signs_of(code);
    if (signs.find("general") != signs.npos) return DateShape::none;
    // "a/p" and "am/pm" are no months.
    for (const std::string_view half : {"am/pm", "a/p"}) {
        if (const auto at = signs.find(half); at != signs.npos) {
            signs.erase(at, half.size());
            signs += 'h';  // where it stands says nothing
        }
    }
    if (signs.find(kElapsed) != signs.npos) return DateShape::elapsed;
    const bool has_time = signs.find_first_of("hs") != signs.npos;
    // Months and minutes share their letter; beside hours or seconds it is minutes, unless a year
    // or a day is there too, and then there is a date anyway.
    const bool has_day = signs.find_first_of("yd") != signs.npos;
    const bool has_month = signs.find('m') != signs.npos && !has_time;
    if (has_day || has_month) return has_time ? DateShape::date_time : DateShape::date;
    return has_time ? DateShape::time : DateShape::none;
}

std::optional<std::string> date_text(double serial, DateShape shape, DateSystem system) {
    if (!std::isfinite(serial) || serial < 0 || serial >= kSerialMax) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(std::floor(serial));
    const auto seconds = static_cast<double>(kSecondsPerDay);
    if (shape == DateShape::elapsed) return time_text(std::llround(serial * seconds));
    const auto part = std::llround((serial - std::floor(serial)) * seconds);
    if (shape == DateShape::time) return time_text(part % kSecondsPerDay);
    if (shape == DateShape::date) {
        const auto day = day_of(whole, system);
        return day ? std::optional(day->iso()) : std::nullopt;
    }
    const auto day = day_of(whole + part / kSecondsPerDay, system);
    if (!day) return std::nullopt;
    return DateTime{*day, static_cast<std::int32_t>(part % kSecondsPerDay)}.iso();
}

}  // namespace amate::exchange::internal
