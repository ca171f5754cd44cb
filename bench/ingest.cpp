// SPDX-License-Identifier: Apache-2.0
// Measures taking in a file (parsed, homologated, judged, sealed, committed) against bare SQLite
// inserts of the same cells in one transaction.
#include <sqlite3.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/csv_rows.hpp"
#include "definitions/pack.hpp"
#include "ledger/verify.hpp"
#include "registry/ingest.hpp"
#include "store/record_store.hpp"
#include "store/workspace.hpp"

namespace {

namespace fs = std::filesystem;
using namespace amate;

// A register of 15 fields as countries have them, beside those of the invented country.
constexpr const char* kRegister = R"yaml(register: crossing
title: {es: Cruce, en: Crossing}
institution: Q03
folio: "CRU-{year}-{seq:7}"
sensitivity: personal
fields:
  crossed_at: {type: datetime, title: {es: Momento, en: Moment}, required: true, constraint: "crossed_at <= now()", message: {es: En el futuro, en: In the future}}
  point:      {type: code, codelist: reception_points, title: {es: Punto, en: Point}, required: true}
  person:     {type: person, title: {es: Persona, en: Person}, required: [sex]}
  modality:   {type: code, codelist: landing_modalities, title: {es: Modalidad, en: Modality}, required: true}
  services:   {type: codes, codelist: services, title: {es: Servicios, en: Services}}
  accompanied: {type: boolean, title: {es: En compañía, en: Accompanied}}
  party:      {type: integer, title: {es: Grupo, en: Party}, constraint: "party between 1 and 200", message: {es: De 1 a 200, en: 1 to 200}}
  bags:       {type: integer, title: {es: Bultos, en: Bags}}
  fee:        {type: money, currency: XTS, title: {es: Pago, en: Fee}}
  left_on:    {type: date, title: {es: Salida, en: Departure}}
  vessel:     {type: text, title: {es: Embarcación, en: Vessel}}
rules:
  - {when: "age(person.birth, crossed_at) < 18 and not accompanied", flag: minor_alone, title: {es: Sola, en: Alone}, source: "Bench"}
statistics:
  time: crossed_at
  dimensions: [point, person.sex, modality]
access:
  purposes: [reception, statistics]
  roles: {supervisor: [all]}
)yaml";
constexpr int kColumns = 15;

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::vector<std::vector<std::string>> make_rows(std::size_t count) {
    std::mt19937 random(2018);
    const auto pick = [&](std::vector<const char*> from) { return from[random() % from.size()]; };
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < count; ++i) {
        const auto day = Date::from_days(17'167 + static_cast<int>(random() % 500)).iso();
        rows.push_back(
            {fmt::format("{}T{:02}:{:02}", day, random() % 24, random() % 60),
             pick({"long_pier", "dune_gate", "salt_lake"}),
             fmt::format("Nara Oleaje {}", random() % 100'000),
             fmt::format("{}-{:02}-{:02}", 1950 + random() % 60, 1 + random() % 12,
                         1 + random() % 28),
             pick({"female", "male"}), pick({"XVA", "XOR", "XTE"}),
             fmt::format("D{:08}", random() % 100'000'000), pick({"assisted", "own_means"}),
             pick({"food", "food;water", "", "medical_care"}), pick({"true", "false"}),
             fmt::format("{}", 1 + random() % 9), fmt::format("{}", random() % 5),
             fmt::format("{}.5", random() % 300), day, fmt::format("Vessel {}", random() % 500)});
    }
    return rows;
}

void write_csv(const fs::path& file, const std::vector<std::vector<std::string>>& rows) {
    std::ofstream out(file);
    out << "crossed_at,point,person.names,person.birth,person.sex,person.nationality,"
           "person.document_number,modality,services,accompanied,party,bags,fee,left_on,vessel\n";
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) out << (i > 0 ? "," : "") << row[i];
        out << "\n";
    }
}

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

double take_in(const definitions::Pack& pack, const fs::path& folder, const fs::path& csv,
               std::size_t rows) {
    auto workspace = store::make_workspace(folder, pack.directory, "sqlite:store.sqlite");
    if (!workspace) std::exit(1);
    const auto session = store::open_session(*workspace, store::Session::Mode::read_write);
    const auto clock = make_system_clock("Etc/UTC");
    NoProgress silent;
    const auto begin = std::chrono::steady_clock::now();
    const auto source = open_csv_rows(csv, {});
    if (!source) std::exit(1);
    const auto report =
        registry::ingest(pack, {*pack.find_source("crossing"), **source, csv}, *workspace, *session,
                         *clock, {"bench", "", "reception"}, silent);
    const auto seconds = seconds_since(begin);
    if (!report || report->accepted != static_cast<std::int64_t>(rows)) {
        if (!report) std::cerr << to_line(report.error().front()) << "\n";
        std::cerr << "not every row was accepted\n";
        std::exit(1);
    }
    if (!ledger::verify(*session, pack, workspace->keys(), silent).problems.empty()) {
        std::cerr << "what was written does not verify\n";
        std::exit(1);
    }
    return static_cast<double>(rows) / seconds;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 300'000;
    const auto folder = fs::temp_directory_path() / ("amate-bench-" + crypto::make_uuid_v7(0));
    fs::create_directories(folder);
    fs::copy(std::string(AMATE_ROOT) + "/packs/demo", folder / "pack", fs::copy_options::recursive);
    std::ofstream(folder / "pack/registers/crossing.yaml") << kRegister;
    const auto pack = definitions::load_pack(folder / "pack");
    if (!pack) {
        for (const auto& problem : pack.error()) std::cerr << to_line(problem) << "\n";
        return 1;
    }
    const auto rows = make_rows(count);
    write_csv(folder / "crossing.csv", rows);
    double best_bare = 0;
    double best_stored = 0;
    double best_amate = 0;
    for (int round = 0; round < 3; ++round) {  // turn by turn: both meet the same machine
        const auto turn = folder / std::to_string(round);
        fs::create_directories(turn);
        best_amate =
            std::max(best_amate, take_in(**pack, turn / "work", folder / "crossing.csv", count));
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
