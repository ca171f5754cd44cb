// SPDX-License-Identifier: Apache-2.0
// The session: types survive, readers cannot write, writers wait, nothing of a person leaks.
#include "store/session.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "store/internal/test_key.hpp"
#include "store/test_store.hpp"

namespace amate::store {
namespace {

namespace fs = std::filesystem;
const WriteKey kKey = ledger::UnitOfWork::key();

class SessionTest : public testing::Test {
protected:
    SessionTest()
        : folder_(fs::temp_directory_path() / ("amate store " + crypto::make_uuid_v7(0))),
          store_(folder_ / "a store.sqlite") {
        fs::create_directories(folder_);
    }
    ~SessionTest() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string url() const { return store_.url(); }
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
                                    {"size", SqlType::real, false},
                                    {"whole", SqlType::boolean, false}},
                                   {"id"},
                                   {{"things_name", {"name"}, true, ""}}});
        const auto inserter = session->inserter(kKey, "things", {"id", "name", "size", "whole"});
        inserter->insert({std::int64_t{1}, std::string("uno"), 0.1, std::int64_t{1}});
        inserter->insert({std::int64_t{2}, std::monostate{}, std::monostate{}, std::monostate{}});
        inserter->insert(
            {std::int64_t{9'007'199'254'740'993}, std::string("ñ'\";--"), 1e300, std::int64_t{0}});
        inserter->flush();
        session->commit(kKey);
    }

    // Ids of all things, in the order of their names.
    [[nodiscard]] static std::vector<std::int64_t> ids_by_name(Session& session) {
        std::vector<std::int64_t> ids;
        session.query("SELECT id FROM things ORDER BY name", {}, [&](const SqlRow& row) {
            ids.push_back(integer_of(row[0]));
            return true;
        });
        return ids;
    }

    fs::path folder_;
    TestStore store_;
};

class SqliteSessionTest : public SessionTest {};

// Why: what is put in must come out, to the last bit; a path with spaces is a path.
TEST_F(SessionTest, GivesBackWhatWasPutIn) {
    fill();
    std::vector<SqlRow> rows;
    reader()->query("SELECT id, name, size, whole FROM things ORDER BY id", {},
                    [&](const SqlRow& row) {
                        rows.push_back(row);
                        return true;
                    });
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0], (SqlRow{std::int64_t{1}, std::string("uno"), 0.1, std::int64_t{1}}));
    EXPECT_EQ(rows[1],
              (SqlRow{std::int64_t{2}, std::monostate{}, std::monostate{}, std::monostate{}}));
    EXPECT_EQ(rows[2], (SqlRow{std::int64_t{9'007'199'254'740'993}, std::string("ñ'\";--"), 1e300,
                               std::int64_t{0}}));
}

// Why: the least and the greatest there are, and a zero that has a sign, go in by either way.
TEST_F(SessionTest, KeepsNumbersAtTheirEnds) {
    fill();
    const std::vector<std::pair<std::int64_t, double>> ends = {
        {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<double>::lowest()},
        {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<double>::denorm_min()},
        {-1, -0.0},
        {0, 0.1 + 0.2}};
    const auto session = writer();
    session->begin(kKey);
    session->execute(kKey, "DELETE FROM things");
    const auto inserter = session->inserter(kKey, "things", {"size", "id"});
    for (const auto& [id, size] : ends) {
        if (id > 0) {
            session->execute(kKey, "INSERT INTO things (id, size) VALUES (?, ?)", {id, size});
        } else {
            inserter->insert({size, id});
        }
    }
    inserter->flush();
    session->commit(kKey);
    for (const auto& [id, size] : ends) {
        const auto row = session->query_one("SELECT size FROM things WHERE id = ?", {id});
        ASSERT_EQ(row, (SqlRow{size})) << id;
        EXPECT_EQ(std::signbit(std::get<double>(row[0])), size < 0) << id;
    }
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
    EXPECT_EQ(session->query_one("SELECT 'what?', name AS \"who?\" FROM things WHERE id = ?",
                                 {std::int64_t{1}}),
              (SqlRow{std::string("what?"), std::string("uno")}));
}

// Why: registers have millions of rows; what is read in pieces must come whole, each piece's end
// and a query within a query included.
TEST_F(SessionTest, ReadsManyRowsInOrder) {
    fill();
    const auto session = writer();
    session->begin(kKey);
    session->execute(kKey, "DELETE FROM things");
    const auto inserter = session->inserter(kKey, "things", {"id"});
    for (std::int64_t id = 1; id <= 1000; ++id) inserter->insert({id});
    inserter->flush();
    session->commit(kKey);
    for (const std::int64_t limit : {0, 1, 249, 250, 251, 500, 1000}) {
        std::int64_t last = 0;
        session->query(
            "SELECT id FROM things WHERE id <= ? ORDER BY id", {limit}, [&](const SqlRow& row) {
                EXPECT_EQ(integer_of(row[0]), ++last);
                EXPECT_EQ(session->query_one("SELECT MAX(id) FROM things WHERE id <= ?", {last}),
                          (SqlRow{last}));
                return true;
            });
        EXPECT_EQ(last, limit);
    }
}

// Why: a unit takes numbers and looks for repeated files between its rows.
TEST_F(SessionTest, AUnitSeesWhatItHasWritten) {
    fill();
    const auto session = writer();
    session->begin(kKey);
    {
        const auto inserter = session->inserter(kKey, "things", {"id", "name"});
        for (std::int64_t id = 10; id < 13; ++id) {
            inserter->insert({id, "n" + std::to_string(id)});
            EXPECT_EQ(session->query_one("SELECT COUNT(*) FROM things"), (SqlRow{id - 6}));
            session->execute(kKey, "UPDATE things SET size = ? WHERE id = ?", {1.5, id});
        }
        inserter->insert({std::int64_t{13}, std::monostate{}});
    }  // not flushed
    std::int64_t rows = 0;
    session->query("SELECT id FROM things WHERE size = 1.5", {}, [&](const SqlRow&) {
        session->execute(kKey, "INSERT INTO things (id) VALUES (?)", {100 + rows});
        return ++rows > 0;
    });
    EXPECT_EQ(rows, 3);
    session->commit(kKey);
    EXPECT_EQ(reader()->query_one("SELECT COUNT(*) FROM things"), (SqlRow{std::int64_t{10}}));
}

// Why: a migration reads one table while it writes others, more than is held back at once.
TEST_F(SessionTest, WritesTwoTablesWhileItReadsAThird) {
    fill();
    const auto session = writer();
    session->begin(kKey);
    for (const auto* name : {"odd", "even"}) {
        session->make_table(
            kKey,
            {name, {{"id", SqlType::integer, true}, {"text", SqlType::text, true}}, {"id"}, {}});
    }
    constexpr std::int64_t kRows = 600;
    {
        const auto inserter = session->inserter(kKey, "things", {"id"});
        for (std::int64_t id = 10; id < 10 + kRows - 3; ++id) inserter->insert({id});
    }
    const auto odd = session->inserter(kKey, "odd", {"id", "text"});
    const auto even = session->inserter(kKey, "even", {"text", "id"});
    const std::string text(1000, 'x');
    session->query("SELECT id FROM things ORDER BY id", {}, [&](const SqlRow& row) {
        if (integer_of(row[0]) % 2 == 1) {
            odd->insert({row[0], text});
        } else {
            even->insert({text, row[0]});
        }
        return true;
    });
    odd->flush();
    even->flush();
    session->execute(kKey, "DROP TABLE things");  // no query keeps it any longer
    session->commit(kKey);
    EXPECT_EQ(session->query_one("SELECT (SELECT COUNT(*) FROM odd WHERE length(text) = 1000) + "
                                 "(SELECT COUNT(*) FROM even WHERE length(text) = 1000)"),
              (SqlRow{kRows}));
}

// Why: a digest over rows in order must be the same on every store, whatever its language.
TEST_F(SessionTest, TextsAreOrderedByTheirBytes) {
    fill();
    const auto session = writer();
    const std::vector<std::string> names = {"", "A", "Z", "_", "a", "a b", "ab", "z", "Ñ", "á"};
    session->begin(kKey);
    session->execute(kKey, "DELETE FROM things");
    for (std::size_t i = names.size(); i > 0; --i) {
        session->execute(kKey, "INSERT INTO things (id, name) VALUES (?, ?)",
                         {static_cast<std::int64_t>(i), names[i - 1]});
    }
    session->commit(kKey);
    EXPECT_EQ(ids_by_name(*session), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
    EXPECT_EQ(session->query_one("SELECT COUNT(*) FROM things WHERE name < ?", {std::string("a")}),
              (SqlRow{std::int64_t{4}}));
}

// Why: a text cut at a NUL, or one that only some databases can read, is a record changed.
TEST_F(SessionTest, RefusesTextsThatNotEveryStoreKeeps) {
    fill();
    const auto session = writer();
    for (const auto& bad : {std::string("a\0b", 3), std::string("\xC3"), std::string("\xFF")}) {
        session->begin(kKey);
        EXPECT_THROW(session->execute(kKey, "UPDATE things SET name = ?", {bad}), IoFailure);
        const auto inserter = session->inserter(kKey, "things", {"id", "name"});
        EXPECT_THROW(inserter->insert({std::int64_t{50}, bad}), IoFailure);
        inserter->insert({std::int64_t{51}, std::monostate{}});  // the refused row left no half
        inserter->flush();
        session->rollback(kKey);
        EXPECT_THROW((void)session->query_one("SELECT id FROM things WHERE name = ?", {bad}),
                     IoFailure);
    }
    EXPECT_EQ(session->query_one("SELECT COUNT(*) FROM things"), (SqlRow{std::int64_t{3}}));
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
TEST_F(SqliteSessionTest, ReadsFromAFolderThatCannotBeWritten) {
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
        EXPECT_NE(std::string(failure.what()).find("things"), std::string::npos);
        EXPECT_NE(std::string(failure.what()).find("name"), std::string::npos);
        EXPECT_EQ(std::string(failure.what()).find("uno"), std::string::npos);
    }
    session->rollback(kKey);
    EXPECT_THROW((void)session->query_one("SELECT \"nam\" FROM things"), IoFailure);
}

// Why: bad addresses and bad files are told, not crashed on.
TEST_F(SqliteSessionTest, RefusesWhatIsNoStore) {
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
TEST_F(SqliteSessionTest, TheFileIsItsOwnersAlone) {
    fill();
    struct stat status {};
    ASSERT_EQ(::stat((folder_ / "a store.sqlite").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

// Why: POSIX drops all of a process's locks on a file with any of its descriptors; a program that
// then finds no lock removes the log under the first session, and what was acknowledged is gone.
TEST_F(SqliteSessionTest, ASecondSessionLeavesTheLocksOfTheFirst) {
    fill();
    const auto first = writer();
    EXPECT_EQ(ids_by_name(*first).size(), 3U);
    { EXPECT_EQ(ids_by_name(*writer()).size(), 3U); }
    const pid_t other = ::fork();
    if (other == 0) {
        struct flock wanted {};
        wanted.l_type = F_WRLCK;
        const int file = ::open(store_.file().c_str(), O_RDWR | O_CLOEXEC);
        const bool asked = file >= 0 && ::fcntl(file, F_GETLK, &wanted) == 0;
        ::_exit(asked && wanted.l_type != F_UNLCK ? 0 : 1);
    }
    int outcome = -1;
    ASSERT_EQ(::waitpid(other, &outcome, 0), other);
    EXPECT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) << "the first is without a lock";
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
    ASSERT_EQ(columns.size(), 5U);
    EXPECT_EQ(columns[0].type, SqlType::integer);
    EXPECT_TRUE(columns[0].required);
    EXPECT_EQ(columns[1].type, SqlType::text);
    EXPECT_EQ(columns[2].type, SqlType::real);
    EXPECT_EQ(columns[3].type, SqlType::boolean);
    EXPECT_EQ(columns[4].name, "sound");
    EXPECT_FALSE(columns[4].required);
    EXPECT_EQ(session->tables(), (std::vector<std::string>{"things"}));
    const auto longest = std::string(kNameBytesMax, 'x');
    session->begin(kKey);
    session->make_table(kKey, {longest, {{"id", SqlType::integer, true}}, {"id"}, {}});
    session->commit(kKey);
    EXPECT_TRUE(session->has_table(longest));
    EXPECT_FALSE(session->has_table(longest + "x"));  // not cut to the one there is
}

}  // namespace
}  // namespace amate::store
