// SPDX-License-Identifier: Apache-2.0
// What every command of the program gets and gives; one file a command defines one add_* function.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "core/dates.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "ledger/seals.hpp"
#include "ledger/unit_of_work.hpp"
#include "store/workspace.hpp"

namespace amate::cli {

// Shared by the commands; `run` is set by the command that was named and called once by main.
struct Shell {
    std::filesystem::path workspace;  // of -w
    std::function<int()> run;         // exit code: 0 only on success
};

// Prints problems to standard error, a line each; gives exit code 1.
int report(const Problems& problems);

// A progress line on standard error, shown only for work that takes over two seconds; rewritten in
// place on a terminal, a line every ten seconds elsewhere.
[[nodiscard]] std::unique_ptr<Progress> make_terminal_progress();

// The workspace of -w with its pack loaded.
struct OpenWorkspace {
    store::Workspace workspace;
    std::unique_ptr<const definitions::Pack> pack;
};
// Problems: cli.no_workspace_given, those of store::open_workspace and definitions::load_pack.
[[nodiscard]] Result<OpenWorkspace> open_workspace(const Shell& shell);

// Before records are read: makes the store fit the pack, with an entry of its own if there was
// anything to do. Problems: those of store::check_tables.
[[nodiscard]] Result<void> settle_schema(const OpenWorkspace& open);

// Seals the workspace's ledger, in a session of its own.
[[nodiscard]] std::optional<ledger::Seal> seal_ledger(const OpenWorkspace& open);

// A day of the command line, YYYY-MM-DD. Problems: cli.bad_date.
[[nodiscard]] Result<Date> parse_day(const std::string& text);

// Writes a whole text to a file (atomically) or, for "" and "-", to standard output; exit code.
int write_text(const std::filesystem::path& file, std::string_view text);

// Who the ledger names for what is done from the command line.
[[nodiscard]] ledger::Actor command_line_actor();

void add_access(CLI::App& app, Shell& shell);
void add_backup(CLI::App& app, Shell& shell);
void add_check(CLI::App& app, Shell& shell);
void add_deadlines(CLI::App& app, Shell& shell);
void add_diff(CLI::App& app, Shell& shell);
void add_init(CLI::App& app, Shell& shell);
void add_synth(CLI::App& app, Shell& shell);
void add_keys(CLI::App& app, Shell& shell);
void add_ingest(CLI::App& app, Shell& shell);
void add_quarantine(CLI::App& app, Shell& shell);
void add_restore(CLI::App& app, Shell& shell);
void add_snapshot(CLI::App& app, Shell& shell);
void add_table(CLI::App& app, Shell& shell);
void add_figures(CLI::App& app, Shell& shell);
void add_indicators(CLI::App& app, Shell& shell);
void add_audit(CLI::App& app, Shell& shell);
void add_report(CLI::App& app, Shell& shell);
void add_clock(CLI::App& app, Shell& shell);
void add_seal(CLI::App& app, Shell& shell);
void add_prove(CLI::App& app, Shell& shell);
void add_ledger(CLI::App& app, Shell& shell);
void add_verify(CLI::App& app, Shell& shell);
void add_serve(CLI::App& app, Shell& shell);

}  // namespace amate::cli
