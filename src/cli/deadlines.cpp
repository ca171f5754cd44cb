// SPDX-License-Identifier: Apache-2.0
// amate -w DIR deadlines: lets what ran out take its effect.
#include <iostream>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "registry/desk.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

Result<void> lapse(const Shell& shell) {
    AMATE_TRY(const auto open, open_workspace(shell));
    AMATE_TRY_VOID(settle_schema(open));
    const auto clock = make_system_clock(open.pack->time_zone);
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_write);
    registry::Desk desk(*open.pack, open.workspace, *session, *clock);
    const auto progress = make_terminal_progress();
    const auto lapsed = desk.lapse_deadlines(command_line_actor(), *progress);
    std::cout << fmt::format("{} deadlines ran out\n", lapsed);
    return {};
}

}  // namespace

void add_deadlines(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "deadlines", "Let deadlines that ran out raise their flags, tasks and actions");
    command->callback([&shell] {
        shell.run = [&shell] {
            const auto done = lapse(shell);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
