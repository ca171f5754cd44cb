// SPDX-License-Identifier: Apache-2.0
// What comes in and what goes out, once HTTP itself has been dealt with.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "exchange/spool.hpp"
#include "registry/caller.hpp"

namespace amate::server {

// A request as it came over the wire: whole, within the limits, not yet understood.
struct HttpRequest {
    std::string method, target;
    std::string accept_language = {}, accept_encoding = {}, if_none_match = {};
    std::string authorization = {}, idempotency_key = {}, content_type = {};
    std::string body = {};
    std::map<std::string, std::string> others = {};  // those of kOtherHeaders that it has

    // Where the body is, if it is a file (Handling::file). Shared with the batch that is made of
    // it: both outlive each other.
    std::shared_ptr<exchange::Spool> file = {};

    [[nodiscard]] std::string header(const std::string& name) const;  // of the others; "" if absent
};

// Content-Disposition (RFC 6266): what a file sent is called; names do not belong into addresses.
// The others are those of tus 1.0.0: files in parts.
inline constexpr std::array<const char*, 5> kOtherHeaders = {
    "Content-Disposition", "Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset"};

struct Response {
    int status = 200;
    std::string content_type = "text/html; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

// A request that was understood: path and query decoded, language decided.
struct Request {
    std::string path;      // as written, without the query
    std::string query;     // as written, without "?"
    std::string language;  // one the pack and the program both have
    std::vector<std::string> segments;
    std::vector<std::pair<std::string, std::string>> parameters;  // of the query, in order
    std::map<std::string, std::string> path_parameters;
    const HttpRequest* http = nullptr;  // borrowed while it is answered
    registry::Caller caller = {};       // of routes that need the desk

    // A parameter of the query, "" if absent.
    [[nodiscard]] std::string find(std::string_view name) const;
    // A parameter of the path; the route has declared it.
    [[nodiscard]] const std::string& get(const std::string& name) const;
};

// Takes path and query apart. Problem server.malformed_request: not a path, broken percent signs,
// text that is not UTF-8, too many parameters or one given twice.
[[nodiscard]] Result<Request> parse_target(std::string_view target);

// Text as one part of a path or of a query (RFC 3986 unreserved characters stay).
[[nodiscard]] std::string percent_encode(std::string_view text);

// Which of `languages` the header Accept-Language likes best (RFC 9110, 12.5.4); the first if none.
[[nodiscard]] std::string preferred_language(std::string_view accept_language,
                                             const std::vector<std::string>& languages);

}  // namespace amate::server
