// SPDX-License-Identifier: Apache-2.0
// Joins the newest snapshot with the figures of the pack.
#include "cli/figure_states.hpp"

namespace amate::cli {

Result<FigureStates> figure_states(const OpenWorkspace& open, std::optional<Date> as_of) {
    FigureStates states;
    const auto manifest = snapshot::latest_snapshot(open.workspace, as_of);
    if (!manifest) {
        if (manifest.error().front().code != "snapshot.none") return fail(manifest.error());
        AMATE_TRY(states.figures, followup::compute_figures(*open.pack, nullptr, nullptr));
        return states;
    }
    states.tabulator = std::make_unique<statistics::Tabulator>(*manifest);
    AMATE_TRY(states.figures,
              followup::compute_figures(*open.pack, &*manifest, states.tabulator.get()));
    states.manifest = *manifest;
    return states;
}

}  // namespace amate::cli
