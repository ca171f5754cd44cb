// SPDX-License-Identifier: Apache-2.0
// A line is a row: what it says is kept to the digit, what it cannot mean is a problem of its own.
#include "exchange/internal/json_rows.hpp"

#include <gtest/gtest.h>

#include "exchange/internal/test_files.hpp"

namespace amate::exchange::internal {
namespace {

using Told = std::vector<std::string>;

class JsonLines : public testing::Test {
protected:
    Told read(const std::string& bytes) {
        const std::vector<JsonColumn> columns = {{"day", false}, {"name", false}, {"rows", true}};
        return read_all(open_json_rows(folder_.write("f.jsonl", bytes), columns, "f.jsonl"));
    }
    // Behind a sound first line.
    std::string read_second(const std::string& line) {
        const auto rows = read("{\"day\":1}\n" + line + "\n{\"day\":3}\n");
        EXPECT_EQ(rows.back(), "3: 3#||") << line;
        return rows.size() == 4 ? rows[2] : "?";
    }
    TestFolder folder_;
};

TEST_F(JsonLines, KeysAreHeadersAndMissingOnesAreEmpty) {
    EXPECT_EQ(
        read(
            "\xEF\xBB\xBF{\"day\":\"2018-03-01\",\"name\":\"N\\u00fa\xC3\xB1\\ud83d\\ude00\"}\r\n\n"
            "{\"rows\":[{\"age\":5,\"sex\":\"female\"},[null,true]],\"day\":null}\n{}"),
        (Told{"1: day|name|rows", "1: 2018-03-01|Núñ😀|",
              "3: ||[{\"age\":5,\"sex\":\"female\"},[null,true]]", "4: ||"}));
    EXPECT_EQ(read(""), Told{"0:"});
    EXPECT_EQ(read(" \n\t\r\n"), Told{"0:"});
}

// The first object may tell of a key that the source does not know: the registry says so.
TEST_F(JsonLines, KeysOfTheFirstObjectStandInTheHeader) {
    EXPECT_EQ(read("{\"other\":1,\"day\":2}\n{\"other\":true}"),
              (Told{"1: day|name|rows|other", "1: 2#|||1#", "2: |||true?"}));
    EXPECT_EQ(read("{\"Nara Oleaje\":1}").front(), "1: day|name|rows|#1");
}

TEST_F(JsonLines, NumbersKeepTheirDigits) {
    EXPECT_EQ(read_second("{\"day\":12345678901234567890123,\"name\":1.50}"),
              "2: 12345678901234567890123#|1.5#|");
    EXPECT_EQ(read_second("{\"day\":-0.0,\"name\":1e3}"), "2: 0#|1000#|");
}

TEST_F(JsonLines, WhatTheSourceDoesNotKnowIsToldAndKept) {
    EXPECT_EQ(read_second("{\"day\":1,\"nme\":\"x\",\"z\":{\"a\":[1]}}"),
              "2: 1#|||\"nme\":\"x\"|\"z\":{\"a\":[1]} !exchange.json_unknown_key:0 "
              "!exchange.json_unknown_key:0 LOST");
    EXPECT_EQ(read_second("{\"day\":1,\"day\":2}"),
              "2: 1#|||\"day\":2 !exchange.json_key_twice:1 LOST");
    EXPECT_EQ(read_second("{\"rows\":[{\"a\":1,\"a\":2}]}"),
              "2: ||[{\"a\":1,\"a\":2}] !exchange.json_key_twice:3");
    EXPECT_EQ(read_second("{\"name\":[\"a\"]}"), "2: |[\"a\"]| !exchange.json_nested:2");
    EXPECT_EQ(read_second("{\"rows\":{\"a\":1}}"), "2: ||{\"a\":1} !exchange.json_nested:3");
}

// A key that is no column's may be a person's name: it must not end up in a log.
TEST_F(JsonLines, AnUnknownKeyIsToldOnlyNextToAKnownOne) {
    const auto file = folder_.write("f.jsonl", "{\"day\":1}\n{\"Nara Oleaje\":1,\"nama\":2}\n");
    const auto open = open_json_rows(file, {{"day", false}, {"name", false}}, "f.jsonl");
    Row row;
    Problems problems;
    EXPECT_EQ((*open)->next(row, problems), RowState::whole);
    EXPECT_EQ((*open)->next(row, problems), RowState::lost);
    ASSERT_EQ(problems.size(), 2U);
    EXPECT_EQ(text_of(problems[0], "en"), "The source does not declare the key #1");
    EXPECT_EQ(text_of(problems[1], "en"),
              "The source does not declare the key nama; did you mean `name`?");
}

TEST_F(JsonLines, LinesThatAreNoObjectAreSetApartWhole) {
    for (const char* line :
         {"{", "{\"day\":1", "{\"day\":1}}", "{\"day\":1} {\"day\":2}", "{'day':1}",
          "{\"day\":NaN}", "{\"day\":01}", "{\"day\":1,}", "{\"day\":\"\xC0\xAF\"}",
          "{\"day\":\"\xED\xA0\x80\"}", "{\"day\":\"\\ud800\"}", "{\"day\":\"\\udc00x\"}",
          "{\"day\":\"\t\"}", "{\"day\":\"\xFF\"}", "{\"rows\":[{\"a\":[[1]]}]}", "nul",
          "{\"day\":1}//x"}) {
        EXPECT_EQ(read_second(line),
                  std::string("2: |||") + line + " !exchange.json_malformed:0 LOST");
    }
    for (const char* line : {"1", "\"x\"", "[1]", "null", "[{\"day\":1}]"}) {
        EXPECT_EQ(read_second(line),
                  std::string("2: |||") + line + " !exchange.json_not_object:0 LOST");
    }
    EXPECT_EQ(read_second(std::string("{\"day\":\"a\0b\"}", 13)),
              std::string("2: |||{\"day\":\"a\0b\"} !exchange.json_malformed:0 LOST", 51));
    EXPECT_EQ(read_second("{\"day\":\"a\\u0000b\"}"),
              std::string("2: a\0b|| !exchange.null_character:1", 35));
}

TEST_F(JsonLines, LimitsHoldWhateverTheLineSays) {
    EXPECT_EQ(read_second("{\"day\":\"" + std::string(10'000'000, 'x') + "\"}"),
              "2: || !exchange.row_too_long:0 LOST");
    EXPECT_TRUE(read_second(std::string(900'000, '[')).ends_with(" LOST"));
    std::string keys = "{";
    for (int i = 0; i < 10'000; ++i) keys += "\"k" + std::to_string(i) + "\":1,";
    keys.back() = '}';
    EXPECT_TRUE(read_second(keys).ends_with(" !exchange.too_many_columns:0 LOST"));
    EXPECT_EQ(read(keys), Told{" REFUSED exchange.too_many_columns@1"});
}

// A whole JSON document is a common mistake: it is told at once, not row by row.
TEST_F(JsonLines, ADocumentThatIsNotLinesIsRefused) {
    EXPECT_EQ(read("[{\"day\":1}]\n"), Told{" REFUSED exchange.json_not_object@1"});
    EXPECT_EQ(read("\n{\n  \"day\": 1\n}\n"), Told{" REFUSED exchange.json_malformed@2"});
}

TEST_F(JsonLines, Utf16IsReadByItsMark) {
    std::string wide("\xFF\xFE", 2);
    for (const char c : std::string("{\"day\":\"x\"}\n")) wide += std::string{c, '\0'};
    EXPECT_EQ(read(wide).back(), "1: x||");
}

}  // namespace
}  // namespace amate::exchange::internal
