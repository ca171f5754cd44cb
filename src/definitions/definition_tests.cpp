// SPDX-License-Identifier: Apache-2.0
// Reads the tests that registers carry, and runs them with the judge that judges every record.
#include <algorithm>
#include <regex>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "definitions/deadlines.hpp"
#include "definitions/internal/loading.hpp"
#include "definitions/pack.hpp"

namespace amate::definitions {
namespace internal {
namespace {

// now() of a test that does not say: late enough for any invented record.
const DateTime kFarFuture{Date::of(2100, 1, 1).value_or(Date()), 0};

void read_given(const Loading& loading, const Cursor& given, const std::string& prefix,
                const Register& register_, std::vector<Value>& record) {
    for (const auto& [key, value] : given.entries()) {
        const auto name = prefix + key.raw_text();
        const auto& people = register_.person_fields;
        if (prefix.empty() && std::find(people.begin(), people.end(), name) != people.end()) {
            read_given(loading, value, name + ".", register_, record);
            continue;
        }
        const auto index = register_.column_index(name);
        if (!index && loading.names_incomplete) continue;
        if (!index) {
            auto known = column_names(register_);
            known.insert(known.end(), people.begin(), people.end());
            for (auto& each : known) {
                if (each.starts_with(prefix)) each.erase(0, prefix.size());
            }
            key.bad_value({"a field of the register " + register_.name,
                           "un campo del registro " + register_.name},
                          known);
            continue;
        }
        record[*index] = read_value(value, register_.columns[*index]);
    }
}

void read_flags(const Cursor& flags, const Register& register_, DefinitionTest& test) {
    std::vector<std::string> known;
    for (const auto& code : register_.flag_list.codes) known.push_back(code.code);
    for (const auto& rule : register_.rules) {
        if (!rule.flag.empty()) known.push_back(rule.flag);
    }
    test.expects_flags = flags.present();
    for (const auto& item : flags.items()) {
        auto flag = item.text();
        if (std::find(known.begin(), known.end(), flag) == known.end()) {
            item.bad_value(
                {"a flag of a rule of this register", "una marca de una regla de este registro"},
                known);
        }
        test.expected_flags.push_back(std::move(flag));
    }
}

void read_tasks(const Cursor& expect, const Register& register_, DefinitionTest& test) {
    std::vector<std::string> known;
    for (const auto& rule : register_.rules) {
        if (!rule.task.empty()) known.push_back(rule.task);
    }
    for (const auto& deadline : register_.deadlines) {
        if (!deadline.lapse_task.empty()) known.push_back(deadline.lapse_task);
    }
    const auto check = [&](const Cursor& named) {
        auto task = named.text();
        if (std::find(known.begin(), known.end(), task) == known.end()) {
            named.bad_value({"a task that a rule or a lapse of this register sets",
                             "una tarea que encargue una regla o un vencimiento de este registro"},
                            known);
        }
        return task;
    };
    if (const auto task = expect.find("task"); task.present()) test.expected_task = check(task);
    const auto tasks = expect.find("tasks");
    test.expects_tasks = tasks.present();
    for (const auto& item : tasks.items()) test.expected_tasks.push_back(check(item));
}

// Due days, or moments where the hour counts.
void read_expected_deadlines(const Cursor& map, const Register& register_, DefinitionTest& test) {
    std::vector<std::string> known;
    for (const auto& each : register_.deadlines) known.push_back(each.name);
    for (const auto& [key, value] : map.entries()) {
        auto name = key.raw_text();
        if (register_.find_deadline(name) == nullptr) {
            key.bad_value({"a deadline of this register", "un plazo de este registro"}, known);
            continue;
        }
        const auto text = value.text();
        if (Date::parse(text)) {
            test.expected_deadlines.emplace_back(std::move(name), text);
        } else if (const auto moment = DateTime::parse(text)) {
            test.expected_deadlines.emplace_back(std::move(name), moment->iso());
        } else if (text == "none") {
            test.expected_deadlines.emplace_back(std::move(name), text);
        } else if (!text.empty()) {
            value.bad_value({"a date YYYY-MM-DD, a time YYYY-MM-DDTHH:MM, or none",
                             "una fecha AAAA-MM-DD, un momento AAAA-MM-DDTHH:MM, o none"});
        }
    }
}

void read_calculated(const Loading& loading, const Cursor& map, const Register& register_,
                     DefinitionTest& test) {
    for (const auto& [key, value] : map.entries()) {
        const auto index = read_column(loading, key, register_);
        if (!index) continue;
        const auto& column = register_.columns[*index];
        if (column.calculation.empty()) {
            key.bad_value({"a calculated field", "un campo calculado"});
            continue;
        }
        const bool none = value.is(NodeKind::scalar) && value.raw_text().empty();
        test.expected_calculated.emplace_back(column.name,
                                              none ? "" : canonical(read_value(value, column)));
    }
}

void read_expected_dimensions(const Loading& loading, const Cursor& map, const Register& register_,
                              DefinitionTest& test) {
    std::vector<std::string> known;
    for (const auto& each : register_.dimensions) known.push_back(each.name);
    for (const auto& [key, value] : map.entries()) {
        auto name = key.raw_text();
        const auto* dimension = register_.find_dimension(name);
        if (dimension == nullptr && loading.incomplete_registers.contains(register_.name)) continue;
        if (dimension == nullptr) {
            key.bad_value({"a dimension of this register", "una dimensión de este registro"},
                          known);
            continue;
        }
        const auto text = value.raw_text();
        if (dimension->codelist != nullptr && dimension->type == Type::code && !text.empty() &&
            !is_missing_name(text) && dimension->codelist->find(text) == nullptr) {
            std::vector<std::string> codes;
            for (const auto& code : dimension->codelist->codes) codes.push_back(code.code);
            value.bad_value(words_of(Thing::code, dimension->codelist->name), codes);
        }
        test.expected_dimensions.emplace_back(std::move(name), text);
    }
}

// "companions[2].birth": a field in a row of a repeating group.
bool is_row_path(const std::string& path, const Register& register_) {
    static const std::regex kRowPath("([a-z0-9_]+)\\[[1-9][0-9]{0,3}\\]\\.([a-z0-9_]+)");
    std::smatch parts;
    if (!std::regex_match(path, parts, kRowPath)) return false;
    const auto* table = register_.find_column(parts[1].str());
    return table != nullptr &&
           std::any_of(table->fields.begin(), table->fields.end(),
                       [&](const Column& field) { return field.name == parts[2].str(); });
}

void read_expect(const Loading& loading, const Cursor& expect, const Register& register_,
                 DefinitionTest& test) {
    if (!expect.expect_keys({"flags", "problems", "valid", "dimensions", "task", "tasks",
                             "deadlines", "calculated"}))
        return;
    read_flags(expect.find("flags"), register_, test);
    const auto problems = expect.find("problems");
    test.expects_problems = problems.present();
    for (const auto& item : problems.items()) {
        if (!is_row_path(item.raw_text(), register_)) {
            static_cast<void>(read_column(loading, item, register_));
        }
        test.expected_problem_paths.push_back(item.raw_text());
    }
    const auto valid = expect.find("valid");
    test.expects_valid = valid.present() ? valid.boolean() : test.expected_problem_paths.empty();
    if (test.expects_valid && !test.expected_problem_paths.empty()) {
        valid.bad_value(
            {"false, because problems are expected", "false, pues se esperan problemas"});
    }
    read_tasks(expect, register_, test);
    read_expected_deadlines(expect.find("deadlines"), register_, test);
    read_calculated(loading, expect.find("calculated"), register_, test);
    read_expected_dimensions(loading, expect.find("dimensions"), register_, test);
}

}  // namespace

void read_tests(Loading& loading, const Cursor& tests, Register& register_) {
    for (const auto& item : tests.items()) {
        if (!item.expect_keys({"given", "expect", "now"})) continue;
        DefinitionTest test;
        test.place = item.place();
        test.now = kFarFuture;
        if (const auto now = item.find("now"); now.present()) {
            Column moment;
            moment.type = Type::datetime;
            const auto value = read_value(now, moment);
            if (const auto* at = std::get_if<DateTime>(&value)) test.now = *at;
            test.states_now = true;
        }
        test.given.assign(register_.columns.size(), Missing::absent);
        read_given(loading, item.get("given"), "", register_, test.given);
        read_expect(loading, item.get("expect"), register_, test);
        register_.tests.push_back(std::move(test));
    }
}

}  // namespace internal

namespace {

std::string listed(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return fmt::format("[{}]", fmt::join(names, ", "));
}

class TestRun {
public:
    TestRun(const Register& tested, const DefinitionTest& test, Problems& failures)
        : tested_(tested), test_(test), failures_(failures) {}

    void run() {
        auto record = test_.given;
        const EvaluationContext context{test_.now};
        const auto judgement = judge(tested_, record, context);
        const auto deadlines = deadlines_of(tested_, record, context);
        compare_deadlines(deadlines);
        auto flags = judgement.flags;
        auto tasks = judgement.tasks;
        for (const auto& status : deadlines) {
            if (!test_.states_now || status.state != DeadlineState::lapsed) continue;
            const auto& deadline = *status.deadline;
            if (!deadline.lapse_flag.empty()) flags.push_back(deadline.lapse_flag);
            if (!deadline.lapse_task.empty()) tasks.push_back(deadline.lapse_task);
        }
        std::vector<std::string> paths;
        for (const auto& problem : judgement.problems) paths.push_back(problem.place.path);
        if (test_.expects_problems) {
            compare("problems", listed(test_.expected_problem_paths), listed(paths));
        } else if (test_.expects_valid) {
            compare("problems", "[]", listed(paths));
        } else if (judgement.accepted()) {
            compare("valid", "false", "true");
        }
        if (test_.expects_flags) {
            compare("flags", listed(test_.expected_flags), listed(flags));
        }
        compare_tasks(tasks);
        for (const auto& [name, expected] : test_.expected_calculated) {
            compare(name, expected, canonical(record[*tested_.column_index(name)]));
        }
        for (const auto& [name, expected] : test_.expected_dimensions) {
            const auto* dimension = tested_.find_dimension(name);
            AMATE_CHECK(dimension != nullptr);
            compare(name, expected, canonical(dimension->expression.evaluate(record, context)));
        }
    }

private:
    void compare(const std::string& what, const std::string& expected, const std::string& found) {
        if (expected == found) return;
        failures_.push_back({"definitions.test_failed",
                             test_.place,
                             {{"what", what}, {"expected", expected}, {"found", found}}});
    }

    void compare_tasks(const std::vector<std::string>& tasks) {
        if (test_.expects_tasks) compare("tasks", listed(test_.expected_tasks), listed(tasks));
        const auto& one = test_.expected_task;
        if (!one.empty() && std::find(tasks.begin(), tasks.end(), one) == tasks.end()) {
            compare("task", one, listed(tasks));
        }
    }

    void compare_deadlines(const std::vector<DeadlineStatus>& deadlines) {
        for (const auto& [name, expected] : test_.expected_deadlines) {
            std::string found = "none";
            for (const auto& status : deadlines) {
                if (status.deadline->name != name) continue;
                found = expected.size() > 10 ? status.due.iso() : status.due.date.iso();
            }
            compare(name, expected, found);
        }
    }

    const Register& tested_;
    const DefinitionTest& test_;
    Problems& failures_;
};

}  // namespace

namespace {

Problem identifier_failure(const Identifier::Test& test, const std::string& found) {
    constexpr std::string_view kVerdicts[] = {"sound", "invented", "unsound"};
    const std::string verdict(kVerdicts[static_cast<std::size_t>(test.verdict)]);
    return {"definitions.test_failed",
            test.place,
            {{"what", "identifier"}, {"expected", verdict + " " + test.text}, {"found", found}}};
}

}  // namespace

Result<int> run_definition_tests(const Pack& pack) {
    Problems failures;
    int count = 0;
    for (const auto& register_ : pack.registers) {
        for (const auto& test : register_->tests) {
            TestRun(*register_, test, failures).run();
            ++count;
        }
    }
    for (const auto& [name, identifier] : pack.identifiers) {
        for (const auto& test : identifier->tests) {
            ++count;
            const auto found = identifier->run(test);
            if (!found.empty()) failures.push_back(identifier_failure(test, found));
        }
    }
    if (!failures.empty()) return fail(std::move(failures));
    return count;
}

}  // namespace amate::definitions
