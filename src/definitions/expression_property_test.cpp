// SPDX-License-Identifier: Apache-2.0
// Random expressions over random records: whatever is written and recorded, nothing breaks.
#include "definitions/expression.hpp"

#include "definitions/internal/expression_cases.hpp"

#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

using internal::CaseWorld;

// Writes sound expressions of a wanted type; `depth` bounds them.
class Writer {
public:
    explicit Writer(std::mt19937& random) : random_(random) {}

    std::string boolean(int depth) {
        if (depth <= 0) return one_of({"accompanied", "closed", "true", "false"});
        const auto b = [&] { return boolean(depth - 1); };
        const auto n = [&] { return number(depth - 1); };
        switch (roll(12)) {
            case 0:
                return fmt::format("({} and {})", b(), b());
            case 1:
                return fmt::format("({} or {} or {})", b(), b(), b());
            case 2:
                return fmt::format("not {}", b());
            case 3:
                return fmt::format("({} {} {})", n(), one_of({"=", "!=", "<", "<=", ">", ">="}),
                                   n());
            case 4:
                return fmt::format("({} between {} and {})", n(), n(), n());
            case 5:
                return fmt::format("({} in ({}, {}))", n(), n(), n());
            case 6:
                return fmt::format("({} = {})", code(depth - 1), code(depth - 1));
            case 7:
                return fmt::format("(sex in ('female', {}))", code(depth - 1));
            case 8:
                return fmt::format("is_known({})",
                                   one_of({"birth", "services", "minutes / party"}));
            case 9:
                return fmt::format("selected(services, '{}')", one_of({"foo", "food", "health"}));
            case 10:
                return fmt::format("({} {} {})", day(depth - 1), one_of({"=", "<", ">="}),
                                   day(depth - 1));
            default:
                return fmt::format("if({}, {}, {})", b(), b(), b());
        }
    }

    std::string number(int depth) {
        if (depth <= 0)
            return one_of({"minutes", "party", "price", "7", "0.5", "9223372036854775807"});
        const auto n = [&] { return number(depth - 1); };
        switch (roll(7)) {
            case 0:
                return fmt::format("({} + {})", n(), n());
            case 1:
                return fmt::format("({} - {})", n(), n());
            case 2:
                return fmt::format("({} * {})", n(), n());
            case 3:
                return fmt::format("({} / {})", n(), n());
            case 4:
                return fmt::format("-{}", n());
            case 5:
                return one_of({"age(birth, time)", "hour(seen_at)", "count_selected(services)",
                               "days_between(time, seen_at)", "length(name)", "year(birth)"});
            default:
                return fmt::format("coalesce({}, {})", n(), n());
        }
    }

private:
    std::string code(int depth) {
        if (depth <= 0) return one_of({"sex", "other_sex"});
        return fmt::format("if({}, {}, '{}')", boolean(depth - 1), code(0),
                           one_of({"female", "male"}));
    }
    std::string day(int depth) {
        if (depth <= 0)
            return one_of({"time", "seen_at", "birth", "2018-02-28", "today()", "now()"});
        return fmt::format("coalesce({}, {})", day(0), day(0));
    }
    std::size_t roll(std::size_t sides) { return random_() % sides; }
    std::string one_of(const std::vector<std::string>& choices) {
        return choices[roll(choices.size())];
    }

    std::mt19937& random_;
};

std::vector<Value> random_record(const CaseWorld& world, std::mt19937& random) {
    const auto numbers = {"0", "1", "-3", "12", "9223372036854775807"};
    const auto pick = [&](std::vector<std::string> choices) {
        return choices[random() % choices.size()];
    };
    std::string text;
    const auto set = [&](const std::string& name, std::vector<std::string> choices) {
        choices.emplace_back("unknown");
        if (random() % 4 == 0) return;
        text += fmt::format("{}{}={}", text.empty() ? "" : ";", name, pick(std::move(choices)));
    };
    set("sex", {"female", "male"});
    set("other_sex", {"female", "male"});
    set("services", {"food", "foo|food|health"});
    set("accompanied", {"true", "false"});
    set("closed", {"true", "false"});
    set("minutes", {numbers.begin(), numbers.end()});
    set("party", {numbers.begin(), numbers.end()});
    set("price", {"0.5", "-1e300", "1e-300"});
    set("name", {"", "Ñandú"});
    set("time", {"2018-02-28", "0001-01-01", "9999-12-31"});
    set("seen_at", {"2018-02-28T23:00:00"});
    set("birth", {"2000", "2018-02", "1999-12-31"});
    return world.record(text);
}

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
