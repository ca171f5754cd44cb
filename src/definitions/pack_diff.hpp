// SPDX-License-Identifier: Apache-2.0
// What a changed pack does to records stored under the pack before it.
#pragma once

#include <string>
#include <vector>

#include "core/text.hpp"
#include "definitions/description.hpp"
#include "definitions/model.hpp"

namespace amate::definitions {

enum class Effect : unsigned char {
    compatible,      // stored records are read as before
    migrates,        // the program does what is needed, or the pack declares it
    needs_migration  // values would be lost or misread: refused unless a migration declares it
};
enum class ChangeKind : unsigned char { added, removed, changed };

struct Change {
    std::string place;  // "registers/landing/fields/remarks/type"; fields by their names of today
    ChangeKind kind = ChangeKind::changed;
    Effect effect = Effect::compatible;
    std::string before, after;  // "" where there is none, and where it is more than one text
    Text why;                   // es and en: what it does, and what to do about it
    bool acceptable = false;    // a step `accept` would do, because no stored value is lost by it

    bool operator==(const Change&) const = default;
};

// Every difference, in the order of the description, each with what it does to stored records.
// What the program does not know is taken to need a migration. Migrations of `after` that `before`
// has not are taken into account. Cost: O(both packs).
[[nodiscard]] std::vector<Change> compare(const Description& before, const Description& after);
[[nodiscard]] std::vector<Change> compare(const Pack& before, const Pack& after);

// The gravest of all; compatible if there is none.
[[nodiscard]] Effect effect_of(const std::vector<Change>& changes);

}  // namespace amate::definitions
