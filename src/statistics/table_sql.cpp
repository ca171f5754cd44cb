// SPDX-License-Identifier: Apache-2.0
// Writes table requests as SQL that people can read and run.
#include "statistics/tabulate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "columnar/engine.hpp"

namespace amate::statistics {

namespace {

using columnar::quote_name;
using columnar::quote_text;
using definitions::Dimension;
using definitions::MeasureKind;
using definitions::Type;

constexpr const char* kTime = "\"time\"";

// A slot of statistics_environment: the dimensions in order, then the time column.
std::string column_of(const definitions::Register& register_, std::size_t slot) {
    if (slot < register_.dimensions.size()) {
        return quote_name(register_.dimensions[slot].sql_name);
    }
    AMATE_CHECK(slot == register_.dimensions.size());
    return kTime;
}

std::string date_literal(Date date) {
    return fmt::format("DATE '{}'", date.iso());
}

// What is counted, without its name.
std::string count_of(const TableRequest& request) {
    switch (request.measure) {
        case MeasureKind::records:
            return "count(*)";
        case MeasureKind::persons:
            return "count(DISTINCT \"person_key\")";
        case MeasureKind::distinct:
            break;
        case MeasureKind::sum:
            AMATE_CHECK(request.summed != nullptr);
            return fmt::format("CAST(round(coalesce(sum({}), 0)) AS BIGINT)",
                               quote_name(request.summed->sql_name));
    }
    AMATE_CHECK(request.distinct != nullptr);
    const auto column = quote_name(request.distinct->sql_name);
    // A record without codes holds the empty text, which is no code.
    if (request.distinct->type == Type::codes) {
        return fmt::format("count(DISTINCT nullif({}, ''))", column);
    }
    return fmt::format("count(DISTINCT {})", column);
}

std::string count_name(const TableRequest& request) {
    switch (request.measure) {
        case MeasureKind::records:
            return "records";
        case MeasureKind::persons:
            return "persons";
        case MeasureKind::distinct:
            break;
        case MeasureKind::sum:
            return "sum_" + request.summed->sql_name;
    }
    return "distinct_" + request.distinct->sql_name;
}

// Dimensions of type `codes` that the request opens, each once.
std::vector<const Dimension*> opened_by(const TableRequest& request) {
    std::vector<const Dimension*> opened;
    for (const auto* dimension : request.by) {
        if (dimension->type == Type::codes) opened.push_back(dimension);
    }
    const auto* distinct = request.measure == MeasureKind::distinct ? request.distinct : nullptr;
    if (distinct != nullptr && distinct->type == Type::codes &&
        std::count(opened.begin(), opened.end(), distinct) == 0) {
        opened.push_back(distinct);
    }
    return opened;
}

// True if the text is one pair of brackets, so that it needs no further one.
bool is_bracketed(const std::string& sql) {
    int depth = 0;
    char quote = 0;
    for (std::size_t at = 0; at < sql.size(); ++at) {
        const char c = sql[at];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')') {
            --depth;
        }
        if (depth == 0 && at + 1 < sql.size()) return false;
    }
    return !sql.empty() && sql.front() == '(';
}

std::string indented(const std::string& lines) {
    std::string out = "  ";
    for (const char c : lines) {
        out += c;
        if (c == '\n') out += "  ";
    }
    return out;
}

// FROM and WHERE; with dimensions to open, each in a subquery of its own around the one before, so
// that two of them give every pair of codes of a record.
std::string source_of(const TableRequest& request, const std::string& file,
                      const std::vector<std::string>& conditions) {
    auto source = "FROM read_parquet(" + quote_text(file) + ")";
    if (!conditions.empty()) {
        source += fmt::format("\nWHERE {}", fmt::join(conditions, "\n  AND "));
    }
    for (const auto* dimension : opened_by(request)) {
        const auto column = quote_name(dimension->sql_name);
        source = fmt::format(
            "FROM (\n  SELECT * REPLACE (unnest(string_split(coalesce({0}, ''), ';')) AS {0})\n"
            "{1}\n)",
            column, indented(source));
    }
    return source;
}

// Conditions of where and period, each to hold; none means all records.
Result<std::vector<std::string>> conditions_of(const TableRequest& request) {
    AMATE_CHECK(request.register_ != nullptr);
    std::vector<std::string> conditions;
    const auto& period = request.period;
    if (period.first && period.last) {
        conditions.push_back(fmt::format("{} BETWEEN {} AND {}", kTime, date_literal(*period.first),
                                         date_literal(*period.last)));
    } else if (period.first) {
        conditions.push_back(fmt::format("{} >= {}", kTime, date_literal(*period.first)));
    } else if (period.last) {
        conditions.push_back(fmt::format("{} <= {}", kTime, date_literal(*period.last)));
    }
    if (!request.where.empty()) {
        AMATE_TRY(auto where, request.where.to_sql([&](std::size_t slot) {
            return column_of(*request.register_, slot);
        }));
        conditions.push_back(is_bracketed(where) ? where : "(" + where + ")");
    }
    return conditions;
}

}  // namespace

Result<std::string> to_sql(const TableRequest& request, const std::string& file) {
    AMATE_TRY(const auto conditions, conditions_of(request));
    std::string sql = "SELECT ";
    for (const auto* dimension : request.by) sql += quote_name(dimension->sql_name) + ", ";
    sql += fmt::format("{} AS {}\n", count_of(request), quote_name(count_name(request)));
    sql += source_of(request, file, conditions);
    if (!request.by.empty()) {
        std::vector<std::string> columns;
        for (const auto* dimension : request.by) columns.push_back(quote_name(dimension->sql_name));
        const auto list = fmt::format("{}", fmt::join(columns, ", "));
        sql += "\nGROUP BY " + list + "\nORDER BY " + list;
    }
    return sql;
}

}  // namespace amate::statistics
