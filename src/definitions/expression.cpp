// SPDX-License-Identifier: Apache-2.0
// The public face of the expression language: types by name, compilation, the readings.
#include "definitions/expression.hpp"

#include "definitions/internal/expression_columns.hpp"
#include "definitions/internal/expression_node.hpp"

#include <algorithm>
#include <array>

namespace amate::definitions {
namespace {

// In the order of Type.
constexpr std::array<std::string_view, 18> kTypeNames = {
    "text",     "narrative", "code",   "codes",    "integer",      "decimal",
    "money",    "boolean",   "date",   "datetime", "partial_date", "person",
    "duration", "geopoint",  "office", "record",   "file",         "table"};

Result<Expression> compile_any(std::string_view text, const Environment& environment,
                               const CodeList* list, const Place& place) {
    const internal::SourceText source(text, place);
    AMATE_TRY(auto syntax, internal::parse(source));
    AMATE_TRY(auto root, internal::check(*syntax, source, environment, list));
    return Expression(std::shared_ptr<const internal::Node>(std::move(root)), std::string(text));
}

}  // namespace

std::string_view name_of(Type type) {
    return kTypeNames.at(static_cast<std::size_t>(type));
}

std::optional<Type> parse_type(std::string_view name) {
    const auto* found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
    if (found == kTypeNames.end()) return std::nullopt;
    return static_cast<Type>(found - kTypeNames.begin());
}

const Calendar* Environment::find_calendar(std::string_view name) const {
    if (calendars == nullptr) return nullptr;
    const auto found = calendars->find(name);
    return found == calendars->end() ? nullptr : &found->second;
}

Expression::Expression(std::shared_ptr<const internal::Node> root, std::string source)
    : root_(std::move(root)), source_(std::move(source)) {}

Type Expression::type() const {
    AMATE_CHECK(root_ != nullptr);
    return root_->type;
}

const CodeList* Expression::codelist() const {
    AMATE_CHECK(root_ != nullptr);
    return root_->codelist;
}

const std::vector<std::size_t>& Expression::slots() const {
    AMATE_CHECK(root_ != nullptr);
    return root_->slots;
}

Value Expression::evaluate(const std::vector<Value>& record,
                           const EvaluationContext& context) const {
    AMATE_CHECK(root_ != nullptr);
    return internal::evaluate(*root_, record, context);
}

EncodedColumn Expression::evaluate_columns(const ColumnBatch& batch,
                                           const EvaluationContext& context) const {
    AMATE_CHECK(root_ != nullptr);
    return internal::evaluate_columns(*root_, batch, context);
}

TruthColumn Expression::evaluate_truth(const ColumnBatch& batch,
                                       const EvaluationContext& context) const {
    AMATE_CHECK(root_ != nullptr);
    return internal::evaluate_truth(*root_, batch, context);
}

Result<std::string> Expression::to_sql(const std::function<std::string(std::size_t)>& column_of,
                                       Dialect dialect, const EvaluationContext* context) const {
    AMATE_CHECK(root_ != nullptr);
    return internal::write_sql(*root_, column_of, dialect, context);
}

Result<std::string> Expression::to_xpath(
    const std::function<std::string(std::size_t)>& path_of) const {
    AMATE_CHECK(root_ != nullptr);
    return internal::write_xpath(*root_, path_of);
}

std::string Expression::to_words(std::string_view language) const {
    AMATE_CHECK(root_ != nullptr);
    return internal::write_words(*root_, language);
}

Result<Expression> compile(std::string_view text, const Environment& environment,
                           const Place& place) {
    return compile_any(text, environment, nullptr, place);
}

Result<Expression> compile_code(std::string_view text, const Environment& environment,
                                const CodeList& list, const Place& place) {
    return compile_any(text, environment, &list, place);
}

}  // namespace amate::definitions
