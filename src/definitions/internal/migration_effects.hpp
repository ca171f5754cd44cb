// SPDX-License-Identifier: Apache-2.0
// Carries the steps of migrations through the loaded registers: storage names, codes as read.
#pragma once

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {

// Sets Column::sql_name and recodes, Register::recoded_*, retired, Pack::retired_registers. Faults:
// a step about what the pack does not have, or has still; a name that stored values keep taken.
void apply_migrations(Loading& loading);

}  // namespace amate::definitions::internal
