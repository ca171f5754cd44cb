// SPDX-License-Identifier: Apache-2.0
// Working calendars as one running count of worked days, so that every question is a look-up.
#include "core/calendar.hpp"

#include <algorithm>

namespace amate {
namespace {

Date first_day() {
    return *Date::of(Calendar::kFirstYear, 1, 1);
}
Date last_day() {
    return *Date::of(Calendar::kLastYear, 12, 31);
}

std::optional<std::size_t> index_of(Date day) {
    if (day < first_day() || day > last_day()) return std::nullopt;
    return static_cast<std::size_t>(day.days_since_1970() - first_day().days_since_1970());
}

bool is_sound(const CalendarRules& rules) {
    const auto weekday = [](int number) { return number >= 0 && number <= 6; };
    const auto month = [](int number) { return number >= 1 && number <= 12; };
    bool worked = false;
    for (int i = 0; i <= 6; ++i) {
        worked = worked ||
                 std::find(rules.weekend.begin(), rules.weekend.end(), i) == rules.weekend.end();
    }
    return worked && std::all_of(rules.weekend.begin(), rules.weekend.end(), weekday) &&
           std::all_of(rules.yearly.begin(), rules.yearly.end(),
                       [](const auto& each) {
                           return Date::of(2000, each.month, each.day).has_value();  // a leap year
                       }) &&
           std::all_of(rules.nth_weekday.begin(), rules.nth_weekday.end(), [&](const auto& each) {
               return month(each.month) && weekday(each.weekday) &&
                      (each.nth == -1 || (each.nth >= 1 && each.nth <= 5));
           });
}

bool is_nth(const CalendarRules::NthWeekday& rule, Date day) {
    if (day.month() != rule.month || weekday_of(day) != rule.weekday) return false;
    if (rule.nth == -1) return Date::from_days(day.days_since_1970() + 7).month() != rule.month;
    return (day.day() - 1) / 7 + 1 == rule.nth;
}

bool rests(const CalendarRules& rules, Date day) {
    return std::find(rules.weekend.begin(), rules.weekend.end(), weekday_of(day)) !=
               rules.weekend.end() ||
           std::binary_search(rules.holidays.begin(), rules.holidays.end(), day) ||
           std::any_of(rules.yearly.begin(), rules.yearly.end(),
                       [&](const auto& each) {
                           return each.month == day.month() && each.day == day.day();
                       }) ||
           std::any_of(rules.nth_weekday.begin(), rules.nth_weekday.end(),
                       [&](const auto& each) { return is_nth(each, day); });
}

}  // namespace

struct Calendar::Table {
    CalendarRules rules;
    // Worked days from the first day known up to and including each day.
    std::vector<std::int32_t> worked;
};

int weekday_of(Date day) {
    const auto days = day.days_since_1970() + 4;  // 1970-01-01 was a Thursday
    return ((days % 7) + 7) % 7;
}

std::optional<Calendar> Calendar::make(CalendarRules rules) {
    if (!is_sound(rules)) return std::nullopt;
    auto table = std::make_shared<Table>();
    std::sort(rules.holidays.begin(), rules.holidays.end());
    table->worked.reserve(*index_of(last_day()) + 1);
    std::int32_t count = 0;
    for (auto at = first_day().days_since_1970(); at <= last_day().days_since_1970(); ++at) {
        if (!rests(rules, Date::from_days(at))) ++count;
        table->worked.push_back(count);
    }
    table->rules = std::move(rules);
    return Calendar(std::move(table));
}

const std::string& Calendar::name() const {
    return table_->rules.name;
}

const Text& Calendar::title() const {
    return table_->rules.title;
}

std::optional<bool> Calendar::is_working_day(Date day) const {
    const auto index = index_of(day);
    if (!index) return std::nullopt;
    return table_->worked[*index] > (*index == 0 ? 0 : table_->worked[*index - 1]);
}

std::optional<Date> Calendar::add_working_days(Date day, std::int64_t days) const {
    const auto index = index_of(day);
    if (!index) return std::nullopt;
    if (days == 0) return day;
    const auto& worked = table_->worked;
    if (days > worked.back() || days < -worked.back()) return std::nullopt;
    // The first day by which so many are worked is itself worked.
    const auto before = days > 0 || *index == 0 ? worked[*index] : worked[*index - 1];
    const auto target = before + days + (days > 0 ? 0 : 1);
    if (target < 1) return std::nullopt;
    const auto found = std::lower_bound(worked.begin(), worked.end(), target);
    if (found == worked.end()) return std::nullopt;
    return Date::from_days(first_day().days_since_1970() +
                           static_cast<std::int32_t>(found - worked.begin()));
}

std::optional<std::int64_t> Calendar::working_days_between(Date from, Date to) const {
    const auto first = index_of(from);
    const auto last = index_of(to);
    if (!first || !last) return std::nullopt;
    return std::int64_t{table_->worked[*last]} - table_->worked[*first];
}

}  // namespace amate
