// SPDX-License-Identifier: Apache-2.0
// Access as the pack declares it: role by role, then the purpose.
#include "registry/caller.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::registry {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

bool Caller::has_role(std::string_view role) const {
    return holds(roles, role);
}

std::string Caller::any_of(const std::vector<std::string>& wanted) const {
    const auto found = std::find_if(wanted.begin(), wanted.end(),
                                    [&](const std::string& role) { return has_role(role); });
    return found == wanted.end() ? std::string() : *found;
}

std::string_view name_of(Verb verb) {
    switch (verb) {
        case Verb::read:
            return "read";
        case Verb::create:
            return "create";
        case Verb::amend:
            return "amend";
        case Verb::act:
            return "act";
        case Verb::ingest:
            break;
    }
    return "ingest";
}

Result<void> check_right(const definitions::Register& register_, const Caller& caller, Verb verb) {
    const bool allowed =
        std::any_of(register_.access.begin(), register_.access.end(), [&](const auto& access) {
            const auto& [role, actions] = access;
            return caller.has_role(role) &&
                   (holds(actions, name_of(verb)) || holds(actions, "all"));
        });
    if (!allowed) {
        return fail(Problem{"registry.not_allowed",
                            {},
                            {{"register", register_.name}, {"verb", std::string(name_of(verb))}}});
    }
    const auto& purposes = register_.purposes;
    if (!purposes.empty() && !holds(purposes, caller.actor.purpose)) {
        return fail(Problem{"registry.purpose_not_allowed",
                            {},
                            {{"register", register_.name},
                             {"purpose", caller.actor.purpose},
                             {"expected", fmt::format("{}", fmt::join(purposes, ", "))}}});
    }
    return {};
}

}  // namespace amate::registry
