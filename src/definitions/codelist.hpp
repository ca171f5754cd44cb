// SPDX-License-Identifier: Apache-2.0
// A list of codes: what a coded field may say, with labels, parents and days in force.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/dates.hpp"
#include "core/text.hpp"

namespace amate::definitions {

struct Code {
    std::string code;
    std::string parent;  // or empty
    Text label;
    std::optional<Date> valid_from;
    std::optional<Date> valid_to;
    std::vector<std::string> tags;
};

struct CodeList {
    std::string name;
    Text title;                 // of codelists/titles.csv; may be empty
    bool has_validity = false;  // some code is in force only for a time
    std::vector<Code> codes;    // in file order
    std::unordered_map<std::string, std::size_t> index;

    [[nodiscard]] const Code* find(std::string_view code) const;
    // True if `code` is `ancestor` or below it.
    [[nodiscard]] bool within(std::string_view code, std::string_view ancestor) const;
    // True if the code is of the list and in force on that day.
    [[nodiscard]] bool in_force(std::string_view code, Date day) const;
    // Code of the band ("0-11", "65+") that holds `number`, or null.
    [[nodiscard]] const Code* band_of(std::int64_t number) const;
    // Label of a code, of a missing value's name, or the code itself.
    [[nodiscard]] std::string label(std::string_view code, std::string_view language) const;
};

}  // namespace amate::definitions
