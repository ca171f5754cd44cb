// SPDX-License-Identifier: Apache-2.0
// A witness believes nothing it has not computed, forgets nothing, and names where a ledger forks.
#include "ledger/witness.hpp"

#include <gtest/gtest.h>

#include "ledger/entries.hpp"
#include "ledger/internal/test_ledger.hpp"

namespace amate::ledger {
namespace {

using internal::TestLedger;

void seal_it(TestLedger& ledger) {
    const auto session = ledger.open();
    ASSERT_TRUE(seal(*session, ledger.keys(), ledger.clock()));
}

// A ledger sealed at 3, 5 and 8 entries, and a witness's.
class WitnessTest : public testing::Test {
protected:
    void SetUp() override {
        int row = 0;
        for (const int entries : {3, 2, 3}) {
            for (int i = 0; i < entries; ++i) ledger_.write(++row, 1);
            seal_it(ledger_);
        }
        witness_.write(1, 1);  // has a life of its own
    }

    std::filesystem::path export_it(TestLedger& ledger, std::int64_t from, std::int64_t to) {
        const auto file = witness_.folder() / ("range-" + std::to_string(++files_));
        const auto seal = export_range(*ledger.open(), ledger.keys(), from, to, file);
        EXPECT_TRUE(seal && seal->size == to);
        return file;
    }

    // "added N" or the code of the first problem with its number.
    std::string keep(const std::filesystem::path& file) {
        const auto session = witness_.open();
        const auto result = witness_range(*session, witness_.keys(), witness_.clock(),
                                          {"witness", "", "witness"}, file);
        if (result) return "added " + std::to_string(result->added);
        return words_of(result.error().front());
    }
    std::string against(TestLedger& ledger, const std::filesystem::path& file) {
        const auto result = check_against(*ledger.open(), ledger.keys(), file);
        return result ? "same " + std::to_string(result->size) : words_of(result.error().front());
    }
    static std::string words_of(const Problem& problem) {
        EXPECT_FALSE(text_of(problem, "es").empty());
        std::string words = problem.code.substr(problem.code.find('.') + 1);
        for (const auto* name : {"seq", "line", "held", "entries"}) {
            const auto found = problem.parameters.find(name);
            if (found != problem.parameters.end()) words += " " + found->second;
        }
        return words;
    }

    static void copy_ledger(TestLedger& from, TestLedger& to) {
        std::filesystem::copy(from.keys(), to.keys());
        to.store().copy_from(from.store());
    }

    TestLedger ledger_;
    TestLedger witness_;
    int files_ = 0;
};

// Why: ranges come one after the other, some twice, and overlap; all that follows is kept.
TEST_F(WitnessTest, KeepsWhatFollows) {
    EXPECT_EQ(keep(export_it(ledger_, 3, 5)), "range_gap 0");
    EXPECT_EQ(keep(export_it(ledger_, 0, 3)), "added 3");
    EXPECT_EQ(keep(export_it(ledger_, 5, 8)), "range_gap 3");
    EXPECT_EQ(keep(export_it(ledger_, 3, 5)), "added 2");
    EXPECT_EQ(keep(export_it(ledger_, 3, 5)), "added 0");
    EXPECT_EQ(keep(export_it(ledger_, 0, 5)), "added 0");
    EXPECT_EQ(keep(export_it(ledger_, 3, 8)), "added 3");
    const auto verification = witness_.verify();
    EXPECT_TRUE(verification.problems.empty());
    EXPECT_EQ(verification.entries, 4);  // its own, and three that took something in
    const auto last = last_entry(*witness_.open());
    EXPECT_EQ(last->event.action, "ledger.witness");
    EXPECT_NE(last->event.after.find(R"("size":8)"), std::string::npos);
}

// Why: the file travels; whatever happens to it on the way, nothing of it may be kept.
TEST_F(WitnessTest, KeepsNothingOfADamagedFile) {
    EXPECT_EQ(keep(export_it(ledger_, 0, 3)), "added 3");
    const auto file = export_it(ledger_, 3, 8);
    const auto whole = store::read_small_file(file);
    const auto line_end = [&](int lines) {
        std::size_t at = 0;
        for (int i = 0; i < lines; ++i) at = whole.find('\n', at) + 1;
        return at;
    };
    std::vector<std::string> damaged = {
        "",
        "{}\n",
        whole.substr(0, line_end(5)),                              // the last entry cut off
        whole.substr(0, line_end(2)) + whole.substr(line_end(3)),  // one taken out
        whole + whole.substr(line_end(5)),                         // one put in
        whole.substr(0, line_end(1)),
        whole.substr(0, whole.size() - 40)};
    for (std::size_t at = 3; at < whole.size() - 1; at += 97) {
        auto bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        damaged.push_back(bytes);
    }
    for (const auto& bytes : damaged) {
        store::write_durably(file, bytes, store::FileRights::everybody);
        EXPECT_TRUE(keep(file).starts_with("range_damaged")) << keep(file) << "\n" << bytes;
    }
    EXPECT_EQ(witness_.verify().entries, 2);
    store::write_durably(file, whole, store::FileRights::everybody);
    EXPECT_EQ(keep(file), "added 5");
}

// Why: two histories under one key is what a witness is for; neither its maker nor its signature
// can be trusted then, only what was kept.
TEST_F(WitnessTest, NamesWhereALedgerForks) {
    TestLedger fork;
    {
        TestLedger young;  // the ledger as it was at entry 5
        int row = 0;
        for (int i = 0; i < 5; ++i) young.write(++row, 1);
        seal_it(young);
        copy_ledger(young, fork);
        EXPECT_EQ(keep(export_it(young, 0, 5)), "added 5");
        young.write(6, 1);
        seal_it(young);
        EXPECT_EQ(keep(export_it(young, 5, 6)), "added 1");
    }
    fork.write(7, 1);
    fork.write(8, 1);
    seal_it(fork);
    EXPECT_TRUE(fork.verify().problems.empty());  // by itself it holds
    EXPECT_EQ(keep(export_it(fork, 5, 7)), "fork 6");
    EXPECT_EQ(keep(export_it(fork, 0, 7)), "fork 6");
    fork.write(9, 1);
    seal_it(fork);
    EXPECT_EQ(keep(export_it(fork, 7, 8)), "range_gap 6");
    EXPECT_EQ(witness_.verify().entries, 3);
    EXPECT_TRUE(witness_.verify().problems.empty());
}

// Why: the check that stands against whoever has the key.
TEST_F(WitnessTest, TheLedgerIsHeldAgainstWhatWasKept) {
    const auto range = export_it(ledger_, 3, 8);
    const auto seal_file = witness_.folder() / "seal.json";
    std::filesystem::copy_file(ledger_.keys() / "ledger.seal.json", seal_file);
    ledger_.write(100, 1);
    seal_it(ledger_);
    EXPECT_EQ(against(ledger_, range), "same 8");
    EXPECT_EQ(against(ledger_, seal_file), "same 8");
    EXPECT_EQ(against(witness_, range), "other_ledger");
    EXPECT_EQ(against(witness_, seal_file), "other_ledger");

    TestLedger fork;  // what whoever has the key can make of an older copy
    TestLedger young;
    young.write(1, 1);
    seal_it(young);
    copy_ledger(young, fork);
    young.write(2, 1);
    young.write(3, 1);
    seal_it(young);
    const auto kept = export_it(young, 1, 3);
    const auto kept_seal = young.keys() / "ledger.seal.json";
    EXPECT_EQ(against(fork, kept), "shorter_than_witnessed 1");
    EXPECT_EQ(against(fork, kept_seal), "shorter_than_witnessed 1");
    fork.write(2, 2);
    fork.write(4, 1);
    seal_it(fork);
    EXPECT_TRUE(fork.verify().problems.empty());
    EXPECT_EQ(against(fork, kept), "fork 2");
    EXPECT_EQ(against(fork, kept_seal), "seal_differs");
}

// Why: what a witness keeps is evidence; it must show when somebody alters it.
TEST_F(WitnessTest, WhatIsKeptIsVerified) {
    EXPECT_EQ(keep(export_it(ledger_, 0, 5)), "added 5");
    EXPECT_EQ(keep(export_it(ledger_, 5, 8)), "added 3");
    witness_.store().keep();
    const std::pair<const char*, const char*> changes[] = {
        {"UPDATE witness_entries SET office = 'x' WHERE seq = 4", "4"},
        {"UPDATE witness_entries SET signature = 'x' WHERE seq = 4", "4"},
        {"DELETE FROM witness_entries WHERE seq = 4", "4"},
        {"DELETE FROM witness_entries WHERE seq = 8", "7"},
        {"DELETE FROM witness_entries", "0"},
        {"DELETE FROM witness_seals WHERE size = 8", "8"},
        {"UPDATE witness_seals SET at = 'x' WHERE size = 5", "6"},
        {"UPDATE witness_seals SET root = 'x' WHERE size = 8", "8"},
        {"DROP TABLE witness_entries", "0"}};
    for (const auto& [sql, seq] : changes) {
        witness_.store().tamper(sql);
        const auto problems = witness_.verify().problems;
        EXPECT_EQ(problems.size(), 1U) << sql;
        if (!problems.empty()) {
            EXPECT_EQ(problems[0].code, "ledger.witness_changed") << sql;
            EXPECT_EQ(problems[0].parameters.at("seq"), seq) << sql;
        }
        witness_.store().put_back();
    }
}

}  // namespace
}  // namespace amate::ledger
