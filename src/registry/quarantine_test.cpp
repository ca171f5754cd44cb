// SPDX-License-Identifier: Apache-2.0
// Quarantine is opened in spreadsheets: no cell of it may run there, and none may come back
// changed.
#include "registry/internal/quarantine.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace amate::registry::internal {
namespace {

TEST(ClosedCell, NoFormulaIsLeftOpenAndPlainTextStaysAsItIs) {
    const auto closed = [](std::string cell) {
        close_cell(cell);
        return cell;
    };
    for (const char* formula :
         {"=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A0", "-", "+5a"}) {
        EXPECT_EQ(closed(formula), std::string("'") + formula);
    }
    for (const char* plain :
         {"", "Nara", "-5", "+52.5", "-1,234.5", "'", "''", "'tis", " =1", "1-1"}) {
        EXPECT_EQ(closed(plain), plain);
    }
    EXPECT_EQ(closed("'=1"), "''=1");
    EXPECT_EQ(closed("'-5"), "''-5");
}

// Every short text over the signs that matter.
TEST(ClosedCell, WhatIsClosedOpensAsItWas) {
    const std::string signs = "'=+-@\t1a ";
    std::vector<std::string> texts = {""};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].size() == 4) break;
        for (const char sign : signs) texts.push_back(texts[i] + sign);
    }
    for (const auto& text : texts) {
        auto cell = text;
        close_cell(cell);
        open_cell(cell);
        ASSERT_EQ(cell, text);
    }
    EXPECT_GT(texts.size(), 7'000U);
}

}  // namespace
}  // namespace amate::registry::internal
