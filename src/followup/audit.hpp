// SPDX-License-Identifier: Apache-2.0
// Checks reported figures against the relations they declare: do components add up, do repeats
// agree.
#pragma once

#include <string>
#include <vector>

#include "definitions/model.hpp"

namespace amate::followup {

enum class FindingKind : unsigned char { holds, differs, undecided };

// What stands behind a finding that is no plain "holds" or "differs".
enum class Because : unsigned char {
    none,
    truncated,     // the document cut the decimals off where it should have rounded
    bound,         // "more than", "almost" ... leave it open
    other_unit,    // the two are not in one unit
    other_moment,  // the two have different cut-offs
    no_cutoff,     // one of them says no cut-off
    base_missing,  // the figure it is compared with is not reported
    revised        // the later one replaces the earlier
};

struct Finding {
    FindingKind kind = FindingKind::holds;
    std::string check;                // part_of, subset_of, repeats, derived_from, ...
    std::string figure_id;            // the figure the check is about
    std::vector<std::string> others;  // components, sources
    std::string reported, expected;   // numbers as text; expected is empty where nothing follows
    std::string key;                  // the partition it is about, e.g. "outcome"; may be empty
    std::string bound;                // of `reported`: "more_than", ...; usually empty
    std::string working;              // how expected comes about: "1053 / 1178 * 100", or empty
    Because because = Because::none;
};

// Findings in figure order; those that hold too. Bounds (`more_than`, `approx`) are respected;
// a check that bounds leave open is undecided, never a difference. `approx` means within 5 %.
// part_of: one finding a whole and key; parts in percent must make 100, but for rounding.
// derived_from: a share or ratio A/B, an increase where the figure has the key `compare`, a mean a
// day, month or year where the unit says so ("calls_per_day"); rounded to the printed decimals.
// A figure never has to add up with figures that merely are subset_of it.
[[nodiscard]] std::vector<Finding> audit(const definitions::Pack& pack);

// One sentence for people, without titles: figures are named by their id.
[[nodiscard]] std::string to_words(const Finding& finding, std::string_view language);
// The same, with the key called by the name that the pack gives it.
[[nodiscard]] std::string to_words(const Finding& finding, std::string_view language,
                                   const definitions::Pack& pack);

}  // namespace amate::followup
