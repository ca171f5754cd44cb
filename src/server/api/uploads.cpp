// SPDX-License-Identifier: Apache-2.0
// Files in parts. SPEC: tus 1.0.0 (tus.io/protocols/resumable-upload), with its extensions
// creation, expiration and termination.
#include <charconv>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/crypto.hpp"
#include "registry/batches.hpp"
#include "server/api/api.hpp"

namespace amate::server::api {
namespace {

namespace json = boost::json;

constexpr const char* kVersion = "1.0.0";
constexpr const char* kPartType = "application/offset+octet-stream";

Problem bad_header(const char* name, const std::string& english, const std::string& spanish) {
    return {"server.bad_member",
            {{}, 0, 0, name},
            {{"expected_en", english}, {"expected_es", spanish}}};
}

Result<void> check_version(const Request& request) {
    if (request.http->header("Tus-Resumable") == kVersion) return {};
    return fail(Problem{"server.upload_version", {{}, 0, 0, "Tus-Resumable"}, {}});
}

// A number of bytes in a header, from `minimum`.
Result<std::int64_t> bytes_in(const Request& request, const char* name, std::int64_t minimum) {
    const auto text = request.http->header(name);
    std::int64_t number = -1;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stopped == end && number >= minimum) return number;
    return fail(bad_header(name, fmt::format("a number of bytes, at least {}", minimum),
                           fmt::format("un número de bytes, al menos {}", minimum)));
}

// The value of `key` in Upload-Metadata ("KEY BASE64,KEY BASE64"); "" where there is none.
Result<std::string> metadata(const Request& request, std::string_view key) {
    const auto said = request.http->header("Upload-Metadata");
    for (const auto& part : split(said, ',')) {
        const auto pair = trim(part);
        const auto space = pair.find(' ');
        if (pair.substr(0, space) != key) continue;
        if (space == pair.npos) return std::string();
        auto value = crypto::from_base64(trim(pair.substr(space + 1)));
        if (value) return std::move(*value);
        return fail(bad_header("Upload-Metadata", "keys with values in Base64, parted by commas",
                               "claves con valores en Base64, separadas por comas"));
    }
    return std::string();
}

// SPEC: RFC 9110, 5.6.7.
std::string http_date(std::chrono::sys_seconds when) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(when)));
}

std::string path_of(const Upload& upload) {
    return "/api/v1/uploads/" + upload.id;
}

Result<Upload> upload_of(const Site& site, const Request& request) {
    auto upload = site.desk().uploads().find(request.get("id"), request.caller.actor);
    if (!upload) return fail(Problem{"server.no_such_upload", {}, {}});
    AMATE_TRY_VOID(source_for(site, request.caller, upload->source_name));
    return std::move(*upload);
}

Response empty_response(int status) {
    return {status, "", "", {{"Cache-Control", "no-store"}}};
}

void add_progress(Response& response, const Upload& upload) {
    response.headers.emplace_back("Upload-Offset", std::to_string(upload.offset));
    response.headers.emplace_back("Upload-Expires", http_date(upload.expires));
}

std::optional<exchange::FileFormat> known_format(const std::string& media_type) {
    if (media_type.empty()) return std::nullopt;
    const auto format = format_of(media_type);
    return format ? *format : std::nullopt;
}

}  // namespace

Result<Response> upload_options(const Site&, const Request&) {
    auto response = empty_response(204);
    response.headers.emplace_back("Tus-Extension", "creation,expiration,termination");
    response.headers.emplace_back("Tus-Max-Size", std::to_string(exchange::kSpoolBytesMax));
    return response;
}

Result<Response> begin_upload(const Site& site, const Request& request) {
    AMATE_TRY_VOID(check_version(request));
    AMATE_TRY(const auto* source, source_for(site, request.caller, request.get("name")));
    AMATE_TRY(const auto length, bytes_in(request, "Upload-Length", 1));
    if (length > exchange::kSpoolBytesMax) {
        return fail(Problem{"exchange.too_large",
                            {{}, 0, 0, "Upload-Length"},
                            {{"maximum", std::to_string(exchange::kSpoolBytesMax >> 30)}}});
    }
    AMATE_TRY(const auto media_type, metadata(request, "filetype"));
    if (!media_type.empty()) AMATE_TRY_VOID(format_of(media_type));
    AMATE_TRY(const auto upload,
              site.desk().uploads().begin(source->name, media_type, length, request.caller.actor));
    auto response = empty_response(201);
    response.headers.emplace_back("Location", path_of(upload));
    add_progress(response, upload);
    return response;
}

Result<Response> upload(const Site& site, const Request& request) {
    if (request.http->method == "HEAD") AMATE_TRY_VOID(check_version(request));
    AMATE_TRY(const auto found, upload_of(site, request));
    auto response = private_response(json::object{
        {"id", found.id},
        {"source", found.source_name},
        {"length", found.length},
        {"offset", found.offset},
        {"expires", fmt::format("{:%Y-%m-%dT%H:%M:%S}Z",
                                fmt::gmtime(std::chrono::system_clock::to_time_t(found.expires)))},
        {"batch", found.batch.empty() ? json::value(nullptr) : json::value(found.batch)}});
    response.headers.emplace_back("Upload-Length", std::to_string(found.length));
    add_progress(response, found);
    return response;
}

Result<Body> receive_part(const Site& site, const Request& request) {
    AMATE_TRY_VOID(check_version(request));
    AMATE_TRY(const auto found, upload_of(site, request));
    if (request.http->content_type != kPartType) {
        return fail(Problem{"server.unknown_media_type", {}, {{"expected", kPartType}}});
    }
    AMATE_TRY(const auto offset, bytes_in(request, "Upload-Offset", 0));
    // One whose batch failed is here still: an empty part at its end hands it on again.
    if (!found.here) return fail(Problem{"server.upload_handed_on", {}, {}});
    auto file = site.desk().uploads().go_on(found);
    if (file == nullptr) return fail(Problem{"server.upload_locked", {}, {}});
    if (file->size() != offset) {
        return fail(Problem{"server.upload_offset",
                            {{}, 0, 0, "Upload-Offset"},
                            {{"offset", std::to_string(file->size())}}});
    }
    return Body{std::move(file), static_cast<std::uint64_t>(found.length - offset)};
}

Result<Response> add_to_upload(const Site& site, const Request& request) {
    AMATE_TRY(auto found, upload_of(site, request));
    const auto file = request.http->file;
    if (file == nullptr) throw IoFailure("a file that came could not be kept");
    file->flush();
    found.offset = file->size();
    auto response = empty_response(204);
    if (found.offset == found.length) {
        AMATE_TRY(const auto* source, source_for(site, request.caller, found.source_name));
        AMATE_TRY(const auto digest,
                  site.desk().batches().take(
                      {source, file, known_format(found.media_type), request.caller.actor}));
        site.desk().uploads().hand_on(found, digest);
        response.headers.emplace_back("Location", path_of_batch(digest));
    }
    found.expires =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + Uploads::kKept;
    add_progress(response, found);
    return response;
}

Result<Response> end_upload(const Site& site, const Request& request) {
    AMATE_TRY_VOID(check_version(request));
    AMATE_TRY(const auto found, upload_of(site, request));
    if (!found.here) return fail(Problem{"server.upload_handed_on", {}, {}});
    if (!site.desk().uploads().end(found)) return fail(Problem{"server.upload_locked", {}, {}});
    return empty_response(204);
}

}  // namespace amate::server::api
