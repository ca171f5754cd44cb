// SPDX-License-Identifier: Apache-2.0
// For tests of restoring: a workspace in which every kind of entry was written, and its backups.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backup/backup.hpp"
#include "ledger/seals.hpp"
#include "ledger/verify.hpp"
#include "ledger/witness.hpp"
#include "registry/desk.hpp"
#include "registry/internal/test_desk.hpp"
#include "snapshot/snapshot.hpp"
#include "state.hpp"
#include "store/field_cipher.hpp"

namespace amate::tests {

using registry::ChangeKind;

inline registry::Caller caller(const std::string& user, std::vector<std::string> roles) {
    return {{user, "hill_house", "reception"}, std::move(roles)};
}
inline const registry::Caller kSupervisor = caller("sol", {"supervisor"});
inline const registry::Caller kOfficer = caller("oto", {"reception_officer"});
inline const registry::Caller kProtection = caller("pia", {"child_protection"});

// A desk in some workspace of the demo pack, asked as the service asks it.
class Asked {
public:
    Asked(const definitions::Pack& pack, const store::Workspace& workspace, store::Session& session,
          Clock& clock)
        : pack_(pack), desk_(pack, workspace, session, clock) {}

    [[nodiscard]] registry::Request request(const std::string& register_name,
                                            const registry::Caller& who, ChangeKind kind,
                                            const std::string& body, const std::string& folio = "",
                                            const std::string& action = "") const {
        const auto* register_ = pack_.find_register(register_name);
        auto change =
            registry::parse_change(*register_, kind, boost::json::parse(body).as_object());
        AMATE_CHECK(change.has_value());
        change->folio = folio;
        change->action = action;
        return {register_, who, std::move(*change), "", ""};
    }
    registry::Receipt must(const registry::Request& request) {
        auto receipt = desk_.carry_out({request}).front();
        if (!receipt) throw Bug(to_line(receipt.error().front()));
        return *receipt;
    }
    [[nodiscard]] registry::Request landing(const std::string& key = "",
                                            const std::string& more = "") const {
        auto create = request("landing", kOfficer, ChangeKind::create,
                              R"({"fields":{"landed_at":"2018-03-01T10:00","point":"long_pier",)"
                              R"("modality":"assisted","person":{"sex":"male"})" +
                                  more + "}}");
        create.key = key;
        if (!key.empty()) create.digest = "d-" + key;
        return create;
    }
    registry::Desk& desk() { return desk_; }

private:
    const definitions::Pack& pack_;
    registry::Desk desk_;
};

// A backup with the keys of its time, as somebody careful keeps them.
struct Kept {
    fs::path backup, keys;
    std::int64_t head = 0;
};

class LivedCountry {
public:
    LivedCountry()
        : folder_(fs::temp_directory_path() / ("amate-kept-" + crypto::make_uuid_v7(0))) {
        fs::create_directories(folder_);
        house_.clock.set("2018-03-01T12:00:00");
        AMATE_CHECK(registry::settle_schema(house_.pack(), house_.workspace(), house_.session(),
                                            house_.clock, {"tester", "", ""})
                        .has_value());
        asked_ = std::make_unique<Asked>(house_.pack(), house_.workspace(), house_.session(),
                                         house_.clock);
        note();
    }
    ~LivedCountry() { fs::remove_all(folder_); }
    LivedCountry(const LivedCountry&) = delete;
    LivedCountry& operator=(const LivedCountry&) = delete;

    // Every kind of entry but those of a changed pack; backups before and after a rotation of keys.
    std::vector<Kept> live() {
        take_in(3, 1);
        const auto landed = do_one(asked_->landing("k1", R"(,"remarks":"Seasick")")).folio;
        do_one(asked_->request("landing", kOfficer, ChangeKind::amend,
                               R"({"base":1,"fields":{"services":["food"]}})", landed));
        const auto shelter = open_case();
        send_letter(shelter, "%PDF-1.7\nfirst " + std::string(400'000, 'x'));
        AMATE_CHECK(asked_->desk()
                        .read(*pack().find_register("protection_case"), shelter, kProtection, {})
                        .has_value());
        tick();
        seal();
        std::vector<Kept> kept = {keep("early")};
        const auto stay = stay_in_two_hands();
        bulk(landed);
        do_one(asked_->request("landing", kSupervisor, ChangeKind::withdraw,
                               R"({"base":3,"reason":"Twice"})", landed));
        freeze("2018-03-01");
        do_one(asked_->request("landing", kSupervisor, ChangeKind::reinstate,
                               R"({"base":4,"reason":"Once"})", landed));
        witness();
        kept.push_back(keep("before-rotation"));
        rotate();
        send_letter(shelter, "%PDF-1.7\nsecond, under the new key");
        do_one(asked_->landing("k2"));
        seal();
        take_in(210, 0);
        house_.clock.set("2018-03-12T08:00:00");
        NoProgress progress;
        AMATE_CHECK(asked_->desk().lapse_deadlines({"system", "", ""}, progress) == 2);
        tick();
        do_one(asked_->request("shelter_stay", kSupervisor, ChangeKind::act,
                               R"({"base":2,"fields":{"assessed_on":"2018-03-12"}})", stay,
                               "assess"));
        take_in(2, 2);
        freeze("2018-03-10");
        kept.push_back(keep("late"));
        return kept;
    }

    [[nodiscard]] Kept keep(const std::string& name, Progress& progress) {
        const auto session =
            store::open_session(house_.workspace(), store::Session::Mode::read_only);
        auto made = backup::take_backup(pack(), house_.workspace(), *session, folder_ / name,
                                        house_.clock, progress);
        if (!made) throw Bug(to_line(made.error().front()));
        const auto keys = folder_ / (name + "-keys");
        fs::copy(house_.workspace().keys(), keys, fs::copy_options::recursive);
        return {folder_ / name, keys, made->manifest.head_seq};
    }
    [[nodiscard]] Kept keep(const std::string& name) {
        NoProgress progress;
        return keep(name, progress);
    }

    // Takes in a file with so many rows that fit and that do not.
    void take_in(int good, int bad) {
        std::string text =
            "FECHA;PUNTO;NOMBRE;NACIMIENTO;SEXO;PA\xCDS;DOCUMENTO;MODALIDAD;ACOMPA\xD1"
            "ADO;SERVICIOS;CAPTURISTA\n";
        for (int i = 0; i < good + bad; ++i) {
            text += fmt::format("01/03/2018 10:00;{};Nara Oleaje;;M;;D{};ASISTIDO;S/D;ALI;\n",
                                i < good ? "Muelle Largo" : "Nowhere", ++documents_);
        }
        AMATE_CHECK(house_.take_in("coast_guard_landings", text).has_value());
        tick();
    }
    registry::Receipt do_one(const registry::Request& request) {
        auto receipt = asked_->must(request);
        tick();
        return receipt;
    }
    void note() {
        auto state = state_of(pack(), house_.workspace(), house_.session());
        const auto seq = state.seq;
        notes_[seq] = std::move(state);
    }
    // An entry was written: the hour goes on.
    void tick() {
        note();
        house_.clock.set(DateTime{house_.clock.local_now().date,
                                  (house_.clock.local_now().second_of_day + 60) % 86'400}
                             .iso());
    }

    [[nodiscard]] const std::map<std::int64_t, State>& notes() const { return notes_; }
    [[nodiscard]] registry::internal::TestDesk& house() { return house_; }
    [[nodiscard]] const definitions::Pack& pack() const { return house_.pack(); }
    [[nodiscard]] Asked& asked() { return *asked_; }
    [[nodiscard]] const fs::path& folder() const { return folder_; }

private:
    std::string open_case() {
        return do_one(asked_->request("protection_case", kProtection, ChangeKind::create,
                                      R"({"fields":{"opened_on":"2018-03-01","account":"Fled",)"
                                      R"("person":{"names":"Nara Oleaje"},"harm":true}})"))
            .folio;
    }
    void send_letter(const std::string& folio, const std::string& bytes) {
        const auto& register_ = *pack().find_register("protection_case");
        const auto file = folder_ / "letter.pdf";
        store::write_durably(file, bytes, store::FileRights::owner_only);
        const auto base = store::find_record(house_.session(), register_, folio)->revision;
        auto amend = asked_->request(
            "protection_case", kProtection, ChangeKind::amend,
            fmt::format(R"({{"base":{},"fields":{{"letter":"{}"}},"reason":"Brought it"}})", base,
                        crypto::to_hex(crypto::digest(bytes))),
            folio);
        const auto field = *registry::find_file_field(register_, "letter");
        const registry::SentFile sent{file, nullptr, "application/pdf", "carta de Nara.pdf"};
        const auto facts = registry::examine(*field.declared, sent);
        AMATE_CHECK(facts.has_value());
        amend.file = std::make_shared<registry::KeptFile>(registry::KeptFile{field, *facts, sent});
        do_one(amend);
    }
    // Proposed, and approved by another.
    std::string stay_in_two_hands() {
        const auto create = [&] {
            return do_one(asked_->request("shelter_stay", kSupervisor, ChangeKind::create,
                                          R"({"fields":{"arrived_at":"2018-03-01T10:00",)"
                                          R"("office":"hill_house","companions":)"
                                          R"([{"kinship":"child","birth":"2010"}],)"
                                          R"("person":{"sex":"female","birth":"2010-01-01"}}})"))
                .folio;
        };
        const auto gone = create();
        do_one(asked_->request("shelter_stay", kProtection, ChangeKind::act, R"({"base":1})", gone,
                               "reunite"));
        do_one(asked_->request("shelter_stay", kSupervisor, ChangeKind::act, R"({"base":2})", gone,
                               "leave"));
        do_one(asked_->request("shelter_stay", caller("bo", {"supervisor"}), ChangeKind::approve,
                               R"({"base":3})", gone));
        do_one(asked_->request("shelter_stay", kProtection, ChangeKind::approve, R"({"base":4})",
                               gone));
        return create();
    }
    void bulk(const std::string& landed) {
        const auto done = asked_->desk().carry_out_together(
            {asked_->request("landing", kOfficer, ChangeKind::amend,
                             R"({"base":2,"fields":{"party_size":3}})", landed),
             asked_->landing()});
        AMATE_CHECK(done.has_value());
        tick();
    }
    void seal() {
        AMATE_CHECK(
            ledger::seal(house_.session(), house_.workspace().keys(), house_.clock).has_value());
        note();
    }
    void freeze(const std::string& cutoff) {
        NoProgress progress;
        const auto session =
            store::open_session(house_.workspace(), store::Session::Mode::read_only);
        AMATE_CHECK(snapshot::take_snapshot(pack(), house_.workspace(), *session,
                                            *Date::parse(cutoff), house_.clock, progress)
                        .has_value());
        note();
    }
    // A range of another country's ledger.
    void witness() {
        registry::internal::TestDesk other;
        const auto file = folder_ / "range";
        AMATE_CHECK(registry::settle_schema(other.pack(), other.workspace(), other.session(),
                                            other.clock, {"tester", "", ""})
                        .has_value());
        (void)ledger::seal(other.session(), other.workspace().keys(), other.clock);
        AMATE_CHECK(ledger::export_range(other.session(), other.workspace().keys(), 0, {}, file)
                        .has_value());
        AMATE_CHECK(ledger::witness_range(house_.session(), house_.workspace().keys(), house_.clock,
                                          {"witness", "", "witness"}, file)
                        .has_value());
        tick();
    }
    void rotate() {
        {
            ledger::UnitOfWork unit(house_.session(), house_.workspace().keys(), house_.clock,
                                    {"tester", "", ""});
            unit.rotate_keys();
            unit.commit({"keys.rotate", "", "", "", ""});
        }
        store::forget_old_master_keys(house_.session(), house_.workspace().keys());
        tick();
    }

    fs::path folder_;
    registry::internal::TestDesk house_;
    std::unique_ptr<Asked> asked_;
    std::map<std::int64_t, State> notes_;
    int documents_ = 0;
};

// A workspace made again, in a folder and on a store of its own.
enum class StoreKind { file, server };

class Restored {
public:
    Restored(const Kept& kept, const ledger::RestorePoint& point, StoreKind kind, Clock& clock)
        : folder_(fs::temp_directory_path() / ("amate-again-" + crypto::make_uuid_v7(0))) {
        NoProgress progress;
        auto opened = backup::open_backup(kept.backup, progress);
        if (!opened) throw Bug(to_line(opened.error().front()));
        backup::RestoreTarget target{folder_ / "work", kept.keys, "", "sqlite:store.sqlite", point};
        if (kind == StoreKind::server) {
            server_ = std::make_unique<store::TestStore>(folder_ / "none");
            target.store_url = server_->url();
        }
        auto pack = definitions::load_pack(backup::pack_of(*opened, target));
        AMATE_CHECK(pack.has_value());
        pack_ = std::move(*pack);
        auto made = backup::restore_backup(*opened, target, *pack_, clock,
                                           {"restorer", "", "restore"}, progress);
        if (!made) throw Bug(to_line(made.error().front()));
        told_ = *made;
        auto workspace = store::open_workspace(target.folder);
        AMATE_CHECK(workspace.has_value());
        workspace_ = *workspace;
        session_ = store::open_session(workspace_, store::Session::Mode::read_write);
    }
    ~Restored() {
        session_.reset();
        fs::remove_all(folder_);
    }
    Restored(const Restored&) = delete;
    Restored& operator=(const Restored&) = delete;

    [[nodiscard]] State state() { return state_of(*pack_, workspace_, *session_); }
    [[nodiscard]] Problems verify() {
        NoProgress progress;
        return ledger::verify(*session_, *pack_, workspace_.keys(), progress).problems;
    }
    [[nodiscard]] const ledger::Restored& told() const { return told_; }
    [[nodiscard]] const definitions::Pack& pack() const { return *pack_; }
    [[nodiscard]] const store::Workspace& workspace() const { return workspace_; }
    [[nodiscard]] store::Session& session() { return *session_; }
    [[nodiscard]] const fs::path& folder() const { return folder_; }

private:
    fs::path folder_;
    std::unique_ptr<store::TestStore> server_;
    std::unique_ptr<const definitions::Pack> pack_;
    ledger::Restored told_;
    store::Workspace workspace_;
    std::unique_ptr<store::Session> session_;
};

// The stores there are to restore into.
inline std::vector<StoreKind> stores_to_restore_into() {
    if (std::getenv("AMATE_TEST_STORE") == nullptr) return {StoreKind::file};
    return {StoreKind::server, StoreKind::file};
}

}  // namespace amate::tests
