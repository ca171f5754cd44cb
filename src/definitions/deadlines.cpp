// SPDX-License-Identifier: Apache-2.0
// Counts time limits over days, working days and suspensions.
#include "definitions/deadlines.hpp"

#include <algorithm>

#include "definitions/internal/code_validity.hpp"

namespace amate::definitions {
namespace {

using Stretches = std::vector<std::pair<Date, Date>>;

constexpr std::int32_t kLastSecond = 24 * 3600 - 1;
constexpr int kDaysCountedMax = 400'000;  // more than the years a calendar knows

bool is_suspended(Date day, const Stretches& suspended) {
    return std::any_of(suspended.begin(), suspended.end(),
                       [&](const auto& each) { return each.first <= day && day < each.second; });
}

std::optional<Date> plus_days(Date day, std::int64_t days) {
    const auto sum = day.days_since_1970() + days;
    constexpr std::int64_t kDaysMax = 2'900'000;  // just before the year 10000
    if (sum > kDaysMax) return std::nullopt;
    return Date::from_days(static_cast<std::int32_t>(sum));
}

// The same day of a later month, or the last one it has.
std::optional<Date> plus_months(Date day, std::int64_t months) {
    const auto all = day.year() * std::int64_t{12} + day.month() - 1 + months;
    if (all / 12 > 9999) return std::nullopt;
    for (int last = day.day(); last > 0; --last) {
        const auto found =
            Date::of(static_cast<int>(all / 12), static_cast<int>(all % 12) + 1, last);
        if (found) return found;
    }
    return std::nullopt;
}

// The `count`-th day after `day` that counts.
std::optional<Date> count_days(Date day, std::int64_t count, const Calendar* calendar,
                               const Stretches& suspended) {
    for (int step = 0; count > 0; ++step) {
        const auto next = plus_days(day, 1);
        if (!next || step > kDaysCountedMax) return std::nullopt;
        day = *next;
        if (calendar != nullptr) {
            const auto worked = calendar->is_working_day(day);
            if (!worked) return std::nullopt;
            if (!*worked) continue;
        }
        if (!is_suspended(day, suspended)) --count;
    }
    return day;
}

// Moves `end` by the suspended days of (start, end], and by those that come into it so.
std::optional<Date> stretch_end(Date start, Date end, const Stretches& suspended) {
    if (suspended.empty()) return end;
    for (auto day = plus_days(start, 1); day && *day <= end; day = plus_days(*day, 1)) {
        if (!is_suspended(*day, suspended)) continue;
        const auto later = plus_days(end, 1);
        if (!later || later->days_since_1970() - start.days_since_1970() > kDaysCountedMax) {
            return std::nullopt;
        }
        end = *later;
    }
    return end;
}

std::optional<DateTime> start_of(const Value& value) {
    if (const auto* moment = std::get_if<DateTime>(&value)) return *moment;
    if (const auto* day = std::get_if<Date>(&value)) return DateTime{*day, 0};
    return std::nullopt;
}

// Hours from a day whose hour is not known are counted from its end: nobody is late by midnight.
std::optional<DateTime> beginning_of(const TimeLimit& limit, const Value& value) {
    const bool hours = limit.unit == LimitUnit::minute || limit.unit == LimitUnit::hour;
    const auto* day = std::get_if<Date>(&value);
    if (day == nullptr || !hours) return start_of(value);
    const auto next = plus_days(*day, 1);
    return next ? std::optional(DateTime{*next, 0}) : std::nullopt;
}

bool is_true(const Expression& expression, const std::vector<Value>& record,
             const EvaluationContext& context) {
    return expression.evaluate(record, context) == Value(true);
}

Stretches stretches_of(const Deadline& deadline, const std::vector<Value>& record, Date today) {
    Stretches stretches;
    for (const auto& each : deadline.suspend) {
        const auto from = internal::day_of(record[each.from]);
        if (!from) continue;
        const auto until = internal::day_of(record[each.until]);
        stretches.emplace_back(*from, until ? *until : std::max(*from, *plus_days(today, 1)));
    }
    return stretches;
}

}  // namespace

std::string_view name_of(DeadlineState state) {
    switch (state) {
        case DeadlineState::running:
            return "running";
        case DeadlineState::suspended:
            return "suspended";
        case DeadlineState::met:
            return "met";
        case DeadlineState::met_late:
            return "met_late";
        case DeadlineState::lapsed:
            break;
    }
    return "lapsed";
}

std::optional<DateTime> due_moment(const TimeLimit& limit, DateTime start,
                                   const Stretches& suspended) {
    std::optional<Date> day;
    switch (limit.unit) {
        case LimitUnit::minute:
        case LimitUnit::hour: {
            const auto seconds =
                start.second_of_day + limit.count * (limit.unit == LimitUnit::hour ? 3600 : 60);
            const auto end = plus_days(start.date, seconds / (24 * 3600));
            if (end) day = stretch_end(start.date, *end, suspended);
            if (!day) return std::nullopt;
            return DateTime{*day, static_cast<std::int32_t>(seconds % (24 * 3600))};
        }
        case LimitUnit::day:
            day = count_days(start.date, limit.count, nullptr, suspended);
            break;
        case LimitUnit::week:
            day = count_days(start.date, limit.count * 7, nullptr, suspended);
            break;
        case LimitUnit::working_day:
            AMATE_CHECK(limit.calendar != nullptr);
            day = suspended.empty()
                      ? limit.calendar->add_working_days(start.date, limit.count)
                      : count_days(start.date, limit.count, limit.calendar, suspended);
            break;
        case LimitUnit::month:
        case LimitUnit::year: {
            const auto months = limit.count * (limit.unit == LimitUnit::year ? 12 : 1);
            if (const auto end = plus_months(start.date, months)) {
                day = stretch_end(start.date, *end, suspended);
            }
            break;
        }
    }
    if (!day) return std::nullopt;
    return DateTime{*day, kLastSecond};
}

std::optional<DateTime> due_from(const TimeLimit& limit, const Value& start) {
    const auto beginning = beginning_of(limit, start);
    return beginning ? due_moment(limit, *beginning, {}) : std::nullopt;
}

std::vector<DeadlineStatus> deadlines_of(const Register& register_,
                                         const std::vector<Value>& record,
                                         const EvaluationContext& context) {
    AMATE_CHECK(record.size() == register_.columns.size());
    std::vector<DeadlineStatus> all;
    for (const auto& deadline : register_.deadlines) {
        const auto start = beginning_of(deadline.within, record[deadline.from]);
        if (!start) continue;
        if (!deadline.when.empty() && !is_true(deadline.when, record, context)) continue;
        const auto suspended = stretches_of(deadline, record, context.now.date);
        const auto due = due_moment(deadline.within, *start, suspended);
        if (!due) continue;
        DeadlineStatus status{&deadline, *due, DeadlineState::running};
        const auto* met_on = deadline.met_on ? &record[*deadline.met_on] : nullptr;
        const auto met_at = met_on == nullptr ? std::nullopt : start_of(*met_on);
        const bool met =
            deadline.met.empty() ? met_at.has_value() : is_true(deadline.met, record, context);
        if (met) {
            status.state = met_at && *met_at > *due ? DeadlineState::met_late : DeadlineState::met;
        } else if (context.now > *due) {
            status.state = DeadlineState::lapsed;
        } else if (is_suspended(context.now.date, suspended)) {
            status.state = DeadlineState::suspended;
        }
        all.push_back(status);
    }
    return all;
}

}  // namespace amate::definitions
