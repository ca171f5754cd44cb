// SPDX-License-Identifier: Apache-2.0
// Says in both languages what is wrong with a plan, with the nearest right spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"

namespace amate::synthesis::internal {

class PlanFaults {
public:
    void add(const Place& place, std::string es, std::string en, std::string_view word = {},
             const std::vector<std::string>& candidates = {});
    // Keys of a map that are none of `known`.
    void check_keys(const definitions::DataNode& node, const std::vector<std::string>& known);
    void missing(const Place& place, std::string_view key);
    [[nodiscard]] Problems& problems() { return problems_; }

private:
    Problems problems_;
};

// A number of 0 or more; a fault and nothing if it is none.
[[nodiscard]] std::optional<double> read_number(const definitions::DataNode& node, double maximum,
                                                PlanFaults& faults);
// "5", "0-11" or "65+" (to `open_end`).
[[nodiscard]] std::optional<std::pair<int, int>> parse_range(std::string_view text, int open_end);

}  // namespace amate::synthesis::internal
