// SPDX-License-Identifier: Apache-2.0
// A folder that appears whole or not at all, whatever stops the program in between.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.hpp"

namespace amate::snapshot::internal {

// Held by whoever writes into `folder` (made if need be); gone with the process.
class FolderLock {
public:
    // Nothing if somebody else holds it. Throws IoFailure.
    [[nodiscard]] static std::optional<FolderLock> take(const std::filesystem::path& folder);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int file) : file_(file) {}
    int file_ = -1;
};

// A draft beside its place in `parent`; removed unless put in place. Drafts that an earlier process
// left behind are removed too, so the lock of `parent` must be held. Throws IoFailure.
class FolderDraft {
public:
    explicit FolderDraft(const std::filesystem::path& parent);
    ~FolderDraft();
    FolderDraft(const FolderDraft&) = delete;
    FolderDraft& operator=(const FolderDraft&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // Flushes every file, then puts the draft at parent/`name`, in exchange for what stands there.
    void put_in_place(const std::string& name);

private:
    std::filesystem::path parent_, path_;
};

}  // namespace amate::snapshot::internal
