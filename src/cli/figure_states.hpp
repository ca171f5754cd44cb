// SPDX-License-Identifier: Apache-2.0
// The state of every figure by the newest snapshot of the workspace, for commands that show
// figures.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cli/command.hpp"
#include "core/dates.hpp"
#include "core/result.hpp"
#include "followup/figures.hpp"
#include "snapshot/snapshot.hpp"
#include "statistics/tabulate.hpp"

namespace amate::cli {

// States point into the pack of `open`, which must outlive them.
struct FigureStates {
    std::vector<followup::FigureState> figures;
    std::optional<snapshot::Manifest> manifest;  // of the snapshot used; nothing if there is none
    std::unique_ptr<statistics::Tabulator> tabulator;  // over it; null if there is none
};

// Computes from the newest snapshot not after `as_of`. A workspace without a snapshot is not an
// error: every figure is then only reported, or not computable.
[[nodiscard]] Result<FigureStates> figure_states(const OpenWorkspace& open,
                                                 std::optional<Date> as_of);

}  // namespace amate::cli
