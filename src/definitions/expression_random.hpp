// SPDX-License-Identifier: Apache-2.0
// Test support: random sound expressions and records of the world of expression_cases.hpp.
#pragma once

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "definitions/expression_cases.hpp"

namespace amate::definitions::internal {

// Writes sound expressions of a wanted type; `depth` bounds them.
class Writer {
public:
    explicit Writer(std::mt19937& random) : random_(random) {}

    std::string boolean(int depth) {
        if (depth <= 0) return one_of({"accompanied", "closed", "true", "false"});
        const auto b = [&] { return boolean(depth - 1); };
        const auto n = [&] { return number(depth - 1); };
        switch (roll(16)) {
            case 0:
                return fmt::format("({} and {})", b(), b());
            case 1:
                return fmt::format("({} or {} or {})", b(), b(), b());
            case 2:
                return fmt::format("not {}", b());
            case 3:
                return fmt::format("({} {} {})", n(), one_of({"=", "!=", "<", "<=", ">", ">="}),
                                   n());
            case 4:
                return fmt::format("({} between {} and {})", n(), n(), n());
            case 5:
                return fmt::format("({} in ({}, {}))", n(), n(), n());
            case 6:
                return fmt::format("({} = {})", code(depth - 1), code(depth - 1));
            case 7:
                return fmt::format("(sex in ('female', {}))", code(depth - 1));
            case 8:
                return fmt::format("is_known({})",
                                   one_of({"birth", "services", "minutes / party"}));
            case 9:
                return fmt::format("selected(services, '{}')", one_of({"foo", "food", "health"}));
            case 10:
                return fmt::format("({} {} {})", day(depth - 1), one_of({"=", "<", ">="}),
                                   day(depth - 1));
            case 11:
                return fmt::format("({} {} {})", moment(depth - 1),
                                   one_of({"=", "!=", "<", "<=", ">", ">="}), moment(depth - 1));
            case 12:
                return fmt::format("in_period({}, {}, {})", whole_day(depth - 1),
                                   whole_day(depth - 1), whole_day(depth - 1));
            case 13:
                return one_of({"valid(point, time)", "tagged(point, 'sea')", "waited < 4h",
                               "parent(point) = 'north'", "within(point, 'north')",
                               "starts_with(name, 'Ñ')", "contains(upper(name), 'D')",
                               "age_group(birth, seen_at) = '12-17'", "birth in (time, birth)",
                               "birth between time and other_time", "waited + 1d = waited + 24h"});
            case 14:
                return fmt::format("(birth {} {})", one_of({"=", "!=", "<", "<=", ">", ">="}),
                                   day(depth - 1));
            default:
                return fmt::format("if({}, {}, {})", b(), b(), b());
        }
    }

    std::string number(int depth) {
        if (depth <= 0)
            return one_of({"minutes", "party", "price", "7", "0.5", "9223372036854775807"});
        const auto n = [&] { return number(depth - 1); };
        switch (roll(10)) {
            case 0:
                return fmt::format("({} + {})", n(), n());
            case 1:
                return fmt::format("({} - {})", n(), n());
            case 2:
                return fmt::format("({} * {})", n(), n());
            case 3:
                return fmt::format("({} / {})", n(), n());
            case 4:
                return fmt::format("-{}", n());
            case 5:
                return one_of({"age(birth, time)", "hour(seen_at)", "count_selected(services)",
                               "days_between(time, seen_at)", "length(name)", "year(birth)"});
            case 6:
                return fmt::format("{}({})",
                                   one_of({"quarter", "week", "day", "weekday", "year", "month"}),
                                   whole_day(depth - 1));
            case 7:
                return fmt::format("{}({}, {})",
                                   one_of({"months_between", "years_between", "days_between"}),
                                   whole_day(depth - 1), whole_day(depth - 1));
            case 8:
                return one_of({"minutes_between(seen_at, now())", "round(price, 2)", "abs(price)",
                               "month(birth)", "length(concat(name, 'é'))",
                               "length(trim(lower(name)))", "round(minutes / 7, 1)"});
            default:
                return fmt::format("coalesce({}, {})", n(), n());
        }
    }

private:
    std::string code(int depth) {
        if (depth <= 0) return one_of({"sex", "other_sex"});
        return fmt::format("if({}, {}, '{}')", boolean(depth - 1), code(0),
                           one_of({"female", "male"}));
    }
    std::string day(int depth) {
        if (depth <= 0)
            return one_of({"time", "seen_at", "birth", "2018-02-28", "today()", "now()"});
        return fmt::format("coalesce({}, {})", day(0), day(0));
    }
    // Of type date, so that functions of days take it.
    std::string whole_day(int depth) {
        if (depth <= 0)
            return one_of({"time", "other_time", "date(seen_at)", "2018-02-28", "today()"});
        return fmt::format("{}({}, {})", one_of({"add_days", "add_months", "add_years"}),
                           whole_day(0), one_of({"1", "-13", "party", "minutes", "40000", "-700"}));
    }
    std::string moment(int depth) {
        if (depth <= 0) return one_of({"seen_at", "now()"});
        return fmt::format("({} {} {})", moment(depth - 1), one_of({"+", "-"}),
                           one_of({"waited", "90min", "52w"}));
    }
    std::size_t roll(std::size_t sides) { return random_() % sides; }
    std::string one_of(const std::vector<std::string>& choices) {
        return choices[roll(choices.size())];
    }

    std::mt19937& random_;
};

inline std::vector<Value> random_record(const CaseWorld& world, std::mt19937& random) {
    const auto numbers = {"0", "1", "-3", "12", "9223372036854775807"};
    const auto pick = [&](std::vector<std::string> choices) {
        return choices[random() % choices.size()];
    };
    std::string text;
    const auto set = [&](const std::string& name, std::vector<std::string> choices) {
        choices.emplace_back("unknown");
        if (random() % 4 == 0) return;
        text += fmt::format("{}{}={}", text.empty() ? "" : ";", name, pick(std::move(choices)));
    };
    set("sex", {"female", "male"});
    set("other_sex", {"female", "male"});
    set("services", {"food", "foo|food|health"});
    set("accompanied", {"true", "false"});
    set("closed", {"true", "false"});
    set("minutes", {numbers.begin(), numbers.end()});
    set("party", {numbers.begin(), numbers.end()});
    set("price", {"0.5", "-1e300", "1e-300"});
    set("name", {"", "Ñandú"});
    set("time", {"2018-02-28", "0001-01-01", "9999-12-31", "2020-12-31", "2016-02-29"});
    set("other_time", {"2018-01-31", "2000-02-29", "2017-01-01"});
    set("seen_at", {"2018-02-28T23:00:00", "2018-06-30T12:00:01", "2019-12-31T00:00:59"});
    set("birth", {"2000", "2018-02", "2000-02", "1999-12-31", "2004-02-29"});
    set("point", {"land", "north", "south", "long_pier"});
    set("waited", {"90min", "4h", "1d"});
    return world.record(text);
}

}  // namespace amate::definitions::internal
