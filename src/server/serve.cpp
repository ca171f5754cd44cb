// SPDX-License-Identifier: Apache-2.0
// Joins the site and the sockets.
#include "server/serve.hpp"

#include "server/desk.hpp"
#include "server/http_server.hpp"
#include "server/site.hpp"
#include "server/upkeep.hpp"

namespace amate::server {

Result<void> serve(const definitions::Pack& pack, const store::Workspace& workspace,
                   const ServeOptions& options) {
    AMATE_TRY(const auto desk, Desk::open(pack, workspace));
    const Upkeep upkeep(pack, workspace, {});
    const Site site(pack, workspace, desk.get());
    return run_http_server(site, options, Limits{});
}

}  // namespace amate::server
