// SPDX-License-Identifier: Apache-2.0
// Tests of the other readings of an expression: as SQL and in words.
#include "definitions/expression.hpp"

#include "definitions/expression_cases.hpp"

#include <string>

#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

using internal::CaseWorld;

std::string sql_of(std::string_view text) {
    const CaseWorld world;
    const auto compiled = compile(text, world.environment, {"", 1, 1, ""}).value();
    const auto sql =
        compiled.to_sql([&](std::size_t slot) { return world.environment.variables[slot].name; });
    if (sql) return *sql;
    std::string codes;
    for (const auto& problem : sql.error()) codes += to_line(problem) + "\n";
    return codes;
}

std::string words_of(std::string_view text, std::string_view language) {
    const CaseWorld world;
    return compile(text, world.environment, {})->to_words(language);
}

// The text of the SQL is shown to readers and sent to engines: it must be plain and safe.
TEST(ExpressionSql, IsPlain) {
    EXPECT_EQ(sql_of("sex = 'female' and minutes in (1, 2)"),
              "((sex = 'female') AND (minutes IN (1, 2)))");
    EXPECT_EQ(sql_of("not accompanied or time >= 2018-01-31"),
              "((NOT accompanied) OR (time >= '2018-01-31'))");
    EXPECT_EQ(sql_of("selected(services, 'food')"),
              "(instr(';' || services || ';', ';food;') > 0)");
    EXPECT_EQ(sql_of("within(point, 'north')"), "(point IN ('long_pier', 'north'))");
    EXPECT_EQ(sql_of("is_known(sex)"), "(sex IS NOT NULL)");
    EXPECT_EQ(sql_of("minutes > 1.5"), "(CAST(minutes AS DOUBLE) > 1.5e0)");
}

TEST(ExpressionSql, QuotesLiterals) {
    EXPECT_EQ(sql_of("name = ''' or 1=1 --'"), "(name = ''' or 1=1 --')");
}

TEST(ExpressionSql, WhatSqlCannotAnswerIsRefusedAtItsPlace) {
    for (const auto* text :
         {"seen_at <= now()", "time < today()", "matches(name, 'a')", "flagged('urgent')",
          "is_working_day(time, 'offices')", "current_state() = 'closed'", "count(companions) > 1",
          "any(companions where age < 18)", "is_known(companions)"}) {
        EXPECT_NE(sql_of(text).find("definitions.expression_not_in_sql"), std::string::npos)
            << text;
    }
    EXPECT_EQ(sql_of("closed or time < today()").substr(0, 40),
              "line:1:18: definitions.expression_not_in");
}

// Where the moment is given, the present is a literal of it.
TEST(ExpressionSql, ThePresentIsThatOfTheContext) {
    const CaseWorld world;
    const auto compiled = compile("time < today() and seen_at < now()", world.environment, {});
    const auto sql =
        compiled->to_sql([&](std::size_t slot) { return world.environment.variables[slot].name; },
                         Dialect::sqlite, &world.context);
    EXPECT_EQ(sql.value(),
              "((CAST(time AS VARCHAR) < '2018-06-30') AND (replace(substr(CAST(seen_at AS "
              "VARCHAR), 1, 19), ' ', 'T') < '2018-06-30T12:00:00'))");
}

// Guards double their operand; a hostile chain must meet a limit, not the end of memory.
TEST(ExpressionSql, DeepArithmeticIsRefusedNotExpanded) {
    std::string text = "minutes";
    for (int i = 0; i < 90; ++i) text += " + 1";
    EXPECT_NE(sql_of(text).find("definitions.expression_not_in_sql"), std::string::npos);
    EXPECT_EQ(sql_of("minutes + 1 + 1").find("not_in_sql"), std::string::npos);
}

// People read rules they did not write: titles and labels, never names and codes.
TEST(ExpressionWords, ReadInSpanish) {
    const auto in_spanish = [](std::string_view text) { return words_of(text, "es"); };
    EXPECT_EQ(in_spanish("sex = 'female' and minutes between 1 and 5"),
              "sexo es Mujer y minutos está entre 1 y 5");
    EXPECT_EQ(in_spanish("age_group(birth, seen_at) = '12-17'"),
              "grupo de edad según nacimiento en momento es 12-17");
    EXPECT_EQ(in_spanish("minutes > 1 or party < 2"),
              "minutos es mayor que 1 o integrantes es menor que 2");
    EXPECT_EQ(in_spanish("minutes > 1 and party < 2"),
              "minutos es mayor que 1 e integrantes es menor que 2");
    EXPECT_EQ(in_spanish("closed or other_sex = sex"), "cerrado: sí u otro sexo es sexo");
    EXPECT_EQ(in_spanish("not accompanied and (closed or minutes > 1)"),
              "va con una persona adulta: no y (cerrado: sí o minutos es mayor que 1)");
    EXPECT_EQ(in_spanish("point not in ('north', 'south')"),
              "punto no es Costa norte ni Costa sur");
    EXPECT_EQ(in_spanish("point in ('north', 'south', 'land')"),
              "punto es Costa norte, Costa sur o Tierra");
    EXPECT_EQ(in_spanish("selected(services, 'food')"), "servicios incluye Alimentos");
    EXPECT_EQ(in_spanish("not within(point, 'north')"), "punto no está dentro de Costa norte");
    EXPECT_EQ(in_spanish("time >= 2018-01-31"), "fecha no es antes de 31 de enero de 2018");
    EXPECT_EQ(in_spanish("not (sex = 'male' and closed)"),
              "no se cumple que (sexo es Hombre y cerrado: sí)");
    EXPECT_EQ(in_spanish("is_known(birth)"), "se conoce nacimiento");
    EXPECT_EQ(in_spanish("if(closed, minutes, party) * (2 + minutes) > 3"),
              "(minutos si cerrado: sí; si no, integrantes) × (2 + minutos) es mayor que 3");
}

TEST(ExpressionWords, ReadInEnglishAndElsewhere) {
    const auto in_english = [](std::string_view text) { return words_of(text, "en"); };
    EXPECT_EQ(in_english("sex = 'female' and minutes <= 5"),
              "sex is Female and minutes is at most 5");
    EXPECT_EQ(in_english("not sex = 'female'"), "sex is not Female");
    EXPECT_EQ(in_english("not minutes > 5"), "minutes is at most 5");
    EXPECT_EQ(in_english("sex != 'male' or not closed"), "sex is not Male or closed: no");
    EXPECT_EQ(in_english("seen_at <= now()"), "moment is not after this moment");
    EXPECT_EQ(in_english("point in ('north', 'south')"), "point is North coast or South coast");
    EXPECT_EQ(in_english("coalesce(minutes, 0) = 0"), "(minutes or, if missing, 0) is 0");
    EXPECT_EQ(in_english("minutes - (party - 1) = 0"), "minutes - (party - 1) is 0");
    EXPECT_EQ(in_english("matches(name, 'a+')"), "name has the form a+");
    EXPECT_EQ(in_english("accompanied"), "with an adult: yes");
    EXPECT_EQ(in_english("closed = false"), "closed is no");
    EXPECT_EQ(words_of("minutes > 5", "fr"), "minutes is more than 5");
}

}  // namespace
}  // namespace amate::definitions
