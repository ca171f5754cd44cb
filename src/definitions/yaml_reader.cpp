// SPDX-License-Identifier: Apache-2.0
// Reads typed values from a YAML tree; whatever does not fit becomes a fault at its place.
#include "definitions/internal/yaml_reader.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

const Words kText{"a text", "un texto"};
const Words kMap{"a map (`key: value`)", "un mapa (`clave: valor`)"};
const Words kList{"a list (`[a, b]`)", "una lista (`[a, b]`)"};

Words words_of(NodeKind kind) {
    switch (kind) {
        case NodeKind::scalar:
            return {"a single value", "un valor suelto"};
        case NodeKind::list:
            return {"a list", "una lista"};
        case NodeKind::map:
            return {"a map", "un mapa"};
        case NodeKind::nothing:
            break;
    }
    return {"nothing", "nada"};
}

template <class Number>
std::optional<Number> parse_number(const std::string& text) {
    Number number{};
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc() || at != end) return std::nullopt;
    return number;
}

}  // namespace

bool is_id(std::string_view text) {
    if (text.empty() || text.size() > 64) return false;
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return plain(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
               return plain(c) || c == '-' || c == '_' || c == '.';
           });
}

Place Cursor::place() const {
    if (node_ == nullptr) return {};
    return {context_->file, node_->line, node_->column, {}};
}

Place Cursor::text_place() const {
    auto at = place();
    if (node_ != nullptr && node_->quoted) ++at.column;
    return at;
}

void Cursor::wrong_kind(const Words& expected) const {
    context_->faults->wrong_kind(place(), expected, words_of(node_->kind));
}

void Cursor::bad_value(const Words& expected, const std::vector<std::string>& candidates) const {
    if (node_ == nullptr) return;
    context_->faults->bad_value(place(), node_->scalar, expected, candidates);
}

void Cursor::fault(std::string code, Faults::Parameters parameters) const {
    if (node_ == nullptr) return;
    context_->faults->add(std::move(code), place(), std::move(parameters));
}

bool Cursor::expect_keys(std::initializer_list<std::string_view> keys) const {
    if (node_ == nullptr) return false;
    if (node_->kind != NodeKind::map) {
        wrong_kind(kMap);
        return false;
    }
    for (const auto& entry : node_->entries) {
        if (std::find(keys.begin(), keys.end(), entry.key.scalar) != keys.end()) continue;
        const std::vector<std::string> known(keys.begin(), keys.end());
        context_->faults->add("definitions.unknown_key",
                              {context_->file, entry.key.line, entry.key.column, {}},
                              context_->faults->suggest(
                                  {{"value", shown(entry.key.scalar)}, {"expected", listed(known)}},
                                  entry.key.scalar, known));
    }
    return true;
}

Cursor Cursor::find(std::string_view key) const {
    if (node_ == nullptr || node_->kind != NodeKind::map) return {};
    for (const auto& entry : node_->entries) {
        if (entry.key.scalar == key) return {&entry.value, context_};
    }
    return {};
}

Cursor Cursor::get(std::string_view key) const {
    const auto found = find(key);
    if (!found.present() && is(NodeKind::map)) {
        fault("definitions.missing_key", {{"key", std::string(key)}});
    }
    return found;
}

std::vector<Cursor::Entry> Cursor::entries() const {
    std::vector<Entry> all;
    if (node_ == nullptr) return all;
    if (node_->kind != NodeKind::map) {
        wrong_kind(kMap);
        return all;
    }
    for (const auto& entry : node_->entries) {
        all.push_back({{&entry.key, context_}, {&entry.value, context_}});
    }
    return all;
}

std::vector<Cursor> Cursor::items() const {
    std::vector<Cursor> all;
    if (node_ == nullptr) return all;
    if (node_->kind != NodeKind::list) {
        wrong_kind(kList);
        return all;
    }
    for (const auto& item : node_->items) all.emplace_back(&item, context_);
    return all;
}

std::vector<Cursor> Cursor::items_or_one() const {
    return is(NodeKind::scalar) ? std::vector<Cursor>{*this} : items();
}

bool Cursor::is_scalar_or_fault(const Words& expected) const {
    if (node_ == nullptr) return false;
    if (node_->kind != NodeKind::scalar) wrong_kind(expected);
    return node_->kind == NodeKind::scalar;
}

std::string Cursor::raw_text() const {
    return is_scalar_or_fault(kText) ? node_->scalar : std::string();
}

std::string Cursor::text() const {
    if (!is_scalar_or_fault(kText)) return {};
    if (trim(node_->scalar).empty()) bad_value({"a text with letters", "un texto con letras"});
    return node_->scalar;
}

std::string Cursor::name() const {
    if (!is_scalar_or_fault({"a name", "un nombre"})) return {};
    if (is_snake_case_name(node_->scalar)) return node_->scalar;
    fault("definitions.bad_name", {{"value", shown(node_->scalar)}});
    return {};
}

std::string Cursor::id() const {
    const Words expected{"an id (letters, digits, `-`, `_`, `.`, at most 64)",
                         "un identificador (letras, cifras, `-`, `_`, `.`, hasta 64)"};
    if (!is_scalar_or_fault(expected)) return {};
    if (is_id(node_->scalar)) return node_->scalar;
    bad_value(expected);
    return {};
}

std::optional<Date> Cursor::date() const {
    const Words expected{"a date YYYY-MM-DD", "una fecha AAAA-MM-DD"};
    if (!is_scalar_or_fault(expected)) return std::nullopt;
    const auto parsed = Date::parse(node_->scalar);
    if (!parsed) bad_value(expected);
    return parsed;
}

std::optional<std::int64_t> Cursor::integer(std::int64_t first, std::int64_t last) const {
    const Words expected{fmt::format("a whole number from {} to {}", first, last),
                         fmt::format("un número entero de {} a {}", first, last)};
    if (!is_scalar_or_fault(expected)) return std::nullopt;
    const auto parsed = parse_number<std::int64_t>(node_->scalar);
    if (parsed && *parsed >= first && *parsed <= last) return parsed;
    bad_value(expected);
    return std::nullopt;
}

std::optional<double> Cursor::number(double first, double last) const {
    const Words expected{fmt::format("a number from {} to {}", first, last),
                         fmt::format("un número de {} a {}", first, last)};
    if (!is_scalar_or_fault(expected)) return std::nullopt;
    const auto parsed = parse_number<double>(node_->scalar);
    if (parsed && *parsed >= first && *parsed <= last) return parsed;
    bad_value(expected);
    return std::nullopt;
}

bool Cursor::boolean() const {
    const Words expected{"true or false", "true o false"};
    if (!is_scalar_or_fault(expected)) return false;
    if (node_->scalar != "true" && node_->scalar != "false") {
        bad_value(expected, {"true", "false"});
    }
    return node_->scalar == "true";
}

std::string Cursor::duration(std::string_view units) const {
    const std::string unit_list = fmt::format("{}", fmt::join(units, ", "));
    const Words expected{"a number and a unit of " + unit_list + ", as in 4" + units.back(),
                         "un número y una unidad de " + unit_list + ", como 4" + units.back()};
    if (!is_scalar_or_fault(expected)) return {};
    const auto& text = node_->scalar;
    const auto count = parse_number<int>(text.substr(0, text.empty() ? 0 : text.size() - 1));
    if (count && *count > 0 && units.find(text.back()) != units.npos) return text;
    bad_value(expected);
    return {};
}

std::string Cursor::choice(const std::vector<std::string>& names) const {
    if (!is_scalar_or_fault(one_of(names))) return {};
    if (std::find(names.begin(), names.end(), node_->scalar) != names.end()) return node_->scalar;
    bad_value(one_of(names), names);
    return {};
}

Text Cursor::label() const {
    Text text;
    if (node_ == nullptr) return text;
    const auto& languages = *context_->languages;
    if (node_->kind != NodeKind::map) {
        const auto example = fmt::format("{{{}: ...}}", fmt::join(languages, ": ..., "));
        wrong_kind({"a text in each language, " + example, "un texto en cada idioma, " + example});
        return text;
    }
    for (const auto& entry : entries()) {
        const auto& key = entry.key.node()->scalar;
        if (std::find(languages.begin(), languages.end(), key) == languages.end()) {
            entry.key.bad_value({"a language of the pack (" + listed(languages) + ")",
                                 "un idioma del paquete (" + listed(languages) + ")"},
                                languages);
            continue;
        }
        text.set(key, entry.value.text());
    }
    for (const auto& language : languages) {
        if (!find(language).present()) {
            fault("definitions.missing_language", {{"language", language}});
        }
    }
    return text;
}

std::vector<std::string> Cursor::names() const {
    std::vector<std::string> all;
    for (const auto& item : items()) {
        if (auto each = item.name(); !each.empty()) all.push_back(std::move(each));
    }
    return all;
}

DataNode Cursor::to_data() const {
    DataNode data;
    if (node_ == nullptr) return data;
    data.place = place();
    data.scalar = node_->scalar;
    for (const auto& item : node_->items) {
        data.items.push_back(Cursor(&item, context_).to_data());
    }
    for (const auto& entry : node_->entries) {
        data.entries.push_back({entry.key.scalar, Cursor(&entry.value, context_).to_data()});
    }
    return data;
}

YamlFile::YamlFile(std::string file, const std::string& bytes, Faults& faults,
                   const std::vector<std::string>& languages)
    : context_{std::move(file), &faults, &languages},
      tree_(parse_yaml(context_.file, bytes, faults)) {}

Cursor YamlFile::root() const {
    return tree_ ? Cursor(&*tree_, &context_) : Cursor();
}

}  // namespace amate::definitions::internal
