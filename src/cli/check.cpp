// SPDX-License-Identifier: Apache-2.0
// amate check PACK: loads a pack, runs the tests it carries, says what it holds.
#include "cli/command.hpp"

#include <iostream>
#include <map>

#include <fmt/format.h>

#include "definitions/pack.hpp"
#include "reports/report.hpp"

namespace amate::cli {
namespace {

// How the programmes of one family are followed.
struct Coverage {
    int programmes = 0;
    int in_registers = 0;
    int reported_only = 0;
    std::vector<std::string> holes;  // neither the one nor the other
};

// By family: how many programmes registers hold, how many only reported figures follow, and which
// ones nothing does. False if there are such holes.
bool print_coverage(const definitions::Pack& pack) {
    std::map<std::string, Coverage> families;
    Coverage all;
    for (const auto& programme : pack.programmes) {
        for (auto* coverage : {&families[programme.family], &all}) {
            ++coverage->programmes;
            if (!programme.registers.empty()) {
                ++coverage->in_registers;
            } else if (!programme.why_reported.empty()) {
                ++coverage->reported_only;
            } else {
                coverage->holes.push_back(programme.id);
            }
        }
    }
    std::cout << fmt::format("{:<8}{:>12}{:>14}{:>15}{:>7}\n", "family", "programmes",
                             "in registers", "reported only", "holes");
    families.emplace("all", all);
    for (const auto& [family, coverage] : families) {
        std::cout << fmt::format("{:<8}{:>12}{:>14}{:>15}{:>7}\n", family, coverage.programmes,
                                 coverage.in_registers, coverage.reported_only,
                                 coverage.holes.size());
    }
    for (const auto& id : all.holes) {
        std::cerr << fmt::format(
            "programmes.yaml: {}: no register holds it and nothing says why; name `registers`, or "
            "`followed_by: reported_figures` with `why`\n",
            id);
    }
    return all.holes.empty();
}

int check(const std::filesystem::path& directory, bool coverage) {
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
    if (const auto problems = reports::check_reports(loaded); !problems.empty()) {
        return report(problems);
    }
    std::size_t nodes = 0;
    for (const auto& [name, framework] : loaded.frameworks) nodes += framework.nodes.size();
    std::cout << fmt::format(
        "{} {}: no problems\n"
        "  {} institutions, {} programmes, {} code lists, {} objectives\n"
        "  {} registers, {} sources, {} indicators, {} figures, {} reports\n"
        "  {} definition tests passed\n"
        "  definitions {}\n",
        loaded.name, loaded.version, loaded.institutions.size(), loaded.programmes.size(),
        loaded.codelists.size(), nodes, loaded.registers.size(), loaded.sources.size(),
        loaded.indicators.size(), loaded.figures.size(), loaded.reports.size(), *tests,
        loaded.digest.substr(0, 16));
    return coverage && !print_coverage(loaded) ? 1 : 0;
}

}  // namespace

void add_check(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("check", "Load a pack, name every fault, run its tests");
    auto directory = std::make_shared<std::filesystem::path>();
    command->add_option("PACK", *directory, "Folder of the pack")->required();
    auto coverage = std::make_shared<bool>(false);
    command->add_flag(
        "--coverage", *coverage,
        "By family: the programmes that registers hold; fails on one nothing follows");
    command->callback([&shell, directory, coverage] {
        shell.run = [directory, coverage] { return check(*directory, *coverage); };
    });
}

}  // namespace amate::cli
