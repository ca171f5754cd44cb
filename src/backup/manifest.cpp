// SPDX-License-Identifier: Apache-2.0
// The manifest as JSON, and holding a folder to it.
#include "backup/manifest.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <boost/json.hpp>

#include "core/crypto.hpp"
#include "core/text.hpp"
#include "store/durable_file.hpp"

namespace amate::backup {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kFormat = "amate-backup-1";
constexpr const char* kManifest = "manifest.json";
constexpr const char* kDigest = "manifest.digest";
constexpr std::size_t kManifestBytesMax = 100'000'000;

constexpr std::array kTypes{
    std::pair{store::SqlType::text, "text"}, std::pair{store::SqlType::integer, "integer"},
    std::pair{store::SqlType::real, "real"}, std::pair{store::SqlType::boolean, "boolean"}};

const char* name_of(store::SqlType type, const std::string& table) {
    for (const auto& [each, name] : kTypes) {
        if (each == type) return name;
    }
    throw IoFailure("table " + table + " of the store has a column of a type of nobody's");
}

json::object json_of(const BackupTable& table) {
    json::array columns;
    for (const auto& column : table.shape.columns) {
        columns.push_back(json::object{{"name", column.name},
                                       {"type", name_of(column.type, table.shape.name)},
                                       {"required", column.required}});
    }
    return {{"name", table.shape.name}, {"rows", table.rows}, {"columns", std::move(columns)}};
}

// Of a JSON that nobody altered; what is not as it was written throws.
store::TableColumn column_of(const json::value& value) {
    const auto& object = value.as_object();
    const auto& type = object.at("type").as_string();
    for (const auto& [each, name] : kTypes) {
        if (type != name) continue;
        return {std::string(object.at("name").as_string()), each, object.at("required").as_bool()};
    }
    throw IoFailure("a column of the backup has a type of nobody's");
}

Manifest manifest_of(const json::object& object) {
    const auto text = [](const json::object& from, const char* name) {
        return std::string(from.at(name).as_string());
    };
    Manifest manifest;
    manifest.made_at = text(object, "made_at");
    manifest.pack = text(object, "pack");
    manifest.invented = object.at("invented").as_bool();
    manifest.public_key = text(object, "public_key");
    const auto& head = object.at("head").as_object();
    manifest.head_seq = head.at("seq").as_int64();
    manifest.head_hash = text(head, "hash");
    manifest.head_at = text(head, "at");
    for (const auto& each : object.at("tables").as_array()) {
        const auto& table = each.as_object();
        BackupTable read{{text(table, "name"), {}, {}, {}}, table.at("rows").as_int64()};
        for (const auto& column : table.at("columns").as_array()) {
            read.shape.columns.push_back(column_of(column));
        }
        manifest.tables.push_back(std::move(read));
    }
    for (const auto& each : object.at("files").as_array()) {
        const auto& file = each.as_object();
        manifest.files.push_back(
            {text(file, "path"), file.at("bytes").as_int64(), text(file, "digest")});
    }
    return manifest;
}

std::optional<Manifest> parse_manifest(std::string_view bytes) {
    json::error_code fault;
    const auto value = json::parse(bytes, fault);
    if (fault || !value.is_object()) return std::nullopt;
    const auto* format = value.get_object().if_contains("format");
    if (format == nullptr || *format != json::value(kFormat)) return std::nullopt;
    try {
        return manifest_of(value.get_object());
    } catch (const std::exception&) {  // of Boost.JSON: a member is missing or of another kind
        return std::nullopt;
    }
}

// A path that leads out of the backup is no path of one.
bool leads_inside(const std::string& path) {
    const fs::path parts(path);
    return !path.empty() && parts.is_relative() &&
           std::none_of(parts.begin(), parts.end(), [](const auto& part) { return part == ".."; });
}

Problem problem_of(const char* code, const fs::path& folder, const std::string& file) {
    Problem problem{code, {}, {{"file", file}}};
    problem.place.file = (folder / file).string();
    return problem;
}

void check_files(const fs::path& folder, const Manifest& manifest, Progress& progress,
                 Problems& problems) {
    std::int64_t total = 0;
    for (const auto& file : manifest.files) total += file.bytes;
    std::int64_t done = 0;
    for (const auto& file : manifest.files) {
        std::error_code error;
        const auto path = folder / file.path;
        if (!fs::is_regular_file(path, error)) {
            problems.push_back(problem_of("backup.file_missing", folder, file.path));
        } else if (static_cast<std::int64_t>(fs::file_size(path)) != file.bytes ||
                   crypto::to_hex(crypto::digest_of_file(path)) != file.digest) {
            problems.push_back(problem_of("backup.file_damaged", folder, file.path));
        }
        progress.advance("check", done += file.bytes, total);
    }
}

void find_unknown(const fs::path& folder, const Manifest& manifest, Problems& problems) {
    std::set<std::string, std::less<>> known{kManifest, kDigest};
    for (const auto& file : manifest.files) known.insert(file.path);
    std::vector<std::string> unknown;
    for (const auto& each : fs::recursive_directory_iterator(folder)) {
        if (each.is_directory() && !each.is_symlink()) continue;
        auto path = each.path().lexically_relative(folder).generic_string();
        if (!known.contains(path)) unknown.push_back(std::move(path));
    }
    std::sort(unknown.begin(), unknown.end());
    for (const auto& path : unknown) {
        problems.push_back(problem_of("backup.file_unknown", folder, path));
    }
}

}  // namespace

std::int64_t Manifest::rows() const {
    std::int64_t rows = 0;
    for (const auto& table : tables) rows += table.rows;
    return rows;
}

Result<Backup> open_backup(const fs::path& folder, Progress& progress) {
    std::error_code error;
    if (!fs::is_regular_file(folder / kManifest, error)) {
        return fail(Problem{"backup.none", {}, {{"folder", folder.string()}}});
    }
    const auto bytes = store::read_small_file(folder / kManifest, kManifestBytesMax);
    const auto digest = crypto::to_hex(crypto::digest(bytes));
    const bool told = fs::is_regular_file(folder / kDigest, error);
    const auto stated = told ? store::read_small_file(folder / kDigest) : std::string();
    auto manifest = parse_manifest(bytes);
    const bool sound = manifest && stated == digest + "\n" &&
                       std::all_of(manifest->files.begin(), manifest->files.end(),
                                   [](const auto& file) { return leads_inside(file.path); });
    if (!sound) return fail(problem_of("backup.manifest_damaged", folder, kManifest));
    Problems problems;
    check_files(folder, *manifest, progress, problems);
    find_unknown(folder, *manifest, problems);
    if (!problems.empty()) return fail(std::move(problems));
    return Backup{folder, std::move(*manifest), digest};
}

std::string write_manifest(const Manifest& manifest, const fs::path& folder) {
    json::array tables;
    for (const auto& table : manifest.tables) tables.push_back(json_of(table));
    json::array files;
    for (const auto& file : manifest.files) {
        files.push_back(
            json::object{{"path", file.path}, {"bytes", file.bytes}, {"digest", file.digest}});
    }
    const json::object object = {
        {"format", kFormat},
        {"made_at", manifest.made_at},
        {"pack", manifest.pack},
        {"invented", manifest.invented},
        {"public_key", manifest.public_key},
        {"head",
         {{"seq", manifest.head_seq}, {"hash", manifest.head_hash}, {"at", manifest.head_at}}},
        {"tables", std::move(tables)},
        {"files", std::move(files)}};
    const auto bytes = json::serialize(object) + "\n";
    auto digest = crypto::to_hex(crypto::digest(bytes));
    store::write_durably(folder / kManifest, bytes, store::FileRights::owner_only);
    store::write_durably(folder / kDigest, digest + "\n", store::FileRights::owner_only);
    return digest;
}

}  // namespace amate::backup
