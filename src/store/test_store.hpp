// SPDX-License-Identifier: Apache-2.0
// For tests only: a store to throw away, in a file or on the server AMATE_TEST_STORE names, and a
// hand that tampers.
#pragma once

#include <libpq-fe.h>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/result.hpp"
#include "definitions/expression.hpp"
#include "store/durable_file.hpp"

namespace amate::store {

// AMATE_TEST_STORE is the address of a PostgreSQL database in which schemas may be made: the tests
// run on it then, each in a schema of its own. Without it they run on SQLite. Suites whose names
// begin with Sqlite or Postgres are of one store alone (cmake/amate_module.cmake picks them).
class TestStore {
public:
    // `file`: where a SQLite store is to lie.
    explicit TestStore(std::filesystem::path file) : file_(std::move(file)) {
        const char* address = std::getenv("AMATE_TEST_STORE");
        if (address == nullptr) return;
        server_ = address;
        schema_ = "t_" + crypto::make_uuid_v7(0);
        run_on_server("CREATE SCHEMA " + quoted());
    }
    ~TestStore() {
        if (is_sqlite()) return;
        run_on_server("DROP SCHEMA " + quoted() + " CASCADE; DROP SCHEMA IF EXISTS " + kept() +
                      " CASCADE");
    }
    TestStore(const TestStore&) = delete;
    TestStore& operator=(const TestStore&) = delete;

    [[nodiscard]] bool is_sqlite() const { return server_.empty(); }
    [[nodiscard]] std::string url() const {
        return is_sqlite() ? "sqlite:" + file_.string() : with_options("search_path", schema_);
    }
    // The address with one setting of the server's for the connection.
    [[nodiscard]] std::string with_options(const std::string& name,
                                           const std::string& value) const {
        return fmt::format("{}{}options=-c{}%3D{}", server_,
                           server_.find('?') == server_.npos ? '?' : '&', name, value);
    }
    [[nodiscard]] const std::string& server() const { return server_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] definitions::Dialect dialect() const {
        return is_sqlite() ? definitions::Dialect::sqlite : definitions::Dialect::postgresql;
    }

    // What may stand in no transaction, on the server.
    void run_alone(const std::string& sql) const { run_on_server(sql); }

    // Any SQL, past all rules; more than one statement too. A fault of it is a bug of the test.
    void tamper(const std::string& sql) const {
        if (!is_sqlite()) {
            run_on_server("SET search_path = " + quoted() + "; " + sql);
            return;
        }
        sqlite3* connection = nullptr;
        AMATE_CHECK(sqlite3_open(file_.c_str(), &connection) == SQLITE_OK);
        const int code = sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
        sqlite3_close(connection);
        if (code != SQLITE_OK) throw Bug(sqlite3_errstr(code));
    }

    // Keeps what the store holds, and puts it back, as often as wanted. No session may be open.
    void keep() {
        if (is_sqlite()) {
            bytes_ = read_small_file(file_);
        } else {
            copy_schema(quoted(), schema_, kept());
        }
    }
    void put_back() const {
        if (is_sqlite()) {
            write_durably(file_, bytes_, FileRights::owner_only);
        } else {
            copy_schema(kept(), schema_ + "_kept", quoted());
        }
    }
    // Holds from now on what another store holds. No session may be open on either.
    void copy_from(const TestStore& other) const {
        if (is_sqlite()) {
            std::filesystem::copy_file(other.file_, file_,
                                       std::filesystem::copy_options::overwrite_existing);
        } else {
            copy_schema(other.quoted(), other.schema_, quoted());
        }
    }

private:
    [[nodiscard]] std::string quoted() const { return '"' + schema_ + '"'; }
    [[nodiscard]] std::string kept() const { return '"' + schema_ + "_kept\""; }

    void run_on_server(const std::string& sql) const {
        PGconn* connection = PQconnectdb(server_.c_str());
        PQsetNoticeProcessor(
            connection, [](void*, const char*) {}, nullptr);
        PGresult* result = PQexec(connection, sql.c_str());
        const auto status = PQresultStatus(result);
        const std::string message = PQerrorMessage(connection);
        PQclear(result);
        PQfinish(connection);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw Bug(message);
    }

    void copy_schema(const std::string& from, const std::string& from_name,
                     const std::string& to) const {
        run_on_server(
            fmt::format("DROP SCHEMA IF EXISTS {1} CASCADE; CREATE SCHEMA {1}; "
                        "DO $$ DECLARE t text; BEGIN "
                        "FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = '{2}' LOOP "
                        "EXECUTE format('CREATE TABLE {1}.%I (LIKE {0}.%I INCLUDING ALL)', t, t); "
                        "EXECUTE format('INSERT INTO {1}.%I SELECT * FROM {0}.%I', t, t); "
                        "END LOOP; END $$",
                        from, to, from_name));
    }

    std::filesystem::path file_;
    std::string server_, schema_, bytes_;
};

}  // namespace amate::store
