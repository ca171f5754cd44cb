// SPDX-License-Identifier: Apache-2.0
// Everything that is served, gathered.
#pragma once

#include <vector>

#include "server/router.hpp"

namespace amate::server {

[[nodiscard]] std::vector<Route> page_routes();  // pages/routes.cpp
[[nodiscard]] std::vector<Route> api_routes();   // api/routes.cpp
[[nodiscard]] std::vector<Route> all_routes();   // both, and the files of web/static

}  // namespace amate::server
