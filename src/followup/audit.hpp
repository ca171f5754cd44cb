// SPDX-License-Identifier: Apache-2.0
// Checks reported figures against the relations they declare: do components add up, do repeats agree.
#pragma once

#include <string>
#include <vector>

#include "definitions/model.hpp"

namespace amate::followup {

enum class FindingKind : unsigned char { holds, differs, undecided };

struct Finding {
    FindingKind kind = FindingKind::holds;
    std::string check;                 // part_of, subset_of, repeats, derived_from, ...
    std::string figure_id;             // the figure the check is about
    std::vector<std::string> others;   // components, sources
    std::string reported, expected;    // numbers as text
    std::string key;                   // the partition it is about, e.g. "outcome"; may be empty
};

// Findings in figure order; those that hold too. Bounds (`more_than`, `approx`) are respected;
// a check that bounds leave open is undecided, never a difference.
[[nodiscard]] std::vector<Finding> audit(const definitions::Pack& pack);

// One sentence for people.
[[nodiscard]] std::string to_words(const Finding& finding, std::string_view language);

}  // namespace amate::followup
