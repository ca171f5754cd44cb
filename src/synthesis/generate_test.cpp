// SPDX-License-Identifier: Apache-2.0
// Invented files hold what their plans say, byte for byte the same; wrong plans are told of.
#include "synthesis/generate.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "core/csv.hpp"
#include "core/text.hpp"
#include "definitions/homologation.hpp"
#include "definitions/pack.hpp"
#include "synthesis/internal/noise.hpp"
#include "synthesis/internal/plan.hpp"

namespace amate::synthesis {
namespace {

namespace fs = std::filesystem;
using Row = std::map<std::string, std::string>;

std::string read_text(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// A copy of the demo pack that a test may spoil, and a folder for files.
class Synthesis : public testing::Test {
protected:
    Synthesis() : folder_(fs::temp_directory_path() / ("amate-synth-" + crypto::make_uuid_v7(0))) {
        fs::create_directories(folder_);
        fs::copy(fs::path(AMATE_ROOT) / "packs/demo", folder_ / "pack",
                 fs::copy_options::recursive);
    }
    ~Synthesis() override { fs::remove_all(folder_); }

    void write_plan(const std::string& source, const std::string& text) {
        std::ofstream(folder_ / "pack/synthesis" / (source + ".yaml")) << text;
    }

    Result<std::vector<SynthesisFile>> run(double scale, std::uint64_t seed, const char* out,
                                           bool truth = false) {
        auto pack = definitions::load_pack(folder_ / "pack");
        if (!pack) return fail(pack.error());
        pack_ = std::move(*pack);
        NoProgress silent;
        return generate(*pack_, {scale, seed, folder_ / out, truth}, silent);
    }

    // The person of each row of a file of the folder "out".
    std::vector<std::string> truth_of(const std::string& source_name) {
        std::vector<std::string> persons;
        auto reader = CsvReader::open(folder_ / "out/truth" / (source_name + ".csv"), {});
        AMATE_CHECK(reader.has_value());
        for (CsvRow row; reader->next(row).value();) {
            if (row.line > 1) persons.push_back(row.cells.at(1));
        }
        return persons;
    }

    // The rows of a file, by header, as the source writes them (UTF-8).
    std::vector<Row> rows_of(const std::string& source_name, const char* out) {
        const auto* source = pack_->find_source(source_name);
        CsvFormat format;
        format.delimiter = source->delimiter;
        format.encoding = source->encoding;
        auto reader = CsvReader::open(folder_ / out / (source_name + ".csv"), format);
        AMATE_CHECK(reader.has_value());
        CsvRow header;
        AMATE_CHECK(reader->next(header).value_or(false));
        std::vector<Row> rows;
        for (CsvRow row; reader->next(row).value();) {
            Row cells;
            for (std::size_t i = 0; i < row.cells.size(); ++i) {
                cells[header.cells[i]] = row.cells[i];
            }
            rows.push_back(std::move(cells));
        }
        return rows;
    }

    fs::path folder_;
    std::unique_ptr<const definitions::Pack> pack_;
};

// The bytes must not hang on the machine: these are the numbers of the published generator.
TEST(SynthesisRandom, IsSplitMix64) {
    internal::Random random(1234567);
    for (const std::uint64_t expected :
         {6457827717110365317ULL, 3203168211198807973ULL, 9817491932198370423ULL}) {
        EXPECT_EQ(random.next(), expected);
    }
}

TEST(SynthesisRandom, NeverChoosesWhatWeighsNothing) {
    internal::Random random(5);
    const internal::Chooser chooser({0, 1, 0, 3, 0});
    std::map<std::size_t, int> counts;
    for (int i = 0; i < 4000; ++i) ++counts[chooser.choose(random)];
    EXPECT_EQ(counts.size(), 2U);
    EXPECT_NEAR(counts[3], 3000, 150);
    EXPECT_FALSE(internal::Chooser({0, 0}).ok());
}

// Somebody who repeats a demonstration must see the same people and numbers again.
TEST_F(Synthesis, SameSeedSameBytes) {
    const auto once = run(1, 5, "a");
    const auto again = run(1, 5, "b");
    const auto other = run(1, 6, "c");
    ASSERT_TRUE(once && again && other);
    ASSERT_EQ(once->size(), 3U);
    for (std::size_t i = 0; i < once->size(); ++i) {
        EXPECT_EQ(read_text((*once)[i].file), read_text((*again)[i].file));
        EXPECT_NE(read_text((*once)[i].file), read_text((*other)[i].file));
    }
}

// Figures of the demo are counted from these files, so the groups must be exact.
TEST_F(Synthesis, GroupsAreExactAtScaleOne) {
    ASSERT_TRUE(run(1, 3, "out"));
    std::map<std::string, int> counts;
    for (const auto& row : rows_of("coast_guard_landings", "out")) {
        const auto& when = row.at("FECHA");
        if (when.substr(6, 4) == "2017") ++counts[row.at("MODALIDAD") + row.at("SEXO")];
        if (row.at("ACOMPAÑADO") == "NO") ++counts["alone"];
        EXPECT_EQ(row.at("CAPTURISTA"), "");
    }
    EXPECT_EQ(counts["ASISTIDOM"], 150);
    EXPECT_EQ(counts["ASISTIDOH"], 250);
    EXPECT_EQ(counts["PROPIOM"], 100);
    EXPECT_EQ(counts["PROPIOH"], 160);
    EXPECT_EQ(counts["alone"], 12);
}

TEST_F(Synthesis, ScalesGroupsInARowTogetherAndLeavesNoneEmpty) {
    internal::Plan plan;
    for (const std::int64_t records : {100, 55, 45, 3}) {
        plan.groups.emplace_back().records = records;
    }
    EXPECT_EQ(internal::scaled_records(plan, 1), (std::vector<std::int64_t>{100, 55, 45, 3}));
    EXPECT_EQ(internal::scaled_records(plan, 0.1), (std::vector<std::int64_t>{10, 6, 4, 1}));
    EXPECT_EQ(internal::scaled_records(plan, 0.001), (std::vector<std::int64_t>{1, 1, 1, 1}));
    EXPECT_EQ(internal::scaled_records(plan, 2), (std::vector<std::int64_t>{200, 110, 90, 6}));
    plan.groups[1].whole = true;
    EXPECT_EQ(internal::scaled_records(plan, 0.1), (std::vector<std::int64_t>{10, 55, 5, 1}));
}

// Nobody who looks at a demonstration waits for what is only long.
TEST_F(Synthesis, ADemonstrationHasAShareOfTheLargestFiles) {
    const auto plan = read_text(folder_ / "pack/synthesis/ferry_passengers.yaml");
    write_plan("ferry_passengers", plan + "\ndemonstration: 0.1\n");
    ASSERT_TRUE(run(1, 3, "whole"));
    NoProgress silent;
    const auto files = generate(*pack_, {1, 3, folder_ / "shown", false, true}, silent);
    ASSERT_TRUE(files);
    EXPECT_NEAR(static_cast<double>(rows_of("ferry_passengers", "shown").size()),
                static_cast<double>(rows_of("ferry_passengers", "whole").size()) / 10, 2);
    EXPECT_EQ(rows_of("help_desk_log", "shown").size(), rows_of("help_desk_log", "whole").size());
}

// Sums that a figure reports must come out to the unit at any scale, and every record has its part.
TEST_F(Synthesis, TotalsComeOutExactlyAndCoveredCodesAllOccur) {
    write_plan("help_desk_log", R"(source: help_desk_log
groups:
  - {records: 90, from: 2017-01-01, to: 2017-06-30, set: {office: capital},
     draw: {minutes: {total: 1234}}}
  - {records: 10, from: 2017-01-01, to: 2017-06-30, set: {office: hill_town},
     draw: {minutes: {total: 345}}, cover: [topic]}
  - {records: 3, from: 2017-01-01, to: 2017-06-30, set: {office: port_town}, whole: true,
     draw: {minutes: {total: 3}}}
draw:
  channel:  {weights: {window: 1}}
  topic:    {weights: {residence_card: 100000, birth_record: 1, job_search: 1, wage_claim: 1}}
  resolved: {chance: 0.7}
)");
    for (const auto& [scale, capital, hill] :
         {std::tuple(1.0, 1234, 345), std::tuple(0.5, 617, 173)}) {
        ASSERT_TRUE(run(scale, 3, "out"));
        std::map<std::string, int> minutes, records;
        std::set<std::string> topics, sizes;
        const auto* source = pack_->find_source("help_desk_log");
        const auto& register_ = *pack_->find_register(source->register_name);
        std::map<std::string, std::string> headers;
        for (const auto& column : source->columns) {
            headers[register_.columns[column.column].name] = column.header;
        }
        for (const auto& row : rows_of("help_desk_log", "out")) {
            const auto& office = row.at(headers.at("office"));
            minutes[office] += std::stoi(row.at(headers.at("minutes")));
            ++records[office];
            if (minutes.size() == 2) topics.insert(row.at(headers.at("topic")));
            if (minutes.size() == 1) sizes.insert(row.at(headers.at("minutes")));
        }
        std::multiset<int> sums, counts;
        for (const auto& [office, sum] : minutes) sums.insert(sum);
        for (const auto& [office, count] : records) counts.insert(count);
        EXPECT_EQ(sums, (std::multiset<int>{3, hill, capital}));
        EXPECT_TRUE(counts.contains(3)) << "a whole group is not scaled";
        EXPECT_EQ(topics.size(), 4U);
        EXPECT_GT(sizes.size(), 5U) << "shares differ from record to record";
    }
}

TEST_F(Synthesis, SomePersonsComeAgainAndNewOnesAreNew) {
    ASSERT_TRUE(run(10, 3, "out"));
    std::map<std::string, int> times;
    const auto rows = rows_of("ferry_passengers", "out");
    for (const auto& row : rows) ++times[row.at("passenger") + row.at("born") + row.at("sex")];
    const auto repeats = static_cast<double>(rows.size() - times.size());
    EXPECT_NEAR(repeats / static_cast<double>(rows.size()), 0.2, 0.03);
    std::set<std::string> documents;
    const auto landings = rows_of("coast_guard_landings", "out");
    for (const auto& row : landings) documents.insert(row.at("DOCUMENTO"));
    EXPECT_EQ(documents.size(), landings.size());
}

// `measure: persons` counts exactly what a group says when nobody in it comes again.
TEST_F(Synthesis, AGroupThatRepeatsNobodyHasOnlyNewPersons) {
    write_plan("ferry_passengers", R"(source: ferry_passengers
groups:
  - {records: 500, from: 2015-01-01, to: 2015-12-31}
  - {records: 400, from: 2016-01-01, to: 2016-12-31, repeat_persons: 0}
draw:
  point: {weights: {long_pier: 1}}
  person.names: {names: true}
  person.birth: {ages: {"18-19": 1}}
  person.sex: {weights: {male: 1}}
repeat_persons: 0.9
)");
    ASSERT_TRUE(run(1, 3, "out"));
    std::set<std::string> persons;
    for (const auto& row : rows_of("ferry_passengers", "out")) {
        if (row.at("arrival").starts_with("2016")) {
            persons.insert(row.at("passenger") + row.at("born"));
        }
    }
    EXPECT_EQ(persons.size(), 400U);
}

// 29 February is where ages go wrong; a child must not become an adult by it.
TEST_F(Synthesis, AgesHoldOnLeapDays) {
    for (const char* day : {"2016-02-29", "2015-03-01", "2016-12-31"}) {
        write_plan("ferry_passengers", fmt::format(R"(source: ferry_passengers
groups: [{{records: 300, from: {0}, to: {0}, set: {{person.sex: male}}}}]
draw:
  point: {{weights: {{long_pier: 1}}}}
  person.birth: {{ages: {{"17": 1, "24": 1, "80+": 1}}}}
  accompanied: {{chance: 1}}
)",
                                                   day));
        const auto made = run(1, 3, "out");
        ASSERT_TRUE(made) << to_line(made.error().front());
        const auto at = *Date::parse(day);
        for (const auto& row : rows_of("ferry_passengers", "out")) {
            const auto age = age_years(*PartialDate::parse(row.at("born")), at);
            ASSERT_TRUE(age.has_value());
            EXPECT_TRUE(*age == 17 || *age == 24 || (*age >= 80 && *age <= 90)) << *age;
            // Not relevant for adults: left empty ("-" is one of the source's empty values).
            EXPECT_EQ(row.at("with_adult") == "true", *age == 17);
        }
    }
}

struct WrongPlan {
    std::string text;
    const char* says;
    bool at_its_line = true;  // else the fault is the group's
};

// Plans are written by hand: each slip must be told where it stands, all of them at once.
TEST_F(Synthesis, WrongPlansAreToldOfWhereTheyAreWrong) {
    const std::string point = "  point: {weights: {long_pier: 1}}\n";
    const std::string sex = "  person.sex: {weights: {male: 1}}\n";
    const std::string groups = "groups: [{records: 5, from: 2016-01-01, to: 2016-01-31}]\n";
    const WrongPlan cases[] = {
        {"drawn: {}\n", "did you mean `draw`"},
        {"repeat_persons: 2\n", "`2` is not a number from 0"},
        {"months: [1, 2]\n", "twelve weights"},
        {"months: [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n", "leaves no day", false},
        {"  pint: {weights: {long_pier: 1}}\n", "did you mean `point`"},
        {"  point: {weights: {long_peer: 1}}\n", "did you mean `long_pier`"},
        {"  person.sex: {weights: {male: many}}\n", "`many` is not a number"},
        {"  person.sex: {weights: {male: -1}}\n", "`-1` is not a number"},
        {"  person.sex: {weights: {male: 0}}\n", "no weight is above zero"},
        {"  person.birth: {ages: {\"12-3\": 1}}\n", "are no ages"},
        {"  landed_at: {hours: {\"20-25\": 1}}\n", "not hours from 0 to 23"},
        {"  landed_at: {weights: {\"2016-01-01T10:00\": 1}}\n", "takes `hours` alone"},
        {"  person.names: {serial: \"P{n}\"}\n", "has no {seq:N}"},
        {"  services: {chances: {food: 1.5}}\n", "not a number from 0 to 1"},
        {"  services: {chance: 0.5}\n", "does not invent a codes field"},
        {"  person.birth: {names: true}\n", "does not invent a partial_date field"},
        {"  party_size: {weights: {\"3\": 1}}\n", "does not carry party_size"},
        {"  services: {}\n", "in exactly one way"},
        {"  services: {total: 5}\n", "does not invent a codes field"},
    };
    for (const auto& wrong : cases) {
        std::string text = "source: ferry_passengers\ndraw:\n";
        if (!wrong.text.starts_with("  point")) text += point;
        if (!wrong.text.starts_with("  person.sex")) text += sex;
        const auto line = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
        write_plan("ferry_passengers", text + wrong.text + groups);
        const auto made = run(1, 1, "out");
        ASSERT_FALSE(made) << wrong.text;
        const auto& problem = made.error().front();
        const auto told = to_line(problem);
        EXPECT_NE(told.find(wrong.says), std::string::npos) << told;
        EXPECT_EQ(problem.code, "synthesis.bad_plan") << told;
        EXPECT_TRUE(problem.place.file.ends_with("ferry_passengers.yaml")) << told;
        if (wrong.at_its_line) EXPECT_EQ(problem.place.line, line) << told;
        EXPECT_FALSE(fs::exists(folder_ / "out"));
    }
}

TEST_F(Synthesis, WrongGroupsAreToldOfWhereTheyAreWrong) {
    const std::string draw = "draw: {point: {weights: {long_pier: 1}}}\n";
    const std::pair<const char*, const char*> cases[] = {
        {"", "`groups` is missing"},
        {"groups: [{from: 2016-01-01, to: 2016-01-31}]\n", "`records` is missing"},
        {"groups: [{records: 0, from: 2016-01-01, to: 2016-01-31}]\n", "whole number"},
        {"groups: [{records: 2.5, from: 2016-01-01, to: 2016-01-31}]\n", "whole number"},
        {"groups: [{records: 5, from: 2016-02-30, to: 2016-03-31}]\n", "not a date"},
        {"groups: [{records: 5, from: 2016-03-01, to: 2016-01-31}]\n", "not before `from`"},
        {"groups: [{records: 5, from: 2016-01-01, to: 2016-01-31, sets: {}}]\n",
         "did you mean `set`"},
        {"groups: [{records: 5, from: 2016-01-01, to: 2016-01-31, set: {landed_at: x}}]\n",
         "given by `from` and `to`"},
        {"groups: [{records: 5, from: 2016-01-01, to: 2016-01-31}]\n",
         "person.sex is required and nobody invents it"},
        {"groups: [{records: 5, from: 2016-01-01, to: 2016-01-31, set: {modality: assisted}}]\n",
         "does not carry modality"},
        {"groups: [{records: 5, from: 2016-01-01, to: 2016-01-31, whole: maybe}]\n",
         "`whole` is true or false"},
        {"groups: [{records: 5, from: 2016-01-01, to: 2016-01-31, cover: [services]}]\n",
         "and services is not"},
    };
    for (const auto& [groups, says] : cases) {
        write_plan("ferry_passengers", "source: ferry_passengers\n" + draw + groups);
        const auto made = run(1, 1, "out");
        ASSERT_FALSE(made) << groups;
        std::string told;
        for (const auto& problem : made.error()) told += to_line(problem) + "\n";
        EXPECT_NE(told.find(says), std::string::npos) << told;
    }
}

// What the file cannot say must not be drawn: ingest would see something else, or refuse it.
TEST_F(Synthesis, ACodeTheFileCannotWriteIsToldOf) {
    write_plan("coast_guard_landings", R"(source: coast_guard_landings
groups: [{records: 5, from: 2016-01-01, to: 2016-01-31, set: {person.sex: male}}]
draw:
  point: {weights: {long_pier: 1}}
  modality: {weights: {ferry: 1}}
)");
    const auto made = run(1, 1, "out");
    ASSERT_FALSE(made);
    EXPECT_NE(to_line(made.error().front()).find("no way to write `ferry` in MODALIDAD"),
              std::string::npos)
        << to_line(made.error().front());
}

// A plan against the register's rules must end at once, naming group and rule.
TEST_F(Synthesis, ARefusedRecordNamesGroupAndRule) {
    write_plan("ferry_passengers", R"(source: ferry_passengers
groups:
  - {records: 5, from: 2016-01-01, to: 2016-01-31, set: {point: long_pier}}
  - {records: 5, from: 2016-01-01, to: 2016-01-31, set: {point: dune_gate}}
draw: {person.sex: {weights: {male: 1}}}
)");
    const auto made = run(1, 1, "out");
    ASSERT_FALSE(made);
    ASSERT_EQ(made.error().size(), 1U);
    const auto& problem = made.error().front();
    EXPECT_EQ(problem.code, "synthesis.record_refused");
    EXPECT_EQ(problem.parameters.at("group"), "2");
    EXPECT_EQ(problem.place.line, 4);
    EXPECT_NE(text_of(problem, "es").find("Ningún transbordador"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder_ / "out/ferry_passengers.csv"));
    EXPECT_FALSE(fs::exists(folder_ / "out/ferry_passengers.csv.part"));
}

TEST_F(Synthesis, PersonsThatRunOutAreToldOf) {
    std::ofstream(folder_ / "pack/synthesis/names.csv")
        << "kind,name,weight\ngiven_female,Ola,1\ngiven_male,Mar,1\nfamily,Arena,1\n";
    write_plan("coast_guard_landings", R"(source: coast_guard_landings
groups: [{records: 5000, from: 2016-01-01, to: 2016-01-01, set: {person.sex: male}}]
draw:
  point: {weights: {long_pier: 1}}
  modality: {weights: {assisted: 1}}
  person.names: {names: true}
  person.birth: {ages: {"30": 1}}
)");
    const auto made = run(1, 1, "out");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().front().code, "synthesis.persons_exhausted");
}

TEST_F(Synthesis, AFolderThatCannotBeWrittenIsAProblem) {
    std::ofstream(folder_ / "out") << "a file where a folder should be";
    const auto made = run(1, 1, "out");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().front().code, "core.file_unwritable");
}

constexpr const char* kFerryName = "passenger";

// The plan of the ferry with `more` under it.
std::string ferry_plan(const std::string& more) {
    return "source: ferry_passengers\n"
           "groups:\n"
           "  - {records: 400, from: 2016-01-01, to: 2016-12-31}\n"
           "draw:\n"
           "  point:        {weights: {long_pier: 1}}\n"
           "  person.names: {names: true}\n"
           "  person.birth: {ages: {\"18-29\": 1, \"30-59\": 1, \"60+\": 1}}\n"
           "  person.sex:   {weights: {male: 1, female: 1}}\n" +
           more;
}

// Linkage is measured against this: who comes in two files must be one person in truth, and be
// written down alike where nothing is spoilt.
TEST_F(Synthesis, PersonsComeAgainInAnotherFile) {
    write_plan("ferry_passengers", ferry_plan("known_persons: {coast_guard_landings: 0.5}\n"));
    ASSERT_TRUE(run(1, 3, "out", true));
    std::map<std::string, std::string> names;  // person -> as the coast guard writes it
    const auto guard = rows_of("coast_guard_landings", "out");
    const auto guard_truth = truth_of("coast_guard_landings");
    ASSERT_EQ(guard.size(), guard_truth.size());
    for (std::size_t i = 0; i < guard.size(); ++i) names[guard_truth[i]] = guard[i].at("NOMBRE");
    const auto ferry = rows_of("ferry_passengers", "out");
    const auto ferry_truth = truth_of("ferry_passengers");
    ASSERT_EQ(ferry.size(), ferry_truth.size());
    int known = 0;
    for (std::size_t i = 0; i < ferry.size(); ++i) {
        const auto found = names.find(ferry_truth[i]);
        if (found == names.end()) continue;
        ++known;
        EXPECT_EQ(fold(ferry[i].at(kFerryName)), fold(found->second));
    }
    EXPECT_NEAR(known, 200, 40);
}

TEST_F(Synthesis, FamiliesBearTheSameNames) {
    const auto alike = [&] {
        int count = 0;
        std::string before;
        for (const auto& row : rows_of("ferry_passengers", "out")) {
            const auto& name = row.at(kFerryName);
            const auto family = name.substr(name.rfind(' '));
            if (family == before) ++count;
            before = family;
        }
        return count;
    };
    write_plan("ferry_passengers", ferry_plan(""));
    ASSERT_TRUE(run(1, 3, "out"));
    const int apart = alike();
    write_plan("ferry_passengers", ferry_plan("families: 0.5\n"));
    ASSERT_TRUE(run(1, 3, "out"));
    EXPECT_GT(alike(), apart + 120);
}

// Noise is for linkage: it must spoil names and leave every count as it was.
TEST_F(Synthesis, NoiseSpoilsNamesAndNoFigure) {
    write_plan("ferry_passengers", ferry_plan(""));
    ASSERT_TRUE(run(1, 3, "clean"));
    write_plan("ferry_passengers",
               ferry_plan("noise: {spelling: 0.3, foreign_spelling: 0.3, birth: 0.5, "
                          "alike: {b: v, z: s}}\n"));
    ASSERT_TRUE(run(1, 3, "out"));
    const auto spoilt = rows_of("ferry_passengers", "out");
    EXPECT_EQ(spoilt.size(), rows_of("ferry_passengers", "clean").size());
    int capitals = 0;
    for (const auto& row : spoilt) {
        const auto& name = row.at(kFerryName);
        EXPECT_FALSE(name.empty());
        if (std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
            ++capitals;
        }
    }
    EXPECT_NEAR(capitals, 120, 40);
}

TEST(SynthesisNoise, KeepsAgesAndWholeLetters) {
    internal::Random random(8);
    const auto at = *Date::of(2018, 6, 30);
    int changed = 0;
    for (int i = 0; i < 3000; ++i) {
        const PartialDate born{random.between(1930, 2018), random.between(1, 12),
                               random.between(1, 28)};
        auto birth = born;
        internal::spoil_birth(random, at, birth);
        EXPECT_EQ(age_years(birth, at), age_years(born, at));
        changed += birth == born ? 0 : 1;
        internal::Noise noise;
        noise.alike = {{"b", "v"}, {"ñ", "n"}};
        std::string name = "Íñigo Núñez Bobadilla";
        internal::misspell(noise, random, name);
        EXPECT_FALSE(find_invalid_utf8(name)) << i;
    }
    EXPECT_GT(changed, 1000);
    std::set<std::string> abroad;
    for (int i = 0; i < 60; ++i) {
        abroad.insert(internal::spell_abroad(random, {"Nara", "del Oleaje", "Mareña"}));
    }
    EXPECT_EQ(abroad, (std::set<std::string>{"NARA DEL OLEAJE", "NARA DELOLEAJE",
                                             "NARA DEL OLEAJE-MARENA"}));
    std::string accents = "Íñigo Núñez Bobadilla";
    internal::drop_accents(accents);
    EXPECT_EQ(accents, "Iñigo Nuñez Bobadilla");
}

TEST_F(Synthesis, WrongPersonsAreToldOf) {
    write_plan("ferry_passengers",
               ferry_plan("known_persons: {coast_guard_landing: 0.5, ferry_passengers: 0.1}\n"
                          "families: 2\n"
                          "noise: {speling: 1, alike: {b: b}}\n"));
    const auto done = run(1, 3, "out");
    ASSERT_FALSE(done);
    std::string told;
    for (const auto& problem : done.error()) told += to_line(problem) + "\n";
    EXPECT_NE(told.find("did you mean `coast_guard_landings`"), told.npos) << told;
    EXPECT_EQ(done.error().size(), 5U) << told;
}

TEST_F(Synthesis, PersonsOfACircleAreToldOf) {
    write_plan("ferry_passengers", ferry_plan("known_persons: {coast_guard_landings: 0.1}\n"));
    std::ofstream(folder_ / "pack/synthesis/coast_guard_landings.yaml", std::ios::app)
        << "known_persons: {ferry_passengers: 0.1}\n";
    const auto done = run(1, 3, "out");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().front().code, "synthesis.bad_plan");
}

}  // namespace
}  // namespace amate::synthesis
