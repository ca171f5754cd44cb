// SPDX-License-Identifier: Apache-2.0
// For tests only: a workspace to throw away with the demo pack, and files made of text.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/crypto.hpp"
#include "core/csv_rows.hpp"
#include "definitions/pack.hpp"
#include "ledger/entries.hpp"
#include "registry/ingest.hpp"
#include "store/record_store.hpp"
#include "store/test_store.hpp"

namespace amate::registry::internal {

// Remembers what it was told.
class HeardProgress final : public Progress {
public:
    void advance(std::string_view, std::int64_t done, std::int64_t total) override {
        ++times;
        last_done = done;
        last_total = total;
    }
    int times = 0;
    std::int64_t last_done = 0;
    std::int64_t last_total = 0;
};

// A clock that stands where it was put.
class SetClock final : public Clock {
public:
    void set(const std::string& iso_utc) { now_ = *DateTime::parse(iso_utc); }
    std::int64_t unix_ms() override {
        return (std::int64_t{now_.date.days_since_1970()} * 86'400 + now_.second_of_day) * 1000;
    }
    DateTime local_now() override { return now_; }  // Quelonia keeps UTC

private:
    DateTime now_{*Date::of(2018, 9, 7), 3600};
};

class TestDesk {
public:
    TestDesk()
        : folder_(std::filesystem::temp_directory_path() /
                  ("amate-registry-" + crypto::make_uuid_v7(0))),
          store_(folder_ / "amate.db") {
        std::filesystem::create_directories(folder_);
        const auto pack_folder = std::filesystem::path(AMATE_ROOT) / "packs/demo";
        auto pack = definitions::load_pack(pack_folder);
        AMATE_CHECK(pack.has_value());
        pack_ = std::move(*pack);
        auto workspace = store::make_workspace(folder_ / "work", pack_folder, store_.url());
        AMATE_CHECK(workspace.has_value());
        workspace_ = *workspace;
        session_ = store::open_session(workspace_, store::Session::Mode::read_write);
    }
    ~TestDesk() {
        session_.reset();
        std::filesystem::remove_all(folder_);
    }
    TestDesk(const TestDesk&) = delete;
    TestDesk& operator=(const TestDesk&) = delete;

    // Takes in a file of these bytes.
    Result<BatchReport> take_in(const std::string& source, const std::string& bytes) {
        const auto file = folder_ / "file.csv";
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
        return take_in_file(source, file);
    }
    Result<BatchReport> take_in_file(const std::string& source, const std::filesystem::path& file) {
        const auto& declared = *pack_->find_source(source);
        CsvFormat format;
        format.delimiter = declared.delimiter;
        format.encoding = declared.encoding;
        AMATE_TRY(const auto rows, open_csv_rows(file, format));
        return take_in_rows(source, *rows, file);
    }
    // Takes in what is open already.
    Result<BatchReport> take_in_rows(const std::string& source, RowSource& rows,
                                     const std::filesystem::path& file) {
        return ingest(*pack_, {*pack_->find_source(source), rows, file}, workspace_, *session_,
                      clock, {"tester", "PRT", "test"}, heard);
    }
    // Closes the store and opens it again.
    void reopen() {
        session_.reset();
        session_ = store::open_session(workspace_, store::Session::Mode::read_write);
    }
    // The pack as an edit of its folder leaves it; edits add up. The store is opened again, and its
    // tables stay as they are (settle_schema).
    void change_pack(const std::function<void(const std::filesystem::path&)>& edit) {
        const auto folder = folder_ / "pack";
        if (!std::filesystem::exists(folder)) {
            std::filesystem::copy(std::filesystem::path(AMATE_ROOT) / "packs/demo", folder,
                                  std::filesystem::copy_options::recursive);
        }
        edit(folder);
        auto pack = definitions::load_pack(folder);
        if (!pack) throw Bug(to_line(pack.error().front()));
        session_.reset();
        pack_ = std::move(*pack);
        session_ = store::open_session(workspace_, store::Session::Mode::read_write);
    }
    // Closes the store and opens it for reading alone.
    void open_read_only() {
        session_.reset();
        session_ = store::open_session(workspace_, store::Session::Mode::read_only);
    }

    [[nodiscard]] std::int64_t records(const std::string& register_name) {
        return store::count_records(*session_, *pack_->find_register(register_name));
    }
    [[nodiscard]] std::int64_t entries() {
        const auto last = ledger::last_entry(*session_);
        return last ? last->seq : 0;
    }
    [[nodiscard]] std::vector<store::StoredRecord> all(const std::string& register_name) {
        std::vector<store::StoredRecord> records;
        store::for_each_record(*session_, *pack_->find_register(register_name),
                               [&](const store::StoredRecord& record) {
                                   records.push_back(record);
                                   return true;
                               });
        return records;
    }
    [[nodiscard]] static std::string text_of_file(const std::filesystem::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    // Files below the quarantine folder.
    [[nodiscard]] std::size_t quarantine_files() const {
        if (!std::filesystem::is_directory(workspace_.quarantine())) return 0;
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& each :
             std::filesystem::directory_iterator(workspace_.quarantine())) {
            ++count;
        }
        return count;
    }
    [[nodiscard]] const store::Workspace& workspace() const { return workspace_; }
    [[nodiscard]] const definitions::Pack& pack() const { return *pack_; }

    [[nodiscard]] const store::TestStore& store() const { return store_; }
    [[nodiscard]] store::Session& session() { return *session_; }

    HeardProgress heard;
    SetClock clock;

private:
    std::filesystem::path folder_;
    store::TestStore store_;
    std::unique_ptr<const definitions::Pack> pack_;
    store::Workspace workspace_;
    std::unique_ptr<store::Session> session_;
};

}  // namespace amate::registry::internal
