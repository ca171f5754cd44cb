// SPDX-License-Identifier: Apache-2.0
// Reads a code such as "0-11" or "65+" as a range of whole numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace amate::definitions::internal {

// Closed range; "65+" reaches the largest number there is.
struct Band {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::string code;

    [[nodiscard]] bool holds(std::int64_t number) const {
        return number >= first && number <= last;
    }
};

// "0-11", "65+" or "7"; nothing for any other code.
[[nodiscard]] std::optional<Band> parse_band(std::string_view code);

}  // namespace amate::definitions::internal
