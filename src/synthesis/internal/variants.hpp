// SPDX-License-Identifier: Apache-2.0
// Other ways in which names are written or people are called.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "synthesis/internal/random.hpp"

namespace amate::synthesis::internal {

// synthesis/variants.csv of a pack: kind,name,variant. Names of one word; folded when compared.
// Value type.
class VariantsBook {
public:
    // Empty if the pack has no such file. Problems synthesis.bad_plan: header, cells.
    [[nodiscard]] static Result<VariantsBook> load(const definitions::Pack& pack);

    [[nodiscard]] std::vector<std::string> kinds() const;
    // Replaces one word of `name` that has a variant of that kind. False if none has.
    bool replace(const std::string& kind, Random& random, std::string& name) const;

private:
    std::map<std::string, std::map<std::string, std::vector<std::string>>> of_kind_;
};

}  // namespace amate::synthesis::internal
