// SPDX-License-Identifier: Apache-2.0
// amate -w DIR seal: puts a signed seal on all ledger entries, to be read out or published.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "core/text.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

// Sixteen groups of four: as it is read out.
std::string in_groups(const std::string& hex) {
    std::string text;
    for (std::size_t i = 0; i < hex.size(); i += 4) {
        text += (i == 0 ? "" : " ") + hex.substr(i, 4);
    }
    return text;
}

Result<void> seal(const Shell& shell) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto sealed = seal_ledger(open);
    if (!sealed) {
        std::cout << "nothing to seal: the ledger is empty\n";
        return {};
    }
    std::cout << fmt::format("seal {} of {}\nsize {}\nroot {}\n", sealed->number, sealed->at,
                             sealed->size, in_groups(sealed->root));
    return {};
}

}  // namespace

std::optional<ledger::Seal> seal_ledger(const OpenWorkspace& open) {
    const auto session =
        store::Session::open(open.workspace.session_url(), store::Session::Mode::read_write);
    const auto clock = make_system_clock(open.pack->time_zone);
    return ledger::seal(*session, open.workspace.keys(), *clock);
}

void add_seal(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "seal", "Put a signed seal on all ledger entries; give its size and root");
    command->callback([&shell] {
        shell.run = [&shell] {
            const auto done = seal(shell);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
