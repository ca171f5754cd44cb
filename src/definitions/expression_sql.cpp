// SPDX-License-Identifier: Apache-2.0
// Writes a checked expression as SQL that DuckDB and SQLite read alike.
#include "definitions/internal/expression_node.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

// Guards repeat their operand, so that deep arithmetic grows fast; nobody writes that in earnest.
constexpr std::size_t kSqlBytesMax = 200'000;
constexpr std::string_view kIntegerMax = "9223372036854775807";

std::string quote(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += '\'';
        quoted += c;
    }
    return quoted += '\'';
}

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

std::string_view word_of(const Node& node) {
    switch (node.operation) {
        case Operation::now:
            return "now()";
        case Operation::today:
            return "today()";
        case Operation::age:
            return "age()";
        case Operation::age_group:
            return "age_group()";
        case Operation::hour:
            return "hour()";
        case Operation::days_between:
            return "days_between()";
        case Operation::matches:
            return "matches()";
        default:
            return name_of(node.type);
    }
}

// Dates are text in SQLite and DATE in DuckDB. A column compared with literals or columns is left
// as it stands, so that files can be skipped by it; anywhere else both are brought to ISO text.
class SqlWriter {
public:
    explicit SqlWriter(const std::function<std::string(std::size_t)>& column_of)
        : column_of_(column_of) {}

    Result<std::string> run(const Node& node) {
        auto sql = write(node);
        if (!problems_.empty()) return fail(std::move(problems_));
        return sql;
    }

private:
    std::string refuse(const Node& node, std::string_view what) {
        if (problems_.empty() || problems_.back().place != node.place) {
            problems_.push_back(
                {"definitions.expression_not_in_sql", node.place, {{"value", std::string(what)}}});
        }
        return {};
    }

    std::string write(const Node& node) {
        if (too_long_) return {};
        auto sql = write_unbounded(node);
        if (sql.size() <= kSqlBytesMax) return sql;
        too_long_ = true;
        return refuse(node, fmt::format("> {}", kSqlBytesMax));
    }

    std::string write_unbounded(const Node& node) {
        switch (node.operation) {
            case Operation::literal:
                return literal(node.literal);
            case Operation::variable:
                return variable(node);
            case Operation::logical_or:
                return fmt::format("({})", joined(node, 0, " OR "));
            case Operation::logical_and:
                return fmt::format("({})", joined(node, 0, " AND "));
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
                return arithmetic(node);
            case Operation::to_decimal:
                return fmt::format("CAST({} AS DOUBLE)", write(*node.children[0]));
            case Operation::to_day:
            case Operation::date_of:
                return day_text(node);
            case Operation::if_:
                return choice(node);
            case Operation::coalesce:
                if (node.type == Type::date) return day_text(node);
                return fmt::format("COALESCE({})", joined(node, 0, ", "));
            case Operation::is_known:
                return fmt::format("({} IS NOT NULL)", write(*node.children[0]));
            default:
                return function(node);
        }
    }

    std::string literal(const Value& value) {
        if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "TRUE" : "FALSE";
        if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
        if (const auto* real = std::get_if<double>(&value)) {
            auto digits = fmt::format("{}", *real);  // with an exponent it is a DOUBLE everywhere
            return digits.find('e') == digits.npos ? digits + "e0" : digits;
        }
        return quote(canonical(value));
    }

    std::string variable(const Node& node) {
        if (node.type == Type::partial_date) return refuse(node, node.name);
        auto column = column_of_(node.slot);
        const bool real = node.type == Type::decimal || node.type == Type::money;
        return real ? fmt::format("CAST({} AS DOUBLE)", column) : column;
    }

    std::string joined(const Node& node, std::size_t first, std::string_view separator) {
        std::string list;
        for (std::size_t i = first; i < node.children.size(); ++i) {
            if (i > first) list += separator;
            list += write(*node.children[i]);
        }
        return list;
    }

    static bool plain_dates(const Node& node) {
        return std::all_of(node.children.begin(), node.children.end(), [](const auto& child) {
            return child->operation == Operation::variable ||
                   child->operation == Operation::literal;
        });
    }

    std::string comparison(const Node& node) {
        const auto type = node.children[0]->type;
        if (type == Type::datetime || type == Type::partial_date) {
            return refuse(node, name_of(type));
        }
        const bool as_text = type == Type::date && !plain_dates(node);
        std::vector<std::string> parts;
        for (const auto& child : node.children) {
            parts.push_back(as_text ? day_text(*child) : write(*child));
        }
        if (node.operation == Operation::between) {
            return fmt::format("({} BETWEEN {} AND {})", parts[0], parts[1], parts[2]);
        }
        if (node.operation == Operation::in) {
            return fmt::format("({} IN ({}))", parts[0],
                               fmt::join(parts.begin() + 1, parts.end(), ", "));
        }
        return fmt::format("({} {} {})", parts[0], sign_of(node.operation), parts[1]);
    }

    // A day as ISO text, whatever the engine keeps it as.
    std::string day_text(const Node& node) {
        if (too_long_) return {};
        switch (node.operation) {
            case Operation::literal:
                return literal(node.literal);
            case Operation::to_day:
            case Operation::date_of: {
                const auto& inner = *node.children[0];
                if (inner.type == Type::date) return day_text(inner);
                return fmt::format("substr(CAST({} AS VARCHAR), 1, 10)", write(inner));
            }
            case Operation::if_:
                return choice(node);
            case Operation::coalesce: {
                std::string list;
                for (const auto& child : node.children) {
                    list += (list.empty() ? "" : ", ") + day_text(*child);
                }
                return fmt::format("COALESCE({})", list);
            }
            case Operation::variable:
                return fmt::format("CAST({} AS VARCHAR)", write(node));
            default:
                return write(node);
        }
    }

    // A condition that is not known chooses nothing, so plain CASE WHEN will not do.
    std::string choice(const Node& node) {
        const auto branch = [&](std::size_t i) {
            return node.type == Type::date ? day_text(*node.children[i]) : write(*node.children[i]);
        };
        return fmt::format("CASE {} WHEN TRUE THEN {} WHEN FALSE THEN {} END",
                           write(*node.children[0]), branch(1), branch(2));
    }

    std::string arithmetic(const Node& node) {
        const bool negation = node.operation == Operation::negate;
        const auto left = negation ? std::string("0") : write(*node.children[0]);
        const auto right = write(*node.children[negation ? 0 : 1]);
        if (node.type == Type::integer) {
            const auto wide = fmt::format("(CAST({} AS HUGEINT) {} CAST({} AS HUGEINT))", left,
                                          sign_of(node.operation), right);
            return fmt::format("CAST(CASE WHEN {0} BETWEEN -{1} AND {1} THEN {0} END AS BIGINT)",
                               wide, kIntegerMax);
        }
        const auto divisor =
            node.operation == Operation::divide ? fmt::format("NULLIF({}, 0)", right) : right;
        const auto real =
            fmt::format("({} {} {})", negation ? "0e0" : left, sign_of(node.operation), divisor);
        return fmt::format("CASE WHEN abs({0}) <= 1e300 THEN {0} END", real);
    }

    std::string function(const Node& node) {
        switch (node.operation) {
            case Operation::year:
                return date_part(node, 1, 4);
            case Operation::month:
                return date_part(node, 6, 2);
            case Operation::band:
                return band(node);
            case Operation::selected:
                return fmt::format("(instr(';' || {} || ';', {}) > 0)", write(*node.children[0]),
                                   quote(';' + std::get<std::string>(node.literal) + ';'));
            case Operation::count_selected:
                return fmt::format(
                    "CASE WHEN {0} = '' THEN 0 ELSE length({0}) - length(replace({0}, ';', '')) + "
                    "1 "
                    "END",
                    write(*node.children[0]));
            case Operation::within: {
                std::vector<std::string> members(node.members.begin(), node.members.end());
                std::sort(members.begin(), members.end());
                for (auto& member : members) member = quote(member);
                return fmt::format("({} IN ({}))", write(*node.children[0]),
                                   fmt::join(members, ", "));
            }
            case Operation::length:
                return fmt::format("length({})", write(*node.children[0]));
            default:
                return refuse(node, word_of(node));
        }
    }

    std::string date_part(const Node& node, int first, int width) {
        const auto& day = *node.children[0];
        if (day.type == Type::partial_date) return refuse(day, name_of(day.type));
        return fmt::format("CAST(substr({}, {}, {}) AS INTEGER)", day_text(day), first, width);
    }

    std::string band(const Node& node) {
        std::string sql = "CASE";
        const auto number = write(*node.children[0]);
        for (const auto& item : node.bands) {
            sql += fmt::format(" WHEN {} BETWEEN {} AND {} THEN {}", number, item.first, item.last,
                               quote(item.code));
        }
        return sql + " END";
    }

    const std::function<std::string(std::size_t)>& column_of_;
    Problems problems_;
    bool too_long_ = false;
};

}  // namespace

Result<std::string> write_sql(const Node& node,
                              const std::function<std::string(std::size_t)>& column_of) {
    return SqlWriter(column_of).run(node);
}

}  // namespace amate::definitions::internal
