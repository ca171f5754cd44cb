// SPDX-License-Identifier: Apache-2.0
// Holds that a figure is asked of the registers as its indicator means it, or says why it cannot
// be.
#include "followup/figures.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "followup/test_pack.hpp"
#include "columnar/engine.hpp"

namespace amate::followup {
namespace {

using testing::add_landings;
using testing::make_pack;

std::string where_of(const char* disaggregation) {
    const auto pack = make_pack({{"F1", "5", disaggregation}});
    add_landings(*pack, {"F1"});
    const auto request = request_for(*pack, pack->indicators[0], pack->figures[0]);
    if (!request) return to_line(request.error().front());
    return request->where.empty() ? "" : request->where.source();
}

// Why: a wrong condition would count other people and look as sound as the right one.
TEST(RequestFor, TurnsKeysIntoConditions) {
    EXPECT_EQ(where_of(""), "");
    EXPECT_EQ(where_of("point=north"), "point = 'north'");
    EXPECT_EQ(where_of("accompanied=no"), "not accompanied");
    EXPECT_EQ(where_of("accompanied=yes;point=south"), "accompanied and point = 'south'");
    EXPECT_EQ(where_of("service=north"), "selected(services, 'north')");
    EXPECT_EQ(where_of("boats=2"), "boats = 2");
}

TEST(RequestFor, LeavesOutRemarksAndYears) {
    EXPECT_EQ(where_of("year=2017;asof=report;bound=more_than;kind=rule;stat=mean"), "");
}

TEST(RequestFor, RefusesAKeyNobodyMapped) {
    const auto pack = make_pack({{"F1", "5", "colour=blue;smell=salt"}});
    add_landings(*pack, {"F1"});
    const auto request = request_for(*pack, pack->indicators[0], pack->figures[0]);
    ASSERT_FALSE(request);
    ASSERT_EQ(request.error().size(), 2U);  // all of them, not the first
    EXPECT_EQ(request.error()[0].code, "followup.key_without_dimension");
    EXPECT_EQ(request.error()[1].parameters.at("key"), "smell");
}

TEST(RequestFor, JoinsTheIndicatorsOwnCondition) {
    const auto pack = make_pack({{"F1", "5", "point=north"}});
    add_landings(*pack, {"F1"});
    auto where = definitions::compile("boats > 1 or accompanied",
                                      pack->registers[0]->statistics_environment, {});
    ASSERT_TRUE(where);
    pack->indicators[0].where = *where;
    const auto request = request_for(*pack, pack->indicators[0], pack->figures[0]);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->where.source(), "(boats > 1 or accompanied) and point = 'north'");
}

TEST(RequestFor, CountsThePeriodOfTheFigure) {
    const auto pack = make_pack(
        {{"F1", "5", "", "", "count", "persons", "2018-01-01", "", "2018-06-30"}, {"F2", "5"}});
    add_landings(*pack, {"F1", "F2"});
    const auto dated = request_for(*pack, pack->indicators[0], pack->figures[0]);
    ASSERT_TRUE(dated);
    EXPECT_EQ(dated->period.first, Date::of(2018, 1, 1));
    EXPECT_EQ(dated->period.last, Date::of(2018, 6, 30));
    const auto undated = request_for(*pack, pack->indicators[0], pack->figures[1]);
    ASSERT_TRUE(undated);
    EXPECT_EQ(undated->period.first, std::nullopt);
    EXPECT_EQ(undated->period.last, Date::of(2018, 9, 3));  // of the document
}

// A snapshot of the register `landing`, in a folder of its own that goes with it.
struct TestSnapshot {
    snapshot::Manifest manifest;

    TestSnapshot(const std::string& name, Date cutoff) {
        manifest.cutoff = cutoff;
        manifest.directory = std::filesystem::temp_directory_path() / ("amate-followup-" + name);
        std::filesystem::create_directories(manifest.directory);
    }
    ~TestSnapshot() { std::filesystem::remove_all(manifest.directory); }
    TestSnapshot(const TestSnapshot&) = delete;
    TestSnapshot& operator=(const TestSnapshot&) = delete;

    // Two records north (one of 2017, one of 2018), one south of 2018.
    void write_landings() {
        const auto file = manifest.directory / "landing.parquet";
        columnar::Engine engine({manifest.directory, {}, 256});
        engine.execute(
            "COPY (SELECT * FROM (VALUES "
            "('north', true, 'north;south', 1::BIGINT, DATE '2017-03-01', 'p1'), "
            "('north', false, '', 2::BIGINT, DATE '2018-03-01', 'p1'), "
            "('south', true, 'south', 1::BIGINT, DATE '2018-05-01', 'p2')) "
            "t(point, accompanied, services, boats, time, person_key)) TO " +
            columnar::quote_text(file.string()) + " (FORMAT parquet)");
        snapshot::SnapshotFile written;
        written.register_name = "landing";
        written.file = "landing.parquet";
        written.digest = crypto::to_hex(crypto::digest_of_file(file));
        written.bytes = static_cast<std::int64_t>(std::filesystem::file_size(file));
        written.records = 3;
        written.persons = 2;
        manifest.files.push_back(written);
    }
};

// Why: this is the promise itself: the number in the report is the count of the records.
TEST(ComputeFigures, CountsTheRecordsOfTheSnapshot) {
    const auto pack =
        make_pack({{"F1", "2", "", "", "count", "persons", "2018-01-01", "2018-06-30"},
                   {"F2", "1", "point=north", "", "count", "persons", "2018-01-01", "2018-06-30"},
                   {"F3", "5", "service=south", "", "count", "persons", "", "2018-06-30"},
                   {"F4", "1", "year=2017;accompanied=yes", "", "count", "persons", "2017-01-01",
                    "2017-12-31"},
                   {"F5", "9"}});
    add_landings(*pack, {"F1", "F2", "F3", "F4"});
    TestSnapshot snapshot("counts", *Date::of(2018, 12, 31));
    snapshot.write_landings();
    statistics::Tabulator tabulator(snapshot.manifest);
    const auto states = compute_figures(*pack, &snapshot.manifest, &tabulator);
    ASSERT_TRUE(states);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ((*states)[i].why_not, "") << i;
    EXPECT_EQ((*states)[0].computed, 2);
    EXPECT_EQ((*states)[0].cutoff, Date::of(2018, 6, 30));  // the figure's, earlier
    EXPECT_NE((*states)[0].sql.find("2018-06-30"), std::string::npos);
    EXPECT_EQ((*states)[1].computed, 1);
    EXPECT_EQ((*states)[2].computed, 2);
    EXPECT_EQ((*states)[2].difference(), -3);
    EXPECT_EQ((*states)[3].computed, 1);
    EXPECT_EQ((*states)[4].how, How::reported_only);
}

// Why: without a snapshot a figure must stay what was reported, and say so.
TEST(ComputeFigures, SaysWhyNothingIsCounted) {
    const auto pack = make_pack({{"F1", "5"}, {"F2", "7"}});
    add_landings(*pack, {"F1"});
    const auto states = compute_figures(*pack, nullptr, nullptr);
    ASSERT_TRUE(states);
    ASSERT_EQ(states->size(), 2U);
    EXPECT_EQ((*states)[0].how, How::not_computable);
    EXPECT_EQ((*states)[0].obstacle->code, "followup.no_snapshot");
    EXPECT_FALSE((*states)[0].why_not.empty());
    EXPECT_EQ((*states)[1].how, How::reported_only);
    EXPECT_EQ((*states)[1].difference(), std::nullopt);
}

TEST(ComputeFigures, ASnapshotBeforeTheEndOfThePeriodIsTooOld) {
    const auto pack =
        make_pack({{"F1", "5", "", "", "count", "persons", "2018-01-01", "2018-06-30"}});
    add_landings(*pack, {"F1"});
    TestSnapshot snapshot("early", *Date::of(2018, 6, 29));
    statistics::Tabulator tabulator(snapshot.manifest);
    const auto states = compute_figures(*pack, &snapshot.manifest, &tabulator);
    ASSERT_TRUE(states);
    EXPECT_EQ((*states)[0].how, How::not_computable);
    EXPECT_EQ((*states)[0].obstacle->code, "followup.snapshot_too_old");
    EXPECT_EQ((*states)[0].obstacle->parameters.at("needed"), "2018-06-30");
}

TEST(ComputeFigures, ARegisterNotInTheSnapshotIsNoFailure) {
    const auto pack = make_pack({{"F1", "5"}});
    add_landings(*pack, {"F1"});
    TestSnapshot snapshot("empty", *Date::of(2018, 12, 31));
    statistics::Tabulator tabulator(snapshot.manifest);
    const auto states = compute_figures(*pack, &snapshot.manifest, &tabulator);
    ASSERT_TRUE(states);
    EXPECT_EQ((*states)[0].how, How::not_computable);
    EXPECT_EQ((*states)[0].obstacle->code, "statistics.register_not_in_snapshot");
}

TEST(FigureState, ComparesWithItsBound) {
    const auto pack = make_pack({{"F1", "100"}, {"F2", "100", "bound=more_than"}, {"F3", "1.5"}});
    FigureState state;
    state.figure = &pack->figures[0];
    EXPECT_FALSE(state.agrees());
    state.computed = 94;
    EXPECT_EQ(state.difference(), -6);
    EXPECT_FALSE(state.agrees());
    state.figure = &pack->figures[1];
    state.computed = 104;
    EXPECT_EQ(state.difference(), 4);
    EXPECT_TRUE(state.agrees());
    state.figure = &pack->figures[2];
    EXPECT_EQ(state.difference(), std::nullopt);
}

}  // namespace
}  // namespace amate::followup
