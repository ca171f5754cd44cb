// SPDX-License-Identifier: Apache-2.0
// The routes of the API, and the files of web/static.
#include <iterator>

#include "render/view.hpp"
#include "server/api/api.hpp"
#include "server/routes.hpp"

namespace amate::server {
namespace {

Parameter query(const std::string& name, const std::string& description,
                std::vector<std::string> allowed = {}) {
    return {In::query, name, "string", description, "", std::move(allowed), 0, 0};
}

Parameter path(const std::string& name, const std::string& description) {
    return {In::path, name, "string", description, "", {}, 0, 0};
}

std::vector<Parameter> paging(std::vector<Parameter> others = {}) {
    others.push_back(
        {In::query, "limit", "integer", "Items in an answer (100)", "", {}, 1, api::kLimitMax});
    others.push_back({In::query, "offset", "integer", "Items to pass over", "", {}, 0, 1'000'000});
    return others;
}

Route api_route(const std::string& where, Needs needs, const std::string& summary,
                const std::string& response, Handler handler,
                std::vector<Parameter> parameters = {}) {
    return {"/api/v1" + where, Kind::api, needs, summary, response, std::move(parameters), handler};
}

// For callers with a token: who may do what is the register's to say.
Route desk_route(const char* method, const std::string& where, const std::string& summary,
                 const std::string& response, Handler handler, std::vector<Parameter> parameters,
                 const std::string& request = "", int success = 200) {
    Route route{"/api/v1" + where,     Kind::api, Needs::desk, summary, response,
                std::move(parameters), handler,   method,      request};
    route.success = success;
    return route;
}

Route batch_route() {
    auto route =
        desk_route("POST", "/sources/{name}/batches", "Take in an institution's file", "Batch",
                   api::take_in_batch, {path("name", "Name of the source")}, "", 201);
    route.media_types = api::batch_media_types();
    route.receiver = api::receive_batch;
    return route;
}

Parameter header(const std::string& name, const std::string& description) {
    return {In::header, name, "string", description, "", {}, 0, 0};
}

// Files in parts (tus 1.0.0).
std::vector<Route> upload_routes() {
    const auto source = path("name", "Name of the source");
    const auto id = path("id", "Of the upload");
    const auto version = header("Tus-Resumable", "1.0.0");
    const std::string begin = "/sources/{name}/uploads";
    const std::string one = "/uploads/{id}";
    auto options = api_route(begin, Needs::nothing, "How files are sent in parts", "",
                             api::upload_options, {source});
    options.method = "OPTIONS";
    options.success = 204;
    auto part =
        desk_route("PATCH", one, "Add to an upload; whole, it is taken in", "", api::add_to_upload,
                   {id, version, header("Upload-Offset", "Bytes that are there")}, "", 204);
    part.media_types = {"application/offset+octet-stream"};
    part.receiver = api::receive_part;
    std::vector<Route> routes = {
        std::move(options),
        desk_route("POST", begin, "Begin an institution's file that comes in parts", "",
                   api::begin_upload,
                   {source, version, header("Upload-Length", "Bytes of the whole file"),
                    header("Upload-Metadata", "filetype and its media type in Base64")},
                   "", 201),
        desk_route("GET", one, "How much of an upload has come", "Upload", api::upload, {id}),
        std::move(part),
        desk_route("DELETE", one, "Give an upload up", "", api::end_upload, {id, version}, "",
                   204)};
    for (auto& route : routes) {
        route.headers = {{"Tus-Resumable", "1.0.0"}, {"Tus-Version", "1.0.0"}};
    }
    return routes;
}

// The name of a file comes in a header: addresses stand in logs.
Route file_route(const std::string& where, std::vector<Parameter> parameters) {
    parameters.push_back(
        {In::query, "base", "integer", "Revision it was decided on", "", {}, 1, 1'000'000'000});
    parameters.push_back({In::header,
                          "Content-Disposition",
                          "string",
                          "attachment; filename*=UTF-8''NAME (RFC 6266)",
                          "",
                          {},
                          0,
                          0});
    auto route = desk_route("PUT", where, "Send the file of a field", "Receipt", api::send_file,
                            std::move(parameters));
    route.media_types = {"*/*"};
    route.receiver = api::receive_file;
    return route;
}

Route file_reading_route(const std::string& where, std::vector<Parameter> parameters) {
    parameters.push_back({In::query,
                          "revision",
                          "integer",
                          "As of that revision (the newest)",
                          "",
                          {},
                          1,
                          1'000'000'000});
    parameters.push_back({In::query,
                          "row",
                          "integer",
                          "Which row, of a table (1)",
                          "",
                          {},
                          1,
                          definitions::Column::kRowsMax});
    auto route = desk_route("GET", where, "The file of a field", "", api::record_file,
                            std::move(parameters));
    route.gives_file = true;
    return route;
}

Route quarantine_route(const Parameter& batch_id) {
    auto parameters = std::vector<Parameter>{
        batch_id,
        query("format", "json (as described here) or csv, to be mended and taken in",
              {"json", "csv"}),
        {In::query, "limit", "integer", "Rows (100; csv: 10000)", "", {}, 1, 100'000},
        {In::query, "offset", "integer", "Rows to pass over", "", {}, 0, 1'000'000'000}};
    return desk_route("GET", "/batches/{id}/quarantine", "Rows that did not fit, and why",
                      "QuarantinedRowList", api::batch_quarantine, std::move(parameters));
}

Result<Response> static_file(const Site&, const Request& request) {
    std::string name;
    for (std::size_t i = 1; i < request.segments.size(); ++i) {
        name += (i > 1 ? "/" : "") + request.segments[i];
    }
    const auto* file = render::find_static(name);
    if (file == nullptr) return fail(Problem{"server.not_found", {}, {}});
    Response response{200, std::string(file->content_type), std::string(file->bytes), {}};
    // Addresses that carry a version never change what they give.
    const bool versioned = !request.find("v").empty();
    const bool font = name.size() > 6 && name.substr(name.size() - 6) == ".woff2";
    response.headers.emplace_back("Cache-Control", versioned || font
                                                       ? "public, max-age=31536000, immutable"
                                                       : "public, max-age=3600");
    return response;
}

}  // namespace

std::vector<Route> api_routes() {
    const auto numbers = Needs::figures;
    const auto nothing = Needs::nothing;
    const auto id = path("id", "Identifier");
    const auto name = path("name", "Name of the register");
    const auto folio = path("folio", "Its folio");
    const auto batch_id = path("id", "Digest of the file (BLAKE2b-256, hexadecimal)");
    const std::string record_path = "/registers/{name}/records/{folio}";
    const auto field = path("field", "A field of type file; in a table TABLE.FIELD");
    const auto file_path = record_path + "/files/{field}";
    return {
        api_route("/pack", numbers, "The country and its newest snapshot", "Pack", api::pack),
        api_route("/objectives", numbers, "Objectives of the framework", "ObjectiveList",
                  api::objectives, paging()),
        api_route("/objectives/{id}", numbers, "One objective", "Objective", api::objective, {id}),
        api_route("/programmes", nothing, "Programmes", "ProgrammeList", api::programmes,
                  paging({query("family", "Only this family")})),
        api_route("/programmes/{id}", nothing, "One programme", "Programme", api::programme, {id}),
        api_route("/figures", numbers, "Figures, reported and computed", "FigureList", api::figures,
                  paging({query("objective", "Only of this objective"),
                          query("programme", "Only of this programme"),
                          query("institution", "Only of this institution"),
                          query("how", "Only those", {"computed", "reported", "not_computable"})})),
        api_route("/figures/{id}", numbers, "One figure, opened", "FigureOpened", api::figure,
                  {id}),
        api_route("/institutions", nothing, "Institutions", "InstitutionList", api::institutions,
                  paging()),
        api_route("/registers", numbers, "Registers", "RegisterList", api::registers, paging()),
        api_route("/registers/{name}", numbers, "One register with fields and dimensions",
                  "RegisterOpened", api::register_, {name}),
        api_route(
            "/registers/{name}/table", numbers, "A table of a register", "Table", api::table,
            {name, query("by", "Dimensions or expressions, parted by commas"),
             query("where", "An expression over dimensions and time"),
             query("measure",
                   "records, persons, distinct:DIMENSION, sum:MEASURE, sum:MEASURE*WEIGHT, "
                   "mean:MEASURE, p50:MEASURE (p1 to p99) or share:CONDITION"),
             query("totals", "yes: also the totals of each dimension, code _T", {"yes"}),
             query("from", "First day, YYYY-MM-DD"), query("to", "Last day, YYYY-MM-DD"),
             query("format", "json (as described here), csv or sql", {"json", "csv", "sql"})}),
        desk_route("GET", "/registers/{name}/records", "Records and how they stand", "RecordPage",
                   api::records,
                   {name,
                    query("after", "`next` of the page before"),
                    query("state", "Only in this state"),
                    query("flag", "Only with this flag"),
                    {In::query, "limit", "integer", "Records in an answer (50)", "", {}, 1, 500}}),
        desk_route("POST", "/registers/{name}/records", "Create a record", "Receipt",
                   api::create_record, {name}, "RecordCreation", 201),
        desk_route("POST", "/registers/{name}/bulk", "Up to a thousand changes: all or none",
                   "ReceiptList", api::bulk, {name}, "RecordBulk"),
        batch_route(),
        desk_route("GET", "/batches", "Files taken in, newest first", "BatchList", api::batches,
                   paging()),
        desk_route("GET", "/batches/{id}", "How a file stands", "Batch", api::batch, {batch_id}),
        quarantine_route(batch_id),
        desk_route("POST", "/batches/{id}/quarantine/{row}", "Mend a row", "CorrectedRow",
                   api::correct_batch_row, {batch_id, path("row", "Line of the row in its file")},
                   "RowCorrection", 201),
        desk_route("GET", record_path, "A record as it is, or was", "Record", api::record,
                   {name, folio,
                    query("known_at", "As known then (UTC): YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"),
                    query("effective_at", "As it stood then: YYYY-MM-DD or YYYY-MM-DDTHH:MM")}),
        file_route(file_path, {name, folio, field}),
        file_reading_route(file_path, {name, folio, field}),
        desk_route("GET", record_path + "/history", "All revisions of a record", "RecordHistory",
                   api::record_history, {name, folio}),
        desk_route("POST", record_path + "/amend", "Something became otherwise", "Receipt",
                   api::amend_record, {name, folio}, "RecordChange"),
        desk_route("POST", record_path + "/correct", "It was never as it stands", "Receipt",
                   api::correct_record, {name, folio}, "RecordChange"),
        desk_route("POST", record_path + "/actions/{action}", "An action of the workflow",
                   "Receipt", api::act_on_record, {name, folio, path("action", "Its name")},
                   "RecordAction"),
        desk_route("POST", record_path + "/withdraw", "It should not be", "Receipt",
                   api::withdraw_record, {name, folio}, "RecordWord"),
        desk_route("POST", record_path + "/reinstate", "Take a withdrawal back", "Receipt",
                   api::reinstate_record, {name, folio}, "RecordWord"),
        desk_route("POST", record_path + "/approve", "Say yes to the act that waits", "Receipt",
                   api::approve_act, {name, folio}, "RecordApproval"),
        desk_route("POST", record_path + "/reject", "Say no to it", "Receipt", api::reject_act,
                   {name, folio}, "RecordWord"),
        api_route("/search", nothing, "Search over what the pack declares", "FoundList",
                  api::search, paging({query("q", "Words or an identifier")})),
        api_route("/audit", numbers, "Checks of reported figures against each other", "FindingList",
                  api::audit,
                  paging({query("kind", "Only those", {"holds", "differs", "undecided"})})),
        api_route("/health", nothing, "Whether figures are ready", "Health", api::health),
        api_route("/openapi.json", nothing, "This document", "OpenApi", api::openapi),
    };
}

std::vector<Route> all_routes() {
    auto routes = page_routes();
    for (auto& others : {api_routes(), upload_routes()}) {
        routes.insert(routes.end(), others.begin(), others.end());
    }
    const std::vector<Parameter> version = {query("v", "")};
    routes.push_back({"/static/{name}", Kind::file, Needs::nothing, "", "", version, static_file});
    routes.push_back(
        {"/static/{folder}/{name}", Kind::file, Needs::nothing, "", "", version, static_file});
    return routes;
}

}  // namespace amate::server
