// SPDX-License-Identifier: Apache-2.0
// Draws one record after the other as a group of a plan says.
#pragma once

#include <memory>
#include <vector>

#include "synthesis/internal/persons.hpp"
#include "synthesis/internal/plan.hpp"

namespace amate::synthesis::internal {

// One file. Resource; one thread at a time.
class RecordDrawer {
public:
    // `keys`: one a person field, shared by the files of a register.
    RecordDrawer(const Plan& plan, const NamesBook& names, std::vector<PersonKeys*> keys,
                 Random& random);

    // Fills `record`, laid out as the register's columns. False if no new person can be found that
    // is not one of the earlier ones.
    [[nodiscard]] bool draw(const Group& group, std::vector<Value>& record);

private:
    void draw_time(const Group& group, std::vector<Value>& record);
    void draw_column(const Group& group, std::size_t column, std::vector<Value>& record);
    [[nodiscard]] bool draw_person(const Group& group, std::size_t person,
                                   std::vector<Value>& record);
    [[nodiscard]] bool fits(const Group& group, const std::vector<std::size_t>& columns,
                            const PersonValues& values) const;
    void draw_birth(const Ages& ages, std::size_t column, std::vector<Value>& record);
    void draw_name(std::size_t column, std::vector<Value>& record);

    const Plan& plan_;
    const NamesBook& names_;
    std::vector<PersonKeys*> keys_;
    Random& random_;
    std::vector<EarlierPersons> earlier_;          // one a person field
    std::vector<std::size_t> plain_columns_;       // of no person, in order
    std::vector<std::vector<std::size_t>> order_;  // of each person: names after sex
    std::vector<std::size_t> sex_of_;              // a column each: the sex beside it, or itself
    bool keeps_time_ = true;
    Date day_;  // of the current record
};

}  // namespace amate::synthesis::internal
