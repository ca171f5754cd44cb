// SPDX-License-Identifier: Apache-2.0
// Days in spreadsheets: numbers that only their number format tells from others.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/row_source.hpp"

namespace amate::exchange::internal {

enum class DateSystem : unsigned char { from_1900, from_1904 };

// What a number format shows of a moment.
enum class DateShape : unsigned char { none, date, time, elapsed, date_time };

// Of the formats every workbook has, by number. SPEC: ISO/IEC 29500-1 18.8.30
[[nodiscard]] DateShape builtin_shape(int format);
// Of a format code such as `dd/mm/yyyy hh:mm` or `[$-80A]d" de "mmmm;@`: its first section counts.
[[nodiscard]] DateShape shape_of(std::string_view code);

// The text of a cell that shows `serial` as `shape`: ISO 8601 as CellKind::date has it, a time
// alone as "HH:MM:SS" (elapsed hours may pass 24). To the nearest second, or the day alone. Nothing
// if no such day exists: before the first of the system, after 9999, or 29 February 1900, which
// spreadsheets count and the calendar does not have.
[[nodiscard]] std::optional<std::string> date_text(double serial, DateShape shape,
                                                   DateSystem system);

}  // namespace amate::exchange::internal
