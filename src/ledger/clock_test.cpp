// SPDX-License-Identifier: Apache-2.0
// A clock set back: nothing is misdated, nothing is lost, and writing resumes by itself.
#include <gtest/gtest.h>

#include "ledger/entries.hpp"
#include "ledger/internal/moment.hpp"
#include "ledger/internal/test_ledger.hpp"
#include "ledger/seals.hpp"

namespace amate::ledger {
namespace {

using internal::TestLedger;

constexpr std::int64_t kNoon = 1'536'321'600'000;  // 2018-09-07T12:00:00.000Z

std::string failure_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const IoFailure& failure) {
        return failure.what();
    }
    return {};
}

std::string last_at(const TestLedger& ledger) {
    return last_entry(*ledger.open())->at;
}

TEST(Moment, IsWrittenAndReadTheSame) {
    for (const std::int64_t ms :
         {std::int64_t{0}, kNoon, kNoon + 7, std::int64_t{4'102'444'799'999}}) {
        EXPECT_EQ(internal::parse_moment(internal::moment_of(ms)), ms);
    }
    EXPECT_EQ(internal::moment_of(kNoon), "2018-09-07T12:00:00.000Z");
    for (const auto* bad : {"", "2018-09-07T12:00:00Z", "2018-09-07T12:00:00.00xZ",
                            "2018-13-07T12:00:00.000Z", "2018-09-07T12:00:00.000+"}) {
        EXPECT_FALSE(internal::parse_moment(bad)) << bad;
    }
}

// Why: clocks are corrected by fractions of a second all the time; that must stop nobody.
TEST(ClockSetBack, WithinTheToleranceTakesTheMomentBefore) {
    TestLedger ledger;
    ledger.set_clock(kNoon);
    ledger.write(1, 2);
    ledger.set_clock(kNoon - kClockToleranceMs);
    const auto entry = ledger.write(3, 2);
    EXPECT_EQ(entry.at, "2018-09-07T12:00:00.000Z");
    std::string recorded_at;
    store::for_each_record(*ledger.open(), ledger.register_of(0), [&](const auto& record) {
        recorded_at = record.recorded_at;
        return true;
    });
    EXPECT_EQ(recorded_at, "2018-09-07T12:00:00.000Z");
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: an entry dated before its predecessor would mislead whoever reads the ledger as evidence.
TEST(ClockSetBack, ByMoreRefusesAndSaysByHowMuch) {
    TestLedger ledger;
    ledger.set_clock(kNoon);
    ledger.write(1, 2);
    const std::pair<std::int64_t, const char*> backs[] = {{kClockToleranceMs + 1, "is 2 seconds"},
                                                          {90'000, "90 seconds"},
                                                          {30 * 60'000, "30 minutes"},
                                                          {5 * 3'600'000, "5 hours"},
                                                          {400LL * 86'400'000, "400 days"}};
    for (const auto& [back, words] : backs) {
        ledger.set_clock(kNoon - back);
        const auto text = failure_of([&] { ledger.write(3, 2); });
        EXPECT_NE(text.find(words), std::string::npos) << text;
        EXPECT_NE(text.find("2018-09-07T12:00:00.000Z"), std::string::npos) << text;
        EXPECT_NE(failure_of([&] { ledger.write(3, 0); }), "");  // an entry without rows
        EXPECT_NE(failure_of([&] { (void)seal(*ledger.open(), ledger.keys(), ledger.clock()); }),
                  "");
    }
    EXPECT_EQ(ledger.verify().records, 2);  // nothing lost, nothing written
    EXPECT_EQ(ledger.verify().entries, 1);
    ledger.set_clock(kNoon + 1);  // caught up: nobody had to do anything
    ledger.write(3, 2);
    EXPECT_EQ(ledger.verify().records, 4);
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: the clock may go back while a unit is at work.
TEST(ClockSetBack, WithinAUnitRollsItBack) {
    TestLedger ledger;
    ledger.set_clock(kNoon);
    ledger.write(1, 2);
    {
        const auto session = ledger.open();
        const auto unit = ledger.begin(*session);
        auto record = TestLedger::record(9);
        unit->add(ledger.register_of(0), record);
        ledger.set_clock(kNoon - 10'000);
        EXPECT_NE(failure_of([&] { unit->commit({"test", "", "", "", ""}); }), "");
    }
    EXPECT_EQ(ledger.verify().records, 2);
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: a clock that ran ahead must not lock the ledger for as long; a person says so, in an entry.
TEST(ClockSetBack, AfterAClockAheadAPersonSetsItRight) {
    TestLedger ledger;
    ledger.set_clock(kNoon + 365LL * 86'400'000);
    ledger.write(1, 2);
    ledger.set_clock(kNoon);
    EXPECT_THROW(ledger.write(3, 2), IoFailure);
    {
        const auto session = ledger.open();
        ledger.begin(*session)->commit({kClockCorrected, "", "", "", ""});
    }
    EXPECT_EQ(last_at(ledger), "2018-09-07T12:00:00.000Z");
    ledger.write(3, 2);
    EXPECT_TRUE(ledger.verify().problems.empty());
}

}  // namespace
}  // namespace amate::ledger
