// SPDX-License-Identifier: Apache-2.0
// What a served country does by itself: deadlines take effect, the ledger is sealed, uploads that
// nobody goes on with are given up.
#pragma once

#include <chrono>
#include <memory>

#include "definitions/model.hpp"
#include "store/workspace.hpp"

namespace amate::server {

// How long between one time and the next; the first is at once.
struct UpkeepPace {
    std::chrono::milliseconds seals = std::chrono::minutes(10);
    std::chrono::milliseconds deadlines = std::chrono::hours(1);
};

// A thread of its own, in sessions of its own (ledger::seal, registry::Desk::lapse_deadlines).
// Several servers on one store may each have one: what is done already is not done again. What
// fails is told in the log and tried at its next time. Cost: a seal that of the entries since the
// last; deadlines a pass over the registers that have some.
class Upkeep {
public:
    // Borrows both; the store's tables fit the pack already.
    Upkeep(const definitions::Pack& pack, const store::Workspace& workspace,
           const UpkeepPace& pace);
    // A pass under way is given up; what it committed stays.
    ~Upkeep();
    Upkeep(const Upkeep&) = delete;
    Upkeep& operator=(const Upkeep&) = delete;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace amate::server
