// SPDX-License-Identifier: Apache-2.0
// Reads the locale files once and fills parameters in.
#include "render/internal/locales.hpp"

#include <boost/json.hpp>

#include "core/result.hpp"
#include "render/view.hpp"

namespace amate::render {
namespace internal {

Locales read_locales(const std::vector<Asset>& files) {
    Locales locales;
    for (const auto& file : files) {
        if (!file.name.ends_with(".json")) continue;
        const std::string_view stem = file.name.substr(0, file.name.size() - 5);
        const auto dot = stem.rfind('.');
        AMATE_CHECK(dot != std::string_view::npos);
        Texts& texts = locales[std::string(stem.substr(dot + 1))];
        boost::json::error_code error;
        const auto tree = boost::json::parse(file.bytes, error);
        AMATE_CHECK(!error && tree.is_object());
        for (const auto& entry : tree.get_object()) {
            AMATE_CHECK(entry.value().is_string());
            const bool is_new =
                texts.emplace(std::string(entry.key()), entry.value().get_string().c_str()).second;
            AMATE_CHECK(is_new);
        }
    }
    return locales;
}

std::set<std::string> parameters_of(std::string_view text) {
    std::set<std::string> names;
    for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open)) {
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) break;
        names.emplace(text.substr(open + 1, close - open - 1));
        open = close;
    }
    return names;
}

}  // namespace internal

std::string say(std::string_view language, std::string_view key,
                const std::vector<std::pair<std::string, std::string>>& parameters) {
    static const internal::Locales locales = internal::read_locales(internal::embedded_locales());
    auto texts = locales.find(language);
    if (texts == locales.end()) texts = locales.find("en");
    AMATE_CHECK(texts != locales.end());
    const auto found = texts->second.find(key);
    AMATE_CHECK(found != texts->second.end());
    const std::string_view text = found->second;

    std::string filled;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto open = text.find('{', at);
        const auto close = open == std::string_view::npos ? open : text.find('}', open);
        filled.append(text.substr(at, close == std::string_view::npos ? close : open - at));
        if (close == std::string_view::npos) break;
        const std::string_view name = text.substr(open + 1, close - open - 1);
        bool is_filled = false;
        for (const auto& [parameter, value] : parameters) {
            if (parameter != name) continue;
            filled.append(value);
            is_filled = true;
        }
        AMATE_CHECK(is_filled);
        at = close + 1;
    }
    return filled;
}

}  // namespace amate::render
