// SPDX-License-Identifier: Apache-2.0
// How a value of a record stands in a SQL column, and back.
#include <algorithm>

#include "core/text.hpp"
#include "definitions/rows.hpp"
#include "store/internal/driver.hpp"
#include "store/session.hpp"

namespace amate::store {
namespace {

using definitions::Type;

struct ToSql {
    SqlValue operator()(Missing) const { return std::monostate{}; }
    SqlValue operator()(bool value) const { return std::int64_t{value ? 1 : 0}; }
    SqlValue operator()(std::int64_t value) const { return value; }
    SqlValue operator()(double value) const { return value; }
    SqlValue operator()(const std::string& value) const { return value; }
    template <class Other>
    SqlValue operator()(const Other& value) const {
        return canonical(value);
    }
};

// Says which type, never what was found: it may be a person's.
[[noreturn]] void refuse(const char* type) {
    throw IoFailure(std::string("the store holds something that is not a ") + type +
                    " where one belongs; run `amate verify`");
}

template <class T>
Value parsed(const std::string& text, const char* type) {
    auto value = T::parse(text);
    if (!value) refuse(type);
    return *value;
}

const std::string& text_or_refuse(const SqlValue& value, const char* type) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) refuse(type);
    return *text;
}

}  // namespace

void internal::refuse_unstorable(const std::string& text) {
    if (find_invalid_utf8(text)) {
        throw IoFailure(
            "the store failed: a text is not UTF-8, or has a NUL character in it, and cannot be "
            "kept");
    }
}

std::string table_of(const definitions::Register& register_) {
    return "r_" + register_.name;
}

SqlValue to_sql(const Value& value) {
    return std::visit(ToSql{}, value);
}

SqlType sql_type_of(Type type) {
    switch (type) {
        case Type::integer:
        case Type::duration:
            return SqlType::integer;
        case Type::decimal:
        case Type::money:
            return SqlType::real;
        case Type::boolean:
            return SqlType::boolean;
        case Type::person:
            AMATE_CHECK(!"a person is stored by its attributes");
            break;
        default:
            break;
    }
    return SqlType::text;
}

Value from_sql(const SqlValue& value, Type type) {
    if (std::holds_alternative<std::monostate>(value)) return Missing::absent;
    switch (type) {
        case Type::integer:
        case Type::duration:
            if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
            refuse("whole number");
        case Type::decimal:
        case Type::money:
            if (const auto* number = std::get_if<double>(&value)) return *number;
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                return static_cast<double>(*number);
            }
            refuse("number");
        case Type::boolean:
            if (const auto* truth = std::get_if<std::int64_t>(&value);
                truth && *truth >= 0 && *truth <= 1) {
                return *truth == 1;
            }
            refuse("truth value");
        case Type::date:
            return parsed<Date>(text_or_refuse(value, "date"), "date");
        case Type::datetime:
            return parsed<DateTime>(text_or_refuse(value, "date and time"), "date and time");
        case Type::partial_date:
            return parsed<PartialDate>(text_or_refuse(value, "date"), "date");
        case Type::codes: {
            const auto& text = text_or_refuse(value, "list of codes");
            return text.empty() ? Codes{} : Codes(split(text, ';'));
        }
        case Type::table:
            AMATE_CHECK(!"rows are read with their column");
            return Missing::absent;
        default:
            return text_or_refuse(value, "text");
    }
}

Value from_sql(const SqlValue& value, const definitions::Column& column) {
    if (column.type != Type::table || std::holds_alternative<std::monostate>(value)) {
        return from_sql(value, column.type);
    }
    auto rows = definitions::parse_rows(text_or_refuse(value, "repeating group"), column.fields);
    if (!rows) refuse("repeating group");
    return std::move(*rows);
}

std::int64_t integer_of(const SqlValue& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    AMATE_CHECK(number != nullptr);
    return *number;
}

const std::string& text_of(const SqlValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    AMATE_CHECK(text != nullptr);
    return *text;
}

}  // namespace amate::store
