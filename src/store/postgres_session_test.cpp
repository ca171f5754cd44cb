// SPDX-License-Identifier: Apache-2.0
// What only a server can do to a session: go away, keep one waiting, speak of values.
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/session.hpp"
#include "store/test_store.hpp"

// A stand-in for the one class that can make a key, the same as in session_test.cpp.
namespace amate::ledger {
class UnitOfWork {
public:
    static store::WriteKey key() { return store::WriteKey(); }
};
}  // namespace amate::ledger

namespace amate::store {
namespace {

const WriteKey kKey = ledger::UnitOfWork::key();

class PostgresSessionTest : public testing::Test {
protected:
    PostgresSessionTest() : store_("unused"), session_(open(Session::Mode::read_write)) {
        session_->begin(kKey);
        session_->make_table(kKey,
                             {"things",
                              {{"id", SqlType::integer, true}, {"name", SqlType::text, false}},
                              {"id"},
                              {"name"}});
        session_->execute(kKey, "INSERT INTO things (id, name) VALUES (1, 'uno')");
        session_->commit(kKey);
    }

    [[nodiscard]] std::unique_ptr<Session> open(Session::Mode mode) const {
        return Session::open(store_.url(), mode);
    }
    // Ends the session's process on the server, as a restart would.
    void cut_off(Session& session) const {
        const auto process = integer_of(session.query_one("SELECT pg_backend_pid()")[0]);
        store_.tamper(fmt::format("SELECT pg_terminate_backend({}, 10000)", process));
    }
    [[nodiscard]] static std::int64_t count(Session& session) {
        return integer_of(session.query_one("SELECT COUNT(*) FROM things")[0]);
    }
    // The text of the failure that `action` must end in.
    template <class Action>
    static std::string failure_of(Action action) {
        try {
            action();
        } catch (const IoFailure& failure) {
            return failure.what();
        }
        ADD_FAILURE() << "it did not fail";
        return {};
    }

    TestStore store_;
    std::unique_ptr<Session> session_;
};

// Why: a program that serves for weeks must outlive a restart of the server.
TEST_F(PostgresSessionTest, AConnectionLostBetweenUnitsIsMadeAnew) {
    EXPECT_EQ(count(*session_), 1);
    cut_off(*session_);
    EXPECT_EQ(count(*session_), 1);
    cut_off(*session_);
    session_->begin(kKey);
    session_->execute(kKey, "INSERT INTO things (id) VALUES (?)", {std::int64_t{2}});
    session_->commit(kKey);
    cut_off(*session_);
    EXPECT_EQ(session_->tables(), (std::vector<std::string>{"things"}));
    cut_off(*session_);
    const auto view = session_->read_view();
    EXPECT_EQ(count(*session_), 2);
}

// Why: half a unit must never be taken for a whole one, and the next one must find its way.
TEST_F(PostgresSessionTest, AConnectionLostWithinAUnitTakesTheUnitWithIt) {
    session_->begin(kKey);
    const auto inserter = session_->inserter(kKey, "things", {"id", "name"});
    inserter->insert({std::int64_t{2}, std::string("dos")});
    inserter->flush();
    cut_off(*session_);
    const auto text = failure_of(
        [&] { session_->execute(kKey, "INSERT INTO things (id) VALUES (?)", {std::int64_t{3}}); });
    EXPECT_NE(text.find("connection to the database server was lost"), std::string::npos) << text;
    failure_of([&] { (void)count(*session_); });
    failure_of([&] { session_->commit(kKey); });
    session_->rollback(kKey);
    EXPECT_EQ(count(*session_), 1);
    session_->begin(kKey);
    session_->execute(kKey, "INSERT INTO things (id) VALUES (?)", {std::int64_t{3}});
    session_->commit(kKey);
    EXPECT_EQ(count(*session_), 2);
}

// Why: whether a unit was written is the one thing that must not be guessed at.
TEST_F(PostgresSessionTest, AConnectionLostWhileCommittingSaysThatNobodyKnows) {
    session_->begin(kKey);
    session_->execute(kKey, "INSERT INTO things (id) VALUES (?)", {std::int64_t{3}});
    cut_off(*session_);
    const auto text = failure_of([&] { session_->commit(kKey); });
    EXPECT_NE(text.find("it is not known whether"), std::string::npos) << text;
    EXPECT_EQ(count(*session_), 1);
}

// Why: PostgreSQL answers COMMIT after a fault with a rollback that looks like success.
TEST_F(PostgresSessionTest, AUnitThatFailedCannotBeCommitted) {
    session_->begin(kKey);
    session_->execute(kKey, "INSERT INTO things (id) VALUES (?)", {std::int64_t{2}});
    failure_of(
        [&] { session_->execute(kKey, "INSERT INTO things (id) VALUES (?)", {std::int64_t{2}}); });
    EXPECT_NE(failure_of([&] { session_->commit(kKey); }).find("nothing was written"),
              std::string::npos);
    EXPECT_EQ(count(*session_), 1);
}

// Why: rows on their way when something fails must go with their unit, not into the next.
TEST_F(PostgresSessionTest, RowsNotSentAreGoneWithTheirUnit) {
    session_->begin(kKey);
    session_->inserter(kKey, "things", {"id"})->insert({std::int64_t{2}});
    session_->rollback(kKey);
    session_->begin(kKey);
    session_->commit(kKey);
    EXPECT_EQ(count(*session_), 1);
    session_->begin(kKey);
    session_->inserter(kKey, "things", {"id"})->insert({std::int64_t{1}});  // is there already
    failure_of([&] { session_->commit(kKey); });
    session_->rollback(kKey);
    EXPECT_EQ(count(*session_), 1);
}

// Why: the server's messages quote what people stated; operators must not read it.
TEST_F(PostgresSessionTest, FailuresHoldNoValue) {
    const auto fails = [&](const std::string& sql, const std::vector<SqlValue>& parameters) {
        session_->begin(kKey);
        const auto text = failure_of([&] { session_->execute(kKey, sql, parameters); });
        session_->rollback(kKey);
        EXPECT_NE(text.find("PostgreSQL code"), std::string::npos) << text;
        EXPECT_EQ(text.find("Ana"), std::string::npos) << text;
        EXPECT_EQ(text.find("4711"), std::string::npos) << text;
        return text;
    };
    const std::string name = "Ana 4711";
    fails("INSERT INTO things (id) VALUES (CAST(CAST(? AS TEXT) AS BIGINT))", {name});
    fails("INSERT INTO things (id) VALUES (4711 * CAST(CAST(? AS TEXT) AS DATE))", {name});
    fails("INSERT INTO things (id) SELECT 1e300 * length(?)", {name});
    session_->begin(kKey);
    session_->execute(kKey, "INSERT INTO things (id, name) VALUES (4711, ?)", {name});
    session_->commit(kKey);
    EXPECT_NE(fails("INSERT INTO things (id, name) VALUES (5, ?)", {name}).find("things_name_key"),
              std::string::npos);
    EXPECT_NE(fails("UPDATE things SET id = NULL WHERE name = ?", {name}).find("things.id"),
              std::string::npos);
}

// Why: a writer that waits must not wait for ever, and must learn why it did.
TEST_F(PostgresSessionTest, WaitingEndsWithWhatSqliteSays) {
    const auto other = open(Session::Mode::read_only);
    const auto view = other->read_view();
    EXPECT_EQ(count(*other), 1);  // its view keeps the table's form
    session_->begin(kKey);
    session_->execute(kKey, "SET LOCAL lock_timeout = 20");  // milliseconds
    const auto text = failure_of([&] {
        session_->add_column(kKey, "things", {"added", SqlType::text, false});
    });
    EXPECT_NE(text.find("another program is writing to it"), std::string::npos) << text;
    session_->rollback(kKey);
    EXPECT_EQ(session_->columns_of("things").size(), 2U);
}

// Why: a SELECT can call a function that writes.
TEST_F(PostgresSessionTest, QueriesCannotWriteByAFunction) {
    store_.tamper("CREATE SEQUENCE numbers");
    EXPECT_NE(failure_of([&] {
                  (void)session_->query_one("SELECT nextval('numbers')");
              }).find("may only be read"),
              std::string::npos);
    const auto reader = open(Session::Mode::read_only);
    failure_of([&] { (void)reader->query_one("SELECT nextval('numbers')"); });
    const auto view = reader->read_view();
    failure_of([&] {
        reader->query("SELECT nextval('numbers')", {}, [](const SqlRow&) { return true; });
    });
    EXPECT_THROW((void)session_->query_one("SELECT * INTO copies FROM things"), Bug);
    EXPECT_THROW((void)session_->query_one(
                     "WITH gone AS (DELETE FROM things RETURNING id) SELECT id FROM gone"),
                 Bug);
    EXPECT_EQ(count(*session_), 1);
}

// Why: a table made for other uses beside the store must not be taken for one of its own.
TEST_F(PostgresSessionTest, SeesItsOwnSchemaAlone) {
    const TestStore neighbour("unused");
    const auto there = Session::open(neighbour.url(), Session::Mode::read_write);
    EXPECT_TRUE(there->tables().empty());
    EXPECT_FALSE(there->has_table("things"));
    session_->begin(kKey);
    there->begin(kKey);  // another store's writer is not waited for
    there->make_table(kKey, {"things", {{"id", SqlType::integer, true}}, {"id"}, {}});
    there->commit(kKey);
    session_->rollback(kKey);
    EXPECT_EQ(there->columns_of("things").size(), 1U);
    EXPECT_EQ(session_->columns_of("things").size(), 2U);
}

// Why: what cannot work is told when the store is opened, with what to do about it.
TEST_F(PostgresSessionTest, RefusesDatabasesThatWillNotDo) {
    const auto opening = [&](const std::string& address) {
        return failure_of([&] { (void)Session::open(address, Session::Mode::read_only); });
    };
    EXPECT_NE(opening(store_.with_options("search_path", "no_such_schema")).find("search path"),
              std::string::npos);
    const auto slash = store_.server().find('/', store_.server().find("//") + 2);
    const auto query = store_.server().find('?');
    const auto at = [&](const std::string& database) {
        return store_.server().substr(0, slash + 1) + database + store_.server().substr(query);
    };
    EXPECT_NE(opening(at("no_such_database")).find("no_such_database"), std::string::npos);
    const auto name = fmt::format("latin_{}", crypto::make_uuid_v7(0).substr(24));
    store_.run_alone(
        fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' "
                    "LOCALE 'C'",
                    name));
    EXPECT_NE(opening(at(name)).find("UTF8"), std::string::npos);
    store_.run_alone("DROP DATABASE " + name);
}

// Why: rows retyped by a migration elsewhere must not trip a program that runs on.
TEST_F(PostgresSessionTest, OutlivesATableWrittenAnew) {
    const std::string ask = "SELECT id FROM things";
    EXPECT_EQ(session_->query_one(ask), (SqlRow{std::int64_t{1}}));
    store_.tamper("ALTER TABLE things ALTER COLUMN id TYPE DOUBLE PRECISION");
    try {
        (void)session_->query_one(ask);
    } catch (const IoFailure&) {  // once
    }
    EXPECT_EQ(session_->query_one(ask), (SqlRow{1.0}));
}

}  // namespace
}  // namespace amate::store
