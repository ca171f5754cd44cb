// SPDX-License-Identifier: Apache-2.0
// What a pack says, checked and ready to use; docs/reference/pack.md is the written form.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dates.hpp"
#include "core/text.hpp"
#include "core/value.hpp"
#include "definitions/codelist.hpp"
#include "definitions/data_node.hpp"
#include "definitions/description.hpp"
#include "definitions/expression.hpp"
#include "definitions/identifier.hpp"
#include "definitions/indicator.hpp"
#include "definitions/migrations.hpp"
#include "definitions/register_life.hpp"
#include "definitions/report.hpp"
#include "definitions/source.hpp"

namespace amate::definitions {

enum class Sensitivity : unsigned char { open, internal, personal, protected_ };
enum class Domain : unsigned char { service, protection, enforcement, statistics, administration };

struct Document {
    std::string id;
    Text title;
    Date date;
    int lines = 0;
};

struct PersonAttribute {
    std::string name;
    std::string stored_as;  // the name it had first
    Type type = Type::text;
    Text title;
    const CodeList* codelist = nullptr;
    const Identifier* identifier = nullptr;  // of text: what it must be
    Sensitivity sensitivity = Sensitivity::personal;
};

struct Role {
    std::string name;
    Domain domain = Domain::service;
    Text title;
};

struct Institution {
    std::string id, acronym, kind, country, parent;
    Text name;
    std::vector<std::string> objectives;
};

struct Programme {
    std::string id, family, lines;
    Text title, summary;
    std::vector<std::string> objectives, institutions, registers;
    Text why_reported;  // why no register holds it and only reported figures follow it; or empty
};

struct FrameworkNode {
    std::string id;
    Text title, summary;
    std::vector<Text> goals;
    std::vector<FrameworkNode> nodes;
};

struct Framework {
    std::string name;
    Text title;
    std::vector<FrameworkNode> nodes;
    [[nodiscard]] const FrameworkNode* find(std::string_view id) const;  // any depth
};

// What one figure says of another; `kind` is part_of, subset_of, repeats, derived_from, restates
// or conflicts_with; `others` has one id, or two for derived_from:A/B.
struct FigureRelation {
    std::string kind;
    std::vector<std::string> others;
};

// A figure reported in a document.
struct Figure {
    std::string id, objective, measure, unit, document;
    std::vector<std::string> programmes, institutions;
    Text title;
    std::string value;  // as the file has it, a plain decimal number
    Period period;
    std::optional<Date> cutoff;
    std::vector<std::pair<std::string, std::string>> disaggregation;
    std::vector<FigureRelation> relations;
    int source_line = 0;

    [[nodiscard]] std::string find_key(std::string_view key) const;  // "" if absent
};

// A flattened field: what a record stores. A person field gives one column an attribute.
struct Column {
    std::string name;  // "event_at", "person.birth"
    // "event_at", "person__birth": of the name the field had first (in a group: that name itself).
    std::string sql_name;
    Type type = Type::text;
    Text title;
    Text hint;
    const CodeList* codelist = nullptr;
    const Identifier* identifier = nullptr;  // of text: what it must be
    Sensitivity sensitivity = Sensitivity::internal;
    bool required = false;
    Expression relevant;    // may be empty
    Expression constraint;  // may be empty
    Text constraint_message;
    Expression calculation;  // may be empty
    std::optional<Value> default_value;
    // Over the columns (in a table: and the fields of the row) and then `choice`, the candidate.
    Expression choice_filter;  // may be empty; false refuses the candidate
    // Codes must be in force on the day in this slot; nothing: any code there ever was.
    std::optional<std::size_t> valid_at;
    bool valid_any_day = false;                  // `valid_at: any`
    std::string currency;                        // of money: ISO 4217; or ""
    std::string register_name;                   // of record: whose records it names
    std::vector<std::string> accept;             // of file: media types; empty: any
    std::int64_t size_bytes_max = 0;             // of file; 0: no limit of its own
    std::vector<Column> fields;                  // of table: of its rows, in order; names are bare
    std::int64_t rows_min = 0;                   // of table
    std::int64_t rows_max = kRowsMax;            // of table
    std::map<std::string, std::string> recodes;  // codes as once written -> as they are read

    static constexpr std::int64_t kRowsMax = 1000;
};

enum class RuleKind : unsigned char { warn, refuse, when };

struct Rule {
    RuleKind kind = RuleKind::warn;
    Expression expression;
    Text message;
    std::string flag, task, source;
    TimeLimit within;  // of the task, from the record's statistics.time
    Period in_force;   // days of statistics.time on which the rule holds
};

struct Dimension {
    std::string name;      // "point", "person.sex", "age_group"
    std::string sql_name;  // "person__sex"
    Text title;
    Type type = Type::code;  // code, codes, boolean or integer
    const CodeList* codelist = nullptr;
    Expression expression;  // over the register's columns
};

// The clause `tests:` of a register, as read; `given` is laid out as the register's columns.
struct DefinitionTest {
    Place place;
    DateTime now;  // what now() answers with
    std::vector<Value> given;
    std::vector<std::string> expected_flags;
    std::vector<std::string> expected_problem_paths;
    std::vector<std::pair<std::string, std::string>> expected_dimensions;
    std::vector<std::pair<std::string, std::string>> expected_deadlines;   // name, due
    std::vector<std::pair<std::string, std::string>> expected_calculated;  // column, canonical
    std::vector<std::string> expected_tasks;
    std::string expected_task;      // of a rule that must fire; or ""
    bool states_now = false;        // what has lapsed by `now` counts
    bool expects_tasks = false;     // the tasks raised are exactly the expected ones
    bool expects_flags = false;     // the flags are exactly the expected ones
    bool expects_problems = false;  // the paths of the problems are exactly the expected ones
    bool expects_valid = false;     // otherwise: the record must be refused
};

struct Register {
    std::string name, institution, folio;
    Text title, summary;
    std::string retention;   // "10y pseudonymise"; or ""
    std::string duplicates;  // blocks and thresholds on one line; or ""
    Sensitivity sensitivity = Sensitivity::internal;
    std::vector<Column> columns;
    std::vector<Rule> rules;
    std::vector<FlagDefinition> flags;
    std::vector<TaskDefinition> tasks;
    std::vector<Deadline> deadlines;
    Corrections corrections;
    std::vector<std::string> states;  // first one is where a record begins; may be empty
    std::vector<WorkflowAction> actions;
    std::size_t time_column = 0;  // index of statistics.time
    std::vector<Dimension> dimensions;
    std::vector<Dimension> measures;  // statistics.measures: integer or money, to be summed
    // Names of person fields, e.g. {"person"}.
    std::vector<std::string> person_fields;
    std::map<std::string, std::vector<std::string>> access;  // role -> actions
    std::vector<std::string> purposes;
    // States and all flags as code lists, for current_state() and flagged().
    CodeList state_list, flag_list;
    std::vector<DefinitionTest> tests;
    // As once written -> as they are read; "" of a flag: not at all.
    std::map<std::string, std::string> recoded_states, recoded_flags;
    std::vector<RetiredField> retired;
    // What `where` of tables and indicators may use: the dimensions in order, then the time column.
    Environment statistics_environment;

    [[nodiscard]] const Column* find_column(std::string_view name) const;
    [[nodiscard]] std::optional<std::size_t> column_index(std::string_view name) const;
    [[nodiscard]] const Dimension* find_dimension(std::string_view name) const;
    [[nodiscard]] const Deadline* find_deadline(std::string_view name) const;
    // A number that may be summed: one of the measures, or an integer dimension.
    [[nodiscard]] const Dimension* find_measure(std::string_view name) const;
    // A column of its table that holds values of a field retired since.
    [[nodiscard]] bool is_retired(std::string_view sql_name) const;
};

// Whether a value of the column is kept encrypted: narratives and files of every register, and
// every personal field of a protected one. What acts changed, why, and what waits is as secret as
// that.
[[nodiscard]] bool is_secret(const Register& register_, const Column& column);
[[nodiscard]] bool has_secrets(const Register& register_);

// A whole country. Immutable once loaded; shared by reference; never moved after loading, because
// the parts point to each other.
struct Pack {
    std::string name, version, country, time_zone, directory;
    std::string digest;  // BLAKE2b of all its files, hex: the definitions version
    Text title;
    std::vector<std::string> languages;
    std::vector<Document> documents;
    std::vector<PersonAttribute> person_attributes;
    std::vector<std::vector<std::string>> person_key;
    std::vector<Role> roles;
    std::vector<std::pair<std::string, Text>> purposes;  // declared ones; may be empty
    std::map<std::string, std::unique_ptr<CodeList>, std::less<>> codelists;
    Calendars calendars;
    std::map<std::string, std::unique_ptr<Identifier>, std::less<>> identifiers;
    std::vector<Institution> institutions;
    std::vector<Programme> programmes;
    std::map<std::string, Framework, std::less<>> frameworks;
    std::vector<Figure> figures;
    std::vector<std::unique_ptr<Register>> registers;
    std::vector<Source> sources;
    std::vector<Indicator> indicators;
    std::vector<Map> maps;
    std::vector<Report> reports;
    std::map<std::string, DataNode, std::less<>> synthesis;  // source name -> plan
    std::vector<Migration> migrations;                       // in the order they are carried out
    std::vector<std::string> retired_registers;
    // YAML files as written, but those of synthesis/, and the digests of all other files, by path.
    std::map<std::string, Description, std::less<>> files;
    std::map<std::string, std::string, std::less<>> file_digests;

    [[nodiscard]] const CodeList* find_codelist(std::string_view name) const;
    [[nodiscard]] const Calendar* find_calendar(std::string_view name) const;
    [[nodiscard]] const Identifier* find_identifier(std::string_view name) const;
    [[nodiscard]] const Register* find_register(std::string_view name) const;
    [[nodiscard]] const Source* find_source(std::string_view name) const;
    [[nodiscard]] const Indicator* find_indicator(std::string_view id) const;
    [[nodiscard]] const Map* find_map(std::string_view name) const;
    [[nodiscard]] const Report* find_report(std::string_view name) const;
    [[nodiscard]] const Figure* find_figure(std::string_view id) const;
    [[nodiscard]] const Programme* find_programme(std::string_view id) const;
    [[nodiscard]] const Institution* find_institution(std::string_view id) const;
    [[nodiscard]] const Document* find_document(std::string_view id) const;
    // The indicator that reproduces a figure, or null: then the figure is only reported.
    [[nodiscard]] const Indicator* indicator_of_figure(std::string_view figure_id) const;
    // Days a figure counts (see "A figure's period" in docs/reference/pack.md).
    [[nodiscard]] Period counted_period(const Figure& figure) const;
};

}  // namespace amate::definitions
