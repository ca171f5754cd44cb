// SPDX-License-Identifier: Apache-2.0
// Judges one record: the hot path of bulk ingest, so nothing is allocated for a sound record.
#include <algorithm>

#include <fmt/format.h>

#include "definitions/internal/code_validity.hpp"
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

void add_problem(Judgement& judgement, const char* code, const Column& column,
                 const std::string& path) {
    judgement.problems.push_back(
        {code,
         {{}, 0, 0, path},
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

bool is_sound(const Identifier& identifier, const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr || identifier.judge(*text) != IdentifierVerdict::unsound;
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

// One record while it is judged. Rows of a repeating group are laid behind its columns in turn,
// and a candidate code behind these: so their expressions read them as they read the record.
class Judging {
public:
    Judging(std::vector<Value>& record, const EvaluationContext& context, Judgement& judgement)
        : record_(record), context_(context), judgement_(judgement) {}

    // Fills in or clears the column; says whether the record must have it.
    bool settle_column(const Column& column, std::size_t slot) {
        const bool required = settle(column, record_[slot], record_, context_);
        if (column.type == Type::table) settle_rows(column, slot);
        return required;
    }

    void judge_column(const Column& column, std::size_t slot, bool required,
                      const std::string& path) {
        if (const auto* missing = std::get_if<Missing>(&record_[slot])) {
            if (required && *missing == Missing::absent) {
                add_problem(judgement_, "record.required", column, path);
            }
            return;
        }
        if (column.codelist != nullptr && !judge_code(column, slot, path)) {
            return;  // a constraint on a code that does not exist says nothing more
        }
        if (column.type == Type::table) judge_rows(column, slot, path);
        if (column.identifier != nullptr && !is_sound(*column.identifier, record_[slot])) {
            add_problem(judgement_, "record.identifier_unsound", column, path);
        }
        if (column.constraint.empty() || ask(column.constraint, record_, context_) != Truth::no) {
            return;
        }
        if (column.constraint_message.empty()) {
            add_problem(judgement_, "record.constraint", column, path);
        } else {
            add_problem(judgement_, "record.constraint_said", path, column.constraint_message);
        }
    }

private:
    bool judge_code(const Column& column, std::size_t slot, const std::string& path) {
        if (!is_of_list(record_[slot], *column.codelist)) {
            add_problem(judgement_, "record.not_in_list", column, path);
            return false;
        }
        if (column.valid_at) {
            const auto day = internal::day_of(record_[*column.valid_at]);
            if (day && !internal::is_in_force(record_[slot], *column.codelist, *day)) {
                judgement_.problems.push_back(
                    internal::not_in_force(column, record_[slot], *day, path));
                return false;
            }
        }
        if (column.choice_filter.empty()) return true;
        bool fits = true;
        if (const auto* codes = std::get_if<Codes>(&record_[slot])) {
            // A copy: the record may move while a candidate is laid behind it.
            for (const auto& each : Codes(*codes)) fits = fits && choice_fits(column, each);
        } else {
            fits = choice_fits(column, Value(record_[slot]));
        }
        if (!fits) {
            judgement_.problems.push_back({"record.choice_refused",
                                           {{}, 0, 0, path},
                                           {{"title_en", column.title.in("en")},
                                            {"title_es", column.title.in("es")},
                                            {"filter_en", column.choice_filter.to_words("en")},
                                            {"filter_es", column.choice_filter.to_words("es")}}});
        }
        return fits;
    }

    bool choice_fits(const Column& column, Value candidate) {
        record_.push_back(std::move(candidate));
        const auto truth = ask(column.choice_filter, record_, context_);
        record_.pop_back();
        return truth != Truth::no;
    }

    // Lays one row after the other behind the record and takes back what was filled in.
    template <class Each>
    void for_each_row(const Column& table, const RowData& rows, const Each& each) {
        const auto first = record_.size();
        for (std::size_t i = 0; i < rows.rows.size(); ++i) {
            AMATE_CHECK(rows.rows[i].size() == table.fields.size());
            record_.insert(record_.end(), rows.rows[i].begin(), rows.rows[i].end());
            each(i, first);
            record_.resize(first);
        }
    }

    void settle_rows(const Column& table, std::size_t slot) {
        const auto* held = std::get_if<Rows>(&record_[slot]);
        if (held == nullptr) return;
        const Rows rows = *held;
        RowData settled;
        for_each_row(table, rows.data(), [&](std::size_t, std::size_t first) {
            for (std::size_t j = 0; j < table.fields.size(); ++j) {
                static_cast<void>(settle(table.fields[j], record_[first + j], record_, context_));
            }
            settled.rows.emplace_back(record_.begin() + static_cast<std::ptrdiff_t>(first),
                                      record_.end());
        });
        if (settled != rows.data()) record_[slot] = Rows(std::move(settled));
    }

    void judge_rows(const Column& table, std::size_t slot, const std::string& path) {
        const auto* held = std::get_if<Rows>(&record_[slot]);
        if (held == nullptr) return;
        const Rows rows = *held;
        const auto count = static_cast<std::int64_t>(rows.size());
        if (count < table.rows_min || count > table.rows_max) {
            add_problem(judgement_, "record.rows_count", table, path);
            judgement_.problems.back().parameters["minimum"] = std::to_string(table.rows_min);
            judgement_.problems.back().parameters["maximum"] = std::to_string(table.rows_max);
        }
        for_each_row(table, rows.data(), [&](std::size_t row, std::size_t first) {
            for (std::size_t j = 0; j < table.fields.size(); ++j) {
                const auto& field = table.fields[j];
                const bool required =
                    field.required && (field.relevant.empty() ||
                                       ask(field.relevant, record_, context_) == Truth::yes);
                judge_column(field, first + j, required,
                             fmt::format("{}[{}].{}", path, row + 1, field.name));
            }
        });
    }

    std::vector<Value>& record_;
    const EvaluationContext& context_;
    Judgement& judgement_;
};

// The first column a rule reads stands for it.
const std::string& path_of(const Rule& rule, const Register& register_) {
    static const std::string kNone;
    const auto& slots = rule.expression.slots();
    return slots.empty() ? kNone : register_.columns[slots.front()].name;
}

void raise_once(const std::string& name, std::vector<std::string>& names) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

bool is_in_force(const Rule& rule, const Register& register_, const std::vector<Value>& record) {
    if (!rule.in_force.first && !rule.in_force.last) return true;
    const auto day = internal::day_of(record[register_.time_column]);
    return day && rule.in_force.contains(*day);
}

void apply_rule(const Rule& rule, const Register& register_, const std::vector<Value>& record,
                const EvaluationContext& context, Judgement& judgement) {
    const auto truth = ask(rule.expression, record, context);
    switch (rule.kind) {
        case RuleKind::when:
            if (truth != Truth::yes) return;
            raise_once(rule.flag, judgement.flags);
            if (!rule.task.empty()) raise_once(rule.task, judgement.tasks);
            return;
        case RuleKind::warn:
            if (truth == Truth::no) raise_once(rule.flag, judgement.flags);
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
    Judging judging(record, context, judgement);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        required[i] = judging.settle_column(columns[i], i);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        judging.judge_column(columns[i], i, required[i], columns[i].name);
    }
    for (const auto& rule : register_.rules) {
        if (!is_in_force(rule, register_, record)) continue;
        apply_rule(rule, register_, record, context, judgement);
    }
    return judgement;
}

}  // namespace amate::definitions
