// SPDX-License-Identifier: Apache-2.0
// Holds docs/reference/expressions.md to the language: its functions are all there, its examples
// so.
#include "definitions/expression.hpp"

#include "definitions/expression_cases.hpp"
#include "definitions/internal/expression_checker.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

using internal::CaseWorld;

struct Line {
    std::string name;
    std::string example;
    std::string result;
};

std::string unquoted(std::string cell) {
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '`')) cell.erase(0, 1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '`')) cell.pop_back();
    return cell;
}

// The rows of the table of functions: those with five cells, the first a call.
std::vector<Line> read_table() {
    std::ifstream in(AMATE_ROOT "/docs/reference/expressions.md");
    std::vector<Line> lines;
    for (std::string text; std::getline(in, text);) {
        const auto cells = split(text, '|');
        const auto bracket = text.find('(');
        if (!text.starts_with("| `") || bracket == text.npos || cells.size() != 6) continue;
        if (text.find('`', 3) < bracket) continue;
        lines.push_back({text.substr(3, bracket - 3), unquoted(cells[3]), unquoted(cells[4])});
    }
    return lines;
}

TEST(ExpressionDocs, TellOfEveryFunctionAndOfNoOther) {
    std::vector<std::string> told;
    for (const auto& line : read_table()) told.push_back(line.name);
    auto there = internal::Checker::function_names();
    std::sort(told.begin(), told.end());
    std::sort(there.begin(), there.end());
    EXPECT_EQ(told, there);
}

TEST(ExpressionDocs, GiveExamplesThatHold) {
    const CaseWorld world;
    const auto record = world.record(
        "time=2018-03-09;seen_at=2018-03-09T10:30:00;birth=2000-03-09;services=food|health;"
        "point=long_pier;name=Ana;minutes=14;price=-2.25;"
        "companions=,9,1.5,+,30,2,+,,,");
    for (const auto& line : read_table()) {
        const auto compiled = compile(line.example, world.environment, {});
        ASSERT_TRUE(compiled.has_value()) << line.example << ": " << to_line(compiled.error()[0]);
        EXPECT_TRUE(line.example.find(line.name + "(") != line.example.npos) << line.example;
        EXPECT_EQ(canonical(compiled->evaluate(record, world.context)), line.result)
            << line.example;
    }
}

// Every type has its row, by name.
TEST(ExpressionDocs, TellOfEveryType) {
    std::ifstream in(AMATE_ROOT "/docs/reference/expressions.md");
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    const auto types =
        all.substr(all.find("## Types"), all.find("## Functions") - all.find("## Types"));
    for (int i = 0; i <= static_cast<int>(Type::table); ++i) {
        const auto name = name_of(static_cast<Type>(i));
        EXPECT_NE(types.find("`" + std::string(name) + "`"), types.npos) << name;
    }
}

}  // namespace
}  // namespace amate::definitions
