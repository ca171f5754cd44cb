// SPDX-License-Identifier: Apache-2.0
// Test support: random sound expressions and records of the world of expression_cases.hpp.
#pragma once

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "definitions/expression_cases.hpp"

namespace amate::definitions::internal {

// What a drawn expression is for. For a reading that refuses something, or that is not exact in it,
// that is not drawn; docs/reference/expressions.md lists it.
enum class Reading : unsigned char {
    record,  // everything there is
    sql,     // no groups, working days, regular expressions, states and flags
    form     // XPath: no working days, no order of texts, no trim, no numbers beyond 2^53
};

// Writes sound expressions of a wanted type; `depth` bounds them.
class Writer {
public:
    explicit Writer(std::mt19937& random, Reading reading = Reading::record)
        : random_(random), reading_(reading) {}

    std::string boolean(int depth) {
        if (depth <= 0) return one_of({"accompanied", "closed", "true", "false"});
        const auto b = [&] { return boolean(depth - 1); };
        const auto n = [&] { return number(depth - 1); };
        switch (roll(19)) {
            case 0:
                return fmt::format("({} and {})", b(), b());
            case 1:
                return fmt::format("({} or {} or {})", b(), b(), b());
            case 2:
                return fmt::format("(not {})", b());
            case 3:
                return fmt::format("({} {} {})", n(), order(), n());
            case 4:
                return fmt::format("({} {}between {} and {})", n(), one_of({"", "not "}), n(), n());
            case 5:
                return fmt::format("({} {}in ({}, {}))", n(), one_of({"", "not "}), n(), n());
            case 6:
                return fmt::format("({} {} {})", code(depth - 1), one_of({"=", "!="}),
                                   code(depth - 1));
            case 7:
                return fmt::format("(sex in ('female', {}))", code(depth - 1));
            case 8:
                return fmt::format("is_known({})", anything(depth - 1));
            case 9:
                return fmt::format("selected(services, '{}')",
                                   one_of({"foo", "food", "health", "shelter"}));
            case 10:
                return fmt::format("({} {} {})", day(depth - 1), order(), day(depth - 1));
            case 11:
                return fmt::format("({} {} {})", moment(depth - 1), order(), moment(depth - 1));
            case 12:
                return fmt::format("in_period({}, {}, {})", whole_day(depth - 1),
                                   whole_day(depth - 1), whole_day(depth - 1));
            case 13:
                return of_codes_and_births(depth - 1);
            case 14:
                return fmt::format("(birth {} {})", order(), day(depth - 1));
            case 15:
                return fmt::format("({} {} {})", span(depth - 1), order(), span(depth - 1));
            case 16:
                return of_texts(depth - 1);
            case 17:
                return reading_ == Reading::sql ? b() : of_rows_or_life(depth - 1);
            default:
                return one_of({fmt::format("if({}, {}, {})", b(), b(), b()),
                               fmt::format("coalesce({}, {})", b(), b()),
                               fmt::format("(({}) {} ({}))", b(), one_of({"=", "!="}), b())});
        }
    }

    std::string number(int depth) {
        if (depth <= 0)
            return one_of({"minutes", "party", "price", "7", "0.5",
                           reading_ == Reading::form ? "60" : "9223372036854775807"});
        const auto n = [&] { return number(depth - 1); };
        const auto d = [&] { return whole_day(depth - 1); };
        switch (roll(13)) {
            case 0:
                return fmt::format("({} + {})", n(), n());
            case 1:
                return fmt::format("({} - {})", n(), n());
            case 2:  // products of products leave what a form can hold exactly
                return reading_ == Reading::form ? fmt::format("({} * {})", number(0), number(0))
                                                 : fmt::format("({} * {})", n(), n());
            case 3:
                return fmt::format("({} / {})", n(), n());
            case 4:
                return fmt::format("-{}", n());
            case 5:
                return one_of({"count_selected(services)", "year(birth)", "month(birth)",
                               fmt::format("length({})", text(depth - 1)),
                               fmt::format("age(birth, {})", d()), "age(time, seen_at)"});
            case 6:
                return fmt::format(
                    "{}({})", one_of({"quarter", "week", "day", "weekday", "year", "month"}), d());
            case 7:
                return fmt::format("{}({}, {})",
                                   one_of({"months_between", "years_between", "days_between"}), d(),
                                   d());
            case 8:
                return one_of(
                    {fmt::format("hour({})", moment(depth - 1)),
                     fmt::format("minutes_between({}, {})", moment(depth - 1), moment(depth - 1))});
            case 9:
                return fmt::format("round({}, {})", n(), one_of({"0", "1", "2"}));
            case 10:
                return fmt::format("abs({})", n());
            case 11:
                return reading_ == Reading::sql ? n() : measured(depth - 1);
            default:
                return one_of({fmt::format("coalesce({}, {})", n(), n()),
                               fmt::format("if({}, {}, {})", boolean(depth - 1), n(), n())});
        }
    }

    // Of any type an expression may have.
    std::string anything(int depth) {
        switch (roll(7)) {
            case 0:
                return number(depth);
            case 1:
                return boolean(depth);
            case 2:
                return code(depth);
            case 3:
                return text(depth);
            case 4:
                return whole_day(depth);
            case 5:
                return moment(depth);
            default:
                return one_of({"birth", "services", "minutes / party", span(depth), "point",
                               "band(minutes, 'minute_bands')", "age_group(birth, time)"});
        }
    }

private:
    std::string order() { return one_of({"=", "!=", "<", "<=", ">", ">="}); }
    std::string code(int depth) {
        if (depth <= 0) return one_of({"sex", "other_sex"});
        const auto one = one_of({"'female'", "'male'"});
        return one_of({fmt::format("if({}, {}, {})", boolean(depth - 1), code(0), one),
                       fmt::format("coalesce({}, {})", code(0), one)});
    }
    std::string text(int depth) {
        if (depth <= 0) return one_of({"name", "'Ñandú'", "'an'", "'d'"});
        std::vector<std::string> forms = {
            fmt::format("lower({})", text(depth - 1)), fmt::format("upper({})", text(depth - 1)),
            fmt::format("concat({}, {})", text(depth - 1), text(depth - 1)),
            fmt::format("coalesce({}, {})", text(depth - 1), text(0))};
        if (reading_ != Reading::form) forms.push_back(fmt::format("trim({})", text(depth - 1)));
        return one_of(forms);
    }
    std::string of_texts(int depth) {
        std::vector<std::string> forms = {
            fmt::format("starts_with({}, {})", text(depth), text(0)),
            fmt::format("contains({}, {})", text(depth), text(0)),
            fmt::format("({} {} {})", text(depth), one_of({"=", "!="}), text(depth)),
            fmt::format("({} in ({}, 'x'))", text(depth), text(0))};
        if (reading_ != Reading::form) {
            forms.push_back(fmt::format("({} {} {})", text(depth), order(), text(depth)));
        }
        if (reading_ != Reading::sql) {
            forms.push_back(fmt::format("matches({}, '{}')", text(depth),
                                        one_of({"[A-ZÑ].*", "\\w+", "", ".{5}", "it''s"})));
        }
        return one_of(forms);
    }
    std::string of_codes_and_births(int depth) {
        return one_of(
            {fmt::format("valid(point, {})", whole_day(depth)), "tagged(point, 'sea')",
             fmt::format("(parent(point) = '{}')", one_of({"north", "land"})),
             "within(point, 'north')", "within(point, 'land')", "(point in ('north', 'south'))",
             fmt::format("(age_group(birth, {}) = '12-17')", whole_day(depth)),
             "(age_group(time, seen_at) != '0-11')", "(band(minutes, 'minute_bands') = '10-29')",
             "(birth in (time, birth))", "(birth between time and other_time)",
             fmt::format("(coalesce(birth, time) < {})", day(0))});
    }
    // Of groups, and of what only a record with a life or an office's calendar can tell.
    std::string of_rows_or_life(int depth) {
        std::vector<std::string> forms = {
            fmt::format("any(companions where {})", of_row(depth)),
            fmt::format("all(companions where {})", of_row(depth)),
            fmt::format("(count(companions where {}) > {})", of_row(depth), roll(3))};
        if (reading_ == Reading::record) {
            forms.insert(forms.end(),
                         {"flagged('urgent')", "flagged('late')", "(current_state() = 'closed')",
                          fmt::format("is_working_day({}, 'offices')", whole_day(depth)),
                          "is_known(companions)",
                          fmt::format("(max(companions.arrived where {}) = time)", of_row(depth))});
        }
        return one_of(forms);
    }
    std::string of_row(int depth) {
        if (depth <= 0) {
            return one_of({"age < 18", "sex = 'female'", "paid >= 2.25", "is_known(age)",
                           "arrived <= time", "age = minutes", "sex = other_sex", "true"});
        }
        return one_of({fmt::format("({} and {})", of_row(depth - 1), of_row(0)),
                       fmt::format("({} or {})", of_row(depth - 1), of_row(0)),
                       fmt::format("(not {})", of_row(depth - 1)),
                       fmt::format("(age + {} > paid)", number(0)),
                       fmt::format("(years_between(arrived, {}) >= 0)", whole_day(0)),
                       fmt::format("(if({}, sex, 'male') = 'male')", of_row(0)),
                       fmt::format("(sum(companions.age where {}) > age)", of_row(0))});
    }
    std::string measured(int depth) {
        std::vector<std::string> forms = {
            "count(companions)", fmt::format("count(companions where {})", of_row(depth)),
            fmt::format("{}(companions.{} where {})", one_of({"sum", "min", "max"}),
                        one_of({"age", "paid"}), of_row(depth)),
            fmt::format("{}(companions.{})", one_of({"sum", "min", "max"}),
                        one_of({"age", "paid"}))};
        if (reading_ == Reading::record) {
            forms.push_back(fmt::format("working_days_between({}, {}, 'offices')", whole_day(depth),
                                        whole_day(depth)));
        }
        return one_of(forms);
    }
    std::string day(int depth) {
        if (depth <= 0)
            return one_of({"time", "seen_at", "birth", "2018-02-28", "today()", "now()"});
        return one_of({fmt::format("coalesce({}, {})", day(0), day(0)),
                       fmt::format("date({})", moment(depth - 1))});
    }
    // Of type date, so that functions of days take it.
    std::string whole_day(int depth) {
        if (depth <= 0)
            return one_of({"time", "other_time", "date(seen_at)", "2018-02-28", "today()"});
        const auto move = one_of({"add_days", "add_months", "add_years"});
        const auto by = one_of({"1", "-13", "party", "minutes", "40000", "-700"});
        std::vector<std::string> forms = {
            fmt::format("{}({}, {})", move, whole_day(0), by),
            fmt::format("if({}, {}, {})", boolean(0), whole_day(0), whole_day(0)),
            fmt::format("date({})", moment(depth - 1))};
        if (reading_ == Reading::record) {
            forms.push_back(fmt::format("add_working_days({}, {}, 'offices')", whole_day(0), by));
        }
        return one_of(forms);
    }
    std::string moment(int depth) {
        if (depth <= 0) return one_of({"seen_at", "now()"});
        return one_of({fmt::format("({} {} {})", moment(depth - 1), one_of({"+", "-"}), span(0)),
                       fmt::format("coalesce({}, now())", moment(depth - 1))});
    }
    std::string span(int depth) {
        if (depth <= 0) return one_of({"waited", "90min", "52w", "4h"});
        return fmt::format("({} {} {})", span(depth - 1), one_of({"+", "-"}), span(0));
    }
    std::size_t roll(std::size_t sides) { return random_() % sides; }
    std::string one_of(const std::vector<std::string>& choices) {
        return choices[roll(choices.size())];
    }

    std::mt19937& random_;
    Reading reading_;
};

// For Reading::form, what a form on a phone can hold: no number beyond 2^53 or with an exponent, no
// empty text and no group that is unknown.
inline std::vector<Value> random_record(const CaseWorld& world, std::mt19937& random,
                                        Reading reading = Reading::record) {
    const bool form = reading == Reading::form;
    const auto large = form ? "60" : "9223372036854775807";
    std::string text;
    const auto set = [&](const std::string& name, std::vector<std::string> choices) {
        if (name != "companions" || !form) choices.emplace_back("unknown");
        if (random() % 4 == 0) return;
        text += fmt::format("{}{}={}", text.empty() ? "" : ";", name,
                            choices[random() % choices.size()]);
    };
    for (const auto* name : {"sex", "other_sex"}) set(name, {"female", "male"});
    set("services", {"food", "foo|food|health"});
    for (const auto* name : {"accompanied", "closed"}) set(name, {"true", "false"});
    for (const auto* name : {"minutes", "party"}) set(name, {"0", "1", "-3", "12", large});
    set("price", {"0.5", form ? "-2.25" : "-1e300", form ? "1234.125" : "1e-300"});
    set("name", {form ? "an" : "", "Ñandú", " it\'s  \"d\" "});
    set("time", {"2018-02-28", "0001-01-01", "9999-12-31", "2020-12-31", "2016-02-29"});
    set("other_time", {"2018-01-31", "2000-02-29", "2017-01-01"});
    set("seen_at", {"2018-02-28T23:00:00", "2018-06-30T12:00:01", "1969-12-31T23:59:58",
                    "2019-12-31T00:00:59"});
    set("birth", {"2000", "2018-02", "2000-02", "1999-12-31", "2004-02-29"});
    set("point", {"land", "north", "south", "long_pier"});
    set("waited", {"90min", "4h", "1d"});
    set("companions", {"female,9,2.25,2018-01-02", "female,9,,+male,30,2.25,2018-02-28",
                       "male,,0.5,2018-02-28+,60,-3,2020-12-31+female,17,1,2016-02-29", ",,,"});
    return world.record(text);
}

}  // namespace amate::definitions::internal
