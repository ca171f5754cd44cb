// SPDX-License-Identifier: Apache-2.0
// A checked expression: every name resolved, every type known, every conversion explicit.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/pattern.hpp"
#include "definitions/internal/bands.hpp"
#include "definitions/internal/expression_syntax.hpp"

namespace amate::definitions::internal {

// Immutable once compiled; shared by the copies of its Expression.
struct Node {
    Operation operation = Operation::literal;
    Type type = Type::text;
    const CodeList* codelist = nullptr;  // for code and codes
    Place place;                         // where it is written
    std::vector<std::unique_ptr<Node>> children;

    Value literal;                            // of a literal; the code of `selected` and `within`
    std::size_t slot = 0;                     // of a variable
    std::string name;                         // of a variable
    Text title;                               // of a variable
    std::vector<Band> bands;                  // of age_group and band
    std::unordered_set<std::string> members;  // of within: the ancestor and all below it
    std::optional<Pattern> pattern;           // of matches
    std::optional<Calendar> calendar;         // of the functions over working days
    bool of_row = false;                      // a variable that is a field of the row at hand
    std::size_t field = 0;                    // of sum, min and max over a group
    std::string field_name;                   // of the same
    Text field_title;                         // of the same
    std::vector<std::size_t> slots;           // of the root: all variables read
};

// Decimals beyond this are taken as overflow; SQL says the same. Integers run to the largest
// number with its negative (the smallest 64-bit number is overflow).
constexpr double kDecimalMax = 1e300;

// Checks names and types; with `list`, that the value is a code of it. Problems: all found.
[[nodiscard]] Result<std::unique_ptr<Node>> check(const Syntax& syntax, const SourceText& source,
                                                  const Environment& environment,
                                                  const CodeList* list);

[[nodiscard]] Value evaluate(const Node& node, const std::vector<Value>& record,
                             const EvaluationContext& context);

// A function of plain shape on the values of its arguments.
[[nodiscard]] Value apply(const Node& node, const std::vector<Value>& values,
                          const EvaluationContext& context);
// So many minutes later; absent outside the years 1 to 9999.
[[nodiscard]] Value shift(DateTime moment, std::int64_t minutes);

[[nodiscard]] Result<std::string> write_sql(
    const Node& node, const std::function<std::string(std::size_t)>& column_of, Dialect dialect,
    const EvaluationContext* context);

[[nodiscard]] Result<std::string> write_xpath(
    const Node& node, const std::function<std::string(std::size_t)>& path_of);

[[nodiscard]] std::string write_words(const Node& node, std::string_view language);

}  // namespace amate::definitions::internal
