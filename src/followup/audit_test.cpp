// SPDX-License-Identifier: Apache-2.0
// Holds that the audit finds what does not agree, confirms what does, and accuses nobody falsely.
#include "followup/audit.hpp"

#include <gtest/gtest.h>

#include "core/result.hpp"
#include "followup/test_pack.hpp"

namespace amate::followup {
namespace {

using testing::FigureLine;

std::vector<Finding> findings_of(const std::vector<FigureLine>& lines) {
    return audit(*testing::make_pack(lines));
}

Finding only(const std::vector<FigureLine>& lines) {
    const auto findings = findings_of(lines);
    EXPECT_EQ(findings.size(), 1U);
    return findings.empty() ? Finding{} : findings.front();
}

bool contains(const std::string& text, std::string_view piece) {
    return text.find(piece) != std::string::npos;
}

// Why: a total that is not the sum of its parts is the commonest slip of a printed report.
TEST(Audit, FindsPartsThatFallShort) {
    const auto finding = only({{"F1", "970467"},
                               {"F2", "970400", "kind_of=a", "part_of:F1"},
                               {"F3", "61", "kind_of=b", "part_of:F1"}});
    EXPECT_EQ(finding.kind, FindingKind::differs);
    EXPECT_EQ(finding.check, "part_of");
    EXPECT_EQ(finding.figure_id, "F1");
    EXPECT_EQ(finding.others, (std::vector<std::string>{"F2", "F3"}));
    EXPECT_EQ(finding.expected, "970461");
    EXPECT_EQ(finding.key, "kind_of");
    EXPECT_TRUE(contains(to_words(finding, "en"), "970,467")) << to_words(finding, "en");
    EXPECT_TRUE(contains(to_words(finding, "en"), "; 6 are missing"));
    EXPECT_TRUE(contains(to_words(finding, "es"), "faltan 6"));
}

// Why: a whole may be split twice (by age, by outcome); each split adds up by itself.
TEST(Audit, KeepsPartitionsOfDifferentKeysApart) {
    const auto findings =
        findings_of({{"F1", "21", "year=2012"},
                     {"F2", "12", "year=2012;age=minor", "part_of:F1"},
                     {"F3", "9", "year=2012;age=adult", "part_of:F1"},
                     {"F4", "20", "year=2012;outcome=a", "part_of:F1"},
                     {"F5", "1", "year=2012;outcome=b;asof=report", "part_of:F1"}});
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].key, "age");
    EXPECT_EQ(findings[1].key, "outcome");
    for (const auto& finding : findings) EXPECT_EQ(finding.kind, FindingKind::holds);
}

TEST(Audit, PercentagesMakeAHundredButForRounding) {
    const auto shares = [](const char* a, const char* b, const char* c) {
        return only({{"F1", "181873"},
                     {"F2", a, "sex=x", "part_of:F1", "percent", "percent"},
                     {"F3", b, "sex=y", "part_of:F1", "percent", "percent"},
                     {"F4", c, "sex=z", "part_of:F1", "percent", "percent"}});
    };
    EXPECT_EQ(shares("44.64", "55.36", "0").kind, FindingKind::holds);
    EXPECT_EQ(shares("33.3", "33.3", "33.3").kind, FindingKind::holds);
    const auto off = shares("44.64", "54.36", "0");
    EXPECT_EQ(off.kind, FindingKind::differs);
    EXPECT_TRUE(contains(to_words(off, "en"), "99.00%")) << to_words(off, "en");
}

// Why: "more than 35" leaves room; to call that a contradiction would be false.
TEST(Audit, RespectsBounds) {
    EXPECT_EQ(only({{"F1", "100", "bound=more_than"},
                    {"F2", "70", "k=a", "part_of:F1"},
                    {"F3", "40", "k=b", "part_of:F1"}})
                  .kind,
              FindingKind::holds);
    EXPECT_EQ(only({{"F1", "100"},
                    {"F2", "70", "k=a;bound=more_than", "part_of:F1"},
                    {"F3", "20", "k=b", "part_of:F1"}})
                  .kind,
              FindingKind::undecided);
    EXPECT_EQ(only({{"F1", "100"},
                    {"F2", "90", "k=a;bound=more_than", "part_of:F1"},
                    {"F3", "20", "k=b", "part_of:F1"}})
                  .kind,
              FindingKind::differs);
    EXPECT_EQ(only({{"F1", "100", "bound=almost"}, {"F2", "100", "", "repeats:F1"}}).kind,
              FindingKind::differs);
}

TEST(Audit, PartsInAnotherUnitAreNotAdded) {
    const auto finding = only({{"F1", "9"}, {"F2", "4", "k=a", "part_of:F1", "count", "desks"}});
    EXPECT_EQ(finding.kind, FindingKind::undecided);
    EXPECT_EQ(finding.because, Because::other_unit);
}

TEST(Audit, SubsetMayNotExceedButNeedNotAddUp) {
    EXPECT_EQ(only({{"F1", "10"}, {"F2", "10", "", "subset_of:F1"}}).kind, FindingKind::holds);
    EXPECT_EQ(only({{"F1", "10"}, {"F2", "11", "", "subset_of:F1"}}).kind, FindingKind::differs);
    EXPECT_EQ(only({{"F1", "10", "bound=more_than"}, {"F2", "11", "", "subset_of:F1"}}).kind,
              FindingKind::undecided);
    for (const auto& finding : findings_of({{"F1", "10"},
                                            {"F2", "9", "service=a", "subset_of:F1"},
                                            {"F3", "8", "service=b", "subset_of:F1"}}))
        EXPECT_EQ(finding.kind, FindingKind::holds);
}

TEST(Audit, RepeatsAreEqualUnlessOfAnotherMoment) {
    EXPECT_EQ(only({{"F1", "51"}, {"F2", "51", "", "repeats:F1"}}).kind, FindingKind::holds);
    EXPECT_EQ(only({{"F1", "51"}, {"F2", "52", "", "repeats:F1"}}).kind, FindingKind::differs);
    const auto later =
        only({{"F1", "51", "", "", "count", "desks", "", "", "2018-06-30"},
              {"F2", "52", "", "repeats:F1", "count", "desks", "", "", "2018-07-31"}});
    EXPECT_EQ(later.kind, FindingKind::undecided);
    EXPECT_EQ(later.because, Because::other_moment);
}

// Why: 1053 of 1178 is 89.3888 %; a document that prints 89.38 has cut, not rounded.
TEST(Audit, TellsTruncationFromRounding) {
    const auto share = [](const char* printed) {
        return only({{"F1", "1178"},
                     {"F2", "1053"},
                     {"F3", printed, "", "derived_from:F2/F1", "percent", "percent"}});
    };
    EXPECT_EQ(share("89.39").kind, FindingKind::holds);
    const auto cut = share("89.38");
    EXPECT_EQ(cut.kind, FindingKind::differs);
    EXPECT_EQ(cut.because, Because::truncated);
    EXPECT_EQ(cut.expected, "89.39");
    EXPECT_TRUE(contains(to_words(cut, "es"), "se cortaron")) << to_words(cut, "es");
    EXPECT_EQ(share("91.00").because, Because::none);
    EXPECT_EQ(share("91.00").kind, FindingKind::differs);
}

TEST(Audit, ComparesIncreasesWithTheirBase) {
    const auto finding =
        only({{"F1", "4208"},
              {"F2", "18874"},
              {"F3", "349", "compare=2012", "derived_from:F2/F1", "percent", "percent"}});
    EXPECT_EQ(finding.kind, FindingKind::holds);
    const auto baseless =
        only({{"F1", "321420"},
              {"F3", "100.2", "compare=2016", "derived_from:F1", "percent", "percent"}});
    EXPECT_EQ(baseless.kind, FindingKind::undecided);
    EXPECT_EQ(baseless.because, Because::base_missing);
}

// Why: "approx. 822 calls a day" of 321,420 a year is off by far more than "approx." allows.
TEST(Audit, ChecksMeansOfAPeriod) {
    const auto mean = [](const char* value, const char* bound, const char* unit) {
        return only(
            {{"F1", "321420", "", "", "count", "calls", "2017-01-01", "2017-12-31"},
             {"F2", value, bound, "derived_from:F1", "ratio", unit, "2017-01-01", "2017-12-31"}});
    };
    const auto day = mean("822", "stat=mean;bound=approx", "calls_per_day");
    EXPECT_EQ(day.kind, FindingKind::differs);
    EXPECT_EQ(day.expected, "880.6");
    EXPECT_EQ(mean("880", "bound=approx", "calls_per_day").kind, FindingKind::holds);
    EXPECT_EQ(mean("881", "", "calls_per_day").kind, FindingKind::holds);
    EXPECT_EQ(mean("26785", "", "calls per month").kind, FindingKind::holds);
    EXPECT_EQ(mean("26785", "", "calls").kind, FindingKind::undecided);
}

TEST(Audit, ConflictsNeedProof) {
    const auto finding = only({{"F1", "1455035"},
                               {"F2", "1500000", "bound=a_little_more_than", "conflicts_with:F1",
                                "count", "persons", "", "", "2018-03-31"}});
    EXPECT_EQ(finding.kind, FindingKind::differs);
    EXPECT_EQ(finding.because, Because::no_cutoff);
    const std::string words = to_words(finding, "en");
    EXPECT_TRUE(contains(words, "a little more than 1,500,000")) << words;
    EXPECT_TRUE(contains(words, "no cut-off date")) << words;
}

TEST(Audit, RevisionsAndExchangesAreNoErrors) {
    EXPECT_EQ(only({{"F1", "914"}, {"F2", "900", "", "restates:F1"}}).because, Because::revised);
    const auto rate = only(
        {{"F1", "1970", "", "", "money", "AAA"}, {"F2", "100", "", "restates:F1", "money", "BBB"}});
    EXPECT_EQ(rate.kind, FindingKind::undecided);
    EXPECT_EQ(rate.expected, "19.70");
}

// Why: every finding a pack can give must have its sentence in both languages.
TEST(Audit, SaysEveryFindingInBothLanguages) {
    for (const char* check :
         {"part_of", "subset_of", "repeats", "derived_from", "restates", "conflicts_with"}) {
        for (const auto kind : {FindingKind::holds, FindingKind::differs, FindingKind::undecided}) {
            for (int because = 0; because <= static_cast<int>(Because::revised); ++because) {
                if (kind == FindingKind::undecided && because == 0) continue;
                if (std::string_view(check) == "restates" && kind == FindingKind::differs) continue;
                Finding finding;
                finding.kind = kind;
                finding.check = check;
                finding.figure_id = "F1";
                finding.others = {"F2", "F3"};
                finding.reported = "12";
                finding.expected = "13";
                finding.because = static_cast<Because>(because);
                if (kind == FindingKind::undecided &&
                    (finding.because == Because::none || finding.because == Because::truncated ||
                     finding.because == Because::no_cutoff || finding.because == Because::revised))
                    continue;
                for (const char* language : {"es", "en"})
                    EXPECT_TRUE(contains(to_words(finding, language), "F1")) << check << because;
            }
        }
    }
}

TEST(Audit, AnUnknownOtherIsABug) {
    EXPECT_THROW((void)findings_of({{"F1", "1", "", "repeats:F9"}}), Bug);
}

}  // namespace
}  // namespace amate::followup
