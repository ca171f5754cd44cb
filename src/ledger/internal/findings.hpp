// SPDX-License-Identifier: Apache-2.0
// Collects what verification finds: the first of each kind by name, the rest by number.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/result.hpp"

namespace amate::ledger::internal {

class Findings {
public:
    using Parameters = std::map<std::string, std::string>;

    void add(const std::string& code, Parameters parameters) {
        if (++counts_[code] > kNamedMax) return;
        problems_.push_back({code, {}, std::move(parameters)});
    }
    void add(Problem problem) { problems_.push_back(std::move(problem)); }

    [[nodiscard]] Problems take() {
        for (const auto& [code, count] : counts_) {
            if (count <= kNamedMax) continue;
            problems_.push_back({"ledger.more_found",
                                 {},
                                 {{"code", code}, {"count", std::to_string(count - kNamedMax)}}});
        }
        return std::move(problems_);
    }

private:
    static constexpr std::int64_t kNamedMax = 50;
    std::map<std::string, std::int64_t> counts_;
    Problems problems_;
};

}  // namespace amate::ledger::internal
