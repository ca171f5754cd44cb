// SPDX-License-Identifier: Apache-2.0
// A damaged backup is refused with the name of what is damaged, and nothing of it is left behind.
#include <fstream>

#include "lived_country.hpp"

namespace amate::tests {
namespace {

class DamageTest : public ::testing::Test {
protected:
    DamageTest() {
        country_.take_in(3, 1);
        country_.do_one(country_.asked().landing("k", R"(,"remarks":"Seasick")"));
        freeze();
        other_ = country_.keep("other");
        country_.take_in(2, 1);
        freeze();
        kept_ = country_.keep("kept");
        spoilt_ = {country_.folder() / "spoilt", kept_.keys, kept_.head};
    }

    void freeze() {
        NoProgress progress;
        const auto session =
            store::open_session(country_.house().workspace(), store::Session::Mode::read_only);
        AMATE_CHECK(snapshot::take_snapshot(country_.pack(), country_.house().workspace(), *session,
                                            *Date::of(2018, 3, 1), country_.house().clock, progress)
                        .has_value());
    }

    // "code file" of each problem of a restore of `spoilt_`; the place must be as it was.
    std::vector<std::string> faults(StoreKind kind = StoreKind::file) {
        NoProgress progress;
        const auto place = country_.folder() / "place";
        std::vector<std::string> found;
        std::unique_ptr<store::TestStore> server;
        std::string url = "sqlite:" + (country_.folder() / "place.sqlite").string();
        if (kind == StoreKind::server) {
            server = std::make_unique<store::TestStore>(country_.folder() / "none");
            url = server->url();
        }
        const auto note = [&](const Problems& problems) {
            for (const auto& problem : problems) {
                const auto file = problem.parameters.find("file");
                EXPECT_FALSE(text_of(problem, "en").empty());
                found.push_back(problem.code +
                                (file == problem.parameters.end() ? "" : " " + file->second));
            }
        };
        const auto opened = backup::open_backup(spoilt_.backup, progress);
        if (!opened) {
            note(opened.error());
        } else {
            const auto made = backup::restore_backup(*opened, {place, spoilt_.keys, "", url, {}},
                                                     country_.pack(), country_.house().clock,
                                                     {"restorer", "", "restore"}, progress);
            if (!made) note(made.error());
        }
        EXPECT_FALSE(fs::exists(place));
        EXPECT_FALSE(fs::exists(country_.folder() / "place.sqlite"));
        if (server && !opened) {
            EXPECT_TRUE(
                store::Session::open(url, store::Session::Mode::read_only)->tables().empty());
        }
        return found;
    }
    void begin_anew() {
        fs::remove_all(spoilt_.backup);
        fs::copy(kept_.backup, spoilt_.backup, fs::copy_options::recursive);
    }
    [[nodiscard]] static std::string bytes_of(const fs::path& file) {
        return registry::internal::TestDesk::text_of_file(file);
    }
    static void put(const fs::path& file, const std::string& bytes) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    }
    // What a restore must say of a file of the backup that is there, and altered.
    [[nodiscard]] static std::vector<std::string> altered(const std::string& file) {
        if (file.starts_with("manifest.")) return {"backup.manifest_damaged manifest.json"};
        return {"backup.file_damaged " + file};
    }

    LivedCountry country_;
    Kept other_, kept_, spoilt_;
};

// Why: disks and copies fail silently; a restore that goes on with what is left is worse than none.
TEST_F(DamageTest, EveryFileIsHeldToWhatItWas) {
    begin_anew();
    const auto files = files_below(kept_.backup);
    std::set<std::string> places;
    int exchanged = 0;
    for (const auto& file : files) {
        places.insert(file.substr(0, file.find('/')));
        const auto path = spoilt_.backup / file;
        const auto sound = bytes_of(path);
        if (!sound.empty()) {
            auto flipped = sound;
            flipped[sound.size() / 2] = static_cast<char>(flipped[sound.size() / 2] ^ 1);
            put(path, flipped);
            EXPECT_EQ(faults(), altered(file)) << "a bit of " << file;
            // Of the many files of the pack one stands for all from here on.
            if (file.starts_with("pack/") && file != "pack/pack.yaml") {
                put(path, sound);
                continue;
            }
            put(path, sound.substr(0, sound.size() - 1));
            EXPECT_EQ(faults(), altered(file)) << "the last byte of " << file;
        }
        fs::remove(path);
        const auto missing = file == "manifest.json"     ? "backup.none"
                             : file == "manifest.digest" ? "backup.manifest_damaged manifest.json"
                                                         : "backup.file_missing " + file;
        EXPECT_EQ(faults(), std::vector<std::string>{missing});
        const auto others = fs::exists(other_.backup / file) ? bytes_of(other_.backup / file) : "";
        if (others != sound && !others.empty()) {
            ++exchanged;
            put(path, others);
            EXPECT_EQ(faults(), altered(file)) << "another backup's " << file;
        }
        put(path, sound);
        put(spoilt_.backup / (file + ".more"), sound);
        EXPECT_EQ(faults(), std::vector<std::string>{"backup.file_unknown " + file + ".more"});
        fs::remove(spoilt_.backup / (file + ".more"));
    }
    EXPECT_EQ(places, (std::set<std::string>{"manifest.digest", "manifest.json", "pack",
                                             "quarantine", "snapshots", "tables"}));
    EXPECT_GE(exchanged, 5);
}

// Why: who repairs wants to know all that is wrong, not one file a day; and a server's store must
// stay as empty as a file's.
TEST_F(DamageTest, AllFaultsAreNamedTogetherAndNoStoreIsTouched) {
    begin_anew();
    put(spoilt_.backup / "tables/ledger.jsonl", "[]\n");
    fs::remove(spoilt_.backup / "pack/pack.yaml");
    fs::create_directories(spoilt_.backup / "keys");
    put(spoilt_.backup / "keys/ledger.key", "somebody's");
    fs::create_symlink(kept_.backup, spoilt_.backup / "snapshots/link");
    auto all = std::vector<std::string>{
        "backup.file_damaged tables/ledger.jsonl", "backup.file_missing pack/pack.yaml",
        "backup.file_unknown keys/ledger.key", "backup.file_unknown snapshots/link"};
    for (const auto kind : stores_to_restore_into()) {
        auto found = faults(kind);
        std::sort(found.begin(), found.end());
        EXPECT_EQ(found, all);
    }
    // The manifest and its digest of another backup fit each other, and nothing else.
    begin_anew();
    for (const auto* file : {"manifest.json", "manifest.digest"}) {
        put(spoilt_.backup / file, bytes_of(other_.backup / file));
    }
    const auto found = faults();
    EXPECT_NE(std::find(found.begin(), found.end(), "backup.file_damaged tables/ledger.jsonl"),
              found.end());
}

// Why: who alters a file may alter its digests too; signatures of the ledger are not theirs.
TEST_F(DamageTest, WhatFitsItsManifestIsHeldToTheLedger) {
    const auto forge = [&](const std::string& name, const std::string& from,
                           const std::string& to) {
        begin_anew();
        auto rows = bytes_of(spoilt_.backup / name);
        const auto at = rows.find(from);
        ASSERT_NE(at, rows.npos) << from;
        rows.replace(at, from.size(), to);
        put(spoilt_.backup / name, rows);
        NoProgress progress;
        auto manifest = backup::open_backup(kept_.backup, progress)->manifest;
        for (auto& file : manifest.files) {
            if (file.path != name) continue;
            file.bytes = static_cast<std::int64_t>(rows.size());
            file.digest = crypto::to_hex(crypto::digest(rows));
        }
        backup::write_manifest(manifest, spoilt_.backup);
    };
    forge("tables/r_landing.jsonl", "Nara Oleaje", "Iria Marea");
    EXPECT_EQ(faults(), std::vector<std::string>{"ledger.record_changed"});
    forge("tables/ledger.jsonl", "\"oto\"", "\"sol\"");
    EXPECT_EQ(faults(), std::vector<std::string>{"ledger.entry_changed"});
}

// Why: a backup says nothing of whether the store was sound. Up to the damage all can be had.
TEST_F(DamageTest, AStoreAlteredBeforeIsRestoredUpToTheDamage) {
    const auto sound = country_.house().entries();
    country_.take_in(2, 0);
    country_.house().store().tamper(fmt::format(
        "UPDATE r_landing SET person__names = 'Iria Marea' WHERE ledger_seq > {}", sound));
    spoilt_ = country_.keep("spoilt");
    EXPECT_EQ(faults(),
              (std::vector<std::string>{"ledger.record_changed", "ledger.record_changed"}));
    for (const auto kind : stores_to_restore_into()) {
        Restored again(spoilt_, {sound, ""}, kind, country_.house().clock);
        expect_as_noted(again.state(), country_.notes().at(sound));
    }
}

// Why: with another country's keys, or those from after a rotation, nothing is opened.
TEST_F(DamageTest, TheWrongKeysLeaveNothing) {
    begin_anew();
    registry::internal::TestDesk stranger;
    ASSERT_TRUE(registry::settle_schema(stranger.pack(), stranger.workspace(), stranger.session(),
                                        stranger.clock, {"tester", "", ""}));
    for (const auto kind : stores_to_restore_into()) {
        spoilt_.keys = country_.folder();
        EXPECT_EQ(faults(kind), std::vector<std::string>{"backup.no_keys"});
        spoilt_.keys = stranger.workspace().keys();
        EXPECT_EQ(faults(kind), std::vector<std::string>{"ledger.restore_other_key"});
        spoilt_.keys = country_.folder() / "later-keys";
        fs::remove_all(spoilt_.keys);
        fs::copy(kept_.keys, spoilt_.keys, fs::copy_options::recursive);
        fs::remove(spoilt_.keys / "master.json");
        EXPECT_EQ(faults(kind), std::vector<std::string>{"ledger.restore_master_key"});
    }
}

}  // namespace
}  // namespace amate::tests
