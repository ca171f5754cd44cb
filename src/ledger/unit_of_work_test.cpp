// SPDX-License-Identifier: Apache-2.0
// The unit of work: all or nothing, also when killed; one entry a unit; nothing written on a cut.
#include "ledger/unit_of_work.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "ledger/entries.hpp"
#include "ledger/internal/test_ledger.hpp"
#include "store/schema.hpp"

namespace amate::ledger {
namespace {

using internal::TestLedger;
using store::StoredRecord;

std::vector<StoredRecord> records_of(TestLedger& ledger, std::size_t register_index = 0) {
    std::vector<StoredRecord> records;
    store::for_each_record(*ledger.open(), ledger.register_of(register_index),
                           [&](const StoredRecord& record) {
                               records.push_back(record);
                               return true;
                           });
    return records;
}

// Why: what is recorded must be read back as it was, whatever its type, and be provable.
TEST(UnitOfWork, RecordsComeBackAsTheyWentIn) {
    TestLedger ledger;
    auto record = TestLedger::record(3);
    record.values[7] = std::int64_t{12};  // a whole amount of money
    record.values[8] = -0.0;
    record.values[10] = Missing::refused;
    auto second = TestLedger::record(4);
    second.values[3] = Missing::not_applicable;
    second.values[6] = std::int64_t{9'007'199'254'740'993};
    second.values[8] = 0.1 + 0.2;
    second.values[10] = std::string("");
    {
        const auto session = ledger.open();
        const auto unit = ledger.begin(*session);
        ASSERT_TRUE(unit->ensure_schema(ledger.pack()));
        unit->add(ledger.register_of(0), record);
        unit->add(ledger.register_of(0), second);
        EXPECT_EQ(unit->rows_added(), 2);
        unit->commit({"test", "visit", "", "", ""});
    }
    const auto records = records_of(ledger);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].values, record.values);
    EXPECT_EQ(records[1].values, second.values);
    EXPECT_EQ(records[0].flags, record.flags);
    EXPECT_EQ(records[0].folio, "V-00003");
    EXPECT_EQ(records[0].ledger_seq, 1);
    EXPECT_EQ(records[1].batch_row, 2);
    EXPECT_EQ(records[0].recorded_at, "2018-09-07T06:00:00.123Z");
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: the entry tells of the unit what the caller might forget.
TEST(UnitOfWork, TheEntryCarriesWhoWhatAndTheDigestOfTheRows) {
    TestLedger ledger;
    const auto session = ledger.open();
    std::string digest;
    Entry entry;
    {
        const auto unit = ledger.begin(*session);
        EXPECT_EQ(unit->sequence(), 1);
        ASSERT_TRUE(unit->ensure_schema(ledger.pack()));
        auto record = TestLedger::record(1);
        record.batch_row = 7;
        unit->add(ledger.register_of(0), record);
        digest = unit->rows_digest();
        entry = unit->commit({"batch.ingest", "visit", "", "",
                              R"({"file_digest":")" + std::string(64, 'a') + R"("})"});
    }
    EXPECT_EQ(entry.seq, 1);
    EXPECT_EQ(entry.at, "2018-09-07T06:00:00.123Z");
    EXPECT_EQ(entry.previous_hash, std::string(64, '0'));
    EXPECT_EQ(entry.hash, hash_of(entry));
    EXPECT_NE(entry.event.after.find(R"("rows":{"visit":{"added":1,"last":7,"digest":")" + digest),
              std::string::npos)
        << entry.event.after;
    EXPECT_NE(entry.event.after.find(R"("schema":{"tables":["r_visit","r_rescue"])"),
              std::string::npos);
    ASSERT_TRUE(last_entry(*session));
    EXPECT_EQ(last_entry(*session)->hash, entry.hash);
    EXPECT_EQ(find_batch(*session, std::string(64, 'a'))->seq, 1);
    EXPECT_FALSE(find_batch(*session, std::string(64, 'b')));
    EXPECT_FALSE(find_batch(*session, "%"));
    int entries = 0;
    for_each_entry(*session, [&](const Entry& each) {
        EXPECT_EQ(each.actor.office, "north");
        return ++entries > 0;
    });
    EXPECT_EQ(entries, 1);
}

// Why: a unit that is not committed never was.
TEST(UnitOfWork, RollbackLeavesNothing) {
    TestLedger ledger;
    ledger.write(1, 3);
    {
        const auto session = ledger.open();
        const auto unit = ledger.begin(*session);
        auto record = TestLedger::record(9);
        unit->add(ledger.register_of(0), record);
        EXPECT_EQ(unit->take_numbers("visit", 5), 1);
    }
    EXPECT_EQ(records_of(ledger).size(), 3U);
    EXPECT_EQ(last_entry(*ledger.open())->seq, 1);
    {
        const auto session = ledger.open();
        EXPECT_EQ(ledger.begin(*session)->take_numbers("visit", 1), 1);
    }
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: a failing insert (a folio twice) must take the whole unit with it.
TEST(UnitOfWork, AFolioTwiceFailsAndNothingIsWritten) {
    TestLedger ledger;
    ledger.write(1, 3);
    EXPECT_THROW(ledger.write(3, 2), IoFailure);
    EXPECT_EQ(records_of(ledger).size(), 3U);
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: power goes at any moment.
TEST(UnitOfWork, AKilledWriterLeavesAWholeStore) {
    TestLedger ledger;
    ledger.write(1, 150);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto session = ledger.open();
        const auto unit = ledger.begin(*session);
        for (int row = 1000; row < 21'000; ++row) {  // more than the page cache keeps back
            auto record = TestLedger::record(row);
            record.values[10] = std::string(4000, 'x');
            unit->add(ledger.register_of(0), record);
        }
        _exit(0);  // no destructor runs
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(WEXITSTATUS(status), 0);
    EXPECT_TRUE(ledger.verify().problems.empty());
    EXPECT_EQ(records_of(ledger).size(), 150U);
    ledger.write(1000, 5);
    EXPECT_EQ(ledger.verify().records, 155);
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: between commit and head the power may go too; that is lag, not damage, and heals.
TEST(UnitOfWork, ACrashBetweenCommitAndHeadIsLag) {
    TestLedger ledger;
    ledger.write(1, 2);
    const auto old_head = store::read_small_file(ledger.head());
    ledger.write(3, 2);
    store::write_durably(ledger.head(), old_head, store::FileRights::owner_only);
    auto verification = ledger.verify();
    EXPECT_TRUE(verification.problems.empty());
    EXPECT_EQ(verification.entries_after_head, 1);
    ledger.write(5, 2);
    verification = ledger.verify();
    EXPECT_TRUE(verification.problems.empty());
    EXPECT_EQ(verification.entries_after_head, 0);
    EXPECT_EQ(verification.entries, 3);
}

// Why: numbers people quote must be fresh, and each sequence its own.
TEST(UnitOfWork, TakesFreshNumbers) {
    TestLedger ledger;
    const auto session = ledger.open();
    {
        const auto unit = ledger.begin(*session);
        EXPECT_EQ(unit->take_numbers("visit/2018", 10), 1);
        EXPECT_EQ(unit->take_numbers("visit/2018", 1), 11);
        EXPECT_EQ(unit->take_numbers("visit/2019", 1), 1);
        unit->commit({"test", "", "", "", ""});
    }
    EXPECT_EQ(ledger.begin(*session)->take_numbers("visit/2018", 1), 12);
}

// Why: two offices write at once: the second waits, and both entries chain.
TEST(UnitOfWork, ASecondWriterWaits) {
    TestLedger ledger;
    ledger.write(1, 1);
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 3; ++writer) {
        writers.emplace_back([&ledger, writer] { ledger.write(100 * (writer + 1), 20); });
    }
    for (auto& writer : writers) writer.join();
    const auto verification = ledger.verify();
    EXPECT_TRUE(verification.problems.empty());
    EXPECT_EQ(verification.entries, 4);
    EXPECT_EQ(verification.records, 61);
    EXPECT_EQ(verification.entries_after_head, 0);
}

// Why: a ministry has many machines: processes that know nothing of each other write in turn, the
// first of them making tables and key, and none of them loses, repeats or skips anything.
TEST(UnitOfWork, ProcessesTakeTurns) {
    constexpr int kProcesses = 4;
    constexpr int kUnits = 8;
    constexpr int kRows = 30;
    TestLedger ledger;
    std::vector<pid_t> children;
    for (int process = 0; process < kProcesses; ++process) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            try {
                for (int unit = 0; unit < kUnits; ++unit) {
                    ledger.write((process * kUnits + unit) * kRows, kRows);
                }
            } catch (const std::exception& failure) {
                fmt::print(stderr, "{}\n", failure.what());
                _exit(1);
            }
            _exit(0);  // no destructor runs: the store is the parent's
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    const auto verification = ledger.verify();
    EXPECT_TRUE(verification.problems.empty());
    EXPECT_EQ(verification.entries, kProcesses * kUnits);
    EXPECT_EQ(verification.records, kProcesses * kUnits * kRows);
    EXPECT_EQ(verification.entries_after_head, 0);
    std::int64_t seq = 0;
    for_each_entry(*ledger.open(), [&](const Entry& entry) { return entry.seq == ++seq; });
    EXPECT_EQ(seq, kProcesses * kUnits);
    std::set<std::string> folios;
    for (const auto& record : records_of(ledger)) folios.insert(record.folio);
    EXPECT_EQ(folios.size(), static_cast<std::size_t>(kProcesses * kUnits * kRows));
}

// Why: a pack grows; old records must stay, read the new field as absent, and still hold.
TEST(Schema, WideningKeepsData) {
    TestLedger ledger;
    ledger.write(1, 3);
    auto& columns = ledger.register_of(0).columns;
    columns.insert(columns.begin(), internal::make_column("added", definitions::Type::text));
    ledger.pack().registers.push_back(internal::make_register("third"));
    const auto session = ledger.open();
    {
        const auto unit = ledger.begin(*session);
        ASSERT_TRUE(unit->ensure_schema(ledger.pack()));
        ASSERT_TRUE(unit->ensure_schema(ledger.pack()));  // idempotent
        const auto entry = unit->commit({"schema.migrate", "", "", "", ""});
        const auto kept = store::kept_definitions(*session);
        ASSERT_EQ(kept.size(), 2U);  // the one it was made under, and this
        EXPECT_EQ(entry.event.after,
                  R"({"schema":{"tables":["r_third"],"columns":["r_visit.added"],"definition":")" +
                      kept[1].digest + "\"}}");
    }
    const auto records = records_of(ledger);
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].values[0], Value(Missing::absent));
    EXPECT_EQ(records[0].values[2], Value(std::string("Ana Ruiz")));
    EXPECT_TRUE(ledger.verify().problems.empty());
}

// Why: what would lose or reinterpret data needs a person's decision.
TEST(Schema, WhatIsNotAdditiveIsRefused) {
    TestLedger ledger;
    ledger.write(1, 3);
    auto& columns = ledger.register_of(0).columns;
    columns[5].type = definitions::Type::text;                                   // accompanied
    columns.erase(columns.begin());                                              // event_at
    columns.push_back(internal::make_column("state", definitions::Type::code));  // reserved
    columns.push_back(internal::make_column("fresh", definitions::Type::code));
    ledger.pack().registers.pop_back();
    const auto session = ledger.open();
    const auto unit = ledger.begin(*session);
    const auto result = unit->ensure_schema(ledger.pack());
    ASSERT_FALSE(result);
    std::vector<std::string> found;
    for (const auto& problem : result.error())
        found.push_back(problem.code + " " + problem.place.path);
    EXPECT_EQ(found, (std::vector<std::string>{
                         "store.migration_needed registers/rescue",
                         "store.migration_needed registers/visit/fields/accompanied/type",
                         "store.migration_needed registers/visit/fields/event_at",
                         "store.column_reserved r_visit.state"}));
    EXPECT_EQ(session->columns_of("r_visit").size(), 28U);  // nothing was added
}

// Why: a program's own mistakes must not become records that no longer hold when read.
TEST(UnitOfWork, RefusesWhatCannotBeGivenBack) {
    TestLedger ledger;
    const auto session = ledger.open();
    const auto unit = ledger.begin(*session);
    ASSERT_TRUE(unit->ensure_schema(ledger.pack()));
    auto record = TestLedger::record(1);
    record.values[6] = std::string("twelve");
    EXPECT_THROW(unit->add(ledger.register_of(0), record), Bug);
    record.values[6] = 1.5;
    EXPECT_THROW(unit->add(ledger.register_of(0), record), Bug);
    record = TestLedger::record(1);
    record.values.pop_back();
    EXPECT_THROW(unit->add(ledger.register_of(0), record), Bug);
    record = TestLedger::record(1);
    record.batch_row = 5;
    unit->add(ledger.register_of(0), record);
    record = TestLedger::record(2);
    record.batch_row = 5;
    EXPECT_THROW(unit->add(ledger.register_of(0), record), Bug);
    EXPECT_THROW(unit->commit({"test", "", "", "", "not json"}), Bug);
    EXPECT_THROW(unit->commit({"test", "", "", "", R"({"rows":{}})"}), Bug);
    EXPECT_THROW(unit->commit({"", "", "", "", ""}), Bug);
}

// Why: writing on after the end was cut off would sign the cut.
TEST(UnitOfWork, IsNotBegunOnALedgerThatWasCut) {
    TestLedger ledger;
    ledger.write(1, 2);
    ledger.store().keep();
    ledger.write(3, 2);
    ledger.store().put_back();
    EXPECT_THROW(ledger.write(5, 2), IoFailure);
    EXPECT_EQ(ledger.verify().problems.back().code, "ledger.head_differs");
}

// Why: a missing or damaged key or head stops writing until it is put back, and nothing worse.
TEST(UnitOfWork, NeedsItsKeyAndItsHead) {
    TestLedger ledger;
    ledger.write(1, 2);
    for (const auto* name : {"ledger.key", "ledger.head.json"}) {
        const auto file = ledger.keys() / name;
        const auto good = store::read_small_file(file);
        std::filesystem::remove(file);
        EXPECT_THROW(ledger.write(5, 2), IoFailure) << name;
        store::write_durably(file, "{}", store::FileRights::owner_only);
        EXPECT_THROW(ledger.write(5, 2), IoFailure) << name;
        store::write_durably(file, good, store::FileRights::owner_only);
    }
    ledger.write(5, 2);
    EXPECT_TRUE(ledger.verify().problems.empty());
    EXPECT_EQ(ledger.verify().records, 4);
}

// Why: whoever reads the key can sign a forged ledger.
TEST(UnitOfWork, KeysAreTheirOwnersAlone) {
    TestLedger ledger;
    ledger.write(1, 1);
    struct stat status {};
    ASSERT_EQ(::stat(ledger.keys().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    for (const auto& file : std::filesystem::directory_iterator(ledger.keys())) {
        ASSERT_EQ(::stat(file.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << file.path();
    }
}

}  // namespace
}  // namespace amate::ledger
