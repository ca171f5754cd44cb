// SPDX-License-Identifier: Apache-2.0
// Each reported figure beside what the registers say: computed, or reported only, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "statistics/tabulate.hpp"

namespace amate::followup {

enum class How : unsigned char {
    computed,       // an indicator counts it from the snapshot
    reported_only,  // no indicator reproduces it
    not_computable  // an indicator does, but the snapshot is missing or too old for its period
};
[[nodiscard]] std::string_view name_of(How how);  // "computed", "reported", "not_computable"

struct FigureState {
    const definitions::Figure* figure = nullptr;
    const definitions::Indicator* indicator = nullptr;
    How how = How::reported_only;
    std::optional<std::int64_t> computed;
    std::optional<Date> cutoff;       // of the computed value: the earlier of snapshot and figure
    std::string sql;                  // the exact query; empty unless computed
    std::string why_not;              // text of `obstacle` in the pack's first language
    std::optional<Problem> obstacle;  // for not_computable
    // computed - reported; 0 when equal. Nothing where nothing is computed or the reported value
    // is no whole number.
    [[nodiscard]] std::optional<std::int64_t> difference() const;
    // True if computed and what the figure says is so, its bound ("more than") included.
    [[nodiscard]] bool agrees() const;
};

// The table request that an indicator means for one figure: where, period, disaggregation.
// Keys that only say how a figure is meant (asof, bound, compare, kind, section, stat) count for
// nothing. Problem followup.key_without_dimension: another key that the indicator does not map.
[[nodiscard]] Result<statistics::TableRequest> request_for(const definitions::Pack& pack,
                                                           const definitions::Indicator& indicator,
                                                           const definitions::Figure& figure);

// All figures of the pack in file order. `manifest` or `tabulator` may be null: nothing is computed
// then. A figure that cannot be counted is no failure: it says why. Cost: one scan a register.
[[nodiscard]] Result<std::vector<FigureState>> compute_figures(const definitions::Pack& pack,
                                                               const snapshot::Manifest* manifest,
                                                               statistics::Tabulator* tabulator);

}  // namespace amate::followup
