// SPDX-License-Identifier: Apache-2.0
// The HTTP server: public pages in every language of the pack and the JSON API.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "store/workspace.hpp"

namespace amate::server {

struct ServeOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free one
    int threads = 2;
    // Called once with the address, as soon as connections are taken ("http://127.0.0.1:8080").
    std::function<void(const std::string&)> on_ready;
};

// Serves until SIGINT or SIGTERM, then lets open answers finish (5 s at most) and returns.
// Problems: server.address_in_use, server.bad_address. Owns nothing; pack and workspace must live
// as long as the call.
[[nodiscard]] Result<void> serve(const definitions::Pack& pack, const store::Workspace& workspace,
                                 const ServeOptions& options);

}  // namespace amate::server
