// SPDX-License-Identifier: Apache-2.0
// A record from its first day to its last, through the one way there is.
#include <gtest/gtest.h>

#include "ledger/verify.hpp"
#include "registry/desk.hpp"
#include "registry/internal/test_desk.hpp"
#include "store/field_cipher.hpp"

namespace amate::registry {
namespace {

namespace json = boost::json;

using Codes = std::vector<std::string>;

Caller caller(const std::string& user, std::vector<std::string> roles) {
    return {{user, "hill_house", "reception"}, std::move(roles)};
}

const Caller kSupervisor = caller("sol", {"supervisor"});
const Caller kOfficer = caller("oto", {"reception_officer"});
const Caller kProtection = caller("pia", {"child_protection"});

class DeskTest : public ::testing::Test {
protected:
    DeskTest() {
        house_.clock.set("2018-03-01T12:00:00");
        EXPECT_TRUE(settle_schema(house_.pack(), house_.workspace(), house_.session(), house_.clock,
                                  {"tester", "", ""}));
        desk_ = std::make_unique<Desk>(house_.pack(), house_.workspace(), house_.session(),
                                       house_.clock);
    }

    [[nodiscard]] const definitions::Register& of(const std::string& name) const {
        return *house_.pack().find_register(name);
    }
    Request request(const std::string& register_name, const Caller& who, ChangeKind kind,
                    const std::string& body, const std::string& folio = "",
                    const std::string& action = "") {
        auto change = parse_change(of(register_name), kind, json::parse(body).as_object());
        EXPECT_TRUE(change) << (change ? "" : to_line(change.error().front()));
        if (!change) return {};
        change->folio = folio;
        change->action = action;
        return {&of(register_name), who, std::move(*change), "", ""};
    }
    Result<Receipt> ask(const Request& request) { return desk_->carry_out({request}).front(); }
    Receipt must(const Request& request) {
        auto receipt = ask(request);
        EXPECT_TRUE(receipt) << (receipt ? "" : to_line(receipt.error().front()));
        return receipt ? *receipt : Receipt{};
    }
    Codes refused(const Request& request) {
        Codes codes;
        if (auto receipt = ask(request); !receipt) {
            for (const auto& problem : receipt.error()) codes.push_back(problem.code);
        }
        return codes;
    }
    store::StoredRecord now(const std::string& register_name, const std::string& folio) {
        return *store::find_record(house_.session(), of(register_name), folio);
    }
    Value value(const store::StoredRecord& record, const std::string& register_name,
                const std::string& column) {
        return record.values[*of(register_name).column_index(column)];
    }
    std::string land(const std::string& fields = "") {
        return must(request("landing", kOfficer, ChangeKind::create,
                            R"({"fields":{"landed_at":"2018-03-01T10:00","point":"long_pier",)"
                            R"("modality":"assisted","person":{"sex":"male"})" +
                                fields + "}}"))
            .folio;
    }
    std::string stay(const std::string& fields = "") {
        return must(request("shelter_stay", kSupervisor, ChangeKind::create,
                            R"({"fields":{"arrived_at":"2018-03-01T10:00","office":"hill_house",)"
                            R"("person":{"sex":"female","birth":"2010-01-01"})" +
                                fields + "}}"))
            .folio;
    }
    void expect_sound() {
        NoProgress progress;
        const auto found =
            ledger::verify(house_.session(), house_.pack(), house_.workspace().keys(), progress);
        EXPECT_TRUE(found.problems.empty()) << to_line(found.problems.front());
    }

    internal::TestDesk house_;
    std::unique_ptr<Desk> desk_;
};

// Why: the original must stay, each revision must say what it set, and the newest one must count.
TEST_F(DeskTest, AmendsWithoutLosingWhatWas) {
    const auto folio = land();
    EXPECT_EQ(folio, "LAN-2018-000001");
    house_.clock.set("2018-09-08T09:00:00");
    const auto receipt =
        must(request("landing", kOfficer, ChangeKind::amend,
                     R"({"base":1,"fields":{"services":["food","water"]}})", folio));
    EXPECT_EQ(receipt.revision, 2);
    const auto record = now("landing", folio);
    EXPECT_EQ(value(record, "landing", "services"), Value(amate::Codes{"food", "water"}));
    EXPECT_EQ(value(record, "landing", "service_count"), Value(std::int64_t{2}));
    ASSERT_EQ(record.act.changes.size(), 2U) << "the calculated field follows";
    EXPECT_EQ(record.act.effective_at, "2018-09-08T09:00:00");

    const auto history = desk_->history(of("landing"), folio, kOfficer);
    ASSERT_TRUE(history);
    ASSERT_EQ(history->size(), 2U);
    EXPECT_EQ(value(history->front(), "landing", "services"), Value(Missing::absent));
    EXPECT_EQ(history->front().record_id, history->back().record_id);
    EXPECT_EQ(house_.records("landing"), 1) << "revisions are not records";
    expect_sound();
}

// Why: two clerks at two windows: the second must see what the first did before changing it.
TEST_F(DeskTest, RefusesAChangeOfWhatIsNoLongerSo) {
    const auto folio = land();
    const auto change = request("landing", kOfficer, ChangeKind::amend,
                                R"({"base":1,"fields":{"party_size":3}})", folio);
    must(change);
    EXPECT_EQ(refused(change), Codes{"registry.base_stale"});
    EXPECT_EQ(refused(request("landing", kOfficer, ChangeKind::amend,
                              R"({"base":2,"fields":{"party_size":3}})", folio)),
              Codes{"registry.nothing_changed"});
    EXPECT_EQ(refused(request("landing", kOfficer, ChangeKind::amend,
                              R"({"base":2,"fields":{"party_size":300}})", folio)),
              Codes{"record.constraint_said"});
    EXPECT_EQ(refused(request("landing", kOfficer, ChangeKind::amend,
                              R"({"base":1,"fields":{"party_size":3}})", "LAN-2018-000009")),
              Codes{"registry.no_such_record"});
}

// Why: "what did we know on D of the state on E": a correction of the past must not undo what came
// later, and what was not yet known must not be shown as known.
TEST_F(DeskTest, AnswersBothTimes) {
    const auto folio = land(R"(,"party_size":2)");
    house_.clock.set("2018-05-01T12:00:00");
    must(request("landing", kOfficer, ChangeKind::amend,
                 R"({"base":1,"fields":{"party_size":5},"effective_at":"2018-04-01"})", folio));
    house_.clock.set("2018-06-01T12:00:00");
    must(request("landing", kSupervisor, ChangeKind::correct,
                 R"({"base":2,"fields":{"party_size":3},"effective_at":"2018-03-01"})", folio));

    const auto size = [&](const char* known, const char* effective) {
        AsOf moments;
        if (known != nullptr) moments.known_at = known;
        if (effective != nullptr) moments.effective_at = DateTime{*Date::parse(effective), 0};
        const auto record = desk_->read(of("landing"), folio, kOfficer, moments);
        return record ? value(*record, "landing", "party_size") : Value(Missing::absent);
    };
    EXPECT_EQ(size(nullptr, nullptr), Value(std::int64_t{5})) << "April holds on";
    EXPECT_EQ(size(nullptr, "2018-03-15"), Value(std::int64_t{3})) << "as we know today";
    EXPECT_EQ(size("2018-05-15", "2018-03-15"), Value(std::int64_t{2})) << "as we knew in May";
    EXPECT_EQ(size("2018-04-15", "2018-04-15"), Value(std::int64_t{2})) << "nobody had said yet";
    EXPECT_EQ(size("2018-05-01", "2018-04-15"), Value(std::int64_t{5}));
    EXPECT_EQ(size("2018-02-01", nullptr), Value(Missing::absent)) << "not known then";
    EXPECT_EQ(value(now("landing", folio), "landing", "party_size"), Value(std::int64_t{5}));
    // Without a moment a correction holds since what it corrects did.
    must(request("landing", kSupervisor, ChangeKind::correct,
                 R"({"base":3,"fields":{"party_size":6}})", folio));
    EXPECT_EQ(size(nullptr, "2018-04-02"), Value(std::int64_t{6}));
    EXPECT_EQ(size(nullptr, "2018-03-15"), Value(std::int64_t{3}));
    EXPECT_EQ(refused(request("landing", kSupervisor, ChangeKind::correct,
                              R"({"base":4,"fields":{"party_size":6,"modality":"ferry"}})", folio)),
              Codes{"registry.several_moments"});
    EXPECT_EQ(refused(request("landing", kOfficer, ChangeKind::amend,
                              R"({"base":4,"fields":{"party_size":7},"effective_at":"2019-01-01"})",
                              folio)),
              Codes{"registry.future_moment"});
    expect_sound();
}

// Why: what is said late of an earlier hour is still decided on what is known now: a record read
// as it is must be the record as it stands.
TEST_F(DeskTest, ReadsWhatStandsThoughActsCameOutOfOrder) {
    const auto folio = land();
    house_.clock.set("2018-03-03T12:00:00");
    must(request("landing", kOfficer, ChangeKind::act, R"({"base":1})", folio, "attend"));
    must(request("landing", kOfficer, ChangeKind::act,
                 R"({"base":2,"fields":{"services":["food"]},"effective_at":"2018-03-02"})", folio,
                 "close"));
    const auto state = [&](const char* effective) {
        AsOf moments;
        if (effective != nullptr) moments.effective_at = DateTime::parse(effective);
        return desk_->read(of("landing"), folio, kOfficer, moments)->state;
    };
    EXPECT_EQ(now("landing", folio).state, "closed");
    EXPECT_EQ(state(nullptr), "closed");
    EXPECT_EQ(state("2018-03-03T12:00:00"), "closed");
    EXPECT_EQ(state("2018-03-02T12:00:00"), "closed");
    EXPECT_EQ(state("2018-03-01T23:00:00"), "received");
}

// Why: a revision in which nothing became otherwise would only hide those in which something did.
TEST_F(DeskTest, RefusesWhatTheRulesClearAgain) {
    const auto folio = must(request("landing", kOfficer, ChangeKind::create,
                                    R"({"fields":{"landed_at":"2018-03-01T10:00",)"
                                    R"("point":"long_pier","modality":"assisted",)"
                                    R"("person":{"sex":"male","birth":"1980-01-01"}}})"))
                           .folio;
    EXPECT_EQ(refused(request("landing", kOfficer, ChangeKind::amend,
                              R"({"base":1,"fields":{"accompanied":true}})", folio)),
              Codes{"registry.nothing_changed"})
        << "it is asked of children alone";
    EXPECT_EQ(now("landing", folio).revision, 1);
}

// Why: flags and tasks are why somebody is looked after: they rise with a rule, are due in time,
// and go with the action that answers them.
TEST_F(DeskTest, RaisesAndLowersFlagsAndTasks) {
    const auto folio = stay();
    auto record = now("shelter_stay", folio);
    EXPECT_EQ(record.flags, Codes{"family_apart"});
    EXPECT_EQ(record.tasks, (std::vector<store::OpenTask>{{"find_family", "2018-03-02T23:59:59"}}));
    EXPECT_EQ(refused(request("shelter_stay", kSupervisor, ChangeKind::act, R"({"base":1})", folio,
                              "reunite")),
              Codes{"registry.not_allowed"})
        << "reuniting is not the supervisor's";
    must(request("shelter_stay", kProtection, ChangeKind::act, R"({"base":1})", folio, "reunite"));
    record = now("shelter_stay", folio);
    EXPECT_EQ(record.state, "assessed");
    EXPECT_TRUE(record.flags.empty());
    EXPECT_TRUE(record.tasks.empty());
    // The rule still holds; what an action lowered is not raised again by another change.
    must(request("shelter_stay", kSupervisor, ChangeKind::amend,
                 R"({"base":2,"fields":{"walked":"4h"}})", folio));
    EXPECT_TRUE(now("shelter_stay", folio).flags.empty());
    EXPECT_EQ(refused(request("shelter_stay", kProtection, ChangeKind::act, R"({"base":3})", folio,
                              "reunite")),
              Codes{"registry.action_refused"});
    EXPECT_EQ(refused(request("shelter_stay", kProtection, ChangeKind::act, R"({"base":3})", folio,
                              "assess")),
              Codes{"registry.wrong_state"});
    EXPECT_EQ(refused(request("shelter_stay", kProtection, ChangeKind::act, R"({"base":3})", folio,
                              "asses")),
              Codes{"registry.unknown_action"});
    // A warning follows what the record says.
    house_.clock.set("2018-03-02T12:00:00");
    const auto landed = land();
    must(request("landing", kOfficer, ChangeKind::amend,
                 R"({"base":1,"fields":{"landed_at":"2018-03-01T23:30"}})", landed));
    EXPECT_EQ(now("landing", landed).flags, Codes{"night_landing"});
    must(request("landing", kOfficer, ChangeKind::amend,
                 R"({"base":2,"fields":{"landed_at":"2018-03-01T20:30"}})", landed));
    EXPECT_TRUE(now("landing", landed).flags.empty());
    expect_sound();
}

// Why: an action brings the fields it asks for, and is not done without them.
TEST_F(DeskTest, ActsWithItsFields) {
    const auto folio = stay();
    EXPECT_EQ(refused(request("shelter_stay", kProtection, ChangeKind::act, R"({"base":1})", folio,
                              "assess")),
              Codes{"registry.not_ready"});
    EXPECT_EQ(refused(request("shelter_stay", kProtection, ChangeKind::act,
                              R"({"base":1,"fields":{"walked":"4h","assessed_on":"2018-03-05"}})",
                              folio, "assess")),
              Codes{"registry.not_allowed"})
        << "child protection may not amend other fields";
    must(request("shelter_stay", kProtection, ChangeKind::act,
                 R"({"base":1,"fields":{"assessed_on":"2018-03-05"}})", folio, "assess"));
    const auto record = now("shelter_stay", folio);
    EXPECT_EQ(record.state, "assessed");
    EXPECT_EQ(record.act.name, "act:assess");
    EXPECT_EQ(value(record, "shelter_stay", "assessed_on"), Value(*Date::parse("2018-03-05")));
}

// Why: four eyes: nobody approves what they proposed, nor stands for two; until then nothing
// counts.
TEST_F(DeskTest, WaitsForTwoPeople) {
    const auto folio = stay();
    must(request("shelter_stay", kProtection, ChangeKind::act, R"({"base":1})", folio, "reunite"));
    const auto proposed = must(
        request("shelter_stay", kSupervisor, ChangeKind::act, R"({"base":2})", folio, "leave"));
    EXPECT_TRUE(proposed.pending);
    EXPECT_EQ(now("shelter_stay", folio).state, "assessed");
    EXPECT_EQ(refused(request("shelter_stay", kSupervisor, ChangeKind::amend,
                              R"({"base":3,"fields":{"walked":"4h"}})", folio)),
              Codes{"registry.approval_pending"});
    EXPECT_EQ(
        refused(request("shelter_stay", kSupervisor, ChangeKind::approve, R"({"base":3})", folio)),
        Codes{"registry.own_approval"});
    const auto both = caller("bo", {"supervisor", "child_protection"});
    EXPECT_TRUE(
        must(request("shelter_stay", both, ChangeKind::approve, R"({"base":3})", folio)).pending);
    EXPECT_EQ(refused(request("shelter_stay", both, ChangeKind::approve, R"({"base":4})", folio)),
              Codes{"registry.already_approved"});
    EXPECT_EQ(refused(request("shelter_stay", caller("eva", {"border_inspector"}),
                              ChangeKind::approve, R"({"base":4})", folio)),
              Codes{"registry.not_allowed"});
    const auto done =
        must(request("shelter_stay", kProtection, ChangeKind::approve, R"({"base":4})", folio));
    EXPECT_FALSE(done.pending);
    EXPECT_EQ(now("shelter_stay", folio).state, "left");
    EXPECT_EQ(now("shelter_stay", folio).act.name, "act:leave");
    expect_sound();
}

// Why: a correction keeps the original, says why, is of fields that may be corrected, and may be
// turned down.
TEST_F(DeskTest, CorrectsWithReasonAndApproval) {
    const auto folio = stay();
    const auto correction = [&](int base, const std::string& fields, const std::string& reason) {
        return request(
            "shelter_stay", kSupervisor, ChangeKind::correct,
            R"({"base":)" + std::to_string(base) + R"(,"fields":{)" + fields + "}" + reason + "}",
            folio);
    };
    const std::string moment = R"("arrived_at":"2018-03-01T09:00")";
    const std::string reason = R"(,"reason":"Wrong hour on the sheet")";
    EXPECT_EQ(refused(correction(1, moment, "")), Codes{"registry.reason_missing"});
    EXPECT_EQ(refused(correction(1, R"("walked":"4h")", reason)),
              Codes{"registry.not_correctable"});
    EXPECT_TRUE(must(correction(1, moment, reason)).pending);
    EXPECT_EQ(value(now("shelter_stay", folio), "shelter_stay", "arrived_at"),
              Value(*DateTime::parse("2018-03-01T10:00")));
    must(request("shelter_stay", kProtection, ChangeKind::reject,
                 R"({"base":2,"reason":"The sheet is right"})", folio));
    EXPECT_TRUE(now("shelter_stay", folio).pending.empty());
    must(correction(3, moment, reason));
    must(request("shelter_stay", kProtection, ChangeKind::approve, R"({"base":4})", folio));
    const auto record = now("shelter_stay", folio);
    const auto read = desk_->read(of("shelter_stay"), folio, kSupervisor, {});
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->pending.empty()) << "it holds since before it was proposed";
    EXPECT_EQ(read->act.name, "correct");
    EXPECT_EQ(record.act.name, "correct");
    EXPECT_EQ(record.act.reason, "Wrong hour on the sheet");
    EXPECT_EQ(record.act.effective_at, "") << "it never was as it stood";
    EXPECT_EQ(value(record, "shelter_stay", "arrived_at"),
              Value(*DateTime::parse("2018-03-01T09:00")));
    expect_sound();
}

// Why: what should not have been entered must leave the counts and stay in the books.
TEST_F(DeskTest, WithdrawsAndTakesItBack) {
    const auto folio = land();
    must(request("landing", kSupervisor, ChangeKind::withdraw,
                 R"({"base":1,"reason":"Entered twice"})", folio));
    EXPECT_EQ(house_.records("landing"), 0);
    EXPECT_TRUE(house_.all("landing").empty());
    EXPECT_EQ(refused(request("landing", kSupervisor, ChangeKind::amend,
                              R"({"base":2,"fields":{"party_size":3}})", folio)),
              Codes{"registry.withdrawn"});
    must(request("landing", kSupervisor, ChangeKind::reinstate,
                 R"({"base":2,"reason":"It was not"})", folio));
    EXPECT_EQ(house_.records("landing"), 1);
    EXPECT_EQ(refused(request("landing", kSupervisor, ChangeKind::reinstate,
                              R"({"base":3,"reason":"Again"})", folio)),
              Codes{"registry.not_withdrawn"});
    expect_sound();
}

// Why: a phone on a poor network asks again: the same request must not be carried out twice.
TEST_F(DeskTest, AnswersTheSameKeyOnce) {
    auto create = request("landing", kOfficer, ChangeKind::create,
                          R"({"fields":{"landed_at":"2018-03-01T10:00","point":"long_pier",)"
                          R"("modality":"assisted","person":{"sex":"male"}}})");
    create.key = "k1";
    create.digest = "d1";
    const auto first = must(create);
    const auto entries = house_.entries();
    const auto again = must(create);
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.folio, first.folio);
    EXPECT_EQ(house_.entries(), entries);
    create.digest = "d2";
    EXPECT_EQ(refused(create), Codes{"registry.key_reused"});
    create.caller.actor.user = "other";
    EXPECT_FALSE(must(create).repeated) << "another user's key is another key";
    EXPECT_EQ(house_.records("landing"), 2);
}

// Why: in one transaction one bad request must not take the good ones with it; in a bulk it must.
TEST_F(DeskTest, CarriesOutTogetherOrEachByItself) {
    const auto folio = land();
    const auto good = request("landing", kOfficer, ChangeKind::amend,
                              R"({"base":1,"fields":{"party_size":3}})", folio);
    const auto bad =
        request("landing", kOfficer, ChangeKind::create, R"({"fields":{"point":"long_pier"}})");
    const auto entries = house_.entries();
    const auto bulk = desk_->carry_out_together({good, bad, good});
    ASSERT_FALSE(bulk);
    Codes paths;
    for (const auto& problem : bulk.error()) paths.push_back(problem.place.path);
    EXPECT_EQ(paths, (Codes{"changes[1].fields.landed_at", "changes[1].fields.person.sex",
                            "changes[1].fields.modality", "changes[2]"}));
    EXPECT_EQ(house_.entries(), entries);
    EXPECT_EQ(now("landing", folio).revision, 1);

    const auto each = desk_->carry_out({bad, good, bad});
    EXPECT_FALSE(each[0]);
    EXPECT_TRUE(each[1]);
    EXPECT_EQ(now("landing", folio).revision, 2);
    EXPECT_EQ(house_.entries(), entries + 1);
    expect_sound();
}

// Why: who may do what is the pack's to say, and the purpose with it.
TEST_F(DeskTest, HoldsRolesAndPurposes) {
    const auto folio = land();
    EXPECT_FALSE(desk_->read(of("landing"), folio, caller("eva", {"border_inspector"}), {}));
    auto elsewhere = kOfficer;
    elsewhere.actor.purpose = "guidance";
    const auto read = desk_->read(of("landing"), folio, elsewhere, {});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().front().code, "registry.purpose_not_allowed");
    EXPECT_TRUE(desk_->read(of("landing"), folio, kProtection, {}));
    EXPECT_EQ(refused(request("landing", kProtection, ChangeKind::amend,
                              R"({"base":1,"fields":{"party_size":3}})", folio)),
              Codes{"registry.not_allowed"});
}

// Why: whoever reads a protected record leaves a trace, before anything is shown.
TEST_F(DeskTest, NotesTheReadingOfProtectedRecords) {
    const auto folio = must(request("protection_case", kProtection, ChangeKind::create,
                                    R"({"fields":{"opened_on":"2018-03-01",)"
                                    R"("person":{"names":"Nara Oleaje"},"harm":true}})"))
                           .folio;
    EXPECT_EQ(now("protection_case", folio).tasks.front().due, "2018-03-02T04:00:00");
    const auto entries = house_.entries();
    ASSERT_TRUE(desk_->read(of("protection_case"), folio, kProtection, {}));
    EXPECT_EQ(house_.entries(), entries + 1);
    const auto entry = ledger::last_entry(house_.session());
    EXPECT_EQ(entry->event.action, "record.read");
    EXPECT_EQ(entry->actor.user, "pia");
    EXPECT_FALSE(desk_->read(of("protection_case"), folio, kSupervisor, {}));
    EXPECT_EQ(house_.entries(), entries + 1) << "nothing was read";
    EXPECT_EQ(entry->event.after.find("Oleaje"), std::string::npos);
}

// Why: a stolen copy of the database must tell nothing of the people in it.
using SqliteDeskTest = DeskTest;
TEST_F(SqliteDeskTest, KeepsWhatIsSecretOutOfTheDatabase) {
    const auto folio =
        must(request("protection_case", kProtection, ChangeKind::create,
                     R"({"fields":{"opened_on":"2018-03-01","account":"Fled from Arrecife",)"
                     R"("person":{"names":"Nara Oleaje","birth":"1990-05"}}})"))
            .folio;
    must(request("protection_case", kProtection, ChangeKind::amend,
                 R"({"base":1,"fields":{"account":"Fled from Arrecife with a brother"},)"
                 R"("reason":"Said so in Marea"})",
                 folio));
    const auto landed = land(R"(,"remarks":"Seasick off Arrecife")");
    std::string bytes;
    for (const auto* end : {"", "-wal"}) {
        bytes += internal::TestDesk::text_of_file(house_.store().file().string() + end);
    }
    EXPECT_NE(bytes.find(folio), std::string::npos) << "the file is read at all";
    for (const auto* secret : {"Oleaje", "Arrecife", "1990-05", "Marea"}) {
        EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
    }
    const auto record = now("protection_case", folio);
    EXPECT_EQ(value(record, "protection_case", "account"),
              Value(std::string("Fled from Arrecife with a brother")));
    EXPECT_EQ(record.act.reason, "Said so in Marea");
    EXPECT_EQ(value(now("landing", landed), "landing", "remarks"),
              Value(std::string("Seasick off Arrecife")));
    {
        ledger::UnitOfWork unit(house_.session(), house_.workspace().keys(), house_.clock,
                                {"tester", "", ""});
        unit.rotate_keys();
        unit.commit({"keys.rotate", "", "", "", ""});
    }
    store::forget_old_master_keys(house_.session(), house_.workspace().keys());
    EXPECT_EQ(now("protection_case", folio).act.reason, "Said so in Marea");
    land(R"(,"remarks":"Under the new key")");
    expect_sound();
}

// Why: a deadline that runs out must be felt once, at its own moment, and not again.
TEST_F(DeskTest, LetsDeadlinesLapseOnce) {
    const auto folio = stay();
    const auto met = stay(R"(,"assessed_on":"2018-03-02")");
    NoProgress progress;
    house_.clock.set("2018-03-05T00:00:00");
    EXPECT_EQ(desk_->lapse_deadlines({"system", "", ""}, progress), 0);
    house_.clock.set("2018-03-12T08:00:00");
    EXPECT_EQ(desk_->lapse_deadlines({"system", "", ""}, progress), 1);
    const auto record = now("shelter_stay", folio);
    EXPECT_EQ(record.act.name, "lapse:assessment");
    EXPECT_EQ(record.act.effective_at, "2018-03-09T23:59:59");
    EXPECT_EQ(record.flags, (Codes{"family_apart", "late_assessment"}));
    EXPECT_EQ(record.tasks.back().name, "remind");
    EXPECT_EQ(desk_->lapse_deadlines({"system", "", ""}, progress), 0);
    EXPECT_EQ(now("shelter_stay", met).revision, 1);
    // Lowered by the action it asked for, it stays lowered.
    must(request("shelter_stay", kSupervisor, ChangeKind::act,
                 R"({"base":2,"fields":{"assessed_on":"2018-03-12"}})", folio, "assess"));
    EXPECT_EQ(now("shelter_stay", folio).flags, Codes{"family_apart"});
    EXPECT_EQ(desk_->lapse_deadlines({"system", "", ""}, progress), 0);
    expect_sound();
}

}  // namespace
}  // namespace amate::registry
