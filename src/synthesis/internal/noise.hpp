// SPDX-License-Identifier: Apache-2.0
// Spoils what is stated of a person as clerks and foreign files do; the truth is kept apart.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/dates.hpp"
#include "synthesis/internal/random.hpp"

namespace amate::synthesis::internal {

// Shares of the records of a file, 0..1.
struct Noise {
    double spelling = 0;          // one slip of the pen in a name
    double foreign_spelling = 0;  // capitals, no accents, family names joined or the second lost
    double birth = 0;             // day and month exchanged, or the day lost
    // Letters that are written for each other because they sound alike ("b", "v").
    std::vector<std::pair<std::string, std::string>> alike;
    [[nodiscard]] bool any() const { return spelling > 0 || foreign_spelling > 0 || birth > 0; }
};

// A slip: letters that sound alike exchanged, two letters swapped, one lost or one doubled. Words
// keep their first letter, accents are lost where the slip falls. A name without a word of three
// letters stays.
void misspell(const Noise& noise, Random& random, std::string& name);

// As a foreign register writes it: "NARA OLEAJE-MAREA" or "NARA OLEAJE" for "Nara Oleaje Marea".
void spell_abroad(Random& random, std::string& name);

// Day and month exchanged, or the day lost; whoever is born on a day that allows neither, or would
// change age on `at`, stays as is.
void spoil_birth(Random& random, Date at, PartialDate& birth);

}  // namespace amate::synthesis::internal
