// SPDX-License-Identifier: Apache-2.0
// Tests of requests, their SQL, their cells and how tables are written down.
#include "statistics/tabulate.hpp"

#include <filesystem>
#include <fstream>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "statistics/internal/test_snapshot.hpp"

namespace amate::statistics {
namespace {

using internal::TestRow;
using internal::TestSnapshot;
using Lines = std::vector<std::string>;

Value text(const char* value) {
    return std::string(value);
}
Value day(const char* iso) {
    return Date::parse(iso).value();
}
constexpr auto kNone = Missing::absent;

// point, sex, accompanied, services, party, age_group, time.
std::vector<TestRow> five_landings() {
    return {
        {{text("east"), text("male"), true, Codes{"food", "water"}, std::int64_t{10}, text("18-64"),
          day("2018-01-01")},
         "p1"},
        {{text("o'hara"), text("female"), false, Codes{"food"}, std::int64_t{9}, text("0-17"),
          day("2018-01-31")},
         "p1"},
        {{text("pier_of_the_long_west"), kNone, kNone, Codes{}, kNone, kNone, day("2018-02-01")},
         "p2"},
        {{text("a\"b -- c"), text("female"), true, kNone, std::int64_t{-1}, text("65+"),
          day("2018-02-28")},
         ""},
        {{kNone, text("other"), false, Codes{"food_parcel"}, std::int64_t{10}, text("0-17"), kNone},
         "p3"},
    };
}

TableRequest request_for(const definitions::Register& register_, const std::string& by,
                         const std::string& where = "", const std::string& measure = "") {
    auto request = parse_request(register_, {by, where, measure});
    if (!request) throw std::runtime_error(to_line(request.error()[0]));
    return *request;
}

Lines lines_of(const Table& table) {
    Lines lines;
    for (std::size_t cell = 0; cell < table.size(); ++cell) {
        std::string line;
        for (std::size_t at = 0; at < table.codes.size(); ++at) line += table.code(cell, at) + "|";
        lines.push_back(line + std::to_string(table.counts[cell]));
    }
    lines.push_back("total " + std::to_string(table.total));
    return lines;
}

template <class T>
Lines codes_of(const Result<T>& result) {
    if (result) return {"no problem"};
    Lines codes;
    for (const auto& problem : result.error()) codes.push_back(problem.code);
    return codes;
}

class Tabulate : public testing::Test {
protected:
    Tabulate() {
        snapshot_.write(snapshot_.landing(), five_landings());
        snapshot_.write(snapshot_.visit(), {});
    }
    Lines count(const std::string& by, const std::string& where = "",
                const std::string& measure = "", const Period& period = {}) {
        auto request = request_for(snapshot_.landing(), by, where, measure);
        request.period = period;
        return lines_of(Tabulator(snapshot_.manifest()).run(request).value());
    }
    TestSnapshot snapshot_;
};

// People read tables in the order of their code lists, and must see what is missing.
TEST_F(Tabulate, CellsStandInCodeListOrderWithTheMissingLast) {
    EXPECT_EQ(count("point"), (Lines{"pier_of_the_long_west|1", "o'hara|1", "east|1", "a\"b -- c|1",
                                     "|1", "total 5"}));
    EXPECT_EQ(count("accompanied"), (Lines{"true|2", "false|2", "|1", "total 5"}));
    EXPECT_EQ(count("party"), (Lines{"-1|1", "9|1", "10|2", "|1", "total 5"}));
    EXPECT_EQ(count("person.sex,age_group"), (Lines{"female|0-17|1", "female|65+|1", "male|18-64|1",
                                                    "other|0-17|1", "||1", "total 5"}));
    EXPECT_EQ(count(""), (Lines{"5", "total 5"}));
}

// A record with two services stands in two cells; the total must still count it once.
TEST_F(Tabulate, CodesAreOpenedAndTheTotalCountsRecordsOnce) {
    EXPECT_EQ(count("services"), (Lines{"water|1", "food|2", "food_parcel|1", "|2", "total 5"}));
    EXPECT_EQ(count("services,person.sex"),
              (Lines{"water|male|1", "food|female|1", "food|male|1", "food_parcel|other|1",
                     "|female|1", "||1", "total 5"}));
    EXPECT_EQ(count("services", "selected(services, 'food')"),
              (Lines{"water|1", "food|2", "total 2"}));
    EXPECT_EQ(count("", "", "distinct:services"), (Lines{"3", "total 3"}));
    EXPECT_EQ(count("services", "", "persons"),
              (Lines{"water|1", "food|1", "food_parcel|1", "|1", "total 3"}));
}

// Two lists of one record are every pair of their codes, not code beside code.
TEST_F(Tabulate, TwoDimensionsOfCodesGiveEveryPair) {
    auto register_ = snapshot_.landing();
    auto twin = register_.dimensions[3];
    twin.name = twin.sql_name = "more_services";
    register_.dimensions.push_back(twin);
    snapshot::close_register(snapshot_.pack(), register_);
    auto row = five_landings()[0];
    row.values.insert(row.values.end() - 1, Codes{"food", "food_parcel", "water"});
    snapshot_.write(register_, {row});
    const auto request = request_for(register_, "services,more_services");
    EXPECT_EQ(Tabulator(snapshot_.manifest()).run(request)->size(), 6U);
}

TEST_F(Tabulate, PersonsAndDistinctCodesAreCountedOnce) {
    EXPECT_EQ(count("", "", "persons"), (Lines{"3", "total 3"}));
    EXPECT_EQ(count("person.sex", "", "persons"),
              (Lines{"female|1", "male|1", "other|1", "|1", "total 3"}));
    EXPECT_EQ(count("accompanied", "", "persons"), (Lines{"true|1", "false|2", "|1", "total 3"}));
    EXPECT_EQ(count("person.sex", "", "distinct:point"),
              (Lines{"female|2", "male|1", "|1", "total 4"}));
    EXPECT_EQ(count("", "", "distinct:party"), (Lines{"3", "total 3"}));
    EXPECT_EQ(count("", "", "sum:party"), (Lines{"28", "total 28"}));
    EXPECT_EQ(count("", "party > 100", "sum:party"), (Lines{"0", "total 0"}));
    EXPECT_EQ(count("accompanied", "", "sum:party"),
              (Lines{"true|9", "false|19", "|0", "total 28"}));
    EXPECT_FALSE(parse_request(snapshot_.landing(), {"", "", "sum:point"}));
}

// A figure's period names its first and last day: both count.
TEST_F(Tabulate, PeriodsIncludeBothEnds) {
    const auto last_of_january = Date::of(2018, 1, 31);
    const auto first_of_february = Date::of(2018, 2, 1);
    EXPECT_EQ(count("", "", "", {last_of_january, first_of_february}), (Lines{"2", "total 2"}));
    EXPECT_EQ(count("", "", "", {std::nullopt, last_of_january}), (Lines{"2", "total 2"}));
    EXPECT_EQ(count("", "", "", {first_of_february, std::nullopt}), (Lines{"2", "total 2"}));
    EXPECT_EQ(count("", "", "", {Date::of(2019, 1, 1), std::nullopt}), (Lines{"0", "total 0"}));
    EXPECT_EQ(count("point", "", "", {Date::of(2019, 1, 1), std::nullopt}), Lines{"total 0"});
}

TEST_F(Tabulate, FiltersSayWhatTheRegisterUnderstands) {
    EXPECT_EQ(count("", "within(point, 'west') and landed_at <= 2018-01-31"),
              (Lines{"1", "total 1"}));
    EXPECT_EQ(count("", "point = 'o''hara' or point = 'a\"b -- c'"), (Lines{"2", "total 2"}));
    EXPECT_EQ(count("", "not is_known(person.sex)"), (Lines{"1", "total 1"}));
    EXPECT_EQ(count("", "accompanied or party = 9", "persons", {Date::of(2018, 1, 2), {}}),
              (Lines{"1", "total 1"}));
}

// What people type reaches SQL only through checked expressions and quoted codes.
TEST_F(Tabulate, HostileTextStaysText) {
    const auto& landing = snapshot_.landing();
    for (const auto* where :
         {"point = 'x''; DROP TABLE t; --'", "1 = 1; SELECT 1", "point = 'east' -- '",
          "read_csv('/etc/passwd')", "\"point\" = 'east'", "point = 'east' UNION SELECT 1",
          "point = 'east\\'"}) {
        EXPECT_FALSE(parse_request(landing, {"", where, ""}).has_value()) << where;
    }
    for (const auto* by : {"point; DROP TABLE t", "\"point\"", "point'", "1", "*", ",", "point,"}) {
        const auto code = codes_of(parse_request(landing, {by, "", ""}))[0];
        EXPECT_TRUE(code == "statistics.unknown_dimension" ||
                    code == "definitions.expression_syntax")
            << by;
    }
    EXPECT_EQ(count("point", "point in ('o''hara', 'a\"b -- c')"),
              (Lines{"o'hara|1", "a\"b -- c|1", "total 2"}));
}

TEST_F(Tabulate, RequestsTellAllThatIsWrongAndWhatWasMeant) {
    const auto& landing = snapshot_.landing();
    const auto wrong = parse_request(landing, {"pont,zzzzzzzzz,point,point", "sex = 1", "person"});
    EXPECT_EQ(codes_of(wrong),
              (Lines{"statistics.unknown_dimension", "statistics.unknown_dimension",
                     "statistics.dimension_twice", "definitions.expression_unknown_name",
                     "statistics.unknown_measure"}));
    EXPECT_EQ(text_of(wrong.error()[0], "en"),
              "landing has no dimension pont; did you mean point?");
    EXPECT_EQ(text_of(wrong.error()[1], "es"),
              "landing no tiene la dimensión zzzzzzzzz; hay point, person.sex, accompanied, "
              "services, party, age_group");
    EXPECT_EQ(text_of(wrong.error()[4], "en"), "person cannot be counted; did you mean persons?");
    EXPECT_EQ(codes_of(parse_request(landing, {"", "", "distinct:pont"})),
              Lines{"statistics.unknown_dimension"});
    EXPECT_EQ(request_for(landing, " person.sex , point ").by.size(), 2U);
    for (const auto* measure : {"records", "persons", "distinct:point", "sum:party",
                                "sum:party*party", "mean:party", "p5:party", "share:party > 2"}) {
        EXPECT_EQ(measure_name(request_for(landing, "", "", measure)), measure);
    }
    for (const auto* measure : {"mean:point", "mean:party*party", "sum:party*point", "p0:party",
                                "p100:party", "p5", "p5x:party", "median:party", "sum:"}) {
        EXPECT_EQ(codes_of(parse_request(landing, {"", "", measure})),
                  Lines{"statistics.unknown_measure"})
            << measure;
    }
    EXPECT_EQ(codes_of(parse_request(landing, {"(landed_at)", "party", "share:point"})),
              (Lines{"statistics.dimension_type", "statistics.condition_type",
                     "statistics.condition_type"}));
    EXPECT_EQ(codes_of(parse_request(landing, {"year(landed_at), year(landed_at)", "", ""})),
              Lines{"statistics.dimension_twice"});
}

TEST_F(Tabulate, TooManyDimensionsAreRefused) {
    auto register_ = snapshot_.landing();
    std::string by;
    for (std::size_t i = 0; i <= kDimensionsMax; ++i) {
        auto dimension = register_.dimensions[0];
        dimension.name = dimension.sql_name = "d" + std::to_string(i);
        by += (i == 0 ? "" : ",") + dimension.name;
        register_.dimensions.push_back(dimension);
    }
    EXPECT_EQ(codes_of(parse_request(register_, {by, "", ""})),
              Lines{"statistics.too_many_dimensions"});
}

TEST_F(Tabulate, AnEmptyRegisterHasNoCells) {
    Tabulator tabulator(snapshot_.manifest());
    const auto& visit = snapshot_.visit();
    EXPECT_EQ(lines_of(*tabulator.run(request_for(visit, "point"))), Lines{"total 0"});
    EXPECT_EQ(lines_of(*tabulator.run(request_for(visit, "", "", "persons"))),
              (Lines{"0", "total 0"}));
}

// Numbers are shown with their SQL: it must be readable, and name no folder of the machine.
TEST_F(Tabulate, SqlIsForPeople) {
    auto request =
        request_for(snapshot_.landing(), "person.sex,services", "age_group = '0-17'", "persons");
    request.period = {Date::of(2018, 1, 1), Date::of(2018, 12, 31)};
    EXPECT_EQ(Tabulator(snapshot_.manifest()).run(request)->sql,
              R"(SELECT "person__sex", "services", count(DISTINCT "person_key") AS "persons"
FROM (
  SELECT * REPLACE (unnest(string_split(coalesce("services", ''), ';')) AS "services")
  FROM read_parquet('snapshots/2018-08-31/landing.parquet')
  WHERE "time" BETWEEN DATE '2018-01-01' AND DATE '2018-12-31'
    AND ("age_group" = '0-17')
)
GROUP BY "person__sex", "services"
ORDER BY "person__sex", "services")");
    EXPECT_EQ(to_sql(request_for(snapshot_.visit(), ""), "it's.parquet"),
              "SELECT count(*) AS \"records\"\nFROM read_parquet('it''s.parquet')");
}

TEST_F(Tabulate, RunManyGivesWhatRunGives) {
    Tabulator tabulator(snapshot_.manifest());
    std::vector<TableRequest> requests;
    const auto& landing = snapshot_.landing();
    for (const auto* measure : {"records", "persons", "distinct:point", "distinct:services"}) {
        for (const auto* where : {"", "accompanied", "not is_known(point)", "party > 100"}) {
            requests.push_back(request_for(landing, "", where, measure));
            requests.push_back(request_for(landing, "services", where, measure));
            requests.push_back(request_for(snapshot_.visit(), "", "", "persons"));
            requests.back().period.first = Date::of(2018, 1, 2);
        }
    }
    const auto tables = tabulator.run_many(requests);
    ASSERT_EQ(tables.size(), requests.size());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const auto alone = tabulator.run(requests[i]).value();
        EXPECT_EQ(lines_of(*tables[i]), lines_of(alone)) << alone.sql;
        EXPECT_EQ(tables[i]->sql, alone.sql);
        EXPECT_EQ(tables[i]->cutoff, alone.cutoff);
    }
    EXPECT_TRUE(tabulator.run_many({}).empty());
}

// A page of many figures must not fail for one of them.
TEST_F(Tabulate, RunManyAnswersTheOthersWhenOneFails) {
    auto unknown = snapshot_.landing();
    unknown.name = "elsewhere";
    const auto tables =
        Tabulator(snapshot_.manifest())
            .run_many({request_for(snapshot_.landing(), ""), request_for(unknown, ""),
                       request_for(snapshot_.landing(), "", "landed_at < today()"),
                       request_for(snapshot_.landing(), "", "accompanied")});
    EXPECT_EQ(tables[0]->total, 5);
    EXPECT_EQ(codes_of(tables[1]), Lines{"statistics.register_not_in_snapshot"});
    EXPECT_EQ(codes_of(tables[2]), Lines{"definitions.expression_not_in_sql"});
    EXPECT_EQ(tables[3]->total, 2);
}

// A number from a file that is not the one the manifest vouches for is worse than none.
TEST_F(Tabulate, AFileThatChangedIsNotCounted) {
    Tabulator tabulator(snapshot_.manifest());
    const auto request = request_for(snapshot_.landing(), "");
    EXPECT_EQ(tabulator.run(request)->total, 5);
    const auto file = snapshot_.file_of(snapshot_.landing());
    auto other = snapshot_.manifest();
    internal::write_register(other, snapshot_.landing(), {});  // replaced under the tabulator
    EXPECT_EQ(codes_of(tabulator.run(request)), Lines{"snapshot.damaged"});
    EXPECT_EQ(codes_of(tabulator.run_many({request})[0]), Lines{"snapshot.damaged"});
    std::filesystem::remove(file);
    EXPECT_EQ(codes_of(tabulator.run(request)), Lines{"snapshot.damaged"});
    snapshot_.write(snapshot_.landing(), five_landings());  // the same again
    EXPECT_EQ(tabulator.run(request)->total, 5);
}

TEST_F(Tabulate, CsvHasCodesAndLabels) {
    const auto request = request_for(snapshot_.landing(), "point,accompanied", "party > 9");
    const auto table = Tabulator(snapshot_.manifest()).run(request).value();
    EXPECT_EQ(to_csv(table, request, "es"),
              "point,dimensión point,accompanied,dimensión accompanied,records\n"
              "east,el east,true,Sí,1\n"
              ",Sin dato,false,No,1\n");
    const auto whole = request_for(snapshot_.landing(), "", "", "persons");
    EXPECT_EQ(to_csv(*Tabulator(snapshot_.manifest()).run(whole), whole, "en"), "persons\n3\n");
    const auto quoted = request_for(snapshot_.landing(), "point", "point = 'a\"b -- c'");
    EXPECT_EQ(to_csv(*Tabulator(snapshot_.manifest()).run(quoted), quoted, "en"),
              "point,dimension point,records\n\"a\"\"b -- c\",\"the a\"\"b -- c\",1\n");
}

TEST_F(Tabulate, JsonHasAllThatANumberNeeds) {
    auto request = request_for(snapshot_.landing(), "services", "person.sex = 'male'");
    request.period.last = Date::of(2018, 6, 30);
    const auto table = Tabulator(snapshot_.manifest()).run(request).value();
    const auto json = boost::json::parse(to_json(table, request, "en"));
    EXPECT_EQ(json, boost::json::parse(R"({
        "register": "landing", "measure": "records", "where": "person.sex = 'male'",
        "period": {"first": null, "last": "2018-06-30"}, "cutoff": "2018-08-31", "total": 1, "total_value": null,
        "dimensions": [{"name": "services", "title": "dimension services"}],
        "cells": [{"codes": ["water"], "labels": ["the water"], "count": 1, "value": null},
                  {"codes": ["food"], "labels": ["the food"], "count": 1, "value": null}],
        "sql": )" + boost::json::serialize(boost::json::value(table.sql)) +
                                       "}"));
}

TEST_F(Tabulate, LabelsSayWhatIsMissing) {
    const auto& dimensions = snapshot_.landing().dimensions;
    EXPECT_EQ(label_of(dimensions[0], "", "es"), "Sin dato");
    EXPECT_EQ(label_of(dimensions[3], "", "en"), "None or not known");
    EXPECT_EQ(label_of(dimensions[2], "false", "en"), "No");
    EXPECT_EQ(label_of(dimensions[4], "12", "en"), "12");
    EXPECT_EQ(label_of(dimensions[4], kTotalCode, "es"), "Total");
}

}  // namespace
}  // namespace amate::statistics
