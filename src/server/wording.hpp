// SPDX-License-Identifier: Apache-2.0
// Numbers, dates and figures as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/dates.hpp"
#include "definitions/model.hpp"

namespace amate::server {

[[nodiscard]] std::string number_words(std::int64_t number);
// With so many decimals, behind a point: "1,234.50".
[[nodiscard]] std::string decimal_words(double number, int decimals);
// "7 de septiembre de 2018", "7 September 2018".
[[nodiscard]] std::string date_words(Date date, std::string_view language);
// "del 1 de enero de 2017 al ...", "hasta ..."; "" if both ends are open.
[[nodiscard]] std::string period_words(const Period& period, std::string_view language);
// The value of a figure with its bound and what belongs to the number itself: "más de 35",
// "44.64 %", "1,200 USD".
[[nodiscard]] std::string value_words(const definitions::Figure& figure, std::string_view language);
// A code name as words, for lack of a label: "assisted_return" -> "assisted return".
[[nodiscard]] std::string spaced(std::string_view name);

}  // namespace amate::server
