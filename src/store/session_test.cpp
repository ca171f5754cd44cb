// SPDX-License-Identifier: Apache-2.0
// The session: types survive, readers cannot write, writers wait, nothing of a person leaks.
#include "store/session.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "store/internal/test_key.hpp"

#include "core/crypto.hpp"

// A stand-in for the one class that can make a key: store's tests do not link the ledger.
namespace amate::store {
namespace {

namespace fs = std::filesystem;
const WriteKey kKey = ledger::UnitOfWork::key();

class SessionTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("amate store " + crypto::make_uuid_v7(0));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string url() const {
        return "sqlite:" + (folder_ / "a store.sqlite").string();
    }
    [[nodiscard]] std::unique_ptr<Session> writer() const {
        return Session::open(url(), Session::Mode::read_write);
    }
    [[nodiscard]] std::unique_ptr<Session> reader() const {
        return Session::open(url(), Session::Mode::read_only);
    }
    // A table with a row of each kind.
    void fill() const {
        const auto session = writer();
        session->begin(kKey);
        session->make_table(kKey, {"things",
                                   {{"id", SqlType::integer, true},
                                    {"name", SqlType::text, false},
                                    {"size", SqlType::real, false}},
                                   {"id"},
                                   {{"things_name", {"name"}, true, ""}}});
        const auto inserter = session->inserter(kKey, "things", {"id", "name", "size"});
        inserter->insert({std::int64_t{1}, std::string("uno"), 0.1});
        inserter->insert({std::int64_t{2}, std::monostate{}, std::monostate{}});
        inserter->insert({std::int64_t{9'007'199'254'740'993}, std::string("ñ'\";--"), 1e300});
        inserter->flush();
        session->commit(kKey);
    }

    fs::path folder_;
};

// Why: what is put in must come out, to the last bit; a path with spaces is a path.
TEST_F(SessionTest, GivesBackWhatWasPutIn) {
    fill();
    std::vector<SqlRow> rows;
    reader()->query("SELECT id, name, size FROM things ORDER BY id", {}, [&](const SqlRow& row) {
        rows.push_back(row);
        return true;
    });
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0], (SqlRow{std::int64_t{1}, std::string("uno"), 0.1}));
    EXPECT_EQ(rows[1], (SqlRow{std::int64_t{2}, std::monostate{}, std::monostate{}}));
    EXPECT_EQ(rows[2],
              (SqlRow{std::int64_t{9'007'199'254'740'993}, std::string("ñ'\";--"), 1e300}));
}

// Why: parameters are data; and a query ends when its reader has enough.
TEST_F(SessionTest, BindsParametersAndStopsWhenTold) {
    fill();
    const auto session = reader();
    EXPECT_EQ(session->query_one("SELECT id FROM things WHERE name = ?", {std::string("ñ'\";--")}),
              (SqlRow{std::int64_t{9'007'199'254'740'993}}));
    EXPECT_TRUE(session->query_one("SELECT id FROM things WHERE id = 77").empty());
    int calls = 0;
    session->query("SELECT id FROM things", {}, [&](const SqlRow&) { return ++calls < 2; });
    EXPECT_EQ(calls, 2);
    EXPECT_THROW((void)session->query_one("SELECT ?", {}), Bug);
}

// Why: verification reads rows while it reads entries; both statements may even be the same.
TEST_F(SessionTest, QueriesNest) {
    fill();
    const auto session = reader();
    int pairs = 0;
    session->query("SELECT id FROM things", {}, [&](const SqlRow&) {
        session->query("SELECT id FROM things", {}, [&](const SqlRow&) { return ++pairs > 0; });
        return true;
    });
    EXPECT_EQ(pairs, 9);
}

// Why: without the ledger nothing can be written, whatever SQL reaches query().
TEST_F(SessionTest, QueryRefusesStatementsThatWrite) {
    fill();
    const auto session = writer();
    for (const auto* sql : {"DELETE FROM things", "INSERT INTO things (id) VALUES (5)",
                            "DELETE FROM things RETURNING id", "DROP TABLE things",
                            "SELECT 1; DELETE FROM things", "ATTACH 'x' AS y", "BEGIN", ""}) {
        EXPECT_THROW((void)session->query_one(sql), Bug) << sql;
    }
    EXPECT_EQ(session->query_one("SELECT COUNT(*) FROM things"), (SqlRow{std::int64_t{3}}));
}

// Why: read-only must hold against the program's own bugs too.
TEST_F(SessionTest, ReadOnlySessionCannotWrite) {
    fill();
    const auto session = reader();
    EXPECT_THROW(session->begin(kKey), IoFailure);
    EXPECT_THROW(session->execute(kKey, "DELETE FROM things"), Bug);  // outside a transaction
    EXPECT_EQ(session->query_one("SELECT COUNT(*) FROM things"), (SqlRow{std::int64_t{3}}));
}

// Why: an auditor gets a copy on a medium that cannot be written.
TEST_F(SessionTest, ReadsFromAFolderThatCannotBeWritten) {
    fill();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {  // as nobody: the superuser may write anywhere
        ::chmod((folder_ / "a store.sqlite").c_str(), 0444);
        ::chmod(folder_.c_str(), 0555);
        if (::geteuid() == 0 && ::setuid(65534) != 0) _exit(3);
        try {
            const auto rows = reader()->query_one("SELECT COUNT(*) FROM things");
            bool refused = false;
            try {
                (void)writer();
            } catch (const IoFailure&) {
                refused = true;
            }
            _exit(rows == SqlRow{std::int64_t{3}} && refused ? 0 : 1);
        } catch (const std::exception&) {
            _exit(2);
        }
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ::chmod(folder_.c_str(), 0755);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

// Why: an operator must learn what is wrong, and no value of a record may be in what they read.
TEST_F(SessionTest, FailuresNameTheColumnAndNoValue) {
    fill();
    const auto session = writer();
    session->begin(kKey);
    try {
        session->execute(kKey, "INSERT INTO things (id, name) VALUES (?, ?)",
                         {std::int64_t{4}, std::string("uno")});
        FAIL();
    } catch (const IoFailure& failure) {
        EXPECT_NE(std::string(failure.what()).find("things.name"), std::string::npos);
        EXPECT_EQ(std::string(failure.what()).find("uno"), std::string::npos);
    }
    session->rollback(kKey);
    EXPECT_THROW((void)session->query_one("SELECT \"nam\" FROM things"), IoFailure);
}

// Why: bad addresses and bad files are told, not crashed on.
TEST_F(SessionTest, RefusesWhatIsNoStore) {
    EXPECT_THROW((void)Session::open("postgresql:x", Session::Mode::read_only), IoFailure);
    EXPECT_THROW((void)Session::open("sqlite:", Session::Mode::read_only), IoFailure);
    EXPECT_THROW((void)reader(), IoFailure);  // there is none yet
    EXPECT_FALSE(fs::exists(folder_ / "a store.sqlite"));
    std::ofstream(folder_ / "a store.sqlite") << std::string(5000, 'x');
    EXPECT_THROW((void)reader(), IoFailure);
    EXPECT_THROW((void)writer(), IoFailure);
    EXPECT_THROW((void)Session::open("sqlite:" + (folder_ / "no/such/x").string(),
                                     Session::Mode::read_write),
                 IoFailure);
}

// Why: the store holds personal data.
TEST_F(SessionTest, TheFileIsItsOwnersAlone) {
    fill();
    struct stat status {};
    ASSERT_EQ(::stat((folder_ / "a store.sqlite").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

// Why: two offices write at the same time; the second waits and loses nothing.
TEST_F(SessionTest, ASecondWriterWaits) {
    fill();
    const auto first = writer();
    first->begin(kKey);
    std::thread second([&] {
        const auto session = writer();
        session->begin(kKey);
        session->execute(kKey, "INSERT INTO things (id) VALUES (6)");
        session->commit(kKey);
    });
    first->execute(kKey, "INSERT INTO things (id) VALUES (5)");
    first->commit(kKey);
    second.join();
    EXPECT_EQ(reader()->query_one("SELECT COUNT(*) FROM things"), (SqlRow{std::int64_t{5}}));
}

// Why: a long reading must not see half of what is written meanwhile.
TEST_F(SessionTest, AReadViewSeesOneState) {
    fill();
    const auto reading = reader();
    const auto writing = writer();
    {
        const auto view = reading->read_view();
        writing->begin(kKey);
        writing->execute(kKey, "DELETE FROM things WHERE id = 1");
        writing->commit(kKey);
        EXPECT_EQ(reading->query_one("SELECT COUNT(*) FROM things"), (SqlRow{std::int64_t{3}}));
    }
    EXPECT_EQ(reading->query_one("SELECT COUNT(*) FROM things"), (SqlRow{std::int64_t{2}}));
}

// Why: shapes are read back to decide what to migrate.
TEST_F(SessionTest, TellsTheShapeOfItsTables) {
    fill();
    const auto session = writer();
    EXPECT_TRUE(session->has_table("things"));
    EXPECT_FALSE(session->has_table("thing"));
    session->begin(kKey);
    session->add_column(kKey, "things", {"sound", SqlType::boolean, false});
    session->commit(kKey);
    const auto columns = session->columns_of("things");
    ASSERT_EQ(columns.size(), 4U);
    EXPECT_EQ(columns[0].type, SqlType::integer);
    EXPECT_TRUE(columns[0].required);
    EXPECT_EQ(columns[1].type, SqlType::text);
    EXPECT_EQ(columns[2].type, SqlType::real);
    EXPECT_EQ(columns[3].name, "sound");
    EXPECT_EQ(columns[3].type, SqlType::boolean);
}

}  // namespace
}  // namespace amate::store
