// SPDX-License-Identifier: Apache-2.0
// Numbers of typed files as the text of a cell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace amate::exchange::internal {

// The shortest text that reads back the same: "15", "0.1", "-3.25"; with an exponent only from
// 1e21 up and below 1e-7.
[[nodiscard]] std::string number_text(double number);

// A number as files write it, white space around it allowed; nothing if it is none or not finite.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

// Decimal digits without idle zeros behind the point: "1.50" -> "1.5", "2.0" -> "2". Digits are
// kept however many there are; with an exponent as number_text() does.
[[nodiscard]] std::string plain_number(std::string_view text);

}  // namespace amate::exchange::internal
