// SPDX-License-Identifier: Apache-2.0
// amate -w DIR ingest SOURCE FILE [--format F]: takes in an institution's file as one batch.
#include "cli/command.hpp"

#include <unistd.h>

#include <iostream>
#include <optional>

#include <fmt/format.h>

#include "core/text.hpp"
#include "exchange/open_rows.hpp"
#include "exchange/spool.hpp"
#include "registry/ingest.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

struct IngestOptions {
    std::string source;
    std::filesystem::path file;  // "-" for standard input
    std::string format;          // "" if not said
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
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_write);
    const auto progress = make_terminal_progress();
    std::optional<exchange::Spool> spool;
    exchange::FileToOpen file{options.file, {}, exchange::parse_file_format(options.format)};
    if (options.file == "-") {
        spool.emplace(open.workspace.root);
        AMATE_TRY_VOID(spool->add_all_of(STDIN_FILENO));
        file.path = spool->path();
        file.name = "standard input";
    }
    const auto* register_ = open.pack->find_register(source->register_name);
    AMATE_CHECK(register_ != nullptr);
    AMATE_TRY(const auto rows, exchange::open_rows(file, *register_, *source));
    AMATE_TRY(const auto batch,
              registry::ingest(*open.pack, {*source, *rows, file.path}, open.workspace, *session,
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
    (void)ledger::seal(*session, open.workspace.keys(), *clock);
    return {};
}

}  // namespace

void add_ingest(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("ingest", "Take in an institution's file as one batch");
    auto options = std::make_shared<IngestOptions>();
    command->add_option("SOURCE", options->source, "Name of the source in the pack")->required();
    command
        ->add_option("FILE", options->file,
                     "CSV, XLSX, Parquet or JSON lines; - for standard input")
        ->required();
    command
        ->add_option("--format", options->format, "Format of the file, if its name does not say it")
        ->check(CLI::IsMember({"csv", "xlsx", "parquet", "jsonl"}));
    command->callback([&shell, options] {
        shell.run = [&shell, options] {
            const auto done = take_in(shell, *options);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
