// SPDX-License-Identifier: Apache-2.0
// Proofs hold for an outsider with the program on the format page; forged ones fail.
#include "ledger/proofs.hpp"

#include <functional>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/internal/page_program.hpp"
#include "ledger/internal/test_ledger.hpp"

namespace amate::ledger {
namespace {

namespace json = boost::json;
using internal::TestLedger;

// Entries 1 to 4 under a seal, 5 to 7 under a second one, 8 under none. Entry 1 has three blocks.
class ProofsTest : public testing::Test {
protected:
    void SetUp() override {
        ledger_.write(1, 250);
        for (int i = 0; i < 3; ++i) ledger_.write(300 + i, 1);
        seal_it();
        ledger_.write(400, 2);
        ledger_.write(1, 5, 1);
        ledger_.write(402, 1);
        seal_it();
        ledger_.write(500, 1);
    }

    void seal_it() {
        const auto session = ledger_.open();
        ASSERT_TRUE(seal(*session, ledger_.keys(), ledger_.clock()));
    }

    // Exit code of the page's program.
    int check(const json::value& proof) {
        const auto file = ledger_.folder() / "proof.json";
        store::write_durably(file, json::serialize(proof), store::FileRights::everybody);
        const auto key = store::read_small_file(ledger_.keys() / "ledger.pub").substr(0, 64);
        return internal::run_page_program("check_proof.py", ledger_.folder(), {file.string(), key});
    }

    json::value proof_of(const Result<std::string>& text) {
        EXPECT_TRUE(text.has_value()) << to_line(text.error().front());
        return json::parse(*text);
    }
    json::value entry(std::int64_t seq, std::optional<std::int64_t> size = std::nullopt) {
        return proof_of(prove_entry(*ledger_.open(), ledger_.keys(), seq, size));
    }
    json::value record(const std::string& folio) {
        return proof_of(prove_record(*ledger_.open(), ledger_.keys(), "visit", folio));
    }
    json::value growth(std::int64_t from, std::int64_t to) {
        return proof_of(prove_growth(*ledger_.open(), ledger_.keys(), from, to));
    }

    static std::string code_of(const Result<std::string>& result) {
        return result ? "" : result.error().front().code;
    }

    TestLedger ledger_;
};

// Why: a proof that only its maker can check is none.
TEST_F(ProofsTest, HoldForAnOutsider) {
    for (std::int64_t seq = 1; seq <= 7; ++seq) EXPECT_EQ(check(entry(seq)), 0) << seq;
    for (std::int64_t seq = 1; seq <= 4; ++seq) EXPECT_EQ(check(entry(seq, 4)), 0) << seq;
    EXPECT_EQ(check(growth(4, 7)), 0);
    EXPECT_EQ(check(growth(4, 4)), 0);
    for (const auto* folio : {"V-00001", "V-00120", "V-00250", "V-00301", "V-00401"}) {
        EXPECT_EQ(check(record(folio)), 0) << folio;
    }
}

// Why: and one that cannot fail is none either: each part of each proof counts.
TEST_F(ProofsTest, ForgedOnesFail) {
    const auto forged = [&](json::value proof, const std::function<void(json::value&)>& forge) {
        forge(proof);
        return check(proof);
    };
    const auto one = entry(6);
    const auto two = growth(4, 7);
    const auto three = record("V-00120");
    const auto other = json::value(std::string(64, 'a'));
    EXPECT_EQ(forged(one, [](auto& p) { p.at("entry").at("user_name") = "x"; }), 1);
    EXPECT_EQ(forged(one, [](auto& p) { p.at("entry").at("seq") = 5; }), 1);
    EXPECT_EQ(forged(one, [&](auto& p) { p.at("path").at(0) = other; }), 1);
    EXPECT_EQ(forged(one, [](auto& p) { p.at("path").as_array().pop_back(); }), 1);
    EXPECT_EQ(forged(one, [](auto& p) { p.at("seal").at("size") = 6; }), 1);
    EXPECT_EQ(forged(one, [&](auto& p) { p.at("seal").at("root") = other; }), 1);
    EXPECT_EQ(forged(one, [](auto& p) { p.at("seal").at("at") = "x"; }), 1);
    EXPECT_EQ(forged(two, [](auto& p) { p.at("from") = p.at("to"); }), 1);
    EXPECT_EQ(forged(two, [&](auto& p) { p.at("path").at(0) = other; }), 1);
    EXPECT_EQ(forged(two, [](auto& p) { p.at("path").as_array().clear(); }), 1);
    const auto row = [&](const std::function<void(json::value&)>& forge) {
        return forged(three, [&](auto& p) { forge(p.at("rows").at(0)); });
    };
    EXPECT_EQ(row([](auto& p) { p.at("row").at("person__names") = "Eva Sol"; }), 1);
    EXPECT_EQ(row([](auto& p) { p.at("row").at("amount") = 7.5; }), 1);
    EXPECT_EQ(row([](auto& p) { p.at("row").at("missing") = nullptr; }), 1);
    EXPECT_EQ(row([&](auto& p) { p.at("block").at(3) = other; }), 1);
    EXPECT_EQ(row([&](auto& p) { p.at("blocks").at(2) = other; }), 1);
    EXPECT_EQ(row([](auto& p) { p.at("entry").at("action") = "x"; }), 1);
    EXPECT_EQ(forged(three, [](auto& p) { p.at("folio") = "V-00121"; }), 1);
}

// Why: what cannot be proved is said, and why.
TEST_F(ProofsTest, WhatCannotBeProvedIsSaid) {
    const auto session = ledger_.open();
    const auto keys = ledger_.keys();
    EXPECT_EQ(code_of(prove_entry(*session, keys, 8, {})), "ledger.not_sealed");
    EXPECT_EQ(code_of(prove_entry(*session, keys, 5, 4)), "ledger.not_sealed");
    EXPECT_EQ(code_of(prove_entry(*session, keys, 9, {})), "ledger.no_entry");
    EXPECT_EQ(code_of(prove_entry(*session, keys, 0, {})), "ledger.no_entry");
    EXPECT_EQ(code_of(prove_entry(*session, keys, 1, 5)), "ledger.no_seal_of_size");
    EXPECT_EQ(code_of(prove_growth(*session, keys, 3, 7)), "ledger.no_seal_of_size");
    EXPECT_EQ(code_of(prove_record(*session, keys, "visit", "V-1")), "ledger.no_record");
    EXPECT_EQ(code_of(prove_record(*session, keys, "none", "V-1")), "ledger.no_record");
    EXPECT_EQ(code_of(prove_record(*session, keys, "visit", "V-00500")), "ledger.not_sealed");
    TestLedger fresh;
    fresh.write(1, 1);
    EXPECT_EQ(code_of(prove_entry(*fresh.open(), fresh.keys(), 1, {})), "ledger.no_seal");
}

// Why: a proof of what was altered would be worth less than none.
TEST_F(ProofsTest, NothingAlteredIsProved) {
    ledger_.store().keep();
    const auto after = [&](const char* sql, const std::function<Result<std::string>()>& prove) {
        ledger_.store().tamper(sql);
        const auto result = prove();
        ledger_.store().put_back();
        return code_of(result);
    };
    const auto prove_v120 = [&] {
        return prove_record(*ledger_.open(), ledger_.keys(), "visit", "V-00120");
    };
    EXPECT_EQ(after("UPDATE r_visit SET state = 'x' WHERE folio = 'V-00120'", prove_v120),
              "ledger.record_changed");
    EXPECT_EQ(after("DELETE FROM r_visit WHERE folio = 'V-00121'", prove_v120),
              "ledger.record_changed");
    EXPECT_EQ(after("DELETE FROM ledger_blocks WHERE block = 3", prove_v120),
              "ledger.record_changed");
    const auto prove_2 = [&] { return prove_entry(*ledger_.open(), ledger_.keys(), 2, {}); };
    EXPECT_EQ(after("UPDATE ledger SET office = 'x' WHERE seq = 2", prove_2),
              "ledger.entry_changed");
    EXPECT_EQ(after("UPDATE ledger_seals SET at = 'x'", prove_2), "ledger.seal_changed");
    EXPECT_EQ(after("UPDATE ledger_nodes SET hash = (SELECT hash FROM ledger WHERE seq = 1) WHERE "
                    "last_seq = 4 AND level = 1",
                    prove_2),
              "ledger.seal_differs");
}

}  // namespace
}  // namespace amate::ledger
