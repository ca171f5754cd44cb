// SPDX-License-Identifier: Apache-2.0
// Measures rows into PostgreSQL: the store's inserter against a bare binary COPY of the same rows.
#include <libpq-fe.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/result.hpp"
#include "store/session.hpp"

// A stand-in for the one class that can make a key: what is measured lies beneath the ledger.
namespace amate::ledger {
class UnitOfWork {
public:
    static store::WriteKey key() { return store::WriteKey(); }
};
}  // namespace amate::ledger

namespace {

using amate::store::Session;
using amate::store::SqlRow;
using amate::store::SqlType;
using amate::store::TableColumn;

constexpr int kRows = 300'000;
constexpr int kTimes = 3;  // each; the best counts

// A register's table: what every record has, and fields of each kind.
const std::vector<TableColumn>& columns() {
    static const std::vector<TableColumn> kColumns = {
        {"record_id", SqlType::text, true},     {"folio", SqlType::text, true},
        {"ledger_seq", SqlType::integer, true}, {"batch_row", SqlType::integer, true},
        {"row_hash", SqlType::text, true},      {"state", SqlType::text, true},
        {"flags", SqlType::text, true},         {"recorded_at", SqlType::text, true},
        {"version", SqlType::text, true},       {"missing", SqlType::text, false},
        {"event_at", SqlType::text, false},     {"names", SqlType::text, false},
        {"sex", SqlType::text, false},          {"accompanied", SqlType::boolean, false},
        {"visits", SqlType::integer, false},    {"amount", SqlType::real, false},
        {"note", SqlType::text, false}};
    return kColumns;
}

std::vector<SqlRow> make_rows() {
    std::vector<SqlRow> rows;
    for (std::int64_t i = 1; i <= kRows; ++i) {
        rows.push_back({amate::crypto::make_uuid_v7(1'536'300'000'000 + i),
                        fmt::format("V-{:07}", i), std::int64_t{1}, i,
                        amate::crypto::to_hex(amate::crypto::digest(std::to_string(i))),
                        std::string("open"), std::string(i % 3 == 0 ? "late;minor" : ""),
                        std::string("2018-09-07T06:00:00.123Z"), std::string("1-0123456789ab"),
                        std::monostate{}, fmt::format("2018-03-{:02}T10:00:00", i % 28 + 1),
                        std::string("Ana Ruiz de la Cañada"), std::string("female"), i % 2, i % 90,
                        static_cast<double>(i) / 8, std::monostate{}});
    }
    return rows;
}

void require(bool holds, const char* what) {
    if (!holds) throw amate::IoFailure(what);
}

// The peer: what a program that knows only this table would write.
class Bare {
public:
    explicit Bare(const std::string& address) : connection_(PQconnectdb(address.c_str())) {
        require(PQstatus(connection_) == CONNECTION_OK, "no connection");
    }
    ~Bare() { PQfinish(connection_); }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

    std::string ask(const std::string& sql) {
        PGresult* result = PQexec(connection_, sql.c_str());
        const auto status = PQresultStatus(result);
        const std::string answer =
            status == PGRES_TUPLES_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
        PQclear(result);
        require(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN,
                PQerrorMessage(connection_));
        return answer;
    }

    void copy(const std::vector<SqlRow>& rows) {
        ask("BEGIN");
        ask("COPY bare FROM STDIN (FORMAT binary)");
        std::string bytes("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
        for (const auto& row : rows) {
            number(bytes, row.size(), 2);
            for (std::size_t i = 0; i < row.size(); ++i) cell(bytes, row[i], columns()[i].type);
            if (bytes.size() > 65'536) put(bytes);
        }
        number(bytes, 0xFFFF, 2);
        put(bytes);
        require(PQputCopyEnd(connection_, nullptr) == 1, "COPY does not end");
        for (PGresult* result = nullptr; (result = PQgetResult(connection_)) != nullptr;) {
            const auto status = PQresultStatus(result);
            PQclear(result);
            require(status == PGRES_COMMAND_OK, PQerrorMessage(connection_));
        }
        ask("COMMIT");
    }

private:
    static void number(std::string& bytes, std::uint64_t value, int size) {
        for (int shift = size * 8 - 8; shift >= 0; shift -= 8) {
            bytes += static_cast<char>(static_cast<unsigned char>(value >> shift));
        }
    }
    static void cell(std::string& bytes, const amate::store::SqlValue& value, SqlType type) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            number(bytes, text->size(), 4);
            bytes += *text;
        } else if (const auto* real = std::get_if<double>(&value)) {
            number(bytes, 8, 4);
            number(bytes, std::bit_cast<std::uint64_t>(*real), 8);
        } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            const int size = type == SqlType::boolean ? 1 : 8;
            number(bytes, static_cast<std::uint64_t>(size), 4);
            number(bytes, static_cast<std::uint64_t>(*whole), size);
        } else {
            number(bytes, 0xFFFFFFFF, 4);
        }
    }
    void put(std::string& bytes) {
        require(PQputCopyData(connection_, bytes.data(), static_cast<int>(bytes.size())) == 1,
                "COPY takes no data");
        bytes.clear();
    }

    PGconn* connection_;
};

double seconds_of(const std::function<void()>& action) {
    const auto began = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void measure(const std::string& address) {
    const auto key = amate::ledger::UnitOfWork::key();
    const auto rows = make_rows();
    std::vector<std::string> names;
    for (const auto& column : columns()) names.push_back(column.name);
    Bare bare(address);
    const auto session = Session::open(address, Session::Mode::read_write);
    require(session->tables().empty(), "the database must be empty");
    double bare_seconds = 1e9;
    double store_seconds = 1e9;
    for (int time = 0; time < kTimes; ++time) {
        session->begin(key);
        for (const auto* name : {"bare", "measured"}) {
            session->make_table(key, {name,
                                      columns(),
                                      {"ledger_seq", "batch_row"},
                                      {{std::string(name) + "_folio", {"folio"}, true, ""}}});
        }
        session->commit(key);
        bare_seconds = std::min(bare_seconds, seconds_of([&] { bare.copy(rows); }));
        store_seconds = std::min(store_seconds, seconds_of([&] {
                                     session->begin(key);
                                     const auto inserter =
                                         session->inserter(key, "measured", names);
                                     for (const auto& row : rows) inserter->insert(row);
                                     inserter->flush();
                                     session->commit(key);
                                 }));
        require(
            bare.ask("SELECT count(*) FROM measured") == std::to_string(kRows) &&
                bare.ask("SELECT count(*) FROM (TABLE bare EXCEPT ALL TABLE measured) AS d") == "0",
            "the two tables differ");
        bare.ask("DROP TABLE bare, measured");
    }
    fmt::print("rows: {} of {} columns; server {}\n", kRows, names.size(),
               bare.ask("SHOW server_version"));
    fmt::print("bare binary COPY: {:.0f} rows/s\n", kRows / bare_seconds);
    fmt::print("store's inserter: {:.0f} rows/s, {:.2f} times the peer's time\n",
               kRows / store_seconds, store_seconds / bare_seconds);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "usage: bench_store_copy ADDRESS   (of an empty PostgreSQL database)\n");
        return 2;
    }
    try {
        measure(arguments[1]);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "bench_store_copy: {}\n", failure.what());
        return 1;
    }
    return 0;
}
