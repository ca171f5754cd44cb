// SPDX-License-Identifier: Apache-2.0
// What a backup says of itself: the ledger it ends with, its tables, and a digest of every file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "core/result.hpp"
#include "store/session.hpp"

namespace amate::backup {

struct BackupFile {
    std::string path;  // from the backup's folder, with '/'
    std::int64_t bytes = 0;
    std::string digest;  // BLAKE2b-256, hex
};

struct BackupTable {
    store::TableShape shape;  // name and columns alone
    std::int64_t rows = 0;

    [[nodiscard]] std::string file() const { return "tables/" + shape.name + ".jsonl"; }
};

// manifest.json of a backup (docs/formats/backup.md). Value type.
struct Manifest {
    std::string made_at;     // as an entry's
    std::string pack;        // its name
    bool invented = false;   // as of the workspace
    std::string public_key;  // of the ledger, hex
    std::int64_t head_seq = 0;
    std::string head_hash, head_at;  // of the last entry it holds
    std::vector<BackupTable> tables;
    std::vector<BackupFile> files;

    [[nodiscard]] std::int64_t rows() const;
};

// A backup whose every byte was looked at.
struct Backup {
    std::filesystem::path folder;
    Manifest manifest;
    std::string digest;  // of manifest.json, hex
};

// Reads the manifest and every file. Problems, all there are: backup.none, backup.manifest_damaged,
// backup.file_damaged, backup.file_missing, backup.file_unknown. Throws IoFailure.
[[nodiscard]] Result<Backup> open_backup(const std::filesystem::path& folder, Progress& progress);

// Writes manifest.json and its digest as the last files of a backup; gives the digest.
std::string write_manifest(const Manifest& manifest, const std::filesystem::path& folder);

}  // namespace amate::backup
