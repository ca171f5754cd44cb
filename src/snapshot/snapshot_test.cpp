// SPDX-License-Identifier: Apache-2.0
// Tests of what a snapshot holds, what it never holds, and that it is there whole or not at all.
#include "snapshot/snapshot.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "columnar/engine.hpp"
#include "snapshot/internal/folder.hpp"
#include "snapshot/test_country.hpp"

namespace amate::snapshot {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::string>;

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}

void overwrite(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

// Rows as text, values parted by '|', NULL as "-".
Rows rows_of(const Manifest& manifest, const std::string& select,
             const std::string& register_name = "landing") {
    columnar::Engine engine({manifest.directory, {}});
    const auto path = (manifest.directory / manifest.find(register_name)->file).string();
    Rows rows;
    engine.query(select + " FROM read_parquet(" + columnar::quote_text(path) + ")",
                 [&](const columnar::EngineRow& row) {
                     std::string text;
                     for (const auto& value : row) {
                         if (!text.empty()) text += '|';
                         const auto* cell = std::get_if<std::string>(&value);
                         text += cell == nullptr ? "-" : *cell;
                     }
                     rows.push_back(text);
                     return true;
                 });
    return rows;
}

Rows codes_of(const Problems& problems) {
    Rows codes;
    for (const auto& problem : problems) {
        codes.push_back(problem.code + " " + problem.place.path);
        // Each must have its texts in both languages.
        EXPECT_FALSE(text_of(problem, "es").empty());
        EXPECT_FALSE(text_of(problem, "en").empty());
    }
    return codes;
}

template <class T>
Rows codes_of(const Result<T>& result) {
    return result ? Rows{"no problem"} : codes_of(result.error());
}

Value text(const char* value) {
    return std::string(value);
}
Value moment(const char* iso) {
    return DateTime::parse(iso).value();
}

std::vector<std::vector<Value>> some_landings(TestCountry& country) {
    return {
        country.landing_of({{"landed_at", moment("2018-03-02T23:59")},
                            {"point", text("pier_of_the_long_west")},
                            {"person.names", text("Nara Oleaje")},
                            {"person.birth", PartialDate{2004, 5, 17}},
                            {"person.sex", text("female")},
                            {"person.document", text("QZ-778812")},
                            {"accompanied", true},
                            {"services", Codes{"food", "water"}},
                            {"party", std::int64_t{3}},
                            {"remarks", text("perdió la mochila azul")}}),
        country.landing_of({{"landed_at", moment("2018-03-01T10:00")},
                            {"point", text("o'hara")},
                            {"person.names", text("Bruno Marejada")},
                            {"person.birth", PartialDate{1990, 0, 0}},
                            {"person.sex", Missing::unknown},
                            {"services", Codes{}}}),
        country.landing_of({{"landed_at", moment("2018-03-03T00:00")},
                            {"point", text("east")},
                            {"person.names", text("Ciro Bonanza")}}),
    };
}

// Everything downstream trusts these columns: their names, their types and what missing looks like.
TEST(Snapshot, HoldsCodedColumnsSortedByTime) {
    TestCountry country;
    country.add(some_landings(country));
    const auto manifest = country.take("2018-03-31").value();
    EXPECT_EQ(rows_of(manifest,
                      "SELECT point, person__sex, accompanied::VARCHAR, services, party::VARCHAR, "
                      "age_group, time::VARCHAR"),
              (Rows{"o'hara|-|-||-|18-64|2018-03-01",
                    "pier_of_the_long_west|female|true|food;water|3|0-17|2018-03-02",
                    "east|-|-|-|-|-|2018-03-03"}));
    Rows columns;
    columnar::Engine engine({manifest.directory, {}});
    engine.query("SELECT name FROM parquet_schema(" +
                     columnar::quote_text((manifest.directory / "landing.parquet").string()) +
                     ") OFFSET 1",
                 [&](const columnar::EngineRow& row) {
                     columns.push_back(std::get<std::string>(row[0]));
                     return true;
                 });
    EXPECT_EQ(columns, (Rows{"point", "person__sex", "accompanied", "services", "party",
                             "age_group", "time", "person_key"}));
}

// A sum of money is exact, however its parts are rounded in memory.
TEST(Snapshot, KeepsMeasuresInHundredths) {
    TestCountry country;
    auto& landing = country.landing();
    add_column(country.pack(), landing, "fee", definitions::Type::money);
    definitions::Dimension fee;
    fee.name = "fee";
    fee.sql_name = "fee";
    fee.type = definitions::Type::money;
    fee.expression = compile_on_columns(country.pack(), landing, "fee");
    landing.measures.push_back(fee);
    const auto paid = [&](Value amount) {
        return country.landing_of({{"landed_at", moment("2018-03-02T10:00")}, {"fee", amount}});
    };
    country.add({paid(0.1), paid(0.2), paid(1070049035.0), paid(Missing::refused)});
    const auto manifest = country.take("2018-03-31").value();
    EXPECT_EQ(rows_of(manifest, "SELECT sum(fee)::VARCHAR, count(fee)::VARCHAR"),
              (Rows{"1070049035.30|3"}));
}

// The reason for pseudonyms: whoever gets the file must not learn who somebody is.
TEST(Snapshot, HoldsNoNameNoDocumentNoBirthNoText) {
    TestCountry country;
    country.add(some_landings(country));
    const auto manifest = country.take("2018-03-31").value();
    std::string all = bytes_of(manifest.directory / "manifest.json");
    for (const auto& file : manifest.files) {
        all += bytes_of(manifest.directory / file.file);
        columnar::Engine engine({manifest.directory, {}});
        engine.query("SELECT CAST(t AS VARCHAR) FROM read_parquet(" +
                         columnar::quote_text((manifest.directory / file.file).string()) + ") AS t",
                     [&](const columnar::EngineRow& row) {
                         all += std::get<std::string>(row[0]);
                         return true;
                     });
    }
    EXPECT_NE(all.find("pier_of_the_long_west"), all.npos) << "the search itself must work";
    for (const auto* personal : {"Nara", "Oleaje", "nara oleaje", "Bruno", "Ciro", "QZ-778812",
                                 "778812", "mochila", "2004-05-17", "1990", "23:59"}) {
        EXPECT_EQ(all.find(personal), all.npos) << personal;
    }
}

// A figure can be checked years later only if the same records give the same bytes, however they
// came in.
TEST(Snapshot, SameRecordsGiveTheSameBytes) {
    TestCountry country;
    auto landings = some_landings(country);
    for (int i = 0; i < 4000; ++i) landings.push_back(landings[static_cast<std::size_t>(i) % 3]);
    country.add(landings);
    const auto first = country.take("2018-03-31").value();
    const auto bytes = bytes_of(first.directory / "landing.parquet");
    const auto second = country.take("2018-03-31").value();
    EXPECT_EQ(bytes, bytes_of(second.directory / "landing.parquet"));
    EXPECT_EQ(first.files[0].digest, second.files[0].digest);

    TestCountry other;
    fs::create_directories(other.workspace().keys());
    fs::copy_file(country.workspace().keys() / "pseudonyms.key",
                  other.workspace().keys() / "pseudonyms.key");
    std::reverse(landings.begin(), landings.end());
    other.add({landings.begin(), landings.begin() + 1000});
    other.add({landings.begin() + 1000, landings.end()});
    EXPECT_EQ(other.take("2018-03-31")->files[0].digest, first.files[0].digest);

    TestCountry stranger;  // with a key of its own
    stranger.add(landings);
    EXPECT_NE(stranger.take("2018-03-31")->files[0].digest, first.files[0].digest);
}

TEST(Snapshot, LeavesOutWhatCameAfterTheCutoff) {
    TestCountry country;
    auto landings = some_landings(country);
    landings.push_back(country.landing_of({{"point", text("west")}}));  // without a time
    country.add(landings);
    const auto cut = country.take("2018-03-02").value();
    EXPECT_EQ(rows_of(cut, "SELECT point"), (Rows{"o'hara", "pier_of_the_long_west", "west"}));
    EXPECT_EQ(cut.find("landing")->records, 3);
    EXPECT_EQ(country.take("2018-02-28")->find("landing")->records, 1);
}

// Persons are counted by these keys: one too few or too many falsifies every count of persons.
TEST(Snapshot, OnePersonIsOneKey) {
    TestCountry country;
    const auto landing = [&](Value names, Value birth, Value sex, Value document) {
        return country.landing_of({{"landed_at", moment("2018-03-01T10:00")},
                                   {"person.names", std::move(names)},
                                   {"person.birth", std::move(birth)},
                                   {"person.sex", std::move(sex)},
                                   {"person.document", std::move(document)}});
    };
    const PartialDate birth{1990, 5, 1};
    country.add({
        landing(text("Ana Ruiz"), birth, text("female"), text("D1")),
        landing(text("Ana R."), Missing::absent, text("male"), text("d1")),  // same document
        landing(text("José  PÉREZ"), birth, text("male"), Missing::absent),
        landing(text("jose perez"), birth, text("male"), text("")),              // same by names
        landing(text("jose perez"), birth, text("female"), Missing::absent),     // another
        landing(text("jose perez"), birth, Missing::refused, Missing::unknown),  // nobody
        landing(Missing::absent, birth, text("male"), Missing::absent),          // nobody
    });
    const auto manifest = country.take("2018-03-31").value();
    EXPECT_EQ(manifest.find("landing")->records, 7);
    EXPECT_EQ(manifest.find("landing")->persons, 3);
    for (const auto& key : rows_of(manifest, "SELECT person_key")) {
        EXPECT_TRUE(key == "-" || key.size() == 12) << key;
    }
}

TEST(Snapshot, ManifestSaysWhatItIs) {
    TestCountry country;
    country.say_invented();
    country.add(some_landings(country));
    const auto taken = country.take("2018-03-31").value();
    const auto manifest = load_manifest(taken.directory).value();
    EXPECT_EQ(manifest.cutoff.iso(), "2018-03-31");
    EXPECT_EQ(manifest.made_at, "2018-09-07T01:00:00Z");
    EXPECT_EQ(manifest.pack, "test");
    EXPECT_EQ(manifest.definitions_digest, "d1");
    EXPECT_EQ(manifest.ledger_head, country.head());
    EXPECT_TRUE(manifest.invented);
    EXPECT_EQ(manifest.directory, taken.directory);
    ASSERT_EQ(manifest.files.size(), 2U);
    EXPECT_EQ(manifest.files[0].register_name, "landing");
    EXPECT_EQ(manifest.files[0].records, 3);
    EXPECT_EQ(manifest.files[0].persons, 1);
    EXPECT_EQ(manifest.files[0].digest, taken.files[0].digest);
    EXPECT_EQ(manifest.find("nothing"), nullptr);
    EXPECT_TRUE(check_file(manifest, manifest.files[0]).has_value());
    EXPECT_EQ(manifest.find("visit")->records, 0);  // an empty register has its file too
    EXPECT_EQ(rows_of(manifest, "SELECT point", "visit"), Rows{});
}

TEST(Snapshot, BeforeAnythingWasRecordedAllFilesAreEmpty) {
    TestCountry country;
    const auto manifest = country.take("2018-03-31").value();
    EXPECT_EQ(manifest.find("landing")->records, 0);
    EXPECT_EQ(manifest.ledger_head, "");
}

// The last gate before the file: a pack that asks for a name must be refused, with all its faults.
TEST(Snapshot, RefusesDimensionsThatWouldTellWhoSomebodyIs) {
    TestCountry country;
    country.add(some_landings(country));
    auto& landing = country.landing();
    add_dimension(country.pack(), landing, "full_name", "person.names");
    add_dimension(country.pack(), landing, "note", "coalesce(remarks, 'none')");
    add_dimension(country.pack(), landing, "day", "date(landed_at)");
    add_dimension(country.pack(), landing, "time", "party");
    add_dimension(country.pack(), landing, "person__sex", "person.sex");
    add_dimension(country.pack(), landing, "lied_about", "point");
    landing.dimensions.back().expression =
        compile_on_columns(country.pack(), landing, "person.names");
    landing.dimensions.push_back(landing.dimensions[0]);
    landing.dimensions.back().sql_name = "any_text";
    landing.dimensions.back().codelist = nullptr;
    EXPECT_EQ(codes_of(country.take("2018-03-31")),
              (Rows{"snapshot.personal_dimension full_name", "snapshot.personal_dimension note",
                    "snapshot.dimension_type day", "snapshot.column_twice time",
                    "snapshot.column_twice person__sex", "snapshot.personal_dimension lied_about",
                    "snapshot.dimension_type point"}));
    EXPECT_FALSE(fs::exists(country.workspace().snapshots() / "2018-03-31"));
}

// A text that got into a coded column must not get out of the store, and the older snapshot stays.
TEST(Snapshot, ACodeOutsideItsListStopsItAndTheOlderOneStays) {
    TestCountry country;
    country.add(some_landings(country));
    const auto before = country.take("2018-03-31").value();
    country.add({country.landing_of(
                     {{"landed_at", moment("2018-03-01T10:00")}, {"point", text("Nara Oleaje")}}),
                 country.landing_of({{"landed_at", moment("2018-03-01T10:00")},
                                     {"services", Codes{"food", "tea"}}})});
    const auto refused = country.take("2018-03-31");
    EXPECT_EQ(codes_of(refused),
              (Rows{"snapshot.unknown_code point", "snapshot.unknown_code services"}));
    EXPECT_EQ(to_line(refused.error()[0]).find("Nara"), std::string::npos);
    EXPECT_EQ(load_manifest(before.directory)->files[0].digest, before.files[0].digest);
    for (const auto& entry : fs::directory_iterator(country.workspace().snapshots())) {
        EXPECT_FALSE(entry.path().filename().string().starts_with(".draft")) << entry.path();
    }
}

TEST(Snapshot, WhatACrashLeftBehindIsClearedAway) {
    TestCountry country;
    country.add(some_landings(country));
    const auto snapshots = country.workspace().snapshots();
    fs::create_directories(snapshots / ".draft-left");
    overwrite(snapshots / ".draft-left" / "landing.parquet", "half");
    EXPECT_EQ(codes_of(latest_snapshot(country.workspace())), Rows{"snapshot.none "});
    ASSERT_TRUE(country.take("2018-03-31").has_value());
    EXPECT_FALSE(fs::exists(snapshots / ".draft-left"));
}

TEST(Snapshot, OnlyOneIsTakenAtATime) {
    TestCountry country;
    {
        const auto lock = internal::FolderLock::take(country.workspace().snapshots());
        ASSERT_TRUE(lock.has_value());
        EXPECT_EQ(codes_of(country.take("2018-03-31")), Rows{"snapshot.in_progress "});
    }
    EXPECT_TRUE(country.take("2018-03-31").has_value());
}

TEST(Snapshot, ADamagedKeyIsNotReplaced) {
    TestCountry country;
    country.add(some_landings(country));
    overwrite(country.workspace().keys() / "pseudonyms.key", "not a key\n");
    EXPECT_EQ(codes_of(country.take("2018-03-31")), Rows{"snapshot.key_damaged "});
    EXPECT_EQ(bytes_of(country.workspace().keys() / "pseudonyms.key"), "not a key\n");
}

// The folder's path goes into SQL: a quote in it must stay a quote.
TEST(Snapshot, WorksInAFolderWithQuotes) {
    TestCountry country("it's; --");
    country.add(some_landings(country));
    EXPECT_EQ(country.take("2018-03-31")->find("landing")->records, 3);
}

TEST(LatestSnapshot, IsTheNewestNotAfterADay) {
    TestCountry country;
    EXPECT_EQ(codes_of(latest_snapshot(country.workspace())), Rows{"snapshot.none "});
    for (const auto* cutoff : {"2018-03-31", "2017-12-31", "2018-01-31"}) {
        ASSERT_TRUE(country.take(cutoff).has_value());
    }
    fs::create_directories(country.workspace().snapshots() / "2019-99-99");
    EXPECT_EQ(latest_snapshot(country.workspace())->cutoff.iso(), "2018-03-31");
    EXPECT_EQ(latest_snapshot(country.workspace(), Date::of(2018, 3, 30))->cutoff.iso(),
              "2018-01-31");
    EXPECT_EQ(codes_of(latest_snapshot(country.workspace(), Date::of(2017, 12, 30))),
              Rows{"snapshot.none "});
}

// A snapshot is evidence: whatever is done to it must show.
TEST(LoadManifest, ShowsEveryDamage) {
    TestCountry country;
    country.add(some_landings(country));
    const auto manifest = country.take("2018-03-31").value();
    const auto json = manifest.directory / "manifest.json";
    const auto good = bytes_of(json);
    const auto damage = [&](const std::string& from, const std::string& to) {
        auto bad = good;
        const auto at = bad.find(from);
        EXPECT_NE(at, bad.npos) << from;
        bad.replace(at, from.size(), to);
        overwrite(json, bad);
        const auto outcome = codes_of(load_manifest(manifest.directory));
        overwrite(json, good);
        return outcome;
    };
    const Rows damaged{"snapshot.damaged "};
    EXPECT_EQ(damage("landing.parquet", "../landing.parquet"), damaged);
    EXPECT_EQ(damage("landing.parquet", "visit.parquet"), damaged);
    EXPECT_EQ(damage("\"records\": 3", "\"records\": -3"), damaged);
    EXPECT_EQ(damage("\"records\": 3", "\"records\": \"3\""), damaged);
    EXPECT_EQ(damage("\"bytes\": ", "\"bytes\": 1"), damaged);
    EXPECT_EQ(damage("\"digest\": \"", "\"digest\": \"0"), damaged);
    EXPECT_EQ(damage("\"format\": 1", "\"format\": 2"), damaged);
    EXPECT_EQ(damage("2018-03-31", "2018-03-30"), damaged);
    EXPECT_EQ(damage("2018-03-31", "2018-02-31"), damaged);
    EXPECT_EQ(damage("false", "0"), damaged);
    EXPECT_EQ(damage("{", "["), damaged);
    ASSERT_TRUE(load_manifest(manifest.directory).has_value());

    const auto parquet = manifest.directory / "landing.parquet";
    auto bytes = bytes_of(parquet);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    overwrite(parquet, bytes);
    EXPECT_TRUE(load_manifest(manifest.directory).has_value());  // same size: found on opening
    EXPECT_EQ(codes_of(check_file(manifest, manifest.files[0])), damaged);
    overwrite(parquet, bytes.substr(1));
    EXPECT_EQ(codes_of(load_manifest(manifest.directory)), damaged);
    fs::remove(parquet);
    EXPECT_EQ(codes_of(load_manifest(manifest.directory)), damaged);
    EXPECT_EQ(codes_of(check_file(manifest, manifest.files[0])), damaged);
    fs::remove(json);
    EXPECT_EQ(codes_of(load_manifest(manifest.directory)), damaged);
    fs::remove_all(manifest.directory);
    EXPECT_EQ(codes_of(load_manifest(manifest.directory)), Rows{"snapshot.none "});
}

// SQL that people send must not reach beyond the one folder.
TEST(Engine, ReachesNothingOutsideItsFolder) {
    const TestFolder inside;
    const TestFolder outside;
    overwrite(outside.path() / "secret.csv", "a\n1\n");
    columnar::Engine engine({inside.path(), {}});
    EXPECT_THROW(
        engine.execute("SELECT * FROM read_csv(" +
                       columnar::quote_text((outside.path() / "secret.csv").string()) + ")"),
        IoFailure);
    EXPECT_THROW(
        engine.execute(
            "SELECT * FROM read_csv(" +
            columnar::quote_text(
                (inside.path() / ".." / outside.path().filename() / "secret.csv").string()) +
            ")"),
        IoFailure);
    EXPECT_THROW(engine.execute("COPY (SELECT 1) TO " +
                                columnar::quote_text((outside.path() / "out.csv").string())),
                 IoFailure);
    EXPECT_THROW(engine.execute("SET enable_external_access = true"), IoFailure);
    EXPECT_THROW(engine.execute("SET allowed_directories = ['/']"), IoFailure);
    EXPECT_THROW(engine.execute("INSTALL httpfs"), IoFailure);
    EXPECT_THROW(engine.execute("ATTACH '/' AS x"), IoFailure);
    EXPECT_EQ(engine.query_integer("SELECT 41 + 1::BIGINT"), 42);
}

// A landing of any kind on a day of 2018.
std::vector<Value> random_landing(TestCountry& country, std::mt19937& random) {
    const auto any = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    const char* points[] = {"west", "pier_of_the_long_west", "o'hara", "east"};
    const char* sexes[] = {"female", "male", "other"};
    auto values = country.landing_of(
        {{"landed_at", DateTime{Date::from_days(17532 + any(120)), 3600 * any(24)}},
         {"point", text(points[any(4)])},
         {"person.names", text(any(3) == 0 ? "Nara Oleaje" : "Ciro Bonanza")},
         {"person.birth", PartialDate{1980 + any(30), 1 + any(12), 1 + any(28)}},
         {"person.sex", any(5) == 0 ? Value(Missing::unknown) : text(sexes[any(3)])},
         {"accompanied", any(2) == 0}});
    if (any(4) == 0) values[country.landing().time_column] = Missing::absent;
    return values;
}

// Whoever counts must not be able to tell how a snapshot came about: amended, withdrawn and
// reinstated records, records beyond the cut-off and back, cut-offs that move.
TEST(Snapshot, BuiltOnAnEarlierOneHasTheSameBytes) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        std::mt19937 random(seed);
        TestCountry country;
        struct Kept {
            std::int64_t revision = 1;
            bool withdrawn = false;
        };
        std::vector<Kept> kept;
        auto cutoff = *Date::of(2018, 1, 20);
        for (int round = 0; round < 12; ++round) {
            std::vector<std::vector<Value>> fresh(random() % 4 + (round == 0 ? 20 : 0));
            for (auto& landing : fresh) landing = random_landing(country, random);
            if (!fresh.empty()) country.add(fresh);
            kept.resize(kept.size() + fresh.size());
            for (auto acts = random() % 5; acts > 0; --acts) {
                const auto number = random() % kept.size();
                auto& record = kept[number];
                const char* act = record.withdrawn    ? "reinstate"
                                  : random() % 3 == 0 ? "withdraw"
                                                      : "amend";
                record.withdrawn = act == std::string("withdraw");
                country.revise(static_cast<int>(number) + 1, ++record.revision, act,
                               random_landing(country, random));
            }
            if (random() % 3 == 0) cutoff = Date::from_days(cutoff.days_since_1970() + 9);
            const auto built = country.take(cutoff.iso()).value();
            const auto bytes = bytes_of(built.directory / "landing.parquet");
            const auto read = country.take(cutoff.iso(), From::scratch).value();
            SCOPED_TRACE(fmt::format("seed {}, round {}", seed, round));
            ASSERT_EQ(bytes, bytes_of(read.directory / "landing.parquet"));
            const auto &one = *built.find("landing"), &other = *read.find("landing");
            EXPECT_EQ(one.records, other.records);
            EXPECT_EQ(one.persons, other.persons);
            EXPECT_EQ(one.later, other.later);
            EXPECT_EQ(one.digest, other.digest);
        }
    }
}

TEST(Snapshot, SharesTheFileOfARegisterWithoutChanges) {
    TestCountry country;
    country.add(some_landings(country));
    const auto first = country.take("2018-03-31").value();
    EXPECT_EQ(first.find("landing")->later, 0);
    const auto second = country.take("2018-04-30").value();
    EXPECT_TRUE(
        fs::equivalent(first.directory / "landing.parquet", second.directory / "landing.parquet"));
    EXPECT_EQ(second.find("landing")->digest, first.find("landing")->digest);
    // One that says nothing of the records it left out, or is of other definitions, is no start.
    country.pack().digest = "d2";
    const auto third = country.take("2018-05-31").value();
    EXPECT_FALSE(
        fs::equivalent(second.directory / "landing.parquet", third.directory / "landing.parquet"));
}

// Under another key everybody has another pseudonym: the two may not stand in one file.
TEST(Snapshot, IsNotBuiltOnOneOfOtherPseudonyms) {
    TestCountry country;
    country.add(some_landings(country));
    const auto first = country.take("2018-03-31").value();
    const auto key_of = [](const Manifest& manifest) {
        return rows_of(manifest, "SELECT max(person_key)").front();
    };
    const auto before = key_of(first);
    fs::remove(country.workspace().keys() / "pseudonyms.key");
    const auto second = country.take("2018-04-30").value();
    EXPECT_NE(key_of(second), before);
    const auto third = country.take("2018-05-31", From::scratch).value();
    EXPECT_EQ(bytes_of(second.directory / "landing.parquet"),
              bytes_of(third.directory / "landing.parquet"));
}

// A damaged file must not live on in the next snapshot.
TEST(Snapshot, IsNotBuiltOnADamagedOne) {
    TestCountry country;
    country.add(some_landings(country));
    const auto first = country.take("2018-03-31").value();
    auto bytes = bytes_of(first.directory / "landing.parquet");
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    overwrite(first.directory / "landing.parquet", bytes);
    const auto second = country.take("2018-04-30").value();
    EXPECT_EQ(second.find("landing")->digest, first.find("landing")->digest);
    EXPECT_TRUE(check_file(second, *second.find("landing")));
}

}  // namespace
}  // namespace amate::snapshot
