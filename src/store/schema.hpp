// SPDX-License-Identifier: Apache-2.0
// Makes and widens the tables of a pack's registers; whatever is not additive is refused.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "store/session.hpp"

namespace amate::store {

struct SchemaChange {
    std::vector<std::string> tables_made;
    std::vector<std::string> columns_added;  // "table.column"
    [[nodiscard]] bool empty() const { return tables_made.empty() && columns_added.empty(); }
};

// Within a transaction. Idempotent; without a change it only reads the shapes of the tables.
// Problems, naming table and column (nothing changed then): store.column_reserved,
// store.column_type_changed, store.column_dropped, store.register_dropped.
[[nodiscard]] Result<SchemaChange> ensure_tables(Session& session, const WriteKey& key,
                                                 const definitions::Pack& pack);

}  // namespace amate::store
