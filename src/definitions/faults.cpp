// SPDX-License-Identifier: Apache-2.0
// Words, order and suggestions of the faults of a pack.
#include "definitions/internal/faults.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "core/text.hpp"

namespace amate::definitions::internal {

std::string shown(std::string_view value) {
    constexpr std::size_t kBytesMax = 60;
    auto end = std::min(value.size(), kBytesMax);
    if (end < value.size()) {
        while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;
    }
    std::string text(value.substr(0, end));
    for (auto& c : text) {
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    return end < value.size() ? text + "..." : text;
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t kNamesMax = 20;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesMax); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() > kNamesMax ? text + ", ..." : text;
}

Words one_of(const std::vector<std::string>& names) {
    return {"one of " + listed(names), "uno de " + listed(names)};
}

void Faults::add(std::string code, Place place, Parameters parameters) {
    problems_.push_back({std::move(code), std::move(place), std::move(parameters)});
}

void Faults::add_all(Problems problems) {
    std::move(problems.begin(), problems.end(), std::back_inserter(problems_));
}

void Faults::bad_value(Place place, std::string_view value, const Words& expected,
                       const std::vector<std::string>& candidates) {
    if (value.empty()) return wrong_kind(std::move(place), expected, {"nothing", "nada"});
    add("definitions.bad_value", std::move(place),
        suggest(
            {{"value", shown(value)}, {"expected_en", expected.en}, {"expected_es", expected.es}},
            value, candidates));
}

void Faults::wrong_kind(Place place, const Words& expected, const Words& found) {
    add("definitions.wrong_kind", std::move(place),
        {{"expected_en", expected.en},
         {"expected_es", expected.es},
         {"found_en", found.en},
         {"found_es", found.es}});
}

Faults::Parameters Faults::suggest(Parameters parameters, std::string_view value,
                                   const std::vector<std::string>& candidates) {
    std::optional<std::string> near;
    if (!candidates.empty() && suggestions_left_ > 0) {
        --suggestions_left_;
        near = closest(value, candidates);
    }
    parameters["suggestion"] = near.value_or("");
    parameters["suggestion_en"] = near ? fmt::format("; did you mean `{}`?", *near) : "";
    parameters["suggestion_es"] = near ? fmt::format("; ¿quiso decir `{}`?", *near) : "";
    return parameters;
}

Problems Faults::take() {
    std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    });
    problems_.erase(std::unique(problems_.begin(), problems_.end()), problems_.end());
    return std::move(problems_);
}

}  // namespace amate::definitions::internal
