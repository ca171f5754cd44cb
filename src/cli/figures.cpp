// SPDX-License-Identifier: Apache-2.0
// amate -w DIR figures: every reported figure beside what the registers say.
#include "cli/command.hpp"

#include <boost/json.hpp>

#include "cli/figure_states.hpp"
#include "core/csv.hpp"

namespace amate::cli {
namespace {

std::string to_csv(const FigureStates& states) {
    auto text = csv_line({"figure_id", "reported", "computed", "how", "cutoff"});
    for (const auto& state : states.figures) {
        text += csv_line({state.figure->id, state.figure->value,
                          state.computed ? std::to_string(*state.computed) : "",
                          std::string(followup::name_of(state.how)),
                          state.cutoff ? state.cutoff->iso() : ""});
    }
    return text;
}

std::string to_json(const FigureStates& states) {
    boost::json::array figures;
    for (const auto& state : states.figures) {
        boost::json::object figure = {{"figure_id", state.figure->id},
                                      {"reported", state.figure->value},
                                      {"computed", nullptr},
                                      {"how", followup::name_of(state.how)},
                                      {"cutoff", nullptr}};
        if (state.computed) figure["computed"] = *state.computed;
        if (state.cutoff) figure["cutoff"] = state.cutoff->iso();
        figures.push_back(std::move(figure));
    }
    return boost::json::serialize(figures) + "\n";
}

int figures(const Shell& shell, const std::string& format) {
    const auto open = open_workspace(shell);
    if (!open) return report(open.error());
    const auto states = figure_states(*open, std::nullopt);
    if (!states) return report(states.error());
    return write_text("-", format == "json" ? to_json(*states) : to_csv(*states));
}

}  // namespace

void add_figures(CLI::App& app, Shell& shell) {
    auto* command =
        app.add_subcommand("figures", "List every reported figure beside the computed one");
    auto format = std::make_shared<std::string>("csv");
    command->add_option("--format", *format, "csv or json")
        ->capture_default_str()
        ->check(CLI::IsMember({"csv", "json"}));
    command->callback(
        [&shell, format] { shell.run = [&shell, format] { return figures(shell, *format); }; });
}

}  // namespace amate::cli
