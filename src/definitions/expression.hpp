// SPDX-License-Identifier: Apache-2.0
// The expression language: compiled once, read in several ways (on a record, as SQL, in words).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar.hpp"
#include "core/dates.hpp"
#include "core/result.hpp"
#include "core/text.hpp"
#include "core/value.hpp"

namespace amate::definitions {

struct CodeList;

enum class Type : unsigned char {
    text,
    narrative,
    code,
    codes,
    integer,
    decimal,
    money,
    boolean,
    date,
    datetime,
    partial_date,
    person,    // only for fields; never the type of a column or an expression
    duration,  // whole minutes
    geopoint,  // "lat lon" in decimal degrees
    office,    // a code of the list `offices`
    record,    // folio or id of a record of another register
    file,      // digest of a stored file
    table      // a repeating group: Rows
};
[[nodiscard]] std::string_view name_of(Type type);
[[nodiscard]] std::optional<Type> parse_type(std::string_view name);

// A name an expression may use; its place in the list is its slot in the record.
struct Variable {
    std::string name;  // "event_at", "person.birth"
    Type type = Type::text;
    const CodeList* codelist = nullptr;  // for code, codes and office
    Text title = {};
    std::vector<Variable> fields = {};  // of a table: the fields of its rows, in order
};

using Calendars = std::map<std::string, Calendar, std::less<>>;

// The names an expression may use, and the code lists and working calendars functions may name.
// What is borrowed must live as long as expressions compiled here.
struct Environment {
    std::vector<Variable> variables;
    std::function<const CodeList*(std::string_view)> find_codelist;
    const Calendars* calendars = nullptr;  // borrowed; null: there is none
    // Where a record has a life, its states and flags as lists: current_state() and flagged() are
    // then to be had. Borrowed; null elsewhere.
    const CodeList* states = nullptr;
    const CodeList* flags = nullptr;

    [[nodiscard]] const Calendar* find_calendar(std::string_view name) const;
};

// What current_state() and flagged() answer with.
struct RecordLife {
    std::string state;
    std::vector<std::string> flags;
};

// The moment now() and today() answer with; passed in, never fetched.
struct EvaluationContext {
    DateTime now;
    const RecordLife* life = nullptr;  // borrowed; null: the state and the flags are not known
};

// Engines that read the SQL of an expression.
enum class Dialect : unsigned char { duckdb, sqlite, postgresql };

struct ColumnBatch;
class EncodedColumn;
struct TruthColumn;

namespace internal {
struct Node;
}

// A checked expression. Value type, cheap to copy, immutable, safe to read from many threads.
class Expression {
public:
    Expression() = default;  // empty; evaluating it is a bug
    explicit Expression(std::shared_ptr<const internal::Node> root, std::string source);

    [[nodiscard]] bool empty() const { return root_ == nullptr; }
    [[nodiscard]] const std::string& source() const { return source_; }
    [[nodiscard]] Type type() const;
    [[nodiscard]] const CodeList* codelist() const;  // where type() is code or codes
    // Slots of the variables it reads, rising, without repetition.
    [[nodiscard]] const std::vector<std::size_t>& slots() const;

    // Value on a record laid out as the environment's variables. Total: never throws, never fails;
    // what cannot be computed (division by zero, a missing operand) is Missing::absent.
    // Kleene's three-valued logic for and, or, not.
    [[nodiscard]] Value evaluate(const std::vector<Value>& record,
                                 const EvaluationContext& context) const;

    // The same on all records of a batch (expression_columns.hpp). An operator over one column is
    // evaluated once for each value of its dictionary, one over several once for each combination
    // there is, if there are fewer combinations than rows.
    [[nodiscard]] EncodedColumn evaluate_columns(const ColumnBatch& batch,
                                                 const EvaluationContext& context) const;
    // A statement's truth, three-valued; type() must be boolean.
    [[nodiscard]] TruthColumn evaluate_truth(const ColumnBatch& batch,
                                             const EvaluationContext& context) const;

    // SQL of the same meaning; `column_of(slot)` gives the SQL of a variable. Codes and dates that
    // may lack a day are SQL text, dates DATE, moments TIMESTAMP (in SQLite and PostgreSQL ISO
    // text), `codes` a text joined by ';', missing values NULL. now() and today() are those of
    // `context`. What has no SQL meaning (docs/reference/expressions.md) is problem
    // definitions.expression_not_in_sql.
    [[nodiscard]] Result<std::string> to_sql(
        const std::function<std::string(std::size_t)>& column_of, Dialect dialect = Dialect::duckdb,
        const EvaluationContext* context = nullptr) const;

    // XPath 1.0 of the same meaning, with the functions of ODK XForms, for forms on phones. A
    // statement gives true() exactly where the reading on a record is true, else false(): there is
    // no third truth there. Anything else gives its value, or '' where it is not known.
    // `path_of(slot)` is the absolute path of a variable's node, of a table the path of its rows;
    // fields of a row are its children. Choices are instance('LIST')/root/item with name, parent,
    // valid_from and valid_to. docs/reference/expressions.md says what nodes hold and what has no
    // meaning there: problem definitions.expression_not_in_xpath.
    [[nodiscard]] Result<std::string> to_xpath(
        const std::function<std::string(std::size_t)>& path_of) const;

    // The same in words, for people: "sex is female and age group is 12-17".
    [[nodiscard]] std::string to_words(std::string_view language) const;

private:
    std::shared_ptr<const internal::Node> root_;
    std::string source_;
};

// Parses and type-checks. Problems, each placed at file:line:column of the fault within the text
// (`place` is where the text begins): definitions.expression_syntax, _unknown_name (with a
// suggestion), _unknown_function, _type, _unknown_code, _arity.
[[nodiscard]] Result<Expression> compile(std::string_view text, const Environment& environment,
                                         const Place& place);

// As compile(), for an expression that must give a code of `list`: literal texts it may give are
// checked against the list (problem _unknown_code), and its type is then code.
[[nodiscard]] Result<Expression> compile_code(std::string_view text, const Environment& environment,
                                              const CodeList& list, const Place& place);

}  // namespace amate::definitions
