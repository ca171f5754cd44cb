// SPDX-License-Identifier: Apache-2.0
// Days, moments and dates that lack a day in XPath: as digits to compare, as counts to reckon with.
#include "definitions/internal/expression_xpath.hpp"

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

constexpr int kDaysToYearOne = 719162;  // from 0001-01-01, a Monday, to 1970-01-01

const Node& without_day_of(const Node& node) {
    const bool wraps = node.operation == Operation::to_day || node.operation == Operation::date_of;
    return wraps ? without_day_of(*node.children[0]) : node;
}

bool is_choice(const Node& node) {
    return node.operation == Operation::if_ || node.operation == Operation::coalesce;
}

std::string days_in_month(const std::string& year, const std::string& month) {
    return fmt::format(
        "(number(substr('312831303130313130313031', {1} * 2 - 2, {1} * 2)) + if({1} = 2 and {0} "
        "mod 4 = 0 and ({0} mod 100 != 0 or {0} mod 400 = 0), 1, 0))",
        year, month);
}

// 20180309 as '2018-03-09'.
std::string text_of_digits(const std::string& digits) {
    const auto piece = [&](int first, int end) {
        return fmt::format("substr(string(100000000 + {}), {}, {})", digits, first, end);
    };
    return fmt::format("concat({}, '-', {}, '-', {})", piece(1, 5), piece(5, 7), piece(7, 9));
}

std::string text_of_count(const std::string& count, std::string_view form) {
    return fmt::format("format-date(date({}), '{}')", count, form);
}

// A day's count since 1970, wherever the phone is: its midnight is less than half a day from UTC's.
std::string count_of_text(const std::string& text) {
    return fmt::format("round(decimal-date-time({}))", text);
}

}  // namespace

// Of a node of type date, or of the day of a moment.
std::string XPathWriter::day(const Node& outer, Form form) {
    const auto& node = without_day_of(outer);
    if (is_choice(node)) return choice(node, form);
    if (node.type == Type::datetime &&
        (node.operation == Operation::add || node.operation == Operation::subtract)) {
        const auto count =
            fmt::format("(int({} div 86400) - {})", value(node, Form::seconds), kDaysToYearOne);
        if (form == Form::day_count) return count;
        if (form == Form::day_text) return text_of_count(count, "%Y-%m-%d");
        return fmt::format("number({})", text_of_count(count, "%Y%m%d"));
    }
    switch (node.operation) {
        case Operation::literal: {
            const auto* moment = std::get_if<DateTime>(&node.literal);
            const auto date = moment != nullptr ? moment->date : std::get<Date>(node.literal);
            if (form == Form::day_text) return quote_xpath(date.iso());
            if (form == Form::day_count) return fmt::format("{}", date.days_since_1970());
            return fmt::format("{}", date.year() * 10000 + date.month() * 100 + date.day());
        }
        case Operation::variable:
            return day_of_text(node, path(node), form);
        case Operation::now:
        case Operation::today:
            return day_of_text(node, "today()", form);
        default:
            return moved_day(node, form);
    }
}

std::string XPathWriter::day_of_text(const Node& node, const std::string& text, Form form) {
    if (form == Form::day_text) return fmt::format("format-date({}, '%Y-%m-%d')", text);
    if (form == Form::day_digits) return fmt::format("number(format-date({}, '%Y%m%d'))", text);
    const bool has_time = node.type == Type::datetime && node.operation != Operation::now;
    return count_of_text(has_time ? fmt::format("format-date({}, '%Y-%m-%d')", text) : text);
}

// add_days is at hand as a count, add_months and add_years as digits.
std::string XPathWriter::moved_day(const Node& node, Form form) {
    if (node.operation == Operation::add_days) {
        const auto count = fmt::format("({} + {})", value(*node.children[0], Form::day_count),
                                       value(*node.children[1]));
        if (form == Form::day_count) return count;
        if (form == Form::day_text) return text_of_count(count, "%Y-%m-%d");
        return fmt::format("number({})", text_of_count(count, "%Y%m%d"));
    }
    if (node.operation != Operation::add_months && node.operation != Operation::add_years) {
        return refuse(node, "add_working_days()");
    }
    const auto& start = *node.children[0];
    const auto months = fmt::format("({} * 12 + {} - 1 + {}{})", part(start, 'Y'), part(start, 'm'),
                                    value(*node.children[1]),
                                    node.operation == Operation::add_years ? " * 12" : "");
    const auto year = fmt::format("int({} div 12)", months);
    const auto month = fmt::format("({} mod 12 + 1)", months);
    const auto number = part(start, 'd');
    const auto last = days_in_month(year, month);
    const auto digits = fmt::format("({} * 10000 + {} * 100 + if({} < {}, {}, {}))", year, month,
                                    number, last, number, last);
    if (form == Form::day_digits) return digits;
    const auto text = text_of_digits(digits);
    return form == Form::day_text ? text : count_of_text(text);
}

std::string XPathWriter::part(const Node& outer, char which) {
    const auto& node = without_day_of(outer);
    if (node.operation == Operation::variable) {
        return fmt::format("number(format-date({}, '%{}'))", path(node), which);
    }
    const auto digits = value(outer, Form::day_digits);
    if (which == 'Y') return fmt::format("int({} div 10000)", digits);
    if (which == 'm') return fmt::format("(int({} div 100) mod 100)", digits);
    return fmt::format("({} mod 100)", digits);
}

// Of a node of type datetime.
std::string XPathWriter::moment(const Node& node, Form form) {
    if (is_choice(node)) return choice(node, form);
    const bool shifted = node.operation == Operation::add || node.operation == Operation::subtract;
    if (!shifted) {
        const auto written = node.operation == Operation::now       ? std::string("now()")
                             : node.operation == Operation::literal ? literal(node)
                                                                    : path(node);
        const auto formatted = [&](std::string_view how) {
            return fmt::format("format-date-time({}, '{}')", written, how);
        };
        if (form == Form::moment_text) return formatted("%Y-%m-%dT%H:%M:%S");
        if (form == Form::moment_digits)
            return fmt::format("number({})", formatted("%Y%m%d%H%M%S"));
        return fmt::format("(({} + {}) * 86400 + number({}) * 3600 + number({}) * 60 + number({}))",
                           day(node, Form::day_count), kDaysToYearOne, formatted("%H"),
                           formatted("%M"), formatted("%S"));
    }
    const auto seconds =
        fmt::format("({} {} {} * 60)", value(*node.children[0], Form::seconds),
                    node.operation == Operation::add ? "+" : "-", value(*node.children[1]));
    if (form == Form::seconds) return seconds;
    const auto two = [&](std::string_view number) {
        return fmt::format("substr(string(100 + {}), 1, 3)", number);
    };
    const auto text =
        fmt::format("concat({}, 'T', {}, ':', {}, ':', {})", day(node, Form::day_text),
                    two(fmt::format("int(({} mod 86400) div 3600)", seconds)),
                    two(fmt::format("int(({} mod 3600) div 60)", seconds)),
                    two(fmt::format("({} mod 60)", seconds)));
    if (form == Form::moment_text) return text;
    return fmt::format("number(translate({}, '-T:', ''))", text);
}

std::string XPathWriter::hour(const Node& node) {
    const auto& moment = *node.children[0];
    if (moment.operation != Operation::variable) {
        return fmt::format("int(({} mod 86400) div 3600)", value(moment, Form::seconds));
    }
    return fmt::format("number(format-date-time({}, '%H'))", path(moment));
}

// Of a node of type partial_date: the earliest and the latest day it can be, as digits.
std::string XPathWriter::stretch(const Node& node, Form form) {
    if (is_choice(node)) return choice(node, form);
    if (node.operation == Operation::to_partial) {
        return value(*node.children[0], Form::day_digits);
    }
    const auto written = path(node);
    if (form == Form::plain) return written;
    const auto digits = fmt::format("translate({}, '-', '')", written);
    if (form == Form::first_digits) {
        return fmt::format("number(substr(concat({}, '0101'), 0, 8))", digits);
    }
    const auto year = fmt::format("number(substr({}, 0, 4))", written);
    const auto month = fmt::format("number(substr({}, 5, 7))", written);
    return fmt::format(
        "if(string-length({0}) = 4, {1} * 10000 + 1231, if(string-length({0}) = 7, number({2}) * "
        "100 + {3}, number({2})))",
        written, year, digits, days_in_month(year, month));
}

std::string XPathWriter::day_function(const Node& node) {
    const auto& first = *node.children[0];
    switch (node.operation) {
        case Operation::year:
            if (first.type != Type::partial_date) return part(first, 'Y');
            return fmt::format("int({} div 10000)", value(first, Form::first_digits));
        case Operation::month:
            if (first.type != Type::partial_date) return part(first, 'm');
            return fmt::format("(int({} div 100) mod 100)", value(first, Form::first_digits));
        case Operation::day_of:
            return part(first, 'd');
        case Operation::hour:
            return hour(node);
        case Operation::quarter:
            return fmt::format("int(({} + 2) div 3)", part(first, 'm'));
        case Operation::weekday:
            return fmt::format("(({} + {}) mod 7 + 1)", value(first, Form::day_count),
                               kDaysToYearOne);
        case Operation::week: {  // the number of the year's Thursday that lies in it
            const auto count = value(first, Form::day_count);
            const auto thursday =
                fmt::format("({0} - ({0} + {1}) mod 7 + 3)", count, kDaysToYearOne);
            return fmt::format("(int(({} - {}) div 7) + 1)", thursday,
                               count_of_text(text_of_count(thursday, "%Y-01-01")));
        }
        case Operation::age:
            return fmt::format("int(({} - {}) div 10000)",
                               value(*node.children[1], Form::day_digits),
                               value(first, Form::last_digits));
        default:
            return between_days(node);
    }
}

std::string XPathWriter::between_days(const Node& node) {
    const auto& from = *node.children[0];
    const auto& to = *node.children[1];
    switch (node.operation) {
        case Operation::days_between:
            return fmt::format("({} - {})", value(to, Form::day_count),
                               value(from, Form::day_count));
        case Operation::minutes_between:
            return fmt::format("int(({} - {}) div 60)", value(to, Form::seconds),
                               value(from, Form::seconds));
        case Operation::years_between:
            return fmt::format("int(({} - {}) div 10000)", value(to, Form::day_digits),
                               value(from, Form::day_digits));
        case Operation::months_between: {
            const auto months = [&](const Node& first, const Node& last) {
                return fmt::format("(({} - {}) * 12 + {} - {} - if({} < {}, 1, 0))",
                                   part(last, 'Y'), part(first, 'Y'), part(last, 'm'),
                                   part(first, 'm'), part(last, 'd'), part(first, 'd'));
            };
            return fmt::format("if({} >= {}, {}, 0 - {})", value(to, Form::day_digits),
                               value(from, Form::day_digits), months(from, to), months(to, from));
        }
        default:
            return refuse(node, "working_days_between()");
    }
}

}  // namespace amate::definitions::internal
