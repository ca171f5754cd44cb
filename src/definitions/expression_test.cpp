// SPDX-License-Identifier: Apache-2.0
// Tests that expressions mean what the shared table says, and that faults are told where they are.
#include "definitions/expression.hpp"

#include "core/csv.hpp"
#include "definitions/expression_cases.hpp"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

using internal::CaseWorld;

// Problems of a text that begins at register.yaml:7:20, as "line:column code value -> expected".
std::vector<std::string> faults_of(std::string_view text) {
    const CaseWorld world;
    const auto compiled = compile(text, world.environment, {"register.yaml", 7, 20, ""});
    std::vector<std::string> lines;
    if (compiled) return lines;
    for (const auto& problem : compiled.error()) {
        EXPECT_EQ(problem.place.file, "register.yaml");
        EXPECT_FALSE(text_of(problem, "es").empty());
        auto parameters = problem.parameters;
        lines.push_back(
            fmt::format("{}:{} {} {} -> {}", problem.place.line, problem.place.column,
                        problem.code.substr(std::string("definitions.expression_").size()),
                        parameters["value"], parameters["expected"]));
    }
    return lines;
}

using Lines = std::vector<std::string>;

// One table holds all readings of the language equal; this is the evaluator's turn.
TEST(Expression, EvaluatesAsTheSharedTableSays) {
    const CaseWorld world;
    auto reader = CsvReader::open(AMATE_ROOT "/tests/cases/expressions.csv", {});
    ASSERT_TRUE(reader.has_value());
    CsvRow row;
    int cases = -1;
    for (auto more = reader->next(row); more && *more; more = reader->next(row), ++cases) {
        if (cases < 0) continue;  // header
        ASSERT_EQ(row.cells.size(), 6U) << "line " << row.line;
        const auto compiled = compile(row.cells[1], world.environment, {});
        ASSERT_TRUE(compiled.has_value()) << row.cells[0] << ": " << to_line(compiled.error()[0]);
        const auto value = compiled->evaluate(world.record(row.cells[2]), world.context);
        EXPECT_EQ(canonical(value), row.cells[3]) << row.cells[0] << ": " << row.cells[1];
        const auto sql = compiled->to_sql([](std::size_t slot) { return fmt::format("v{}", slot); },
                                          Dialect::duckdb, &world.context);
        EXPECT_EQ(sql.has_value() || row.cells[4] == "no", true) << row.cells[0];
    }
    EXPECT_GT(cases, 150);
}

TEST(Expression, KnowsItsTypeListAndTheFieldsItReads) {
    const CaseWorld world;
    const auto compiled = compile("if(minutes > 5, other_sex, sex)", world.environment, {}).value();
    EXPECT_EQ(compiled.type(), Type::code);
    EXPECT_EQ(compiled.codelist(), world.environment.find_codelist("sex"));
    EXPECT_EQ(compiled.slots(), (std::vector<std::size_t>{0, 1, 6}));
    EXPECT_EQ(compile("age_group(birth, time)", world.environment, {})->codelist()->name,
              "age_groups");
    EXPECT_EQ(compile("1 + 1", world.environment, {})->type(), Type::integer);
    EXPECT_EQ(compile("1 / 1", world.environment, {})->type(), Type::decimal);
    EXPECT_TRUE(Expression().empty());
    EXPECT_THROW((void)Expression().type(), Bug);
}

// A dimension says which list its expression gives; a code misspelt there would be counted nowhere.
TEST(Expression, MayBeHeldToACodeList) {
    const CaseWorld world;
    const auto& points = *world.environment.find_codelist("points");
    const auto code_of = [&](std::string_view text) {
        return compile_code(text, world.environment, points, {});
    };
    const auto chosen = code_of("if(closed, 'land', coalesce(point, 'north'))");
    ASSERT_TRUE(chosen.has_value());
    EXPECT_EQ(chosen->type(), Type::code);
    EXPECT_EQ(chosen->codelist(), &points);
    EXPECT_EQ(code_of("if(closed, 'land', 'nort')").error()[0].code,
              "definitions.expression_unknown_code");
    EXPECT_EQ(code_of("sex").error()[0].code, "definitions.expression_type");
    EXPECT_EQ(code_of("name").error()[0].code, "definitions.expression_type");
    EXPECT_EQ(code_of("nme").error()[0].code, "definitions.expression_unknown_name");
}

// A municipality lies in a state, and states are a list of their own: lists of which one has all
// codes of the other name the same things. Other lists are still kept apart.
TEST(Expression, CodesOfAListWithinAnotherMayBeEqual) {
    const CaseWorld world;
    CodeList coasts;
    coasts.name = "coasts";
    for (const auto* code : {"north", "south"}) {
        coasts.index.emplace(code, coasts.codes.size());
        coasts.codes.push_back({code, {}, {}, {}, {}, {}});
    }
    auto environment = world.environment;
    environment.variables.push_back({"coast", Type::code, &coasts, {}, {}});
    const auto compiled = compile("parent(point) = coast", environment, {});
    ASSERT_TRUE(compiled.has_value()) << to_line(compiled.error()[0]);
    auto record = world.record("point=long_pier");
    record.resize(environment.variables.size(), Missing::absent);
    record.back() = std::string("north");
    EXPECT_EQ(compiled->evaluate(record, world.context), Value(true));
    record.back() = std::string("south");
    EXPECT_EQ(compiled->evaluate(record, world.context), Value(false));
    for (const auto* wrong : {"sex = coast", "if(closed, point, coast) = 'north'"}) {
        const auto refused = compile(wrong, environment, {});
        ASSERT_FALSE(refused.has_value()) << wrong;
        EXPECT_EQ(refused.error()[0].code, "definitions.expression_type") << wrong;
    }
}

// A record that is too short or of the wrong kind is somebody's bug, but a rule must not crash on
// it.
TEST(Expression, RecordsOfTheWrongShapeAreAbsent) {
    const CaseWorld world;
    const auto compiled = compile("sex = 'female' and minutes > 1", world.environment, {}).value();
    EXPECT_EQ(compiled.evaluate({}, world.context), Value(Missing::absent));
    EXPECT_EQ(compiled.evaluate(std::vector<Value>(14, Value(2.5)), world.context),
              Value(Missing::absent));
}

TEST(ExpressionFaults, SyntaxIsToldWhereItBreaks) {
    EXPECT_EQ(faults_of("minutes >"), (Lines{"7:29 incomplete  -> 12, 'abc', x, f(x), (x)"}));
    EXPECT_EQ(faults_of(""), (Lines{"7:20 incomplete  -> 12, 'abc', x, f(x), (x)"}));
    EXPECT_EQ(faults_of("(minutes > 1"), (Lines{"7:32 incomplete  -> )"}));
    EXPECT_EQ(faults_of("minutes == 1"), (Lines{"7:28 syntax == -> ="}));
    EXPECT_EQ(faults_of("sex = \"female\""), (Lines{"7:26 syntax \" -> '"}));
    EXPECT_EQ(faults_of("closed AND accompanied"), (Lines{"7:27 syntax AND -> and"}));
    EXPECT_EQ(faults_of("sex = 'female"), (Lines{"7:26 syntax 'female -> '"}));
    EXPECT_EQ(faults_of("time > 2018-02-30"), (Lines{"7:27 syntax 2018-02-30 -> YYYY-MM-DD"}));
    EXPECT_EQ(faults_of("minutes in ()"), (Lines{"7:32 syntax ) -> 12, 'abc', x, f(x), (x)"}));
    EXPECT_EQ(faults_of("minutes between 1 or 2"), (Lines{"7:38 syntax or -> and"}));
    EXPECT_EQ(faults_of("year(time"), (Lines{"7:29 incomplete  -> , )"}));
    EXPECT_EQ(faults_of("99999999999999999999 > 1"),
              (Lines{"7:20 syntax 99999999999999999999 -> <= 9223372036854775807"}));
    EXPECT_EQ(faults_of("1 < minutes < 3").size(), 1U);
    EXPECT_EQ(faults_of("minutes > 1 ; 2"),
              (Lines{"7:32 syntax ; -> = != < <= > >= + - * / ( ) ,"}));
    EXPECT_EQ(faults_of("name = '\xFF'")[0].substr(0, 11), "7:28 syntax");
}

// Columns count characters, lines count line ends: an editor must land on the fault.
TEST(ExpressionFaults, PlacesCountCharactersAndLines) {
    EXPECT_EQ(faults_of("name = 'ñandú' and nme = 'x'"), (Lines{"7:39 unknown_name nme -> name"}));
    EXPECT_EQ(faults_of("closed\n  and clsed"), (Lines{"8:7 unknown_name clsed -> closed"}));
    const CaseWorld world;
    const auto problem = compile("clsed", world.environment, {}).error()[0];
    EXPECT_EQ(to_string(problem.place), "line:1:1");
}

TEST(ExpressionFaults, AllOfThemAreTold) {
    EXPECT_EQ(faults_of("sx = 'female' or sex = 'femal' or minutes = 'x' or yeer(time) = 2018"),
              (Lines{"7:20 unknown_name sx -> sex", "7:43 unknown_code 'femal' -> female",
                     "7:64 type 'x' -> integer", "7:71 unknown_function yeer -> year"}));
}

TEST(ExpressionFaults, TypesAreChecked) {
    EXPECT_EQ(faults_of("minutes and closed"), (Lines{"7:20 type minutes -> boolean"}));
    EXPECT_EQ(faults_of("sex + 1"), (Lines{"7:20 type sex -> integer, decimal, money"}));
    EXPECT_EQ(faults_of("sex = point"), (Lines{"7:26 type point -> code (sex)"}));
    EXPECT_EQ(faults_of("sex = name"), (Lines{"7:26 type name -> code (sex)"}));
    EXPECT_EQ(faults_of("sex < 'male'").size(), 1U);
    EXPECT_EQ(faults_of("services = 'food'"), (Lines{"7:31 type 'food' -> selected(…, 'food')"}));
    EXPECT_EQ(faults_of("services in ('food')").size(), 1U);
    EXPECT_EQ(faults_of("hour(time)"), (Lines{"7:25 type time -> datetime"}));
    EXPECT_EQ(faults_of("if(1, 2, 3)"), (Lines{"7:23 type 1 -> boolean"}));
    EXPECT_EQ(faults_of("coalesce(minutes, name)"), (Lines{"7:38 type name -> integer"}));
    EXPECT_EQ(faults_of("within(point, name)"), (Lines{"7:34 type name -> 'abc'"}));
    EXPECT_EQ(faults_of("time = 5"), (Lines{"7:27 type 5 -> date"}));
    EXPECT_EQ(faults_of("band(minutes, 'sex')"), (Lines{"7:34 type 'sex' -> 0-11, 12-17, 65+"}));
}

TEST(ExpressionFaults, CodesListsFunctionsAndPatternsAreChecked) {
    EXPECT_EQ(faults_of("sex = 'unknown'"), (Lines{"7:26 unknown_code 'unknown' -> is_known(…)"}));
    EXPECT_EQ(faults_of("'x' = sex"), (Lines{"7:20 unknown_code 'x' -> female, male"}));
    EXPECT_EQ(faults_of("sex in ('female', 'mael')"), (Lines{"7:38 unknown_code 'mael' -> male"}));
    EXPECT_EQ(faults_of("selected(services, 'helth')"),
              (Lines{"7:39 unknown_code 'helth' -> health"}));
    EXPECT_EQ(faults_of("within(point, 'norte')"), (Lines{"7:34 unknown_code 'norte' -> north"}));
    EXPECT_EQ(faults_of("if(closed, 'female', 'mal') = sex"),
              (Lines{"7:41 unknown_code 'mal' -> male"}));
    EXPECT_EQ(faults_of("band(minutes, 'bands')"), (Lines{"7:34 unknown_codelist 'bands' -> "}));
    EXPECT_EQ(faults_of("age(birth)"), (Lines{"7:20 arity age -> 2"}));
    EXPECT_EQ(faults_of("coalesce(minutes)"), (Lines{"7:20 arity coalesce -> 2+"}));
    EXPECT_EQ(faults_of("seen_at <= now"), (Lines{"7:31 unknown_name now -> now(…)"}));
    EXPECT_EQ(faults_of("matches(name, '(a')"), (Lines{"7:34 pattern '(a' -> "}));
}

// A hostile pack must meet a limit, not the end of the stack.
TEST(ExpressionFaults, DepthAndLengthAreBounded) {
    const auto repeat = [](std::string_view text, int times) {
        std::string all;
        for (int i = 0; i < times; ++i) all += text;
        return all;
    };
    for (const auto& text : {repeat("(", 5000), repeat("not ", 2000) + "closed",
                             repeat("-", 5000) + "1", repeat("coalesce(1,", 800),
                             "1" + repeat("+1", 4000), repeat("(", 101) + "1" + repeat(")", 101)}) {
        const auto faults = faults_of(text);
        ASSERT_EQ(faults.size(), 1U) << text.substr(0, 20);
        EXPECT_NE(faults[0].find("too_deep"), std::string::npos) << faults[0];
    }
    EXPECT_EQ(faults_of(repeat(" ", 10'001)), (Lines{"7:20 too_long  -> "}));
    EXPECT_TRUE(faults_of("closed" + repeat(" or closed", 900)).empty());  // long is not deep
    EXPECT_TRUE(faults_of(repeat("(", 99) + "1" + repeat(")", 99)).empty());
}

}  // namespace
}  // namespace amate::definitions
