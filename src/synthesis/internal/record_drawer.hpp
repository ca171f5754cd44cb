// SPDX-License-Identifier: Apache-2.0
// Draws one record after the other as a group of a plan says.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "synthesis/internal/persons.hpp"
#include "synthesis/internal/plan.hpp"

namespace amate::synthesis::internal {

// Who the persons of a run are: shared by its files.
struct People {
    std::int64_t last_number = 0;
    std::map<std::string, PersonKeys> keys;                      // of a register and person field
    std::map<std::string, std::vector<EarlierPersons>> of_file;  // source -> one a person field
};

// One file. Resource; one thread at a time.
class RecordDrawer {
public:
    // Files whose persons come again in this one are drawn before it.
    RecordDrawer(const Plan& plan, const definitions::Pack& pack, const NamesBook& names,
                 People& people, Random& random);

    // Fills `record`, laid out as the register's columns. False if no new person can be found that
    // is not one of the earlier ones.
    [[nodiscard]] bool draw(const Group& group, std::vector<Value>& record);
    // Spoils names and births of the record last drawn, as the plan's noise says.
    void spoil(const Group& group, std::vector<Value>& record);
    // Who the persons of the record last drawn are in truth, one a person field.
    [[nodiscard]] const std::vector<std::int64_t>& numbers() const { return numbers_; }

private:
    void draw_time(const Group& group, std::vector<Value>& record);
    void draw_column(const Group& group, std::size_t column, std::vector<Value>& record);
    [[nodiscard]] bool draw_person(const Group& group, std::size_t person,
                                   std::vector<Value>& record);
    [[nodiscard]] bool fits(const Group& group, const std::vector<std::size_t>& columns,
                            const std::vector<Value>& values) const;
    [[nodiscard]] bool draw_earlier(const Group& group, std::size_t person,
                                    std::vector<Value>& record);
    [[nodiscard]] bool draw_known(const Group& group, std::size_t person,
                                  std::vector<Value>& record);
    void draw_birth(const Ages& ages, std::size_t column, std::vector<Value>& record);
    void draw_name(std::size_t column, std::vector<Value>& record);
    void remember(std::size_t person, std::int64_t number, const std::vector<Value>& record);

    const Plan& plan_;
    const NamesBook& names_;
    People& people_;
    Random& random_;
    std::vector<PersonKeys*> keys_;                // one a person field
    std::vector<EarlierPersons>& earlier_;         // one a person field
    std::vector<std::int64_t> numbers_;            // one a person field
    std::string family_;                           // family names of the new person before
    std::vector<std::size_t> plain_columns_;       // of no person, in order
    std::vector<std::vector<std::size_t>> order_;  // of each person: names after sex
    std::vector<std::size_t> sex_of_;              // a column each: the sex beside it, or itself
    bool keeps_time_ = true;
    Date day_;  // of the current record
};

}  // namespace amate::synthesis::internal
