// SPDX-License-Identifier: Apache-2.0
// A backup taken while others write is of one moment, and holds nothing that is only passing.
#include <fstream>
#include <thread>

#include "lived_country.hpp"

namespace amate::tests {
namespace {

// Does something each time the backup says how far it has come, in the midst of its work.
class Interrupting final : public Progress {
public:
    explicit Interrupting(std::function<void(std::string_view what, std::int64_t done)> act)
        : act_(std::move(act)) {}
    void advance(std::string_view what, std::int64_t done, std::int64_t) override {
        act_(what, done);
    }

private:
    std::function<void(std::string_view, std::int64_t)> act_;
};

void write_file(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

class MomentTest : public ::testing::Test {
protected:
    [[nodiscard]] const store::Workspace& workspace() { return country_.house().workspace(); }
    std::string refused_place(const fs::path& place) {
        NoProgress progress;
        const auto session = store::open_session(workspace(), store::Session::Mode::read_only);
        const auto made = backup::take_backup(country_.pack(), workspace(), *session, place,
                                              country_.house().clock, progress);
        return made ? "" : made.error().front().code;
    }

    LivedCountry country_;
};

// Why: the service does not stop for a backup; half of what was written meanwhile is no state.
TEST_F(MomentTest, IsOfOneEntryThoughOthersWriteAllTheWhile) {
    country_.take_in(1'210, 1);
    const auto before = country_.house().entries();
    int in_tables = 0;
    Interrupting writing([&](std::string_view what, std::int64_t done) {
        if (what == "backup") {
            ++in_tables;
            country_.take_in(2, 1);
        } else if (done % 10 != 0) {
            return;
        }
        country_.do_one(country_.asked().landing("", R"(,"remarks":"Meanwhile")"));
    });
    const auto kept = country_.keep("meanwhile", writing);
    EXPECT_GT(kept.head, before) << "nobody wrote before the tables were read";
    EXPECT_GT(in_tables, 0);
    EXPECT_GT(country_.house().entries(), kept.head) << "nobody wrote while tables were read";
    for (const auto kind : stores_to_restore_into()) {
        Restored again(kept, {}, kind, country_.house().clock);
        expect_as_noted(again.state(), country_.notes().at(kept.head));
        EXPECT_TRUE(again.verify().empty());
    }
}

// Why: an ingest that is under way makes, renames and removes files; none of that is of the moment,
// and a backup that lists a file must find it.
TEST_F(MomentTest, HasNothingOfABatchUnderWay) {
    country_.take_in(3, 1);
    const auto of = [&](std::int64_t entry, const char* end) {
        return workspace().quarantine() / fmt::format("coast_guard_landings-{}.csv{}", entry, end);
    };
    const auto kept_row = of(country_.house().entries(), "");
    ASSERT_TRUE(fs::exists(kept_row));
    const auto next = country_.house().entries() + 1;
    write_file(of(next, ".part"), "half a ro");
    write_file(of(next + 1, ""), "a batch that is rolled back");
    Interrupting ending([&](std::string_view, std::int64_t) {
        // Both end while the backup copies the first of the files.
        if (!fs::exists(country_.folder() / "kept.unfinished/quarantine")) return;
        fs::remove(of(next, ".part"));
        fs::remove(of(next + 1, ""));
    });
    const auto kept = country_.keep("kept", ending);
    EXPECT_EQ(files_below(kept.backup / "quarantine"),
              std::set<std::string>{kept_row.filename().string()});
    write_file(of(next, ".part"), "half a ro");
    const auto crashed = country_.keep("after a crash");
    EXPECT_EQ(files_below(crashed.backup / "quarantine"),
              std::set<std::string>{kept_row.filename().string()});
}

// Why: what can be made again, or was never whole, only makes backups larger and tells of persons.
TEST_F(MomentTest, HasNothingTemporaryOrDerived) {
    country_.take_in(3, 0);
    NoProgress progress;
    {
        const auto session = store::open_session(workspace(), store::Session::Mode::read_only);
        ASSERT_TRUE(snapshot::take_snapshot(country_.pack(), workspace(), *session,
                                            *Date::of(2018, 3, 1), country_.house().clock,
                                            progress));
    }
    const auto frozen = workspace().snapshots() / "2018-03-01";
    const auto sound = files_below(frozen);
    write_file(frozen / ".columns/landing/point", "derived");
    write_file(frozen / ".columns.tmp", "derived");
    write_file(workspace().snapshots() / ".draft-1/landing.parquet", "half");
    write_file(workspace().quarantine() / ".hidden", "passing");
    write_file(workspace().uploads() / "1.part", "half of a file");
    write_file(workspace().uploads() / "1.json", "{}");
    write_file(workspace().root / "spool-1", "half of a file");
    const auto kept = country_.keep("kept");
    EXPECT_EQ(files_below(kept.backup / "snapshots/2018-03-01"), sound);
    for (const auto& file : files_below(kept.backup)) {
        EXPECT_EQ(file.find("/."), file.npos) << file;
        const auto top = file.substr(0, file.find('/'));
        EXPECT_TRUE(std::set<std::string>({"manifest.json", "manifest.digest", "tables", "pack",
                                           "snapshots", "quarantine"})
                        .contains(top))
            << file;
    }
    Restored again(kept, {}, StoreKind::file, country_.house().clock);
    EXPECT_EQ(files_below(again.workspace().snapshots()).size(), sound.size());
    EXPECT_EQ(files_below(again.workspace().snapshots() / "2018-03-01"), sound);
    EXPECT_FALSE(fs::exists(again.workspace().uploads()));
}

// Why: two that write into one folder leave what is of neither.
TEST_F(MomentTest, TwoAtOnceDoNotWriteIntoOnePlace) {
    country_.take_in(3, 1);
    const auto place = country_.folder() / "kept";
    std::string second = "not asked";
    std::thread other;
    Interrupting starting([&](std::string_view, std::int64_t) {
        if (!other.joinable()) other = std::thread([&] { second = refused_place(place); });
    });
    const auto kept = country_.keep("kept", starting);
    other.join();
    EXPECT_EQ(second, "backup.exists");
    Restored again(kept, {}, StoreKind::file, country_.house().clock);
    expect_as_noted(again.state(), country_.notes().at(kept.head));
    EXPECT_EQ(refused_place(place), "backup.exists");
    EXPECT_FALSE(fs::exists(country_.folder() / ".kept.lock"));
}

// Why: what looks like a backup is taken for one when it is needed.
TEST_F(MomentTest, WhatCameToNothingLeavesNothing) {
    country_.take_in(1'210, 1);
    const auto place = country_.folder() / "kept";
    const auto draft = country_.folder() / "kept.unfinished";
    std::set<std::string> places;
    for (int last = 0;; ++last) {
        int count = 0;
        Interrupting failing([&](std::string_view what, std::int64_t) {
            places.insert(std::string(what));
            if (count++ == last) throw IoFailure("the disk is full");
        });
        try {
            (void)country_.keep("kept", failing);
            break;
        } catch (const IoFailure&) {
            ASSERT_FALSE(fs::exists(place));
            ASSERT_FALSE(fs::exists(draft));
        }
    }
    EXPECT_EQ(places, (std::set<std::string>{"backup", "backup of files"}));
    EXPECT_TRUE(fs::exists(place));
    EXPECT_FALSE(fs::exists(draft));
    // What was cut off, and could not clear away, is no backup, and is begun anew.
    write_file(country_.folder() / "next.unfinished/tables/ledger.jsonl", "[");
    NoProgress progress;
    const auto opened = backup::open_backup(country_.folder() / "next.unfinished", progress);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().front().code, "backup.none");
    EXPECT_EQ(refused_place(country_.folder() / "next"), "");
    EXPECT_FALSE(fs::exists(country_.folder() / "next.unfinished"));
    EXPECT_TRUE(backup::open_backup(country_.folder() / "next", progress));
}

// Why: a pack may lie around the workspace; a backup still holds no key. What of it is a link into
// another folder belongs to it all the same.
TEST_F(MomentTest, HoldsThePackAndNoKeyWhereverThePackLies) {
    const auto pack_folder = country_.folder() / "pack";
    fs::copy(country_.pack().directory, pack_folder, fs::copy_options::recursive);
    fs::rename(pack_folder / "codelists", country_.folder() / "lists");
    fs::create_directory(pack_folder / "codelists");
    for (const auto& file : files_below(country_.folder() / "lists")) {
        fs::create_symlink(country_.folder() / "lists" / file, pack_folder / "codelists" / file);
    }
    const auto sound = files_below(pack_folder);
    for (const auto& root : {pack_folder / "work", pack_folder}) {
        auto workspace = store::make_workspace(root, pack_folder, "sqlite:store.sqlite");
        ASSERT_TRUE(workspace);
        const auto session = store::open_session(*workspace, store::Session::Mode::read_write);
        ASSERT_TRUE(registry::settle_schema(country_.pack(), *workspace, *session,
                                            country_.house().clock, {"tester", "", ""}));
        ASSERT_TRUE(fs::exists(workspace->keys() / "ledger.key"));
        write_file(workspace->uploads() / "1.part", "half of a file");
        const auto pack = definitions::load_pack(pack_folder);
        ASSERT_TRUE(pack) << to_line(pack.error().front());
        NoProgress progress;
        const auto place = country_.folder() / (root.filename().string() + "-kept");
        const auto made = backup::take_backup(**pack, *workspace, *session, place,
                                              country_.house().clock, progress);
        ASSERT_TRUE(made) << to_line(made.error().front());
        EXPECT_EQ(files_below(place / "pack"), sound);
        fs::remove_all(pack_folder / "work");
    }
}

}  // namespace
}  // namespace amate::tests
