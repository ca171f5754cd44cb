// SPDX-License-Identifier: Apache-2.0
// Tests of time limits: what a lawyer with a calendar on the wall would count.
#include "definitions/deadlines.hpp"

#include <gtest/gtest.h>

#include "definitions/pack.hpp"

namespace amate::definitions {
namespace {

DateTime at(const char* iso) {
    return DateTime::parse(iso).value();
}
Date day(const char* iso) {
    return Date::parse(iso).value();
}

const Pack& demo() {
    static const auto pack = load_pack(std::string(AMATE_ROOT) + "/packs/demo");
    if (!pack) ADD_FAILURE() << to_line(pack.error().front());
    return **pack;
}

std::string due(const char* limit, const char* start,
                const std::vector<std::pair<Date, Date>>& suspended = {}) {
    auto within = TimeLimit::parse(limit).value();
    within.calendar = demo().find_calendar("island");
    const auto moment = due_moment(within, at(start), suspended);
    return moment ? moment->iso() : "never";
}

TEST(TimeLimit, ReadsCountAndUnitAndNothingElse) {
    EXPECT_EQ(TimeLimit::parse("90min")->unit, LimitUnit::minute);
    EXPECT_EQ(TimeLimit::parse("10wd")->unit, LimitUnit::working_day);
    EXPECT_EQ(TimeLimit::parse("2m")->unit, LimitUnit::month);
    for (const auto* wrong : {"", "4", "h", "0d", "-1d", "1.5d", "4 h", "100001d", "3dd"}) {
        EXPECT_FALSE(TimeLimit::parse(wrong)) << wrong;
    }
}

TEST(DueMoment, HoursCountToTheSecondAndDaysToTheirEnd) {
    EXPECT_EQ(due("4h", "2018-03-01T22:30"), "2018-03-02T02:30:00");
    EXPECT_EQ(due("90min", "2018-03-01T10:00"), "2018-03-01T11:30:00");
    EXPECT_EQ(due("3d", "2018-03-01T10:00"), "2018-03-04T23:59:59");
    EXPECT_EQ(due("2w", "2018-03-01T10:00"), "2018-03-15T23:59:59");
}

// The 31st of a month that has none is its last day.
TEST(DueMoment, MonthsEndOnTheLastDayThereIs) {
    EXPECT_EQ(due("1m", "2018-01-31T10:00"), "2018-02-28T23:59:59");
    EXPECT_EQ(due("1m", "2020-01-31T10:00"), "2020-02-29T23:59:59");
    EXPECT_EQ(due("1y", "2020-02-29T10:00"), "2021-02-28T23:59:59");
}

// 3 and 4 March 2018 are a weekend, 5 March is a holiday of the invented country.
TEST(DueMoment, WorkingDaysPassOverRest) {
    EXPECT_EQ(due("1wd", "2018-03-01T10:00"), "2018-03-02T23:59:59");
    EXPECT_EQ(due("2wd", "2018-03-01T10:00"), "2018-03-06T23:59:59");
    EXPECT_EQ(due("2wd", "2018-03-03T10:00"), "2018-03-07T23:59:59");
}

TEST(DueMoment, SuspendedDaysDoNotCount) {
    const std::vector<std::pair<Date, Date>> waited{{day("2018-03-02"), day("2018-03-05")}};
    EXPECT_EQ(due("3d", "2018-03-01T10:00", waited), "2018-03-07T23:59:59");
    EXPECT_EQ(due("2wd", "2018-03-01T10:00", waited), "2018-03-07T23:59:59");
    EXPECT_EQ(due("30h", "2018-03-01T10:00", waited), "2018-03-05T16:00:00");
    EXPECT_EQ(due("1m", "2018-03-01T10:00", waited), "2018-04-04T23:59:59");
    // A suspension before the beginning or after the end moves nothing.
    EXPECT_EQ(due("3d", "2018-03-06T10:00", waited), "2018-03-09T23:59:59");
    EXPECT_EQ(due("3d", "2018-02-20T10:00", waited), "2018-02-23T23:59:59");
}

TEST(DueMoment, BeyondTheCalendarNothingIsKnown) {
    EXPECT_EQ(due("5wd", "2200-12-30T10:00"), "never");
}

class Stay {
public:
    Stay() : record_(register_().columns.size(), Missing::absent) {
        set("arrived_at", at("2018-03-01T10:00"));
    }
    static const Register& register_() { return *demo().find_register("shelter_stay"); }
    Stay& set(std::string_view column, Value value) {
        record_[*register_().column_index(column)] = std::move(value);
        return *this;
    }
    [[nodiscard]] std::string at_moment(const char* now) const {
        const auto all = deadlines_of(register_(), record_, {at(now)});
        if (all.empty()) return "none";
        return std::string(name_of(all.front().state)) + " " + all.front().due.date.iso();
    }

private:
    std::vector<Value> record_;
};

TEST(DeadlinesOf, TellHowARecordStands) {
    Stay stay;
    EXPECT_EQ(stay.at_moment("2018-03-02T08:00"), "running 2018-03-09");
    EXPECT_EQ(stay.at_moment("2018-03-09T23:59"), "running 2018-03-09");
    EXPECT_EQ(stay.at_moment("2018-03-10T00:00"), "lapsed 2018-03-09");
    EXPECT_EQ(Stay().set("assessed_on", day("2018-03-09")).at_moment("2018-04-01T00:00"),
              "met 2018-03-09");
    EXPECT_EQ(Stay().set("assessed_on", day("2018-03-10")).at_moment("2018-04-01T00:00"),
              "met_late 2018-03-09");
    EXPECT_EQ(Stay().set("arrived_at", Missing::unknown).at_moment("2018-03-02T08:00"), "none");
}

// While papers are awaited the clock stands still, whatever day it is.
TEST(DeadlinesOf, AnOpenSuspensionLastsThroughToday) {
    Stay stay;
    stay.set("papers_asked_on", day("2018-03-06"));
    EXPECT_EQ(stay.at_moment("2018-03-20T08:00"), "suspended 2018-03-26");
    EXPECT_EQ(stay.at_moment("2018-05-20T08:00").substr(0, 9), "suspended");
    stay.set("papers_given_on", day("2018-03-13"));
    EXPECT_EQ(stay.at_moment("2018-03-14T08:00"), "running 2018-03-16");
    EXPECT_EQ(stay.at_moment("2018-03-17T08:00"), "lapsed 2018-03-16");
}

// A register that keeps days only cannot tell at which hour the four hours began.
TEST(DeadlinesOf, HoursFromADayBeginWithItsEnd) {
    const auto& stays = *demo().find_register("shelter_stay");
    Register hurried;
    hurried.columns = stays.columns;
    Deadline answer;
    answer.from = *stays.column_index("papers_asked_on");
    answer.met_on = stays.column_index("papers_given_on");
    answer.within = TimeLimit::parse("4h").value();
    hurried.deadlines.push_back(answer);
    std::vector<Value> record(stays.columns.size(), Missing::absent);
    record[answer.from] = day("2018-03-06");
    const auto standing = [&](const char* now) {
        return deadlines_of(hurried, record, {at(now)}).at(0);
    };
    EXPECT_EQ(standing("2018-03-06T20:00").due.iso(), "2018-03-07T04:00:00");
    EXPECT_EQ(standing("2018-03-06T20:00").state, DeadlineState::running);
    EXPECT_EQ(standing("2018-03-07T04:01").state, DeadlineState::lapsed);
}

}  // namespace
}  // namespace amate::definitions
