// SPDX-License-Identifier: Apache-2.0
// Turns problems into texts with the catalogue generated from spec/problems.yaml.
#include "core/result.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace amate {
namespace {

struct CatalogueEntry {
    std::string_view code;
    int http;
    std::string_view es, en, remedy_es, remedy_en;
};

// Sorted by code, so that a look-up is a binary search.
constexpr CatalogueEntry kCatalogue[] = {
#include "core/problem_catalogue.inc"
};

const CatalogueEntry& entry_of(const std::string& code) {
    const auto* found = std::lower_bound(
        std::begin(kCatalogue), std::end(kCatalogue), code,
        [](const CatalogueEntry& entry, const std::string& key) { return entry.code < key; });
    AMATE_CHECK(found != std::end(kCatalogue) && found->code == code);
    return *found;
}

std::string fill(std::string_view text, const std::map<std::string, std::string>& parameters) {
    std::string filled;
    while (!text.empty()) {
        const auto open = text.find('{');
        const auto close = open == text.npos ? text.npos : text.find('}', open);
        if (close == text.npos) break;
        filled += text.substr(0, open);
        const auto found = parameters.find(std::string(text.substr(open + 1, close - open - 1)));
        filled += found == parameters.end() ? std::string() : found->second;
        text.remove_prefix(close + 1);
    }
    return filled += text;
}

}  // namespace

std::string to_string(const Place& place) {
    std::string text = place.file;
    if (place.line > 0) {
        if (text.empty()) text = "line";
        text += fmt::format(":{}", place.line);
        if (place.column > 0) text += fmt::format(":{}", place.column);
    }
    if (!place.path.empty()) text += (text.empty() ? "" : " ") + place.path;
    return text;
}

std::string text_of(const Problem& problem, std::string_view language) {
    const auto& entry = entry_of(problem.code);
    return fill(language == "es" ? entry.es : entry.en, problem.parameters);
}

std::string remedy_of(const Problem& problem, std::string_view language) {
    const auto& entry = entry_of(problem.code);
    return fill(language == "es" ? entry.remedy_es : entry.remedy_en, problem.parameters);
}

int http_status_of(const Problem& problem) {
    return entry_of(problem.code).http;
}

std::string to_line(const Problem& problem) {
    const auto place = to_string(problem.place);
    const auto remedy = remedy_of(problem, "en");
    return fmt::format("{}{}{}: {}{}{}", place, place.empty() ? "" : ": ", problem.code,
                       text_of(problem, "en"), remedy.empty() ? "" : ". ", remedy);
}

void raise_bug(const char* condition, const char* file, int line) {
    const std::string_view path(file);
    const auto src = path.rfind("src/");
    throw Bug(fmt::format("broken promise at {}:{}: {}", src == path.npos ? path : path.substr(src),
                          line, condition));
}

}  // namespace amate
