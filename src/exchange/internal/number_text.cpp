// SPDX-License-Identifier: Apache-2.0
// Writes numbers without exponents where people would.
#include "exchange/internal/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "core/result.hpp"
#include "core/text.hpp"

namespace amate::exchange::internal {

std::string number_text(double number) {
    AMATE_CHECK(std::isfinite(number));
    if (number == 0) return "0";
    const auto size = std::fabs(number);
    const auto form =
        size >= 1e21 || size < 1e-7 ? std::chars_format::scientific : std::chars_format::fixed;
    std::array<char, 64> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, form);
    AMATE_CHECK(end.ec == std::errc());
    return {digits.data(), end.ptr};
}

std::optional<double> parse_number(std::string_view text) {
    text = trim(text);
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || at != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

std::string plain_number(std::string_view text) {
    if (text.find_first_of("eE") != text.npos) {
        const auto number = parse_number(text);
        return number ? number_text(*number) : std::string(text);
    }
    if (text.find('.') == text.npos) return std::string(text);
    text = text.substr(0, text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.remove_suffix(1);
    return text == "-0" ? "0" : std::string(text);
}

}  // namespace amate::exchange::internal
