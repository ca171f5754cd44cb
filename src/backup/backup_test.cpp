// SPDX-License-Identifier: Apache-2.0
// The files of a backup by themselves: how rows are spelled, what is listed, what a manifest may
// say. Whole backups are restored in tests/backup.
#include "backup/backup.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <tuple>

#include "backup/internal/quarantine_file.hpp"
#include "backup/internal/table_file.hpp"
#include "backup/internal/written_file.hpp"
#include "core/crypto.hpp"

namespace amate::backup {
namespace {

namespace fs = std::filesystem;

class BackupFiles : public ::testing::Test {
protected:
    BackupFiles()
        : folder_(fs::temp_directory_path() / ("amate-backup-" + crypto::make_uuid_v7(0))) {
        fs::create_directories(folder_);
    }
    ~BackupFiles() override { fs::remove_all(folder_); }

    void put(const std::string& name, const std::string& bytes) {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
    }
    // "" or why the file of lines is none of rows with two cells.
    std::string fault_of(const std::string& lines) {
        put("rows.jsonl", lines);
        try {
            internal::for_each_row(folder_ / "rows.jsonl", 2, [](const auto&) { return true; });
        } catch (const IoFailure& failure) {
            return failure.what();
        }
        return "";
    }
    // Code of what is wrong with a backup whose manifest names one file so.
    std::string fault_of_path(const std::string& path) {
        const std::string bytes = "a file elsewhere";
        Manifest manifest;
        manifest.files = {
            {path, static_cast<std::int64_t>(bytes.size()), crypto::to_hex(crypto::digest(bytes))}};
        const auto backup = folder_ / "kept";
        fs::remove_all(backup);
        fs::create_directories(backup);
        (void)write_manifest(manifest, backup);
        NoProgress progress;
        const auto opened = open_backup(backup, progress);
        return opened ? "" : opened.error().front().code;
    }

    fs::path folder_;
};

// Why: a row that comes back otherwise than it was is found by its seal, when it is too late.
TEST_F(BackupFiles, RowsComeBackAsTheyWere) {
    using Limits = std::numeric_limits<double>;
    std::vector<store::SqlValue> cells = {std::monostate{},
                                          std::int64_t{0},
                                          std::numeric_limits<std::int64_t>::min(),
                                          std::numeric_limits<std::int64_t>::max(),
                                          std::string(),
                                          std::string("null"),
                                          std::string("[\"0.1\"]"),
                                          std::string("a\nb\r\t\"\\/\x01\x7f"),
                                          std::string("Ñañá 漢 \xF0\x9F\x9B\xB6 \xE2\x80\xA8"),
                                          std::string(1'000'000, 'x')};
    for (const double number : {0.1, -0.0, 1.0, 1e300, 1e16, 5e-324, 1.0 / 3, Limits::max(),
                                Limits::min(), Limits::denorm_min(), 123456789.123456789}) {
        cells.emplace_back(number);
    }
    std::string lines;
    for (const auto& cell : cells) internal::append_row({cell, std::int64_t{7}}, lines);
    put("rows.jsonl", lines);
    std::size_t read = 0;
    internal::for_each_row(folder_ / "rows.jsonl", 2, [&](const store::SqlRow& row) {
        EXPECT_EQ(row[0], cells[read]) << read;
        if (const auto* number = std::get_if<double>(&row[0])) {
            EXPECT_EQ(std::signbit(*number), std::signbit(std::get<double>(cells[read])));
        }
        EXPECT_EQ(row[1], store::SqlValue(std::int64_t{7}));
        ++read;
        return true;
    });
    EXPECT_EQ(read, cells.size());
    read = 0;
    internal::for_each_row(folder_ / "rows.jsonl", 2, [&](const auto&) { return ++read < 3; });
    EXPECT_EQ(read, 3U) << "whoever has seen enough is told no more";
}

TEST_F(BackupFiles, WhatIsNoRowIsNamedByItsLine) {
    EXPECT_EQ(fault_of(""), "");
    EXPECT_EQ(fault_of("[1,null]\n"), "");
    for (const auto* line : {"", "[1]", "[1,2,3]", "{}", "[1,true]", "[1,1.5]", "[1,[\"x\"]]",
                             "[1,[\"1\",\"2\"]]", "[1,[1]]", "[1,{}]", "[1,18446744073709551615]",
                             "[1,\"a\"", "[1,\"\xFF\"]", "[1,2] [3,4]"}) {
        EXPECT_NE(fault_of(std::string("[1,2]\n") + line + "\n").find("rows.jsonl:2: "),
                  std::string::npos)
            << line;
    }
}

// Why: what is derived or half written lies under names that begin with a dot, at any depth.
TEST_F(BackupFiles, NamesWithADotAndLinksAreLeftOut) {
    for (const auto* name : {"b", "a/c", "a.d/e", ".f", "a/.columns/g", ".draft-1/h/i", "a/.j"}) {
        put(std::string("root/") + name, "x");
    }
    put("outside/k", "x");
    fs::create_symlink(folder_ / "outside/k", folder_ / "root/link");
    fs::create_directory_symlink(folder_ / "outside", folder_ / "root/folder");
    EXPECT_EQ(internal::files_below(folder_ / "root"),
              (std::vector<std::string>{"a.d/e", "a/c", "b"}));
    EXPECT_TRUE(internal::files_below(folder_ / "none").empty());
}

TEST_F(BackupFiles, QuarantineBelongsToItsEntry) {
    for (const auto* name : {"landings-3.csv", "a-b-2.csv", "notes.txt", "landings-x.csv"}) {
        EXPECT_TRUE(internal::is_quarantine_until(name, 3)) << name;
    }
    for (const auto* name : {"landings-4.csv", "landings-3.csv.part", "landings-4.csv.part"}) {
        EXPECT_FALSE(internal::is_quarantine_until(name, 3)) << name;
    }
}

// Why: a manifest comes from outside; it must not make a restore read or write elsewhere.
TEST_F(BackupFiles, AManifestDoesNotLeadOutOfItsBackup) {
    put("elsewhere", "a file elsewhere");
    for (const auto& path :
         {std::string("../elsewhere"), std::string("pack/../../elsewhere"), std::string(""),
          (folder_ / "elsewhere").string(), std::string("..")}) {
        EXPECT_EQ(fault_of_path(path), "backup.manifest_damaged") << path;
    }
    EXPECT_EQ(fault_of_path("pack/elsewhere"), "backup.file_missing");
}

TEST_F(BackupFiles, AManifestIsReadAsItWasWritten) {
    Manifest manifest;
    manifest.made_at = "2018-09-07T01:00:00.000Z";
    manifest.pack = "demo";
    manifest.invented = true;
    manifest.public_key = "ab";
    manifest.head_seq = 7;
    manifest.head_hash = "cd";
    manifest.head_at = "2018-09-06T01:00:00.000Z";
    store::TableShape shape{"r_x", {}, {}, {}};
    shape.columns = {{"a", store::SqlType::text, true},
                     {"b", store::SqlType::integer, false},
                     {"c", store::SqlType::real, false},
                     {"d", store::SqlType::boolean, false}};
    manifest.tables = {{shape, 3}, {{"r_y", {}, {}, {}}, 4}};
    const auto backup = folder_ / "kept";
    fs::create_directories(backup);
    put("a.txt", "bytes");
    manifest.files = {internal::copy_file(folder_ / "a.txt", backup, "pack/a.txt")};
    const auto digest = write_manifest(manifest, backup);
    NoProgress progress;
    const auto opened = open_backup(backup, progress);
    ASSERT_TRUE(opened) << to_line(opened.error().front());
    EXPECT_EQ(opened->digest, digest);
    const auto& read = opened->manifest;
    EXPECT_EQ(std::tie(read.made_at, read.pack, read.invented, read.public_key, read.head_seq,
                       read.head_hash, read.head_at),
              std::tie(manifest.made_at, manifest.pack, manifest.invented, manifest.public_key,
                       manifest.head_seq, manifest.head_hash, manifest.head_at));
    EXPECT_EQ(read.rows(), 7);
    ASSERT_EQ(read.tables.size(), 2U);
    EXPECT_EQ(read.tables.front().file(), "tables/r_x.jsonl");
    ASSERT_EQ(read.tables.front().shape.columns.size(), shape.columns.size());
    for (std::size_t i = 0; i < shape.columns.size(); ++i) {
        const auto& is = read.tables.front().shape.columns[i];
        const auto& was = shape.columns[i];
        EXPECT_EQ(std::tie(is.name, is.type, is.required),
                  std::tie(was.name, was.type, was.required));
    }
    ASSERT_EQ(read.files.size(), 1U);
    EXPECT_EQ(read.files.front().digest, crypto::to_hex(crypto::digest("bytes")));
    EXPECT_EQ(read.files.front().bytes, 5);
    // Bytes that are others than were told, though whole JSON, are none of this backup's.
    manifest.head_seq = 8;
    const auto stated = backup / "manifest.digest";
    fs::copy_file(stated, folder_ / "stated");
    (void)write_manifest(manifest, backup);
    fs::copy_file(folder_ / "stated", stated, fs::copy_options::overwrite_existing);
    const auto other = open_backup(backup, progress);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().front().code, "backup.manifest_damaged");
}

}  // namespace
}  // namespace amate::backup
