// SPDX-License-Identifier: Apache-2.0
// Writes logic, comparisons and arithmetic as SQL that DuckDB, SQLite and PostgreSQL read alike.
#include "definitions/internal/expression_sql.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

// Guards repeat their operand, so that deep arithmetic grows fast; nobody writes that in earnest.
constexpr std::size_t kSqlBytesMax = 200'000;
constexpr std::string_view kIntegerMax = "9223372036854775807";

std::string_view sign_of(Operation operation) {
    switch (operation) {
        case Operation::equal:
            return "=";
        case Operation::not_equal:
            return "<>";
        case Operation::less:
            return "<";
        case Operation::less_equal:
            return "<=";
        case Operation::greater:
            return ">";
        case Operation::greater_equal:
            return ">=";
        case Operation::add:
            return "+";
        case Operation::multiply:
            return "*";
        case Operation::divide:
            return "/";
        default:
            return "-";
    }
}

bool is_temporal(Type type) {
    return type == Type::date || type == Type::datetime || type == Type::partial_date;
}

bool plain_dates(const Node& node) {
    return std::all_of(node.children.begin(), node.children.end(), [](const auto& child) {
        return child->type == Type::date &&
               (child->operation == Operation::variable || child->operation == Operation::literal);
    });
}

// What the parser of SQLite has to keep at the deepest place, in its own symbols, or a few more.
// It is built with room for a hundred.
constexpr std::size_t kSqliteWeightMax = 95;

std::size_t weight_of(std::string_view sql) {
    constexpr std::size_t kBracket = 4;
    constexpr std::size_t kCase = 5;
    std::size_t deepest = 0;
    std::size_t now = 0;
    bool quoted = false;
    for (std::size_t at = 0; at < sql.size(); ++at) {
        if (sql[at] == '\'') quoted = !quoted;
        if (quoted) continue;
        const auto word = [&](std::string_view sought) {
            return sql.substr(at).starts_with(sought) &&
                   (at == 0 || sql[at - 1] == ' ' || sql[at - 1] == '(');
        };
        if (sql[at] == '(') now += kBracket;
        if (word("CASE ")) now += kCase;
        deepest = std::max(deepest, now);
        const auto after = at + 3 < sql.size() ? sql[at + 3] : ' ';
        if (sql[at] == ')') now -= std::min(now, kBracket);
        if (word("END") && (after == ' ' || after == ')' || after == ',')) {
            now -= std::min(now, kCase);
        }
    }
    return deepest;
}

}  // namespace

std::string quote_sql(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += '\'';
        quoted += c;
    }
    return quoted += '\'';
}

Result<std::string> SqlWriter::run(const Node& node) {
    auto sql = write(node);
    if (sqlite() && problems_.empty() && weight_of(sql) > kSqliteWeightMax) {
        refuse(node, fmt::format("> {}", kSqliteWeightMax));
    }
    if (!problems_.empty()) return fail(std::move(problems_));
    return sql;
}

std::string SqlWriter::refuse(const Node& node, std::string_view what) {
    if (problems_.empty() || problems_.back().place != node.place) {
        problems_.push_back(
            {"definitions.expression_not_in_sql", node.place, {{"value", std::string(what)}}});
    }
    return {};
}

std::string SqlWriter::write(const Node& node) {
    if (too_long_) return {};
    auto sql = write_unbounded(node);
    if (sql.size() <= kSqlBytesMax) return sql;
    too_long_ = true;
    return refuse(node, fmt::format("> {}", kSqlBytesMax));
}

std::string SqlWriter::write_unbounded(const Node& node) {
    switch (node.operation) {
        case Operation::literal:
            return literal(node.literal);
        case Operation::variable:
            return variable(node);
        case Operation::logical_or:
            return fmt::format("({})", fmt::join(texts_of(node), " OR "));
        case Operation::logical_and:
            return fmt::format("({})", fmt::join(texts_of(node), " AND "));
        case Operation::logical_not:
            return fmt::format("(NOT {})", write(*node.children[0]));
        case Operation::equal:
        case Operation::not_equal:
        case Operation::less:
        case Operation::less_equal:
        case Operation::greater:
        case Operation::greater_equal:
        case Operation::between:
        case Operation::in:
            return comparison(node);
        case Operation::add:
        case Operation::subtract:
        case Operation::multiply:
        case Operation::divide:
        case Operation::negate:
            return node.type == Type::datetime ? shifted(node) : arithmetic(node);
        case Operation::to_decimal:
            return as_real(write(*node.children[0]));
        case Operation::if_:
            return choice(node);
        case Operation::coalesce:
            return fmt::format("COALESCE({})", fmt::join(texts_of(node), ", "));
        case Operation::is_known:
            return fmt::format("({} IS NOT NULL)", write(*node.children[0]));
        case Operation::to_day:
        case Operation::date_of:
        case Operation::to_partial:
        case Operation::now:
        case Operation::today:
            return temporal(node);
        default:
            return function(node);
    }
}

std::string SqlWriter::literal(const Value& value) {
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "TRUE" : "FALSE";
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
    if (const auto* number = std::get_if<double>(&value)) {
        auto digits = fmt::format("{}", *number);
        return real(digits.find('e') == digits.npos ? digits + "e0" : digits);
    }
    return by_bytes(quote_sql(canonical(value)));
}

std::string SqlWriter::variable(const Node& node) {
    if (node.type == Type::table || node.of_row) return refuse(node, node.name);
    auto column = column_of_(node.slot);
    switch (node.type) {
        case Type::decimal:
        case Type::money:
            return as_real(column);
        case Type::integer:
        case Type::duration:
        case Type::boolean:
            return column;
        default:
            return by_bytes(column);
    }
}

std::string SqlWriter::by_bytes(const std::string& text) const {
    return postgresql() ? fmt::format("({} COLLATE \"C\")", text) : text;
}

std::string SqlWriter::as_real(const std::string& number) const {
    return fmt::format("CAST({} AS DOUBLE{})", number, postgresql() ? " PRECISION" : "");
}

std::string SqlWriter::real(const std::string& digits) const {
    return postgresql() ? digits + "::float8" : digits;
}

std::vector<std::string> SqlWriter::texts_of(const Node& node, std::size_t first) {
    std::vector<std::string> parts;
    for (std::size_t i = first; i < node.children.size(); ++i) {
        parts.push_back(text(*node.children[i]));
    }
    return parts;
}

std::string SqlWriter::comparison(const Node& node) {
    const bool plain = plain_dates(node);
    std::vector<std::string> parts;
    for (const auto& child : node.children) {
        parts.push_back(plain ? write(*child) : text(*child));
    }
    if (node.children[0]->type == Type::partial_date) return stretch_comparison(node, parts);
    if (node.operation == Operation::between) {
        return fmt::format("({} BETWEEN {} AND {})", parts[0], parts[1], parts[2]);
    }
    if (node.operation == Operation::in) {
        return fmt::format("({} IN ({}))", parts[0],
                           fmt::join(parts.begin() + 1, parts.end(), ", "));
    }
    return fmt::format("({} {} {})", parts[0], sign_of(node.operation), parts[1]);
}

// A condition that is not known chooses nothing, so plain CASE WHEN will not do.
std::string SqlWriter::choice(const Node& node) {
    const auto branches = texts_of(node);
    return fmt::format("CASE {} WHEN TRUE THEN {} WHEN FALSE THEN {} END", branches[0], branches[1],
                       branches[2]);
}

std::string SqlWriter::arithmetic(const Node& node) {
    const bool negation = node.operation == Operation::negate;
    const auto left = negation ? std::string("0") : write(*node.children[0]);
    const auto right = write(*node.children[negation ? 0 : 1]);
    if (node.type == Type::integer || node.type == Type::duration) {
        const auto wide = fmt::format("({} {} {})", big(left), sign_of(node.operation), big(right));
        return fmt::format("CAST(CASE WHEN {0} BETWEEN -{1} AND {1} THEN {0} END AS BIGINT)", wide,
                           kIntegerMax);
    }
    const auto divisor =
        node.operation == Operation::divide ? fmt::format("NULLIF({}, 0)", right) : right;
    const auto first = negation ? real("0e0") : left;
    if (postgresql()) return checked_real(node.operation, first, divisor);
    const auto result = fmt::format("({} {} {})", first, sign_of(node.operation), divisor);
    return fmt::format("CASE WHEN abs({0}) <= 1e300 THEN {0} END", result);
}

// PostgreSQL ends a query where a product is too large for a number or too near to zero for one
// that is not zero (below 2^-1075); so that is asked first, by division, which then cannot fail.
std::string SqlWriter::checked_real(Operation operation, const std::string& left,
                                    const std::string& right) const {
    std::string guards;
    switch (operation) {
        case Operation::multiply:
            guards =
                "WHEN p.a = 0 OR p.b = 0 THEN p.a * sign(p.b) "
                "WHEN CASE WHEN abs(p.b) > 1 THEN abs(p.a) > 1.1e300::float8 / abs(p.b) ELSE FALSE "
                "END THEN NULL "
                "WHEN CASE WHEN abs(p.a) < 1 AND abs(p.b) < 1 THEN abs(p.a) * power(2::float8, "
                "537) "
                "<= power(2::float8, -538) / abs(p.b) ELSE FALSE END THEN 0";
            break;
        case Operation::divide:
            guards =
                "WHEN p.a = 0 THEN p.a / p.b "
                "WHEN CASE WHEN abs(p.b) < 1 THEN abs(p.a) > 1.1e300::float8 * abs(p.b) ELSE FALSE "
                "END THEN NULL "
                "WHEN CASE WHEN abs(p.a) < 1 AND abs(p.b) > 1 THEN abs(p.a) * power(2::float8, "
                "537) "
                "<= power(2::float8, -538) * abs(p.b) ELSE FALSE END THEN 0";
            break;
        default:  // a sum of the same signs
            guards = fmt::format(
                "WHEN sign(p.a) {} sign(p.b) AND (abs(p.a) > 8e307::float8 OR abs(p.b) > "
                "8e307::float8) THEN NULL",
                operation == Operation::add ? "=" : "<>");
            break;
    }
    return fmt::format(
        "(SELECT CASE {3} WHEN abs(p.a {1} p.b) <= 1e300 THEN p.a {1} p.b END "
        "FROM (SELECT {0} AS a, {2} AS b) AS p)",
        left, sign_of(operation), right, guards);
}

std::string SqlWriter::text(const Node& node) {
    return is_temporal(node.type) && !too_long_ ? temporal(node) : write(node);
}

Result<std::string> write_sql(const Node& node,
                              const std::function<std::string(std::size_t)>& column_of,
                              Dialect dialect, const EvaluationContext* context) {
    return SqlWriter(column_of, dialect, context).run(node);
}

}  // namespace amate::definitions::internal
