// SPDX-License-Identifier: Apache-2.0
// What a reported number can mean once its bound ("more than", "almost") is taken seriously.
#pragma once

#include <string>
#include <string_view>

#include "definitions/model.hpp"

namespace amate::followup {

// "approx" leaves this share on either side.
inline constexpr double kApproxShare = 0.05;

// A set of numbers between two ends. Value type.
struct Range {
    double low = 0;
    double high = 0;
    bool low_open = false;
    bool high_open = false;

    [[nodiscard]] bool exact() const { return low == high; }
    [[nodiscard]] bool contains(double number) const;
};

// Equal but for the last bits of a double.
[[nodiscard]] bool near(double a, double b);

[[nodiscard]] Range range_of(double value, std::string_view bound);
[[nodiscard]] Range range_of(const definitions::Figure& figure);
[[nodiscard]] Range sum(const Range& a, const Range& b);
// True if every number of `a` is below every number of `b`.
[[nodiscard]] bool below(const Range& a, const Range& b);
// True if every number of `a` is at most every number of `b`.
[[nodiscard]] bool at_most(const Range& a, const Range& b);

// The figure's value; the loader has made sure that it is a number.
[[nodiscard]] double number_of(const definitions::Figure& figure);
[[nodiscard]] int decimals_of(std::string_view number);
[[nodiscard]] std::string to_text(double number, int decimals);

// Keys of a disaggregation that say how a figure is meant, not which part it is.
[[nodiscard]] bool is_remark(std::string_view key);

}  // namespace amate::followup
