// SPDX-License-Identifier: Apache-2.0
// amate -w DIR report FRAMEWORK: the report on a framework of commitments.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "cli/figure_states.hpp"
#include "core/text.hpp"
#include "followup/framework_report.hpp"

namespace amate::cli {
namespace {

struct ReportRequest {
    std::string framework, as_of, language;
    std::filesystem::path out;
};

Result<std::string> make_report(const Shell& shell, const ReportRequest& request) {
    AMATE_TRY(const auto as_of, parse_day(request.as_of));
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto& pack = *open.pack;
    if (!pack.frameworks.contains(request.framework)) {
        std::vector<std::string> names;
        for (const auto& [name, framework] : pack.frameworks) names.push_back(name);
        return fail(Problem{"cli.unknown_framework",
                            {},
                            {{"framework", request.framework},
                             {"known", fmt::format("{}", fmt::join(names, ", "))}}});
    }
    AMATE_TRY(const auto states, figure_states(open, as_of));
    return followup::render_report(
        pack, states.figures,
        {.framework = request.framework,
         .language = request.language.empty() ? pack.languages.front() : request.language,
         .as_of = as_of,
         .invented = open.workspace.invented,
         .manifest = states.manifest ? &*states.manifest : nullptr});
}

}  // namespace

void add_report(CLI::App& app, Shell& shell) {
    auto* command =
        app.add_subcommand("report", "Write the report on a framework; each of its numbers opens");
    auto request = std::make_shared<ReportRequest>();
    command->add_option("FRAMEWORK", request->framework, "Name of the framework, e.g. gcm")
        ->required();
    command->add_option("--as-of", request->as_of, "Newest cut-off that may be used, YYYY-MM-DD")
        ->required();
    command->add_option("--lang", request->language, "Language (default: the pack's first)");
    command->add_option("--out", request->out, "HTML file (default: standard output)");
    command->callback([&shell, request] {
        shell.run = [&shell, request] {
            const auto html = make_report(shell, *request);
            if (!html) return report(html.error());
            return write_text(request->out, *html);
        };
    });
}

}  // namespace amate::cli
