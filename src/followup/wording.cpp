// SPDX-License-Identifier: Apache-2.0
// Puts numbers, dates and units into words.
#include "followup/wording.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.hpp"
#include "render/view.hpp"

namespace amate::followup {

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

namespace {

std::string month_words(Date date, std::string_view language) {
    return say(language, "month." + std::to_string(date.month()));
}

// Says a year or month that both days share only once.
std::string between_words(Date first, Date last, std::string_view language) {
    if (first.year() != last.year())
        return say(language, "period.between",
                   {{"first", date_words(first, language)}, {"last", date_words(last, language)}});
    const std::string year = std::to_string(last.year());
    const std::string first_day = std::to_string(first.day());
    const std::string last_day = std::to_string(last.day());
    if (first.month() != last.month())
        return say(language, "period.months",
                   {{"first", first_day},
                    {"first_month", month_words(first, language)},
                    {"last", last_day},
                    {"last_month", month_words(last, language)},
                    {"year", year}});
    const bool is_whole_month =
        first.day() == 1 && Date::from_days(last.days_since_1970() + 1).day() == 1;
    if (is_whole_month)
        return say(language, "period.month",
                   {{"month", month_words(last, language)}, {"year", year}});
    return say(language, "period.days",
               {{"first", first_day},
                {"last", last_day},
                {"month", month_words(last, language)},
                {"year", year}});
}

}  // namespace

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
    return between_words(first, last, language);
}

std::string humanised(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

std::string unit_words(const definitions::Pack& pack, const definitions::Figure& figure,
                       std::string_view language) {
    if (figure.measure == "count" && figure.value == "1") return {};  // labels are plural
    if (figure.unit == "ordinal") return {};
    if (const auto* units = pack.find_codelist("units"); units != nullptr)
        if (units->find(figure.unit) != nullptr) return units->label(figure.unit, language);
    constexpr std::array<std::string_view, 6> kTimes{"years", "months", "weeks",
                                                     "days",  "hours",  "minutes"};
    if (std::find(kTimes.begin(), kTimes.end(), figure.unit) != kTimes.end())
        return say(language, "unit." + figure.unit);
    if (figure.measure == "percent" || figure.unit == "percent") return "%";
    if (figure.measure == "money" || language == "en") return humanised(figure.unit);
    return {};
}

std::string key_words(const definitions::Pack& pack, const std::string& figure_id,
                      const std::string& key, std::string_view language) {
    if (const auto* indicator = pack.indicator_of_figure(figure_id); indicator != nullptr) {
        const auto mapped = indicator->disaggregation.find(key);
        const auto* register_ = pack.find_register(indicator->register_name);
        if (mapped != indicator->disaggregation.end() && register_ != nullptr)
            if (const auto* dimension = register_->find_dimension(mapped->second);
                dimension != nullptr)
                return dimension->title.in(language);
    }
    for (const auto& attribute : pack.person_attributes)
        if (attribute.name == key) return attribute.title.in(language);
    for (const auto& register_ : pack.registers)
        if (const auto* dimension = register_->find_dimension(key); dimension != nullptr)
            return dimension->title.in(language);
    return humanised(key);
}

std::string list_words(const std::vector<std::string>& items, std::string_view language) {
    std::string words;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) words += i + 1 == items.size() ? say(language, "and") : ", ";
        words += items[i];
    }
    return words;
}

}  // namespace amate::followup
