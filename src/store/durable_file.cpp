// SPDX-License-Identifier: Apache-2.0
// Writing beside, flushing and renaming over POSIX.
#include "store/durable_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "core/result.hpp"

namespace amate::store {
namespace {

[[noreturn]] void fail_errno(const char* what, const std::filesystem::path& file) {
    throw IoFailure(fmt::format("cannot {} {}: {}", what, file.string(),
                                std::generic_category().message(errno)));
}

// A file descriptor, closed with it.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& file) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail_errno("write", file);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

void write_durably(const std::filesystem::path& file, std::string_view bytes, FileRights rights) {
    // The process number keeps two programs from writing into one temporary file.
    const auto beside = file.string() + fmt::format(".{}.tmp", ::getpid());
    {
        const mode_t mode = rights == FileRights::owner_only ? 0600 : 0644;
        ::unlink(beside.c_str());
        const Descriptor out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
        if (out.number() < 0) fail_errno("write", file);
        write_all(out.number(), bytes, file);
        if (::fsync(out.number()) != 0) fail_errno("flush", file);
    }
    if (::rename(beside.c_str(), file.c_str()) != 0) {
        const int reason = errno;
        ::unlink(beside.c_str());
        errno = reason;
        fail_errno("write", file);
    }
    const auto folder = file.parent_path().empty() ? "." : file.parent_path().string();
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.number() < 0 || ::fsync(directory.number()) != 0) fail_errno("flush", folder);
}

void make_folder(const std::filesystem::path& folder, FileRights rights) {
    std::error_code error;
    if (folder.has_parent_path() && !std::filesystem::exists(folder.parent_path(), error)) {
        make_folder(folder.parent_path(), FileRights::everybody);
    }
    const mode_t mode = rights == FileRights::owner_only ? 0700 : 0755;
    if (::mkdir(folder.c_str(), mode) == 0) return;
    if (errno != EEXIST || !std::filesystem::is_directory(folder, error)) {
        fail_errno("make the folder", folder);
    }
}

std::string read_small_file(const std::filesystem::path& file, std::size_t size_max) {
    std::ifstream in(file, std::ios::binary);
    if (!in) fail_errno("read", file);
    std::string bytes(size_max + 1, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (in.bad()) fail_errno("read", file);
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > size_max) {
        throw IoFailure(
            fmt::format("cannot read {}: it is larger than {} bytes", file.string(), size_max));
    }
    return bytes;
}

FileLock::FileLock(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) fail_errno("open", file);
    while (::flock(descriptor_, LOCK_EX) != 0) {
        if (errno == EINTR) continue;
        const int reason = errno;
        ::close(descriptor_);
        errno = reason;
        fail_errno("lock", file);
    }
}

FileLock::~FileLock() {
    ::close(descriptor_);
}

}  // namespace amate::store
