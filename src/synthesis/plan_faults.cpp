// SPDX-License-Identifier: Apache-2.0
// Words of the faults of a plan, and the small readers that find them.
#include "synthesis/internal/plan_faults.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/text.hpp"

namespace amate::synthesis::internal {

void PlanFaults::add(const Place& place, std::string es, std::string en, std::string_view word,
                     const std::vector<std::string>& candidates) {
    const auto near = candidates.empty() ? std::nullopt : closest(word, candidates);
    if (near) {
        es += fmt::format("; ¿quiso decir `{}`?", *near);
        en += fmt::format("; did you mean `{}`?", *near);
    }
    problems_.push_back({"synthesis.bad_plan",
                         place,
                         {{"reason_es", std::move(es)},
                          {"reason_en", std::move(en)},
                          {"suggestion", near.value_or("")}}});
}

void PlanFaults::check_keys(const definitions::DataNode& node,
                            const std::vector<std::string>& known) {
    for (const auto& [key, value] : node.entries) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        add(value.place, fmt::format("`{}` no es una clave de aquí", key),
            fmt::format("`{}` is no key here", key), key, known);
    }
}

void PlanFaults::missing(const Place& place, std::string_view key) {
    add(place, fmt::format("falta `{}`", key), fmt::format("`{}` is missing", key));
}

std::optional<double> read_number(const definitions::DataNode& node, double maximum,
                                  PlanFaults& faults) {
    double number = 0;
    const auto& text = node.scalar;
    const auto end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (!text.empty() && error == std::errc() && at == end && std::isfinite(number) &&
        number >= 0 && number <= maximum) {
        return number;
    }
    faults.add(node.place, fmt::format("`{}` no es un número de 0 a {}", text, maximum),
               fmt::format("`{}` is not a number from 0 to {}", text, maximum));
    return std::nullopt;
}

std::optional<std::pair<int, int>> parse_range(std::string_view text, int open_end) {
    std::pair<int, int> range{0, 0};
    const auto end = text.data() + text.size();
    auto read = std::from_chars(text.data(), end, range.first);
    if (read.ec != std::errc() || range.first < 0) return std::nullopt;
    range.second = range.first;
    if (read.ptr == end) return range;
    if (*read.ptr == '+' && read.ptr + 1 == end) {
        range.second = std::max(open_end, range.first);
        return range;
    }
    if (*read.ptr != '-') return std::nullopt;
    read = std::from_chars(read.ptr + 1, end, range.second);
    if (read.ec != std::errc() || read.ptr != end || range.second < range.first) {
        return std::nullopt;
    }
    return range;
}

}  // namespace amate::synthesis::internal
