// SPDX-License-Identifier: Apache-2.0
// An identifier is written and read by what the pack declares, and a wrong one is never taken.
#include "definitions/identifier.hpp"

#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

// Attributes: 0 birth, 1 sex.
Identifier island_key() {
    Identifier key;
    key.letters = {{"ñ", "X"}, {"Ñ", "X"}};
    key.skip = {"DEL", "LA"};
    key.give_way = {"NARA"};
    key.parts.emplace_back(
        Identifier::NamePart{Identifier::Name::family, Identifier::Take::initial});
    key.parts.emplace_back(
        Identifier::NamePart{Identifier::Name::second_family, Identifier::Take::inner_vowel});
    key.parts.emplace_back(
        Identifier::NamePart{Identifier::Name::given, Identifier::Take::inner_consonant});
    key.parts.emplace_back(Identifier::DatePart{0});
    Identifier::CodePart sex;
    sex.attribute = 1;
    sex.written = {{"female", "F"}, {"male", "M"}};
    sex.codes = {{"F", "female"}, {"M", "male"}};
    key.parts.emplace_back(sex);
    key.parts.emplace_back(
        Identifier::Differentiator{{{std::nullopt, Date::of(1999, 12, 31), {"0", "1"}, {"Ñ"}},
                                    {Date::of(2000, 1, 1), std::nullopt, {"A", "B"}, {"Á"}}}});
    Identifier::Check check;
    for (const char c : std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        check.alphabet.emplace_back(1, c);
    }
    check.weights = {7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3};
    key.parts.emplace_back(check);
    key.excluded = {{"OAR", "OXR"}};
    return key;
}

std::vector<Value> person(int year, const char* sex) {
    return {PartialDate{year, 2, 9}, std::string(sex)};
}

// Particles, names that give way, signs that are no letters and what is not there.
TEST(Identifier, TakesItsLettersFromTheWordsThatCount) {
    const auto key = island_key();
    EXPECT_EQ(key.root({"Nara Telma", "del Oleaje", "Peña"}, person(1990, "female")), "OEL900209F");
    EXPECT_EQ(key.root({"Nara", "Oleaje", ""}, person(1990, "female")), "OXR900209F");
    EXPECT_EQ(key.root({"Iñigo", "Ñandú", "Marea"}, person(1990, "male")), "XAX900209M");
    EXPECT_EQ(key.root({"Nara", "Oleaje", "Marea"}, person(1990, "female")), "OXR900209F");
    EXPECT_FALSE(key.root({"Nara", "Oleaje", "Marea"}, {Missing::unknown, std::string("male")}));
}

TEST(Identifier, ReadsBackWhatItTells) {
    const auto key = island_key();
    for (const int year : {1925, 1999, 2000, 2015}) {
        const auto text = key.invent({"Telma", "Oleaje", "Peña"}, person(year, "male"), 4);
        ASSERT_TRUE(text);
        EXPECT_EQ(key.judge(*text), IdentifierVerdict::invented);
        EXPECT_EQ(key.read(*text, 0), Value(PartialDate{year, 2, 9}));
        EXPECT_EQ(key.read(*text, 1), Value(std::string("male")));
    }
    EXPECT_TRUE(key.tells(1));
    EXPECT_FALSE(key.tells(2));
}

// Every single wrong digit must show, and no text at all may do harm.
TEST(Identifier, RefusesWhatIsNotOne) {
    const auto key = island_key();
    EXPECT_EQ(key.judge("OEL900209F09"), IdentifierVerdict::unsound);
    int sound = 0;
    for (char digit = '0'; digit <= '9'; ++digit) {
        const auto verdict = key.judge(std::string("OEL900209F0") + digit);
        sound += verdict == IdentifierVerdict::sound ? 1 : 0;
    }
    EXPECT_EQ(sound, 1);
    for (const char* text : {"", "O", "OEL900230F00", "OEL9002", "OEL900209FÑ", "\xC3",
                             "oel900209f00", "OAR900209F00", "OEL900209F00X"}) {
        EXPECT_EQ(key.judge(text), IdentifierVerdict::unsound) << text;
    }
}

}  // namespace
}  // namespace amate::definitions
