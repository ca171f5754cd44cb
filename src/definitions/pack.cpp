// SPDX-License-Identifier: Apache-2.0
// Loads a pack: lists its files, reads part by part, resolves references, orders the faults.
#include "definitions/pack.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "core/crypto.hpp"
#include "definitions/internal/loading.hpp"

namespace amate::definitions {
namespace {

namespace fs = std::filesystem;
using internal::Loading;

constexpr std::size_t kFilesMax = 10'000;

// All regular files but hidden ones, relative with '/', sorted by bytes.
Result<std::vector<std::string>> list_files(const fs::path& root) {
    std::error_code status;
    if (!fs::is_directory(root, status)) {
        return fail({"core.file_unreadable",
                     {},
                     {{"file", root.string()}, {"reason", "it is not a folder"}}});
    }
    std::vector<std::string> files;
    auto at = fs::recursive_directory_iterator(root, status);
    for (; !status && at != fs::recursive_directory_iterator(); at.increment(status)) {
        if (at->path().filename().string().front() == '.') {
            if (at->is_directory()) at.disable_recursion_pending();
            continue;
        }
        if (!at->is_regular_file()) continue;
        files.push_back(at->path().lexically_relative(root).generic_string());
        if (files.size() > kFilesMax) {
            return fail(
                {"definitions.too_many_files", {}, {{"maximum", std::to_string(kFilesMax)}}});
        }
    }
    if (status) throw IoFailure("listing " + root.string() + " failed: " + status.message());
    std::sort(files.begin(), files.end());
    return files;
}

// A YAML or CSV file where nobody reads it would be checked by nobody.
void refuse_unread_files(Loading& loading) {
    constexpr std::array kFiles{"pack.yaml",   "institutions.csv",    "programmes.yaml",
                                "figures.csv", "synthesis/names.csv", "synthesis/variants.csv"};
    constexpr std::array kFolders{
        std::pair{"codelists", ".csv"},    std::pair{"frameworks", ".yaml"},
        std::pair{"calendars", ".csv"},    std::pair{"registers", ".yaml"},
        std::pair{"sources", ".yaml"},     std::pair{"indicators", ".yaml"},
        std::pair{"migrations", ".yaml"},  std::pair{"synthesis", ".yaml"},
        std::pair{"identifiers", ".yaml"}, std::pair{"maps", ".yaml"}};
    std::vector<std::string> expected(kFiles.begin(), kFiles.end());
    for (const auto& [folder, extension] : kFolders) {
        expected.push_back(std::string(folder) + "/NAME" + extension);
    }
    for (const auto& file : loading.files) {
        const fs::path path(file);
        const auto extension = path.extension().string();
        if (extension != ".yaml" && extension != ".yml" && extension != ".csv") continue;
        if (std::find(kFiles.begin(), kFiles.end(), file) != kFiles.end()) continue;
        const auto folder = path.parent_path().generic_string();
        if (std::any_of(kFolders.begin(), kFolders.end(), [&](const auto& each) {
                return folder == each.first && extension == each.second;
            })) {
            continue;
        }
        auto near = expected;
        for (auto& each : near) {
            if (const auto name = each.find("NAME"); name != each.npos) {
                each.replace(name, 4, path.stem().string());
            }
        }
        loading.faults.add(
            "definitions.unread_file", {file, 0, 0, {}},
            loading.faults.suggest({{"expected", internal::listed(expected)}}, file, near));
    }
}

void add_framed(crypto::Hasher& hasher, std::string_view bytes) {
    hasher.add(std::to_string(bytes.size()) + ":");
    hasher.add(bytes);
}

// Length before each path and content, so that no two packs hash the same bytes.
std::string digest_of(Loading& loading) {
    crypto::Hasher hasher;
    for (const auto& file : loading.files) {
        add_framed(hasher, file);
        std::ifstream stream(loading.path_of(file), std::ios::binary);
        if (!stream) throw IoFailure("reading " + file + " failed");
        const std::string bytes(std::istreambuf_iterator<char>(stream), {});
        if (stream.bad()) throw IoFailure("reading " + file + " failed");
        add_framed(hasher, bytes);
        if (loading.pack.files.contains(file)) continue;
        loading.pack.file_digests[file] = crypto::to_hex(crypto::digest(bytes));
    }
    const auto digest = hasher.finish();
    return crypto::to_hex(digest);
}

void read_parts(Loading& loading) {
    refuse_unread_files(loading);
    internal::read_pack_file(loading);
    internal::refuse_unused_calendar_files(loading);
    internal::read_codelists(loading);
    internal::declare_identifiers(loading);
    internal::read_person(loading);
    internal::read_identifiers(loading);
    internal::read_institutions(loading);
    internal::read_frameworks(loading);
    internal::read_programmes(loading);
    internal::read_figures(loading);
    internal::read_registers(loading);
    internal::read_migrations(loading);
    internal::read_sources(loading);
    internal::read_indicators(loading);
    internal::read_maps(loading);
    internal::read_reports(loading);
    internal::read_synthesis(loading);
    loading.references.resolve(loading.faults);
}

}  // namespace

Result<std::unique_ptr<const Pack>> load_pack(const fs::path& directory) {
    AMATE_TRY(auto files, list_files(directory));
    auto pack = std::make_unique<Pack>();
    pack->directory = directory.string();
    Loading loading{directory, std::move(files), *pack, {}, {}, {}, {}, false, false, {}};
    read_parts(loading);
    if (!loading.faults.empty()) return fail(loading.faults.take());
    pack->digest = digest_of(loading);
    return std::unique_ptr<const Pack>(std::move(pack));
}

}  // namespace amate::definitions
