// SPDX-License-Identifier: Apache-2.0
// For tests only: an invented register, a workspace to throw away, records, and a hand that
// tampers.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "ledger/unit_of_work.hpp"
#include "ledger/verify.hpp"
#include "store/durable_file.hpp"
#include "store/test_store.hpp"

namespace amate::ledger::internal {

inline definitions::Column make_column(const std::string& name, definitions::Type type) {
    definitions::Column column;
    column.name = name;
    column.sql_name = name;
    if (const auto dot = name.find('.'); dot != name.npos) column.sql_name.replace(dot, 1, "__");
    column.type = type;
    return column;
}

inline std::unique_ptr<definitions::Register> make_register(const std::string& name) {
    using definitions::Type;
    auto register_ = std::make_unique<definitions::Register>();
    register_->name = name;
    register_->columns = {make_column("event_at", Type::datetime),
                          make_column("person.names", Type::text),
                          make_column("person.birth", Type::partial_date),
                          make_column("person.sex", Type::code),
                          make_column("services", Type::codes),
                          make_column("accompanied", Type::boolean),
                          make_column("visits", Type::integer),
                          make_column("amount", Type::money),
                          make_column("share", Type::decimal),
                          make_column("seen_on", Type::date),
                          make_column("note", Type::narrative)};
    return register_;
}

// Stands still until it is set.
class TestClock final : public Clock {
public:
    std::int64_t now_ms = 1'536'300'000'123;
    std::int64_t unix_ms() override { return now_ms; }
    DateTime local_now() override { return {*Date::of(2018, 9, 7), 3600}; }
};

// A workspace in a temporary folder with the registers `visit` and `rescue`.
class TestLedger {
public:
    TestLedger()
        : folder_(std::filesystem::temp_directory_path() /
                  ("amate-ledger-" + crypto::make_uuid_v7(0))),
          store_(folder_ / "store.sqlite"),
          clock_(std::make_unique<TestClock>()) {
        std::filesystem::create_directories(folder_);
        for (const auto* name : {"visit", "rescue"}) pack_.registers.push_back(make_register(name));
    }
    ~TestLedger() { std::filesystem::remove_all(folder_); }
    TestLedger(const TestLedger&) = delete;
    TestLedger& operator=(const TestLedger&) = delete;

    [[nodiscard]] std::filesystem::path folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path keys() const { return folder_ / "keys"; }
    [[nodiscard]] std::filesystem::path head() const { return keys() / "ledger.head.json"; }
    [[nodiscard]] store::TestStore& store() { return store_; }
    [[nodiscard]] definitions::Pack& pack() { return pack_; }
    [[nodiscard]] definitions::Register& register_of(std::size_t i) { return *pack_.registers[i]; }
    [[nodiscard]] Clock& clock() { return *clock_; }
    void set_clock(std::int64_t unix_ms) { clock_->now_ms = unix_ms; }

    [[nodiscard]] std::unique_ptr<store::Session> open(
        store::Session::Mode mode = store::Session::Mode::read_write) const {
        auto session = store::Session::open(store_.url(), mode);
        session->unlock(keys());
        return session;
    }
    [[nodiscard]] std::unique_ptr<UnitOfWork> begin(store::Session& session) {
        return std::make_unique<UnitOfWork>(session, keys(), *clock_,
                                            Actor{"clerk", "north", "reception"});
    }

    // A record of an invented person; `row` tells it from the others.
    static store::StoredRecord record(int row, const std::string& prefix = "V") {
        store::StoredRecord record;
        record.record_id = crypto::make_uuid_v7(1'536'300'000'000 + row);
        record.folio = fmt::format("{}-{:05}", prefix, row);
        record.state = "open";
        record.version = "1";
        if (row % 3 == 0) record.flags = {"late", "minor"};
        record.values = {*DateTime::parse("2018-03-01T10:00:00"),
                         std::string("Ana Ruiz"),
                         *PartialDate::parse("1990-05"),
                         std::string("female"),
                         Codes{"food", "shelter"},
                         row % 2 == 0,
                         std::int64_t{row},
                         row / 4.0,
                         Missing::unknown,
                         *Date::parse("2018-03-01"),
                         Missing::absent};
        return record;
    }

    // One unit with `count` records numbered from `first`.
    Entry write(int first, int count, std::size_t register_index = 0) {
        const auto session = open();
        const auto unit = begin(*session);
        AMATE_CHECK(unit->ensure_schema(pack_).has_value());
        for (int row = first; row < first + count; ++row) {
            auto each = record(row, register_index == 0 ? "V" : "R");
            unit->add(register_of(register_index), each);
        }
        return unit->commit({"batch.ingest", register_of(register_index).name, "", "",
                             R"({"file_digest":"00","source":"s"})"});
    }

    [[nodiscard]] store::AttachmentPlace place_of(int row) {
        return {register_of(0), record(row).folio, "photo"};
    }
    void attach_to(UnitOfWork& unit, int row, const std::string& bytes) {
        const auto file = folder_ / "sent";
        store::write_durably(file, bytes, store::FileRights::owner_only);
        unit.attach(place_of(row),
                    {crypto::to_hex(crypto::digest(bytes)), static_cast<std::int64_t>(bytes.size()),
                     "application/pdf", "carta de Nara.pdf"},
                    file);
    }
    // One unit that keeps a file with a record.
    Entry attach(int row, const std::string& bytes) {
        const auto session = open();
        const auto unit = begin(*session);
        attach_to(*unit, row, bytes);
        return unit->commit(
            {"record.attach", register_of(0).name, place_of(row).record_id, "", ""});
    }

    [[nodiscard]] Verification verify() {
        NoProgress progress;
        const auto session = open(store::Session::Mode::read_only);
        return ledger::verify(*session, pack_, keys(), progress);
    }

private:
    std::filesystem::path folder_;
    store::TestStore store_;
    std::unique_ptr<TestClock> clock_;
    definitions::Pack pack_;
};

}  // namespace amate::ledger::internal
