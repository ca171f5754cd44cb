// SPDX-License-Identifier: Apache-2.0
// What the readers of the parts of a pack share, and the readers, one a part.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "definitions/internal/csv_table.hpp"
#include "definitions/internal/faults.hpp"
#include "definitions/internal/references.hpp"
#include "definitions/internal/yaml_reader.hpp"
#include "definitions/model.hpp"

namespace amate::definitions::internal {

// One load in progress. Resource; one thread.
struct Loading {
    std::filesystem::path root;
    std::vector<std::string> files;  // all of them, sorted, relative with '/'
    Pack& pack;
    Faults faults;
    References references;
    // Figures, by id, for the places of what indicators say of them.
    std::map<std::string, std::size_t, std::less<>> figure_index;

    // Registers not all of whose fields or dimensions could be read: names that are not known there
    // are held against nobody. `names_incomplete` says so of the register at hand.
    std::set<std::string, std::less<>> incomplete_registers;
    bool names_incomplete = false;
    bool person_incomplete = false;
    std::set<std::string, std::less<>> calendar_files;  // that a calendar names

    [[nodiscard]] std::filesystem::path path_of(const std::string& file) const {
        return root / file;
    }
    [[nodiscard]] bool has(std::string_view file) const;
    // Names of the files "FOLDER/NAME.EXTENSION"; other depths are not taken.
    [[nodiscard]] std::vector<std::string> names_in(std::string_view folder,
                                                    std::string_view extension) const;
    // At most kYamlBytesMax bytes and one; nothing, and a fault, if it may not be read.
    [[nodiscard]] std::optional<std::string> read_file(const std::string& file);
    void need(Thing thing, const std::string& scope, const Cursor& named) {
        references.need(thing, scope, named.node() == nullptr ? "" : named.node()->scalar,
                        named.place());
    }
    // A list of texts, each a need.
    [[nodiscard]] std::vector<std::string> need_all(Thing thing, const std::string& scope,
                                                    const Cursor& list);
};

// Reads and parses a YAML file and gives its root to `take`; false if it could not be parsed.
bool with_yaml(Loading& loading, const std::string& file,
               const std::function<void(const Cursor&)>& take);

// The name a file gives itself must be its file name.
void expect_file_name(const Cursor& name, const std::string& stem);

// In the order they run; each uses what the ones before have filled in.
void read_pack_file(Loading& loading);                           // pack.yaml without the person
void read_calendars(Loading& loading, const Cursor& calendars);  // `calendars` of pack.yaml
void refuse_unused_calendar_files(Loading& loading);
void read_codelists(Loading& loading);
void declare_identifiers(Loading& loading);  // by the names of identifiers/*.yaml
void read_identifiers(Loading& loading);     // what they are made of; the person is known
// The identifier that `named` names, or null; a fault unless `type` is text.
[[nodiscard]] const Identifier* find_identifier(Loading& loading, const Cursor& named, Type type);
void read_person(Loading& loading);  // `person` and `person_key` of pack.yaml
void read_institutions(Loading& loading);
void read_frameworks(Loading& loading);
void read_programmes(Loading& loading);
void read_figures(Loading& loading);
void read_registers(Loading& loading);
void read_migrations(Loading& loading);  // also: how fields of registers are stored and read
void read_sources(Loading& loading);
void read_indicators(Loading& loading);
void read_maps(Loading& loading);
void read_reports(Loading& loading);
void read_synthesis(Loading& loading);

// The parts of a register that stand on its columns.
void read_columns(Loading& loading, const Cursor& fields, Register& register_);
void read_rules(Loading& loading, const Cursor& rules, Register& register_);
void read_workflow(Loading& loading, const Cursor& workflow, Register& register_);
void read_flags_and_tasks(Loading& loading, const Cursor& root, Register& register_);
void read_deadlines(Loading& loading, const Cursor& deadlines, Register& register_);
void read_corrections(Loading& loading, const Cursor& corrections, Register& register_);
// Once statistics.time is known: on which day codes must be in force.
void settle_validity(Register& register_);
void read_access(Loading& loading, const Cursor& access, Register& register_);
void read_dimensions(Loading& loading, const Cursor& statistics, Register& register_);
void read_tests(Loading& loading, const Cursor& tests, Register& register_);

// The names that expressions of a register may use: its columns.
[[nodiscard]] Environment environment_of(const Pack& pack, const Register& register_);
// Compiles a scalar; an empty expression after faults or at nothing.
[[nodiscard]] Expression read_expression(Loading& loading, const Cursor& text,
                                         const Environment& environment);
// The same for an expression that must be true or false.
[[nodiscard]] Expression read_condition(Loading& loading, const Cursor& text,
                                        const Environment& environment);
// `within` of `owner` with its `calendar`; an empty limit at nothing or after faults.
[[nodiscard]] TimeLimit read_limit(Loading& loading, const Cursor& owner);
[[nodiscard]] Approval read_approval(Loading& loading, const Cursor& approve);
// The names that expressions about a record's life may use: also its state and its flags.
[[nodiscard]] Environment life_environment_of(const Pack& pack, const Register& register_);
// Columns of people and plain ones by name; a person field stands for its attributes.
[[nodiscard]] std::vector<std::string> read_field_names(const Loading& loading, const Cursor& list,
                                                        const Register& register_);
// Declares a flag that whoever raises it gives a title to; again and again is no fault.
void declare_flag(Loading& loading, Register& register_, const Cursor& flag);
// A task that is raised: of `tasks`, if the register declares any.
void need_task(Loading& loading, const Register& register_, const Cursor& task);
// A value as YAML writes it, of the column's type; a fault and Missing::absent otherwise.
[[nodiscard]] Value read_value(const Cursor& cursor, const Column& column);
// The same of a text; nothing if it does not fit.
[[nodiscard]] std::optional<Value> parse_value(const Column& column, const std::string& text);
[[nodiscard]] std::optional<Missing> parse_missing(std::string_view text);
// A column of the register by name, with a fault and a suggestion if there is none.
[[nodiscard]] std::optional<std::size_t> read_column(const Loading& loading, const Cursor& name,
                                                     const Register& register_);
[[nodiscard]] std::vector<std::string> column_names(const Register& register_);

[[nodiscard]] bool is_missing_name(std::string_view text);  // unknown refused not_applicable

}  // namespace amate::definitions::internal
