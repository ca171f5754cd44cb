// SPDX-License-Identifier: Apache-2.0
// Expressions and SQL, as far as their brackets and texts go.
#pragma once

#include <cstddef>
#include <string_view>

namespace amate::statistics::internal {

// Calls `each(at, depth)` for every character that stands in no text between ' or ": the brackets
// that are open behind it.
template <class Each>
void for_each_bare(std::string_view text, const Each& each) {
    int depth = 0;
    char quote = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quote != 0) {
            if (c == quote) quote = 0;
            continue;
        }
        if (c == '\'' || c == '"') quote = c;
        if (c == '(') ++depth;
        if (c == ')') --depth;
        each(at, depth);
    }
}

}  // namespace amate::statistics::internal
