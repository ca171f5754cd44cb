// SPDX-License-Identifier: Apache-2.0
// Tests of the look-ups inside a pack that do more than search by name.
#include "definitions/model.hpp"

#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

CodeList make_list(std::vector<Code> codes) {
    CodeList list;
    list.name = "list";
    list.codes = std::move(codes);
    for (std::size_t i = 0; i < list.codes.size(); ++i) list.index[list.codes[i].code] = i;
    return list;
}

Code make_code(std::string code, std::string parent = "") {
    return {std::move(code), std::move(parent), {}, {}, {}, {}};
}

// A code counts in every list entry above it, never in those beside or below.
TEST(CodeList, WithinFollowsParentsUpwards) {
    const auto list = make_list({make_code("country"), make_code("north", "country"),
                                 make_code("town", "north"), make_code("south", "country")});
    EXPECT_TRUE(list.within("town", "country"));
    EXPECT_TRUE(list.within("town", "town"));
    EXPECT_FALSE(list.within("country", "town"));
    EXPECT_FALSE(list.within("town", "south"));
    EXPECT_FALSE(list.within("nowhere", "country"));
    EXPECT_FALSE(list.within("nowhere", "nowhere"));
}

// A list that the loader would refuse must not hang a look-up.
TEST(CodeList, WithinEndsOnACycle) {
    const auto list = make_list({make_code("a", "b"), make_code("b", "a")});
    EXPECT_FALSE(list.within("a", "c"));
}

// Bands are read from the codes themselves; what no band holds has no code.
TEST(CodeList, BandOfReadsClosedOpenAndSingleBands) {
    const auto list = make_list({make_code("0-11"), make_code("12"), make_code("13-64"),
                                 make_code("65+"), make_code("other")});
    EXPECT_EQ(list.band_of(0)->code, "0-11");
    EXPECT_EQ(list.band_of(11)->code, "0-11");
    EXPECT_EQ(list.band_of(12)->code, "12");
    EXPECT_EQ(list.band_of(64)->code, "13-64");
    EXPECT_EQ(list.band_of(1000)->code, "65+");
    EXPECT_EQ(list.band_of(-1), nullptr);
}

TEST(CodeList, LabelFallsBackToMissingNamesAndThenTheCode) {
    auto list = make_list({make_code("f"), make_code("m")});
    list.codes[0].label = Text({{"es", "Mujer"}, {"en", "Female"}});
    EXPECT_EQ(list.label("f", "es"), "Mujer");
    EXPECT_EQ(list.label("m", "es"), "m");
    EXPECT_EQ(list.label("unknown", "en"), "Unknown");
    EXPECT_EQ(list.label("x", "en"), "x");
}

// The order in which a figure's end is found decides which records it counts.
TEST(Pack, CountedPeriodTakesEndThenCutoffThenDocument) {
    Pack pack;
    pack.documents.push_back({"report", {}, *Date::of(2018, 9, 7), 10});
    Figure figure;
    figure.document = "report";
    EXPECT_EQ(pack.counted_period(figure).last, Date::of(2018, 9, 7));
    EXPECT_EQ(pack.counted_period(figure).first, std::nullopt);
    figure.cutoff = Date::of(2018, 6, 30);
    EXPECT_EQ(pack.counted_period(figure).last, Date::of(2018, 6, 30));
    figure.period = {Date::of(2018, 1, 1), Date::of(2018, 5, 31)};
    EXPECT_EQ(pack.counted_period(figure), figure.period);
    figure.period.last = Date::of(2024, 12, 31);
    EXPECT_EQ(pack.counted_period(figure).last, Date::of(2018, 9, 7));
}

TEST(Pack, NodesAreFoundAtAnyDepthAndFiguresKnowTheirIndicator) {
    Framework framework;
    framework.nodes.push_back(
        {"1", {}, {}, {}, {{"1.1", {}, {}, {}, {{"1.1.1", {}, {}, {}, {}}}}}});
    EXPECT_EQ(framework.find("1.1.1")->id, "1.1.1");
    EXPECT_EQ(framework.find("2"), nullptr);
    Pack pack;
    Indicator indicator;
    indicator.id = "stays";
    indicator.figures = {"F1"};
    pack.indicators.push_back(indicator);
    EXPECT_EQ(pack.indicator_of_figure("F1")->id, "stays");
    EXPECT_EQ(pack.indicator_of_figure("F2"), nullptr);
}

}  // namespace
}  // namespace amate::definitions
