// SPDX-License-Identifier: Apache-2.0
// amate -w DIR serve: the public pages and the JSON API.
#include "cli/command.hpp"

#include <charconv>
#include <iostream>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "server/serve.hpp"

namespace amate::cli {
namespace {

// "HOST:PORT"; an IPv6 host stands in brackets.
Result<server::ServeOptions> parse_listen(const std::string& text) {
    server::ServeOptions options;
    const auto colon = text.rfind(':');
    const auto port = colon == text.npos ? std::string() : text.substr(colon + 1);
    const auto* end = port.data() + port.size();
    const auto [stopped, error] = std::from_chars(port.data(), end, options.port);
    options.host = text.substr(0, colon);
    if (options.host.size() > 2 && options.host.front() == '[' && options.host.back() == ']') {
        options.host = options.host.substr(1, options.host.size() - 2);
    }
    if (colon == text.npos || options.host.empty() || error != std::errc() || stopped != end) {
        return fail(Problem{"cli.bad_listen", {}, {{"listen", text}}});
    }
    return options;
}

Result<void> serve(const Shell& shell, const std::string& listen) {
    AMATE_TRY(auto options, parse_listen(listen));
    AMATE_TRY(const auto open, open_workspace(shell));
    AMATE_TRY_VOID(settle_schema(open));
    // Standard output is for the address alone.
    spdlog::set_default_logger(spdlog::stderr_color_mt("amate"));
    options.on_ready = [](const std::string& address) {
        std::cout << "Amate is at " << address << " (Ctrl-C stops it)" << std::endl;
    };
    return server::serve(*open.pack, open.workspace, options);
}

}  // namespace

void add_serve(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("serve", "Serve the public pages and the JSON API");
    auto listen = std::make_shared<std::string>("127.0.0.1:8080");
    command->add_option("--listen", *listen, "Address and port")
        ->type_name("HOST:PORT")
        ->capture_default_str();
    command->callback([&shell, listen] {
        shell.run = [&shell, listen] {
            const auto served = serve(shell, *listen);
            return served ? 0 : report(served.error());
        };
    });
}

}  // namespace amate::cli
