// SPDX-License-Identifier: Apache-2.0
// Arithmetic of reported numbers with bounds.
#include "followup/range.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/result.hpp"

namespace amate::followup {

bool near(double a, double b) {
    if (!std::isfinite(a) || !std::isfinite(b)) return a == b;
    return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

bool Range::contains(double number) const {
    const bool above =
        low_open ? number > low && !near(number, low) : number > low || near(number, low);
    const bool under =
        high_open ? number < high && !near(number, high) : number < high || near(number, high);
    return above && under;
}

Range range_of(double value, std::string_view bound) {
    constexpr double kInfinite = std::numeric_limits<double>::infinity();
    if (bound.empty()) return {value, value};
    if (bound == "more_than" || bound == "a_little_more_than")
        return {value, kInfinite, true, true};
    if (bound == "at_least") return {value, kInfinite, false, true};
    if (bound == "at_most") return {-kInfinite, value, true, false};
    if (bound == "less_than" || bound == "almost") return {-kInfinite, value, true, true};
    if (bound == "approx") {
        const double margin = std::abs(value) * kApproxShare;
        return {value - margin, value + margin};
    }
    return {-kInfinite, kInfinite, true, true};
}

Range range_of(const definitions::Figure& figure) {
    return range_of(number_of(figure), figure.find_key("bound"));
}

Range sum(const Range& a, const Range& b) {
    return {a.low + b.low, a.high + b.high, a.low_open || b.low_open, a.high_open || b.high_open};
}

bool below(const Range& a, const Range& b) {
    if (near(a.high, b.low)) return a.high_open || b.low_open;
    return a.high < b.low;
}

bool at_most(const Range& a, const Range& b) {
    return a.high < b.low || near(a.high, b.low);
}

double number_of(const definitions::Figure& figure) {
    double number = 0;
    const char* end = figure.value.data() + figure.value.size();
    const auto [stop, error] = std::from_chars(figure.value.data(), end, number);
    AMATE_CHECK(error == std::errc() && stop == end);
    return number;
}

int decimals_of(std::string_view number) {
    const auto point = number.find('.');
    return point == std::string_view::npos ? 0 : static_cast<int>(number.size() - point - 1);
}

std::string to_text(double number, int decimals) {
    return fmt::format("{:.{}f}", number, decimals);
}

bool is_remark(std::string_view key) {
    constexpr std::array<std::string_view, 6> kRemarks{"asof", "bound",   "compare",
                                                       "kind", "section", "stat"};
    return std::find(kRemarks.begin(), kRemarks.end(), key) != kRemarks.end();
}

}  // namespace amate::followup
