// SPDX-License-Identifier: Apache-2.0
// amate -w DIR keys: the keys that encrypt what the database alone must not tell.
#include <iostream>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "ledger/unit_of_work.hpp"
#include "store/field_cipher.hpp"
#include "store/workspace.hpp"

namespace amate::cli {
namespace {

Result<void> rotate(const Shell& shell) {
    AMATE_TRY(const auto open, open_workspace(shell));
    AMATE_TRY_VOID(settle_schema(open));
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_write);
    const auto clock = make_system_clock(open.pack->time_zone);
    {
        ledger::UnitOfWork unit(*session, open.workspace.keys(), *clock, command_line_actor());
        unit.rotate_keys();
        unit.commit({"keys.rotate", "", "", "", ""});
    }
    store::forget_old_master_keys(*session, open.workspace.keys());
    std::cout << fmt::format("data key {} encrypts from now on; all are under a new master key\n",
                             store::data_keys(*session).back().number);
    return {};
}

Result<void> list(const Shell& shell) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_only);
    for (const auto& line : store::data_keys(*session)) {
        std::cout << fmt::format("data key {}\tmade {}\tunder master key {}\n", line.number,
                                 line.made_at, line.master);
    }
    return {};
}

}  // namespace

void add_keys(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("keys", "The keys of what is encrypted in the store");
    command->require_subcommand(1);
    auto* rotating = command->add_subcommand("rotate", "Make a new master key and a new data key");
    rotating->callback([&shell] {
        shell.run = [&shell] {
            const auto done = rotate(shell);
            return done ? 0 : report(done.error());
        };
    });
    auto* listing = command->add_subcommand("list", "Which data keys there are");
    listing->callback([&shell] {
        shell.run = [&shell] {
            const auto done = list(shell);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
