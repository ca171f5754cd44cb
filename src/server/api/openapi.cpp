// SPDX-License-Identifier: Apache-2.0
// The OpenAPI 3.1 document, made from the table that requests are dispatched from.
#include "server/api/api.hpp"

namespace amate::server::api {
namespace {

namespace json = boost::json;

json::object parameter_json(const Parameter& parameter) {
    json::object schema{{"type", parameter.type}};
    if (!parameter.allowed.empty()) schema["enum"] = to_json(parameter.allowed);
    if (parameter.type == "integer") {
        schema["minimum"] = parameter.minimum;
        schema["maximum"] = parameter.maximum;
    }
    const char* where = parameter.in == In::path    ? "path"
                        : parameter.in == In::query ? "query"
                                                    : "header";
    json::object described{{"name", parameter.name},
                           {"in", where},
                           {"required", parameter.in == In::path},
                           {"description", parameter.description},
                           {"schema", std::move(schema)}};
    if (!parameter.example.empty()) described["example"] = parameter.example;
    return described;
}

json::object content_of(const std::string& media_type, const std::string& schema) {
    return {{media_type, {{"schema", {{"$ref", "#/components/schemas/" + schema}}}}}};
}

json::object operation_of(const Route& route) {
    json::array parameters;
    for (const auto& parameter : route.parameters) parameters.push_back(parameter_json(parameter));
    json::object success{{"description", "As asked"}};
    if (route.gives_file) {
        success["content"] = {{"*/*", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}};
    } else if (!route.response.empty()) {
        success["content"] = content_of("application/json", route.response);
    }
    json::object operation{{"summary", route.summary},
                           {"parameters", std::move(parameters)},
                           {"responses",
                            {{std::to_string(route.success), std::move(success)},
                             {"default",
                              {{"description", "What went wrong and what to do (RFC 9457)"},
                               {"content", content_of("application/problem+json", "Problem")}}}}}};
    json::object bodies;
    if (!route.request.empty()) bodies = content_of("application/json", route.request);
    for (const auto& type : route.media_types) {
        bodies[type] = {{"schema", {{"type", "string"}, {"format", "binary"}}}};
    }
    if (!bodies.empty()) {
        operation["requestBody"] = {{"required", true}, {"content", std::move(bodies)}};
    }
    if (route.needs == Needs::desk) {
        operation["security"] = json::array{json::object{{"token", json::array()}}};
    }
    return operation;
}

}  // namespace

json::object openapi_document(const std::vector<Route>& routes, const std::string& title) {
    json::object paths;
    for (const auto& route : routes) {
        if (route.kind != Kind::api) continue;
        auto& operations = paths[route.pattern];
        if (!operations.is_object()) operations.emplace_object();
        std::string method = route.method;
        for (auto& letter : method) letter = static_cast<char>(letter - 'A' + 'a');
        operations.get_object()[method] = operation_of(route);
    }
    const json::object token{{"type", "http"}, {"scheme", "bearer"}};
    return {{"openapi", "3.1.0"},
            {"info", {{"title", "Amate: " + title}, {"version", "1"}}},
            {"paths", std::move(paths)},
            {"components", {{"schemas", schemas()}, {"securitySchemes", {{"token", token}}}}}};
}

Result<Response> openapi(const Site& site, const Request&) {
    return to_response(openapi_document(site.router().routes(), site.pack().title.in("en")));
}

}  // namespace amate::server::api
