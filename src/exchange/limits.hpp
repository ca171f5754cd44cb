// SPDX-License-Identifier: Apache-2.0
// What one row of a file may hold, whatever its format (docs/reference/taking-in-files.md).
#pragma once

#include <cstddef>

namespace amate::exchange {

inline constexpr std::size_t kRowBytesMax = 1'000'000;
inline constexpr std::size_t kColumnsMax = 1'000;

}  // namespace amate::exchange
