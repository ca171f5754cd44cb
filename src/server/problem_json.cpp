// SPDX-License-Identifier: Apache-2.0
// Writes application/problem+json.
#include "server/problem_json.hpp"

#include <boost/json.hpp>

namespace amate::server {

Response problem_json(const Problems& problems, const std::string& language) {
    namespace json = boost::json;
    AMATE_CHECK(!problems.empty());
    const auto& first = problems.front();
    const int status = http_status_of(first);
    json::array all;
    for (const auto& problem : problems) {
        json::object item{{"code", problem.code}, {"text", text_of(problem, language)}};
        if (problem.place != Place{}) {
            item["place"] = {{"line", problem.place.line},
                             {"column", problem.place.column},
                             {"path", problem.place.path}};
        }
        if (auto remedy = remedy_of(problem, language); !remedy.empty()) item["remedy"] = remedy;
        all.push_back(std::move(item));
    }
    json::object body{{"type", "urn:amate:problem:" + first.code},
                      {"title", text_of(first, language)},
                      {"status", status},
                      {"problems", std::move(all)}};
    Response response{status, "application/problem+json", json::serialize(body), {}};
    response.headers.emplace_back("Content-Language", language);
    response.headers.emplace_back("Vary", "Accept-Language, Accept-Encoding");
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace amate::server
