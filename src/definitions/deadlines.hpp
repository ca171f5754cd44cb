// SPDX-License-Identifier: Apache-2.0
// When what a record owes is due, and whether it was met, runs, waits or lapsed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "definitions/model.hpp"

namespace amate::definitions {

enum class DeadlineState : unsigned char {
    running,
    suspended,  // running, and today does not count
    met,
    met_late,
    lapsed
};
[[nodiscard]] std::string_view name_of(DeadlineState state);

struct DeadlineStatus {
    const Deadline* deadline = nullptr;  // borrowed from the register
    DateTime due;                        // the last moment at which it is met in time
    DeadlineState state = DeadlineState::running;
};

// Last moment of a time limit that begins at `start`. Minutes and hours count to the second; days,
// weeks, working days, months and years end with their last day, the first one not counted. Days
// of `suspended` (each [first, second)) do not count; of hours, each moves the end by a day.
// Nothing outside the years a calendar knows, or if it never ends.
[[nodiscard]] std::optional<DateTime> due_moment(
    const TimeLimit& limit, DateTime start, const std::vector<std::pair<Date, Date>>& suspended);

// The same for a date or moment as a record holds it: hours from a day without an hour begin at its
// end. Nothing for any other value.
[[nodiscard]] std::optional<DateTime> due_from(const TimeLimit& limit, const Value& start);

// Deadlines of a settled record as they stand at context.now, in the register's order. One whose
// beginning is not known, or whose `when` is not true, is left out. A suspension that has not ended
// lasts through today; hours from a day without an hour begin at its end. Met is what `met` says;
// when, what `met_on` says (without it: in time).
[[nodiscard]] std::vector<DeadlineStatus> deadlines_of(const Register& register_,
                                                       const std::vector<Value>& record,
                                                       const EvaluationContext& context);

}  // namespace amate::definitions
