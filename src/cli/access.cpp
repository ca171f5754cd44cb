// SPDX-License-Identifier: Apache-2.0
// amate -w DIR access: who may use the desk over HTTP.
#include "server/access.hpp"

#include <algorithm>
#include <iostream>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "cli/command.hpp"
#include "core/text.hpp"
#include "store/session.hpp"

namespace amate::cli {
namespace {

struct AccessOptions {
    std::string user, office, purpose;
    std::vector<std::string> roles;
};

std::string suggestion_for(const std::string& word, const std::vector<std::string>& known) {
    return closest(word, known).value_or(fmt::format("{}", fmt::join(known, ", ")));
}

Result<void> check_words(const definitions::Pack& pack, const AccessOptions& options) {
    std::vector<std::string> roles;
    for (const auto& role : pack.roles) roles.push_back(role.name);
    std::vector<std::string> purposes;
    for (const auto& [name, title] : pack.purposes) purposes.push_back(name);
    Problems problems;
    for (const auto& role : options.roles) {
        if (std::find(roles.begin(), roles.end(), role) != roles.end()) continue;
        problems.push_back({"cli.unknown_role",
                            {},
                            {{"role", role}, {"suggestion", suggestion_for(role, roles)}}});
    }
    const bool known = purposes.empty() || std::find(purposes.begin(), purposes.end(),
                                                     options.purpose) != purposes.end();
    if (!known) {
        problems.push_back({"cli.unknown_purpose",
                            {},
                            {{"purpose", options.purpose},
                             {"suggestion", suggestion_for(options.purpose, purposes)}}});
    }
    if (!problems.empty()) return fail(std::move(problems));
    return {};
}

// Who was let in or put out is part of what happened to the country's records.
void note(const OpenWorkspace& open, const std::string& action, const boost::json::object& what) {
    const auto clock = make_system_clock(open.pack->time_zone);
    const auto session = store::open_session(open.workspace, store::Session::Mode::read_write);
    ledger::UnitOfWork unit(*session, open.workspace.keys(), *clock, command_line_actor());
    unit.commit({action, "", "", "", boost::json::serialize(what)});
}

Result<void> add(const Shell& shell, const AccessOptions& options) {
    AMATE_TRY(const auto open, open_workspace(shell));
    AMATE_TRY_VOID(check_words(*open.pack, options));
    boost::json::array roles;
    for (const auto& role : options.roles) roles.push_back(boost::json::value(role));
    note(open, "access.grant",
         {{"user", options.user},
          {"office", options.office},
          {"purpose", options.purpose},
          {"roles", std::move(roles)}});
    const auto clock = make_system_clock("Etc/UTC");
    const auto token = server::add_grant(
        open.workspace.keys(), {{options.user, options.office, options.purpose}, options.roles},
        clock->local_now().iso() + "Z");
    std::cerr << "The token is shown this once; only its digest is kept.\n";
    std::cout << token << "\n";
    return {};
}

Result<void> remove(const Shell& shell, const std::string& user) {
    AMATE_TRY(const auto open, open_workspace(shell));
    const auto removed = server::remove_grants(open.workspace.keys(), user);
    note(open, "access.end", {{"user", user}, {"grants", removed}});
    std::cout << fmt::format("{}: {} grants ended\n", user, removed);
    return {};
}

Result<void> list(const Shell& shell) {
    AMATE_TRY(const auto open, open_workspace(shell));
    for (const auto& grant : server::load_grants(open.workspace.keys())) {
        const auto& [actor, roles] = grant.caller;
        std::cout << fmt::format("{}\t{}\t{}\t{}\tsince {}\n", actor.user, actor.office,
                                 actor.purpose, fmt::join(roles, ","), grant.since);
    }
    return {};
}

}  // namespace

void add_access(CLI::App& app, Shell& shell) {
    auto* command = app.add_subcommand("access", "Who may use the desk over HTTP");
    command->require_subcommand(1);
    auto options = std::make_shared<AccessOptions>();

    auto* adding = command->add_subcommand("add", "Give a user access and print the token");
    adding->add_option("USER", options->user, "Who")->required();
    adding->add_option("--office", options->office, "Where: a code that folios may bear");
    adding->add_option("--role", options->roles, "Role of the pack (may be repeated)")->required();
    adding->add_option("--purpose", options->purpose, "Purpose of the pack")->required();
    adding->callback([&shell, options] {
        shell.run = [&shell, options] {
            const auto done = add(shell, *options);
            return done ? 0 : report(done.error());
        };
    });

    auto* removing = command->add_subcommand("remove", "End all access of a user");
    removing->add_option("USER", options->user, "Who")->required();
    removing->callback([&shell, options] {
        shell.run = [&shell, options] {
            const auto done = remove(shell, options->user);
            return done ? 0 : report(done.error());
        };
    });

    auto* listing = command->add_subcommand("list", "Who has access");
    listing->callback([&shell] {
        shell.run = [&shell] {
            const auto done = list(shell);
            return done ? 0 : report(done.error());
        };
    });
}

}  // namespace amate::cli
