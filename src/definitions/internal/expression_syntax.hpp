// SPDX-License-Identifier: Apache-2.0
// What an expression says before its names and types are known: tokens and the syntax tree.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/value.hpp"
#include "definitions/expression.hpp"

namespace amate::definitions::internal {

constexpr std::size_t kTextBytesMax = 10'000;
constexpr int kDepthMax = 100;  // of brackets, and of the tree

enum class Operation : unsigned char {
    literal,
    variable,
    logical_or,
    logical_and,
    logical_not,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    between,
    in,
    add,
    subtract,
    multiply,
    divide,
    negate,
    to_decimal,
    to_day,
    to_partial,  // conversions the checker puts in; never written
    if_,
    coalesce,
    is_known,
    age,
    age_group,
    band,
    year,
    month,
    hour,
    date_of,
    days_between,
    now,
    today,
    selected,
    count_selected,
    within,
    length,
    matches,
    add_days,
    add_months,
    add_years,
    months_between,
    years_between,
    minutes_between,
    add_working_days,
    working_days_between,
    is_working_day,
    quarter,
    week,
    day_of,
    weekday,
    in_period,
    valid,
    tagged,
    parent,
    lower,
    upper,
    trim,
    starts_with,
    contains,
    concat,
    round,
    absolute,
    flagged,
    current_state,
    count_rows,  // over a repeating group; the condition of the rows, if any, is the child
    any_rows,
    all_rows,
    sum_rows,
    min_rows,
    max_rows
};

// count any all sum min max: they take the name of a repeating group and may have a `where`.
[[nodiscard]] bool is_group_function(std::string_view name);

// A stretch [begin, end) of the text, in bytes.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

enum class TokenKind : unsigned char { literal, word, symbol, end };

struct Token {
    TokenKind kind = TokenKind::end;
    Span span;
    std::string_view text;  // as written
    Value literal;          // for TokenKind::literal
    Type type = Type::text;
};

struct Syntax {
    enum class Kind : unsigned char { literal, name, operation, call };
    Kind kind = Kind::literal;
    Operation operation = Operation::literal;  // for Kind::operation
    Span span;
    Span head;      // where the name of a call stands
    Value literal;  // for Kind::literal
    Type type = Type::text;
    std::string name;  // of a name or call
    int depth = 1;
    std::vector<std::unique_ptr<Syntax>> children;
    std::unique_ptr<Syntax> where;  // of a call over a repeating group, or null
};

// The text being compiled, and where faults in it are.
class SourceText {
public:
    SourceText(std::string_view text, const Place& place) : text_(text), place_(place) {}

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] Place place_of(std::size_t offset) const;
    // What stands there, shortened to be quoted in a message.
    [[nodiscard]] std::string excerpt(Span span) const;

private:
    std::string_view text_;
    const Place& place_;
};

// All tokens, the last of kind `end`. Problems: definitions.expression_syntax, the first only.
[[nodiscard]] Result<std::vector<Token>> read_tokens(const SourceText& source);

// Problems: definitions.expression_syntax, _incomplete, _too_long, _too_deep; the first only.
[[nodiscard]] Result<std::unique_ptr<Syntax>> parse(const SourceText& source);

}  // namespace amate::definitions::internal
