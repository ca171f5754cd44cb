// SPDX-License-Identifier: Apache-2.0
// Measures taking in a file (parsed, homologated, judged, sealed, committed) against bare SQLite
// inserts of the same cells in one transaction.
#include <sqlite3.h>

#include <algorithm>

#include "crossings.hpp"

namespace {

namespace fs = std::filesystem;
using namespace amate::bench;

void must(sqlite3* connection, const char* sql) {
    if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return;
    std::cerr << sqlite3_errmsg(connection) << "\n";
    std::exit(1);
}

// The same cells, by their kinds, into a table without any index: rows a second.
double bare_sqlite(const fs::path& file, const std::vector<std::vector<std::string>>& rows) {
    sqlite3* connection = nullptr;
    sqlite3_open(file.c_str(), &connection);
    must(connection,
         "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
         "PRAGMA cache_size=-65536;");
    must(connection,
         "CREATE TABLE t (a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f TEXT, g TEXT,"
         "h TEXT, i TEXT, j INTEGER, k INTEGER, l INTEGER, m REAL, n TEXT, o TEXT)");
    const auto begin = std::chrono::steady_clock::now();
    must(connection, "BEGIN IMMEDIATE");
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(connection, "INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1,
                       &insert, nullptr);
    for (const auto& row : rows) {
        for (int i = 0; i < kColumns; ++i) {
            const auto& cell = row[static_cast<std::size_t>(i)];
            if (i == 9) {
                sqlite3_bind_int(insert, i + 1, cell == "true");
            } else if (i == 10 || i == 11) {
                sqlite3_bind_int64(insert, i + 1, std::atoll(cell.c_str()));
            } else if (i == 12) {
                sqlite3_bind_double(insert, i + 1, std::atof(cell.c_str()));
            } else {
                sqlite3_bind_text(insert, i + 1, cell.data(), static_cast<int>(cell.size()),
                                  SQLITE_STATIC);
            }
        }
        if (sqlite3_step(insert) != SQLITE_DONE) std::exit(1);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    must(connection, "COMMIT");
    const auto seconds = seconds_since(begin);
    sqlite3_close(connection);
    return static_cast<double>(rows.size()) / seconds;
}

// The rows as the store has them, with its columns and keys, already laid out and hashed: what
// SQLite alone takes for the same table.
double bare_rows_as_stored(const fs::path& stored, const fs::path& file) {
    sqlite3* from = nullptr;
    sqlite3_open(stored.c_str(), &from);
    std::vector<std::vector<sqlite3_value*>> rows;
    sqlite3_stmt* all = nullptr;
    sqlite3_prepare_v2(from, "SELECT * FROM r_crossing ORDER BY ledger_seq, batch_row", -1, &all,
                       nullptr);
    const int columns = sqlite3_column_count(all);
    while (sqlite3_step(all) == SQLITE_ROW) {
        auto& row = rows.emplace_back();
        for (int i = 0; i < columns; ++i) {
            row.push_back(sqlite3_value_dup(sqlite3_column_value(all, i)));
        }
    }
    sqlite3_finalize(all);
    sqlite3* to = nullptr;
    sqlite3_open(file.c_str(), &to);
    must(to,
         "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
         "PRAGMA cache_size=-65536;");
    sqlite3_stmt* made = nullptr;
    sqlite3_prepare_v2(from,
                       "SELECT sql FROM sqlite_master WHERE tbl_name = 'r_crossing' AND sql > ''",
                       -1, &made, nullptr);
    while (sqlite3_step(made) == SQLITE_ROW) {
        must(to, reinterpret_cast<const char*>(sqlite3_column_text(made, 0)));
    }
    sqlite3_finalize(made);
    const auto begin = std::chrono::steady_clock::now();
    must(to, "BEGIN IMMEDIATE");
    std::string marks = "?";
    for (int i = 1; i < columns; ++i) marks += ",?";
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(to, ("INSERT INTO r_crossing VALUES (" + marks + ")").c_str(), -1, &insert,
                       nullptr);
    for (const auto& row : rows) {
        for (int i = 0; i < columns; ++i) {
            sqlite3_bind_value(insert, i + 1, row[static_cast<std::size_t>(i)]);
        }
        if (sqlite3_step(insert) != SQLITE_DONE) std::exit(1);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    must(to, "COMMIT");
    const auto seconds = seconds_since(begin);
    sqlite3_close(to);
    const auto count = rows.size();
    for (auto& row : rows) {
        for (auto* value : row) sqlite3_value_free(value);
    }
    sqlite3_close(from);
    return static_cast<double>(count) / seconds;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 300'000;
    const auto folder =
        fs::temp_directory_path() / ("amate-bench-" + amate::crypto::make_uuid_v7(0));
    fs::create_directories(folder);
    const auto pack = make_pack(folder / "pack");
    const auto rows = make_rows(count);
    write_csv(folder / "crossing.csv", rows);
    double best_bare = 0;
    double best_stored = 0;
    double best_amate = 0;
    for (int round = 0; round < 3; ++round) {  // turn by turn: both meet the same machine
        const auto turn = folder / std::to_string(round);
        fs::create_directories(turn);
        best_amate = std::max(best_amate, take_in(*pack, turn / "work", "sqlite:store.sqlite",
                                                  folder / "crossing.csv", count));
        best_stored = std::max(
            best_stored, bare_rows_as_stored(turn / "work/store.sqlite", turn / "stored.sqlite"));
        best_bare = std::max(best_bare, bare_sqlite(turn / "bare.sqlite", rows));
    }
    std::cout << fmt::format(
        "ingest_{}k  amate {:.0f} rows/s  bare SQLite, the rows as stored {:.0f} rows/s, ratio "
        "{:.2f}  bare SQLite, the 15 cells alone without a key {:.0f} rows/s, ratio {:.2f}\n",
        count / 1000, best_amate, best_stored, best_amate / best_stored, best_bare,
        best_amate / best_bare);
    fs::remove_all(folder);
    return 0;
}
