// SPDX-License-Identifier: Apache-2.0
// What the answers of the API are made of.
#include "server/api/api.hpp"

namespace amate::server::api {

namespace json = boost::json;

Result<json::object> body_of(const Request& request) {
    boost::system::error_code failed;
    json::parse_options options;
    options.max_depth = 8;
    json::stream_parser parser({}, options);
    const auto& body = request.http->body;
    const auto read = parser.write_some(body, failed);
    if (!failed) parser.finish(failed);
    if (!failed && read == body.size()) {
        auto parsed = parser.release();
        if (parsed.is_object()) return std::move(parsed.get_object());
    }
    return fail(Problem{"server.bad_json", {}, {{"position", std::to_string(read)}}});
}

Response to_response(const json::value& value) {
    return {200, "application/json", json::serialize(value), {}};
}

json::object to_json(const Text& text) {
    json::object labels;
    for (const auto& [language, label] : text.labels()) labels[language] = label;
    return labels;
}

json::array to_json(const std::vector<std::string>& texts) {
    json::array array;
    for (const auto& text : texts) array.push_back(json::value(text));
    return array;
}

json::value to_json(const std::optional<Date>& date) {
    return date ? json::value(date->iso()) : json::value(nullptr);
}

json::object page_frame(const Request& request, std::size_t total) {
    const auto limit = integer_or(request, "limit", kLimitDefault);
    const auto offset = integer_or(request, "offset", 0);
    json::value next = nullptr;
    if (static_cast<std::size_t>(offset + limit) < total) {
        std::string path = request.path + "?limit=" + std::to_string(limit) +
                           "&offset=" + std::to_string(offset + limit);
        for (const auto& [name, value] : request.parameters) {
            if (name == "limit" || name == "offset") continue;
            path += "&" + percent_encode(name) + "=" + percent_encode(value);
        }
        next = path;
    }
    return {{"items", json::array()},
            {"total", static_cast<std::int64_t>(total)},
            {"limit", limit},
            {"offset", offset},
            {"next", std::move(next)}};
}

}  // namespace amate::server::api
