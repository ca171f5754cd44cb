// SPDX-License-Identifier: Apache-2.0
// POSIX files with a buffer and a digest.
#include "backup/internal/written_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "store/durable_file.hpp"

namespace amate::backup::internal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = 1U << 18U;

[[noreturn]] void refuse(const char* what, const fs::path& file) {
    throw IoFailure(fmt::format("cannot {} {}: {}", what, file.string(),
                                std::generic_category().message(errno)));
}

}  // namespace

WrittenFile::WrittenFile(const fs::path& folder, std::string path)
    : file_(folder / path), path_(std::move(path)), descriptor_(-1) {
    for (auto at = path_.find('/'); at != path_.npos; at = path_.find('/', at + 1)) {
        store::make_folder(folder / path_.substr(0, at), store::FileRights::owner_only);
    }
    descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor_ < 0) refuse("write", file_);
}

WrittenFile::~WrittenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void WrittenFile::write(std::string_view bytes) {
    buffer_ += bytes;
    if (buffer_.size() >= kBufferBytes) put();
}

void WrittenFile::put() {
    hasher_.add(buffer_);
    bytes_ += static_cast<std::int64_t>(buffer_.size());
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const auto written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) refuse("write", file_);
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
}

BackupFile WrittenFile::finish() {
    put();
    if (::fsync(descriptor_) != 0) refuse("flush", file_);
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) refuse("write", file_);
    return {path_, bytes_, crypto::to_hex(hasher_.finish())};
}

BackupFile copy_file(const fs::path& from, const fs::path& folder, const std::string& path) {
    std::ifstream in(from, std::ios::binary);
    if (!in) refuse("read", from);
    WrittenFile file(folder, path);
    std::string buffer(kBufferBytes, '\0');
    while (in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        file.write({buffer.data(), static_cast<std::size_t>(in.gcount())});
    }
    if (in.bad()) refuse("read", from);
    return file.finish();
}

void flush_folder(const fs::path& folder) {
    const auto name = folder.empty() ? fs::path(".") : folder;
    const int descriptor = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) refuse("open", name);
    const int flushed = ::fsync(descriptor);
    ::close(descriptor);
    if (flushed != 0) refuse("flush", name);
}

std::vector<std::string> files_below(const fs::path& root) {
    std::vector<std::string> files;
    std::error_code error;
    if (!fs::is_directory(root, error)) return files;
    for (auto each = fs::recursive_directory_iterator(root);
         each != fs::recursive_directory_iterator(); ++each) {
        if (each->path().filename().string().starts_with('.')) {
            each.disable_recursion_pending();
            continue;
        }
        if (!each->is_regular_file() || each->is_symlink()) continue;
        files.push_back(each->path().lexically_relative(root).generic_string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace amate::backup::internal
