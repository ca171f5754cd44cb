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

// An invented name in its parts.
struct PersonName {
    std::string given, family, second_family;
    [[nodiscard]] bool empty() const { return given.empty(); }
    [[nodiscard]] std::string whole() const;  // "given family second_family"
};

// synthesis/names.csv of a pack. Value type.
class NamesBook {
public:
    // Empty if the pack has no such file. Problems synthesis.bad_plan: header, kind, weight.
    [[nodiscard]] static Result<NamesBook> load(const definitions::Pack& pack);

    // True if there are given names for both sexes and family names.
    [[nodiscard]] bool complete() const;
    // A first name that Windows-1252 cannot write, or nothing.
    [[nodiscard]] const std::string* find_unwritable() const;

    // One or two given names that go with `sex` ("female", "male", anything else: either) and two
    // family names. A given name of several words of the list is taken as it stands.
    void draw_given(std::string_view sex, Random& random, PersonName& name) const;
    void draw_family(Random& random, PersonName& name) const;

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
