// SPDX-License-Identifier: Apache-2.0
// Locks, flushes and exchanges folders with the calls the system has for it.
#include "snapshot/internal/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "core/crypto.hpp"

namespace amate::snapshot::internal {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDraftPrefix = ".draft-";

[[noreturn]] void raise_io(const char* what, const fs::path& path) {
    throw IoFailure(std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

void flush_to_disk(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) raise_io("cannot open", path);
    const int outcome = ::fsync(file);
    ::close(file);
    if (outcome != 0) raise_io("cannot flush", path);
}

// In one step where the file system can; elsewhere the place is empty for a moment, never half
// full.
void exchange(const fs::path& draft, const fs::path& place) {
    if (::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0) return;
    if (errno != EINVAL && errno != ENOSYS) raise_io("cannot exchange", place);
    const auto aside = place.parent_path() / (std::string(kDraftPrefix) + "old");
    fs::rename(place, aside);
    fs::rename(draft, place);
    fs::remove_all(aside);
}

}  // namespace

std::optional<FolderLock> FolderLock::take(const fs::path& folder) {
    fs::create_directories(folder);
    const auto path = folder / ".lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) raise_io("cannot open", path);
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return FolderLock(file);
    const bool held = errno == EWOULDBLOCK;
    ::close(file);
    if (!held) raise_io("cannot lock", path);
    return std::nullopt;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
    if (file_ >= 0) ::close(file_);
}

FolderDraft::FolderDraft(const fs::path& parent)
    : parent_(parent), path_(parent / (std::string(kDraftPrefix) + crypto::make_uuid_v7(0))) {
    for (const auto& entry : fs::directory_iterator(parent)) {
        if (entry.path().filename().string().starts_with(kDraftPrefix)) {
            fs::remove_all(entry.path());
        }
    }
    fs::create_directory(path_);
}

FolderDraft::~FolderDraft() {
    std::error_code ignored;  // a draft left behind is removed by the next one
    fs::remove_all(path_, ignored);
}

void FolderDraft::put_in_place(const std::string& name) {
    for (const auto& entry : fs::directory_iterator(path_)) flush_to_disk(entry.path());
    flush_to_disk(path_);
    const auto place = parent_ / name;
    if (::rename(path_.c_str(), place.c_str()) != 0) {
        if (errno != ENOTEMPTY && errno != EEXIST) raise_io("cannot put in place", place);
        exchange(path_, place);
    }
    flush_to_disk(parent_);
}

}  // namespace amate::snapshot::internal
