// SPDX-License-Identifier: Apache-2.0
// Tests of the reading as XPath: on an engine it must say what the reading on a record says.
#include "definitions/expression.hpp"

#include "core/csv.hpp"
#include "definitions/expression_random.hpp"
#include "definitions/expression_xpath_engine.hpp"

#include <string>

#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

using internal::CaseWorld;
using internal::XPathAnswer;
using internal::XPathEngine;
using internal::XPathFault;

Result<std::string> xpath_of(std::string_view text) {
    const CaseWorld world;
    const auto compiled = compile(text, world.environment, {"", 1, 1, ""}).value();
    return compiled.to_xpath([&](std::size_t slot) {
        return std::string("/f/") + world.environment.variables[slot].name;
    });
}

// What the engine's answer is to be for `value`: two truths, and '' for what is not known.
std::string difference(const XPathAnswer& answer, Type type, const Value& value) {
    if (const auto* fault = std::get_if<XPathFault>(&answer)) return fault->message;
    if (type == Type::boolean) {
        const auto* truth = std::get_if<bool>(&answer);
        if (truth == nullptr) return "no truth";
        return *truth == (value == Value(true)) ? "" : fmt::format("{}", *truth);
    }
    const auto* text = std::get_if<std::string>(&answer);
    const auto* number = std::get_if<double>(&answer);
    const auto* whole = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    if (whole != nullptr || real != nullptr) {
        if (number == nullptr) return "no number: " + (text == nullptr ? "truth" : *text);
        const auto expected = whole != nullptr ? static_cast<double>(*whole) : *real;
        return *number == expected ? "" : fmt::format("{}", *number);
    }
    if (text == nullptr) return number == nullptr ? "truth" : fmt::format("{}", *number);
    auto expected = is_missing(value) ? std::string() : canonical(value);
    if (type == Type::codes) std::replace(expected.begin(), expected.end(), ';', ' ');
    return *text == expected ? "" : "'" + *text + "'";
}

// Empty where the readings agree; nothing where there is no XPath.
std::optional<std::string> disagreement(XPathEngine& engine, const CaseWorld& world,
                                        const std::string& text, const std::vector<Value>& record) {
    const auto compiled = compile(text, world.environment, {}).value();
    const auto xpath = compiled.to_xpath([&](std::size_t slot) { return engine.path_of(slot); });
    if (!xpath) return std::nullopt;
    engine.fill(record);
    const auto value = compiled.evaluate(record, world.context);
    const auto found = difference(engine.ask(*xpath), compiled.type(), value);
    if (found.empty()) return found;
    std::string shown;
    for (const auto& each : record) shown += canonical(each) + " | ";
    return fmt::format("{}\nrecord: {}\nsays {}, XPath {}\n{}", text, shown, canonical(value),
                       found, *xpath);
}

TEST(ExpressionXPath, MeansWhatTheSharedTableSays) {
    const CaseWorld world;
    XPathEngine engine(world);
    auto reader = CsvReader::open(AMATE_ROOT "/tests/cases/expressions.csv", {});
    ASSERT_TRUE(reader.has_value());
    CsvRow row;
    ASSERT_TRUE(reader->next(row).value());  // header
    int cases = 0;
    while (reader->next(row).value()) {
        const auto found = disagreement(engine, world, row.cells[1], world.record(row.cells[2]));
        if (row.cells.at(5) == "unheld") continue;  // no form could hold the record
        EXPECT_EQ(found.has_value(), row.cells[5] == "yes") << row.cells[0];
        if (!found || row.cells[5] != "yes") continue;
        EXPECT_EQ(*found, "") << row.cells[0];
        if (compile(row.cells[1], world.environment, {})->type() == Type::boolean) {
            EXPECT_EQ(disagreement(engine, world, "not (" + row.cells[1] + ")",
                                   world.record(row.cells[2])),
                      "");
        }
        ++cases;
    }
    EXPECT_GT(cases, 200);
}

// Ten thousand expressions nobody thought of, each on a record nobody thought of.
TEST(ExpressionXPath, MeansWhatTheEvaluatorSaysOfRandomExpressions) {
    const CaseWorld world;
    XPathEngine engine(world);
    constexpr unsigned kSeed = 20181212;
    std::mt19937 random(kSeed);
    internal::Writer writer(random, internal::Reading::form);
    int refused = 0;
    int known = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto text = i % 3 == 0   ? writer.anything(3)
                          : i % 3 == 1 ? writer.boolean(3)
                                       : writer.number(3);
        const auto record = internal::random_record(world, random, internal::Reading::form);
        const auto found = disagreement(engine, world, text, record);
        refused += found ? 0 : 1;
        ASSERT_EQ(found.value_or(""), "") << "seed " << kSeed << ", expression " << i;
        const auto compiled = compile(text, world.environment, {}).value();
        if (compiled.type() == Type::boolean) {  // neither truth is the other's absence
            const auto negated = disagreement(engine, world, "not (" + text + ")", record);
            ASSERT_EQ(negated.value_or(""), "") << "seed " << kSeed << ", expression " << i;
        }
        known += is_missing(compiled.evaluate(record, world.context)) ? 0 : 1;
    }
    EXPECT_GT(known, 3'000);
    EXPECT_LT(refused, 200);
}

// Forms are read by people too.
TEST(ExpressionXPath, IsPlain) {
    EXPECT_EQ(xpath_of("sex = 'female'").value(), "((/f/sex != '') and (/f/sex = 'female'))");
    EXPECT_EQ(xpath_of("not accompanied").value(), "(/f/accompanied = 'false')");
    EXPECT_EQ(xpath_of("time >= 2018-01-31").value(),
              "((/f/time != '') and (number(format-date(/f/time, '%Y%m%d')) >= 20180131))");
    EXPECT_EQ(xpath_of("selected(services, 'food')").value(),
              "((/f/services != '') and selected(/f/services, 'food'))");
    EXPECT_EQ(xpath_of("is_known(sex) and true").value(), "(/f/sex != '')");
    EXPECT_EQ(xpath_of("count(companions where age < 18)").value(),
              "count(/f/companions[((./age != '') and (number(./age) < 18))])");
    EXPECT_EQ(xpath_of("parent(point)").value(),
              "if(((/f/point != '') and string-length(string(instance('points')/root/item[name = "
              "/f/point]/parent)) > 0), string(instance('points')/root/item[name = "
              "/f/point]/parent), '')");
}

TEST(ExpressionXPath, QuotesWhateverATextHolds) {
    const CaseWorld world;
    XPathEngine engine(world);
    for (const auto* text : {"concat('a', 'it''s')", "concat('a', '\"')", "concat('a', '''\"''')",
                             "concat('a', '''')", "concat('a', 'x''\"y''z')"}) {
        EXPECT_EQ(disagreement(engine, world, text, world.record("")), "") << text;
    }
}

TEST(ExpressionXPath, WhatXPathCannotAnswerIsRefusedAtItsPlace) {
    for (const auto* text :
         {"name < 'b'", "trim(name) = 'x'", "flagged('urgent')", "current_state() = 'closed'",
          "is_working_day(time, 'offices')", "add_working_days(time, 1, 'offices') = time",
          "working_days_between(time, time, 'offices') > 1", "max(companions.arrived) = time",
          "is_known(companions)", "minutes = 9007199254740992", "services = services"}) {
        const auto xpath = xpath_of(text);
        ASSERT_FALSE(xpath.has_value()) << text;
        EXPECT_EQ(xpath.error().front().code, "definitions.expression_not_in_xpath") << text;
    }
    EXPECT_EQ(xpath_of("closed or name < 'b'").error().front().place.column, 11);
}

// A choice is written twice in each form; a hostile tower of them must meet a limit.
TEST(ExpressionXPath, TowersOfChoicesAreRefusedNotExpanded) {
    std::string text = "closed";
    for (int i = 0; i < 40; ++i) text = "if(" + text + ", closed, accompanied)";
    const auto xpath = xpath_of(text);
    ASSERT_FALSE(xpath.has_value());
    EXPECT_EQ(xpath.error().size(), 1U);
}

}  // namespace
}  // namespace amate::definitions
