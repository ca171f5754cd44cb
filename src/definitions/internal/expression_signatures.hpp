// SPDX-License-Identifier: Apache-2.0
// Functions of plain shape, each declared once: name, types, result and how it is told in words.
#pragma once

#include <span>
#include <string_view>

#include "definitions/internal/expression_syntax.hpp"

namespace amate::definitions::internal {

// `arguments`, a letter each: D day, M moment, I whole number, N number, T text, C code;
// and written out, kept in the node instead of its children: L a text, K the name of a calendar.
// `words` hold {0}, {1}, {2} where the arguments go; `_not` are of statements only.
struct Signature {
    std::string_view name;
    Operation operation;
    std::string_view arguments;
    Type result;
    std::string_view es, en, es_not, en_not;
};

[[nodiscard]] std::span<const Signature> signatures();
[[nodiscard]] const Signature* find_signature(Operation operation);

}  // namespace amate::definitions::internal
