// SPDX-License-Identifier: Apache-2.0
// Secret cells: unreadable without the keys, immovable, and still readable after keys were changed.
#include "store/field_cipher.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "store/durable_file.hpp"
#include "store/internal/test_key.hpp"

namespace amate::store {
namespace {

namespace fs = std::filesystem;

class FieldCipherTest : public ::testing::Test {
protected:
    FieldCipherTest()
        : folder_(fs::temp_directory_path() / ("amate-cipher-" + crypto::make_uuid_v7(0))) {
        fs::create_directories(folder_);
        session_ = open();
        within([&] { EXPECT_TRUE(make_data_keys(*session_, key_, keys(), "then")); });
    }
    ~FieldCipherTest() override {
        session_.reset();
        fs::remove_all(folder_);
    }
    [[nodiscard]] fs::path keys() const { return folder_ / "keys"; }
    [[nodiscard]] std::unique_ptr<Session> open() const {
        auto session = Session::open("sqlite:" + (folder_ / "store.sqlite").string(),
                                     Session::Mode::read_write);
        session->unlock(keys());
        return session;
    }
    template <class Work>
    void within(const Work& work) {
        session_->begin(key_);
        work();
        session_->commit(key_);
    }
    SqlValue encrypted(SqlValue cell, const std::string& record = "id-1") {
        session_->cipher().encrypt({"r_visit", "note", record}, cell);
        return cell;
    }
    SqlValue decrypted(SqlValue cell, SqlType type = SqlType::text,
                       const std::string& record = "id-1") {
        session_->cipher().decrypt({"r_visit", "note", record}, type, cell);
        return cell;
    }

    const WriteKey& key_ = ledger::UnitOfWork::key();
    fs::path folder_;
    std::unique_ptr<Session> session_;
};

// Why: what comes out must be what went in, whatever its kind, and never look the same twice.
TEST_F(FieldCipherTest, GivesBackWhatWasPutIn) {
    const std::vector<std::pair<SqlValue, SqlType>> cells = {
        {std::string("Nara Oleaje"), SqlType::text}, {std::string(), SqlType::text},
        {std::string("e1.1.x"), SqlType::text},      {std::int64_t{-7}, SqlType::integer},
        {std::int64_t{1}, SqlType::boolean},         {0.1, SqlType::real}};
    for (const auto& [cell, type] : cells) {
        const auto secret = encrypted(cell);
        EXPECT_TRUE(FieldCipher::is_encrypted(secret));
        EXPECT_NE(secret, encrypted(cell)) << "equal contents must not show";
        EXPECT_EQ(text_of(secret).find("Oleaje"), std::string::npos);
        EXPECT_EQ(decrypted(secret, type), cell);
    }
    EXPECT_EQ(encrypted(std::monostate{}), SqlValue(std::monostate{}));
}

// Why: a pack may make secret what was in clear, or the other way; what is stored stays as it is.
TEST_F(FieldCipherTest, ReadsWhatWasWrittenUnderAnotherSecrecy) {
    const auto read = [&](SqlValue cell, SqlType type, const std::string& record = "id-1") {
        if (FieldCipher::is_encrypted(cell)) {
            session_->cipher().decrypt_if_sealed_here({"r_visit", "note", record}, type, cell);
        } else {
            FieldCipher::read_clear(type, cell);
        }
        return cell;
    };
    EXPECT_EQ(read(std::string("in clear"), SqlType::text), SqlValue(std::string("in clear")));
    EXPECT_EQ(read(std::string("-7"), SqlType::integer), SqlValue(std::int64_t{-7}));
    EXPECT_EQ(read(std::int64_t{-7}, SqlType::integer), SqlValue(std::int64_t{-7}));
    EXPECT_EQ(read(encrypted(std::string("Nara")), SqlType::text), SqlValue(std::string("Nara")));
    EXPECT_EQ(read(encrypted(std::int64_t{7}), SqlType::integer), SqlValue(std::int64_t{7}));
    // A text that somebody wrote to look so is a text.
    for (const std::string text : {"e1.1.x", "e1.99.eHh4", "e1.1.", "e1.1.eHh4"}) {
        EXPECT_EQ(read(text, SqlType::text), SqlValue(text));
    }
    const auto moved = encrypted(std::string("Nara"));
    EXPECT_EQ(read(moved, SqlType::text, "id-2"), moved);
}

// Why: whoever can write to the database must not be able to move or change what they cannot read.
TEST_F(FieldCipherTest, NoticesWhatWasMovedOrAltered) {
    const auto secret = encrypted(std::string("Nara Oleaje"));
    EXPECT_THROW((void)decrypted(secret, SqlType::text, "id-2"), IoFailure);
    auto text = text_of(secret);
    text[text.size() - 3] = text[text.size() - 3] == 'A' ? 'B' : 'A';
    try {
        (void)decrypted(text);
        FAIL() << "altered and not noticed";
    } catch (const IoFailure& failure) {
        EXPECT_EQ(std::string(failure.what()).find("Oleaje"), std::string::npos);
    }
    EXPECT_THROW((void)decrypted(std::string("e1.9.AAAA")), IoFailure) << "no such key";
}

// Why: keys are changed when somebody leaves: what is there must stay readable, what comes must be
// under the new key, and the old master key must open nothing any more.
TEST_F(FieldCipherTest, StaysReadableWhenKeysAreChanged) {
    const auto before = encrypted(std::string("before"));
    const auto old_master = read_small_file(keys() / "master.json");
    within([&] { rotate_data_keys(*session_, key_, keys(), "now"); });
    session_->reload_cipher();
    EXPECT_EQ(decrypted(before), SqlValue(std::string("before")));
    const auto after = encrypted(std::string("after"));
    EXPECT_EQ(text_of(after).substr(0, 5), "e1.2.");
    forget_old_master_keys(*session_, keys());
    session_->reload_cipher();
    EXPECT_EQ(decrypted(before), SqlValue(std::string("before")));
    EXPECT_EQ(data_keys(*session_).size(), 2U);
    EXPECT_EQ(data_keys(*session_)[0].master, data_keys(*session_)[1].master);

    write_durably(keys() / "master.json", old_master, FileRights::owner_only);
    session_->reload_cipher();
    EXPECT_THROW((void)session_->cipher(), IoFailure);
}

// Why: between the two halves of a change the power may go.
TEST_F(FieldCipherTest, LosesNothingWhenAChangeOfKeysIsCutShort) {
    const auto secret = encrypted(std::string("kept"));
    session_->begin(key_);
    rotate_data_keys(*session_, key_, keys(), "now");
    session_->rollback(key_);  // the file has the new master key, the database has not heard of it
    session_->reload_cipher();
    EXPECT_EQ(decrypted(secret), SqlValue(std::string("kept")));
    forget_old_master_keys(*session_, keys());
    session_->reload_cipher();
    EXPECT_EQ(decrypted(secret), SqlValue(std::string("kept")));
}

// Why: the database alone, or with other keys, must give nothing away, and say what is missing.
TEST_F(FieldCipherTest, IsNothingWithoutItsKeys) {
    const auto secret = encrypted(std::string("Nara Oleaje"));
    const auto bare =
        Session::open("sqlite:" + (folder_ / "store.sqlite").string(), Session::Mode::read_only);
    EXPECT_THROW((void)bare->cipher(), IoFailure);
    fs::remove(keys() / "master.json");
    const auto other = open();
    EXPECT_THROW((void)other->cipher(), IoFailure);
}

}  // namespace
}  // namespace amate::store
