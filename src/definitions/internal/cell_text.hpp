// SPDX-License-Identifier: Apache-2.0
// A single value written as text or as a plain JSON value, as rows of groups and the API have it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "core/value.hpp"
#include "definitions/model.hpp"

namespace amate::definitions::internal {

// "unknown", "refused", "not_applicable"; nothing for any other text.
[[nodiscard]] std::optional<Missing> missing_of(std::string_view text);
// Texts, numbers and truth values as text; null is ""; nothing for lists and objects.
[[nodiscard]] std::optional<std::string> cell_text(const boost::json::value& cell);
// Nothing if the text is no value of the column. "" is Missing::absent; codes are joined by ';' and
// not held to their lists.
[[nodiscard]] std::optional<Value> parse_cell(const Column& column, const std::string& text);

}  // namespace amate::definitions::internal
