// SPDX-License-Identifier: Apache-2.0
// Files of records: kept with their entry, given back whole, and whatever is done to them is found.
#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "ledger/internal/test_ledger.hpp"
#include "store/field_cipher.hpp"

namespace amate::ledger {
namespace {

using internal::TestLedger;

class AttachmentsTest : public ::testing::Test {
protected:
    AttachmentsTest() { ledger_.write(1, 3); }

    [[nodiscard]] std::vector<std::string> found() {
        std::vector<std::string> codes;
        for (const auto& problem : ledger_.verify().problems) {
            codes.push_back(problem.code + " " + problem.parameters.at("seq"));
        }
        return codes;
    }
    // What is found after `sql`; all is put back.
    [[nodiscard]] std::vector<std::string> found_after(const std::string& sql) {
        ledger_.store().keep();
        ledger_.store().tamper(sql);
        auto codes = found();
        ledger_.store().put_back();
        return codes;
    }
    [[nodiscard]] std::string read(int row, const std::string& bytes) {
        const auto session = ledger_.open(store::Session::Mode::read_only);
        const auto place = ledger_.place_of(row);
        const auto attachment =
            store::find_attachment(*session, place, crypto::to_hex(crypto::digest(bytes)));
        if (!attachment) return "none";
        EXPECT_EQ(attachment->facts.name, "carta de Nara.pdf");
        return store::read_attachment(*session, place, *attachment);
    }

    TestLedger ledger_;
};

std::string bytes_of(std::size_t size, char first) {
    std::string bytes(size, first);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(first + i * 7 + i / 251);
    return bytes;
}

using Found = std::vector<std::string>;

// Why: parts are cut and put together; at their edges mistakes are made.
TEST_F(AttachmentsTest, GivesBackWhatCame) {
    const auto part = store::kAttachmentPartBytes;
    for (const auto size : {std::size_t{1}, part - 1, part, part + 1, 3 * part}) {
        const auto bytes = bytes_of(size, 'a');
        ledger_.attach(1, bytes);
        EXPECT_EQ(read(1, bytes), bytes) << size;
        EXPECT_EQ(read(2, bytes), "none");  // another record's
    }
    const auto proved = ledger_.verify();
    EXPECT_TRUE(proved.problems.empty());
    EXPECT_EQ(proved.attachments, 5);
}

// Why: who has the database alone must learn neither what a file says nor what it is called.
TEST_F(AttachmentsTest, LieEncrypted) {
    const std::string bytes = "%PDF-1.7 Nara was here";
    ledger_.attach(1, bytes);
    const auto session = ledger_.open(store::Session::Mode::read_only);
    std::int64_t parts = 0;
    session->query("SELECT content FROM attachments", {}, [&](const store::SqlRow& row) {
        ++parts;
        const auto& text = store::text_of(row[0]);
        EXPECT_TRUE(store::FieldCipher::is_encrypted(row[0]));
        for (const auto* told : {"Nara", "PDF", "carta"}) EXPECT_EQ(text.find(told), text.npos);
        return true;
    });
    EXPECT_EQ(parts, 2);
    session->query("SELECT after_json FROM ledger", {}, [&](const store::SqlRow& row) {
        const auto& text = store::text_of(row[0]);
        EXPECT_EQ(text.find(crypto::to_hex(crypto::digest(bytes))), text.npos);
        EXPECT_EQ(text.find("carta"), text.npos);
        return true;
    });
}

// Why: a letter exchanged, cut or taken away is what an archive exists to prevent.
TEST_F(AttachmentsTest, WhateverIsDoneToThemIsFoundAndNamed) {
    const auto one = bytes_of(store::kAttachmentPartBytes + 5, 'a');
    const auto two = bytes_of(store::kAttachmentPartBytes + 5, 'b');
    const auto a = std::to_string(ledger_.attach(1, one).seq);
    const auto b = std::to_string(ledger_.attach(2, two).seq);
    ASSERT_EQ(found(), Found{});
    const auto changed = [](const std::string& seq) { return "ledger.attachment_changed " + seq; };
    const auto missing = [](const std::string& seq) { return "ledger.attachment_missing " + seq; };
    EXPECT_EQ(found_after("UPDATE attachments SET content = substr(content, 1, 999) || CASE "
                          "substr(content, 1000, 1) WHEN 'A' THEN 'B' ELSE 'A' END || "
                          "substr(content, 1001) WHERE part = 1 AND ledger_seq = " +
                          a),
              Found{changed(a)});
    EXPECT_EQ(found_after("DELETE FROM attachments WHERE ledger_seq = " + a), Found{missing(a)});
    EXPECT_EQ(found_after("DELETE FROM attachments WHERE part = 2 AND ledger_seq = " + b),
              Found{changed(b)});
    EXPECT_EQ(found_after("DELETE FROM attachments WHERE part = 0 AND ledger_seq = " + b),
              Found{changed(b)});
    EXPECT_EQ(
        found_after("UPDATE attachments SET ledger_seq = ledger_seq + 100; UPDATE attachments "
                    "SET ledger_seq = CASE ledger_seq WHEN 100 + " +
                    a + " THEN " + b + " ELSE " + a + " END"),
        (Found{changed(a), changed(b)}));
    EXPECT_EQ(
        found_after("UPDATE attachments SET record_id = 'x' WHERE part = 1 AND ledger_seq = " + a),
        Found{changed(a)});
    EXPECT_EQ(
        found_after("UPDATE attachments SET field = 'x' WHERE part = 0 AND ledger_seq = " + a),
        Found{changed(a)});
    EXPECT_EQ(found_after("INSERT INTO attachments SELECT 1, part, record_id, field, content FROM "
                          "attachments WHERE ledger_seq = " +
                          a),
              Found{"ledger.attachment_inserted 1"});
    EXPECT_EQ(found_after("DROP TABLE attachments"), (Found{missing(a), missing(b)}));
    EXPECT_EQ(found(), Found{});
}

// Why: whoever reads is not to be given what verification would refuse.
TEST_F(AttachmentsTest, WhatWasAlteredIsNotGivenOut) {
    const auto one = bytes_of(store::kAttachmentPartBytes + 5, 'a');
    const auto a = std::to_string(ledger_.attach(1, one).seq);
    const auto spoilt = [&](const std::string& sql) {
        ledger_.store().keep();
        ledger_.store().tamper(sql);
        EXPECT_THROW(static_cast<void>(read(1, one)), IoFailure) << sql;
        ledger_.store().put_back();
    };
    spoilt("DELETE FROM attachments WHERE part = 2");
    spoilt("UPDATE attachments SET part = 3 WHERE part = 2");
    spoilt("UPDATE attachments SET content = 'plain' WHERE part = 1");
    spoilt(
        "UPDATE attachments SET content = (SELECT b.content FROM attachments b WHERE b.part = 2) "
        "WHERE part = 1");
    spoilt("UPDATE attachments SET content = 'e1.1.AAAA' WHERE part = 0");
    EXPECT_EQ(read(1, one), one);
}

// Why: after a rotation the old files must open, under new master keys alone, and new ones too.
TEST_F(AttachmentsTest, OutliveARotationOfKeys) {
    const auto old = bytes_of(1'000, 'a');
    const auto fresh = bytes_of(1'000, 'c');
    ledger_.attach(1, old);
    {
        const auto session = ledger_.open();
        const auto unit = ledger_.begin(*session);
        unit->rotate_keys();
        unit->commit({"keys.rotate", "", "", "", ""});
        store::forget_old_master_keys(*session, ledger_.keys());
    }
    ledger_.attach(1, fresh);
    EXPECT_EQ(read(1, old), old);
    EXPECT_EQ(read(1, fresh), fresh);
    EXPECT_EQ(found(), Found{});
    const auto session = ledger_.open(store::Session::Mode::read_only);
    EXPECT_EQ(store::integer_of(session->query_one(
                  "SELECT COUNT(*) FROM attachments WHERE substr(content, 1, 5) = 'e1.2.'")[0]),
              2);
}

// Why: a unit that ends without its entry leaves nothing, of files too.
TEST_F(AttachmentsTest, AreGoneWithTheirUnit) {
    ledger_.attach(1, "one");
    {
        const auto session = ledger_.open();
        const auto unit = ledger_.begin(*session);
        ledger_.attach_to(*unit, 1, "two");
    }
    EXPECT_EQ(read(1, "two"), "none");
    EXPECT_EQ(found(), Found{});
}

}  // namespace
}  // namespace amate::ledger
