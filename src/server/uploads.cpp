// SPDX-License-Identifier: Apache-2.0
// Uploads as files of a folder.
#include "server/uploads.hpp"

#include <array>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/crypto.hpp"
#include "store/durable_file.hpp"

namespace amate::server {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* kFormat = "amate-upload-1";
constexpr std::size_t kIdBytes = 16;

std::string new_id() {
    std::array<unsigned char, kIdBytes> bytes{};
    crypto::fill_random(bytes);
    return crypto::to_hex(bytes);
}

bool is_id(std::string_view text) {
    return text.size() == 2 * kIdBytes && text.find_first_not_of("0123456789abcdef") == text.npos;
}

void write_facts(const fs::path& file, const Upload& upload) {
    const json::object facts{{"format", kFormat},
                             {"source", upload.source_name},
                             {"media_type", upload.media_type},
                             {"length", upload.length},
                             {"user", upload.actor.user},
                             {"office", upload.actor.office},
                             {"purpose", upload.actor.purpose},
                             {"batch", upload.batch}};
    store::write_durably(file, json::serialize(facts) + "\n", store::FileRights::owner_only);
}

// Nothing: it is not there. One that cannot be understood is as good as none: its file is swept.
std::optional<Upload> read_facts(const fs::path& file) {
    std::error_code error;
    if (!fs::exists(file, error)) return std::nullopt;
    boost::system::error_code fault;
    const auto facts = json::parse(store::read_small_file(file), fault);
    if (fault || !facts.is_object()) return std::nullopt;
    Upload upload;
    const auto text = [&](const char* key, std::string& into) {
        const auto* value = facts.get_object().if_contains(key);
        if (value == nullptr || !value->is_string()) return false;
        into = std::string(value->get_string());
        return true;
    };
    std::string format;
    const auto* length = facts.get_object().if_contains("length");
    const bool whole = text("format", format) && format == kFormat &&
                       text("source", upload.source_name) &&
                       text("media_type", upload.media_type) && text("user", upload.actor.user) &&
                       text("office", upload.actor.office) &&
                       text("purpose", upload.actor.purpose) && text("batch", upload.batch) &&
                       length != nullptr && length->is_int64() && length->get_int64() > 0;
    if (!whole) return std::nullopt;
    upload.length = length->get_int64();
    return upload;
}

// When it was written last; the beginning of time where it is not there.
std::chrono::sys_seconds written_at(const fs::path& file) {
    std::error_code error;
    const auto when = fs::last_write_time(file, error);
    if (error) return {};
    return std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(when));
}

bool same(const ledger::Actor& a, const ledger::Actor& b) {
    return a.user == b.user && a.office == b.office && a.purpose == b.purpose;
}

}  // namespace

fs::path Uploads::facts_of(std::string_view id) const {
    return folder_ / fmt::format("{}.json", id);
}

fs::path Uploads::part_of(std::string_view id) const {
    return folder_ / fmt::format("{}.part", id);
}

Result<Upload> Uploads::begin(const std::string& source_name, const std::string& media_type,
                              std::int64_t length, const ledger::Actor& actor) const {
    AMATE_CHECK(length > 0);
    store::make_folder(folder_, store::FileRights::owner_only);
    std::size_t parts = 0;
    for (const auto& file : fs::directory_iterator(folder_)) {
        parts += file.path().extension() == ".part" ? 1 : 0;
    }
    if (parts >= kPartsMax) return fail(Problem{"registry.busy", {}, {}});
    Upload upload{new_id(), source_name, media_type, length, 0, true, actor, "", {}};
    exchange::Spool::begin(part_of(upload.id));
    write_facts(facts_of(upload.id), upload);
    upload.expires = written_at(facts_of(upload.id)) + kKept;
    return upload;
}

std::optional<Upload> Uploads::find(std::string_view id, const ledger::Actor& actor) const {
    if (!is_id(id)) return std::nullopt;
    auto upload = read_facts(facts_of(id));
    if (!upload || !same(upload->actor, actor)) return std::nullopt;
    upload->id = id;
    std::error_code error;
    const auto size = fs::file_size(part_of(id), error);
    if (error && upload->batch.empty()) return std::nullopt;
    // Handed on: all of it was here, and its batch may have ended.
    upload->here = !error;
    upload->offset = error ? upload->length : static_cast<std::int64_t>(size);
    upload->expires = std::max(written_at(part_of(id)), written_at(facts_of(id))) + kKept;
    return upload;
}

std::shared_ptr<exchange::Spool> Uploads::go_on(const Upload& upload) const {
    return exchange::Spool::go_on(part_of(upload.id));
}

void Uploads::hand_on(const Upload& upload, const std::string& batch) const {
    auto handed = upload;
    handed.batch = batch;
    write_facts(facts_of(upload.id), handed);
}

bool Uploads::end(const Upload& upload) const {
    const auto file = exchange::Spool::go_on(part_of(upload.id));
    if (file == nullptr) return false;
    fs::remove(facts_of(upload.id));
    file->let_go();
    return true;
}

std::size_t Uploads::sweep(std::chrono::sys_seconds now) const {
    std::error_code error;
    std::vector<fs::path> old;
    for (const auto& file : fs::directory_iterator(folder_, error)) {
        const auto id = file.path().stem().string();
        const auto latest = std::max(written_at(part_of(id)), written_at(facts_of(id)));
        if (latest + kKept <= now) old.push_back(file.path());
    }
    std::size_t ended = 0;
    for (const auto& file : old) {
        const auto part = part_of(file.stem().string());
        if (fs::exists(part, error)) {
            const auto spool = exchange::Spool::go_on(part);
            if (spool == nullptr) continue;
            spool->let_go();
        }
        ended += fs::remove(facts_of(file.stem().string()), error) ? 1 : 0;
        fs::remove(file, error);  // what a killed program left beside them
    }
    return ended;
}

}  // namespace amate::server
