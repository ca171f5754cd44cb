// SPDX-License-Identifier: Apache-2.0
// amate synth: invents the files of a pack's sources.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "core/text.hpp"
#include "definitions/pack.hpp"
#include "synthesis/generate.hpp"

namespace amate::cli {
namespace {

struct SynthOptions {
    std::filesystem::path pack;
    synthesis::SynthesisOptions how;
};

Result<void> synth(const SynthOptions& options) {
    AMATE_TRY(const auto pack, definitions::load_pack(options.pack));
    const auto progress = make_terminal_progress();
    AMATE_TRY(const auto files, synthesis::generate(*pack, options.how, *progress));
    for (const auto& file : files) {
        std::cout << fmt::format("{}: {} invented rows\n", file.file.string(),
                                 group_thousands(std::to_string(file.rows)));
    }
    return {};
}

}  // namespace

void add_synth(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "synth", "Invent test data: one CSV a source, in that source's own style");
    auto options = std::make_shared<SynthOptions>();
    command->add_option("--pack", options->pack, "Folder of the pack")->required();
    command->add_option("--scale", options->how.scale, "Share of the country's records")
        ->capture_default_str()
        ->check(CLI::Range(1e-9, 1e3));
    command->add_option("--seed", options->how.seed, "The same seed gives the same files")
        ->capture_default_str();
    command->add_option("--out", options->how.out, "Folder for the files")->required();
    command->add_flag("--demonstration", options->how.demonstration,
                      "As a demonstration has them: of very large files the share their plan says");
    command->add_flag(
        "--truth", options->how.truth,
        "Write beside them who each row is of (truth/SOURCE.csv), to measure linkage");
    command->callback([&shell, options] {
        shell.run = [options] {
            const auto done = synth(*options);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
