// SPDX-License-Identifier: Apache-2.0
// What a record lives through: flags, tasks, deadlines, actions, approvals and corrections.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "definitions/expression.hpp"

namespace amate::definitions {

enum class LimitUnit : unsigned char { minute, hour, day, week, working_day, month, year };

// A time limit as a rule writes it: "90min", "4h", "3d", "2w", "10wd", "2m", "1y".
struct TimeLimit {
    std::int64_t count = 0;  // 0: no limit
    LimitUnit unit = LimitUnit::day;
    std::string text;                    // as written
    const Calendar* calendar = nullptr;  // of the pack; only for working days

    // Nothing for any other text, for 0 and for more than 100000.
    [[nodiscard]] static std::optional<TimeLimit> parse(std::string_view text);
    [[nodiscard]] bool empty() const { return count == 0; }
};

// Who must say yes before something counts: somebody of each role, and nobody twice if `distinct`.
struct Approval {
    std::vector<std::string> by;  // roles; empty: no approval is needed
    bool distinct = true;
};

struct FlagDefinition {
    std::string name;
    Text title;
    std::string lowered_by;  // action; or ""
};

struct TaskDefinition {
    std::string name;
    Text title;
    std::vector<std::string> by;  // roles
    std::string done_by;          // action; or ""
};

// Days that do not count for a deadline: [from, until), open while `until` is missing.
struct Suspension {
    std::size_t from = 0;  // column
    std::size_t until = 0;
};

struct Deadline {
    std::string name;
    Text title;
    std::size_t from = 0;  // column of a date or datetime
    TimeLimit within;
    Expression when;  // empty: always
    Expression met;   // empty: met once `met_on` is known
    std::optional<std::size_t> met_on;
    std::vector<Suspension> suspend;
    std::string lapse_flag, lapse_task, lapse_action;  // each may be ""
    Text lapse_title;
    std::string source;
};

struct WorkflowAction {
    std::string name, to;
    TimeLimit within;  // from the moment the record came into the state
    std::vector<std::string> from, by, requires_fields, raises, lowers;
    Expression allow;  // empty: always
    Approval approve;
    Text title;
};

// Which fields may be corrected, by whom. The original is kept whatever this says.
struct Corrections {
    bool declared = false;            // otherwise every field, by whoever may amend
    std::vector<std::string> fields;  // empty: all
    std::vector<std::string> by;      // roles; empty: whoever may amend
    bool reason_required = false;
    Approval approve;
};

}  // namespace amate::definitions
