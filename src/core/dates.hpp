// SPDX-License-Identifier: Apache-2.0
// Calendar dates, dates that may lack day or month, local date-times, periods.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace amate {

// A day of the proleptic Gregorian calendar, years 1 to 9999. Value type.
class Date {
public:
    Date() = default;  // 1970-01-01
    // Nothing if there is no such day.
    [[nodiscard]] static std::optional<Date> of(int year, int month, int day);
    // "YYYY-MM-DD" only.
    [[nodiscard]] static std::optional<Date> parse(std::string_view iso);
    [[nodiscard]] static Date from_days(std::int32_t days_since_1970);

    [[nodiscard]] int year() const;
    [[nodiscard]] int month() const;
    [[nodiscard]] int day() const;
    [[nodiscard]] std::int32_t days_since_1970() const { return days_; }
    [[nodiscard]] std::string iso() const;

    auto operator<=>(const Date&) const = default;

private:
    std::int32_t days_ = 0;
};

// A date of which only the year, or year and month, may be known ("1990", "1990-05", "1990-05-17").
struct PartialDate {
    int year = 1970;
    int month = 0;  // 0: not known
    int day = 0;    // 0: not known

    [[nodiscard]] static std::optional<PartialDate> parse(std::string_view iso);
    [[nodiscard]] std::string iso() const;
    [[nodiscard]] bool complete() const { return month != 0 && day != 0; }
    [[nodiscard]] Date first() const;  // earliest day it can be
    [[nodiscard]] Date last() const;   // latest day it can be

    auto operator<=>(const PartialDate&) const = default;
};

// Local wall-clock time of the pack's zone, to the second.
struct DateTime {
    Date date;
    std::int32_t second_of_day = 0;  // 0..86399

    // "YYYY-MM-DDTHH:MM[:SS]"; a space instead of T is taken too.
    [[nodiscard]] static std::optional<DateTime> parse(std::string_view iso);
    [[nodiscard]] std::string iso() const;  // "YYYY-MM-DDTHH:MM:SS"
    [[nodiscard]] int hour() const { return second_of_day / 3600; }

    auto operator<=>(const DateTime&) const = default;
};

// Closed range of days; an absent end is open.
struct Period {
    std::optional<Date> first;
    std::optional<Date> last;

    // "2017", "2017-06", "2017-06-30" or, as ISO 8601 has it, "2013-01-01/2017-12-31"; ".." is an
    // open end of these (ISO 8601-2).
    [[nodiscard]] static std::optional<Period> parse(std::string_view text);
    [[nodiscard]] std::string iso() const;  // as shortly as that
    [[nodiscard]] bool contains(Date day) const;
    bool operator==(const Period&) const = default;
};

// Completed years of age on `at` of somebody born on `birth`; nothing if not yet born.
// When `birth` lacks its day or month the age is given only if every possible day gives the same.
[[nodiscard]] std::optional<int> age_years(const PartialDate& birth, Date at);

// Minutes of a duration written "90min", "4h", "3d", "2w", or as ISO 8601 has it: "PT4H",
// "P1DT30M", "P2W". Nothing for any other text: months and years have no fixed length.
// At most a hundred years.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text);

// Reads the clock and the randomness of the machine: passed in, never fetched elsewhere.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual std::int64_t unix_ms() = 0;  // UTC
    [[nodiscard]] virtual DateTime local_now() = 0;    // in the pack's zone
};

// The machine's clock, local times in the IANA zone `zone` (unknown zones: UTC).
[[nodiscard]] std::unique_ptr<Clock> make_system_clock(std::string_view zone);
// A clock that stands still, for tests.
[[nodiscard]] std::unique_ptr<Clock> make_fixed_clock(DateTime local, std::int64_t unix_ms);

}  // namespace amate
