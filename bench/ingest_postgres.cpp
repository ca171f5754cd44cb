// SPDX-License-Identifier: Apache-2.0
// Measures taking in a file to PostgreSQL (parsed, homologated, judged, sealed, committed) against
// a bare binary COPY of the same rows as they are stored.
#include <libpq-fe.h>

#include <algorithm>

#include "crossings.hpp"

namespace {

namespace fs = std::filesystem;
using namespace amate::bench;

class Connection {
public:
    explicit Connection(const std::string& address) : raw_(PQconnectdb(address.c_str())) {
        require(PQstatus(raw_) == CONNECTION_OK);
    }
    ~Connection() { PQfinish(raw_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::string ask(const std::string& sql) {
        PGresult* result = PQexec(raw_, sql.c_str());
        const auto status = PQresultStatus(result);
        std::string answer =
            status == PGRES_TUPLES_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
        PQclear(result);
        require(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
                status == PGRES_COPY_IN || status == PGRES_COPY_OUT);
        return answer;
    }

    // The table in PostgreSQL's own binary form, in the parts it comes in.
    std::vector<std::string> copy_out(const std::string& table) {
        ask("COPY (SELECT * FROM " + table +
            " ORDER BY ledger_seq, batch_row) TO STDOUT (FORMAT binary)");
        std::vector<std::string> parts;
        char* part = nullptr;
        for (int size = 0; (size = PQgetCopyData(raw_, &part, 0)) > 0; PQfreemem(part)) {
            if (parts.empty() || parts.back().size() > 65'536) parts.emplace_back();
            parts.back().append(part, static_cast<std::size_t>(size));
        }
        end();
        return parts;
    }

    void copy_in(const std::string& table, const std::vector<std::string>& parts) {
        ask("BEGIN");
        ask("COPY " + table + " FROM STDIN (FORMAT binary)");
        for (const auto& part : parts) {
            require(PQputCopyData(raw_, part.data(), static_cast<int>(part.size())) == 1);
        }
        require(PQputCopyEnd(raw_, nullptr) == 1);
        end();
        ask("COMMIT");
    }

private:
    void require(bool holds) {
        if (holds) return;
        std::cerr << PQerrorMessage(raw_) << "\n";
        std::exit(1);
    }
    void end() {
        while (PGresult* result = PQgetResult(raw_)) {
            const bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
            PQclear(result);
            require(done);
        }
    }

    PGconn* raw_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: bench_ingest_postgres ADDRESS [ROWS]   (an empty database)\n";
        return 2;
    }
    const std::string address = argv[1];
    const std::size_t count = argc > 2 ? std::stoul(argv[2]) : 300'000;
    const auto folder =
        fs::temp_directory_path() / ("amate-bench-" + amate::crypto::make_uuid_v7(0));
    fs::create_directories(folder);
    const auto pack = make_pack(folder / "pack");
    write_csv(folder / "crossing.csv", make_rows(count));
    Connection bare(address);
    double best_bare = 0;
    double best_amate = 0;
    for (int round = 0; round < 3; ++round) {  // turn by turn: both meet the same machine
        const auto work = folder / std::to_string(round);
        best_amate =
            std::max(best_amate, take_in(*pack, work, address, folder / "crossing.csv", count));
        const auto parts = bare.copy_out("r_crossing");
        bare.ask("CREATE TABLE bare (LIKE r_crossing INCLUDING ALL)");
        const auto begin = std::chrono::steady_clock::now();
        bare.copy_in("bare", parts);
        best_bare = std::max(best_bare, static_cast<double>(count) / seconds_since(begin));
        if (bare.ask("SELECT count(*) FROM (TABLE bare EXCEPT ALL TABLE r_crossing) AS d") != "0" ||
            bare.ask("SELECT count(*) FROM bare") != std::to_string(count)) {
            std::cerr << "the two tables differ\n";
            return 1;
        }
        bare.ask("SET client_min_messages = warning");
        bare.ask("DROP SCHEMA public CASCADE");
        bare.ask("CREATE SCHEMA public");
    }
    std::cout << fmt::format(
        "ingest_postgres_{}k  server {}  amate {:.0f} rows/s  bare COPY of the rows as stored "
        "{:.0f} rows/s, ratio {:.2f}\n",
        count / 1000, bare.ask("SHOW server_version"), best_amate, best_bare,
        best_amate / best_bare);
    fs::remove_all(folder);
    return 0;
}
