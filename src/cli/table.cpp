// SPDX-License-Identifier: Apache-2.0
// amate -w DIR table REGISTER: counts a register over the newest snapshot.
#include "cli/command.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "snapshot/snapshot.hpp"
#include "statistics/tabulate.hpp"

namespace amate::cli {
namespace {

struct TableOptions {
    std::string register_name, language;
    statistics::TableWords words{"", "", "records", false};
    std::string format = "csv";
};

Result<std::string> make_table(const Shell& shell, const TableOptions& options) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto* register_ = open.pack->find_register(options.register_name);
    if (register_ == nullptr) {
        std::vector<std::string> names;
        for (const auto& each : open.pack->registers) names.push_back(each->name);
        return fail(
            Problem{"cli.unknown_register",
                    {},
                    {{"register", options.register_name},
                     {"suggestion", closest(options.register_name, names)
                                        .value_or(fmt::format("{}", fmt::join(names, ", ")))}}});
    }
    AMATE_TRY(const auto request, statistics::parse_request(*register_, options.words));
    AMATE_TRY(const auto manifest, snapshot::latest_snapshot(open.workspace));
    statistics::Tabulator tabulator(manifest);
    AMATE_TRY(const auto table, tabulator.run(request));
    if (options.format == "sql") return table.sql + "\n";
    const auto& language =
        options.language.empty() ? open.pack->languages.front() : options.language;
    if (options.format == "json") return statistics::to_json(table, request, language) + "\n";
    return statistics::to_csv(table, request, language);
}

}  // namespace

void add_table(CLI::App& app, Shell& shell) {
    auto* command =
        app.add_subcommand("table", "Count a register by any of its dimensions (newest snapshot)");
    auto options = std::make_shared<TableOptions>();
    command->add_option("REGISTER", options->register_name, "Name of the register")->required();
    auto& words = options->words;
    command->add_option("--by", words.by,
                        "Dimensions, or expressions such as year(TIME), parted by commas");
    command->add_option("--where", words.where, "Which records count: an expression");
    command
        ->add_option("--measure", words.measure,
                     "records, persons, distinct:DIMENSION, sum:MEASURE, sum:MEASURE*WEIGHT, "
                     "mean:MEASURE, p50:MEASURE (p1 to p99) or share:CONDITION")
        ->capture_default_str();
    command->add_flag("--totals", words.totals, "Also the totals of each dimension, code _T");
    command->add_option("--format", options->format, "csv, json or sql")
        ->capture_default_str()
        ->check(CLI::IsMember({"csv", "json", "sql"}));
    command->add_option("--lang", options->language, "Language of labels");
    command->callback([&shell, options] {
        shell.run = [&shell, options] {
            const auto text = make_table(shell, *options);
            return text ? write_text("-", *text) : report(text.error());
        };
    });
}

}  // namespace amate::cli
