// SPDX-License-Identifier: Apache-2.0
// A file of a backup while it is written: readable by its owner alone, digested, flushed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "backup/manifest.hpp"
#include "core/crypto.hpp"

namespace amate::backup::internal {

// Resource. Throws IoFailure.
class WrittenFile {
public:
    // Makes `folder / path` and the folders between.
    WrittenFile(const std::filesystem::path& folder, std::string path);
    ~WrittenFile();
    WrittenFile(const WrittenFile&) = delete;
    WrittenFile& operator=(const WrittenFile&) = delete;

    void write(std::string_view bytes);
    // Flushes to the disk; once.
    [[nodiscard]] BackupFile finish();

private:
    void put();

    std::filesystem::path file_;
    std::string path_;
    int descriptor_;
    std::string buffer_;
    std::int64_t bytes_ = 0;
    crypto::Hasher hasher_;
};

[[nodiscard]] BackupFile copy_file(const std::filesystem::path& from,
                                   const std::filesystem::path& folder, const std::string& path);

// Flushes folder entries, so that what was made or renamed in it survives a power cut.
void flush_folder(const std::filesystem::path& folder);

// Regular files below `root`, from there, sorted; links are not followed, and names that begin with
// a dot are left out (drafts, locks).
[[nodiscard]] std::vector<std::string> files_below(const std::filesystem::path& root);

}  // namespace amate::backup::internal
