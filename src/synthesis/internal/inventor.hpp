// SPDX-License-Identifier: Apache-2.0
// Invents the records of one plan, one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "definitions/expression.hpp"
#include "synthesis/internal/plan.hpp"

namespace amate::synthesis {

// Resource; one thread. Every record passes the register's own rules.
class Inventor {
public:
    Inventor(const Plan& plan, const Names* names, std::uint64_t seed);

    // Fills `record` with the next record of `group`. Problem synthesis.refused, placed at the
    // group, when the register's rules refuse what the plan draws time after time.
    [[nodiscard]] Result<void> invent(const Group& group, std::vector<Value>& record);
    [[nodiscard]] Random& random() { return random_; }

private:
    using PersonColumns = std::vector<Value>;

    void draw_time(const Group& group, std::vector<Value>& record);
    void draw_column(const Draw& draw, std::vector<Value>& record);
    void draw_name(const Draw& draw, std::vector<Value>& record);
    void draw_birth(const Draw& draw, std::vector<Value>& record);
    bool repeat_person(const Group& group, std::vector<Value>& record);
    void remember_person(const std::vector<Value>& record);
    [[nodiscard]] Date day_of(const std::vector<Value>& record) const;

    const Plan& plan_;
    const definitions::Register& register_ref_;
    const Names* names_;
    Random random_;
    std::vector<std::size_t> person_columns_;
    std::vector<PersonColumns> persons_;  // some of those invented before
    std::int64_t persons_seen_ = 0;
    std::int64_t serial_ = 0;
    definitions::EvaluationContext context_;
};

}  // namespace amate::synthesis
