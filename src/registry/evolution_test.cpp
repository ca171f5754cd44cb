// SPDX-License-Identifier: Apache-2.0
// A store filled at the desk, then another version of the pack: lives begun under the first go on
// under the second. That stored values survive any change at all is ledger/evolution_test.cpp.
#include <gtest/gtest.h>

#include "ledger/verify.hpp"
#include "registry/batches.hpp"
#include "registry/desk.hpp"
#include "registry/internal/pack_versions.hpp"
#include "registry/internal/test_desk.hpp"
#include "store/durable_file.hpp"

namespace amate::registry {
namespace {

using internal::Edit;
using internal::kStay;
using internal::Version;
using internal::versions;

namespace fs = std::filesystem;

using Codes = std::vector<std::string>;
// Where a value stands ("landing/LAN-2018-000001/2/party_size") -> its canonical text. Columns go
// by their SQL names, which no version changes.
using Told = std::map<std::string, std::string>;

Caller caller(const std::string& user, const std::string& role) {
    return {{user, "hill_house", "reception"}, {role}};
}
const Caller kSupervisor = caller("sol", "supervisor");
const Caller kOfficer = caller("oto", "reception_officer");
const Caller kProtection = caller("pia", "child_protection");

const std::string kPhoto = "\xFF\xD8\xFF\xE0 a face nobody has";

// Every occurrence; that there is none is a fault of the test.
void carry_out(const Edit& edit, const fs::path& pack) {
    const auto file = pack / edit.file;
    auto text = store::read_small_file(file);
    auto at = text.find(edit.from);
    if (at == text.npos) throw Bug(edit.file + " has no " + edit.from);
    for (; at != text.npos; at = text.find(edit.from, at + edit.to.size())) {
        text.replace(at, edit.from.size(), edit.to);
    }
    store::write_durably(file, text, store::FileRights::owner_only);
}

class EvolvingDesk {
public:
    EvolvingDesk() {
        house_.clock.set("2018-03-01T12:00:00");
        open();
        fill();
    }

    void become(const Version& version) {
        house_.change_pack([&](const fs::path& pack) {
            for (const auto& edit : version.edits) carry_out(edit, pack);
            if (version.steps.empty()) return;
            const auto name = fmt::format("{:04}", ++migrations_);
            fs::create_directories(pack / "migrations");
            store::write_durably(
                pack / "migrations" / (name + ".yaml"),
                fmt::format("migration: \"{}\"\nwhy: {{es: Prueba, en: Test}}\nsteps:\n  - {}\n",
                            name, version.steps),
                store::FileRights::owner_only);
        });
        open();
    }

    // All that can be read of records, now and of other moments.
    Told told() {
        Told told;
        for (const auto& [register_name, folio] : folios_) {
            const auto& declared = of(register_name);
            const auto revisions = store::revisions_of(house_.session(), declared, folio);
            const auto place = register_name + "/" + folio + "/";
            for (const auto& each : revisions) {
                tell(declared, each, place + std::to_string(each.revision) + "/", told);
            }
            for (const char* known : {"2018-03-01", "2018-03-03"}) {
                for (const char* effective : {"2018-02-28T23:40", "2018-03-02T09:00"}) {
                    const auto record = as_of(revisions, {known, DateTime::parse(effective)});
                    if (record) tell(declared, *record, place + known + effective + "/", told);
                }
            }
        }
        return told;
    }

    // What was begun under the first version comes to its end.
    void live_on() {
        SCOPED_TRACE("living on");
        const auto& stays = of("shelter_stay");
        EXPECT_TRUE(read_photo(1) == kPhoto && read_photo(2) == kPhoto);

        must("shelter_stay", kProtection, ChangeKind::approve, R"({"base":4})", corrected_);
        auto revisions = store::revisions_of(house_.session(), stays, corrected_);
        Told after;
        tell(stays, revisions.back(), "", after);
        EXPECT_EQ(after["(act)"], "correct");
        EXPECT_EQ(after["arrived_at"], "2018-03-01T09:00:00");
        EXPECT_EQ(after["set:companions.1"], "1991,2015-01-01");
        EXPECT_EQ(after["companions.1"], "1991,2015-01-01");
        EXPECT_EQ(after["minors"], "1");

        auto second = kSupervisor;
        second.actor.user = "sam";
        must("shelter_stay", second, ChangeKind::approve, R"({"base":5})", leaving_);
        EXPECT_EQ(newest("shelter_stay", leaving_).state, "left");

        const auto attended = newest("landing", landed_);
        EXPECT_EQ(
            must("landing", kOfficer, ChangeKind::act, R"({"base":4})", landed_, "close").state,
            "closed");
        EXPECT_EQ(newest("landing", landed_).flags, attended.flags);
        must("landing", kSupervisor, ChangeKind::reinstate, R"({"base":2,"reason":"It was not"})",
             withdrawn_);
        must("protection_case", kProtection, ChangeKind::amend,
             R"({"base":2,"fields":{"account":"Told a third time"}})", case_);

        const auto batch = batches(house_.session()).front();
        const auto mended =
            correct_row({house_.pack(), house_.workspace(), house_.session(), house_.clock}, batch,
                        {"tester", "PRT", "test"}, {3, {{"PUNTO", "Muelle Largo"}}});
        ASSERT_TRUE(mended) << to_line(mended.error().front());
        EXPECT_FALSE(newest("landing", mended->folio).values.empty());

        house_.clock.set("2018-03-12T08:00:00");
        NoProgress progress;
        EXPECT_EQ(desk_->lapse_deadlines({"system", "", ""}, progress), 3)
            << "of no stay it was said when it was assessed";
        EXPECT_EQ(newest("shelter_stay", forgotten_).flags, Codes{"late_assessment"});
        expect_sound();
    }

    void expect_sound() {
        NoProgress progress;
        const auto found =
            ledger::verify(house_.session(), house_.pack(), house_.workspace().keys(), progress);
        for (const auto& each : found.problems) ADD_FAILURE() << to_line(each);
    }

    Result<Receipt> ask(const std::string& register_name, const Caller& who, ChangeKind kind,
                        const std::string& body, const std::string& folio = "",
                        const std::string& action = "") {
        auto change = parse_change(of(register_name), kind, boost::json::parse(body).as_object());
        if (!change) return fail(change.error());
        change->folio = folio;
        change->action = action;
        Request request{&of(register_name), who, std::move(*change), "", ""};
        request.file = std::exchange(file_, nullptr);
        return desk_->carry_out({request}).front();
    }
    Receipt must(const std::string& register_name, const Caller& who, ChangeKind kind,
                 const std::string& body, const std::string& folio = "",
                 const std::string& action = "") {
        auto receipt = ask(register_name, who, kind, body, folio, action);
        EXPECT_TRUE(receipt) << body << ": " << (receipt ? "" : to_line(receipt.error().front()));
        return receipt ? *receipt : Receipt{};
    }
    store::StoredRecord newest(const std::string& register_name, const std::string& folio) {
        return *store::find_record(house_.session(), of(register_name), folio);
    }

    // A stay whose correction waits, one whose leaving waits for a second yes, one left alone.
    [[nodiscard]] const std::string& corrected() const { return corrected_; }
    [[nodiscard]] const std::string& leaving() const { return leaving_; }

private:
    void open() {
        const auto settled = settle_schema(house_.pack(), house_.workspace(), house_.session(),
                                           house_.clock, {"tester", "", ""});
        if (!settled) throw Bug(to_line(settled.error().front()));
        desk_ = std::make_unique<Desk>(house_.pack(), house_.workspace(), house_.session(),
                                       house_.clock);
    }

    [[nodiscard]] const definitions::Register& of(const std::string& name) const {
        return *house_.pack().find_register(name);
    }

    std::string begin(const std::string& register_name, const Caller& who,
                      const std::string& fields) {
        auto folio =
            must(register_name, who, ChangeKind::create, R"({"fields":{)" + fields + "}}").folio;
        folios_.emplace_back(register_name, folio);
        return folio;
    }

    void fill() {
        landed_ = begin("landing", kOfficer,
                        R"("landed_at":"2018-02-28T23:30","point":"long_pier",)"
                        R"("modality":"assisted","services":["food","water"],"party_size":2,)"
                        R"("remarks":"Seasick","person":{"sex":"female","names":"Nara Oleaje",)"
                        R"("birth":"1990-05","nationality":"XDM"})");
        withdrawn_ = begin("landing", kOfficer,
                           R"("landed_at":"2018-03-01T10:00","point":"heron_cove",)"
                           R"("modality":"own_means","party_size":{"missing":"refused"},)"
                           R"("person":{"sex":"male","nationality":{"missing":"unknown"}})");
        must("landing", kSupervisor, ChangeKind::withdraw, R"({"base":1,"reason":"Entered twice"})",
             withdrawn_);
        corrected_ = begin("shelter_stay", kSupervisor,
                           R"("arrived_at":"2018-03-01T10:00","office":"hill_house",)"
                           R"("found_at":"19.4 -99.1","person":{"sex":"male","birth":"1992"},)"
                           R"("companions":[{"kinship":"parent","birth":"1970"}])");
        leaving_ = begin("shelter_stay", kSupervisor,
                         R"("arrived_at":"2018-03-01T10:00","office":"hill_house",)"
                         R"("person":{"sex":"female","birth":"2010-01-01"})");
        forgotten_ = begin("shelter_stay", kSupervisor,
                           R"("arrived_at":"2018-03-01T11:00","office":"hill_house",)"
                           R"("person":{"sex":"female","birth":"1980"})");
        case_ = begin("protection_case", kProtection,
                      R"("opened_on":"2018-03-01","account":"Told once","harm":true,)"
                      R"("person":{"names":"Nara Oleaje"})");

        house_.clock.set("2018-03-02T10:00:00");
        must("landing", kOfficer, ChangeKind::amend,
             R"({"base":1,"fields":{"services":["food"],"party_size":3,"remarks":"Better",)"
             R"("person":{"nationality":"XOR"}},"effective_at":"2018-02-28T23:35"})",
             landed_);
        must("landing", kOfficer, ChangeKind::act, R"({"base":2})", landed_, "attend");
        must("landing", kOfficer, ChangeKind::amend,
             R"({"base":3,"fields":{"services":["food","phone_call"]}})", landed_);
        attach_photo(1);
        must("shelter_stay", kSupervisor, ChangeKind::amend,
             R"({"base":2,"fields":{"found_at":"19.5 -99.2","walked":"4h"}})", corrected_);
        must("shelter_stay", kSupervisor, ChangeKind::correct,
             R"({"base":3,"reason":"Wrong sheet","fields":{"arrived_at":"2018-03-01T09:00",)"
             R"("companions":[{"kinship":"parent","birth":"1991"},)"
             R"({"kinship":"sibling","birth":"2015-01-01"}]}})",
             corrected_);
        must("shelter_stay", kSupervisor, ChangeKind::amend,
             R"({"base":1,"fields":{"companions":[{"kinship":"sibling","birth":"2012"}]}})",
             leaving_);
        must("shelter_stay", kProtection, ChangeKind::act, R"({"base":2})", leaving_, "reunite");
        must("shelter_stay", kSupervisor, ChangeKind::act, R"({"base":3})", leaving_, "leave");
        must("shelter_stay", kProtection, ChangeKind::approve, R"({"base":4})", leaving_);
        must("protection_case", kProtection, ChangeKind::amend,
             R"({"base":1,"fields":{"account":"Told again"},"reason":"Came back"})", case_);
        const auto report = house_.take_in(
            "coast_guard_landings",
            "FECHA;PUNTO;NOMBRE;NACIMIENTO;SEXO;PA\xCDS;DOCUMENTO;MODALIDAD;ACOMPA\xD1"
            "ADO;SERVICIOS;CAPTURISTA\r\n"
            "01/03/2018 08:00;Muelle Largo;Ela Brisa;01/02/1985;M;XDM;D1;ASISTIDO;;ALI|AGU;x\r\n"
            "01/03/2018 08:05;Muelle Corto;Ola Brisa;01/02/1986;M;XDM;D2;ASISTIDO;;ALI;x\r\n");
        ASSERT_TRUE(report) << to_line(report.error().front());
        ASSERT_EQ(report->quarantined, 1);
        for (const auto& each : house_.all("landing")) {
            if (each.folio != landed_) folios_.emplace_back("landing", each.folio);
        }
        ASSERT_FALSE(testing::Test::HasFailure());
    }

    void attach_photo(int base) {
        const auto path = house_.workspace().root / "sent";
        store::write_durably(path, kPhoto, store::FileRights::owner_only);
        const auto field = find_file_field(of("shelter_stay"), "photo");
        const SentFile sent{path, nullptr, "image/jpeg", "face.jpg"};
        const auto facts = examine(*field->declared, sent);
        ASSERT_TRUE(facts);
        file_ = std::make_shared<const KeptFile>(KeptFile{*field, *facts, sent});
        must("shelter_stay", kSupervisor, ChangeKind::amend,
             fmt::format(R"({{"base":{},"fields":{{"photo":"{}"}}}})", base, facts->digest),
             corrected_);
        fs::remove(path);
    }

    static void tell(const std::string& name, const Value& value, Told& told) {
        if (value == Value(Missing::absent)) return;
        const auto* rows = std::get_if<Rows>(&value);
        if (rows == nullptr) {
            told[name] = is_missing(value) ? "!" : canonical(value);
            return;
        }
        for (const auto& row : rows->data().rows) {
            for (std::size_t cell = 0; cell < row.size(); ++cell) {
                const auto text = canonical(row[cell]);
                if (text.empty()) continue;
                auto& all = told[fmt::format("{}.{}", name, cell)];
                all += (all.empty() ? "" : ",") + text;
            }
        }
    }

    static void tell(const definitions::Register& declared, const store::StoredRecord& record,
                     const std::string& place, Told& told) {
        for (std::size_t i = 0; i < declared.columns.size(); ++i) {
            tell(place + declared.columns[i].sql_name, record.values[i], told);
        }
        for (const auto& [column, value] : record.act.changes) {
            tell(place + "set:" + declared.columns[column].sql_name, value, told);
        }
        told[place + "(act)"] = record.act.name;
        told[place + "(why)"] = record.act.reason + " " + record.act.effective_at;
        told[place + "(state)"] = record.state;
        told[place + "(flags)"] = fmt::format("{}", fmt::join(record.flags, ";"));
        for (const auto& task : record.tasks) told[place + "(task)" + task.name] = task.due;
        told[place + "(waits)"] = record.pending.empty() ? "no" : "yes";
    }

    std::string read_photo(std::int64_t revision) {
        auto field = find_file_field(of("shelter_stay"), "photo");
        if (!field) field = find_file_field(of("shelter_stay"), "portrait");
        const auto found = desk_->find_file(of("shelter_stay"), corrected_, kSupervisor,
                                            {*field, revision + 1, 1});
        if (!found) return to_line(found.error().front());
        return store::read_attachment(house_.session(),
                                      {of("shelter_stay"), found->record_id, field->stored_as},
                                      found->attachment);
    }

    internal::TestDesk house_;
    std::unique_ptr<Desk> desk_;
    std::shared_ptr<const KeptFile> file_;
    std::vector<std::pair<std::string, std::string>> folios_;
    std::string landed_, withdrawn_, corrected_, leaving_, forgotten_, case_;
    int migrations_ = 0;
};

// What must be told after the change of what was told before it.
Told expected(const Version& version, const Told& before) {
    Told after;
    for (const auto& [place, text] : before) {
        auto name = place.substr(place.rfind('/') + 1);
        if (name.starts_with("set:")) name = name.substr(4);
        if (std::find(version.gone.begin(), version.gone.end(), name) != version.gone.end()) {
            continue;
        }
        auto& told = after[place] = text;
        for (const auto& [from, to] : version.recoded) {
            const auto equals = from.find('=');
            if (name != from.substr(0, equals)) continue;
            const auto was = from.substr(equals + 1);
            Codes words;
            const char between = told.find(',') == told.npos ? ';' : ',';
            for (auto& word : split(told, between)) {
                words.push_back(word == was ? to.substr(equals + 1) : word);
            }
            if (between == ';') std::sort(words.begin(), words.end());
            told = fmt::format("{}", fmt::join(words, std::string(1, between)));
        }
    }
    return after;
}

void expect_same(const Told& found, const Told& wanted) {
    for (const auto& [place, text] : wanted) {
        const auto at = found.find(place);
        if (at == found.end()) {
            ADD_FAILURE() << place << " is told no longer";
        } else {
            EXPECT_EQ(at->second, text) << place;
        }
    }
    for (const auto& [place, text] : found) {
        EXPECT_TRUE(wanted.contains(place)) << place << " = " << text << " was not told before";
    }
}

class DeskEvolutionTest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(DeskEvolutionTest, TellsTheSameAndLivesOn) {
    const auto& version = versions()[GetParam()];
    SCOPED_TRACE(version.name);
    EvolvingDesk desk;
    const auto before = desk.told();
    ASSERT_GT(before.size(), 300U);
    desk.become(version);
    expect_same(desk.told(), expected(version, before));
    desk.live_on();
}

INSTANTIATE_TEST_SUITE_P(Versions, DeskEvolutionTest, ::testing::Range<std::size_t>(0, 17));

TEST(DeskEvolution, TellsTheSameAfterAllVersionsInTurn) {
    ASSERT_EQ(versions().size(), 17U);
    EvolvingDesk desk;
    auto wanted = desk.told();
    for (const auto& version : versions()) {
        SCOPED_TRACE(version.name);
        desk.become(version);
        wanted = expected(version, wanted);
        expect_same(desk.told(), wanted);
    }
    desk.live_on();
}

// Why: what waits was proposed under rules that may be gone when somebody decides.
TEST(DeskEvolution, DecidesWhatWaitsThoughItsActionIsGone) {
    EvolvingDesk desk;
    desk.become({"", {{kStay, "    leave:\n", "    depart:\n"}}, "", {}, {}});
    const auto approved =
        desk.ask("shelter_stay", kSupervisor, ChangeKind::approve, R"({"base":5})", desk.leaving());
    ASSERT_FALSE(approved);
    EXPECT_EQ(approved.error().front().code, "registry.own_approval");
    auto other = kSupervisor;
    other.actor.user = "sam";
    const auto second =
        desk.ask("shelter_stay", other, ChangeKind::approve, R"({"base":5})", desk.leaving());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().front().code, "registry.unknown_action");
    desk.must("shelter_stay", other, ChangeKind::reject,
              R"({"base":5,"reason":"There is no such action now"})", desk.leaving());
    desk.must("shelter_stay", other, ChangeKind::act, R"({"base":6})", desk.leaving(), "depart");
    desk.expect_sound();
}

TEST(DeskEvolution, NeedsNoYesThatIsNotAskedForAnyMore) {
    EvolvingDesk desk;
    desk.become(
        {"",
         {{kStay, "      approve: {by: [supervisor, child_protection], distinct: true}\n", ""}},
         "",
         {},
         {}});
    // It is theirs who may let go.
    const auto refused =
        desk.ask("shelter_stay", kProtection, ChangeKind::approve, R"({"base":5})", desk.leaving());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().front().code, "registry.not_allowed");
    auto other = kSupervisor;
    other.actor.user = "sam";
    desk.must("shelter_stay", other, ChangeKind::approve, R"({"base":5})", desk.leaving());
    EXPECT_EQ(desk.newest("shelter_stay", desk.leaving()).state, "left");
    desk.expect_sound();
}

}  // namespace
}  // namespace amate::registry
