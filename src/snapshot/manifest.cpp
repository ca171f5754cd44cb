// SPDX-License-Identifier: Apache-2.0
// Reads manifest.json back, trusting nothing in it, and finds the newest snapshot.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

#include <boost/json.hpp>

#include "core/crypto.hpp"
#include "core/text.hpp"
#include "snapshot/internal/manifest_file.hpp"
#include "snapshot/snapshot.hpp"

namespace amate::snapshot {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::int64_t kFormat = 1;
constexpr std::uintmax_t kManifestBytesMax = 4'000'000;

tl::unexpected<Problems> damaged(const fs::path& directory, const std::string& file) {
    return fail(Problem{"snapshot.damaged",
                        Place{},
                        {{"snapshot", directory.filename().string()}, {"file", file}}});
}

std::optional<std::string> find_text(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string(value->get_string());
}

std::optional<std::int64_t> find_count(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return std::nullopt;
    return value->get_int64();
}

// A file's name follows from its register, so that no manifest can lead out of its folder.
std::optional<SnapshotFile> read_file(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return std::nullopt;
    const auto register_name = find_text(*object, "register");
    const auto file = find_text(*object, "file");
    const auto digest = find_text(*object, "digest");
    const auto bytes = find_count(*object, "bytes");
    const auto records = find_count(*object, "records");
    const auto persons = find_count(*object, "persons");
    const bool whole = register_name && file && digest && bytes && records && persons &&
                       is_snake_case_name(*register_name) &&
                       *file == internal::file_name_of(*register_name) &&
                       crypto::digest_from_hex(*digest);
    if (!whole) return std::nullopt;
    return SnapshotFile{
        *register_name, *file, *digest, *bytes, *records, *persons, find_count(*object, "later")};
}

std::optional<Manifest> read_manifest(const std::string& text) {
    boost::system::error_code error;
    const auto value = json::parse(text, error);
    const auto* object = error ? nullptr : value.if_object();
    if (object == nullptr || find_count(*object, "format") != kFormat) return std::nullopt;
    const auto cutoff = find_text(*object, "cutoff");
    const auto date = cutoff ? Date::parse(*cutoff) : std::nullopt;
    const auto made_at = find_text(*object, "made_at");
    const auto pack = find_text(*object, "pack");
    const auto definitions_digest = find_text(*object, "definitions_digest");
    const auto ledger_head = find_text(*object, "ledger_head");
    const auto* invented = object->if_contains("invented");
    const auto* files = object->if_contains("files");
    const bool whole = date && made_at && pack && definitions_digest && ledger_head &&
                       invented != nullptr && invented->is_bool() && files != nullptr &&
                       files->is_array();
    if (!whole) return std::nullopt;
    Manifest manifest{*date,
                      *made_at,
                      *pack,
                      *definitions_digest,
                      *ledger_head,
                      invented->get_bool(),
                      find_count(*object, "ledger_seq").value_or(0),
                      {},
                      {}};
    manifest.key_digest = find_text(*object, "key_digest").value_or("");
    for (const auto& item : files->get_array()) {
        auto file = read_file(item);
        if (!file) return std::nullopt;
        manifest.files.push_back(std::move(*file));
    }
    return manifest;
}

std::optional<std::string> read_text(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error || size > kManifestBytesMax) return std::nullopt;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return std::nullopt;
    return std::move(text).str();
}

}  // namespace

namespace internal {

std::string file_name_of(std::string_view register_name) {
    return std::string(register_name) + ".parquet";
}

void write_manifest(const Manifest& manifest, const fs::path& file) {
    const auto quoted = [](const std::string& text) { return json::serialize(json::value(text)); };
    std::ofstream out(file, std::ios::binary);
    out << "{\n  \"format\": " << kFormat << ",\n  \"pack\": " << quoted(manifest.pack)
        << ",\n  \"cutoff\": " << quoted(manifest.cutoff.iso())
        << ",\n  \"made_at\": " << quoted(manifest.made_at)
        << ",\n  \"definitions_digest\": " << quoted(manifest.definitions_digest)
        << ",\n  \"ledger_head\": " << quoted(manifest.ledger_head)
        << ",\n  \"ledger_seq\": " << manifest.ledger_seq
        << ",\n  \"key_digest\": " << quoted(manifest.key_digest)
        << ",\n  \"invented\": " << (manifest.invented ? "true" : "false") << ",\n  \"files\": [";
    const char* between = "\n";
    for (const auto& item : manifest.files) {
        out << between << "    {\"register\": " << quoted(item.register_name)
            << ", \"file\": " << quoted(item.file) << ", \"digest\": " << quoted(item.digest)
            << ", \"bytes\": " << item.bytes << ", \"records\": " << item.records
            << ", \"persons\": " << item.persons;
        if (item.later) out << ", \"later\": " << *item.later;
        out << "}";
        between = ",\n";
    }
    out << "\n  ]\n}\n";
    out.close();
    if (!out) throw IoFailure("cannot write " + file.string());
}

}  // namespace internal

const SnapshotFile* Manifest::find(std::string_view register_name) const {
    const auto found = std::find_if(files.begin(), files.end(), [&](const SnapshotFile& file) {
        return file.register_name == register_name;
    });
    return found == files.end() ? nullptr : &*found;
}

Result<Manifest> load_manifest(const fs::path& directory) {
    std::error_code error;
    if (!fs::is_directory(directory, error)) return fail(Problem{"snapshot.none", {}, {}});
    const auto whole_path = fs::absolute(directory).lexically_normal();
    const auto text = read_text(whole_path / internal::kManifestFile);
    auto manifest = text ? read_manifest(*text) : std::nullopt;
    if (!manifest || whole_path.filename() != manifest->cutoff.iso()) {
        return damaged(whole_path, internal::kManifestFile);
    }
    manifest->directory = whole_path;
    for (const auto& file : manifest->files) {
        const auto size = fs::file_size(whole_path / file.file, error);
        if (error || static_cast<std::int64_t>(size) != file.bytes) {
            return damaged(whole_path, file.file);
        }
    }
    return *manifest;
}

Result<void> check_file(const Manifest& manifest, const SnapshotFile& file) {
    const auto path = manifest.directory / file.file;
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error || static_cast<std::int64_t>(size) != file.bytes ||
        crypto::to_hex(crypto::digest_of_file(path)) != file.digest) {
        return damaged(manifest.directory, file.file);
    }
    return {};
}

Result<Manifest> latest_snapshot(const store::Workspace& workspace, std::optional<Date> as_of) {
    std::optional<Date> newest;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(workspace.snapshots(), error)) {
        const auto cutoff = Date::parse(entry.path().filename().string());
        if (!cutoff || (as_of && *cutoff > *as_of)) continue;
        if (!newest || *cutoff > *newest) newest = cutoff;
    }
    if (!newest) return fail(Problem{"snapshot.none", {}, {}});
    return load_manifest(workspace.snapshots() / newest->iso());
}

}  // namespace amate::snapshot
