// SPDX-License-Identifier: Apache-2.0
// Whatever is done to the store behind the program's back is found and named.
#include "ledger/verify.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "ledger/entries.hpp"
#include "ledger/internal/page_program.hpp"
#include "ledger/internal/rows_digest.hpp"
#include "ledger/internal/test_ledger.hpp"

namespace amate::ledger {
namespace {

using internal::TestLedger;

// Three entries: 250 visits (three blocks), 5 rescues, 1 visit.
class VerifyTest : public testing::Test {
protected:
    void SetUp() override {
        ledger_.write(1, 250);
        ledger_.write(1, 5, 1);
        ledger_.write(251, 1);
    }

    // Any SQL, past all rules.
    void tamper(const std::string& sql) { ledger_.store().tamper(sql); }

    // Findings as "code key=value ...", keys in order, only the keys named.
    std::vector<std::string> found(const std::vector<std::string>& keys = {"seq"}) {
        std::vector<std::string> lines;
        for (const auto& problem : ledger_.verify().problems) {
            auto line = problem.code.substr(problem.code.find('.') + 1);
            for (const auto& key : keys) {
                const auto value = problem.parameters.find(key);
                if (value != problem.parameters.end()) line += " " + key + "=" + value->second;
            }
            lines.push_back(line);
            EXPECT_FALSE(text_of(problem, "es").empty());
            EXPECT_FALSE(to_line(problem).empty());
        }
        return lines;
    }
    using Lines = std::vector<std::string>;

    // Makes a record's hash fit its content again, as a thorough forger would.
    void reseal(const std::string& folio) {
        std::string hash;
        for (const std::int64_t seq : {1, 2, 3}) {
            const auto session = ledger_.open();
            for (const auto* table : {"r_visit", "r_rescue"}) {
                store::SealedTable(*session, table).for_each_row(seq, [&](const auto& row) {
                    if (row.folio == folio) hash = row.computed_hash;
                    return true;
                });
            }
        }
        tamper("UPDATE r_visit SET row_hash = '" + hash + "' WHERE folio = '" + folio + "'");
    }

    // Makes an entry's hash fit its content again.
    void rehash(std::int64_t seq) {
        std::string hash;
        for_each_entry(*ledger_.open(), [&](const Entry& entry) {
            if (entry.seq == seq) hash = hash_of(entry);
            return true;
        });
        tamper("UPDATE ledger SET hash = '" + hash + "' WHERE seq = " + std::to_string(seq));
    }

    TestLedger ledger_;
};

// SQLite takes a value of any type in any column, and its file is on a page of the documentation.
class SqliteVerifyTest : public VerifyTest {};

// Why: no false alarm, and a count of what was proved.
TEST_F(VerifyTest, AnUntouchedStoreHolds) {
    const auto verification = ledger_.verify();
    EXPECT_TRUE(verification.problems.empty());
    EXPECT_EQ(verification.entries, 3);
    EXPECT_EQ(verification.records, 256);
    EXPECT_EQ(verification.head_hash, last_entry(*ledger_.open())->hash);
    EXPECT_EQ(verification.entries_after_head, 0);
}

// Why: a new workspace is not a damaged one.
TEST(Verify, AnEmptyStoreHolds) {
    TestLedger ledger;
    (void)ledger.open();
    const auto verification = ledger.verify();
    EXPECT_TRUE(verification.problems.empty());
    EXPECT_EQ(verification.entries, 0);
    EXPECT_EQ(verification.head_hash, "");
}

// Why: each column of a record counts, the companion of missing values too.
TEST_F(VerifyTest, NamesARecordChangedInAnyColumn) {
    ledger_.store().keep();
    for (const auto* change :
         {"person__names = 'Eva Sol'", "person__birth = NULL", "accompanied = NOT accompanied",
          "visits = visits + 1", "amount = amount + 0.25", "share = 0.5", "note = ''",
          "missing = NULL", "missing = 'share=refused'", "missing = missing || ';x=banana'",
          "state = 'closed'", "flags = 'none'", "folio = folio || '9'", "record_id = 'x'",
          "recorded_at = recorded_at || ' '", "version = '2'", "row_hash = 'x'"}) {
        tamper(std::string("UPDATE r_visit SET ") + change + " WHERE folio = 'V-00120'");
        const auto lines = found({"register", "folio", "seq", "row"});
        const std::string folio = std::string(change).starts_with("folio") ? "V-001209" : "V-00120";
        EXPECT_EQ(lines, (Lines{"record_changed register=visit folio=" + folio + " seq=1 row=120"}))
            << change;
        ledger_.store().put_back();
    }
    EXPECT_EQ(found(), Lines{});
}

TEST_F(SqliteVerifyTest, NamesARecordWithAValueOfAnotherType) {
    ledger_.store().keep();
    for (const auto* change : {"visits = 'twelve'", "amount = x'00'", "person__names = 7"}) {
        tamper(std::string("UPDATE r_visit SET ") + change + " WHERE folio = 'V-00120'");
        EXPECT_EQ(found({"folio"}), (Lines{"record_changed folio=V-00120"})) << change;
        ledger_.store().put_back();
    }
    tamper("UPDATE r_visit SET ledger_seq = 'none' WHERE folio = 'V-00251'");
    EXPECT_EQ(found({"count"}), (Lines{"record_missing count=1", "records_without_entry count=1"}));
}

// Why: whoever changes a record can compute its hash too; the entry's digest still tells.
TEST_F(VerifyTest, PlacesARecordChangedWithItsHash) {
    tamper("UPDATE r_visit SET person__names = 'Eva Sol' WHERE folio = 'V-00120'");
    reseal("V-00120");
    EXPECT_EQ(found({"register", "seq", "first_folio", "last_folio"}),
              (Lines{"rows_changed register=visit seq=1 first_folio=V-00101 last_folio=V-00200"}));
}

TEST_F(VerifyTest, NamesTheOnlyRecordOfAnEntryChangedWithItsHash) {
    tamper("UPDATE r_visit SET person__names = 'Eva Sol' WHERE folio = 'V-00251'");
    reseal("V-00251");
    EXPECT_EQ(found({"folio", "seq"}), (Lines{"record_changed folio=V-00251 seq=3"}));
}

// Why: even if the blocks are forged as well, the signed entry holds the digest of them all.
TEST_F(VerifyTest, FindsRowsChangedWithHashesAndBlocks) {
    tamper("UPDATE r_visit SET person__names = 'Eva Sol' WHERE folio = 'V-00120'");
    reseal("V-00120");
    std::string hashes;
    store::SealedTable(*ledger_.open(), "r_visit").for_each_row(1, [&](const auto& row) {
        if (row.batch_row > 100 && row.batch_row <= 200) hashes += row.stated_hash + "\n";
        return true;
    });
    tamper("UPDATE ledger_blocks SET digest = '" + internal::digest_of_lines(hashes) +
           "' WHERE block = 2");
    EXPECT_EQ(found({"first_folio", "last_folio"}),
              (Lines{"blocks_damaged", "rows_changed first_folio=V-00001 last_folio=V-00250"}));
}

TEST_F(VerifyTest, FindsDamagedBlocks) {
    tamper("DELETE FROM ledger_blocks WHERE block = 2");
    EXPECT_EQ(found(), (Lines{"blocks_damaged seq=1"}));
}

// Why: what is gone is named by its place in its batch.
TEST_F(VerifyTest, NamesRecordsRemoved) {
    tamper("DELETE FROM r_visit WHERE folio IN ('V-00001', 'V-00120', 'V-00121', 'V-00250')");
    tamper("DELETE FROM r_rescue WHERE folio = 'R-00003'");
    EXPECT_EQ(found({"register", "seq", "first_row", "last_row"}),
              (Lines{"record_missing register=visit seq=1 first_row=1 last_row=1",
                     "record_missing register=visit seq=1 first_row=120 last_row=121",
                     "record_missing register=visit seq=1 first_row=250 last_row=250",
                     "record_missing register=rescue seq=2 first_row=3 last_row=3"}));
}

TEST_F(VerifyTest, NamesATableRemoved) {
    tamper("DROP TABLE r_rescue");
    EXPECT_EQ(found({"register", "count"}), (Lines{"record_missing register=rescue count=5"}));
}

// Why: quarantined rows leave gaps; a removal between them is still found, to within the block.
TEST(Verify, FindsARemovalAmongGaps) {
    TestLedger ledger;
    {
        const auto session = ledger.open();
        const auto unit = ledger.begin(*session);
        ASSERT_TRUE(unit->ensure_schema(ledger.pack()));
        for (int row = 1; row <= 250; ++row) {
            auto record = TestLedger::record(row);
            record.batch_row = row * 2;
            unit->add(ledger.register_of(0), record);
        }
        unit->commit({"test", "", "", "", ""});
    }
    EXPECT_TRUE(ledger.verify().problems.empty());
    ledger.store().tamper("DELETE FROM r_visit WHERE folio = 'V-00120'");
    const auto problems = ledger.verify().problems;
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].parameters.at("first_row"), "201");
    EXPECT_EQ(problems[0].parameters.at("last_row"), "400");
    EXPECT_EQ(problems[0].parameters.at("count"), "1");
}

// Why: a record that nobody entered: wherever it hides, with or without a hash that fits.
TEST_F(VerifyTest, NamesRecordsInserted) {
    const std::string columns = "state, flags, recorded_at, version, missing, revision, visits";
    const auto insert = [&](const std::string& folio, int seq, int row) {
        tamper("INSERT INTO r_visit (record_id, folio, ledger_seq, batch_row, row_hash, " +
               columns + ") SELECT 'x" + folio + "', '" + folio + "', " + std::to_string(seq) +
               ", " + std::to_string(row) + ", row_hash, " + columns +
               " FROM r_visit WHERE folio = 'V-00001'");
    };
    insert("X-1", 1, 999);  // after the rows of its batch
    insert("X-2", 1, -5);   // before them
    insert("X-3", 2, 1);    // under an entry that wrote to another register
    insert("X-4", 77, 1);   // under an entry that never was
    EXPECT_EQ(
        found({"folio", "seq", "row"}),
        (Lines{"record_inserted folio=X-2 seq=1 row=-5", "record_inserted folio=X-1 seq=1 row=999",
               "record_inserted folio=X-3 seq=2 row=1", "record_inserted folio=X-4 seq=77 row=1"}));
    reseal("X-2");
    const auto lines = found({"count", "first_folio"});
    EXPECT_EQ(lines[0], "rows_inserted count=1 first_folio=X-2");
}

// Why: each part of an entry counts.
TEST_F(VerifyTest, NamesAnEntryChangedInAnyColumn) {
    ledger_.store().keep();
    for (const auto* column :
         {"at", "user_name", "office", "purpose", "action", "register_name", "record_id",
          "before_json", "after_json", "previous_hash", "hash", "signature"}) {
        tamper(std::string("UPDATE ledger SET ") + column + " = 'x' WHERE seq = 2");
        EXPECT_EQ(found(), (Lines{"entry_changed seq=2"})) << column;
        ledger_.store().put_back();
    }
}

// Why: whoever changes an entry can compute its hash too, but cannot sign it.
TEST_F(VerifyTest, NamesAnEntryChangedWithItsHash) {
    tamper("UPDATE ledger SET user_name = 'x' WHERE seq = 2");
    rehash(2);
    EXPECT_EQ(found(), (Lines{"entry_changed seq=2"}));
}

TEST_F(VerifyTest, NamesAnEntryRemoved) {
    tamper("DELETE FROM ledger WHERE seq = 2");
    EXPECT_EQ(found({"seq", "register"}),
              (Lines{"entry_missing seq=2", "records_without_entry seq=2 register=rescue"}));
}

TEST_F(VerifyTest, NamesAnEntryRemovedAndTheRestRenumbered) {
    tamper("DELETE FROM ledger WHERE seq = 1; UPDATE ledger SET seq = seq - 1");
    const auto lines = found();
    EXPECT_NE(std::find(lines.begin(), lines.end(), "entry_missing seq=1"), lines.end());
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                            [](const auto& line) { return line.starts_with("entry_"); }),
              1);
}

// Why: an inserted entry shifts the others; those must not be taken for the forged ones.
TEST_F(VerifyTest, NamesAnEntryInserted) {
    tamper(
        "UPDATE ledger SET seq = 4 WHERE seq = 3; UPDATE ledger SET seq = 3 WHERE seq = 2;"
        "INSERT INTO ledger SELECT 2, at, 'x', office, purpose, action, register_name, "
        "record_id, before_json, '', previous_hash, hash, signature FROM ledger WHERE seq = 1");
    EXPECT_EQ(found(), (Lines{"entry_inserted seq=2"}));
    rehash(2);
    EXPECT_EQ(found(), (Lines{"entry_inserted seq=2"}));
}

// Why: a forged entry at the end must not pass as one whose head was not written yet.
TEST_F(VerifyTest, NamesAnEntryAppended) {
    tamper(
        "INSERT INTO ledger SELECT 4, at, 'x', office, purpose, action, register_name, "
        "record_id, before_json, '', hash, hash, signature FROM ledger WHERE seq = 3");
    rehash(4);
    EXPECT_EQ(found(), (Lines{"entry_inserted seq=4"}));
    EXPECT_THROW(ledger_.write(900, 1), IoFailure);
}

// Why: the end is where a chain by itself proves nothing.
TEST_F(VerifyTest, NamesATailCutOff) {
    tamper("DELETE FROM ledger WHERE seq = 3; DELETE FROM r_visit WHERE ledger_seq = 3");
    EXPECT_EQ(found({"seq", "head_seq", "last_seq"}),
              (Lines{"entry_missing seq=3", "head_differs head_seq=3 last_seq=2"}));
    tamper("DELETE FROM ledger; DELETE FROM r_visit; DELETE FROM r_rescue");
    EXPECT_EQ(found({"head_seq", "last_seq"}).back(), "head_differs head_seq=3 last_seq=0");
    tamper("DROP TABLE ledger");
    EXPECT_EQ(found({"head_seq", "last_seq"}).back(), "head_differs head_seq=3 last_seq=0");
}

TEST_F(VerifyTest, NamesATailReplaced) {
    tamper("UPDATE ledger SET user_name = 'x' WHERE seq = 3");
    EXPECT_EQ(found({"seq"}), (Lines{"entry_changed seq=3"}));
    rehash(3);
    EXPECT_EQ(found({"seq"}), (Lines{"entry_changed seq=3", "head_differs"}));
}

// Why: without head or key less can be proved, and that must be said, not passed over.
TEST_F(VerifyTest, SaysWhenHeadOrKeyAreMissingOrDamaged) {
    const auto head = store::read_small_file(ledger_.head());
    std::filesystem::remove(ledger_.head());
    EXPECT_EQ(found(), (Lines{"head_missing"}));
    for (const auto& bad : {std::string(), std::string("{}"), head.substr(0, head.size() / 2),
                            std::string(head).replace(head.find("\"seq\":3"), 7, "\"seq\":2")}) {
        store::write_durably(ledger_.head(), bad, store::FileRights::owner_only);
        EXPECT_EQ(found(), (Lines{"head_damaged"})) << bad;
    }
    store::write_durably(ledger_.head(), head, store::FileRights::owner_only);
    EXPECT_EQ(found(), Lines{});
    store::write_durably(ledger_.keys() / "ledger.pub", std::string(64, 'a'),
                         store::FileRights::owner_only);
    EXPECT_EQ(found().front(), "head_damaged");
    std::filesystem::remove(ledger_.keys() / "ledger.pub");
    EXPECT_EQ(found(), (Lines{"key_missing"}));
}

// Why: a list must end; the first faults are named, the rest counted.
TEST_F(VerifyTest, NamesAtMostFiftyOfAKind) {
    tamper("UPDATE r_visit SET state = 'x' WHERE ledger_seq = 1");
    const auto lines = found({"count"});
    ASSERT_EQ(lines.size(), 51U);
    EXPECT_EQ(lines.back(), "more_found count=200");
}

// Why: a pack changes; what was recorded under the old one still holds.
TEST_F(VerifyTest, DoesNotDependOnThePack) {
    ledger_.register_of(0).columns.resize(2);
    ledger_.register_of(0).columns[1].type = definitions::Type::integer;
    ledger_.pack().registers.pop_back();
    EXPECT_EQ(found(), Lines{});
}

int run_page_check(const TestLedger& ledger) {
    return internal::run_page_program("check.py", ledger.folder(), {ledger.folder().string()});
}

// Why: the page says that an outsider can check the store with fifty lines; so they are run.
TEST_F(SqliteVerifyTest, TheProgramOnTheFormatPageAgrees) {
    for (const auto* name : {"check.py", "check_proof.py"}) {
        const auto text = internal::page_program(name);
        std::int64_t lines = 0;  // blank ones make it readable and are not counted
        for (std::size_t i = 1; i < text.size(); ++i)
            lines += text[i] == '\n' && text[i - 1] != '\n';
        EXPECT_GT(lines, 10) << name;
        EXPECT_LE(lines, 50) << name;
    }
    EXPECT_EQ(run_page_check(ledger_), 0);
    ledger_.store().keep();
    for (const auto* sql :
         {"UPDATE r_visit SET amount = amount + 1 WHERE folio = 'V-00120'",
          "DELETE FROM r_rescue WHERE folio = 'R-00001'",
          "UPDATE ledger SET user_name = 'x' WHERE seq = 2", "DELETE FROM ledger WHERE seq = 3",
          "UPDATE ledger SET signature = (SELECT signature FROM ledger WHERE "
          "seq = 1) WHERE seq = 2"}) {
        tamper(sql);
        EXPECT_EQ(run_page_check(ledger_), 1) << sql;
        ledger_.store().put_back();
    }
}

}  // namespace
}  // namespace amate::ledger
