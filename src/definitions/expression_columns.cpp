// SPDX-License-Identifier: Apache-2.0
// Over encoded columns an operator is evaluated once for each value, or pair of values, there is.
#include "definitions/expression_columns.hpp"

#include "definitions/internal/expression_columns.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>

namespace amate::definitions {

EncodedColumn::EncodedColumn(std::vector<Value> dictionary, Indices indices)
    : dictionary_(std::move(dictionary)) {
    std::uint32_t largest = 0;
    for (const auto index : indices) largest = std::max(largest, index);
    AMATE_CHECK(indices.empty() || largest < dictionary_.size());
    if (dictionary_.empty()) dictionary_.emplace_back(Missing::absent);
    indices_ = std::make_shared<const Indices>(std::move(indices));
}

EncodedColumn EncodedColumn::with_dictionary(std::vector<Value> dictionary) const {
    AMATE_CHECK(dictionary.size() == dictionary_.size());
    EncodedColumn column;
    column.dictionary_ = std::move(dictionary);
    column.indices_ = indices_;
    return column;
}

std::optional<bool> TruthColumn::at(std::size_t row) const {
    const auto bit = std::uint64_t{1} << (row % 64);
    if ((is_true[row / 64] & bit) != 0) return true;
    if ((is_false[row / 64] & bit) != 0) return false;
    return std::nullopt;
}

std::size_t TruthColumn::count_true() const {
    std::size_t count = 0;
    for (const auto word : is_true) count += static_cast<std::size_t>(std::popcount(word));
    return count;
}

namespace internal {
namespace {

using Indices = EncodedColumn::Indices;

std::size_t hash_of(const Value& value) {
    const auto hash = std::visit(
        [](const auto& item) -> std::size_t {
            using Item = std::decay_t<decltype(item)>;
            if constexpr (std::is_same_v<Item, Missing>) {
                return static_cast<std::size_t>(item);
            } else if constexpr (std::is_same_v<Item, Date>) {
                return static_cast<std::size_t>(item.days_since_1970());
            } else if constexpr (std::is_same_v<Item, DateTime>) {
                return static_cast<std::size_t>(item.date.days_since_1970()) * 86400U +
                       static_cast<std::size_t>(item.second_of_day);
            } else if constexpr (std::is_same_v<Item, PartialDate>) {
                return static_cast<std::size_t>((item.year * 13 + item.month) * 32 + item.day);
            } else if constexpr (std::is_same_v<Item, Codes> || std::is_same_v<Item, Rows>) {
                return item.size();  // no operator gives one that was not in a dictionary
            } else {
                return std::hash<Item>{}(item);
            }
        },
        value);
    return (hash * 0x9E3779B97F4A7C15U) ^ value.index();
}

// As ==, but 0 and -0, which a reader could tell apart, are two.
bool same_value(const Value& left, const Value& right) {
    const auto* a = std::get_if<double>(&left);
    const auto* b = std::get_if<double>(&right);
    if (a == nullptr || b == nullptr) return left == right;
    return std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b);
}

struct Hash {
    std::size_t operator()(const Value& value) const { return hash_of(value); }
};
struct Same {
    bool operator()(const Value& left, const Value& right) const { return same_value(left, right); }
};

// A dictionary in the making: each value once.
class Dictionary {
public:
    std::uint32_t place_of(Value value) {
        const auto next = static_cast<std::uint32_t>(values_.size());
        const auto [found, is_new] = places_.try_emplace(value, next);
        if (is_new) values_.push_back(std::move(value));
        return found->second;
    }
    std::vector<Value> take() { return std::move(values_); }

private:
    std::vector<Value> values_;
    std::unordered_map<Value, std::uint32_t, Hash, Same> places_;
};

// The operator of `node` alone: its operands are the first places of a record. What it gives for
// them is decided by the one evaluator, so that there is no second meaning to keep equal.
Node alone(const Node& node) {
    Node copy;
    copy.operation = node.operation;
    copy.type = node.type;
    copy.codelist = node.codelist;
    copy.literal = node.literal;
    copy.bands = node.bands;
    copy.members = node.members;
    copy.pattern = node.pattern;
    copy.calendar = node.calendar;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        auto operand = std::make_unique<Node>();
        operand->operation = Operation::variable;
        operand->type = node.children[i]->type;
        operand->codelist = node.children[i]->codelist;
        operand->slot = i;
        copy.children.push_back(std::move(operand));
    }
    return copy;
}

bool is_group(const Node& node) {
    return node.operation >= Operation::count_rows;
}

// The slots `node` reads, rising. Fields of rows are within their table.
void add_slots(const Node& node, std::vector<std::size_t>& slots) {
    if ((node.operation == Operation::variable && !node.of_row) || is_group(node)) {
        slots.push_back(node.slot);
    }
    for (const auto& child : node.children) add_slots(*child, slots);
}

std::vector<std::size_t> slots_of(const Node& node) {
    std::vector<std::size_t> slots;
    add_slots(node, slots);
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
    return slots;
}

class Columns {
public:
    Columns(const ColumnBatch& batch, const EvaluationContext& context)
        : batch_(batch), context_(context), words_((batch.rows + 63) / 64) {}

    EncodedColumn column(const Node& node) const;
    TruthColumn truth(const Node& node) const;

private:
    EncodedColumn variable(std::size_t slot) const;
    EncodedColumn of_one_slot(const Node& node, std::size_t slot) const;
    EncodedColumn of_operands(const Node& node, const std::vector<EncodedColumn>& operands) const;
    EncodedColumn encoded(const TruthColumn& truth) const;
    TruthColumn decoded(const EncodedColumn& column) const;
    TruthColumn joined(const Node& node) const;

    const ColumnBatch& batch_;
    const EvaluationContext& context_;
    std::size_t words_;
};

EncodedColumn Columns::variable(std::size_t slot) const {
    if (slot >= batch_.columns.size()) return EncodedColumn();
    const auto& column = batch_.columns[slot];
    AMATE_CHECK(column.indices() == nullptr || column.indices()->size() == batch_.rows);
    return column;
}

EncodedColumn Columns::column(const Node& node) const {
    const auto slots = slots_of(node);
    if (node.operation == Operation::variable) return variable(node.slot);
    if (slots.empty()) return EncodedColumn(evaluate(node, {}, context_));
    if (slots.size() == 1) return of_one_slot(node, slots.front());
    const bool logic = node.operation == Operation::logical_or ||
                       node.operation == Operation::logical_and ||
                       node.operation == Operation::logical_not;
    if (logic) return encoded(truth(node));
    std::vector<EncodedColumn> operands;
    if (is_group(node)) {  // its condition has no value outside of a row: it is asked as a whole
        operands.resize(slots.back() + 1);
        for (const auto slot : slots) operands[slot] = variable(slot);
    } else {
        for (const auto& child : node.children) operands.push_back(column(*child));
    }
    return of_operands(node, operands);
}

// All that stands over one column is evaluated once for each of its values.
EncodedColumn Columns::of_one_slot(const Node& node, std::size_t slot) const {
    const auto base = variable(slot);
    std::vector<Value> record(slot + 1, Missing::absent);
    std::vector<Value> values;
    values.reserve(base.dictionary().size());
    for (const auto& value : base.dictionary()) {
        record[slot] = value;
        values.push_back(evaluate(node, record, context_));
    }
    return base.with_dictionary(std::move(values));
}

// Operands whose rows are the same list of indices move together.
struct Axis {
    const Indices* indices = nullptr;
    std::size_t size = 0;
    std::vector<std::size_t> operands;
};

std::vector<Axis> axes_of(const std::vector<EncodedColumn>& operands) {
    std::vector<Axis> axes;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const auto* indices = operands[i].indices();
        if (indices == nullptr) continue;
        auto found = std::find_if(axes.begin(), axes.end(),
                                  [&](const Axis& axis) { return axis.indices == indices; });
        if (found == axes.end()) {
            axes.push_back({indices, operands[i].dictionary().size(), {}});
            found = axes.end() - 1;
        }
        found->operands.push_back(i);
    }
    return axes;
}

EncodedColumn Columns::of_operands(const Node& node,
                                   const std::vector<EncodedColumn>& operands) const {
    const auto axes = axes_of(operands);
    const auto single = is_group(node) ? Node() : alone(node);
    const Node& asked = is_group(node) ? node : single;
    std::vector<Value> record;
    for (const auto& operand : operands) record.push_back(operand.dictionary().front());
    if (axes.empty()) return EncodedColumn(evaluate(asked, record, context_));
    const auto value_at = [&](std::size_t row) {
        for (const auto& axis : axes) {
            const auto index = (*axis.indices)[row];
            for (const auto i : axis.operands) record[i] = operands[i].dictionary()[index];
        }
        return evaluate(asked, record, context_);
    };
    std::size_t product = 1;
    for (const auto& axis : axes) product = std::min(product, batch_.rows + 1) * axis.size;
    Indices indices(batch_.rows);
    if (product > batch_.rows && node.type != Type::boolean) {  // hardly a pair comes twice
        std::vector<Value> values;
        values.reserve(batch_.rows);
        for (std::size_t row = 0; row < batch_.rows; ++row) {
            indices[row] = static_cast<std::uint32_t>(row);
            values.push_back(value_at(row));
        }
        return {std::move(values), std::move(indices)};
    }
    Dictionary dictionary;
    if (product > batch_.rows) {
        for (std::size_t row = 0; row < batch_.rows; ++row) {
            indices[row] = dictionary.place_of(value_at(row));
        }
        return {dictionary.take(), std::move(indices)};
    }
    constexpr std::uint32_t kNotAsked = 0xFFFFFFFF;
    std::vector<std::uint32_t> known(product, kNotAsked);
    for (std::size_t row = 0; row < batch_.rows; ++row) {
        std::size_t combination = 0;
        for (const auto& axis : axes) combination = combination * axis.size + (*axis.indices)[row];
        auto& place = known[combination];
        if (place == kNotAsked) place = dictionary.place_of(value_at(row));
        indices[row] = place;
    }
    return {dictionary.take(), std::move(indices)};
}

TruthColumn Columns::truth(const Node& node) const {
    if (node.operation == Operation::logical_not) {
        auto inner = truth(*node.children[0]);
        std::swap(inner.is_true, inner.is_false);
        return inner;
    }
    const bool logic =
        node.operation == Operation::logical_or || node.operation == Operation::logical_and;
    return logic && slots_of(node).size() > 1 ? joined(node) : decoded(column(node));
}

// Kleene's tables, 64 rows at a time.
TruthColumn Columns::joined(const Node& node) const {
    const bool all = node.operation == Operation::logical_and;
    auto result = truth(*node.children[0]);
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        const auto next = truth(*node.children[i]);
        for (std::size_t word = 0; word < words_; ++word) {
            auto& is_true = result.is_true[word];
            auto& is_false = result.is_false[word];
            is_true = all ? is_true & next.is_true[word] : is_true | next.is_true[word];
            is_false = all ? is_false | next.is_false[word] : is_false & next.is_false[word];
        }
    }
    return result;
}

TruthColumn Columns::decoded(const EncodedColumn& column) const {
    std::vector<std::uint8_t> bits;  // 1 true, 2 false
    for (const auto& value : column.dictionary()) {
        const auto* truth = std::get_if<bool>(&value);
        bits.push_back(truth == nullptr ? 0 : *truth ? 1 : 2);
    }
    TruthColumn result{batch_.rows, std::vector<std::uint64_t>(words_, 0),
                       std::vector<std::uint64_t>(words_, 0)};
    for (std::size_t word = 0; word < words_; ++word) {
        const auto first = word * 64;
        const auto count = std::min<std::size_t>(64, batch_.rows - first);
        std::uint64_t is_true = 0;
        std::uint64_t is_false = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t bit =
                bits[column.indices() == nullptr ? 0 : (*column.indices())[first + i]];
            is_true |= (bit & 1U) << i;
            is_false |= (bit >> 1U) << i;
        }
        result.is_true[word] = is_true;
        result.is_false[word] = is_false;
    }
    return result;
}

EncodedColumn Columns::encoded(const TruthColumn& truth) const {
    Indices indices(batch_.rows);
    for (std::size_t row = 0; row < batch_.rows; ++row) {
        const auto is_true = (truth.is_true[row / 64] >> (row % 64)) & 1U;
        const auto is_false = (truth.is_false[row / 64] >> (row % 64)) & 1U;
        indices[row] = static_cast<std::uint32_t>(is_true | (is_false << 1U));
    }
    return {{Missing::absent, true, false}, std::move(indices)};
}

}  // namespace

EncodedColumn evaluate_columns(const Node& node, const ColumnBatch& batch,
                               const EvaluationContext& context) {
    return Columns(batch, context).column(node);
}

TruthColumn evaluate_truth(const Node& node, const ColumnBatch& batch,
                           const EvaluationContext& context) {
    AMATE_CHECK(node.type == Type::boolean);
    return Columns(batch, context).truth(node);
}

}  // namespace internal
}  // namespace amate::definitions
