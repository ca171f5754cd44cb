// SPDX-License-Identifier: Apache-2.0
// Tests of working calendars: a deadline missed by a day is a right lost.
#include "core/calendar.hpp"

#include <gtest/gtest.h>

namespace amate {
namespace {

Date day(const char* iso) {
    return Date::parse(iso).value();
}

Calendar office_calendar() {
    CalendarRules rules;
    rules.name = "offices";
    rules.weekend = {6, 0};
    rules.holidays = {day("2018-03-28"), day("2018-03-01")};  // in any order
    rules.yearly = {{1, 1}, {12, 25}};
    rules.nth_weekday = {{2, 1, 1}, {5, 1, -1}};  // first Monday of February, last of May
    return Calendar::make(rules).value();
}

TEST(Calendar, KnowsItsDaysOfRest) {
    const auto calendar = office_calendar();
    for (const auto* rest : {"2018-03-03", "2018-03-04", "2018-03-01", "2018-03-28", "2018-01-01",
                             "2019-12-25", "2018-02-05", "2018-05-28", "2016-05-30"}) {
        EXPECT_EQ(calendar.is_working_day(day(rest)), false) << rest;
    }
    for (const auto* worked : {"2018-03-02", "2018-02-12", "2018-05-21", "2019-03-01"}) {
        EXPECT_EQ(calendar.is_working_day(day(worked)), true) << worked;
    }
    EXPECT_EQ(calendar.is_working_day(day("1899-12-31")), std::nullopt);
    EXPECT_EQ(calendar.is_working_day(day("2201-01-01")), std::nullopt);
}

TEST(Calendar, AddsWorkingDays) {
    const auto calendar = office_calendar();
    EXPECT_EQ(calendar.add_working_days(day("2018-03-02"), 1), day("2018-03-05"));
    EXPECT_EQ(calendar.add_working_days(day("2018-03-03"), 1), day("2018-03-05"));
    EXPECT_EQ(calendar.add_working_days(day("2018-03-27"), 1), day("2018-03-29"));
    EXPECT_EQ(calendar.add_working_days(day("2018-03-05"), -1), day("2018-03-02"));
    EXPECT_EQ(calendar.add_working_days(day("2018-03-04"), -1), day("2018-03-02"));
    EXPECT_EQ(calendar.add_working_days(day("2018-03-03"), 0), day("2018-03-03"));
    EXPECT_EQ(calendar.add_working_days(day("2200-12-31"), 1), std::nullopt);
    EXPECT_EQ(calendar.add_working_days(day("1900-01-02"), -1), std::nullopt);
    EXPECT_EQ(calendar.add_working_days(day("2018-03-03"), 9223372036854775807), std::nullopt);
    EXPECT_EQ(calendar.add_working_days(day("2018-03-03"), -9223372036854775807), std::nullopt);
}

TEST(Calendar, CountsWorkingDays) {
    const auto calendar = office_calendar();
    EXPECT_EQ(calendar.working_days_between(day("2018-03-02"), day("2018-03-05")), 1);
    EXPECT_EQ(calendar.working_days_between(day("2018-03-05"), day("2018-03-02")), -1);
    EXPECT_EQ(calendar.working_days_between(day("2018-03-02"), day("2018-03-02")), 0);
    EXPECT_EQ(calendar.working_days_between(day("2018-03-02"), day("2201-01-01")), std::nullopt);
}

// What is added is counted: checked against counting one day after the other.
TEST(Calendar, AddingAndCountingAgree) {
    const auto calendar = office_calendar();
    for (auto at = day("2015-12-20").days_since_1970(); at < day("2018-06-10").days_since_1970();
         at += 3) {
        const auto from = Date::from_days(at);
        for (const int days : {-40, -7, -1, 1, 5, 30}) {
            const int step = days > 0 ? 1 : -1;
            auto walked = from;
            for (int left = days * step; left > 0;) {
                walked = Date::from_days(walked.days_since_1970() + step);
                if (*calendar.is_working_day(walked)) --left;
            }
            ASSERT_EQ(calendar.add_working_days(from, days), walked) << from.iso() << " " << days;
            if (days > 0) {
                ASSERT_EQ(calendar.working_days_between(from, walked), days);
            }
        }
    }
}

TEST(Calendar, RefusesRulesOfNoCalendar) {
    CalendarRules rules;
    rules.weekend = {0, 1, 2, 3, 4, 5, 6};
    EXPECT_FALSE(Calendar::make(rules));
    rules.weekend = {7};
    EXPECT_FALSE(Calendar::make(rules));
    rules.weekend = {0};
    rules.yearly = {{2, 30}};
    EXPECT_FALSE(Calendar::make(rules));
    rules.yearly = {{2, 29}};
    rules.nth_weekday = {{1, 1, 6}};
    EXPECT_FALSE(Calendar::make(rules));
    rules.nth_weekday.clear();
    EXPECT_TRUE(Calendar::make(rules));
}

}  // namespace
}  // namespace amate
