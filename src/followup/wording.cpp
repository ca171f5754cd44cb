// SPDX-License-Identifier: Apache-2.0
// Puts numbers, dates and units into words.
#include "followup/internal/wording.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.hpp"
#include "render/view.hpp"

namespace amate::followup::internal {

std::string say(std::string_view language, std::string_view key, const Parameters& parameters) {
    return render::say(language, "report." + std::string(key), parameters);
}

std::string number_words(std::string_view number) {
    if (number.starts_with('-')) return "\u2212" + group_thousands(number.substr(1));
    return group_thousands(number);
}

std::string bounded_words(std::string_view number, std::string_view bound,
                          std::string_view language) {
    constexpr std::array<std::string_view, 7> kBounds{
        "more_than", "at_most", "less_than", "almost", "approx", "at_least", "a_little_more_than"};
    if (std::find(kBounds.begin(), kBounds.end(), bound) == kBounds.end())
        return number_words(number);
    return say(language, "bound." + std::string(bound), {{"number", number_words(number)}});
}

std::string working_words(std::string_view working) {
    std::string words;
    for (const auto& piece : split(working, ' ')) {
        if (!words.empty() && piece != ")" && !words.ends_with('(')) words += " ";
        if (piece == "/")
            words += "÷";
        else if (piece == "*")
            words += "×";
        else if (piece == "-")
            words += "\u2212";
        else
            words += number_words(piece);
    }
    return words;
}

std::string date_words(Date date, std::string_view language) {
    return say(language, "date",
               {{"day", std::to_string(date.day())},
                {"month", say(language, "month." + std::to_string(date.month()))},
                {"year", std::to_string(date.year())}});
}

std::string period_words(const Period& period, std::string_view language) {
    if (!period.first && !period.last) return say(language, "period.none");
    if (!period.first)
        return say(language, "period.until", {{"last", date_words(*period.last, language)}});
    if (!period.last)
        return say(language, "period.since", {{"first", date_words(*period.first, language)}});
    const Date first = *period.first;
    const Date last = *period.last;
    if (first == last) return date_words(first, language);
    if (first.year() == last.year() && first.month() == 1 && first.day() == 1 &&
        last.month() == 12 && last.day() == 31)
        return std::to_string(first.year());
    return say(language, "period.between",
               {{"first", date_words(first, language)}, {"last", date_words(last, language)}});
}

std::string humanised(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

std::string unit_words(const definitions::Pack& pack, const definitions::Figure& figure,
                       std::string_view language) {
    if (const auto* units = pack.find_codelist("units"); units != nullptr)
        if (units->find(figure.unit) != nullptr) return units->label(figure.unit, language);
    if (figure.measure == "percent" || figure.unit == "percent") return "%";
    if (figure.measure == "money" || language == "en") return humanised(figure.unit);
    return {};
}

std::string list_words(const std::vector<std::string>& items, std::string_view language) {
    std::string words;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) words += i + 1 == items.size() ? say(language, "and") : ", ";
        words += items[i];
    }
    return words;
}

}  // namespace amate::followup::internal
