// SPDX-License-Identifier: Apache-2.0
// The invented persons of a file: some come again, and no two new ones share a key.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/value.hpp"
#include "definitions/model.hpp"
#include "synthesis/internal/names.hpp"
#include "synthesis/internal/random.hpp"

namespace amate::synthesis::internal {

// An invented person: who it is in truth, and the values of a person field in the order of its
// columns, which is the order of the pack's person attributes: also those its file does not state.
struct Person {
    std::int64_t number = 0;  // 1, 2, ... within a run, whatever the file
    Date day;                 // of its event
    PersonName name;          // in its parts; empty if nobody drew it
    std::vector<Value> values;
};

// A bounded, fair sample of the persons so far (Vitter's algorithm R): memory does not grow.
class EarlierPersons {
public:
    void add(const Person& person, Random& random);
    [[nodiscard]] bool empty() const { return kept_.empty(); }
    [[nodiscard]] const Person& any(Random& random) const {
        return kept_[random.below(static_cast<std::uint32_t>(kept_.size()))];
    }

    // The numbers of which each attribute bears one, by column of the person; null if none.
    std::vector<const std::int64_t*> serials;

private:
    static constexpr std::size_t kKept = 50'000;
    std::vector<Person> kept_;
    std::uint64_t seen_ = 0;
};

// Remembers the keys of new persons of a register, 64 bits each, so that "persons" counts exactly
// what a plan says.
class PersonKeys {
public:
    // Keys are tried in the order of the pack, as when persons are counted.
    PersonKeys(const definitions::Pack& pack, const definitions::Register& register_,
               const std::string& person_field);

    // False if a person with the same first complete key was new before. No complete key: true.
    [[nodiscard]] bool is_new(const std::vector<Value>& record);

private:
    std::vector<std::vector<std::size_t>> keys_;
    std::unordered_set<std::uint64_t> seen_;
    std::string text_;
};

}  // namespace amate::synthesis::internal
