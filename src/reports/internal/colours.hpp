// SPDX-License-Identifier: Apache-2.0
// Colours of drawings, which programs that print do not take from the page's styles (report.css).
#pragma once

#include <string_view>

namespace amate::reports::internal {

inline constexpr const char* kInk = "#2a1a12";
inline constexpr const char* kSoft = "#6a5545";
inline constexpr const char* kLine = "#d9cdb6";
inline constexpr const char* kCochineal = "#9b2335";
inline constexpr const char* kIndigo = "#28487a";
inline constexpr const char* kOchre = "#b9770e";
inline constexpr const char* kStone = "#8b7b69";
inline constexpr const char* kLeaf = "#3f6b4f";
inline constexpr const char* kPlum = "#6b4a7d";

// Of how a figure is marked.
inline const char* colour_of_mark(std::string_view mark) {
    if (mark == "computed") return kIndigo;
    if (mark == "differs") return kCochineal;
    return mark == "reported" ? kOchre : kStone;
}
// Of a light.
inline const char* colour_of_light(std::string_view light) {
    if (light == "green") return kLeaf;
    if (light == "amber") return kOchre;
    return light == "red" ? kCochineal : kStone;
}

}  // namespace amate::reports::internal
