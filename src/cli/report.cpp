// SPDX-License-Identifier: Apache-2.0
// amate -w DIR report NAME: a report of the pack, its numbers counted, as HTML, DOCX or PDF.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "cli/figure_states.hpp"
#include "core/text.hpp"
#include "reports/document.hpp"
#include "reports/report.hpp"

namespace amate::cli {
namespace {

struct ReportRequest {
    std::string report, as_of, language;
    std::vector<std::string> parameters;  // "year=2016"
    std::filesystem::path out;
};

Result<std::vector<std::pair<std::string, std::string>>> parse_parameters(
    const std::vector<std::string>& texts) {
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const auto& text : texts) {
        const auto sign = text.find('=');
        if (sign == text.npos || sign == 0) {
            return fail(Problem{"cli.bad_parameter", {}, {{"value", text}}});
        }
        parameters.emplace_back(text.substr(0, sign), text.substr(sign + 1));
    }
    return parameters;
}

Result<std::string> make_report(const Shell& shell, const ReportRequest& request) {
    AMATE_TRY(const auto as_of, parse_day(request.as_of));
    AMATE_TRY(auto parameters, parse_parameters(request.parameters));
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto& pack = *open.pack;
    AMATE_TRY(const auto states, figure_states(open, as_of));
    return reports::render_report(
        pack, states.figures,
        {.report = request.report,
         .language = request.language.empty() ? pack.languages.front() : request.language,
         .parameters = std::move(parameters),
         .as_of = as_of,
         .invented = open.workspace.invented,
         .manifest = states.manifest ? &*states.manifest : nullptr,
         .tabulator = states.tabulator.get()});
}

Result<void> write_report(const Shell& shell, const ReportRequest& request) {
    if (request.out.empty() || request.out == "-") {
        AMATE_TRY(const auto html, make_report(shell, request));
        std::cout << html;
        return {};
    }
    AMATE_TRY(const auto format, reports::format_of(request.out));
    AMATE_TRY(const auto html, make_report(shell, request));
    return reports::write_document(html, format, request.out);
}

}  // namespace

void add_report(CLI::App& app, Shell& shell) {
    auto* command =
        app.add_subcommand("report", "Write a report of the pack; each of its numbers opens");
    auto request = std::make_shared<ReportRequest>();
    command->add_option("NAME", request->report, "Name of the report, e.g. gcm")->required();
    command->add_option("--as-of", request->as_of, "Newest cut-off that may be used, YYYY-MM-DD")
        ->required();
    command->add_option("--set", request->parameters,
                        "A parameter of the report, e.g. year=2016; may be repeated");
    command->add_option("--lang", request->language, "Language (default: the pack's first)");
    command->add_option("--out", request->out,
                        "File: .html, .docx or .pdf (default: HTML to standard output)");
    command->callback([&shell, request] {
        shell.run = [&shell, request] {
            const auto written = write_report(shell, *request);
            return written ? 0 : report(written.error());
        };
    });
}

}  // namespace amate::cli
