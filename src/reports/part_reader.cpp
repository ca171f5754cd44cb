// SPDX-License-Identifier: Apache-2.0
// Reads the keys of a part, and fills in what ${...} stands for.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/text.hpp"
#include "reports/internal/parts.hpp"

namespace amate::reports::internal {
namespace {

using definitions::DataNode;

std::vector<std::string> names_of(const ReportContext& context) {
    std::vector<std::string> names;
    for (const auto& [name, value] : context.parameters) names.push_back(name);
    for (const auto& figure : context.pack.figures) names.push_back(figure.id);
    for (const auto& indicator : context.pack.indicators) names.push_back(indicator.id);
    return names;
}

// What stands between ${ and }.
std::string value_named(Draft& draft, std::string name, const Place& place, Filling filling) {
    const auto& context = draft.context;
    const auto parameter = context.parameters.find(name);
    if (parameter != context.parameters.end()) return parameter->second;
    if (filling == Filling::markdown) {
        if (const auto* state = context.find_state(name)) {
            draft.open(*state);
            return fmt::format("[{}](#a-{})", value_words(*state, context.language), name);
        }
        for (const auto& state : draft.indicators) {
            if (state.indicator->id != name) continue;
            if (std::find(draft.followed.begin(), draft.followed.end(), &state) ==
                draft.followed.end()) {
                draft.followed.push_back(&state);
            }
            const auto number = state.obstacle
                                    ? std::string("–")
                                    : followup::number_words(std::to_string(state.total));
            return fmt::format("[{}](#i-{})", number, name);
        }
    }
    const auto near = closest(name, names_of(context));
    draft.problems.push_back(
        {"reports.unknown_value", place, {{"value", name}, {"suggestion", near.value_or("")}}});
    return name;
}

}  // namespace

const FigureState* ReportContext::find_state(std::string_view figure_id) const {
    const auto found = std::find_if(states.begin(), states.end(), [&](const FigureState& state) {
        return state.figure->id == figure_id;
    });
    return found == states.end() ? nullptr : &*found;
}

void Draft::open(const FigureState& state) {
    if (std::find(opened.begin(), opened.end(), &state) == opened.end()) opened.push_back(&state);
}

void Draft::add_row(const FigureState& state, View& row) {
    open(state);
    if (in_a_row.insert(&state).second) row.add("ANCHORED").set("ID", state.figure->id);
    fill_row(context, state, row);
}

std::string fill_values(Draft& draft, const std::string& text, const Place& place,
                        Filling filling) {
    std::string filled;
    std::size_t at = 0;
    auto here = place;
    while (true) {
        const auto open = text.find("${", at);
        const auto close = open == text.npos ? text.npos : text.find('}', open);
        if (close == text.npos) return filled + text.substr(at);
        here.line +=
            static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                        text.begin() + static_cast<std::ptrdiff_t>(open), '\n'));
        filled += text.substr(at, open - at);
        filled += value_named(draft, text.substr(open + 2, close - open - 2), here, filling);
        at = close + 1;
    }
}

PartReader::PartReader(Draft& draft, const definitions::ReportPart& part,
                       std::initializer_list<const char*> keys)
    : draft_(draft), part_(part) {
    const std::vector<std::string> known(keys.begin(), keys.end());
    for (const auto& [key, node] : part.node.entries) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        bad(key.c_str(), fmt::format("`{}` no es una clave de `{}`", key, part.kind),
            fmt::format("`{}` is no key of `{}`", key, part.kind), known);
    }
}

std::string PartReader::text(const char* key) const {
    const auto* node = part_.node.find(key);
    return node == nullptr ? std::string() : fill_values(draft_, node->scalar, node->place);
}

std::vector<std::string> PartReader::list(const char* key) const {
    const auto* node = part_.node.find(key);
    if (node == nullptr) return {};
    if (node->items.empty()) return {text(key)};
    std::vector<std::string> items;
    for (const auto& item : node->items) {
        items.push_back(fill_values(draft_, item.scalar, item.place));
    }
    return items;
}

int PartReader::number(const char* key, int first, int last, int otherwise) const {
    const auto value = text(key);
    if (value.empty()) return otherwise;
    int number = 0;
    const auto end = value.data() + value.size();
    const auto [at, error] = std::from_chars(value.data(), end, number);
    if (error == std::errc() && at == end && number >= first && number <= last) return number;
    bad(key, fmt::format("`{}` no es un número de {} a {}", value, first, last),
        fmt::format("`{}` is not a number from {} to {}", value, first, last));
    return otherwise;
}

bool PartReader::yes(const char* key) const {
    return choice(key, {"false", "true"}) == "true";
}

std::string PartReader::choice(const char* key, const std::vector<std::string>& names) const {
    const auto value = text(key);
    if (value.empty() || std::find(names.begin(), names.end(), value) != names.end()) return value;
    bad(key, fmt::format("`{}` no es ninguno de: {}", value, fmt::join(names, ", ")),
        fmt::format("`{}` is none of: {}", value, fmt::join(names, ", ")), names);
    return {};
}

Place PartReader::place(const char* key) const {
    const auto* node = part_.node.find(key);
    return node == nullptr ? part_.place : node->place;
}

void PartReader::bad(const char* key, std::string es, std::string en,
                     const std::vector<std::string>& candidates) const {
    const auto* node = part_.node.find(key);
    const auto word = node == nullptr ? std::string(key) : node->scalar;
    const auto near =
        candidates.empty()
            ? std::nullopt
            : closest(
                  part_.node.find(key) == nullptr || node->scalar.empty() ? std::string(key) : word,
                  candidates);
    draft_.problems.push_back({"reports.bad_part",
                               place(key),
                               {{"reason_es", std::move(es)},
                                {"reason_en", std::move(en)},
                                {"suggestion", near.value_or("")}}});
}

}  // namespace amate::reports::internal
