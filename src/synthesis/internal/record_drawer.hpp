// SPDX-License-Identifier: Apache-2.0
// Draws one record after the other as a group of a plan says.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
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
    RecordDrawer(const Plan& plan, const Shared& shared, People& people, Random& random);

    // Before the first of the `records` of a group; its totals are drawn at `scale`.
    void begin(const Group& group, std::int64_t records, double scale);
    // Fills `record`, laid out as the register's columns. False if no new person can be found that
    // is not one of the earlier ones.
    [[nodiscard]] bool draw(const Group& group, std::vector<Value>& record);
    // Spoils names and births of the record last drawn, as the plan's noise says.
    void spoil(std::vector<Value>& record);
    // Who the persons of the record last drawn are in truth, one a person field.
    [[nodiscard]] std::vector<std::int64_t> numbers() const;

private:
    void learn_columns();
    void draw_time(const Group& group, std::vector<Value>& record);
    void draw_column(const Group& group, std::size_t column, std::vector<Value>& record);
    [[nodiscard]] bool draw_person(const Group& group, std::size_t person,
                                   std::vector<Value>& record);
    [[nodiscard]] bool draw_new(const Group& group, std::size_t person, std::vector<Value>& record);
    [[nodiscard]] bool draw_earlier(const Group& group, std::size_t person,
                                    std::vector<Value>& record);
    [[nodiscard]] bool draw_known(const Group& group, std::size_t person,
                                  std::vector<Value>& record);
    [[nodiscard]] bool come_again(const Group& group, std::size_t person, Person& again,
                                  const EarlierPersons& from) const;
    void complete(const Group& group, std::size_t person, std::vector<Value>& record);
    void identify(const Group& group, std::size_t person, std::vector<Value>& record);
    [[nodiscard]] bool settle(std::size_t person, std::vector<Value>& record);
    void state(std::size_t person, std::vector<Value>& record);
    void draw_birth(const Ages& ages, std::size_t column, std::vector<Value>& record);
    void draw_name(std::size_t column, std::vector<Value>& record);
    [[nodiscard]] std::int64_t draw_share(std::int64_t& left);
    void keep_together(const Group& group, const std::vector<Value>& record);

    const Plan& plan_;
    const NamesBook& names_;
    const VariantsBook& variants_;
    People& people_;
    Random& random_;
    std::vector<PersonKeys*> keys_;                        // one a person field
    std::vector<EarlierPersons>& earlier_;                 // one a person field
    std::vector<std::unordered_set<std::int64_t>> known_;  // persons of other files; one a field
    std::vector<Person> drawn_;               // of the current record, in truth; one a person field
    std::vector<std::size_t> plain_columns_;  // of no person, in order
    std::vector<std::vector<std::size_t>> order_;  // of each person: sex, the rest, identifiers
    std::vector<std::size_t> sex_of_;              // a column each: the sex beside it, or itself
    std::vector<std::size_t> person_of_;           // a column each; of a person's columns alone
    std::vector<bool> is_name_;                    // a column each: names are drawn for it
    std::vector<const Value*> constants_;          // a column each; null if it is none
    std::vector<bool> stated_;                     // a column each: the file says it
    bool keeps_time_ = true;
    std::vector<std::int64_t> totals_left_;  // a column each; of totals, for the records left
    std::vector<double> totals_carried_;     // a column each; what rounding took from totals so far
    std::int64_t records_left_ = 0;          // of the group, with the current one
    std::size_t record_ = 0;                 // of the group, from 0
    Date day_;                               // of the current record
    const Group* last_group_ = nullptr;      // of the record before
    bool relative_ = false;                  // the current person comes with the one before
    std::vector<Value> together_;  // what the record before leaves: time, then plain columns
};

}  // namespace amate::synthesis::internal
