// SPDX-License-Identifier: Apache-2.0
// amate -w DIR audit: checks reported figures against the relations they declare.
#include "cli/command.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>

#include "followup/audit.hpp"

namespace amate::cli {
namespace {

std::string_view mark_of(followup::FindingKind kind) {
    switch (kind) {
        case followup::FindingKind::holds:
            return "holds";
        case followup::FindingKind::differs:
            return "DIFFERS";
        case followup::FindingKind::undecided:
            break;
    }
    return "undecided";
}

// What differs comes first: that is what the reader came for.
Result<void> audit(const Shell& shell, const std::string& language, bool all) {
    AMATE_TRY(const auto open, open_workspace(shell));
    auto findings = followup::audit(*open.pack);
    std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) {
        return (a.kind == followup::FindingKind::differs) >
               (b.kind == followup::FindingKind::differs);
    });
    std::size_t counts[3] = {};
    for (const auto& finding : findings) {
        ++counts[static_cast<std::size_t>(finding.kind)];
        if (!all && finding.kind == followup::FindingKind::holds) continue;
        std::cout << fmt::format("{:<9} {} {}\n", mark_of(finding.kind), finding.figure_id,
                                 followup::to_words(finding, language, *open.pack));
    }
    std::cout << fmt::format("{} relations checked: {} hold, {} differ, {} undecided{}\n",
                             findings.size(), counts[0], counts[1], counts[2],
                             all ? "" : " (--all shows those that hold)");
    return {};
}

}  // namespace

void add_audit(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "audit", "Check reported figures against each other: sums, shares, repeats");
    auto language = std::make_shared<std::string>("en");
    auto all = std::make_shared<bool>(false);
    command->add_option("--lang", *language, "Language of the sentences")->capture_default_str();
    command->add_flag("--all", *all, "Show the checks that hold too");
    command->callback([&shell, language, all] {
        shell.run = [&shell, language, all] {
            const auto done = audit(shell, *language, *all);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
