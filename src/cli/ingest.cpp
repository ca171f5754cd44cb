// SPDX-License-Identifier: Apache-2.0
// amate -w DIR ingest SOURCE FILE: takes in an institution's file as one batch.
#include "cli/command.hpp"

#include <iostream>

#include <fmt/format.h>

#include "core/csv_rows.hpp"
#include "core/text.hpp"
#include "registry/ingest.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

struct IngestOptions {
    std::string source;
    std::filesystem::path file;
};

std::string grouped(std::int64_t count) {
    return group_thousands(std::to_string(count));
}

Result<void> take_in(const Shell& shell, const IngestOptions& options) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto* source = open.pack->find_source(options.source);
    if (source == nullptr) {
        std::vector<std::string> names;
        for (const auto& each : open.pack->sources) names.push_back(each.name);
        return fail(
            Problem{"cli.unknown_source",
                    {},
                    {{"source", options.source},
                     {"suggestion", closest(options.source, names)
                                        .value_or(fmt::format("{}", fmt::join(names, ", ")))}}});
    }
    const auto clock = make_system_clock(open.pack->time_zone);
    const auto session =
        store::Session::open(open.workspace.session_url(), store::Session::Mode::read_write);
    const auto progress = make_terminal_progress();
    AMATE_TRY(const auto rows,
              open_csv_rows(options.file, {source->delimiter, source->encoding}));
    AMATE_TRY(const auto batch,
              registry::ingest(*open.pack, {*source, *rows, options.file}, open.workspace, *session,
                               *clock, command_line_actor(), *progress));
    std::cout << fmt::format("{}: {} rows read, {} accepted ({} flagged), {} quarantined\n",
                             options.source, grouped(batch.rows_read), grouped(batch.accepted),
                             grouped(batch.flagged), grouped(batch.quarantined));
    if (!batch.quarantine_file.empty()) {
        std::cout << fmt::format(
            "  every reason stands in {}; correct that file and take it in "
            "the same way\n",
            batch.quarantine_file.string());
    }
    return {};
}

}  // namespace

void add_ingest(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("ingest", "Take in an institution's file as one batch");
    auto options = std::make_shared<IngestOptions>();
    command->add_option("SOURCE", options->source, "Name of the source in the pack")->required();
    command->add_option("FILE", options->file, "CSV file")->required();
    command->callback([&shell, options] {
        shell.run = [&shell, options] {
            const auto done = take_in(shell, *options);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
