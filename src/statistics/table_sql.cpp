// SPDX-License-Identifier: Apache-2.0
// Writes table requests as SQL that people can read and run.
#include "statistics/tabulate.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "columnar/engine.hpp"
#include "statistics/internal/brackets.hpp"

namespace amate::statistics {

namespace {

using columnar::quote_name;
using columnar::quote_text;
using definitions::Dimension;
using definitions::Type;

// Whether the condition of a share is true; no dimension has a name of two words.
constexpr const char* kHolds = "\"is true\"";
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

// How a slot reads in SQL.
std::function<std::string(std::size_t)> columns_of(const TableRequest& request) {
    return
        [&register_ = *request.register_](std::size_t slot) { return column_of(register_, slot); };
}

std::string name_of_measure(const TableRequest& request) {
    switch (request.measure) {
        case Measure::records:
            return "records";
        case Measure::persons:
            return "persons";
        case Measure::distinct:
            return "distinct_" + request.distinct->sql_name;
        case Measure::sum:
            return "sum_" + request.summed->sql_name;
        case Measure::mean:
            return "mean_" + request.summed->sql_name;
        case Measure::percentile:
            return fmt::format("p{}_{}", request.percent, request.summed->sql_name);
        case Measure::share:
            break;
    }
    return "share";
}

std::string as(const std::string& sql, const std::string& name) {
    return sql + " AS " + quote_name(name);
}

// What is counted, named; of a mean, percentile or share the records first.
std::string counted_of(const TableRequest& request) {
    std::string sql;
    switch (request.measure) {
        case Measure::records:
            sql = "count(*)";
            break;
        case Measure::persons:
            sql = "count(DISTINCT \"person_key\")";
            break;
        case Measure::distinct: {
            AMATE_CHECK(request.distinct != nullptr);
            const auto column = quote_name(request.distinct->sql_name);
            // A record without codes holds the empty text, which is no code.
            const bool codes = request.distinct->type == Type::codes;
            sql = codes ? fmt::format("count(DISTINCT nullif({}, ''))", column)
                        : fmt::format("count(DISTINCT {})", column);
            break;
        }
        case Measure::sum: {
            auto summed = quote_name(request.summed->sql_name);
            if (request.weight != nullptr) summed += " * " + quote_name(request.weight->sql_name);
            sql = fmt::format("CAST(round(coalesce(sum({}), 0)) AS BIGINT)", summed);
            break;
        }
        case Measure::mean:
            sql = fmt::format("CAST(sum({0}) AS DOUBLE) / count({0})",
                              quote_name(request.summed->sql_name));
            break;
        case Measure::percentile:
            sql = fmt::format("CAST(quantile_disc({}, {}) AS DOUBLE)",
                              quote_name(request.summed->sql_name), request.percent / 100.0);
            break;
        case Measure::share:
            sql = fmt::format("CAST(count(*) FILTER (WHERE {}) AS DOUBLE) / count(*)", kHolds);
            break;
    }
    const auto value = as(sql, name_of_measure(request));
    return request.has_values() ? as("count(*)", "records") + ", " + value : value;
}

// Dimensions of type `codes` that the request opens, each once.
std::vector<const Dimension*> opened_by(const TableRequest& request) {
    std::vector<const Dimension*> opened;
    for (const auto* dimension : request.by) {
        if (dimension->type == Type::codes) opened.push_back(dimension);
    }
    const auto* distinct = request.measure == Measure::distinct ? request.distinct : nullptr;
    if (distinct != nullptr && distinct->type == Type::codes &&
        std::count(opened.begin(), opened.end(), distinct) == 0) {
        opened.push_back(distinct);
    }
    return opened;
}

// True if the text is one pair of brackets, so that it needs no further one.
bool is_bracketed(const std::string& sql) {
    bool whole = sql.starts_with('(');
    internal::for_each_bare(sql, [&](std::size_t at, int depth) {
        if (depth == 0 && at + 1 < sql.size()) whole = false;
    });
    return whole;
}

std::string indented(const std::string& lines) {
    std::string out = "  ";
    for (const char c : lines) {
        out += c;
        if (c == '\n') out += "  ";
    }
    return out;
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
        AMATE_TRY(auto where, request.where.to_sql(columns_of(request)));
        conditions.push_back(is_bracketed(where) ? where : "(" + where + ")");
    }
    if (request.measure == Measure::mean || request.measure == Measure::percentile) {
        conditions.push_back(quote_name(request.summed->sql_name) + " IS NOT NULL");
    }
    return conditions;
}

// FROM and WHERE; with what is made of expressions, beside the columns they are made of; with
// dimensions to open, each in a subquery of its own around the one before, so that two of them give
// every pair of codes of a record.
Result<std::string> source_of(const TableRequest& request, const std::string& file) {
    AMATE_TRY(const auto conditions, conditions_of(request));
    auto source = "FROM read_parquet(" + quote_text(file) + ")";
    if (!conditions.empty()) {
        source += fmt::format("\nWHERE {}", fmt::join(conditions, "\n  AND "));
    }
    std::string made;
    for (const auto* dimension : request.by) {
        if (!request.is_made(dimension)) continue;
        AMATE_TRY(const auto sql, dimension->expression.to_sql(columns_of(request)));
        made += ", " + as(sql, dimension->sql_name);
    }
    if (request.measure == Measure::share) {
        AMATE_TRY(const auto sql, request.condition.to_sql(columns_of(request)));
        made += fmt::format(", {} AS {}", sql, kHolds);
    }
    if (!made.empty()) source = fmt::format("FROM (\n  SELECT *{}\n{}\n)", made, indented(source));
    for (const auto* dimension : opened_by(request)) {
        const auto column = quote_name(dimension->sql_name);
        source = fmt::format(
            "FROM (\n  SELECT * REPLACE (unnest(string_split(coalesce({0}, ''), ';')) AS {0})\n"
            "{1}\n)",
            column, indented(source));
    }
    return source;
}

std::string list_of(const std::vector<const Dimension*>& dimensions) {
    std::vector<std::string> columns;
    for (const auto* dimension : dimensions) columns.push_back(quote_name(dimension->sql_name));
    return fmt::format("{}", fmt::join(columns, ", "));
}

// One query for each choice of the dimensions that are told apart; the others are totals.
Result<std::string> with_totals(const TableRequest& request, const std::string& file) {
    const auto counted = counted_of(request);
    std::vector<std::string> queries;
    for (std::size_t totals = 0; totals < std::size_t{1} << request.by.size(); ++totals) {
        auto part = request;
        part.by.clear();
        std::string columns;
        for (std::size_t at = 0; at < request.by.size(); ++at) {
            const auto column = quote_name(request.by[at]->sql_name);
            if ((totals >> at & 1U) != 0) {
                columns += fmt::format("'{}' AS {}, ", kTotalCode, column);
            } else {
                columns += fmt::format("CAST({0} AS VARCHAR) AS {0}, ", column);
                part.by.push_back(request.by[at]);
            }
        }
        AMATE_TRY(const auto source, source_of(part, file));
        auto query = "SELECT " + columns + counted + "\n" + source;
        query += part.by.empty() ? "\nHAVING count(*) > 0" : "\nGROUP BY " + list_of(part.by);
        queries.push_back(std::move(query));
    }
    return fmt::format("{}\nORDER BY {}", fmt::join(queries, "\nUNION ALL\n"), list_of(request.by));
}

}  // namespace

Result<std::string> to_sql(const TableRequest& request, const std::string& file) {
    if (request.totals && !request.by.empty()) return with_totals(request, file);
    const auto counted = counted_of(request);
    AMATE_TRY(const auto source, source_of(request, file));
    const auto list = list_of(request.by);
    if (list.empty()) return "SELECT " + counted + "\n" + source;
    return fmt::format("SELECT {0}, {1}\n{2}\nGROUP BY {0}\nORDER BY {0}", list, counted, source);
}

}  // namespace amate::statistics
