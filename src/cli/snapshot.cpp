// SPDX-License-Identifier: Apache-2.0
// amate -w DIR snapshot --cutoff DATE: freezes the registers for statistics.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "core/text.hpp"
#include "snapshot/snapshot.hpp"
#include "statistics/tabulate.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

// So that nobody waits at the first table.
Result<void> make_columns(const definitions::Pack& pack, const snapshot::Manifest& manifest,
                          Progress& progress) {
    statistics::Tabulator tabulator(manifest);
    const auto count = static_cast<std::int64_t>(manifest.files.size());
    for (std::int64_t at = 0; at < count; ++at) {
        const auto& file = manifest.files[static_cast<std::size_t>(at)];
        const auto* register_ = pack.find_register(file.register_name);
        if (register_ != nullptr) AMATE_TRY_VOID(tabulator.prepare(*register_));
        progress.advance("columns", at + 1, count);
    }
    return {};
}

Result<void> freeze(const Shell& shell, const std::string& cutoff_text, bool from_scratch) {
    AMATE_TRY(const auto cutoff, parse_day(cutoff_text));
    AMATE_TRY(const auto open, open_workspace(shell));
    AMATE_TRY_VOID(settle_schema(open));
    (void)seal_ledger(open);  // what is counted is sealed, and the clock is not behind it
    const auto clock = make_system_clock(open.pack->time_zone);
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_only);
    const auto progress = make_terminal_progress();
    AMATE_TRY(
        const auto manifest,
        snapshot::take_snapshot(*open.pack, open.workspace, *session, cutoff, *clock, *progress,
                                from_scratch ? snapshot::From::scratch : snapshot::From::latest));
    AMATE_TRY_VOID(make_columns(*open.pack, manifest, *progress));
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
    auto from_scratch = std::make_shared<bool>(false);
    command->add_flag("--from-scratch", *from_scratch,
                      "Read every record, though an earlier snapshot could be built on");
    command->callback([&shell, cutoff, from_scratch] {
        shell.run = [&shell, cutoff, from_scratch] {
            const auto done = freeze(shell, *cutoff, *from_scratch);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
