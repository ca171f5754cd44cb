// SPDX-License-Identifier: Apache-2.0
// amate -w DIR verify: proves that ledger and records are as they were written.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "core/text.hpp"
#include "ledger/verify.hpp"
#include "ledger/witness.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

Result<void> verify(const Shell& shell, const std::filesystem::path& against) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_only);
    const auto progress = make_terminal_progress();
    auto result = ledger::verify(*session, *open.pack, open.workspace.keys(), *progress);
    if (!result.problems.empty()) return fail(std::move(result.problems));
    if (!against.empty()) {
        AMATE_TRY(const auto seal, ledger::check_against(*session, open.workspace.keys(), against));
        std::cout << fmt::format("{}: the same ledger, up to entry {}\n",
                                 against.filename().string(),
                                 group_thousands(std::to_string(seal.size)));
    }
    std::cout << fmt::format("all holds: {} ledger entries ({} sealed), {} records, head {}\n",
                             group_thousands(std::to_string(result.entries)),
                             group_thousands(std::to_string(result.sealed)),
                             group_thousands(std::to_string(result.records)), result.head_hash);
    return {};
}

}  // namespace

void add_verify(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "verify", "Prove that no record and no ledger entry was altered, removed or inserted");
    auto against = std::make_shared<std::filesystem::path>();
    command->add_option(
        "--against", *against,
        "Exported range or seal that somebody else kept: it must be of this ledger");
    command->callback([&shell, against] {
        shell.run = [&shell, against] {
            const auto done = verify(shell, *against);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
