// SPDX-License-Identifier: Apache-2.0
// amate -w DIR clock: this machine's clock against the ledger's end; going on after one ran ahead.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "ledger/entries.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

enum class Accept : unsigned char { no, yes };

Result<void> tell(const Shell& shell, Accept accept) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto clock = make_system_clock(open.pack->time_zone);
    const auto session =
        store::Session::open(open.workspace.session_url(), store::Session::Mode::read_write);
    const auto last = ledger::last_entry(*session);
    const auto now = ledger::moment_of(clock->unix_ms());
    std::cout << fmt::format("this machine: {}\nlast entry:   {}\n", now, last ? last->at : "none");
    if (!last || now >= last->at) {
        std::cout << "the clock is not behind: nothing to do\n";
        return {};
    }
    if (accept == Accept::no) return fail(Problem{"cli.clock_behind", {}, {{"at", last->at}}});
    ledger::UnitOfWork unit(*session, open.workspace.keys(), *clock, command_line_actor());
    const auto entry = unit.commit({ledger::kClockCorrected, {}, {}, {}, {}});
    std::cout << fmt::format("entry {} of {}: writing goes on from here\n", entry.seq, entry.at);
    return {};
}

}  // namespace

void add_clock(CLI::App& app, Shell& shell) {
    auto* command =
        app.add_subcommand("clock", "Compare this machine's clock with the ledger's last entry");
    auto accept = std::make_shared<bool>(false);
    command->add_flag("--accept", *accept,
                      "This machine's clock is right and the last entries were dated ahead of "
                      "time: go on from here, with an entry that says so");
    command->callback([&shell, accept] {
        shell.run = [&shell, accept] {
            const auto done = tell(shell, *accept ? Accept::yes : Accept::no);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
