// SPDX-License-Identifier: Apache-2.0
// Tests that regular expressions of a pack decide whole texts and never hold up a record.
#include "core/pattern.hpp"

#include <string>

#include <gtest/gtest.h>

namespace amate {
namespace {

TEST(Pattern, DecidesTheWholeTextInUnicode) {
    const auto pattern = Pattern::compile("\\p{L}{2}\\d+");
    ASSERT_TRUE(pattern.has_value());
    EXPECT_EQ(pattern->matches("ñé12"), true);
    EXPECT_EQ(pattern->matches(" ñé12"), false);
    EXPECT_EQ(pattern->matches("ñé12x"), false);
}

TEST(Pattern, WhatIsNoRegularExpressionIsRefused) {
    EXPECT_FALSE(Pattern::compile("(a").has_value());
    EXPECT_FALSE(Pattern::compile("[b-").has_value());
    EXPECT_FALSE(Pattern::compile("*").has_value());
}

// A pattern that backtracks without end must cost a bounded time, whatever the text.
TEST(Pattern, RunawayPatternsAreGivenUp) {
    const auto nested = Pattern::compile("(a+)+$");
    ASSERT_TRUE(nested.has_value());
    EXPECT_EQ(nested->matches(std::string(60, 'a') + "b"), std::nullopt);
    const auto deep = Pattern::compile("(?:x|y)*");
    ASSERT_TRUE(deep.has_value());
    EXPECT_EQ(deep->matches(std::string(70'000, 'x')), std::nullopt);
}

}  // namespace
}  // namespace amate
