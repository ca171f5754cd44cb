// SPDX-License-Identifier: Apache-2.0
// People across files: the identifier a country gives them, families and what is stated of names.
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "core/csv.hpp"
#include "core/dates.hpp"
#include "definitions/identifier.hpp"
#include "definitions/pack.hpp"
#include "synthesis/generate.hpp"

namespace amate::synthesis {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::vector<std::string>>;

// An identifier of the invented country: three letters, the birth, the sex, a sign, a digit.
constexpr const char* kIdentifier = R"(identifier: island_key
title: {es: Clave, en: Key}
parts:
  - {name: family, take: initial}
  - {name: second_family, take: inner_vowel}
  - {name: given, take: initial}
  - {birth: birth}
  - {code: sex, map: {female: F, male: M}}
  - differs:
      - {to: 1999-12-31, signs: "01", invented: "*+"}
      - {from: 2000-01-01, signs: "AB", invented: "?"}
  - {check: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*+?", weights: [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3],
     modulus: 10}
)";

// A file of landings with a column a field.
constexpr const char* kSource = R"(source: landings
title: {es: Desembarcos, en: Landings}
register: landing
institution: Q09
file: {encoding: utf-8, delimiter: ",", empty: [""]}
columns:
  landed_at: {field: landed_at}
  point: {field: point}
  modality: {field: modality}
  person.names: {field: person.names}
  person.birth: {field: person.birth}
  person.sex: {field: person.sex}
  person.document_number: {field: person.document_number}
  accompanied: {field: accompanied}
)";

// A copy of the demo pack whose document number is that identifier.
class People : public testing::Test {
protected:
    People() : folder_(fs::temp_directory_path() / ("amate-people-" + crypto::make_uuid_v7(0))) {
        fs::create_directories(folder_);
        fs::copy(fs::path(AMATE_ROOT) / "packs/demo", folder_ / "pack",
                 fs::copy_options::recursive);
        fs::create_directories(folder_ / "pack/identifiers");
        write("identifiers/island_key.yaml", kIdentifier);
        write("sources/landings.yaml", kSource);
        replace("pack.yaml", "document_number: {type: text,",
                "document_number: {type: text, identifier: island_key,");
        // No test of the demo's registers is about this country's keys.
        for (const char* source : {"coast_guard_landings", "ferry_passengers", "help_desk_log"}) {
            fs::remove(folder_ / "pack/synthesis" / (std::string(source) + ".yaml"));
        }
    }
    ~People() override { fs::remove_all(folder_); }

    void write(const char* file, const std::string& text) {
        std::ofstream(folder_ / "pack" / file) << text;
    }
    void replace(const char* file, const std::string& from, const std::string& to) {
        std::ifstream stream(folder_ / "pack" / file);
        std::string text(std::istreambuf_iterator<char>(stream), {});
        const auto at = text.find(from);
        AMATE_CHECK(at != text.npos);
        write(file, text.replace(at, from.size(), to));
    }
    // What the file of landings holds after `plan`; faults are the test's own.
    Rows landings(const std::string& plan) {
        write("synthesis/landings.yaml", plan);
        auto pack = definitions::load_pack(folder_ / "pack");
        if (!pack) {
            ADD_FAILURE() << to_line(pack.error().front());
            return {};
        }
        pack_ = std::move(*pack);
        NoProgress silent;
        const auto made = generate(*pack_, {1, 5, folder_ / "out", true}, silent);
        if (!made) {
            told_ = to_line(made.error().front());
            return {};
        }
        Rows rows;
        auto reader = CsvReader::open(folder_ / "out/landings.csv", {});
        AMATE_CHECK(reader.has_value());
        for (CsvRow row; reader->next(row).value();) rows.push_back(row.cells);
        return rows;
    }
    [[nodiscard]] static std::size_t place_of(const Rows& rows, const std::string& header) {
        const auto found = std::find(rows.front().begin(), rows.front().end(), header);
        AMATE_CHECK(found != rows.front().end());
        return static_cast<std::size_t>(found - rows.front().begin());
    }

    fs::path folder_;
    std::unique_ptr<const definitions::Pack> pack_;
    std::string told_;
};

std::string plan_with(const std::string& more) {
    return "source: landings\n"
           "groups: [{records: 500, from: 2018-01-01, to: 2018-06-30}]\n"
           "draw:\n"
           "  point: {weights: {long_pier: 1, dune_gate: 1}}\n"
           "  modality: {weights: {assisted: 1}}\n"
           "  person.birth: {ages: {\"18-29\": 1, \"5-11\": 1}}\n"
           "  accompanied: {chance: 1}\n"
           "  person.sex: {weights: {male: 1, female: 1}}\n" +
           more;
}

// A key that a clerk could take for a real person's would be a lie about that person.
TEST_F(People, InventedIdentifiersAreSoundAndMarked) {
    const auto rows =
        landings(plan_with("  person.names: {names: true}\n"
                           "  person.document_number: {identifier: true}\n"));
    ASSERT_EQ(rows.size(), 501U) << told_;
    const auto& key = *pack_->find_identifier("island_key");
    const auto at = place_of(rows, "person.document_number");
    const auto birth = place_of(rows, "person.birth");
    std::set<std::string> different;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto& text = rows[i][at];
        EXPECT_EQ(key.judge(text), definitions::IdentifierVerdict::invented) << text;
        EXPECT_EQ(canonical(key.read(text, 1)), rows[i][birth]);
        different.insert(text);
        auto wrong = text;
        wrong.back() = wrong.back() == '9' ? '0' : static_cast<char>(wrong.back() + 1);
        EXPECT_EQ(key.judge(wrong), definitions::IdentifierVerdict::unsound);
    }
    EXPECT_EQ(different.size(), 500U);
}

TEST_F(People, AnIdentifierNeedsWhatItIsMadeOf) {
    EXPECT_TRUE(landings(plan_with("  person.document_number: {identifier: true}\n")).empty());
    EXPECT_NE(told_.find("document_number"), told_.npos) << told_;
}

TEST_F(People, SomeDoNotShowTheirs) {
    const auto rows =
        landings(plan_with("  person.names: {names: true}\n"
                           "  person.document_number: {identifier: 0.5}\n"));
    ASSERT_EQ(rows.size(), 501U) << told_;
    const auto at = place_of(rows, "person.document_number");
    const auto shown = std::count_if(rows.begin() + 1, rows.end(),
                                     [&](const auto& row) { return !row[at].empty(); });
    EXPECT_NEAR(static_cast<double>(shown), 250, 50);
}

// A file may leave to the identifier what it tells: age rules must hold all the same.
TEST_F(People, AFileMayLeaveToTheIdentifierWhatItTells) {
    replace("sources/landings.yaml", "  person.birth: {field: person.birth}\n", "");
    replace("sources/landings.yaml", "  person.sex: {field: person.sex}\n", "");
    replace("sources/landings.yaml", "{field: person.document_number}",
            "{field: person.document_number, gives: [person.birth, person.sex]}");
    const auto rows =
        landings(plan_with("  person.names: {names: true}\n"
                           "  person.document_number: {identifier: true}\n"));
    ASSERT_EQ(rows.size(), 501U) << told_;
    const auto& register_ = *pack_->find_register("landing");
    const auto& source = *pack_->find_source("landings");
    std::vector<Value> record(register_.columns.size(), Missing::absent);
    const auto key = *register_.column_index("person.document_number");
    record[key] = rows[1][place_of(rows, "person.document_number")];
    definitions::read_identifiers(register_, source, record);
    const auto& birth = record[*register_.column_index("person.birth")];
    EXPECT_TRUE(std::holds_alternative<PartialDate>(birth));
    EXPECT_FALSE(is_missing(record[*register_.column_index("person.sex")]));
    const auto minors = std::count_if(rows.begin() + 1, rows.end(), [&](const auto& row) {
        return !row[place_of(rows, "accompanied")].empty();
    });
    EXPECT_NEAR(static_cast<double>(minors), 250, 50);
    record[key] = std::string("no key at all");
    for (const char* column : {"person.birth", "person.sex"}) {
        record[*register_.column_index(column)] = Missing::absent;
    }
    definitions::read_identifiers(register_, source, record);
    EXPECT_TRUE(is_missing(record[*register_.column_index("person.birth")]));
}

// Companions are what makes households of a register: same names, same landing.
TEST_F(People, FamiliesComeTogether) {
    const auto rows =
        landings(plan_with("  person.names: {names: true}\n"
                           "families: {share: 0.5, together: [landed_at, point]}\n"));
    ASSERT_EQ(rows.size(), 501U) << told_;
    const auto time = place_of(rows, "landed_at");
    const auto point = place_of(rows, "point");
    const auto names = place_of(rows, "person.names");
    int together = 0;
    for (std::size_t i = 2; i < rows.size(); ++i) {
        if (rows[i][time] != rows[i - 1][time]) continue;
        ++together;
        EXPECT_EQ(rows[i][point], rows[i - 1][point]);
        const auto family = rows[i][names].substr(rows[i][names].rfind(' '));
        EXPECT_TRUE(rows[i - 1][names].ends_with(family));
    }
    EXPECT_NEAR(together, 250, 50);
}

// Names that are written otherwise must be those of the pack's own list, and few as declared.
TEST_F(People, VariantsComeFromTheList) {
    write("synthesis/names.csv",
          "kind,name,weight\ngiven_female,Nara,1\ngiven_male,Nara,1\n"
          "family,Oleaje,1\nfamily,Marea,1\nfamily,Arena,1\n");
    write("synthesis/variants.csv", "kind,name,variant\nshort,Nara,Na\nshort,Nara,Rara\n");
    const auto rows =
        landings(plan_with("  person.names: {names: true}\n"
                           "noise: {variants: {short: 0.5}, swapped: 0.1}\n"));
    ASSERT_EQ(rows.size(), 501U) << told_;
    std::map<std::string, int> given;
    const auto names = place_of(rows, "person.names");
    for (std::size_t i = 1; i < rows.size(); ++i) {
        ++given[rows[i][names].substr(0, rows[i][names].find(' '))];
    }
    EXPECT_EQ(given.size(), 3U);
    EXPECT_NEAR(given["Nara"], 250, 50);
    EXPECT_TRUE(landings(plan_with("  person.names: {names: true}\n"
                                   "noise: {variants: {sort: 0.5}}\n"))
                    .empty());
    EXPECT_NE(told_.find("did you mean `short`"), told_.npos) << told_;
}

}  // namespace
}  // namespace amate::synthesis
