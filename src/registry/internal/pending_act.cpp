// SPDX-License-Identifier: Apache-2.0
// Pending acts to JSON and back.
#include "registry/internal/pending_act.hpp"

#include <algorithm>

namespace amate::registry::internal {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse() {
    throw IoFailure(
        "the store holds a waiting act in a form that nobody can have written; run `amate "
        "verify`");
}

std::string text_at(const json::object& object, std::string_view name) {
    const auto* member = object.if_contains(name);
    if (member == nullptr || !member->is_string()) refuse();
    return std::string(member->get_string());
}

ChangeKind kind_of(std::string_view name) {
    for (const auto kind :
         {ChangeKind::amend, ChangeKind::correct, ChangeKind::act, ChangeKind::withdraw}) {
        if (name == name_of(kind)) return kind;
    }
    refuse();
}

}  // namespace

bool PendingAct::approved_by_role(std::string_view role) const {
    return std::any_of(approvals.begin(), approvals.end(),
                       [&](const Yes& yes) { return yes.role == role; });
}

bool PendingAct::approved_by_user(std::string_view user) const {
    return std::any_of(approvals.begin(), approvals.end(),
                       [&](const Yes& yes) { return yes.user == user; });
}

std::string to_text(const definitions::Register& register_, const PendingAct& act) {
    auto written = to_json(register_, act.change);
    written["kind"] = name_of(act.change.kind);
    if (!act.change.action.empty()) written["action"] = act.change.action;
    written["by"] = act.proposed_by;
    json::array roles;
    for (const auto& role : act.proposer_roles) roles.push_back(json::value(role));
    written["roles"] = std::move(roles);
    json::array approvals;
    for (const auto& yes : act.approvals) {
        approvals.push_back(json::object{{"user", yes.user}, {"role", yes.role}});
    }
    written["approvals"] = std::move(approvals);
    return json::serialize(written);
}

PendingAct pending_act_of(const definitions::Register& register_, const std::string& text) {
    boost::system::error_code failed;
    auto parsed = json::parse(text, failed);
    if (failed || !parsed.is_object()) refuse();
    auto object = parsed.get_object();
    PendingAct act;
    const auto kind = kind_of(text_at(object, "kind"));
    act.proposed_by = text_at(object, "by");
    std::string action;
    if (object.contains("action")) action = text_at(object, "action");
    const auto* roles = object.if_contains("roles");
    const auto* approvals = object.if_contains("approvals");
    if (roles == nullptr || !roles->is_array() || approvals == nullptr || !approvals->is_array()) {
        refuse();
    }
    for (const auto& role : roles->get_array()) {
        if (!role.is_string()) refuse();
        act.proposer_roles.emplace_back(role.get_string());
    }
    for (const auto& yes : approvals->get_array()) {
        if (!yes.is_object()) refuse();
        act.approvals.push_back(
            {text_at(yes.get_object(), "user"), text_at(yes.get_object(), "role")});
    }
    for (const auto* name : {"kind", "action", "by", "roles", "approvals"}) object.erase(name);
    auto change = parse_change(register_, kind, object);
    if (!change) refuse();
    act.change = std::move(*change);
    act.change.action = std::move(action);
    return act;
}

}  // namespace amate::registry::internal
