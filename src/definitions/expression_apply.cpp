// SPDX-License-Identifier: Apache-2.0
// What functions of plain shape give for values that are there.
#include "definitions/internal/expression_node.hpp"
#include "definitions/internal/expression_values.hpp"
#include "definitions/model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace amate::definitions::internal {
namespace {

using Arguments = const std::vector<Value>&;

const Value kAbsent = Missing::absent;

template <class Item>
Value or_absent(const std::optional<Item>& item) {
    return item ? Value(*item) : kAbsent;
}

const Date* day_at(Arguments values, std::size_t i) {
    return std::get_if<Date>(&values[i]);
}

Value add_days_to(Date day, std::int64_t days) {
    const auto first = std::int64_t{Date::of(1, 1, 1)->days_since_1970()};
    const auto last = std::int64_t{Date::of(9999, 12, 31)->days_since_1970()};
    if (days > last - first || days < first - last) return kAbsent;
    const auto sum = day.days_since_1970() + days;
    if (sum < first || sum > last) return kAbsent;
    return Date::from_days(static_cast<std::int32_t>(sum));
}

// The same day of the month, or its last day where it has no such day.
Value add_months_to(Date day, std::int64_t months) {
    constexpr std::int64_t kMonthsMax = 120'000;
    if (months > kMonthsMax || months < -kMonthsMax) return kAbsent;
    const auto count = day.year() * 12LL + day.month() - 1 + months;
    const auto year = static_cast<int>(count / 12);
    if (count < 12 || year > 9999) return kAbsent;
    for (int number = day.day(); number > 0; --number) {
        if (const auto found = Date::of(year, static_cast<int>(count % 12) + 1, number)) {
            return *found;
        }
    }
    return kAbsent;
}

// A month is complete when the day of the month is reached; backwards it is the negative.
std::int64_t whole_months(Date from, Date to) {
    if (to < from) return -whole_months(to, from);
    return (to.year() - from.year()) * 12LL + to.month() - from.month() -
           (to.day() < from.day() ? 1 : 0);
}

// ISO 8601: the week of the year its Thursday lies in.
std::int64_t week_of(Date day) {
    const auto monday_first = (weekday_of(day) + 6) % 7;
    const auto thursday = Date::from_days(day.days_since_1970() - monday_first + 3);
    const auto new_year = *Date::of(std::clamp(thursday.year(), 1, 9999), 1, 1);
    return (thursday.days_since_1970() - new_year.days_since_1970()) / 7 + 1;
}

Value of_day(const Node& node, Date day) {
    switch (node.operation) {
        case Operation::quarter:
            return std::int64_t{(day.month() + 2) / 3};
        case Operation::week:
            return week_of(day);
        case Operation::weekday:
            return std::int64_t{weekday_of(day) == 0 ? 7 : weekday_of(day)};
        case Operation::is_working_day:
            return or_absent(node.calendar->is_working_day(day));
        default:
            return std::int64_t{day.day()};
    }
}

Value of_day_and_number(const Node& node, Date day, std::int64_t number) {
    switch (node.operation) {
        case Operation::add_days:
            return add_days_to(day, number);
        case Operation::add_months:
            return add_months_to(day, number);
        case Operation::add_years:
            return number > 10'000 || number < -10'000 ? kAbsent : add_months_to(day, number * 12);
        default:
            return or_absent(node.calendar->add_working_days(day, number));
    }
}

Value of_two_days(const Node& node, Date from, Date to) {
    if (node.operation == Operation::months_between) return whole_months(from, to);
    if (node.operation == Operation::years_between) return whole_months(from, to) / 12;
    return or_absent(node.calendar->working_days_between(from, to));
}

Value period(Arguments values) {
    const auto* day = day_at(values, 0);
    if (day == nullptr) return kAbsent;
    const auto* first = day_at(values, 1);
    const auto* last = day_at(values, 2);
    return (first == nullptr || *first <= *day) && (last == nullptr || *day <= *last);
}

// The letters A to Z and those Spanish adds: every reading of the language can do the same.
std::string change_case(std::string_view text, bool to_capitals) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kLetters = {
        {{"á", "Á"}, {"é", "É"}, {"í", "Í"}, {"ó", "Ó"}, {"ú", "Ú"}, {"ü", "Ü"}, {"ñ", "Ñ"}}};
    std::string changed;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const auto pair = std::find_if(kLetters.begin(), kLetters.end(), [&](const auto& each) {
            return text.substr(at, 2) == (to_capitals ? each.first : each.second);
        });
        if (pair != kLetters.end()) {
            changed += to_capitals ? pair->second : pair->first;
            at += 2;
            continue;
        }
        const bool change = to_capitals ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
        changed += change ? static_cast<char>(c ^ 0x20) : c;
        ++at;
    }
    return changed;
}

Value of_text(Operation operation, const std::string& text) {
    if (operation != Operation::trim) return change_case(text, operation == Operation::upper);
    const auto first = text.find_first_not_of(' ');
    if (first == text.npos) return std::string();
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

Value joined(Arguments values) {
    std::string all;
    for (const auto& value : values) {
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr) return kAbsent;
        all += *text;
    }
    return all;
}

// Half away from zero. Numbers too large to have such places are left as they are.
double rounded(double number, std::int64_t places) {
    double scale = 1;
    for (; places > 0; --places) scale *= 10;
    const auto scaled = std::abs(number) * scale;
    if (!(scaled < 4503599627370496.0)) return number;
    const auto result = std::floor(scaled + 0.5) / scale;
    return number < 0 ? 0 - result : result;
}

Value of_code(const Node& node, const std::string& code, Arguments values) {
    if (node.operation == Operation::tagged) return node.members.contains(code);
    const auto* list = node.children[0]->codelist;
    const auto* found = list == nullptr ? nullptr : list->find(code);
    if (found == nullptr) return kAbsent;
    if (node.operation == Operation::parent) {
        return found->parent.empty() ? kAbsent : Value(found->parent);
    }
    const auto* day = day_at(values, 1);
    if (day == nullptr) return kAbsent;
    return Period{found->valid_from, found->valid_to}.contains(*day);
}

Value of_life(const Node& node, const RecordLife* life) {
    if (life == nullptr) return kAbsent;
    if (node.operation == Operation::current_state) return life->state;
    return std::find(life->flags.begin(), life->flags.end(), std::get<std::string>(node.literal)) !=
           life->flags.end();
}

}  // namespace

Value apply(const Node& node, const std::vector<Value>& values, const EvaluationContext& context) {
    const auto operation = node.operation;
    if (operation == Operation::flagged || operation == Operation::current_state) {
        return of_life(node, context.life);
    }
    if (operation == Operation::in_period) return period(values);
    if (operation == Operation::concat) return joined(values);
    if (const auto* day = day_at(values, 0)) {
        if (values.size() == 1) return of_day(node, *day);
        if (const auto* number = std::get_if<std::int64_t>(&values[1])) {
            return of_day_and_number(node, *day, *number);
        }
        const auto* other = day_at(values, 1);
        return other == nullptr ? kAbsent : of_two_days(node, *day, *other);
    }
    if (const auto* from = std::get_if<DateTime>(&values[0])) {
        const auto* to = std::get_if<DateTime>(&values[1]);
        if (to == nullptr) return kAbsent;
        const auto days = std::int64_t{to->date.days_since_1970()} - from->date.days_since_1970();
        return (days * 86400 + to->second_of_day - from->second_of_day) / 60;
    }
    if (operation == Operation::absolute || operation == Operation::round) {
        const auto number = as_decimal(values[0]);  // money may be whole in one record
        if (!number) return kAbsent;
        if (operation == Operation::absolute) return std::abs(*number);
        return rounded(*number, std::get<std::int64_t>(values[1]));
    }
    const auto* text = std::get_if<std::string>(&values[0]);
    if (text == nullptr) return kAbsent;
    if (node.children[0]->type == Type::code) return of_code(node, *text, values);
    if (values.size() == 1) return of_text(operation, *text);
    const auto* other = std::get_if<std::string>(&values[1]);
    if (other == nullptr) return kAbsent;
    if (operation == Operation::starts_with) return text->starts_with(*other);
    return text->find(*other) != text->npos;
}

Value shift(DateTime moment, std::int64_t minutes) {
    constexpr std::int64_t kMinutesMax = 10'000LL * 366 * 1440;
    if (minutes > kMinutesMax || minutes < -kMinutesMax) return kAbsent;
    const auto seconds = moment.second_of_day + minutes * 60;
    const auto rest = ((seconds % 86400) + 86400) % 86400;
    const auto day = add_days_to(moment.date, (seconds - rest) / 86400);
    const auto* date = std::get_if<Date>(&day);
    return date == nullptr ? kAbsent : Value(DateTime{*date, static_cast<std::int32_t>(rest)});
}

}  // namespace amate::definitions::internal
