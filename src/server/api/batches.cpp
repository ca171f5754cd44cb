// SPDX-License-Identifier: Apache-2.0
// Batches: files taken in, how they stand, and their rows in quarantine.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text.hpp"
#include "registry/batches.hpp"
#include "registry/desk.hpp"
#include "server/api/api.hpp"
#include "server/problem_json.hpp"

namespace amate::server::api {
namespace {

namespace json = boost::json;

using exchange::FileFormat;
using registry::Verb;

// Small files are answered at once with what became of them; others are asked for.
constexpr auto kWait = std::chrono::milliseconds(5'000);
constexpr std::int64_t kExportDefault = 10'000;

struct MediaType {
    const char* name;
    std::optional<FileFormat> format;  // nothing: the first bytes decide
};
const std::array<MediaType, 6> kMediaTypes = {
    {{"text/csv", FileFormat::csv},
     {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", FileFormat::xlsx},
     {"application/vnd.apache.parquet", FileFormat::parquet},
     {"application/jsonl", FileFormat::jsonl},
     {"application/x-ndjson", FileFormat::jsonl},
     {"application/octet-stream", std::nullopt}}};

bool may_ingest(const Site& site, const Request& request, const std::string& register_name) {
    const auto* register_ = site.pack().find_register(register_name);
    return register_ != nullptr &&
           registry::check_right(*register_, request.caller, Verb::ingest).has_value();
}

json::object batch_json(const registry::Batch& batch) {
    return {{"id", batch.file_digest},      {"file_digest", batch.file_digest},
            {"source", batch.source_name},  {"register", batch.register_name},
            {"state", "accepted"},          {"rows_read", batch.rows_read},
            {"accepted", batch.accepted},   {"quarantined", batch.quarantined},
            {"corrected", batch.corrected}, {"flagged", batch.flagged},
            {"entry", batch.ledger_seq},    {"at", batch.at},
            {"problems", json::array()}};
}

json::object problem_item(const Problem& problem, const std::string& language) {
    return {{"code", problem.code},
            {"text", text_of(problem, language)},
            {"remedy", remedy_of(problem, language)},
            {"line", problem.place.line},
            {"column", problem.place.column},
            {"header", problem.place.path}};
}

json::object batch_json(const RunningBatch& batch, const std::string& language) {
    json::array problems;
    for (const auto& problem : batch.problems) problems.push_back(problem_item(problem, language));
    return {{"id", batch.file_digest},
            {"file_digest", batch.file_digest},
            {"source", batch.source_name},
            {"register", batch.register_name},
            {"state", std::string(name_of(batch.state))},
            {"rows_read", batch.rows_read},
            {"accepted", nullptr},
            {"quarantined", nullptr},
            {"corrected", nullptr},
            {"flagged", nullptr},
            {"entry", nullptr},
            {"at", nullptr},
            {"problems", std::move(problems)}};
}

// The batch of the path, if the caller may know of it.
Result<registry::Batch> batch_of(const Site& site, const Request& request,
                                 store::Session& session) {
    auto batch = registry::find_batch(session, request.get("id"));
    if (!batch || !may_ingest(site, request, batch->register_name)) {
        return fail(Problem{"registry.no_such_batch", {}, {}});
    }
    return std::move(*batch);
}

registry::PageBounds bounds_of(const Request& request, std::int64_t limit) {
    return {integer_or(request, "offset", 0), integer_or(request, "limit", limit)};
}

json::object row_json(const registry::QuarantinedRow& row, const std::vector<std::string>& headers,
                      const std::string& language) {
    json::object cells;
    for (std::size_t i = 0; i < headers.size(); ++i) {
        cells[headers[i]] = row.cells[i] ? json::value(*row.cells[i]) : json::value(nullptr);
    }
    json::array problems;
    for (const auto& problem : row.problems) problems.push_back(problem_item(problem, language));
    return {{"row", row.line},
            {"cells", std::move(cells)},
            {"rest", row.rest},
            {"codes", row.codes},
            {"problems", std::move(problems)}};
}

Response csv_response(const Request& request, const registry::PageBounds& bounds,
                      registry::QuarantineFile file) {
    const auto* charset = file.encoding == Encoding::utf8 ? "utf-8" : "windows-1252";
    Response response{200,
                      fmt::format("text/csv; charset={}; header=present", charset),
                      std::move(file.bytes),
                      {{"Cache-Control", "no-store"},
                       {"Content-Disposition", "attachment; filename=\"quarantine.csv\""}}};
    if (file.more) {
        response.headers.emplace_back(
            "Link", fmt::format("<{}?format=csv&limit={}&offset={}>; rel=\"next\"", request.path,
                                bounds.limit, bounds.offset + bounds.limit));
    }
    return response;
}

Problem bad_cells() {
    return {"server.bad_member",
            {{}, 0, 0, "cells"},
            {{"expected_en", "an object: a text for each header that is mended"},
             {"expected_es", "un objeto: un texto por cada encabezado que se corrige"}}};
}

Result<std::map<std::string, std::string>> cells_of(const Request& request) {
    AMATE_TRY(const auto body, body_of(request));
    const auto* cells = body.if_contains("cells");
    if (cells == nullptr || !cells->is_object() || body.size() != 1) return fail(bad_cells());
    std::map<std::string, std::string> mended;
    for (const auto& cell : cells->get_object()) {
        if (!cell.value().is_string()) return fail(bad_cells());
        mended.emplace(cell.key(), cell.value().get_string());
    }
    return mended;
}

}  // namespace

std::vector<std::string> batch_media_types() {
    std::vector<std::string> names;
    for (const auto& type : kMediaTypes) names.emplace_back(type.name);
    return names;
}

Result<std::optional<FileFormat>> format_of(std::string_view content_type) {
    const auto said = trim(content_type.substr(0, content_type.find(';')));
    for (const auto& type : kMediaTypes) {
        if (said == type.name) return type.format;
    }
    return fail(Problem{"server.unknown_media_type",
                        {},
                        {{"expected", fmt::format("{}", fmt::join(batch_media_types(), ", "))}}});
}

Result<const definitions::Source*> source_for(const Site& site, const registry::Caller& caller,
                                              std::string_view name) {
    const auto* source = site.pack().find_source(name);
    if (source == nullptr) return fail(Problem{"server.not_found", {}, {}});
    const auto* register_ = site.pack().find_register(source->register_name);
    AMATE_CHECK(register_ != nullptr);
    AMATE_TRY_VOID(registry::check_right(*register_, caller, Verb::ingest));
    return source;
}

std::string path_of_batch(const std::string& file_digest) {
    return "/api/v1/batches/" + file_digest;
}

Response private_response(const json::value& value) {
    auto response = to_response(value);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Result<Body> receive_batch(const Site& site, const Request& request) {
    AMATE_TRY_VOID(source_for(site, request.caller, request.get("name")));
    AMATE_TRY_VOID(format_of(request.http->content_type));
    return Body{std::make_shared<exchange::Spool>(site.workspace().root),
                static_cast<std::uint64_t>(exchange::kSpoolBytesMax)};
}

Result<Response> take_in_batch(const Site& site, const Request& request) {
    AMATE_TRY(const auto* source, source_for(site, request.caller, request.get("name")));
    AMATE_TRY(const auto format, format_of(request.http->content_type));
    if (request.http->file == nullptr) throw IoFailure("a file that came could not be kept");
    auto& runner = site.desk().batches();
    AMATE_TRY(const auto digest,
              runner.take({source, request.http->file, format, request.caller.actor}));
    const auto batch = runner.wait_for(digest, kWait);
    if (batch && batch->failure) std::rethrow_exception(batch->failure);
    if (batch && batch->state == BatchState::refused) return fail(batch->problems);
    const bool running = batch && batch->state != BatchState::accepted;
    json::value told;
    if (running) {
        told = batch_json(*batch, request.language);
    } else {
        const auto session = site.desk().reader();
        const auto accepted = registry::find_batch(*session, digest);
        AMATE_CHECK(accepted.has_value());
        told = batch_json(*accepted);
    }
    auto response = private_response(told);
    response.status = running ? 202 : 201;
    response.headers.emplace_back("Location", path_of_batch(digest));
    return response;
}

Result<Response> batches(const Site& site, const Request& request) {
    const auto running = site.desk().batches().list();
    const auto session = site.desk().reader();
    const auto accepted = registry::batches(*session);
    std::set<std::string_view> known;
    for (const auto& each : accepted) known.insert(each.file_digest);
    std::vector<json::object> all;
    for (const auto& each : running) {
        // One that was sent again is listed as what it is: taken in.
        if (known.count(each.file_digest) > 0) continue;
        if (may_ingest(site, request, each.register_name)) {
            all.push_back(batch_json(each, request.language));
        }
    }
    for (const auto& each : accepted) {
        if (may_ingest(site, request, each.register_name)) all.push_back(batch_json(each));
    }
    auto response = paged(request, all.size(), [&](std::size_t i) { return all[i]; });
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Result<Response> batch(const Site& site, const Request& request) {
    const auto session = site.desk().reader();
    auto found = batch_of(site, request, *session);
    if (found) return private_response(batch_json(*found));
    const auto running = site.desk().batches().wait_for(request.get("id"), {});
    if (running && may_ingest(site, request, running->register_name)) {
        if (running->state == BatchState::accepted) {
            // It came into the ledger meanwhile.
            const auto later = site.desk().reader();
            AMATE_TRY(const auto accepted, batch_of(site, request, *later));
            return private_response(batch_json(accepted));
        }
        return private_response(batch_json(*running, request.language));
    }
    return fail(found.error());
}

Result<Response> batch_quarantine(const Site& site, const Request& request) {
    // Reading may be an entry.
    const auto session = site.desk().writer();
    AMATE_TRY(const auto batch, batch_of(site, request, *session));
    const auto clock = make_system_clock(site.pack().time_zone);
    const registry::QuarantineDesk desk{site.pack(), site.workspace(), *session, *clock};
    if (request.find("format") == "csv") {
        const auto bounds = bounds_of(request, kExportDefault);
        AMATE_TRY(auto file,
                  registry::export_quarantine(desk, batch, request.caller.actor, bounds));
        return csv_response(request, bounds, std::move(file));
    }
    const auto bounds = bounds_of(request, kLimitDefault);
    AMATE_TRY(const auto page,
              registry::read_quarantine(desk, batch, request.caller.actor, bounds));
    auto frame = page_frame(request, static_cast<std::size_t>(page.total));
    json::array items;
    for (const auto& row : page.rows) {
        items.push_back(row_json(row, page.headers, request.language));
    }
    frame["items"] = std::move(items);
    return private_response(frame);
}

Result<Response> correct_batch_row(const Site& site, const Request& request) {
    const auto session = site.desk().writer();
    AMATE_TRY(const auto batch, batch_of(site, request, *session));
    registry::RowCorrection correction;
    const auto& row = request.get("row");
    const auto* end = row.data() + row.size();
    const auto [stopped, error] = std::from_chars(row.data(), end, correction.line);
    if (error != std::errc() || stopped != end) {
        return fail(Problem{"registry.no_such_row", {}, {}});
    }
    AMATE_TRY(correction.cells, cells_of(request));
    const auto clock = make_system_clock(site.pack().time_zone);
    const registry::QuarantineDesk desk{site.pack(), site.workspace(), *session, *clock};
    AMATE_TRY(const auto done,
              registry::correct_row(desk, batch, request.caller.actor, correction));
    auto response = private_response(json::object{{"batch", batch.file_digest},
                                                  {"row", correction.line},
                                                  {"register", batch.register_name},
                                                  {"folio", done.folio},
                                                  {"entry", done.ledger_seq}});
    response.status = 201;
    response.headers.emplace_back(
        "Location", fmt::format("/api/v1/registers/{}/records/{}", batch.register_name,
                                percent_encode(done.folio)));
    return response;
}

}  // namespace amate::server::api
