// SPDX-License-Identifier: Apache-2.0
// Random expressions over random records: whatever is written and recorded, nothing breaks.
#include "definitions/expression.hpp"

#include "definitions/expression_cases.hpp"
#include "definitions/expression_random.hpp"

#include "definitions/internal/expression_checker.hpp"

#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

using internal::CaseWorld;
using internal::random_record;
using internal::Writer;

// The language is total: a sound expression gives a value or an absence, every time the same, and
// what was written compiles again to the same meaning.
TEST(ExpressionProperty, SoundExpressionsAreTotalAndRepeatable) {
    const CaseWorld world;
    std::mt19937 random(20181210);  // printed below when it fails
    Writer writer(random);
    int known = 0;
    for (int i = 0; i < 4000; ++i) {
        const auto text = i % 2 == 0 ? writer.boolean(4) : writer.number(4);
        const auto compiled = compile(text, world.environment, {});
        ASSERT_TRUE(compiled.has_value()) << text << "\n" << to_line(compiled.error()[0]);
        const auto again = compile(compiled->source(), world.environment, {}).value();
        (void)compiled->to_sql([](std::size_t) { return std::string("x"); });
        (void)compiled->to_xpath([](std::size_t) { return std::string("/x"); });
        EXPECT_FALSE(compiled->to_words("es").empty()) << text;
        for (int j = 0; j < 5; ++j) {
            const auto record = random_record(world, random);
            const auto value = compiled->evaluate(record, world.context);
            EXPECT_EQ(value, again.evaluate(record, world.context)) << text;
            known += is_missing(value) ? 0 : 1;
        }
    }
    EXPECT_GT(known, 2000);  // else the test would hold for an evaluator that knows nothing
}

// A function that is not drawn is not tried: what is declared must come.
TEST(ExpressionProperty, EveryFunctionIsDrawn) {
    std::mt19937 random(3);
    Writer writer(random);
    std::string all;
    for (int i = 0; i < 5000; ++i) all += writer.boolean(3) + writer.number(3);
    auto names = internal::Checker::function_names();
    names.insert(names.end(), {"not", "in"});
    for (const auto& name : names) {
        const bool drawn = all.find(name + "(") != all.npos || all.find(name + " (") != all.npos;
        EXPECT_TRUE(drawn) << name;
    }
}

// Double negation changes nothing, and a statement and its negation never both hold.
TEST(ExpressionProperty, NegationIsKleenes) {
    const CaseWorld world;
    std::mt19937 random(7);
    Writer writer(random);
    for (int i = 0; i < 1000; ++i) {
        const auto text = writer.boolean(3);
        const auto plain = compile(text, world.environment, {}).value();
        const auto negated = compile("not (" + text + ")", world.environment, {}).value();
        const auto record = random_record(world, random);
        const auto value = plain.evaluate(record, world.context);
        const auto opposite = negated.evaluate(record, world.context);
        if (const auto* truth = std::get_if<bool>(&value)) {
            EXPECT_EQ(opposite, Value(!*truth)) << text;
        } else {
            EXPECT_TRUE(is_missing(opposite)) << text;
        }
    }
}

// Any bytes at all give an expression or problems with a place; never a crash.
TEST(ExpressionProperty, AnyTextIsReadOrRefused) {
    const CaseWorld world;
    std::mt19937 random(11);
    const std::vector<std::string> parts = {
        "(",   ")",       ",",   "and", "or",   "not",      "in", "between",    "if",
        "sex", "minutes", "'x'", "'",   "1",    ".",        "-",  "2018-01-01", "=",
        "<",   "\xC3",    "ñ",   "\n",  "year", "coalesce", "*",  "/"};
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (auto length = random() % 14; length > 0; --length) {
            text += parts[random() % parts.size()];
            if (random() % 2 == 0) text += ' ';
        }
        const auto compiled = compile(text, world.environment, {"p.yaml", 3, 5, ""});
        if (compiled) continue;
        ASSERT_FALSE(compiled.error().empty());
        for (const auto& problem : compiled.error()) {
            EXPECT_GE(problem.place.line, 3);
            EXPECT_FALSE(text_of(problem, "en").empty());
        }
    }
}

}  // namespace
}  // namespace amate::definitions
