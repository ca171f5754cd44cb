// SPDX-License-Identifier: Apache-2.0
// Holds personal texts and dates back from snapshots before a record is read.
#include "snapshot/internal/coded_register.hpp"

#include <algorithm>
#include <set>

namespace amate::snapshot::internal {

namespace {

using definitions::Sensitivity;
using definitions::Type;

bool is_coded(Type type) {
    return type == Type::code || type == Type::codes || type == Type::boolean ||
           type == Type::integer;
}

bool is_text_or_date(Type type) {
    return type == Type::text || type == Type::narrative || type == Type::date ||
           type == Type::datetime || type == Type::partial_date;
}

bool reads_personal(const definitions::Register& register_,
                    const definitions::Dimension& dimension) {
    const auto& slots = dimension.expression.slots();
    return std::any_of(slots.begin(), slots.end(), [&](std::size_t slot) {
        const auto& column = register_.columns.at(slot);
        return is_text_or_date(column.type) && (column.sensitivity == Sensitivity::personal ||
                                                column.sensitivity == Sensitivity::protected_);
    });
}

// A code without a list could be any text, so it counts as one.
bool may_enter(const definitions::Dimension& dimension) {
    const auto type = dimension.expression.type();
    if (!is_coded(dimension.type) || type != dimension.type) return false;
    const bool listed = type == Type::code || type == Type::codes;
    return !listed || dimension.codelist != nullptr;
}

CodedColumn make_column(const definitions::Register& register_,
                        const definitions::Dimension& dimension) {
    CodedColumn column;
    column.dimension = &dimension;
    const auto plain = register_.column_index(dimension.expression.source());
    const auto& slots = dimension.expression.slots();
    if (plain && slots.size() == 1 && slots.front() == *plain) column.plain_column = plain;
    if (dimension.codelist != nullptr) {
        for (const auto& code : dimension.codelist->codes) {
            column.codes.emplace(code.code, column.codes.size());
        }
    }
    return column;
}

// A text computed from codes and dates, closed by a list, is a code; a text of a record is not.
bool is_listed_text(const definitions::Register& register_,
                    const definitions::Dimension& dimension) {
    if (dimension.type != Type::code || dimension.expression.type() != Type::text ||
        dimension.codelist == nullptr) {
        return false;
    }
    const auto& slots = dimension.expression.slots();
    return std::none_of(slots.begin(), slots.end(), [&](std::size_t slot) {
        const auto type = register_.columns[slot].type;
        return type == Type::text || type == Type::narrative;
    });
}

}  // namespace

const Value& CodedColumn::value_of(const std::vector<Value>& record,
                                   const definitions::EvaluationContext& context,
                                   Value& scratch) const {
    if (plain_column) return record[*plain_column];
    scratch = dimension->expression.evaluate(record, context);
    return scratch;
}

Result<CodedRegister> make_coded_register(const definitions::Register& register_) {
    CodedRegister coded;
    coded.register_ = &register_;
    Problems problems;
    std::set<std::string, std::less<>> names{std::string(kTimeColumn),
                                             std::string(kPersonKeyColumn)};
    for (const auto& dimension : register_.dimensions) {
        const Place place{"registers/" + register_.name + ".yaml", 0, 0, dimension.name};
        const std::map<std::string, std::string> parameters{{"register", register_.name},
                                                            {"dimension", dimension.name}};
        if (!names.insert(dimension.sql_name).second) {
            problems.push_back({"snapshot.column_twice", place, parameters});
        }
        if (may_enter(dimension) || is_listed_text(register_, dimension)) {
            coded.columns.push_back(make_column(register_, dimension));
        } else {
            const bool personal =
                !is_coded(dimension.expression.type()) && reads_personal(register_, dimension);
            const auto* code = personal ? "snapshot.personal_dimension" : "snapshot.dimension_type";
            problems.push_back({code, place, parameters});
        }
    }
    for (const auto& measure : register_.measures) {
        AMATE_CHECK(measure.type == Type::integer || measure.type == Type::money);
        // A number that is a dimension too stands in the file once.
        if (names.insert(measure.sql_name).second) {
            coded.columns.push_back(make_column(register_, measure));
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    return coded;
}

}  // namespace amate::snapshot::internal
