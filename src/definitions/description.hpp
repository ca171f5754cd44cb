// SPDX-License-Identifier: Apache-2.0
// A pack as one tree of names and texts, so that two versions of it can be compared part by part.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace amate::definitions {

struct Pack;

// Value type. Keys are unique among the parts of one node; their order says nothing.
struct Description {
    std::string key;
    std::string text;
    std::vector<Description> parts;

    [[nodiscard]] const Description* find(std::string_view part) const;
    // Follows `a/b/c`; null if there is no such part.
    [[nodiscard]] const Description* at(std::string_view path) const;
    // The text of the part, or "".
    [[nodiscard]] std::string_view text_of(std::string_view part) const;
    Description& add(std::string part, std::string value = {});
    bool operator==(const Description&) const = default;
};

// All a pack says. Columns stand under the name their values are stored under, so that a field
// that was renamed is still the same one. Cost: O(pack).
[[nodiscard]] Description describe(const Pack& pack);

// The part of it that stored records depend on: what the store keeps beside its tables.
[[nodiscard]] Description data_part(const Description& description);

// One line of JSON, the same for the same description whatever the order of its parts
// (docs/formats/workspace.md).
[[nodiscard]] std::string to_form(const Description& description);
// Nothing if it is no such form.
[[nodiscard]] std::optional<Description> from_form(std::string_view form);

}  // namespace amate::definitions
