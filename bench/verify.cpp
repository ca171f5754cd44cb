// SPDX-License-Identifier: Apache-2.0
// Measures the verification of a store against reading it: as bytes, and its table row by row.
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "ledger/seals.hpp"
#include "ledger/verify.hpp"

namespace {

namespace fs = std::filesystem;
using amate::definitions::Type;

constexpr std::int64_t kBatches = 4;

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void require(bool holds, const char* what) {
    if (holds) return;
    fmt::print(stderr, "wrong answer: {}\n", what);
    std::exit(1);
}

// A register as wide as a country's: thirty fields of all kinds.
amate::definitions::Pack make_pack() {
    amate::definitions::Pack pack;
    auto register_ = std::make_unique<amate::definitions::Register>();
    register_->name = "visit";
    const Type kinds[] = {Type::datetime, Type::text,    Type::partial_date,
                          Type::code,     Type::boolean, Type::integer};
    for (int i = 0; i < 30; ++i) {
        amate::definitions::Column column;
        column.name = column.sql_name = fmt::format("field_{}", i);
        column.type = kinds[i % 6];
        register_->columns.push_back(std::move(column));
    }
    pack.registers.push_back(std::move(register_));
    return pack;
}

amate::store::StoredRecord record(std::int64_t row) {
    amate::store::StoredRecord record;
    record.record_id = amate::crypto::make_uuid_v7(1'536'300'000'000 + row);
    record.folio = fmt::format("V-2018-{:08}", row);
    record.state = "open";
    record.version = "1-0123456789ab";
    for (int i = 0; i < 30; ++i) {
        switch (i % 6) {
            case 0:
                record.values.emplace_back(*amate::DateTime::parse("2018-03-01T10:00:00"));
                break;
            case 1:
                record.values.emplace_back(fmt::format("Ana Ruiz {}", row * 31 + i));
                break;
            case 2:
                record.values.emplace_back(*amate::PartialDate::parse("1990-05"));
                break;
            case 3:
                record.values.emplace_back(std::string("female"));
                break;
            case 4:
                record.values.emplace_back(row % 2 == 0);
                break;
            default:
                record.values.emplace_back(row + i);
        }
    }
    return record;
}

void fill(const std::string& url, const fs::path& keys, const amate::definitions::Pack& pack,
          std::int64_t rows) {
    const auto clock = amate::make_system_clock("UTC");
    const auto session = amate::store::Session::open(url, amate::store::Session::Mode::read_write);
    for (std::int64_t batch = 0; batch < kBatches; ++batch) {
        amate::ledger::UnitOfWork unit(*session, keys, *clock, {"bench", "", "bench"});
        require(unit.ensure_schema(pack).has_value(), "the tables");
        for (auto row = batch; row < rows; row += kBatches) {
            auto each = record(row);
            unit.add(*pack.registers[0], each);
        }
        unit.commit({"batch.ingest", "visit", "", "", ""});
    }
    require(amate::ledger::seal(*session, keys, *clock)->size == kBatches, "the seal");
}

std::int64_t read_bytes(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::vector<char> buffer(1U << 20U);
    std::int64_t total = 0;
    while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
           stream.gcount() > 0) {
        total += stream.gcount();
    }
    return total;
}

void measure(const fs::path& folder, std::int64_t rows) {
    const auto pack = make_pack();
    const auto file = folder / "store.sqlite";
    const auto url = "sqlite:" + file.string();
    const auto filling = seconds_of([&] { fill(url, folder / "keys", pack, rows); });
    const auto megabytes = static_cast<double>(fs::file_size(file)) / 1e6;
    fmt::print("{} records, {:.0f} MB, written in {:.1f} s\n", rows, megabytes, filling);
    const auto open = [&] {
        return amate::store::Session::open(url, amate::store::Session::Mode::read_only);
    };
    const auto tell = [&](const char* what, double seconds, double peer) {
        fmt::print("{:<28}{:>8.2f} s {:>11.0f} records/s {:>7.0f} MB/s {:>6.2f} x\n", what, seconds,
                   static_cast<double>(rows) / seconds, megabytes / seconds, seconds / peer);
    };
    double scan = 0;
    for (int round = 1; round <= 2; ++round) {  // the first warms the file cache
        const auto bytes = seconds_of([&] {
            require(read_bytes(file) == static_cast<std::int64_t>(megabytes * 1e6 + 0.5), "bytes");
        });
        scan = seconds_of([&] {
            std::int64_t seen = 0;
            open()->query("SELECT * FROM r_visit ORDER BY ledger_seq, batch_row", {},
                          [&](const amate::store::SqlRow&) { return ++seen > 0; });
            require(seen == rows, "rows read");
        });
        amate::ledger::Verification verification;
        amate::NoProgress progress;
        const auto verify = seconds_of([&] {
            verification = amate::ledger::verify(*open(), pack, folder / "keys", progress);
        });
        require(verification.records == rows && verification.problems.empty() &&
                    verification.sealed == kBatches,
                "the verification");
        fmt::print("round {}, against the store's own reading of the table\n", round);
        tell("bytes of the file", bytes, scan);
        tell("the table, row by row", scan, scan);
        tell("verification", verify, scan);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t rows = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 500'000;
    const auto folder =
        fs::temp_directory_path() / ("amate-bench-verify-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    measure(folder, rows);
    fs::remove_all(folder);
    return 0;
}
