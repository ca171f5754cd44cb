// SPDX-License-Identifier: Apache-2.0
// Comparison and arithmetic of two values, three-valued and bounded.
#include "definitions/internal/expression_values.hpp"

#include <cmath>

#include "definitions/internal/expression_node.hpp"

namespace amate::definitions::internal {

std::optional<double> as_decimal(const Value& value) {
    double number = 0;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        number = static_cast<double>(*whole);
    } else if (const auto* real = std::get_if<double>(&value)) {
        number = *real;
    } else {
        return std::nullopt;
    }
    return std::abs(number) <= kDecimalMax ? std::optional(number) : std::nullopt;
}

namespace {

template <class Item>
Truth order(Operation operation, const Item& left, const Item& right) {
    switch (operation) {
        case Operation::equal:
            return left == right;
        case Operation::not_equal:
            return !(left == right);
        case Operation::less:
            return left < right;
        case Operation::less_equal:
            return !(right < left);
        case Operation::greater:
            return right < left;
        default:
            return !(left < right);
    }
}

// A date that lacks day or month is a stretch of days; what not every day of it agrees on is not
// known.
Truth order_stretches(Operation operation, const PartialDate& left, const PartialDate& right) {
    const auto first = left.first();
    const auto last = left.last();
    const auto other_first = right.first();
    const auto other_last = right.last();
    const bool apart = last < other_first || other_last < first;
    const bool days = left.complete() && right.complete();
    switch (operation) {
        case Operation::equal:
            return days ? Truth(first == other_first) : apart ? Truth(false) : Truth();
        case Operation::not_equal:
            return days ? Truth(first != other_first) : apart ? Truth(true) : Truth();
        case Operation::less:
            return last < other_first ? Truth(true) : first >= other_last ? Truth(false) : Truth();
        case Operation::less_equal:
            return last <= other_first ? Truth(true) : first > other_last ? Truth(false) : Truth();
        case Operation::greater:
            return order_stretches(Operation::less, right, left);
        default:
            return order_stretches(Operation::less_equal, right, left);
    }
}

}  // namespace

Truth compare_values(Operation operation, const Value& left, const Value& right) {
    if (left.index() == right.index()) {
        return std::visit(
            [&](const auto& item) -> Truth {
                using Item = std::decay_t<decltype(item)>;
                if constexpr (std::is_same_v<Item, Missing> || std::is_same_v<Item, Rows>) {
                    return std::nullopt;  // the checker lets nobody compare tables
                } else if constexpr (std::is_same_v<Item, PartialDate>) {
                    return order_stretches(operation, item, std::get<PartialDate>(right));
                } else if constexpr (std::is_same_v<Item, double>) {
                    const auto a = as_decimal(left);
                    const auto b = as_decimal(right);
                    return a && b ? order(operation, *a, *b) : Truth();
                } else {
                    return order(operation, item, std::get<Item>(right));
                }
            },
            left);
    }
    const auto a = as_decimal(left);  // money may be whole in one record and not in another
    const auto b = as_decimal(right);
    return a && b ? order(operation, *a, *b) : Truth();
}

Value whole_arithmetic(Operation operation, std::int64_t left, std::int64_t right) {
    std::int64_t result = 0;
    bool overflow = false;
    switch (operation) {
        case Operation::add:
            overflow = __builtin_add_overflow(left, right, &result);
            break;
        case Operation::multiply:
            overflow = __builtin_mul_overflow(left, right, &result);
            break;
        default:
            overflow = __builtin_sub_overflow(left, right, &result);
            break;
    }
    return overflow || result < -kIntegerMax ? Value(Missing::absent) : Value(result);
}

Value decimal_arithmetic(Operation operation, double left, double right) {
    double result = 0;
    switch (operation) {
        case Operation::add:
            result = left + right;
            break;
        case Operation::multiply:
            result = left * right;
            break;
        case Operation::divide:
            if (right == 0) return Missing::absent;
            result = left / right;
            break;
        default:
            result = left - right;
            break;
    }
    if (!(std::abs(result) <= kDecimalMax)) return Missing::absent;
    return result;
}

}  // namespace amate::definitions::internal
