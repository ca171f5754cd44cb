// SPDX-License-Identifier: Apache-2.0
// Puts numbers and dates into words through the locale files.
#include "server/wording.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "render/view.hpp"

namespace amate::server {
namespace {

std::string say(std::string_view language, const std::string& key,
                const std::vector<std::pair<std::string, std::string>>& parameters = {}) {
    return render::say(language, "pages." + key, parameters);
}

}  // namespace

std::string number_words(std::int64_t number) {
    return group_thousands(std::to_string(number));
}

std::string decimal_words(double number, int decimals) {
    const auto text = fmt::format("{:.{}f}", number, decimals);
    const auto point = text.find('.');
    return group_thousands(text.substr(0, point)) + (point == text.npos ? "" : text.substr(point));
}

std::string date_words(Date date, std::string_view language) {
    return say(language, "date",
               {{"day", std::to_string(date.day())},
                {"month", say(language, "month_" + std::to_string(date.month()))},
                {"year", std::to_string(date.year())}});
}

std::string period_words(const Period& period, std::string_view language) {
    if (period.first && period.last && *period.first == *period.last) {
        return date_words(*period.first, language);
    }
    if (period.first && period.last) {
        return say(language, "period_between",
                   {{"first", date_words(*period.first, language)},
                    {"last", date_words(*period.last, language)}});
    }
    if (period.first) {
        return say(language, "period_since", {{"first", date_words(*period.first, language)}});
    }
    if (period.last) {
        return say(language, "period_until", {{"last", date_words(*period.last, language)}});
    }
    return {};
}

std::string value_words(const definitions::Figure& figure, std::string_view language) {
    auto words = group_thousands(figure.value);
    if (figure.measure == "percent") words += " %";
    if (figure.measure == "money") words += " " + figure.unit;
    const auto bound = figure.find_key("bound");
    constexpr std::string_view kBounds[] = {"more_than", "at_most",  "less_than",         "almost",
                                            "approx",    "at_least", "a_little_more_than"};
    if (std::find(std::begin(kBounds), std::end(kBounds), bound) == std::end(kBounds)) return words;
    return say(language, "bound_" + bound, {{"value", words}});
}

std::string spaced(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

}  // namespace amate::server
