// SPDX-License-Identifier: Apache-2.0
// The program: reads the command line, runs the one command it names, tells its problems.
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "core/result.hpp"

// What building the command line or writing the last message throws may end the program.
int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape)
    namespace cli = amate::cli;
    CLI::App app{"Amate: a country's migration information system."};
    app.name("amate");
    app.set_version_flag("--version", "amate " AMATE_VERSION);
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);
    cli::Shell shell;
    app.add_option("-w,--workspace", shell.workspace, "Folder the country works in")
        ->type_name("DIR");
    cli::add_access(app, shell);
    cli::add_check(app, shell);
    cli::add_deadlines(app, shell);
    cli::add_diff(app, shell);
    cli::add_init(app, shell);
    cli::add_synth(app, shell);
    cli::add_ingest(app, shell);
    cli::add_keys(app, shell);
    cli::add_quarantine(app, shell);
    cli::add_snapshot(app, shell);
    cli::add_table(app, shell);
    cli::add_figures(app, shell);
    cli::add_indicators(app, shell);
    cli::add_audit(app, shell);
    cli::add_report(app, shell);
    cli::add_clock(app, shell);
    cli::add_backup(app, shell);
    cli::add_restore(app, shell);
    cli::add_seal(app, shell);
    cli::add_prove(app, shell);
    cli::add_ledger(app, shell);
    cli::add_verify(app, shell);
    cli::add_serve(app, shell);
    try {
        app.parse(argc, argv);
        return shell.run();
    } catch (const CLI::ParseError& error) {
        // --help and --version come this way too; CLI11 gives them exit code 0.
        return app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
    } catch (const amate::Bug& bug) {
        std::cerr << "amate: " << bug.what() << "\nThis is a fault of the program.\n";
        return 70;  // EX_SOFTWARE of sysexits.h
    } catch (const std::exception& failure) {
        std::cerr << "amate: " << failure.what() << "\n";
        return 74;  // EX_IOERR
    }
}
