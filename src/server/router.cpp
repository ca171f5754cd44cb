// SPDX-License-Identifier: Apache-2.0
// Finds the route of a path and checks a query against what the route declares.
#include "server/router.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text.hpp"

namespace amate::server {
namespace {

constexpr std::size_t kTextMax = 400;

bool is_parameter(const std::string& part) {
    return !part.empty() && part.front() == '{';
}

std::string name_in(const std::string& part) {
    return part.substr(1, part.size() - 2);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// What a value should have been; empty if it is right.
std::string expectation(const Parameter& parameter, const std::string& value) {
    if (value.empty()) return {};  // forms send what was left empty
    if (parameter.type == "integer") {
        const auto number = parse_integer(value);
        if (number && *number >= parameter.minimum && *number <= parameter.maximum) return {};
        return fmt::format("{}-{}", parameter.minimum, parameter.maximum);
    }
    if (value.size() > kTextMax) return fmt::format("<= {} bytes", kTextMax);
    if (parameter.allowed.empty()) return {};
    const auto& allowed = parameter.allowed;
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return {};
    return fmt::format("{}", fmt::join(allowed, ", "));
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
    std::set<std::string> seen;
    for (const auto& route : routes_) {
        AMATE_CHECK(route.handler != nullptr &&
                    seen.insert(route.method + " " + route.pattern).second);
        patterns_.push_back(split(std::string_view(route.pattern).substr(1), '/'));
    }
}

Match Router::find(std::string_view method, const std::vector<std::string>& segments) const {
    if (method == "HEAD") method = "GET";
    Match best;
    std::size_t best_fixed = 0;
    std::string best_pattern;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        const auto& pattern = patterns_[i];
        if (pattern.size() != segments.size()) continue;
        std::map<std::string, std::string> parameters;
        std::size_t fixed = 1;
        bool fits = true;
        for (std::size_t k = 0; fits && k < pattern.size(); ++k) {
            if (is_parameter(pattern[k])) {
                parameters[name_in(pattern[k])] = segments[k];
                fits = !segments[k].empty();
            } else {
                fits = pattern[k] == segments[k];
                ++fixed;
            }
        }
        const auto& route = routes_[i];
        const bool same = fits && route.pattern == best_pattern;
        if (!fits || (fixed <= best_fixed && !same)) continue;
        if (!same) best = {};
        best.methods.push_back(route.method);
        if (route.method == "GET") best.methods.emplace_back("HEAD");
        if (route.method == method) {
            best.route = &route;
            best.path_parameters = std::move(parameters);
        }
        best_fixed = fixed;
        best_pattern = route.pattern;
    }
    return best;
}

Result<void> check_parameters(const Route& route, const Request& request) {
    Problems problems;
    std::vector<std::string> known;
    for (const auto& parameter : route.parameters) {
        if (parameter.in == In::query) known.push_back(parameter.name);
    }
    for (const auto& [name, value] : request.parameters) {
        const auto named = [&, &key = name](const Parameter& parameter) {
            return parameter.in == In::query && parameter.name == key;
        };
        const auto found = std::find_if(route.parameters.begin(), route.parameters.end(), named);
        if (found == route.parameters.end()) {
            if (route.kind == Kind::page) continue;  // links gather foreign parameters on their way
            // The name is the client's text: the problem shows only what would have been right.
            const auto names = known.empty() ? "-" : fmt::format("{}", fmt::join(known, ", "));
            problems.push_back({"server.unknown_parameter", {}, {{"known", names}}});
        } else if (const auto expected = expectation(*found, value); !expected.empty()) {
            problems.push_back({"server.bad_parameter",
                                {"", 0, 0, name},
                                {{"name", name}, {"expected", expected}}});
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    return {};
}

std::int64_t integer_or(const Request& request, std::string_view name, std::int64_t otherwise) {
    const auto number = parse_integer(request.find(name));
    return number ? *number : otherwise;
}

}  // namespace amate::server
