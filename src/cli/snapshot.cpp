// SPDX-License-Identifier: Apache-2.0
// amate -w DIR snapshot --cutoff DATE: freezes the registers for statistics.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "core/text.hpp"
#include "snapshot/snapshot.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

Result<void> freeze(const Shell& shell, const std::string& cutoff_text) {
    AMATE_TRY(const auto cutoff, parse_day(cutoff_text));
    AMATE_TRY(const auto open, open_workspace(shell));
    AMATE_TRY_VOID(settle_schema(open));
    (void)seal_ledger(open);  // what is counted is sealed, and the clock is not behind it
    const auto clock = make_system_clock(open.pack->time_zone);
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_only);
    const auto progress = make_terminal_progress();
    AMATE_TRY(const auto manifest, snapshot::take_snapshot(*open.pack, open.workspace, *session,
                                                           cutoff, *clock, *progress));
    std::cout << fmt::format("snapshot of {} in {}\n", manifest.cutoff.iso(),
                             manifest.directory.string());
    for (const auto& file : manifest.files) {
        std::cout << fmt::format("  {:<24} {:>12} records {:>12} persons\n", file.register_name,
                                 group_thousands(std::to_string(file.records)),
                                 group_thousands(std::to_string(file.persons)));
    }
    return {};
}

}  // namespace

void add_snapshot(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "snapshot", "Freeze the registers at a cut-off: pseudonymous Parquet files");
    auto cutoff = std::make_shared<std::string>();
    command->add_option("--cutoff", *cutoff, "Last day that counts, YYYY-MM-DD")->required();
    command->callback([&shell, cutoff] {
        shell.run = [&shell, cutoff] {
            const auto done = freeze(shell, *cutoff);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
