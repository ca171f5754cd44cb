// SPDX-License-Identifier: Apache-2.0
// The public pages, one function a route; each lives in the file of its name.
#pragma once

#include "server/page.hpp"

namespace amate::server::pages {

[[nodiscard]] Result<Response> root(const Site& site, const Request& request);
[[nodiscard]] Result<Response> home(const Site& site, const Request& request);
[[nodiscard]] Result<Response> objectives(const Site& site, const Request& request);
[[nodiscard]] Result<Response> objective(const Site& site, const Request& request);
[[nodiscard]] Result<Response> programmes(const Site& site, const Request& request);
[[nodiscard]] Result<Response> programme(const Site& site, const Request& request);
[[nodiscard]] Result<Response> figures(const Site& site, const Request& request);
[[nodiscard]] Result<Response> figure(const Site& site, const Request& request);
[[nodiscard]] Result<Response> reports(const Site& site, const Request& request);
[[nodiscard]] Result<Response> report(const Site& site, const Request& request);
[[nodiscard]] Result<Response> audit(const Site& site, const Request& request);
[[nodiscard]] Result<Response> institutions(const Site& site, const Request& request);
[[nodiscard]] Result<Response> institution(const Site& site, const Request& request);
[[nodiscard]] Result<Response> registers(const Site& site, const Request& request);
[[nodiscard]] Result<Response> register_(const Site& site, const Request& request);
[[nodiscard]] Result<Response> table(const Site& site, const Request& request);
[[nodiscard]] Result<Response> search(const Site& site, const Request& request);
[[nodiscard]] Result<Response> about(const Site& site, const Request& request);

}  // namespace amate::server::pages
