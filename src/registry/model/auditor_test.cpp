// SPDX-License-Identifier: Apache-2.0
// The auditor's own few rules of how a record changes.
#include "registry/model/auditor.hpp"

#include <algorithm>

namespace amate::registry::model {
namespace {

// Flags that rules raise and that fall when the rule no longer holds; others wait for an action.
const std::set<std::string> kFollowing = {"night_landing", "unaccompanied_minor", "in_danger"};

bool any_of(const Person& person, const std::vector<std::string>& roles) {
    return std::any_of(roles.begin(), roles.end(),
                       [&](const auto& role) { return person.roles.contains(role); });
}

std::string held_in(const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
}

void put(Fields& fields, const std::string& name, const std::string& value) {
    if (value.empty()) {
        fields.erase(name);
    } else {
        fields[name] = value;
    }
}

// What each column holds: of all that was set, what was set for the latest moment.
Fields values_of(const std::vector<Revision>& revisions, const Revision& next) {
    Fields values = revisions.front().values;
    std::map<std::string, std::string> since;
    const auto follow = [&](const Revision& revision) {
        for (const auto& [name, value] : revision.set) {
            auto& moment = since[name];
            if (revision.effective_at < moment) continue;
            moment = revision.effective_at;
            put(values, name, value);
        }
    };
    for (const auto& revision : revisions) follow(revision);
    follow(next);
    return values;
}

void lower(Revision& revision, const Action& action) {
    revision.flags.erase(action.lowers);
    revision.tasks.erase(action.ends_task);
}

}  // namespace

Refusals Auditor::begin(const Asked& asked, Revision& next) const {
    auto refused = refuse_right(asked.by, asked.register_name, "create");
    if (!refused.empty()) return refused;
    for (const auto& [name, value] : asked.fields) put(next.values, name, value);
    auto verdict = judge(asked.register_name, next.values, now_);
    if (!verdict.problems.empty()) return verdict.problems;
    next.state = first_state_of(asked.register_name);
    next.flags = std::move(verdict.flags);
    next.tasks = std::move(verdict.tasks);
    next.reason = asked.reason;
    return {};
}

Refusals Auditor::decide(const Asked& asked, const Life* life, Revision& next) const {
    if (asked.what == "create") return begin(asked, next);
    if (life == nullptr) return {"registry.no_such_record"};
    const auto& last = life->revisions.back();
    if (asked.base != last.number) return {"registry.base_stale"};
    next = last;
    next.set.clear();
    next.reason = asked.reason;
    next.effective_at = now_;
    ++next.number;
    if (asked.what == "approve") return approve(asked, *life, next);
    if (asked.what == "reject") return reject(asked, *life, next);
    if (last.waiting) return {"registry.approval_pending"};
    auto refused = change(asked, asked.by, *life, next);
    if (!refused.empty() || approvers_of(asked).empty()) return refused;
    // It could be done, and waits: nothing else of the record changes.
    const auto number = next.number;
    next = last;
    next.number = number;
    next.set.clear();
    next.act = "propose:" + asked.what + (asked.action.empty() ? "" : ":" + asked.action);
    next.effective_at = now_;
    next.reason = asked.reason;
    next.waiting = Waiting{asked, {}, {}};
    return {};
}

Refusals Auditor::approve(const Asked& asked, const Life& life, Revision& next) const {
    if (!next.waiting) return {"registry.nothing_pending"};
    auto refused = refuse_right(asked.by, asked.register_name, "read");
    if (!refused.empty()) return refused;
    auto& waiting = *next.waiting;
    const auto wanted = approvers_of(waiting.asked);
    if (asked.by.user == waiting.asked.by.user) return {"registry.own_approval"};
    const bool distinct = waiting.asked.action == "leave";
    if (distinct && waiting.users.contains(asked.by.user)) return {"registry.already_approved"};
    const auto role = std::find_if(wanted.begin(), wanted.end(), [&](const auto& each) {
        return asked.by.roles.contains(each) && !waiting.roles.contains(each);
    });
    if (role == wanted.end()) return {"registry.not_allowed"};
    waiting.users.insert(asked.by.user);
    waiting.roles.insert(*role);
    if (waiting.roles.size() < wanted.size()) {
        next.act = "approve";
        next.reason.clear();
        return {};
    }
    const auto done = waiting.asked;
    auto proposer = done.by;
    proposer.purpose = asked.by.purpose;
    next.waiting.reset();
    return change(done, proposer, life, next);
}

Refusals Auditor::reject(const Asked& asked, const Life& life, Revision& next) const {
    if (!next.waiting) return {"registry.nothing_pending"};
    auto refused = refuse_right(asked.by, life.register_name, "read");
    if (!refused.empty()) return refused;
    const auto& proposed = next.waiting->asked;
    const bool own = asked.by.user == proposed.by.user;
    if (!own && !any_of(asked.by, approvers_of(proposed))) return {"registry.not_allowed"};
    next.act = "reject";
    next.waiting.reset();
    return {};
}

Refusals Auditor::change(const Asked& asked, const Person& by, const Life& life,
                         Revision& next) const {
    const auto& last = life.revisions.back();
    const bool withdrawn = last.act == "withdraw";
    if (withdrawn && asked.what != "reinstate") return {"registry.withdrawn"};
    if (asked.effective_at > now_) return {"registry.future_moment"};
    next.reason = asked.reason;
    next.effective_at = asked.effective_at.empty() ? now_ : asked.effective_at;
    next.act = asked.what;
    if (asked.what == "amend") {
        auto refused = refuse_right(by, life.register_name, "amend");
        return refused.empty() ? set(asked, life, next) : refused;
    }
    if (asked.what == "act") return act(asked, by, life, next);
    // The rest is for those who may correct.
    const bool stay = life.register_name == "shelter_stay";
    auto refused = refuse_right(by, life.register_name, stay ? "read" : "amend");
    if (!refused.empty()) return refused;
    if (stay && !by.roles.contains("supervisor")) return {"registry.not_allowed"};
    if (asked.what == "correct") return correct(asked, life, next);
    if (asked.what == "reinstate" && !withdrawn) return {"registry.not_withdrawn"};
    return {};
}

Refusals Auditor::correct(const Asked& asked, const Life& life, Revision& next) const {
    Refusals refused;
    if (life.register_name == "shelter_stay") {
        if (asked.reason.empty()) refused.emplace_back("registry.reason_missing");
        for (const auto& [name, value] : asked.fields) {
            if (name != "arrived_at") refused.push_back("registry.not_correctable " + name);
        }
    }
    if (!refused.empty()) return refused;
    if (asked.effective_at.empty()) {
        // It holds since what it corrects held.
        std::set<std::string> moments;
        for (const auto& [name, value] : asked.fields) {
            std::string moment;
            for (const auto& revision : life.revisions) {
                if (revision.set.contains(name)) moment = std::max(moment, revision.effective_at);
            }
            moments.insert(moment);
        }
        if (moments.size() > 1) return {"registry.several_moments"};
        next.effective_at = *moments.begin();
    }
    return set(asked, life, next);
}

Refusals Auditor::act(const Asked& asked, const Person& by, const Life& life,
                      Revision& next) const {
    const auto action = find_action(life.register_name, asked.action);
    if (!action) return {"registry.unknown_action"};
    auto refused = refuse_right(by, life.register_name, "act");
    if (!refused.empty()) return refused;
    if (!any_of(by, {action->by.begin(), action->by.end()})) return {"registry.not_allowed"};
    if (!action->from.contains(next.state)) return {"registry.wrong_state"};
    const auto had = next.flags;
    if (!asked.fields.empty()) {
        const bool own =
            std::all_of(asked.fields.begin(), asked.fields.end(),
                        [&](const auto& each) { return each.first == action->requires_field; });
        if (!own) refused = refuse_right(by, life.register_name, "amend");
        if (refused.empty()) refused = set(asked, life, next);
        if (!refused.empty()) return refused;
    }
    next.act = "act:" + asked.action;
    const auto& wanted = action->requires_field;
    if (!wanted.empty() && !next.values.contains(wanted)) {
        return {"registry.not_ready " + wanted};
    }
    if (asked.action == "reunite" && !had.contains("family_apart")) {
        return {"registry.action_refused"};
    }
    next.state = action->to;
    lower(next, *action);
    return {};
}

Refusals Auditor::set(const Asked& asked, const Life& life, Revision& next) const {
    const auto& last = life.revisions.back();
    next.set = asked.fields;
    next.values = values_of(life.revisions, next);
    // With a moment of its own a change may matter though nothing shows today.
    const bool may_repeat = asked.what == "act" || !asked.effective_at.empty();
    if (next.values == last.values && !may_repeat) return {"registry.nothing_changed"};
    auto before = last.values;
    const auto held = judge(life.register_name, before, now_);
    const auto said = next.values;
    const auto holds = judge(life.register_name, next.values, now_);
    if (!holds.problems.empty()) return holds.problems;
    if (next.values == last.values && !may_repeat) return {"registry.nothing_changed"};
    // What the rules filled in or cleared was set by the act too.
    auto either = said;
    either.insert(next.values.begin(), next.values.end());
    for (const auto& [name, value] : either) {
        if (held_in(said, name) != held_in(next.values, name)) {
            next.set[name] = held_in(next.values, name);
        }
    }
    for (const auto& flag : last.flags) {
        if (kFollowing.contains(flag) && !holds.flags.contains(flag)) next.flags.erase(flag);
    }
    // What a rule said before was raised then; somebody may have answered it since.
    for (const auto& flag : holds.flags) {
        if (!held.flags.contains(flag)) next.flags.insert(flag);
    }
    for (const auto& [task, due] : holds.tasks) {
        if (!held.tasks.contains(task)) next.tasks.emplace(task, due);
    }
    return {};
}

}  // namespace amate::registry::model
