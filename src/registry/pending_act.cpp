// SPDX-License-Identifier: Apache-2.0
// Pending acts to JSON and back.
#include "registry/pending_act.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "store/record_store.hpp"

namespace amate::registry {
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
    const auto& change = act.change;
    store::Changes changes;
    for (const auto& [column, value] : change.values) changes.emplace_back(column, value);
    json::array roles;
    for (const auto& role : act.proposer_roles) roles.push_back(json::value(role));
    json::array approvals;
    for (const auto& yes : act.approvals) {
        approvals.push_back({{"user", yes.user}, {"role", yes.role}});
    }
    return json::serialize(json::object{{"kind", name_of(change.kind)},
                                        {"action", change.action},
                                        {"base", change.base},
                                        {"reason", change.reason},
                                        {"effective_at", change.effective_at},
                                        {"changes", store::write_changes(register_, changes)},
                                        {"by", act.proposed_by},
                                        {"roles", std::move(roles)},
                                        {"approvals", std::move(approvals)}});
}

PendingAct pending_act_of(const definitions::Register& register_, const std::string& text) {
    boost::system::error_code failed;
    const auto parsed = json::parse(text, failed);
    if (failed || !parsed.is_object()) refuse();
    const auto& object = parsed.get_object();
    PendingAct act;
    act.change.kind = kind_of(text_at(object, "kind"));
    act.change.action = text_at(object, "action");
    act.change.reason = text_at(object, "reason");
    act.change.effective_at = text_at(object, "effective_at");
    act.proposed_by = text_at(object, "by");
    const auto* base = object.if_contains("base");
    const auto* changes = object.if_contains("changes");
    const auto* roles = object.if_contains("roles");
    const auto* approvals = object.if_contains("approvals");
    if (base == nullptr || !base->is_int64() || changes == nullptr || !changes->is_object() ||
        roles == nullptr || !roles->is_array() || approvals == nullptr || !approvals->is_array()) {
        refuse();
    }
    act.change.base = base->get_int64();
    auto read = store::read_changes(register_, changes->get_object());
    if (!read) refuse();
    for (auto& [column, value] : *read) {
        act.change.values.push_back({column, std::move(value)});
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
    return act;
}

}  // namespace amate::registry
