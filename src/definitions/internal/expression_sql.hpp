// SPDX-License-Identifier: Apache-2.0
// Writes a checked expression as SQL; days, moments and functions are three files of one class.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "definitions/internal/expression_node.hpp"

namespace amate::definitions::internal {

// "it's" as it stands in SQL: 'it''s'.
[[nodiscard]] std::string quote_sql(std::string_view text);

// Days are text in SQLite and PostgreSQL, and DATE in DuckDB; moments likewise. A column compared
// with literals or columns is left as it stands, so that files can be skipped by it; anywhere else
// both are brought to ISO text, which orders and compares as they do.
class SqlWriter {
public:
    SqlWriter(const std::function<std::string(std::size_t)>& column_of, Dialect dialect,
              const EvaluationContext* context)
        : column_of_(column_of), dialect_(dialect), context_(context) {}

    Result<std::string> run(const Node& node);

private:
    using Parts = const std::vector<std::string>&;

    std::string refuse(const Node& node, std::string_view what);
    std::string write(const Node& node);
    std::string write_unbounded(const Node& node);
    std::string literal(const Value& value);
    std::string variable(const Node& node);
    // Children [first, end), each as text() where it is a day or a moment.
    std::vector<std::string> texts_of(const Node& node, std::size_t first = 0);
    std::string comparison(const Node& node);
    std::string choice(const Node& node);
    std::string arithmetic(const Node& node);
    std::string checked_real(Operation operation, const std::string& left,
                             const std::string& right) const;

    // A day, a moment or a date that lacks a day as ISO text; anything else as it stands.
    std::string text(const Node& node);
    std::string temporal(const Node& node);
    std::string now_text(const Node& node);
    std::string compare_stretches(Operation operation, const std::string& left,
                                  const std::string& right);
    std::string stretch_comparison(const Node& node, Parts parts);
    std::string shifted(const Node& node);

    std::string function(const Node& node);
    std::string count_selected(const Node& node);
    std::string of_code(const Node& node);
    std::string of_text(const Node& node);
    std::string of_number(const Node& node);
    std::string of_days(const Node& node);
    std::string age(const Node& node);
    std::string age_group(const Node& node);
    std::string band(const Node& node, const std::string& number);

    [[nodiscard]] bool sqlite() const { return dialect_ == Dialect::sqlite; }
    [[nodiscard]] bool postgresql() const { return dialect_ == Dialect::postgresql; }
    [[nodiscard]] const char* place_function() const { return postgresql() ? "strpos" : "instr"; }
    // A text that is ordered by its bytes, whatever the language of the database.
    [[nodiscard]] std::string by_bytes(const std::string& text) const;
    [[nodiscard]] std::string as_real(const std::string& number) const;
    // A number written with an exponent is a DOUBLE, but a NUMERIC in PostgreSQL.
    [[nodiscard]] std::string real(const std::string& digits) const;
    [[nodiscard]] std::string big(const std::string& number) const;
    [[nodiscard]] std::string quotient(const std::string& number, int divisor) const;
    // Days since 1970 of an ISO text, and back.
    [[nodiscard]] std::string number_of(const std::string& day) const;
    [[nodiscard]] std::string day_of(const std::string& number) const;
    // Seconds since 1970 of an ISO moment, and back.
    [[nodiscard]] std::string seconds_of(const std::string& moment) const;
    [[nodiscard]] std::string moment_of(const std::string& seconds) const;
    [[nodiscard]] std::string add_months(const std::string& day, const std::string& months) const;

    const std::function<std::string(std::size_t)>& column_of_;
    Dialect dialect_;
    const EvaluationContext* context_;  // or null: the present is then refused
    Problems problems_;
    bool too_long_ = false;
};

}  // namespace amate::definitions::internal
