// SPDX-License-Identifier: Apache-2.0
// What a query of the table page or of the API asks to count.
#pragma once

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "server/message.hpp"
#include "server/site.hpp"
#include "statistics/tabulate.hpp"

namespace amate::server {

// Reads by, then (a further dimension, for forms), where, measure, totals (with them unless it is
// empty), from, to. Problems: those of
// statistics::parse_request, and server.bad_parameter for days that are none.
[[nodiscard]] Result<statistics::TableRequest> read_table_query(
    const definitions::Register& register_, const Request& request);

// The same query as text for another address: "?by=a,b&where=...".
[[nodiscard]] std::string write_table_query(const Request& request, const std::string& format);

}  // namespace amate::server
