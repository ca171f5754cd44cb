// SPDX-License-Identifier: Apache-2.0
// Reads the tests that registers carry, and runs them with the judge that judges every record.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

void read_expect(const Loading& loading, const Cursor& expect, const Register& register_,
                 DefinitionTest& test) {
    if (!expect.expect_keys({"flags", "problems", "valid", "dimensions", "task"})) return;
    read_flags(expect.find("flags"), register_, test);
    const auto problems = expect.find("problems");
    test.expects_problems = problems.present();
    for (const auto& item : problems.items()) {
        static_cast<void>(read_column(loading, item, register_));
        test.expected_problem_paths.push_back(item.raw_text());
    }
    const auto valid = expect.find("valid");
    test.expects_valid = valid.present() ? valid.boolean() : test.expected_problem_paths.empty();
    if (test.expects_valid && !test.expected_problem_paths.empty()) {
        valid.bad_value(
            {"false, because problems are expected", "false, pues se esperan problemas"});
    }
    if (const auto task = expect.find("task"); task.present()) {
        std::vector<std::string> known;
        for (const auto& rule : register_.rules) {
            if (!rule.task.empty()) known.push_back(rule.task);
        }
        test.expected_task = task.text();
        if (std::find(known.begin(), known.end(), test.expected_task) == known.end()) {
            task.bad_value(
                {"a task of a rule of this register", "una tarea de una regla de este registro"},
                known);
        }
    }
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
            compare("flags", listed(test_.expected_flags), listed(judgement.flags));
        }
        compare_task(judgement.flags);
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

    void compare_task(const std::vector<std::string>& flags) {
        if (test_.expected_task.empty()) return;
        std::vector<std::string> tasks;
        for (const auto& rule : tested_.rules) {
            const bool fired = std::find(flags.begin(), flags.end(), rule.flag) != flags.end();
            if (fired && !rule.task.empty()) tasks.push_back(rule.task);
        }
        if (std::find(tasks.begin(), tasks.end(), test_.expected_task) == tasks.end()) {
            compare("task", test_.expected_task, listed(tasks));
        }
    }

    const Register& tested_;
    const DefinitionTest& test_;
    Problems& failures_;
};

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
    if (!failures.empty()) return fail(std::move(failures));
    return count;
}

}  // namespace amate::definitions
