// SPDX-License-Identifier: Apache-2.0
// Small files that are either old or new, never half: written beside, flushed, renamed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace amate::store {

// Who may read the file: its owner alone, or whoever the folder lets in.
enum class FileRights { owner_only, everybody };

// Replaces `file` at once and for good: after the call it survives a power cut. Throws IoFailure.
void write_durably(const std::filesystem::path& file, std::string_view bytes, FileRights rights);

// Makes the folder (and its parents) if there is none. Throws IoFailure.
void make_folder(const std::filesystem::path& folder, FileRights rights);

// The whole file, at most `size_max` bytes. Throws IoFailure.
[[nodiscard]] std::string read_small_file(const std::filesystem::path& file,
                                          std::size_t size_max = 1'000'000);

// Held by one program at a time; waits for its turn. Throws IoFailure.
class FileLock {
public:
    explicit FileLock(const std::filesystem::path& file);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int descriptor_;
};

}  // namespace amate::store
