// SPDX-License-Identifier: Apache-2.0
// Collects what is wrong with a pack, each fault in words of both languages and with a suggestion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace amate::definitions::internal {

// What was expected, as it reads after "expected" or "is not".
struct Words {
    std::string en;
    std::string es;
};

// A value as it may stand in a message: one line, at most 60 bytes, cut at a whole character.
[[nodiscard]] std::string shown(std::string_view value);
// "a, b, c" with at most a dozen names.
[[nodiscard]] std::string listed(const std::vector<std::string>& names);
[[nodiscard]] Words one_of(const std::vector<std::string>& names);

// Resource of one load. Order of adding is free; take() sorts.
class Faults {
public:
    using Parameters = std::map<std::string, std::string>;

    void add(std::string code, Place place, Parameters parameters = {});
    void add_all(Problems problems);
    // definitions.bad_value: "`value` is not EXPECTED; did you mean X?"
    void bad_value(Place place, std::string_view value, const Words& expected,
                   const std::vector<std::string>& candidates = {});
    // definitions.wrong_kind: "Expected EXPECTED, found FOUND".
    void wrong_kind(Place place, const Words& expected, const Words& found);
    // `parameters` with the nearest candidate, ready for the catalogue's texts.
    [[nodiscard]] Parameters suggest(Parameters parameters, std::string_view value,
                                     const std::vector<std::string>& candidates);

    [[nodiscard]] bool empty() const { return problems_.empty(); }
    // Ordered by file, line and column, without repetition.
    [[nodiscard]] Problems take();

private:
    Problems problems_;
    int suggestions_left_ = 500;  // a wholly broken pack must not cost minutes of comparing
};

}  // namespace amate::definitions::internal
