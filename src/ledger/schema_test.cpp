// SPDX-License-Identifier: Apache-2.0
// The definition a store keeps beside its tables: who vouches for it, and what holds without it.
#include "store/schema.hpp"

#include <gtest/gtest.h>

#include "ledger/internal/test_ledger.hpp"

namespace amate::ledger {
namespace {

using internal::TestLedger;

// Why: a store begun before definitions were kept is judged by its tables alone.
TEST(Schema, WithoutAKeptDefinitionTheTablesDecide) {
    TestLedger ledger;
    ledger.write(1, 3);
    ledger.store().tamper("DROP TABLE definitions");
    auto& columns = ledger.register_of(0).columns;
    columns[6].type = definitions::Type::decimal;  // visits: nobody vouches for what they are
    columns.erase(columns.begin());                // event_at
    ledger.pack().registers.pop_back();
    const auto session = ledger.open();
    const auto unit = ledger.begin(*session);
    const auto result = unit->ensure_schema(ledger.pack());
    ASSERT_FALSE(result);
    std::vector<std::string> found;
    for (const auto& problem : result.error())
        found.push_back(problem.code + " " + problem.place.path);
    EXPECT_EQ(found, (std::vector<std::string>{"store.column_type_changed r_visit.visits",
                                               "store.column_dropped r_visit.event_at",
                                               "store.register_dropped r_rescue"}));
}

// Why: a number that a decimal cannot hold to the last digit must stop the change, not lose it.
TEST(Schema, WideningStopsAtANumberTooLarge) {
    TestLedger ledger;
    {
        const auto session = ledger.open();
        const auto unit = ledger.begin(*session);
        ASSERT_TRUE(unit->ensure_schema(ledger.pack()));
        auto record = TestLedger::record(1);
        record.values[6] = std::int64_t{9'007'199'254'740'993};
        unit->add(ledger.register_of(0), record);
        unit->commit({"test", "", "", "", ""});
    }
    ledger.register_of(0).columns[6].type = definitions::Type::decimal;
    const auto session = ledger.open();
    const auto unit = ledger.begin(*session);
    const auto result = unit->ensure_schema(ledger.pack());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error()[0].code, "store.number_too_large");
    EXPECT_EQ(session->columns_of("r_visit")[23].type, store::SqlType::integer);
}

// Why: PostgreSQL would cut a longer name and say nothing; a store must fit both.
TEST(Schema, NamesTooLongAreRefused) {
    TestLedger ledger;
    const auto session = ledger.open();
    const auto unit = ledger.begin(*session);
    auto& columns = ledger.register_of(0).columns;
    columns.push_back(internal::make_column(std::string(63, 'x'), definitions::Type::text));
    ASSERT_TRUE(unit->ensure_schema(ledger.pack()));
    columns.push_back(internal::make_column(std::string(64, 'y'), definitions::Type::text));
    ledger.pack().registers.push_back(internal::make_register(std::string(58, 'z')));
    const auto result = unit->ensure_schema(ledger.pack());
    ASSERT_FALSE(result);
    ASSERT_EQ(result.error().size(), 2U);
    EXPECT_EQ(result.error()[0].code, "store.name_too_long");
    EXPECT_EQ(result.error()[0].parameters.at("name"), std::string(64, 'y'));
    EXPECT_EQ(result.error()[1].parameters.at("bytes"), "64");
}

// Why: how data are read depends on it, so it must be as provable as the data.
TEST(Schema, AForgedDefinitionIsFound) {
    TestLedger ledger;
    ledger.write(1, 3);
    EXPECT_TRUE(ledger.verify().problems.empty());
    ledger.store().tamper("UPDATE definitions SET form = replace(form, 'money', 'decimal')");
    ASSERT_EQ(ledger.verify().problems.size(), 1U);
    EXPECT_EQ(ledger.verify().problems[0].code, "ledger.definition_changed");
    const auto session = ledger.open();
    EXPECT_THROW(static_cast<void>(store::check_tables(*session, ledger.pack())), IoFailure);
    ledger.store().tamper("DELETE FROM definitions");
    ASSERT_EQ(ledger.verify().problems.size(), 1U);
    EXPECT_EQ(ledger.verify().problems[0].parameters.at("number"), "1");
}

// Why: who only reads must know that the tables do not have the pack's columns yet.
TEST(Schema, ReadersAreToldThatTheStoreIsBehind) {
    TestLedger ledger;
    ledger.write(1, 1);
    const auto session = ledger.open(store::Session::Mode::read_only);
    EXPECT_EQ(*store::check_tables(*session, ledger.pack()), store::SchemaState::current);
    ledger.register_of(0).columns.push_back(
        internal::make_column("added", definitions::Type::text));
    EXPECT_EQ(*store::check_tables(*session, ledger.pack()), store::SchemaState::behind);
    ledger.register_of(0).columns.erase(ledger.register_of(0).columns.begin());
    EXPECT_FALSE(store::check_tables(*session, ledger.pack()).has_value());
}

}  // namespace
}  // namespace amate::ledger
