// SPDX-License-Identifier: Apache-2.0
// amate init DIR: makes a workspace, its keys and its store, with the first ledger entry.
#include "cli/command.hpp"

#include <iostream>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "definitions/pack.hpp"
#include "ledger/entries.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

struct InitOptions {
    std::filesystem::path directory, pack;
    std::string store = "sqlite:store.sqlite";
    bool invented = false;
};

// Makes the folder, or takes up what an earlier call with the same pack and store was cut off in:
// a workspace that never came to its first entry.
Result<store::Workspace> make_folders(const InitOptions& options) {
    auto made = store::make_workspace(options.directory, options.pack, options.store);
    if (made || made.error().front().code != "store.workspace_exists") return made;
    AMATE_TRY(auto begun, store::open_workspace(options.directory));
    std::error_code error;
    const bool same = std::filesystem::equivalent(begun.pack, options.pack, error) &&
                      begun.store_url == options.store;
    if (!same) return made;
    const auto session = store::open_session(begun, store::Session::Mode::read_write);
    if (ledger::last_entry(*session)) return made;
    return begun;
}

Result<void> make(const InitOptions& options) {
    AMATE_TRY(const auto pack, definitions::load_pack(options.pack));
    AMATE_TRY(auto workspace, make_folders(options));
    workspace.invented = options.invented;
    store::save_workspace(workspace);
    const auto clock = make_system_clock(pack->time_zone);
    const auto session = store::open_session(workspace, store::Session::Mode::read_write);
    ledger::UnitOfWork unit(*session, workspace.keys(), *clock, command_line_actor());
    AMATE_TRY_VOID(unit.ensure_schema(*pack));
    const boost::json::object after = {
        {"pack", pack->name}, {"definitions", pack->digest}, {"invented", options.invented}};
    unit.commit({"workspace.init", "", "", "", boost::json::serialize(after)});
    std::cout << fmt::format("{}: workspace for the pack {} with {} registers\n",
                             options.directory.string(), pack->name, pack->registers.size());
    return {};
}

}  // namespace

void add_init(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("init", "Make a workspace: store, keys, first ledger entry");
    auto options = std::make_shared<InitOptions>();
    command->add_option("DIR", options->directory, "New folder of the workspace")->required();
    command->add_option("--pack", options->pack, "Folder of the pack")->required();
    command->add_option("--store", options->store, "Where records lie")->capture_default_str();
    command->add_flag("--invented", options->invented,
                      "Data taken in here are invented; every page and report will say so");
    command->callback([&shell, options] {
        shell.run = [options] {
            const auto made = make(*options);
            return made ? 0 : report(made.error());
        };
    });
}

}  // namespace amate::cli
