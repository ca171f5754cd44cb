// SPDX-License-Identifier: Apache-2.0
// From a row of a register's table to the record it holds; the other way is to_row().
#pragma once

#include "store/record_store.hpp"

namespace amate::store::internal {

// `row` as columns_of() selects it. Codes, states and flags become today's; secret cells are opened
// with the session's keys. Throws IoFailure if a cell holds what nobody can have written.
void from_row(Session& session, const definitions::Register& register_, const SqlRow& row,
              StoredRecord& record);

}  // namespace amate::store::internal
