// SPDX-License-Identifier: Apache-2.0
// amate -w DIR backup OUT; amate restore BACKUP DIR: a workspace kept elsewhere, and made again.
#include "backup/backup.hpp"

#include <iostream>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "core/text.hpp"
#include "definitions/pack.hpp"
#include "store/schema.hpp"

namespace amate::cli {
namespace {

namespace fs = std::filesystem;

Result<void> take(const Shell& shell, const fs::path& out) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_only);
    const auto clock = make_system_clock(open.pack->time_zone);
    const auto progress = make_terminal_progress();
    AMATE_TRY(const auto made,
              backup::take_backup(*open.pack, open.workspace, *session, out, *clock, *progress));
    std::cout << fmt::format(
        "{}: up to entry {} of {}, {} rows in {} tables, {} files\ndigest {}\n",
        made.folder.string(), made.manifest.head_seq, made.manifest.head_at,
        group_thousands(std::to_string(made.manifest.rows())), made.manifest.tables.size(),
        made.manifest.files.size(), made.digest);
    return {};
}

struct RestoreOptions {
    fs::path from;
    backup::RestoreTarget target;
};

// 2026-11-20T10:00:00Z, with milliseconds or without, as entries have it.
Result<std::string> parse_until(const std::string& text) {
    const bool whole = text.size() == 20 && text.back() == 'Z';
    auto moment = whole ? text.substr(0, 19) + ".000Z" : text;
    const bool sound = moment.size() == 24 && moment[19] == '.' && moment[23] == 'Z' &&
                       DateTime::parse(moment.substr(0, 19)) &&
                       moment.find_first_not_of("0123456789", 20) == 23;
    if (!sound) return fail(Problem{"cli.bad_moment", {}, {{"moment", text}}});
    return moment;
}

Result<void> make_again(const RestoreOptions& options) {
    auto target = options.target;
    if (!target.point.until.empty()) {
        AMATE_TRY(target.point.until, parse_until(target.point.until));
    }
    const auto progress = make_terminal_progress();
    AMATE_TRY(const auto from, backup::open_backup(options.from, *progress));
    AMATE_TRY(const auto pack, definitions::load_pack(backup::pack_of(from, target)));
    const auto clock = make_system_clock(pack->time_zone);
    AMATE_TRY(const auto restored,
              backup::restore_backup(from, target, *pack, *clock, command_line_actor(), *progress));
    std::cout << fmt::format(
        "{}: as it was after entry {} of {}; {} later entries left out\n"
        "entry {} tells of it; all holds\n",
        target.folder.string(), restored.cut.seq, restored.cut.at,
        group_thousands(std::to_string(restored.taken_off)), restored.told.seq);
    AMATE_TRY(const auto workspace, store::open_workspace(target.folder));
    const auto session = store::open_session(workspace, store::Session::Mode::read_only);
    const auto state = store::check_tables(*session, *pack);
    if (!state) return fail(state.error());
    if (*state == store::SchemaState::behind) {
        std::cout << "the pack is later than what was restored: the store will follow it at the "
                     "next writing\n";
    }
    return {};
}

}  // namespace

void add_backup(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand(
        "backup", "Write store, pack, snapshots and quarantine into a new folder; keys stay here");
    auto out = std::make_shared<fs::path>();
    command->add_option("OUT", *out, "New folder of the backup")->required();
    command->callback([&shell, out] {
        shell.run = [&shell, out] {
            const auto done = take(shell, *out);
            return done ? 0 : report(done.error());
        };
    });
}

void add_restore(CLI::App& app, Shell& shell) {
    auto* command =
        app.add_subcommand("restore", "Make a workspace from a backup, as it was at any entry");
    auto options = std::make_shared<RestoreOptions>();
    auto& target = options->target;
    target.store_url = "sqlite:store.sqlite";
    command->add_option("BACKUP", options->from, "Folder of the backup")->required();
    command->add_option("DIR", target.folder, "New folder of the workspace")->required();
    command->add_option("--keys", target.keys,
                        "Copy of the folder keys, which no backup holds (ledger.key, master.json)");
    command->add_option("--store", target.store_url, "Where records are to lie; it must be empty")
        ->capture_default_str();
    command->add_option("--pack", target.pack, "Folder of the pack (default: the backup's own)");
    auto* until = command->add_option("--until", target.point.until,
                                      "Up to the last entry not later, YYYY-MM-DDTHH:MM:SSZ");
    command->add_option("--entry", target.point.entry, "Up to this entry")->excludes(until);
    command->callback([&shell, options] {
        shell.run = [options] {
            const auto done = make_again(*options);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
