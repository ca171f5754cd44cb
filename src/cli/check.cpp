// SPDX-License-Identifier: Apache-2.0
// amate check PACK: loads a pack, runs the tests it carries, says what it holds.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "definitions/pack.hpp"

namespace amate::cli {
namespace {

int check(const std::filesystem::path& directory) {
    const auto pack = definitions::load_pack(directory);
    if (!pack) {
        const auto count = pack.error().size();
        report(pack.error());
        std::cerr << fmt::format("{} problem{} in {}\n", count, count == 1 ? "" : "s",
                                 directory.string());
        return 1;
    }
    const auto& loaded = **pack;
    const auto tests = definitions::run_definition_tests(loaded);
    if (!tests) return report(tests.error());
    std::size_t nodes = 0;
    for (const auto& [name, framework] : loaded.frameworks) nodes += framework.nodes.size();
    std::cout << fmt::format(
        "{} {}: no problems\n"
        "  {} institutions, {} programmes, {} code lists, {} objectives\n"
        "  {} registers, {} sources, {} indicators, {} figures\n"
        "  {} definition tests passed\n"
        "  definitions {}\n",
        loaded.name, loaded.version, loaded.institutions.size(), loaded.programmes.size(),
        loaded.codelists.size(), nodes, loaded.registers.size(), loaded.sources.size(),
        loaded.indicators.size(), loaded.figures.size(), *tests, loaded.digest.substr(0, 16));
    return 0;
}

}  // namespace

void add_check(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("check", "Load a pack, name every fault, run its tests");
    auto directory = std::make_shared<std::filesystem::path>();
    command->add_option("PACK", *directory, "Folder of the pack")->required();
    command->callback(
        [&shell, directory] { shell.run = [directory] { return check(*directory); }; });
}

}  // namespace amate::cli
