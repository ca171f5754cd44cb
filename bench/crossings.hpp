// SPDX-License-Identifier: Apache-2.0
// A register of 15 fields, a file of its rows, and the file taken in: what the measurements of
// taking in share.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/csv_rows.hpp"
#include "core/crypto.hpp"
#include "definitions/pack.hpp"
#include "ledger/verify.hpp"
#include "registry/ingest.hpp"
#include "store/record_store.hpp"
#include "store/workspace.hpp"

namespace amate::bench {

namespace fs = std::filesystem;

// A register of 15 fields as countries have them, beside those of the invented country.
inline constexpr const char* kCrossings = R"yaml(register: crossing
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
inline constexpr int kColumns = 15;

inline double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline std::vector<std::vector<std::string>> make_rows(std::size_t count) {
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

inline void write_csv(const fs::path& file, const std::vector<std::vector<std::string>>& rows) {
    std::ofstream out(file);
    out << "crossed_at,point,person.names,person.birth,person.sex,person.nationality,"
           "person.document_number,modality,services,accompanied,party,bags,fee,left_on,vessel\n";
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) out << (i > 0 ? "," : "") << row[i];
        out << "\n";
    }
}

// The invented country with the register of crossings beside its own, in `folder`.
inline std::unique_ptr<const definitions::Pack> make_pack(const fs::path& folder) {
    fs::copy(std::string(AMATE_ROOT) + "/packs/demo", folder, fs::copy_options::recursive);
    std::ofstream(folder / "registers/crossing.yaml") << kCrossings;
    auto pack = definitions::load_pack(folder);
    if (pack) return std::move(*pack);
    for (const auto& problem : pack.error()) std::cerr << to_line(problem) << "\n";
    std::exit(1);
}

// Takes the file in to a new workspace `folder` on the store, holds it against what was in the file
// and gives rows a second. Ends the program if anything is not as it should be.
inline double take_in(const definitions::Pack& pack, const fs::path& folder,
                      const std::string& store, const fs::path& csv, std::size_t rows) {
    auto workspace = store::make_workspace(folder, pack.directory, store);
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

}  // namespace amate::bench
