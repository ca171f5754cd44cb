// SPDX-License-Identifier: Apache-2.0
// The texts of the pages: all locale files, merged by language.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "render/internal/assets.hpp"

namespace amate::render::internal {

using Texts = std::map<std::string, std::string, std::less<>>;  // key -> text
using Locales = std::map<std::string, Texts, std::less<>>;      // language -> texts

// Merges files "NAME.LANGUAGE.json". A malformed file, a text that is no string and a key in two
// files of one language are bugs.
[[nodiscard]] Locales read_locales(const std::vector<Asset>& files);

// Names in braces: "{count} of {total}" -> count, total.
[[nodiscard]] std::set<std::string> parameters_of(std::string_view text);

}  // namespace amate::render::internal
