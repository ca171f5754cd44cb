// SPDX-License-Identifier: Apache-2.0
// The one table of what is served: requests are dispatched from it and the OpenAPI document made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "server/message.hpp"

namespace amate::server {

class Site;

enum class In : unsigned char { path, query, header };

// A parameter of a route. `type` is JSON Schema's: string, integer.
struct Parameter {
    In in = In::query;
    std::string name, type, description, example;
    std::vector<std::string> allowed;       // values it may have; empty: any
    std::int64_t minimum = 0, maximum = 0;  // of an integer
};

enum class Kind : unsigned char { page, api, file };
enum class Needs : unsigned char { nothing, figures, desk };

using Handler = Result<Response> (*)(const Site&, const Request&);

// Where a body goes, and how much of it is taken.
struct Body {
    std::shared_ptr<exchange::Spool> file;
    std::uint64_t bytes_max = 0;
};
// Decides on the head of a request alone; quick. What it refuses is not read.
using Receiver = Result<Body> (*)(const Site&, const Request&);

struct Route {
    std::string pattern;  // "/api/v1/figures/{id}"
    Kind kind = Kind::page;
    Needs needs = Needs::nothing;
    std::string summary;   // of API routes, in English
    std::string response;  // name of its schema (api/schemas.cpp)
    std::vector<Parameter> parameters;
    Handler handler = nullptr;
    std::string method = "GET";                 // HEAD goes with it
    std::string request = {};                   // name of the schema of the body; "": it takes none
    std::vector<std::string> media_types = {};  // of bodies that are no JSON
    Receiver receiver = nullptr;                // where the body goes; null: into memory
    int success = 200;
    bool gives_file = false;  // the answer is a file of any type
    std::vector<std::pair<std::string, std::string>> headers = {};  // of every answer, also a no
};

struct Match {
    const Route* route = nullptr;  // null: nothing is served there, or not by this method
    std::map<std::string, std::string> path_parameters;
    std::vector<std::string> methods;  // that are served there
};

// Immutable once made; safe from many threads.
class Router {
public:
    // Patterns with their methods must differ and have a handler, else it is a bug.
    explicit Router(std::vector<Route> routes);
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
    // A fixed segment wins over a parameter.
    [[nodiscard]] Match find(std::string_view method,
                             const std::vector<std::string>& segments) const;

private:
    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> patterns_;
};

// Holds the query to what the route declares: problems server.unknown_parameter (with the nearest)
// and server.bad_parameter, one for each.
[[nodiscard]] Result<void> check_parameters(const Route& route, const Request& request);

// An integer parameter of the query, already checked, or `otherwise`.
[[nodiscard]] std::int64_t integer_or(const Request& request, std::string_view name,
                                      std::int64_t otherwise);

}  // namespace amate::server
