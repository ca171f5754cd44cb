// SPDX-License-Identifier: Apache-2.0
// Days, moments and dates that lack a day in SQL: as ISO text, or as a number counted from 1970.
#include "definitions/internal/expression_sql.hpp"

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

// A part of an ISO text as a number.
std::string part_of(const std::string& text, int first, int width) {
    return fmt::format("CAST(substr({}, {}, {}) AS BIGINT)", text, first, width);
}

// The earliest day "1990" or "1990-05" can be.
std::string first_of(const std::string& text) {
    return fmt::format("substr({} || '-01-01', 1, 10)", text);
}

// The latest one.
std::string last_of(const std::string& text) {
    const auto leap =
        fmt::format("{0} % 4 = 0 AND ({0} % 100 <> 0 OR {0} % 400 = 0)", part_of(text, 1, 4));
    return fmt::format(
        "CASE length({0}) WHEN 4 THEN {0} || '-12-31' WHEN 7 THEN {0} || CASE WHEN "
        "substr({0}, 6, 2) IN ('04', '06', '09', '11') THEN '-30' WHEN substr({0}, 6, 2) <> '02' "
        "THEN '-31' WHEN {1} THEN '-29' ELSE '-28' END ELSE {0} END",
        text, leap);
}

// Completed years between two days; NULL if the second is earlier.
std::string years_of(const std::string& birth, const std::string& at) {
    return fmt::format(
        "CASE WHEN {1} >= {0} THEN {3} - {2} - CASE WHEN substr({1}, 6, 5) < substr({0}, 6, 5) "
        "THEN 1 ELSE 0 END END",
        birth, at, part_of(birth, 1, 4), part_of(at, 1, 4));
}

std::string months_of(const std::string& from, const std::string& to) {
    return fmt::format(
        "(({1} - {0}) * 12 + {3} - {2} - CASE WHEN substr({5}, 9, 2) < "
        "substr({4}, 9, 2) THEN 1 ELSE 0 END)",
        part_of(from, 1, 4), part_of(to, 1, 4), part_of(from, 6, 2), part_of(to, 6, 2), from, to);
}

}  // namespace

std::string SqlWriter::big(const std::string& number) const {
    return fmt::format("CAST({} AS {})", number, postgresql() ? "NUMERIC" : "HUGEINT");
}

std::string SqlWriter::quotient(const std::string& number, int divisor) const {
    return fmt::format("({} {} {})", number, dialect_ == Dialect::duckdb ? "//" : "/", divisor);
}

std::string SqlWriter::number_of(const std::string& day) const {
    switch (dialect_) {
        case Dialect::sqlite:
            return fmt::format("CAST(julianday({}) - 2440587.5 AS BIGINT)", day);
        case Dialect::postgresql:
            return fmt::format("(CAST({} AS DATE) - DATE '1970-01-01')", day);
        case Dialect::duckdb:
            break;
    }
    return fmt::format("date_diff('day', DATE '1970-01-01', CAST({} AS DATE))", day);
}

std::string SqlWriter::day_of(const std::string& number) const {
    switch (dialect_) {
        case Dialect::sqlite:
            return fmt::format("date(({}) * 86400, 'unixepoch')", number);
        case Dialect::postgresql:
            return by_bytes(
                fmt::format("to_char(CAST(DATE '1970-01-01' + CAST({} AS INTEGER) AS TIMESTAMP), "
                            "'YYYY-MM-DD')",
                            number));
        case Dialect::duckdb:
            break;
    }
    return fmt::format("CAST((DATE '1970-01-01' + CAST({} AS INTEGER)) AS VARCHAR)", number);
}

std::string SqlWriter::seconds_of(const std::string& moment) const {
    switch (dialect_) {
        case Dialect::sqlite:
            return fmt::format("CAST(strftime('%s', {}) AS BIGINT)", moment);
        case Dialect::postgresql:
            return fmt::format("CAST(extract(epoch FROM CAST({} AS TIMESTAMP)) AS BIGINT)", moment);
        case Dialect::duckdb:
            break;
    }
    return fmt::format("CAST(epoch(CAST({} AS TIMESTAMP)) AS BIGINT)", moment);
}

std::string SqlWriter::moment_of(const std::string& seconds) const {
    switch (dialect_) {
        case Dialect::sqlite:
            return fmt::format("strftime('%Y-%m-%dT%H:%M:%S', {}, 'unixepoch')", seconds);
        case Dialect::postgresql:
            return by_bytes(fmt::format(
                "to_char(to_timestamp({}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')",
                as_real(seconds)));
        case Dialect::duckdb:
            break;
    }
    return fmt::format(
        "replace(CAST(make_timestamp(CAST({} AS BIGINT) * 1000000) AS VARCHAR), ' ', 'T')",
        seconds);
}

std::string SqlWriter::now_text(const Node& node) {
    if (context_ == nullptr) {
        return refuse(node, node.operation == Operation::now ? "now()" : "today()");
    }
    return by_bytes(quote_sql(node.operation == Operation::now ? context_->now.iso()
                                                               : context_->now.date.iso()));
}

std::string SqlWriter::temporal(const Node& node) {
    switch (node.operation) {
        case Operation::variable: {
            const auto column = fmt::format("CAST({} AS VARCHAR)", write(node));
            if (node.type != Type::datetime) return column;
            return fmt::format("replace(substr({}, 1, 19), ' ', 'T')", column);
        }
        case Operation::to_day:
        case Operation::date_of: {
            const auto& inner = *node.children[0];
            if (inner.type == Type::date) return temporal(inner);
            if (inner.operation != Operation::variable) {
                return fmt::format("substr({}, 1, 10)", temporal(inner));
            }
            return fmt::format("substr(CAST({} AS VARCHAR), 1, 10)", write(inner));
        }
        case Operation::to_partial:
            return temporal(*node.children[0]);
        case Operation::now:
        case Operation::today:
            return now_text(node);
        default:
            return write(node);
    }
}

// A date that lacks day or month is a stretch of days; undecided where its days disagree.
std::string SqlWriter::compare_stretches(Operation operation, const std::string& left,
                                         const std::string& right) {
    const auto a = first_of(left);
    const auto b = last_of(left);
    const auto c = first_of(right);
    const auto d = last_of(right);
    switch (operation) {
        case Operation::equal:
        case Operation::not_equal:
            return fmt::format(
                "CASE WHEN {1} < {2} OR {3} < {0} THEN {4} WHEN {0} = {1} AND {2} = {3} THEN {5} "
                "END",
                a, b, c, d, operation == Operation::equal ? "FALSE" : "TRUE",
                operation == Operation::equal ? "TRUE" : "FALSE");
        case Operation::less:
            return fmt::format("CASE WHEN {} < {} THEN TRUE WHEN {} >= {} THEN FALSE END", b, c, a,
                               d);
        case Operation::less_equal:
            return fmt::format("CASE WHEN {} <= {} THEN TRUE WHEN {} > {} THEN FALSE END", b, c, a,
                               d);
        case Operation::greater:
            return compare_stretches(Operation::less, right, left);
        default:
            return compare_stretches(Operation::less_equal, right, left);
    }
}

std::string SqlWriter::stretch_comparison(const Node& node, Parts parts) {
    if (node.operation == Operation::between) {
        return fmt::format("({} AND {})",
                           compare_stretches(Operation::greater_equal, parts[0], parts[1]),
                           compare_stretches(Operation::less_equal, parts[0], parts[2]));
    }
    if (node.operation != Operation::in) {
        return fmt::format("({})", compare_stretches(node.operation, parts[0], parts[1]));
    }
    std::vector<std::string> equal;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        equal.push_back(compare_stretches(Operation::equal, parts[0], parts[i]));
    }
    return fmt::format("({})", fmt::join(equal, " OR "));
}

std::string SqlWriter::shifted(const Node& node) {
    const auto parts = texts_of(node);
    const auto sum = fmt::format("({} {} {} * 60)", big(seconds_of(parts[0])),
                                 node.operation == Operation::add ? "+" : "-", big(parts[1]));
    return fmt::format(
        "CASE WHEN {0} BETWEEN -5270400000 AND 5270400000 THEN CASE WHEN {1} "
        "BETWEEN -62135596800 AND 253402300799 THEN {2} END END",
        parts[1], sum, moment_of(sum));
}

std::string SqlWriter::add_months(const std::string& day, const std::string& months) const {
    const auto n = big(months);
    const auto count =
        fmt::format("({} * 12 + {} - 1 + {})", big(part_of(day, 1, 4)), part_of(day, 6, 2), n);
    std::string moved;
    if (sqlite()) {  // whose months spill over: the last day is found first
        const auto first = fmt::format("date(substr({}, 1, 7) || '-01', {} || ' months')", day, n);
        moved = fmt::format(
            "substr({0}, 1, 8) || substr('0' || min({1}, coalesce(CAST(strftime('%d', date({0}, "
            "'+1 month', '-1 day')) AS BIGINT), 31)), -2)",
            first, part_of(day, 9, 2));
    } else if (postgresql()) {
        moved = by_bytes(
            fmt::format("to_char(CAST({} AS DATE) + make_interval(months => CAST({} AS INTEGER)), "
                        "'YYYY-MM-DD')",
                        day, n));
    } else {
        moved = fmt::format(
            "CAST(CAST(CAST({} AS DATE) + to_months(CAST({} AS INTEGER)) AS DATE) AS VARCHAR)", day,
            n);
    }
    return fmt::format(
        "CASE WHEN {0} BETWEEN -120000 AND 120000 THEN CASE WHEN {1} BETWEEN 12 AND 119999 THEN "
        "{2} END END",
        n, count, moved);
}

std::string SqlWriter::of_days(const Node& node) {
    const auto parts = texts_of(node);
    const auto& day = parts[0];
    switch (node.operation) {
        case Operation::year:
            return part_of(day, 1, 4);
        case Operation::month:
            if (node.children[0]->type != Type::partial_date) return part_of(day, 6, 2);
            return fmt::format("CASE WHEN length({}) > 4 THEN {} END", day, part_of(day, 6, 2));
        case Operation::day_of:
            return part_of(day, 9, 2);
        case Operation::hour:
            return part_of(day, 12, 2);
        case Operation::quarter:
            return quotient(fmt::format("({} + 2)", part_of(day, 6, 2)), 3);
        case Operation::weekday:
            return fmt::format("((({} + 3) % 7 + 7) % 7 + 1)", number_of(day));
        case Operation::week: {
            const auto number = number_of(day);
            const auto thursday = fmt::format("({0} - (({0} + 3) % 7 + 7) % 7 + 3)", number);
            const auto new_year =
                number_of(fmt::format("(substr({}, 1, 4) || '-01-01')", this->day_of(thursday)));
            return fmt::format("({} + 1)",
                               quotient(fmt::format("({} - {})", thursday, new_year), 7));
        }
        case Operation::days_between:
            return fmt::format("({} - {})", number_of(parts[1]), number_of(day));
        case Operation::minutes_between:
            return quotient(fmt::format("({} - {})", seconds_of(parts[1]), seconds_of(day)), 60);
        case Operation::months_between:
        case Operation::years_between: {
            const auto months =
                fmt::format("CASE WHEN {1} >= {0} THEN {2} ELSE -{3} END", day, parts[1],
                            months_of(day, parts[1]), months_of(parts[1], day));
            return node.operation == Operation::months_between ? months
                                                               : quotient("(" + months + ")", 12);
        }
        case Operation::in_period:
            return fmt::format(
                "CASE WHEN {0} IS NOT NULL THEN coalesce({1} <= {0}, TRUE) AND "
                "coalesce({0} <= {2}, TRUE) END",
                day, parts[1], parts[2]);
        case Operation::add_months:
            return add_months(day, parts[1]);
        case Operation::add_years:
            return fmt::format("CASE WHEN {} BETWEEN -10000 AND 10000 THEN {} END", parts[1],
                               add_months(day, fmt::format("({} * 12)", big(parts[1]))));
        default: {
            const auto sum = fmt::format("({} + {})", big(number_of(day)), big(parts[1]));
            return fmt::format("CASE WHEN {} BETWEEN -719162 AND 2932896 THEN {} END", sum,
                               this->day_of(sum));
        }
    }
}

std::string SqlWriter::age(const Node& node) {
    const auto parts = texts_of(node);
    if (node.children[0]->operation == Operation::to_partial) return years_of(parts[0], parts[1]);
    const auto oldest = years_of(first_of(parts[0]), parts[1]);
    return fmt::format("CASE WHEN {0} = {1} THEN {0} END", oldest,
                       years_of(last_of(parts[0]), parts[1]));
}

std::string SqlWriter::age_group(const Node& node) {
    const auto parts = texts_of(node);
    const auto group = [&](const std::string& birth) {
        return band(node, "(" + years_of(birth, parts[1]) + ")");
    };
    const auto last = last_of(parts[0]);
    const auto oldest = group(first_of(parts[0]));
    const auto youngest =
        group(fmt::format("CASE WHEN {0} < {1} THEN {0} ELSE {1} END", last, parts[1]));
    return fmt::format("CASE WHEN {0} = {1} THEN {0} END", oldest, youngest);
}

}  // namespace amate::definitions::internal
