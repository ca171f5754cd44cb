// SPDX-License-Identifier: Apache-2.0
// amate -w DIR ledger export|import: ranges of the ledger for others to keep as witnesses.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "core/text.hpp"
#include "ledger/witness.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

struct RangeOptions {
    std::int64_t from = 0;
    std::optional<std::int64_t> to;
    std::filesystem::path file;
};

Result<void> give_out(const Shell& shell, const RangeOptions& options) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto session =
        store::Session::open(open.workspace.session_url(), store::Session::Mode::read_only);
    AMATE_TRY(const auto seal, ledger::export_range(*session, open.workspace.keys(), options.from,
                                                    options.to, options.file));
    std::cout << fmt::format("entries {} to {} in {}\nroot {}\n", options.from + 1, seal.size,
                             options.file.string(), seal.root);
    return {};
}

Result<void> take_in(const Shell& shell, const RangeOptions& options) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto session =
        store::Session::open(open.workspace.session_url(), store::Session::Mode::read_write);
    const auto clock = make_system_clock(open.pack->time_zone);
    AMATE_TRY(const auto witnessed, ledger::witness_range(*session, open.workspace.keys(), *clock,
                                                          command_line_actor(), options.file));
    (void)ledger::seal(*session, open.workspace.keys(), *clock);
    std::cout << fmt::format("ledger {}: {} entries added, held up to {}\n", witnessed.ledger,
                             witnessed.added, witnessed.seal.size);
    return {};
}

}  // namespace

void add_ledger(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("ledger", "Ranges of the ledger for others to keep");
    command->require_subcommand(1);
    auto options = std::make_shared<RangeOptions>();

    auto* give = command->add_subcommand("export", "Write the entries between two seals to a file");
    give->add_option("--from", options->from, "Size of the earlier seal (0: from the first entry)");
    give->add_option("--to", options->to, "Size of the later seal (the latest)");
    give->add_option("FILE", options->file, "File to write")->required();
    give->callback([&shell, options] {
        shell.run = [&shell, options] {
            const auto done = give_out(shell, *options);
            return done ? 0 : report(done.error());
        };
    });

    auto* take = command->add_subcommand(
        "import", "Keep the range of another ledger that follows what is kept of it");
    take->add_option("FILE", options->file, "Exported range")->required();
    take->callback([&shell, options] {
        shell.run = [&shell, options] {
            const auto done = take_in(shell, *options);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
