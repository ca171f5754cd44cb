// SPDX-License-Identifier: Apache-2.0
// A synthesis plan, checked in full: what each group of records draws for each column.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "definitions/homologation.hpp"
#include "definitions/model.hpp"
#include "definitions/numbering.hpp"
#include "synthesis/internal/names.hpp"
#include "synthesis/internal/noise.hpp"
#include "synthesis/internal/random.hpp"

namespace amate::synthesis::internal {

struct Fixed {
    Value value;
};
struct Weights {
    std::vector<Value> values;
    Chooser chooser;
};
struct Names {};
// Completed years at the time of the record, both ends included; an open band ends at kAgeMax.
struct Ages {
    std::vector<std::pair<int, int>> bands;
    Chooser chooser;
};
struct Serial {
    definitions::NumberTemplate number;
    std::int64_t* next = nullptr;  // shared by all plans with the same template
};
struct Chances {
    std::vector<std::pair<std::string, double>> codes;
};
struct Chance {
    double share = 0;
};
inline constexpr double kMoneyUnits = 100;  // hundredths in one
// The values of all records of the group, added up; of money in hundredths.
struct Total {
    std::int64_t sum = 0;
};
// Derived from the person; `share` of the new persons of the file show it.
struct Identified {
    const definitions::Identifier* identifier = nullptr;
    double share = 1;
};
// std::monostate: nobody draws the column, it stays absent.
using Draw = std::variant<std::monostate, Fixed, Weights, Names, Ages, Serial, Chances, Chance,
                          Total, Identified>;

// Hours of the day of a datetime, both ends included.
struct Hours {
    std::vector<std::pair<int, int>> ranges;
    Chooser chooser;
};

inline constexpr int kAgeMax = 90;

struct Group {
    Place place;
    std::size_t number = 0;  // 1-based place in the plan
    std::int64_t records = 0;
    bool whole = false;  // a roster: as many records and sums at any scale
    Date from, to;
    double repeat_persons = 0;
    std::vector<Draw> draws;  // one a column of the register
    // Columns with Weights whose values the first records take one after the other: each occurs.
    std::vector<std::size_t> cover;
    std::optional<Hours> hours;
    Chooser days;  // from `from`
};

// Persons of this file who are persons of another one, too.
struct KnownPersons {
    const definitions::Source* source = nullptr;  // which has a plan, and persons
    double share = 0;                             // of the new persons, 0..1
};

// Those who come together with the person of the record before.
struct Families {
    double share = 0;                   // of the records: new persons with the same family names
    std::vector<std::size_t> together;  // columns of no person that they have in common
    bool same_time = false;
};

struct Plan {
    const definitions::Source* source = nullptr;
    const definitions::Register* register_ = nullptr;
    std::vector<definitions::CellCodec> codecs;
    double demonstration = 1;  // share of the records that a demonstration has
    std::vector<Group> groups;
    // Columns of each person field.
    std::vector<std::vector<std::size_t>> persons;
    DateTime now;  // what now() answers: after all groups
    std::vector<KnownPersons> known;
    Families families;
    Noise noise;
};

// What the plans of one run share.
struct Shared {
    const definitions::Pack& pack;
    NamesBook names;
    VariantsBook variants;
    std::map<std::string, std::unique_ptr<std::int64_t>> serials;
};

// Problems synthesis.bad_plan, all of them, each where it stands in the plan.
[[nodiscard]] Result<Plan> read_plan(Shared& shared, const std::string& source_name,
                                     const definitions::DataNode& node);

// Records of each group at `scale`: at scale 1 exactly its own. Else what rounding takes from a
// group goes to the next one, so that groups in a row have together what their sum rounds to; but
// no group is left without a record: every rule keeps something to bite on.
[[nodiscard]] std::vector<std::int64_t> scaled_records(const Plan& plan, double scale);

}  // namespace amate::synthesis::internal
