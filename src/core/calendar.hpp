// SPDX-License-Identifier: Apache-2.0
// Which days are worked: adds and counts working days.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dates.hpp"
#include "core/text.hpp"

namespace amate {

// 0 Sunday to 6 Saturday.
[[nodiscard]] int weekday_of(Date day);

// What a calendar is made of; days of rest, each kind of them.
struct CalendarRules {
    // The `nth` such weekday of the month, 1 to 5; -1 is the last one.
    struct NthWeekday {
        int month = 1;
        int weekday = 0;
        int nth = 1;
        bool operator==(const NthWeekday&) const = default;
    };
    struct MonthDay {
        int month = 1;
        int day = 1;
        bool operator==(const MonthDay&) const = default;
    };
    std::string name;
    Text title;
    std::vector<int> weekend;      // weekdays not worked
    std::vector<Date> holidays;    // once
    std::vector<MonthDay> yearly;  // every year; 29 February only where there is one
    std::vector<NthWeekday> nth_weekday;
};

// A working calendar of the years 1900 to 2200; outside of them nothing is known. Value type,
// immutable, cheap to copy, safe to read from many threads.
class Calendar {
public:
    static constexpr int kFirstYear = 1900;
    static constexpr int kLastYear = 2200;

    // Nothing if no weekday is worked or a rule names no month, weekday or day there is.
    [[nodiscard]] static std::optional<Calendar> make(CalendarRules rules);

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] const Text& title() const;

    // All three give nothing where a day asked for, or found, is outside the years known.
    [[nodiscard]] std::optional<bool> is_working_day(Date day) const;
    // The `days`-th worked day after `day`; before it, if negative; `day` itself if 0, worked or
    // not.
    [[nodiscard]] std::optional<Date> add_working_days(Date day, std::int64_t days) const;
    // Worked days in (from, to]; negative, of (to, from], if `to` is earlier.
    [[nodiscard]] std::optional<std::int64_t> working_days_between(Date from, Date to) const;

private:
    struct Table;
    explicit Calendar(std::shared_ptr<const Table> table) : table_(std::move(table)) {}

    std::shared_ptr<const Table> table_;  // shared by copies; immutable
};

}  // namespace amate
