// SPDX-License-Identifier: Apache-2.0
// A report's page as programs of other formats read it best.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace amate::reports::internal {

// For pandoc: no styles, drawings as pictures, nothing that a word processor cannot show.
struct WordPage {
    std::string html;
    std::vector<std::string> drawings;  // SVG; `html` shows the first as drawing-1.png
};

// `html` is a page that render_report made.
[[nodiscard]] WordPage word_page(std::string_view html);

// For WeasyPrint, which knows no var() inside shorthand properties: each custom property of the
// page's styles is put in for its name, as printed pages have it (its last declaration).
[[nodiscard]] std::string print_page(std::string_view html);

}  // namespace amate::reports::internal
