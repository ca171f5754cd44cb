// SPDX-License-Identifier: Apache-2.0
// From a request to its answer: route, parameters, handler, and what goes wrong on the way.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/crypto.hpp"
#include "core/text.hpp"
#include "render/view.hpp"
#include "server/gzip.hpp"
#include "server/page.hpp"
#include "server/problem_json.hpp"
#include "server/routes.hpp"
#include "server/site.hpp"

namespace amate::server {
namespace {

constexpr std::size_t kDeskBodyBytesMax = 1'000'000;
constexpr std::size_t kGzipFrom = 1'000;  // smaller ones fit a packet anyway

// SPEC: Content Security Policy level 3. Nothing runs, nothing is fetched from elsewhere.
constexpr const char* kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

bool has_header(const Response& response, std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const auto& header) { return header.first == name; });
}

void add_security_headers(Response& response) {
    auto& headers = response.headers;
    if (!has_header(response, "Content-Security-Policy")) {
        headers.emplace_back("Content-Security-Policy", kPolicy);
    }
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("Referrer-Policy", "no-referrer");
    headers.emplace_back("X-Frame-Options", "DENY");
    headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    headers.emplace_back("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

void add_route_headers(Response& response, const Route& route) {
    response.headers.insert(response.headers.end(), route.headers.begin(), route.headers.end());
}

bool lists(std::string_view header, std::string_view item) {
    for (const auto& part : split(header, ',')) {
        auto entry = trim(part);
        if (entry.substr(0, 2) == "W/") entry.remove_prefix(2);
        const auto semicolon = entry.find(';');
        const bool refused = semicolon != entry.npos &&
                             trim(entry.substr(semicolon + 1)).substr(0, 3) == "q=0" &&
                             entry.find("q=0.") == entry.npos;
        if (trim(entry.substr(0, semicolon)) == item && !refused) return true;
    }
    return false;
}

// Weak, so that packed and plain answers share it.
void add_validator(Response& response, const HttpRequest& request) {
    const auto digest = crypto::digest(response.body);
    const auto tag = "\"" + crypto::to_hex(std::span(digest).first(12)) + "\"";
    response.headers.emplace_back("ETag", "W/" + tag);
    if (!has_header(response, "Cache-Control")) {
        response.headers.emplace_back("Cache-Control", "no-cache");
    }
    if (lists(request.if_none_match, tag) || trim(request.if_none_match) == "*") {
        response.status = 304;
        response.body.clear();
    }
}

void compress(Response& response, const HttpRequest& request) {
    const bool text = response.content_type.find("text") == 0 ||
                      response.content_type.find("json") != std::string::npos ||
                      response.content_type.find("svg") != std::string::npos;
    if (!text) return;
    const bool known = has_header(response, "Vary");
    if (!known) response.headers.emplace_back("Vary", "Accept-Encoding");
    if (response.body.size() < kGzipFrom || !lists(request.accept_encoding, "gzip")) return;
    response.body = gzip(response.body);
    response.headers.emplace_back("Content-Encoding", "gzip");
}

Kind kind_of_path(std::string_view path) {
    return path.substr(0, 5) == "/api/" ? Kind::api : Kind::page;
}

std::string new_reference() {
    std::array<unsigned char, 4> bytes{};
    crypto::fill_random(bytes);
    return crypto::to_hex(bytes);
}

}  // namespace

Handling Site::handling(const HttpRequest& head) const noexcept {
    try {
        auto request = parse_target(head.target);
        if (!request) return {};
        auto match = router_.find(head.method, request->segments);
        if (match.route == nullptr || match.route->needs != Needs::desk) return {};
        const auto& route = *match.route;
        if (route.receiver == nullptr) {
            return {route.request.empty() ? kBodyBytesMax : kDeskBodyBytesMax, true};
        }
        request->language = preferred_language(head.accept_language, languages_);
        request->path_parameters = std::move(match.path_parameters);
        request->http = &head;
        // Only those known here may fill the disk.
        auto refusal = sign_in(route, *request);
        if (!refusal) {
            auto body = route.receiver(*this, *request);
            if (body) return {body->bytes_max, true, std::move(body->file)};
            refusal = failure(*request, route.kind, body.error());
        }
        add_route_headers(*refusal, route);
        add_security_headers(*refusal);
        return {0, false, {}, std::move(refusal)};
    } catch (const std::exception& failure_) {
        auto refusal = broken(head, "server.store_failed", failure_.what());
        refusal.headers.emplace_back("Retry-After", "5");
        add_security_headers(refusal);
        return {0, false, {}, std::move(refusal)};
    }
}

bool Site::must_wait(const HttpRequest& http) const {
    if (numbers() != nullptr) return false;
    const auto request = parse_target(http.target);
    if (!request) return false;
    const auto match = router_.find(http.method, request->segments);
    return match.route != nullptr && match.route->needs == Needs::figures;
}

Response Site::failure(const Request& request, Kind kind, const Problems& problems) const {
    return kind == Kind::api ? problem_json(problems, request.language)
                             : problem_page(*this, request, problems);
}

Response Site::dispatch(const HttpRequest& http) const {
    const auto preferred = preferred_language(http.accept_language, languages_);
    auto parsed = parse_target(http.target);
    if (!parsed) {
        Request unread;
        unread.language = preferred;
        return failure(unread, kind_of_path(http.target), parsed.error());
    }
    auto& request = *parsed;
    request.language = preferred;
    const auto& segments = request.segments;
    if (!segments.empty() &&
        std::find(languages_.begin(), languages_.end(), segments[0]) != languages_.end()) {
        request.language = segments[0];
    }
    auto match = router_.find(http.method, segments);
    const auto kind = match.route != nullptr ? match.route->kind : kind_of_path(request.path);
    const auto lang = match.path_parameters.find("lang");
    const bool spoken = lang == match.path_parameters.end() || lang->second == request.language;
    if (match.methods.empty() || !spoken) {
        return failure(request, kind, {Problem{"server.not_found", {}, {}}});
    }
    if (match.route == nullptr) {
        const auto allowed = fmt::format("{}", fmt::join(match.methods, ", "));
        auto response = failure(request, kind,
                                {Problem{"server.method_not_allowed", {}, {{"allowed", allowed}}}});
        response.headers.emplace_back("Allow", allowed);
        return response;
    }
    request.path_parameters = std::move(match.path_parameters);
    return carry_out(*match.route, request, http);
}

Response Site::carry_out(const Route& route, Request& request, const HttpRequest& http) const {
    const auto kind = route.kind;
    if (const auto checked = check_parameters(route, request); !checked) {
        return failure(request, kind, checked.error());
    }
    request.http = &http;
    if (route.needs == Needs::desk) {
        if (auto refusal = sign_in(route, request)) {
            add_route_headers(*refusal, route);
            return std::move(*refusal);
        }
    }
    auto answer = route.handler(*this, request);
    auto response = answer ? std::move(*answer) : failure(request, kind, answer.error());
    add_route_headers(response, route);
    return response;
}

// The answer to whoever is not known here; nothing: the request has its caller.
std::optional<Response> Site::sign_in(const Route& route, Request& request) const {
    auto caller = desk_ == nullptr ? fail(Problem{"server.sign_in_needed", {}, {}})
                                   : desk_->caller_of(request.http->authorization);
    if (caller) {
        request.caller = std::move(*caller);
        return std::nullopt;
    }
    auto refusal = failure(request, route.kind, caller.error());
    refusal.headers.emplace_back("WWW-Authenticate", "Bearer");
    return refusal;
}

// The client is given a reference, the log the reason.
Response Site::broken(const HttpRequest& http, const char* code, const char* reason) const {
    const auto reference = new_reference();
    spdlog::error("reference {}: {}", reference, reason);
    Request request;
    request.language = preferred_language(http.accept_language, languages_);
    return failure(request, kind_of_path(http.target),
                   {Problem{code, {}, {{"reference", reference}}}});
}

Response Site::answer(const HttpRequest& http) const noexcept {
    try {
        const auto begin = std::chrono::steady_clock::now();
        Response response;
        try {
            response = dispatch(http);
        } catch (const InDoubt& failure_) {
            response = broken(http, "server.write_in_doubt", failure_.what());
            response.headers.emplace_back("Retry-After", "5");
        } catch (const IoFailure& failure_) {
            response = broken(http, "server.store_failed", failure_.what());
            response.headers.emplace_back("Retry-After", "5");
        } catch (const std::exception& failure_) {
            response = broken(http, "server.bug", failure_.what());
        }
        const bool reads = http.method == "GET" || http.method == "HEAD";
        if (response.status == 200 && reads) add_validator(response, http);
        compress(response, http);
        add_security_headers(response);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begin;
        // Neither path nor query: either may hold what somebody searched for.
        spdlog::debug("{} in {:.1f} ms", response.status, took.count());
        return response;
    } catch (const std::exception&) {
        return {500, "text/plain; charset=utf-8", "500\n", {}};
    }
}

Response Site::refuse(const char* code) const noexcept {
    try {
        const Problem problem{code, {}, {}};
        Response response{http_status_of(problem),
                          "text/plain; charset=utf-8",
                          text_of(problem, languages_.front()) + "\n",
                          {}};
        if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
        if (response.status == 503) response.headers.emplace_back("Retry-After", "5");
        add_security_headers(response);
        return response;
    } catch (const std::exception&) {
        return {500, "text/plain; charset=utf-8", "500\n", {}};
    }
}

}  // namespace amate::server
