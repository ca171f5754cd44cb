// SPDX-License-Identifier: Apache-2.0
// Names of people who do not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "synthesis/internal/random.hpp"

namespace amate::synthesis::internal {

// synthesis/names.csv of a pack. Value type.
class NamesBook {
public:
    // Empty if the pack has no such file. Problems synthesis.bad_plan: header, kind, weight.
    [[nodiscard]] static Result<NamesBook> load(const definitions::Pack& pack);

    // True if there are given names for both sexes and family names.
    [[nodiscard]] bool complete() const;
    // A first name that Windows-1252 cannot write, or nothing.
    [[nodiscard]] const std::string* find_unwritable() const;

    // One or two given names that go with `sex` ("female", "male", anything else: either), then
    // `family`: two family names, drawn and put there if it is empty.
    void draw(std::string_view sex, Random& random, std::string& name, std::string& family) const;

private:
    struct List {
        std::vector<std::string> names;
        std::vector<double> weights;
        Chooser chooser;
        [[nodiscard]] const std::string& draw(Random& random) const {
            return names[chooser.choose(random)];
        }
    };
    List female_, male_, family_;
};

}  // namespace amate::synthesis::internal
