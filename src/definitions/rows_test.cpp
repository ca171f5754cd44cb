// SPDX-License-Identifier: Apache-2.0
// Tests of what is written as one text but has parts: rows, points, digests; and of judging rows.
#include "definitions/rows.hpp"

#include <gtest/gtest.h>

#include "definitions/pack.hpp"

namespace amate::definitions {
namespace {

const Pack& demo() {
    static const auto pack = load_pack(std::string(AMATE_ROOT) + "/packs/demo");
    if (!pack) ADD_FAILURE() << to_line(pack.error().front());
    return **pack;
}
const Register& stay() {
    return *demo().find_register("shelter_stay");
}
const std::vector<Column>& companion_fields() {
    return stay().find_column("companions")->fields;
}

TEST(ParseRows, TakesListsAndObjectsAndGivesThemBackAsLists) {
    const auto rows = parse_rows(
        R"([["sibling", "2012"], {"birth": "1980-05-01", "kinship": "other"}, {"kinship": null}])",
        companion_fields());
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->size(), 3U);
    const auto text = canonical(Value(*rows));
    EXPECT_EQ(text, R"([["sibling","2012"],["other","1980-05-01"],[]])");
    EXPECT_EQ(parse_rows(text, companion_fields()), rows);
    EXPECT_EQ(parse_rows("[]", companion_fields())->size(), 0U);
}

TEST(ParseRows, RefusesWhatIsNoRows) {
    for (const auto* wrong :
         {"", "{}", "[1]", "[[1,2,3,4]]", R"([{"kin": "sibling"}])", R"([["sibling","yesterday"]])",
          R"([["sibling",["2012"]]])", "[[", "[[\"sibling\"]] x"}) {
        EXPECT_FALSE(parse_rows(wrong, companion_fields())) << wrong;
    }
    const std::string deep(100'000, '[');
    EXPECT_FALSE(parse_rows(deep, companion_fields()));
    EXPECT_FALSE(parse_rows("[" + std::string(kRowsBytesMax, ' ') + "]", companion_fields()));
}

TEST(ParseGeopoint, TakesPointsOfTheEarth) {
    EXPECT_EQ(parse_geopoint("19.4326, -99.1332"), "19.4326 -99.1332");
    EXPECT_EQ(parse_geopoint("0 0"), "0 0");
    for (const auto* wrong : {"", "19", "91 0", "0 181", "x y", "1 2 3", "nan 0", "1e400 0"}) {
        EXPECT_FALSE(parse_geopoint(wrong)) << wrong;
    }
}

TEST(IsFileDigest, IsHexadecimal) {
    EXPECT_TRUE(is_file_digest(std::string(64, 'a')));
    EXPECT_FALSE(is_file_digest(std::string(63, 'a')));
    EXPECT_FALSE(is_file_digest(std::string(64, 'g')));
}

// A row is judged as a record is, and its faults say which row.
TEST(JudgeRows, FillsInEachRowAndTellsOfItsFaults) {
    std::vector<Value> record(stay().columns.size(), Missing::absent);
    const auto set = [&](std::string_view column, Value value) {
        record[*stay().column_index(column)] = std::move(value);
    };
    set("arrived_at", *DateTime::parse("2018-03-01T10:00"));
    set("office", std::string("hill_house"));
    set("person.sex", std::string("male"));
    set("companions",
        *parse_rows(R"([["child", "2015-06-01"], [null, "1980"], ["cousin", "2001"]])",
                    companion_fields()));
    const auto judgement = judge(stay(), record, {*DateTime::parse("2018-06-30T12:00")});
    std::vector<std::string> lines;
    for (const auto& each : judgement.problems) lines.push_back(each.code + " " + each.place.path);
    EXPECT_EQ(lines, (std::vector<std::string>{"record.required companions[2].kinship",
                                               "record.not_in_list companions[3].kinship"}));
    EXPECT_EQ(canonical(record[*stay().column_index("companions")]),
              R"([["child","2015-06-01","true"],["","1980"],["cousin","2001"]])");
    // Whether somebody known by year alone is a minor is not known, and is not counted.
    EXPECT_EQ(record[*stay().column_index("minors")], Value(std::int64_t{1}));
}

}  // namespace
}  // namespace amate::definitions
