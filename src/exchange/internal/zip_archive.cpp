// SPDX-License-Identifier: Apache-2.0
// Reads ZIP with minizip; every size is looked at before a byte is unpacked.
#include "exchange/internal/zip_archive.hpp"

#include <minizip/unzip.h>

#include <algorithm>
#include <array>

namespace amate::exchange::internal {
namespace {

constexpr std::size_t kNameBytesMax = 1'024;
constexpr unsigned kEncrypted = 1;

std::string lowered(std::string_view name) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

}  // namespace

struct ZipArchive::State {
    unzFile file = nullptr;
    std::string name;
    std::map<std::string, unz64_file_pos, std::less<>> parts;
    std::int64_t read = 0;
    std::int64_t total = 0;
    bool is_open = false;

    ~State() {
        if (is_open) unzCloseCurrentFile(file);
        if (file != nullptr) unzClose(file);
    }
    [[nodiscard]] Problem problem(const char* code,
                                  std::map<std::string, std::string> parameters = {}) const {
        return {code, {name, 0, 0, {}}, std::move(parameters)};
    }
    Result<void> list_parts();
};

Result<void> ZipArchive::State::list_parts() {
    unz_global_info64 all{};
    if (unzGetGlobalInfo64(file, &all) != UNZ_OK) return fail(problem("exchange.zip_damaged"));
    if (all.number_entry > kZipPartsMax) {
        return fail(
            problem("exchange.zip_too_many_parts", {{"maximum", std::to_string(kZipPartsMax)}}));
    }
    int status = all.number_entry == 0 ? UNZ_END_OF_LIST_OF_FILE : unzGoToFirstFile(file);
    while (status == UNZ_OK) {
        unz_file_info64 info{};
        std::array<char, kNameBytesMax> part{};
        unz64_file_pos position{};
        if (unzGetCurrentFileInfo64(file, &info, part.data(), part.size(), nullptr, 0, nullptr,
                                    0) != UNZ_OK ||
            info.size_filename >= part.size() || unzGetFilePos64(file, &position) != UNZ_OK) {
            return fail(problem("exchange.zip_damaged"));
        }
        const auto key = lowered({part.data(), info.size_filename});
        if (!parts.emplace(key, position).second) return fail(problem("exchange.zip_part_twice"));
        status = unzGoToNextFile(file);
    }
    if (status != UNZ_END_OF_LIST_OF_FILE || parts.size() != all.number_entry) {
        return fail(problem("exchange.zip_damaged"));
    }
    return {};
}

Result<ZipArchive> ZipArchive::open(const std::filesystem::path& file, const std::string& name) {
    auto state = std::make_unique<State>();
    state->name = name;
    state->file = unzOpen64(file.c_str());
    if (state->file == nullptr) return fail(state->problem("exchange.zip_damaged"));
    AMATE_TRY_VOID(state->list_parts());
    return ZipArchive(std::move(state));
}

ZipArchive::ZipArchive(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

bool ZipArchive::has(std::string_view part) const {
    return state_->parts.contains(lowered(part));
}

Result<void> ZipArchive::open_part(std::string_view part) {
    auto& state = *state_;
    const auto found = state.parts.find(lowered(part));
    AMATE_CHECK(found != state.parts.end());
    if (state.is_open) {
        state.is_open = false;
        unzCloseCurrentFile(state.file);
    }
    unz_file_info64 info{};
    if (unzGoToFilePos64(state.file, &found->second) != UNZ_OK ||
        unzGetCurrentFileInfo64(state.file, &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
        return fail(state.problem("exchange.zip_damaged"));
    }
    if ((info.flag & kEncrypted) != 0) return fail(state.problem("exchange.zip_encrypted"));
    constexpr auto kMost = static_cast<std::uint64_t>(kZipPartBytesMax);
    const bool is_large = info.uncompressed_size > static_cast<std::uint64_t>(kZipRatioFrom);
    if (info.uncompressed_size > kMost ||
        (is_large && info.uncompressed_size / kZipRatioMax > info.compressed_size)) {
        return fail(state.problem("exchange.zip_expands_too_much",
                                  {{"part", std::string(part)},
                                   {"ratio", std::to_string(kZipRatioMax)},
                                   {"maximum", std::to_string(kZipPartBytesMax >> 30)}}));
    }
    if (unzOpenCurrentFile(state.file) != UNZ_OK) {
        return fail(state.problem("exchange.zip_damaged"));
    }
    state.is_open = true;
    state.read = 0;
    state.total = static_cast<std::int64_t>(info.uncompressed_size);
    return {};
}

Result<std::size_t> ZipArchive::read(char* into, std::size_t size) {
    auto& state = *state_;
    if (!state.is_open) return std::size_t{0};
    const int count = unzReadCurrentFile(state.file, into, static_cast<unsigned>(size));
    if (count < 0) return fail(state.problem("exchange.zip_damaged"));
    state.read += count;
    if (count == 0) {
        state.is_open = false;
        // Fewer bytes than announced: the file was cut off. Closing compares the checksum.
        const bool sound = unzCloseCurrentFile(state.file) == UNZ_OK;
        if (!sound || state.read != state.total) return fail(state.problem("exchange.zip_damaged"));
    }
    return static_cast<std::size_t>(count);
}

std::int64_t ZipArchive::part_read() const {
    return state_->read;
}
std::int64_t ZipArchive::part_total() const {
    return state_->total;
}

}  // namespace amate::exchange::internal
