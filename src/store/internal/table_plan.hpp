// SPDX-License-Identifier: Apache-2.0
// What has to be done to tables so that they fit the registers of a pack, and the doing of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "store/schema.hpp"

namespace amate::store::internal {

struct Retyping {
    TableShape shape;                  // the table as it is to be
    std::vector<std::string> columns;  // whose type changes
};

struct TablePlan {
    std::vector<TableShape> to_make;
    std::vector<std::pair<std::string, TableColumn>> to_add;  // table, column
    std::vector<Retyping> to_retype;
    [[nodiscard]] bool empty() const {
        return to_make.empty() && to_add.empty() && to_retype.empty();
    }
};

// Compares shapes. `types_known`: a definition that was compared before vouches for what the
// columns hold, so that a column may be widened; otherwise every other type is a problem.
[[nodiscard]] Result<TablePlan> plan_tables(Session& session, const definitions::Pack& pack,
                                            bool types_known);

// Problems, before anything is changed: store.number_too_large.
[[nodiscard]] Result<void> carry_out(Session& session, const WriteKey& key, const TablePlan& plan,
                                     SchemaChange& change);

}  // namespace amate::store::internal
