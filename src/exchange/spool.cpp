// SPDX-License-Identifier: Apache-2.0
// Makes a file, takes its name away, and finds it again by its descriptor.
#include "exchange/spool.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace amate::exchange {
namespace {

constexpr std::size_t kBufferBytes = 1U << 20U;

[[noreturn]] void refuse(const char* what) {
    throw IoFailure(fmt::format("what comes in cannot be {}: {}", what, std::strerror(errno)));
}

}  // namespace

Spool::Spool(const std::filesystem::path& folder) {
    auto name = (folder / ".incoming-XXXXXX").string();
    descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);  // 0600
    if (descriptor_ < 0) refuse("kept");
    if (::unlink(name.c_str()) != 0) {
        ::close(descriptor_);
        refuse("hidden");
    }
}

Spool::Spool(int descriptor, std::filesystem::path name, std::int64_t size)
    : descriptor_(descriptor), name_(std::move(name)), size_(size) {}

void Spool::begin(const std::filesystem::path& file) {
    const int descriptor =
        ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) refuse("kept");
    ::close(descriptor);
}

std::shared_ptr<Spool> Spool::go_on(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0 && errno == ENOENT) return nullptr;
    if (descriptor < 0) refuse("kept");
    std::shared_ptr<Spool> spool(new Spool(descriptor, file, 0));  // closes it from here on
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return nullptr;
        refuse("kept");
    }
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) refuse("kept");
    // Let go of between the opening and the lock.
    if (status.st_nlink == 0) return nullptr;
    spool->size_ = status.st_size;
    return spool;
}

Spool::~Spool() {
    ::close(descriptor_);
}

Result<void> Spool::add(std::string_view bytes) {
    size_ += static_cast<std::int64_t>(bytes.size());
    if (size_ > kSpoolBytesMax) {
        return fail(
            {"exchange.too_large", {}, {{"maximum", std::to_string(kSpoolBytesMax >> 30)}}});
    }
    while (!bytes.empty()) {
        const auto count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) refuse("kept");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> Spool::add_all_of(int descriptor) {
    std::vector<char> buffer(kBufferBytes);
    for (;;) {
        const auto count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) refuse("read");
        if (count == 0) return {};
        AMATE_TRY_VOID(add({buffer.data(), static_cast<std::size_t>(count)}));
    }
}

void Spool::flush() {
    if (::fdatasync(descriptor_) != 0) refuse("kept");
}

void Spool::let_go() {
    if (name_.empty()) return;
    if (::unlink(name_.c_str()) != 0 && errno != ENOENT) refuse("removed");
    name_.clear();
}

std::filesystem::path Spool::path() const {
    return fmt::format("/proc/self/fd/{}", descriptor_);
}

}  // namespace amate::exchange
