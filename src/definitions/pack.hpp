// SPDX-License-Identifier: Apache-2.0
// Loads and checks a pack; runs the tests its definitions carry.
#pragma once

#include <filesystem>
#include <memory>

#include "core/result.hpp"
#include "definitions/model.hpp"

namespace amate::definitions {

// Reads the whole folder. On failure: every problem found, ordered by file and line, each with
// file:line:column (file relative to the pack), the offending value, what was expected and, where
// one is near, a suggestion. No partial pack is ever returned.
[[nodiscard]] Result<std::unique_ptr<const Pack>> load_pack(const std::filesystem::path& directory);

// What validation says of one record: problems (to quarantine) and flags (kept with the record).
struct Judgement {
    Problems problems;               // place.path is the column
    std::vector<std::string> flags;  // of rules `when` and `warn`, in order
    std::vector<std::string> tasks;  // that rules `when` set, in order
    [[nodiscard]] bool accepted() const { return problems.empty(); }
};

// The one place where a record is judged, whoever brings it: fills calculations and defaults,
// clears columns that are not relevant, then checks required, code lists (and that codes are in
// force on their day), choices, constraints, rows of repeating groups (path "companions[2].birth",
// counted from 1) and the rules in force. `record` is laid out as the register's columns. Cost:
// O(columns + rules).
[[nodiscard]] Judgement judge(const Register& register_, std::vector<Value>& record,
                              const EvaluationContext& context);

// Runs every `tests:` clause of the pack. Problems definitions.test_failed, placed at the test.
[[nodiscard]] Result<int> run_definition_tests(const Pack& pack);  // how many ran

}  // namespace amate::definitions
