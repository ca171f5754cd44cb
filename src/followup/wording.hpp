// SPDX-License-Identifier: Apache-2.0
// Numbers, dates, periods and units as people read them, in each language.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dates.hpp"
#include "definitions/model.hpp"

namespace amate::followup {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Text `report.KEY` of the locale files.
[[nodiscard]] std::string say(std::string_view language, std::string_view key,
                              const Parameters& parameters = {});

// "-1234567.5" -> "−1,234,567.5".
[[nodiscard]] std::string number_words(std::string_view number);
// "more than 1,234"; an unknown or empty bound says the number alone.
[[nodiscard]] std::string bounded_words(std::string_view number, std::string_view bound,
                                        std::string_view language);
// "1053 / 1178" -> "1,053 ÷ 1,178".
[[nodiscard]] std::string working_words(std::string_view working);
// "22 August 2018".
[[nodiscard]] std::string date_words(Date date, std::string_view language);
// A whole year is its number; open ends are said.
[[nodiscard]] std::string period_words(const Period& period, std::string_view language);

// The unit of a figure: the label of the pack's code list `units` where it has one; else the unit's
// own name where that can be read in the language, or nothing where the title says it already.
[[nodiscard]] std::string unit_words(const definitions::Pack& pack,
                                     const definitions::Figure& figure, std::string_view language);
// "stay_condition" -> "stay condition".
[[nodiscard]] std::string humanised(std::string_view name);

// Name of a key of a figure's disaggregation: the title of the dimension it stands for in the
// figure's indicator; else of a person attribute or a dimension of that name; else the key itself.
[[nodiscard]] std::string key_words(const definitions::Pack& pack, const std::string& figure_id,
                                    const std::string& key, std::string_view language);

// "F1, F2 and F3".
[[nodiscard]] std::string list_words(const std::vector<std::string>& items,
                                     std::string_view language);

}  // namespace amate::followup
