// SPDX-License-Identifier: Apache-2.0
// From any backup to any entry it has: what is restored is what was noted when it was so.
#include "lived_country.hpp"

namespace amate::tests {
namespace {

class RestoreTest : public ::testing::Test {
protected:
    // What a restored workspace holds at its cut, and that it lives on from there.
    void expect_sound_at(const Kept& kept, std::int64_t cut, StoreKind kind) {
        SCOPED_TRACE(fmt::format("{} at entry {} into a {}", kept.backup.filename().string(), cut,
                                 kind == StoreKind::file ? "file" : "server"));
        Restored again(kept, {cut, ""}, kind, country_.house().clock);
        EXPECT_EQ(again.told().cut.seq, cut);
        EXPECT_EQ(again.told().taken_off, kept.head - cut);
        expect_as_noted(again.state(), country_.notes().at(cut));
        expect_to_live(again, kept, cut);
    }

    // New folios, keys of requests, and an entry that all of it is proved with.
    void expect_to_live(Restored& again, const Kept& kept, std::int64_t cut) {
        Asked asked(again.pack(), again.workspace(), again.session(), country_.house().clock);
        const auto made = asked.must(asked.landing());
        EXPECT_EQ(made.ledger_seq, cut + 2);
        for (const auto& [name, record] : country_.notes().at(kept.head).records) {
            EXPECT_NE(record.folio, made.folio) << "a number was given twice";
        }
        for (const auto* key : {"k1", "k2"}) {
            const auto create =
                asked.landing(key, key == std::string("k1") ? R"(,"remarks":"Seasick")" : "");
            EXPECT_EQ(asked.must(create).repeated, entry_of(key) <= cut) << key;
        }
        EXPECT_TRUE(
            ledger::seal(again.session(), again.workspace().keys(), country_.house().clock));
        const auto problems = again.verify();
        EXPECT_TRUE(problems.empty()) << to_line(problems.front());
    }

    // The entry that answered the request with this key, as the last note has it.
    std::int64_t entry_of(const std::string& key) {
        for (const auto& line : country_.notes().rbegin()->second.tables.at("ledger_answers")) {
            if (line.find("'" + key + "'") == line.npos) continue;
            const auto at = line.find("\"entry\":");
            return std::stoll(line.substr(at + 8));
        }
        return 0;
    }

    LivedCountry country_;
};

// Why: a backup is worth what can be restored from it, and "to a moment" is any moment.
TEST_F(RestoreTest, EveryBackupGivesEveryEntryAsItWas) {
    const auto all = country_.live();
    ASSERT_EQ(country_.notes().rbegin()->first, all.back().head);
    for (const auto& kept : all) {
        for (std::int64_t cut = 1; cut <= kept.head; ++cut) {
            ASSERT_TRUE(country_.notes().contains(cut)) << "entry " << cut << " was not noted";
            for (const auto kind : stores_to_restore_into()) expect_sound_at(kept, cut, kind);
        }
    }
}

// Why: people know hours, not numbers of entries.
TEST_F(RestoreTest, AMomentIsTheLastEntryNotLater) {
    const auto kept = country_.live().back();
    const auto& notes = country_.notes();
    const auto cut_at = [&](const std::string& until) {
        Restored again(kept, {{}, until}, StoreKind::file, country_.house().clock);
        expect_as_noted(again.state(), notes.at(again.told().cut.seq));
        return again.told().cut.seq;
    };
    const auto& sixth = notes.at(6);
    ASSERT_LT(notes.at(5).at, sixth.at);
    ASSERT_LT(sixth.at, notes.at(7).at);
    EXPECT_EQ(cut_at(sixth.at), 6);
    EXPECT_EQ(cut_at(sixth.at.substr(0, 19) + ".999Z"), 6);
    EXPECT_EQ(cut_at(sixth.at.substr(0, 16) + ":59.999Z"), 6);
    EXPECT_EQ(cut_at("2999-01-01T00:00:00.000Z"), kept.head);
}

// Why: what was restored is backed up and restored in its turn, from one kind of store to another.
TEST_F(RestoreTest, WhatWasRestoredIsKeptAndRestoredAgain) {
    const auto late = country_.live().back();
    const auto cut = late.head - 5;
    Restored first(late, {cut, ""}, StoreKind::file, country_.house().clock);
    std::map<std::int64_t, State> notes;
    const auto note = [&] {
        auto state = first.state();
        notes[state.seq] = std::move(state);
    };
    note();
    Asked asked(first.pack(), first.workspace(), first.session(), country_.house().clock);
    (void)asked.must(asked.landing("k3", R"(,"remarks":"After the fire")"));
    note();
    NoProgress progress;
    const auto session = store::open_session(first.workspace(), store::Session::Mode::read_only);
    const auto made =
        backup::take_backup(first.pack(), first.workspace(), *session, country_.folder() / "again",
                            country_.house().clock, progress);
    ASSERT_TRUE(made) << to_line(made.error().front());
    const Kept kept{made->folder, first.workspace().keys(), made->manifest.head_seq};
    ASSERT_EQ(kept.head, cut + 2);
    for (const auto kind : stores_to_restore_into()) {
        for (const auto& [seq, state] : notes) {
            Restored again(kept, {seq, ""}, kind, country_.house().clock);
            expect_as_noted(again.state(), state);
        }
        Restored before(kept, {3, ""}, kind, country_.house().clock);
        expect_as_noted(before.state(), country_.notes().at(3));
    }
}

// Why: restoring over something would mix two pasts.
TEST_F(RestoreTest, NothingIsRestoredOverSomething) {
    country_.take_in(3, 1);
    const auto kept = country_.keep("kept");
    NoProgress progress;
    const auto opened = backup::open_backup(kept.backup, progress);
    ASSERT_TRUE(opened);
    const auto place = country_.folder() / "place";
    const auto restore = [&](const std::string& url) -> std::string {
        const auto made =
            backup::restore_backup(*opened, {place, kept.keys, "", url, {}}, country_.pack(),
                                   country_.house().clock, {"restorer", "", "restore"}, progress);
        return made ? "" : made.error().front().code;
    };
    fs::create_directories(place);
    store::write_durably(place / "letter", "mine", store::FileRights::everybody);
    EXPECT_EQ(restore("sqlite:store.sqlite"), "backup.place_not_empty");
    EXPECT_EQ(files_below(place), std::set<std::string>{"letter"});
    fs::remove(place / "letter");
    EXPECT_EQ(restore(country_.house().store().url()), "ledger.store_not_empty");
    EXPECT_TRUE(fs::is_empty(place)) << "the folder was there and stays, empty";
    EXPECT_EQ(restore("sqlite:store.sqlite"), "");
    const auto whole = files_below(place);
    EXPECT_EQ(restore("sqlite:store.sqlite"), "backup.place_not_empty");
    EXPECT_EQ(files_below(place), whole);
}

// Why: of a table that is forgotten nobody knows until it is needed.
TEST_F(RestoreTest, EveryTableOfTheStoreIsKept) {
    const auto kept = country_.live().back();
    NoProgress progress;
    const auto opened = backup::open_backup(kept.backup, progress);
    ASSERT_TRUE(opened);
    std::vector<std::string> names;
    for (const auto& table : opened->manifest.tables) names.push_back(table.shape.name);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names, country_.house().session().tables());
    for (const auto* name : {"attachments", "data_keys", "ledger_answers", "ledger_blocks",
                             "ledger_nodes", "witness_entries"}) {
        EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    }
}

}  // namespace
}  // namespace amate::tests
