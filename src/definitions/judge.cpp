// SPDX-License-Identifier: Apache-2.0
// Judges one record: the hot path of bulk ingest, so nothing is allocated for a sound record.
#include <algorithm>

#include "definitions/pack.hpp"

namespace amate::definitions {
namespace {

// Kleene's three values of a condition.
enum class Truth : unsigned char { no, yes, open };

Truth truth_of(const Value& value) {
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? Truth::yes : Truth::no;
    return Truth::open;
}

Truth ask(const Expression& expression, const std::vector<Value>& record,
          const EvaluationContext& context) {
    return truth_of(expression.evaluate(record, context));
}

// Messages are the pack's own words; they hold no value of the record.
void add_problem(Judgement& judgement, const char* code, const std::string& path,
                 const Text& message) {
    judgement.problems.push_back(
        {code,
         {{}, 0, 0, path},
         {{"message_en", message.in("en")}, {"message_es", message.in("es")}}});
}

void add_problem(Judgement& judgement, const char* code, const Column& column) {
    judgement.problems.push_back(
        {code,
         {{}, 0, 0, column.name},
         {{"title_en", column.title.in("en")},
          {"title_es", column.title.in("es")},
          {"codelist", column.codelist == nullptr ? "" : column.codelist->name}}});
}

Value calculate(const Column& column, const std::vector<Value>& record,
                const EvaluationContext& context) {
    auto value = column.calculation.evaluate(record, context);
    switch (column.type) {
        case Type::decimal:
        case Type::money:
            if (const auto* whole = std::get_if<std::int64_t>(&value)) {
                return static_cast<double>(*whole);
            }
            break;
        case Type::partial_date:
            if (const auto* day = std::get_if<Date>(&value)) {
                return PartialDate{day->year(), day->month(), day->day()};
            }
            break;
        default:
            break;
    }
    return value;
}

bool is_of_list(const Value& value, const CodeList& list) {
    if (const auto* code = std::get_if<std::string>(&value)) return list.index.contains(*code);
    const auto* codes = std::get_if<Codes>(&value);
    return codes != nullptr && std::all_of(codes->begin(), codes->end(), [&](const auto& each) {
               return list.index.contains(each);
           });
}

// Fills in or clears the column; says whether the record must have it.
bool settle(const Column& column, Value& value, const std::vector<Value>& record,
            const EvaluationContext& context) {
    bool required = column.required;
    if (!column.relevant.empty()) {
        const auto relevant = ask(column.relevant, record, context);
        if (relevant == Truth::no) {
            // What was said to be missing, and why, stays said.
            if (!is_missing(value)) value = Missing::absent;
            return false;
        }
        required = required && relevant == Truth::yes;
    }
    if (!column.calculation.empty()) {
        value = calculate(column, record, context);
    } else if (column.default_value && value == Value(Missing::absent)) {
        value = *column.default_value;
    }
    return required;
}

void judge_column(const Column& column, const Value& value, bool required,
                  const std::vector<Value>& record, const EvaluationContext& context,
                  Judgement& judgement) {
    if (const auto* missing = std::get_if<Missing>(&value)) {
        if (required && *missing == Missing::absent) {
            add_problem(judgement, "record.required", column);
        }
        return;
    }
    if (column.codelist != nullptr && !is_of_list(value, *column.codelist)) {
        add_problem(judgement, "record.not_in_list", column);
        return;  // a constraint on a code that does not exist says nothing more
    }
    if (!column.constraint.empty() && ask(column.constraint, record, context) == Truth::no) {
        if (column.constraint_message.empty()) {
            add_problem(judgement, "record.constraint", column);
        } else {
            add_problem(judgement, "record.constraint_said", column.name,
                        column.constraint_message);
        }
    }
}

// The first column a rule reads stands for it.
const std::string& path_of(const Rule& rule, const Register& register_) {
    static const std::string kNone;
    const auto& slots = rule.expression.slots();
    return slots.empty() ? kNone : register_.columns[slots.front()].name;
}

void raise_flag(const std::string& flag, Judgement& judgement) {
    auto& flags = judgement.flags;
    if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
}

void apply_rule(const Rule& rule, const Register& register_, const std::vector<Value>& record,
                const EvaluationContext& context, Judgement& judgement) {
    const auto truth = ask(rule.expression, record, context);
    switch (rule.kind) {
        case RuleKind::when:
            if (truth == Truth::yes) raise_flag(rule.flag, judgement);
            return;
        case RuleKind::warn:
            if (truth == Truth::no) raise_flag(rule.flag, judgement);
            return;
        case RuleKind::refuse:
            if (truth == Truth::no) {
                add_problem(judgement, "record.refused", path_of(rule, register_), rule.message);
            }
            return;
    }
}

}  // namespace

Judgement judge(const Register& register_, std::vector<Value>& record,
                const EvaluationContext& context) {
    const auto& columns = register_.columns;
    AMATE_CHECK(record.size() == columns.size());
    Judgement judgement;
    // Conditions read only columns above their own (checked on load), and constraints may read any:
    // so all columns are settled before the first constraint is asked.
    constexpr std::size_t kColumnsMax = 512;
    bool required[kColumnsMax];
    AMATE_CHECK(columns.size() <= kColumnsMax);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        required[i] = settle(columns[i], record[i], record, context);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        judge_column(columns[i], record[i], required[i], record, context, judgement);
    }
    for (const auto& rule : register_.rules) {
        apply_rule(rule, register_, record, context, judgement);
    }
    return judgement;
}

}  // namespace amate::definitions
