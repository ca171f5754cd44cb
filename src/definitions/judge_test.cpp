// SPDX-License-Identifier: Apache-2.0
// Tests of the judge: the one place where a record is accepted, flagged or refused.
#include <algorithm>

#include <gtest/gtest.h>

#include "definitions/pack.hpp"

namespace amate::definitions {
namespace {

const Pack& demo() {
    static const auto pack = load_pack(std::string(AMATE_ROOT) + "/packs/demo");
    if (!pack) ADD_FAILURE() << to_line(pack.error().front());
    return **pack;
}

// A landing of an adult with which nothing is wrong; tests change one thing.
class Landing {
public:
    Landing() : record_(register_().columns.size(), Missing::absent) {
        set("landed_at", *DateTime::parse("2018-03-01T10:00"));
        set("point", std::string("long_pier"));
        set("modality", std::string("assisted"));
        set("person.sex", std::string("female"));
        set("person.birth", *PartialDate::parse("1990-05-17"));
    }
    static const Register& register_() { return *demo().find_register("landing"); }

    Landing& set(std::string_view column, Value value) {
        record_[*register_().column_index(column)] = std::move(value);
        return *this;
    }
    [[nodiscard]] const Value& at(std::string_view column) const {
        return record_[*register_().column_index(column)];
    }
    // "code path" of each problem.
    std::vector<std::string> judge_problems() {
        judgement_ = judge(register_(), record_, {*DateTime::parse("2018-06-30T12:00")});
        std::vector<std::string> lines;
        for (const auto& each : judgement_.problems) {
            lines.push_back(each.code + " " + each.place.path);
        }
        return lines;
    }
    [[nodiscard]] const Judgement& judgement() const { return judgement_; }

private:
    std::vector<Value> record_;
    Judgement judgement_;
};

using Lines = std::vector<std::string>;

// The plain case must pass, or all the others prove nothing.
TEST(Judge, AcceptsASoundRecordAndFillsInWhatIsComputed) {
    Landing landing;
    landing.set("services", Codes{"food", "water"});
    EXPECT_EQ(landing.judge_problems(), Lines{});
    EXPECT_TRUE(landing.judgement().flags.empty());
    EXPECT_EQ(landing.at("service_count"), Value(std::int64_t{2}));
    EXPECT_EQ(landing.at("party_size"), Value(std::int64_t{1}));  // the default
}

// A source may send anything in a calculated column; the rule decides, not the sender.
TEST(Judge, CalculationsOverrideWhatWasGivenAndDefaultsDoNot) {
    Landing landing;
    landing.set("service_count", std::int64_t{9}).set("party_size", std::int64_t{4});
    landing.set("services", Codes{"food"});
    EXPECT_EQ(landing.judge_problems(), Lines{});
    EXPECT_EQ(landing.at("service_count"), Value(std::int64_t{1}));
    EXPECT_EQ(landing.at("party_size"), Value(std::int64_t{4}));
}

// `unknown` was said by somebody and is an answer; an empty cell is not.
TEST(Judge, RequiredTakesStatedMissingValuesButNotEmptyOnes) {
    EXPECT_EQ(Landing().set("person.sex", Missing::unknown).judge_problems(), Lines{});
    EXPECT_EQ(Landing().set("person.sex", Missing::absent).judge_problems(),
              Lines{"record.required person.sex"});
}

// `accompanied` is asked of minors only: for an adult a stray answer is cleared, for a minor it
// must be there, and where the age is not known it is neither cleared nor demanded.
TEST(Judge, RelevanceClearsOnFalseDemandsOnTrueAndLeavesTheOpenCaseAlone) {
    Landing adult;
    adult.set("accompanied", true);
    EXPECT_EQ(adult.judge_problems(), Lines{});
    EXPECT_EQ(adult.at("accompanied"), Value(Missing::absent));

    Landing minor;
    minor.set("person.birth", *PartialDate::parse("2010-02-03"));
    EXPECT_EQ(minor.judge_problems(), Lines{"record.required accompanied"});

    Landing open;
    open.set("person.birth", Missing::unknown).set("accompanied", false);
    EXPECT_EQ(open.judge_problems(), Lines{});
    EXPECT_EQ(open.at("accompanied"), Value(false));
    EXPECT_TRUE(open.judgement().flags.empty());
}

// A code outside its list would make a table that nobody can read.
TEST(Judge, CodesMustBeOfTheirLists) {
    EXPECT_EQ(Landing().set("point", std::string("moon")).judge_problems(),
              Lines{"record.not_in_list point"});
    EXPECT_EQ(Landing().set("services", Codes{"food", "gold"}).judge_problems(),
              Lines{"record.not_in_list services"});
    EXPECT_EQ(Landing().set("services", Missing::refused).judge_problems(), Lines{});
}

// Three-valued logic: what cannot be decided is no fault.
TEST(Judge, ConstraintsBiteOnlyOnFalse) {
    EXPECT_EQ(Landing().set("party_size", std::int64_t{0}).judge_problems(),
              Lines{"record.constraint_said party_size"});
    EXPECT_EQ(Landing().set("party_size", Missing::unknown).judge_problems(), Lines{});
    EXPECT_EQ(Landing().set("landed_at", *DateTime::parse("2018-06-30T12:01")).judge_problems(),
              Lines{"record.constraint_said landed_at"});
    EXPECT_EQ(Landing().set("landed_at", *DateTime::parse("2018-06-30T12:00")).judge_problems(),
              Lines{});
}

// Every reason is given at once, so that a row is corrected once.
TEST(Judge, TellsAllProblemsInColumnOrder) {
    Landing landing;
    landing.set("landed_at", Missing::absent).set("point", std::string("north"));
    landing.set("person.sex", std::string("x")).set("party_size", std::int64_t{900});
    EXPECT_EQ(landing.judge_problems(),
              (Lines{"record.required landed_at", "record.constraint_said point",
                     "record.not_in_list person.sex", "record.constraint_said party_size"}));
}

// Warnings stay with the record; refusals keep it out; `when` needs true.
TEST(Judge, RulesWarnRefuseAndFlag) {
    Landing night;
    night.set("landed_at", *DateTime::parse("2018-03-01T23:10"));
    EXPECT_EQ(night.judge_problems(), Lines{});
    EXPECT_EQ(night.judgement().flags, (Lines{"night_landing"}));

    Landing child;
    child.set("person.birth", *PartialDate::parse("2010-01-01")).set("accompanied", false);
    EXPECT_EQ(child.judge_problems(), Lines{});
    EXPECT_EQ(child.judgement().flags, (Lines{"unaccompanied_minor"}));

    Landing ferry;
    ferry.set("modality", std::string("ferry")).set("point", std::string("salt_lake"));
    EXPECT_EQ(ferry.judge_problems(), Lines{"record.refused point"});
}

// Problems travel to logs and quarantine files: they carry the pack's words, never the record's.
TEST(Judge, ProblemsHoldNoValueOfTheRecord) {
    Landing landing;
    landing.set("person.names", std::string("Nara Oleaje")).set("point", std::string("Nara"));
    landing.set("party_size", std::int64_t{4711});
    static_cast<void>(landing.judge_problems());
    EXPECT_EQ(landing.judgement().problems.size(), 2U);
    for (const auto& problem : landing.judgement().problems) {
        for (const auto* language : {"es", "en"}) {
            const auto text = text_of(problem, language);
            EXPECT_FALSE(text.empty());
            EXPECT_EQ(text.find("Nara"), text.npos) << text;
            EXPECT_EQ(text.find("4711"), text.npos) << text;
        }
    }
    EXPECT_EQ(text_of(landing.judgement().problems.back(), "es"),
              "El grupo va de 1 a 200 personas.");
}

// A record of another layout is a bug of the caller, not a verdict.
TEST(Judge, ARecordOfAnotherLayoutIsABug) {
    std::vector<Value> record(3, Missing::absent);
    EXPECT_THROW(static_cast<void>(judge(Landing::register_(), record, {})), Bug);
}

}  // namespace
}  // namespace amate::definitions
