// SPDX-License-Identifier: Apache-2.0
// Evaluates a checked expression on one record: total, three-valued, without copying fields.
#include "definitions/internal/expression_node.hpp"
#include "definitions/internal/expression_values.hpp"

#include "definitions/model.hpp"

#include <algorithm>

namespace amate::definitions::internal {
namespace {

class Evaluation {
public:
    Evaluation(const std::vector<Value>& record, const EvaluationContext& context,
               const std::vector<Value>* row = nullptr)
        : record_(record), context_(context), row_(row) {}

    Value value(const Node& node) const;

private:
    // The operand itself where it is a field or a literal, else its value, kept in `scratch`.
    const Value& operand(const Node& node, Value& scratch) const {
        if (node.operation == Operation::variable) return variable(node);
        if (node.operation == Operation::literal) return node.literal;
        scratch = value(node);
        return scratch;
    }

    // What a record or row too short for its environment lacks is absent.
    const Value& variable(const Node& node) const {
        static const Value kAbsent = Missing::absent;
        if (node.of_row && row_ == nullptr) return kAbsent;
        const auto& values = node.of_row ? *row_ : record_;
        return node.slot < values.size() ? values[node.slot] : kAbsent;
    }

    Truth truth(const Node& node) const {
        Value scratch;
        const auto* found = std::get_if<bool>(&operand(node, scratch));
        return found == nullptr ? Truth() : Truth(*found);
    }

    Truth all_of(const Node& node) const;
    Truth any_of(const Node& node) const;
    Truth compare(Operation operation, const Node& left, const Node& right) const;
    Truth between(const Node& node) const;
    Truth in(const Node& node) const;
    Truth matches(const Node& node) const;
    Value arithmetic(const Node& node) const;
    Value convert(const Node& node) const;
    Value calendar(const Node& node) const;
    Value age_group(const Node& node) const;
    Value choose(const Node& node) const;
    Value count(const Node& node) const;
    Value group(const Node& node) const;
    Value plain(const Node& node) const;

    const std::vector<Value>& record_;
    const EvaluationContext& context_;
    const std::vector<Value>* row_;  // inside a `where`
};

Value to_value(Truth truth) {
    return truth ? Value(*truth) : Value(Missing::absent);
}

Truth both(Truth left, Truth right) {
    if ((left && !*left) || (right && !*right)) return false;
    return left && right ? Truth(true) : Truth();
}

Truth Evaluation::all_of(const Node& node) const {
    Truth result = true;
    for (const auto& child : node.children) {
        result = both(result, truth(*child));
        if (result && !*result) break;
    }
    return result;
}

Truth Evaluation::any_of(const Node& node) const {
    Truth result = false;
    for (const auto& child : node.children) {
        const auto part = truth(*child);
        if (part && *part) return true;
        if (!part) result.reset();
    }
    return result;
}

Truth Evaluation::compare(Operation operation, const Node& left, const Node& right) const {
    Value left_scratch;
    Value right_scratch;
    return compare_values(operation, operand(left, left_scratch), operand(right, right_scratch));
}

Truth Evaluation::between(const Node& node) const {
    return both(compare(Operation::greater_equal, *node.children[0], *node.children[1]),
                compare(Operation::less_equal, *node.children[0], *node.children[2]));
}

Truth Evaluation::in(const Node& node) const {
    Value scratch;
    const auto& sought = operand(*node.children[0], scratch);
    Truth result = false;
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        Value item_scratch;
        const auto same =
            compare_values(Operation::equal, sought, operand(*node.children[i], item_scratch));
        if (same && *same) return true;
        if (!same) result.reset();
    }
    return result;
}

Truth Evaluation::matches(const Node& node) const {
    Value scratch;
    const auto* text = std::get_if<std::string>(&operand(*node.children[0], scratch));
    return text == nullptr ? Truth() : node.pattern->matches(*text);
}

Value Evaluation::arithmetic(const Node& node) const {
    const bool negation = node.operation == Operation::negate;  // 0 - x
    Value left_scratch;
    Value right_scratch = std::int64_t{0};
    const auto& left = negation ? right_scratch : operand(*node.children[0], left_scratch);
    Value scratch;
    const auto& right = operand(*node.children[negation ? 0 : 1], scratch);
    if (node.type == Type::datetime) {
        const auto* moment = std::get_if<DateTime>(&left);
        const auto* minutes = std::get_if<std::int64_t>(&right);
        if (moment == nullptr || minutes == nullptr) return Missing::absent;
        if (node.operation == Operation::add) return shift(*moment, *minutes);
        return *minutes < -kIntegerMax ? Value(Missing::absent) : shift(*moment, -*minutes);
    }
    if (node.type == Type::integer || node.type == Type::duration) {
        const auto* a = std::get_if<std::int64_t>(&left);
        const auto* b = std::get_if<std::int64_t>(&right);
        if (a == nullptr || b == nullptr) return Missing::absent;
        return whole_arithmetic(node.operation, *a, *b);
    }
    const auto a = as_decimal(left);
    const auto b = as_decimal(right);
    return a && b ? decimal_arithmetic(node.operation, *a, *b) : Value(Missing::absent);
}

Value Evaluation::convert(const Node& node) const {
    Value scratch;
    const auto& from = operand(*node.children[0], scratch);
    if (node.operation == Operation::to_decimal) {
        const auto number = as_decimal(from);
        return number ? Value(*number) : Value(Missing::absent);
    }
    if (node.operation == Operation::to_partial) {
        const auto* date = std::get_if<Date>(&from);
        if (date == nullptr) return Missing::absent;
        return PartialDate{date->year(), date->month(), date->day()};
    }
    if (const auto* moment = std::get_if<DateTime>(&from)) return moment->date;
    if (std::holds_alternative<Date>(from)) return from;
    return Missing::absent;
}

Value whole(int number) {
    return static_cast<std::int64_t>(number);
}

Value Evaluation::calendar(const Node& node) const {
    Value scratch;
    const auto& at = operand(*node.children[0], scratch);
    const auto* date = std::get_if<Date>(&at);
    const auto* partial = std::get_if<PartialDate>(&at);
    switch (node.operation) {
        case Operation::hour: {
            const auto* moment = std::get_if<DateTime>(&at);
            return moment == nullptr ? Value(Missing::absent) : whole(moment->hour());
        }
        case Operation::year:
            if (date != nullptr) return whole(date->year());
            return partial == nullptr ? Value(Missing::absent) : whole(partial->year);
        case Operation::month:
            if (date != nullptr) return whole(date->month());
            return partial == nullptr || partial->month == 0 ? Value(Missing::absent)
                                                             : whole(partial->month);
        case Operation::days_between: {
            Value other_scratch;
            const auto* other = std::get_if<Date>(&operand(*node.children[1], other_scratch));
            if (date == nullptr || other == nullptr) return Missing::absent;
            return std::int64_t{other->days_since_1970()} - date->days_since_1970();
        }
        default:
            break;
    }
    Value at_scratch;
    const auto* day = std::get_if<Date>(&operand(*node.children[1], at_scratch));
    if (partial == nullptr || day == nullptr) return Missing::absent;
    const auto years = age_years(*partial, *day);
    return years ? whole(*years) : Value(Missing::absent);
}

Value band_code(const std::vector<Band>& bands, std::int64_t number) {
    const auto found = std::find_if(bands.begin(), bands.end(),
                                    [&](const Band& band) { return band.holds(number); });
    return found == bands.end() ? Value(Missing::absent) : Value(found->code);
}

// A birth that lacks day or month still gives the group if all ages it allows fall in one.
Value Evaluation::age_group(const Node& node) const {
    Value scratch;
    const auto* birth = std::get_if<PartialDate>(&operand(*node.children[0], scratch));
    Value at_scratch;
    const auto* at = std::get_if<Date>(&operand(*node.children[1], at_scratch));
    if (birth == nullptr || at == nullptr || *at < birth->first()) return Missing::absent;
    const auto partial_of = [](Date day) {
        return PartialDate{day.year(), day.month(), day.day()};
    };
    const auto oldest = age_years(partial_of(birth->first()), *at);
    const auto youngest = age_years(partial_of(std::min(birth->last(), *at)), *at);
    if (!oldest || !youngest) return Missing::absent;
    auto group = band_code(node.bands, *oldest);
    return group == band_code(node.bands, *youngest) ? group : Value(Missing::absent);
}

Value Evaluation::choose(const Node& node) const {
    if (node.operation == Operation::if_) {
        const auto condition = truth(*node.children[0]);
        if (!condition) return Missing::absent;
        return value(*node.children[*condition ? 1 : 2]);
    }
    Value result = Missing::absent;
    for (const auto& child : node.children) {
        result = value(*child);
        if (!is_missing(result)) break;
    }
    return result;
}

// What counts, looks up or measures one operand.
Value Evaluation::count(const Node& node) const {
    Value scratch;
    const auto& from = operand(*node.children[0], scratch);
    if (node.operation == Operation::is_known) return !is_missing(from);
    if (node.operation == Operation::band) {
        const auto* number = std::get_if<std::int64_t>(&from);
        return number == nullptr ? Value(Missing::absent) : band_code(node.bands, *number);
    }
    if (const auto* codes = std::get_if<Codes>(&from)) {
        if (node.operation == Operation::count_selected) {
            return static_cast<std::int64_t>(codes->size());
        }
        const auto& code = std::get<std::string>(node.literal);
        return std::find(codes->begin(), codes->end(), code) != codes->end();
    }
    const auto* text = std::get_if<std::string>(&from);
    if (text == nullptr) return Missing::absent;
    if (node.operation == Operation::within) return node.members.contains(*text);
    if (node.operation != Operation::length) return Missing::absent;
    return static_cast<std::int64_t>(std::count_if(text->begin(), text->end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // characters, not bytes
    }));
}

Value Evaluation::value(const Node& node) const {
    switch (node.operation) {
        case Operation::literal:
            return node.literal;
        case Operation::variable:
            return variable(node);
        case Operation::logical_or:
            return to_value(any_of(node));
        case Operation::logical_and:
            return to_value(all_of(node));
        case Operation::logical_not: {
            const auto inner = truth(*node.children[0]);
            return inner ? Value(!*inner) : Value(Missing::absent);
        }
        case Operation::equal:
        case Operation::not_equal:
        case Operation::less:
        case Operation::less_equal:
        case Operation::greater:
        case Operation::greater_equal:
            return to_value(compare(node.operation, *node.children[0], *node.children[1]));
        case Operation::between:
            return to_value(between(node));
        case Operation::in:
            return to_value(in(node));
        case Operation::add:
        case Operation::subtract:
        case Operation::multiply:
        case Operation::divide:
        case Operation::negate:
            return arithmetic(node);
        case Operation::to_decimal:
        case Operation::to_day:
        case Operation::date_of:
        case Operation::to_partial:
            return convert(node);
        case Operation::if_:
        case Operation::coalesce:
            return choose(node);
        case Operation::age:
        case Operation::year:
        case Operation::month:
        case Operation::hour:
        case Operation::days_between:
            return calendar(node);
        case Operation::age_group:
            return age_group(node);
        case Operation::now:
            return context_.now;
        case Operation::today:
            return context_.now.date;
        case Operation::matches:
            return to_value(matches(node));
        case Operation::is_known:
        case Operation::band:
        case Operation::selected:
        case Operation::count_selected:
        case Operation::within:
        case Operation::length:
            return count(node);
        case Operation::count_rows:
        case Operation::any_rows:
        case Operation::all_rows:
        case Operation::sum_rows:
        case Operation::min_rows:
        case Operation::max_rows:
            return group(node);
        default:
            return plain(node);
    }
}

Value Evaluation::plain(const Node& node) const {
    std::vector<Value> values;
    values.reserve(node.children.size());
    for (const auto& child : node.children) values.push_back(value(*child));
    return apply(node, values, context_);
}

// Adds one value more to what sum, min or max has so far; absent once one is missing.
Value gathered(const Node& node, const Value& so_far, const Value& next) {
    if (is_missing(next)) return Missing::absent;
    if (node.operation != Operation::sum_rows) {
        const auto less =
            node.operation == Operation::min_rows ? Operation::less : Operation::greater;
        const auto better = compare_values(less, next, so_far);
        return better ? (*better ? next : so_far) : Value(Missing::absent);
    }
    const auto* a = std::get_if<std::int64_t>(&so_far);
    const auto* b = std::get_if<std::int64_t>(&next);
    if (a != nullptr && b != nullptr) return whole_arithmetic(Operation::add, *a, *b);
    const auto left = as_decimal(so_far);
    const auto right = as_decimal(next);
    return left && right ? decimal_arithmetic(Operation::add, *left, *right)
                         : Value(Missing::absent);
}

// A group nobody wrote rows of has none; one that is unknown or refused gives nothing. Rows for
// which the condition is not known are passed over, but leave any and all undecided.
Value Evaluation::group(const Node& node) const {
    const auto& held = variable(node);
    const auto* rows = std::get_if<Rows>(&held);
    if (rows == nullptr && held != Value(Missing::absent)) return Missing::absent;
    const auto& all = rows == nullptr ? Rows().data().rows : rows->data().rows;
    std::int64_t count = 0;
    bool undecided = false;
    bool refuted = false;
    std::optional<Value> total;
    for (const auto& row : all) {
        const auto chosen = node.children.empty()
                                ? Truth(true)
                                : Evaluation(record_, context_, &row).truth(*node.children[0]);
        undecided = undecided || !chosen;
        refuted = refuted || (chosen && !*chosen);
        if (!chosen || !*chosen) continue;
        ++count;
        const auto& next = node.field < row.size() ? row[node.field] : Value(Missing::absent);
        if (node.operation >= Operation::sum_rows) {
            total = total && !is_missing(*total) ? gathered(node, *total, next)
                    : total                      ? *total
                                                 : next;
        }
    }
    switch (node.operation) {
        case Operation::count_rows:
            return count;
        case Operation::any_rows:
            return count > 0 ? Value(true) : undecided ? Value(Missing::absent) : Value(false);
        case Operation::all_rows:
            return refuted ? Value(false) : undecided ? Value(Missing::absent) : Value(true);
        default:
            break;
    }
    if (!total) {
        if (node.operation != Operation::sum_rows) return Missing::absent;
        return node.type == Type::decimal ? Value(0.0) : Value(std::int64_t{0});
    }
    return is_missing(*total) ? Value(Missing::absent) : *total;
}

}  // namespace

Value evaluate(const Node& node, const std::vector<Value>& record,
               const EvaluationContext& context) {
    return Evaluation(record, context).value(node);
}

}  // namespace amate::definitions::internal
