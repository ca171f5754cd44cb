// SPDX-License-Identifier: Apache-2.0
// How far long work has come: told by the worker, shown by whoever asked for the work.
#pragma once

#include <cstdint>
#include <string_view>

namespace amate {

class Progress {
public:
    virtual ~Progress() = default;
    // `done` of `total` units (0: total not known). Cheap; called often, from one thread.
    virtual void advance(std::string_view what, std::int64_t done, std::int64_t total) = 0;
    // Rows dealt with so far, where the work goes through rows. What either throws ends the work.
    virtual void rows(std::int64_t /*count*/) {}
};

// Shows nothing.
class NoProgress final : public Progress {
public:
    void advance(std::string_view, std::int64_t, std::int64_t) override {}
};

}  // namespace amate
