// SPDX-License-Identifier: Apache-2.0
// Sockets and HTTP/1.1: takes connections, holds them to limits, hands whole requests to workers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/result.hpp"
#include "server/message.hpp"
#include "server/serve.hpp"

namespace amate::server {

struct Limits {
    std::size_t header_bytes_max = 8'192;
    std::size_t target_bytes_max = 2'048;
    std::size_t connections_max = 256;  // more wait in the system's queue
    std::size_t requests_per_connection_max = 1'000;
    std::chrono::milliseconds request_timeout{10'000};  // from first byte awaited to last read
    std::chrono::milliseconds part_timeout{60'000};     // for each part of a file
    std::chrono::milliseconds write_timeout{30'000};
    std::chrono::milliseconds figures_timeout{60'000};  // for what is still being computed
    std::chrono::milliseconds linger_timeout{2'000};    // for what a refused client still sends
    std::chrono::milliseconds stop_timeout{5'000};
};

inline constexpr std::size_t kBodyBytesMax = 1'024;  // of requests that only read

// How a request is to be taken, known from its head.
struct Handling {
    std::uint64_t body_bytes_max = kBodyBytesMax;
    bool waits = false;  // for the disk, mostly: many such may wait at the same time
    std::shared_ptr<exchange::Spool> file = {};  // not null: the body is added to it
    std::optional<Response> refusal = {};        // the answer: the body is not even read
};

// What answers requests. Must outlive the server.
class Application {
public:
    virtual ~Application() = default;
    // Called on the socket thread when the head is read; quick; never throws.
    [[nodiscard]] virtual Handling handling(const HttpRequest& head) const noexcept = 0;
    // Whether the answer needs figures that are still being computed: asked again a little later.
    // Called on the socket thread; quick.
    [[nodiscard]] virtual bool must_wait(const HttpRequest& request) const = 0;
    // Called on a worker; safe from many threads; never throws.
    [[nodiscard]] virtual Response answer(const HttpRequest& request) const noexcept = 0;
    // The answer to a request that broke HTTP or a limit (code of spec/problems.yaml).
    [[nodiscard]] virtual Response refuse(const char* code) const noexcept = 0;
};

// Serves until SIGINT or SIGTERM. Sockets live on the calling thread, so connections need no locks;
// answers are made by `options.threads` workers, those that wait by as many more as may write
// together. Problems: server.address_in_use,
// server.bad_address.
[[nodiscard]] Result<void> run_http_server(const Application& application,
                                           const ServeOptions& options, const Limits& limits);

}  // namespace amate::server
