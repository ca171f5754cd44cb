// SPDX-License-Identifier: Apache-2.0
// Tables of registers as JSON, CSV or the query itself; search; health.
#include "core/text.hpp"
#include "server/api/api.hpp"
#include "server/table_query.hpp"

namespace amate::server::api {
namespace {
namespace json = boost::json;
}  // namespace

Result<Response> table(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* register_ = site.pack().find_register(request.get("name"));
    if (register_ == nullptr) return fail(Problem{"server.not_found", {}, {}});
    const auto asked = read_table_query(*register_, request);
    if (!asked) return fail(asked.error());
    const auto table = site.tabulate(*numbers, *asked);
    if (!table) return fail(table.error());
    const auto format = request.find("format");
    Response response;
    if (format == "csv") {
        response = {200,
                    "text/csv; charset=utf-8",
                    statistics::to_csv(*table, *asked, request.language),
                    {}};
        response.headers.emplace_back("Content-Disposition",
                                      "attachment; filename=\"" + register_->name + ".csv\"");
    } else if (format == "sql") {
        response = {200, "text/plain; charset=utf-8", table->sql + "\n", {}};
    } else {
        response = {
            200, "application/json", statistics::to_json(*table, *asked, request.language), {}};
    }
    response.headers.emplace_back("Content-Language", request.language);
    response.headers.emplace_back("Vary", "Accept-Language, Accept-Encoding");
    return response;
}

Result<Response> search(const Site& site, const Request& request) {
    const auto answer = site.search().find(request.find("q"), request.language);
    auto response = paged(request, answer.found.size(), [&](std::size_t i) {
        const auto& found = answer.found[i];
        return json::object{{"kind", std::string(name_of(found.subject))},
                            {"id", found.id},
                            {"title", found.title},
                            {"path", "/" + request.language + found.path}};
    });
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Vary", "Accept-Language, Accept-Encoding");
    return response;
}

Result<Response> health(const Site& site, const Request&) {
    const auto numbers = site.numbers();
    const bool ready = numbers != nullptr;
    auto response = to_response(
        {{"status", ready ? "ready" : "computing"},
         {"cutoff", ready && numbers->manifest ? json::value(numbers->manifest->cutoff.iso())
                                               : json::value(nullptr)}});
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace amate::server::api
