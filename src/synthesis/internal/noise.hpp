// SPDX-License-Identifier: Apache-2.0
// Spoils what is stated of a person as clerks and foreign files do; the truth is kept apart.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/dates.hpp"
#include "synthesis/internal/names.hpp"
#include "synthesis/internal/random.hpp"
#include "synthesis/internal/variants.hpp"

namespace amate::synthesis::internal {

// Shares of the records of a file, 0..1.
struct Noise {
    double spelling = 0;          // one slip of the pen in a name
    double foreign_spelling = 0;  // capitals, no accents, family names joined or the second lost
    double accents = 0;           // no accents; other marks stay
    double swapped = 0;           // the two family names exchanged
    double birth = 0;             // day and month exchanged, or the day lost
    std::vector<std::pair<std::string, double>> variants;  // kind of variants.csv, share
    // Letters that are written for each other because they sound alike ("b", "v").
    std::vector<std::pair<std::string, std::string>> alike;
    [[nodiscard]] bool of_names() const {
        return spelling > 0 || foreign_spelling > 0 || accents > 0 || swapped > 0 ||
               !variants.empty();
    }
    [[nodiscard]] bool any() const { return birth > 0 || of_names(); }
};

// What is stated of a name, each share on its own: families exchanged, a variant, a slip, accents
// lost, as written abroad.
[[nodiscard]] std::string state_name(const Noise& noise, const VariantsBook& variants,
                                     Random& random, PersonName name);

// A slip: letters that sound alike exchanged, two letters swapped, one lost or one doubled. Words
// keep their first letter, accents are lost where the slip falls. A name without a word of three
// letters stays.
void misspell(const Noise& noise, Random& random, std::string& name);

// Without the accents of vowels: "Maria Nunez" would lose more than that, "Maria Nuñez" does not.
void drop_accents(std::string& name);

// As a foreign register writes it: capitals, no mark, and of the family names "OLEAJE-MAREA",
// "OLEAJE" or, of several words, "DELMAR".
[[nodiscard]] std::string spell_abroad(Random& random, PersonName name);

// Day and month exchanged, or the day lost; whoever is born on a day that allows neither, or would
// change age on `at`, stays as is.
void spoil_birth(Random& random, Date at, PartialDate& birth);

}  // namespace amate::synthesis::internal
