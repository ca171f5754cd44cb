// SPDX-License-Identifier: Apache-2.0
// Decides what the next revision of a record is.
#include "registry/life.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "definitions/deadlines.hpp"
#include "registry/internal/marks.hpp"
#include "registry/pending_act.hpp"

namespace amate::registry {
namespace {

using definitions::WorkflowAction;
using internal::holds;
using internal::lower;
using internal::Names;
using internal::raise;
using internal::set_by_rule;
using internal::set_task;
using internal::stands_until_lowered;
using store::StoredRecord;

Problem problem(const char* code, std::map<std::string, std::string> parameters = {}) {
    return {code, {}, std::move(parameters)};
}

// All that was set, in the order of the world.
std::vector<Value> values_after(const std::vector<StoredRecord>& revisions,
                                const StoredRecord& next) {
    static const DateTime kEndOfTime{*Date::of(9999, 12, 31), 24 * 3600 - 1};
    auto all = revisions;
    all.push_back(next);
    return as_of(all, {std::nullopt, kEndOfTime})->values;
}

// One decision on a record that there is.
class Decision {
public:
    Decision(const Circumstances& at, const std::vector<StoredRecord>& revisions,
             const Caller& caller)
        : at_(at), register_(at.register_), revisions_(revisions), caller_(caller) {
        AMATE_CHECK(!revisions.empty());
        next_ = revisions.back();
        life_ = {next_.state, next_.flags};
        ++next_.revision;
        next_.version = at.version;
        next_.batch_row = 0;
        next_.recorded_at.clear();
        next_.row_hash.clear();
        next_.act = {};
    }

    Result<StoredRecord> decide(const Change& change) {
        if (change.base != current().revision) {
            return fail(
                problem("registry.base_stale", {{"base", std::to_string(change.base)},
                                                {"current", std::to_string(current().revision)}}));
        }
        if (change.kind == ChangeKind::approve) return approve();
        if (change.kind == ChangeKind::reject) return reject(change);
        if (!current().pending.empty()) return fail(problem("registry.approval_pending"));
        AMATE_TRY_VOID(carry_out(change, caller_));
        const auto& approval = approval_for(change);
        if (!approval.by.empty()) return propose(change);
        return std::move(next_);
    }

private:
    [[nodiscard]] const StoredRecord& current() const { return revisions_.back(); }

    // Makes `next_` what the change makes of the record, whoever still has to say yes.
    Result<void> carry_out(const Change& change, const Caller& caller) {
        if (change.kind != ChangeKind::reinstate && current().withdrawn()) {
            return fail(problem("registry.withdrawn"));
        }
        if (!change.effective_at.empty() && change.effective_at > at_.now.iso()) {
            return fail(problem("registry.future_moment"));
        }
        next_.act.reason = change.reason;
        next_.act.effective_at = change.effective_at.empty() ? at_.now.iso() : change.effective_at;
        switch (change.kind) {
            case ChangeKind::amend:
                AMATE_TRY_VOID(check_right(register_, caller, Verb::amend));
                return set_values(change, "amend");
            case ChangeKind::correct:
                return correct(change, caller);
            case ChangeKind::act:
                return act(change, caller);
            case ChangeKind::withdraw:
                AMATE_TRY_VOID(check_correcting(caller));
                next_.act.name = StoredRecord::kWithdraw;
                return {};
            case ChangeKind::reinstate:
                AMATE_TRY_VOID(check_correcting(caller));
                if (!current().withdrawn()) return fail(problem("registry.not_withdrawn"));
                next_.act.name = "reinstate";
                return {};
            default:
                break;
        }
        AMATE_CHECK(false);
        return {};
    }

    Result<void> check_correcting(const Caller& caller) const {
        const auto& by = register_.corrections.by;
        if (by.empty()) return check_right(register_, caller, Verb::amend);
        AMATE_TRY_VOID(check_right(register_, caller, Verb::read));
        if (!caller.any_of(by).empty()) return {};
        return fail(
            problem("registry.not_allowed", {{"register", register_.name}, {"verb", "correct"}}));
    }

    Result<void> correct(const Change& change, const Caller& caller) {
        AMATE_TRY_VOID(check_correcting(caller));
        const auto& corrections = register_.corrections;
        Problems problems;
        if (corrections.reason_required && change.reason.empty()) {
            problems.push_back(problem("registry.reason_missing"));
        }
        if (!corrections.fields.empty()) {
            for (const auto& [column, value] : change.values) {
                const auto& name = register_.columns[column].name;
                const auto field = name.substr(0, name.find('.'));
                if (holds(corrections.fields, name) || holds(corrections.fields, field)) continue;
                problems.push_back({"registry.not_correctable", {{}, 0, 0, name}, {}});
            }
        }
        if (!problems.empty()) return fail(std::move(problems));
        if (change.effective_at.empty()) {
            AMATE_TRY(next_.act.effective_at, origin_of(change));
        }
        return set_values(change, "correct");
    }

    // The moment since when the values to be corrected hold.
    [[nodiscard]] Result<std::string> origin_of(const Change& change) const {
        std::optional<std::string> origin;
        for (const auto& [column, value] : change.values) {
            std::string moment;  // the beginning
            for (const auto& revision : revisions_) {
                for (const auto& [changed, set] : revision.act.changes) {
                    if (changed == column) moment = std::max(moment, revision.act.effective_at);
                }
            }
            if (origin && *origin != moment) return fail(problem("registry.several_moments"));
            origin = moment;
        }
        return origin.value_or("");
    }

    // Sets values, judges what comes of it and lets flags and tasks follow.
    Result<void> set_values(const Change& change, std::string act_name) {
        next_.act.name = std::move(act_name);
        for (const auto& [column, value] : change.values) {
            next_.act.changes.emplace_back(column, value);
        }
        next_.values = values_after(revisions_, next_);
        // With a moment of its own a change may matter though nothing shows today.
        const bool may_repeat = change.kind == ChangeKind::act || !change.effective_at.empty();
        const auto nothing = [&] { return next_.values == current().values && !may_repeat; };
        if (nothing()) return fail(problem("registry.nothing_changed"));
        AMATE_TRY_VOID(judge_next());
        // The judge may have cleared what was set.
        if (nothing()) return fail(problem("registry.nothing_changed"));
        return {};
    }

    Result<void> judge_next() {
        const definitions::EvaluationContext context{at_.now, &life_};
        auto before = current().values;
        const auto earlier = definitions::judge(register_, before, context);
        const auto given = next_.values;
        auto judgement = definitions::judge(register_, next_.values, context);
        if (!judgement.accepted()) return fail(std::move(judgement.problems));
        for (std::size_t i = 0; i < given.size(); ++i) {
            if (given[i] != next_.values[i]) set_change(i, next_.values[i]);
        }
        for (const auto& flag : current().flags) {
            const bool follows = set_by_rule(register_, flag) &&
                                 !stands_until_lowered(register_, flag) &&
                                 !holds(judgement.flags, flag);
            if (follows) lower(next_.flags, flag);
        }
        // What held before was raised then, and may have been lowered since.
        for (const auto& flag : judgement.flags) {
            if (!holds(earlier.flags, flag)) raise(next_.flags, flag);
        }
        for (const auto& task : judgement.tasks) {
            if (!holds(earlier.tasks, task)) set_task(at_, task, next_);
        }
        return {};
    }

    void set_change(std::size_t column, const Value& value) {
        auto& changes = next_.act.changes;
        const auto place =
            std::lower_bound(changes.begin(), changes.end(), column,
                             [](const auto& each, std::size_t at) { return each.first < at; });
        if (place != changes.end() && place->first == column) {
            place->second = value;
        } else {
            changes.emplace(place, column, value);
        }
    }

    [[nodiscard]] const WorkflowAction* find_action(const std::string& name) const {
        for (const auto& action : register_.actions) {
            if (action.name == name) return &action;
        }
        return nullptr;
    }

    Result<void> act(const Change& change, const Caller& caller) {
        const auto* action = find_action(change.action);
        if (action == nullptr) {
            Names known;
            for (const auto& each : register_.actions) known.push_back(each.name);
            return fail(problem("registry.unknown_action",
                                {{"register", register_.name},
                                 {"action", change.action},
                                 {"expected", fmt::format("{}", fmt::join(known, ", "))}}));
        }
        AMATE_TRY_VOID(check_right(register_, caller, Verb::act));
        if (!action->by.empty() && caller.any_of(action->by).empty()) {
            return fail(problem("registry.not_allowed",
                                {{"register", register_.name}, {"verb", action->name}}));
        }
        AMATE_TRY_VOID(guard(*action));
        if (!change.values.empty()) {
            AMATE_TRY_VOID(check_fields_of(*action, change, caller));
            AMATE_TRY_VOID(set_values(change, "act:" + action->name));
        }
        next_.act.name = "act:" + action->name;
        AMATE_TRY_VOID(check_ready(*action));
        take_effect(*action);
        return {};
    }

    Result<void> guard(const WorkflowAction& action) const {
        if (!action.from.empty() && !holds(action.from, current().state)) {
            return fail(problem("registry.wrong_state",
                                {{"action", action.name},
                                 {"state", current().state},
                                 {"expected", fmt::format("{}", fmt::join(action.from, ", "))}}));
        }
        return {};
    }

    // With an action come the fields it requires; others need the right to amend.
    Result<void> check_fields_of(const WorkflowAction& action, const Change& change,
                                 const Caller& caller) const {
        const bool own = std::all_of(
            change.values.begin(), change.values.end(), [&](const definitions::FieldValue& each) {
                return holds(action.requires_fields, register_.columns[each.column].name);
            });
        return own ? Result<void>() : check_right(register_, caller, Verb::amend);
    }

    Result<void> check_ready(const WorkflowAction& action) const {
        Problems problems;
        for (std::size_t i = 0; i < register_.columns.size(); ++i) {
            const auto& column = register_.columns[i];
            const auto field = column.name.substr(0, column.name.find('.'));
            const bool wanted = holds(action.requires_fields, column.name);
            if (!wanted || next_.values[i] != Value(Missing::absent)) continue;
            problems.push_back({"registry.not_ready",
                                {{}, 0, 0, column.name},
                                {{"action", action.name},
                                 {"title_en", column.title.in("en")},
                                 {"title_es", column.title.in("es")}}});
        }
        if (!problems.empty()) return fail(std::move(problems));
        const definitions::EvaluationContext context{at_.now, &life_};
        if (action.allow.empty() || action.allow.evaluate(next_.values, context) == Value(true)) {
            return {};
        }
        return fail(problem("registry.action_refused", {{"action", action.name},
                                                        {"rule_en", action.allow.to_words("en")},
                                                        {"rule_es", action.allow.to_words("es")}}));
    }

    void take_effect(const WorkflowAction& action) {
        if (!action.to.empty()) next_.state = action.to;
        for (const auto& flag : action.lowers) lower(next_.flags, flag);
        for (const auto& flag : register_.flags) {
            if (flag.lowered_by == action.name) lower(next_.flags, flag.name);
        }
        for (const auto& flag : action.raises) raise(next_.flags, flag);
        auto& tasks = next_.tasks;
        tasks.erase(std::remove_if(tasks.begin(), tasks.end(),
                                   [&](const auto& open) { return done_by(open.name, action); }),
                    tasks.end());
    }

    [[nodiscard]] bool done_by(const std::string& task, const WorkflowAction& action) const {
        return std::any_of(register_.tasks.begin(), register_.tasks.end(), [&](const auto& each) {
            return each.name == task && each.done_by == action.name;
        });
    }

    [[nodiscard]] const definitions::Approval& approval_for(const Change& change) const {
        static const definitions::Approval kNone{};
        if (change.kind == ChangeKind::act) {
            const auto* action = find_action(change.action);  // gone: the pack changed meanwhile
            return action == nullptr ? kNone : action->approve;
        }
        const bool corrects =
            change.kind == ChangeKind::correct || change.kind == ChangeKind::withdraw;
        return corrects ? register_.corrections.approve : kNone;
    }

    // The record stays as it is, with the act beside it.
    Result<StoredRecord> propose(const Change& change) {
        auto act_name = fmt::format("propose:{}", name_of(change.kind));
        if (!change.action.empty()) act_name += ":" + change.action;
        PendingAct pending{change, caller_.actor.user, caller_.roles, {}};
        return waiting(std::move(act_name), to_text(register_, pending), change.reason);
    }

    StoredRecord waiting(std::string act_name, std::string pending, const std::string& reason) {
        auto waiting = current();
        waiting.revision = next_.revision;
        waiting.version = at_.version;
        waiting.batch_row = 0;
        waiting.recorded_at.clear();
        waiting.row_hash.clear();
        waiting.act = {std::move(act_name), at_.now.iso(), {}, reason};
        waiting.pending = std::move(pending);
        return waiting;
    }

    Result<StoredRecord> approve() {
        if (current().pending.empty()) return fail(problem("registry.nothing_pending"));
        auto pending = pending_act_of(register_, current().pending);
        AMATE_TRY_VOID(check_right(register_, caller_, Verb::read));
        const auto& user = caller_.actor.user;
        if (user == pending.proposed_by) return fail(problem("registry.own_approval"));
        const auto& approval = approval_for(pending.change);
        if (approval.by.empty()) {
            // The pack asks for nobody's yes any more: it is the caller's act, under their rights.
            AMATE_TRY_VOID(carry_out(pending.change, caller_));
            next_.pending.clear();
            return std::move(next_);
        }
        if (approval.distinct && pending.approved_by_user(user)) {
            return fail(problem("registry.already_approved"));
        }
        const auto role =
            std::find_if(approval.by.begin(), approval.by.end(), [&](const std::string& each) {
                return caller_.has_role(each) && !pending.approved_by_role(each);
            });
        if (role == approval.by.end()) {
            return fail(problem("registry.not_allowed",
                                {{"register", register_.name}, {"verb", "approve"}}));
        }
        pending.approvals.push_back({user, *role});
        const bool complete =
            std::all_of(approval.by.begin(), approval.by.end(),
                        [&](const std::string& each) { return pending.approved_by_role(each); });
        if (!complete) return waiting("approve", to_text(register_, pending), "");
        // Judged again: definitions may have changed while it waited.
        const Caller proposer{{pending.proposed_by, caller_.actor.office, caller_.actor.purpose},
                              pending.proposer_roles};
        AMATE_TRY_VOID(carry_out(pending.change, proposer));
        next_.pending.clear();
        return std::move(next_);
    }

    Result<StoredRecord> reject(const Change& change) {
        if (current().pending.empty()) return fail(problem("registry.nothing_pending"));
        const auto pending = pending_act_of(register_, current().pending);
        AMATE_TRY_VOID(check_right(register_, caller_, Verb::read));
        if (caller_.actor.user != pending.proposed_by &&
            !may_reject(approval_for(pending.change))) {
            return fail(problem("registry.not_allowed",
                                {{"register", register_.name}, {"verb", "reject"}}));
        }
        return waiting("reject", "", change.reason);
    }

    [[nodiscard]] bool may_reject(const definitions::Approval& approval) const {
        if (!approval.by.empty()) return !caller_.any_of(approval.by).empty();
        // Nobody's yes is asked for any more: whoever writes the register may clear it away.
        return check_right(register_, caller_, Verb::act) ||
               check_right(register_, caller_, Verb::amend);
    }

    const Circumstances& at_;
    const definitions::Register& register_;
    const std::vector<StoredRecord>& revisions_;
    const Caller& caller_;
    definitions::RecordLife life_;
    StoredRecord next_;
};

}  // namespace

std::string version_of(const definitions::Pack& pack) {
    return pack.digest.empty() ? pack.version
                               : fmt::format("{}-{}", pack.version, pack.digest.substr(0, 12));
}

void begin_life(const Circumstances& at, definitions::Judgement judgement, StoredRecord& record) {
    record.version = at.version;
    record.state = at.register_.states.empty() ? "" : at.register_.states.front();
    record.flags = std::move(judgement.flags);
    record.tasks.clear();
    for (const auto& task : judgement.tasks) set_task(at, task, record);
    record.revision = 1;
    record.act = {};
    record.pending.clear();
}

Result<StoredRecord> first_revision(const Circumstances& at, const Caller& caller,
                                    const Change& change) {
    AMATE_TRY_VOID(check_right(at.register_, caller, Verb::create));
    StoredRecord record;
    record.values.assign(at.register_.columns.size(), Missing::absent);
    for (const auto& [column, value] : change.values) record.values[column] = value;
    auto judgement = definitions::judge(at.register_, record.values, {at.now, nullptr});
    if (!judgement.accepted()) return fail(std::move(judgement.problems));
    begin_life(at, std::move(judgement), record);
    record.act.reason = change.reason;
    return record;
}

Result<StoredRecord> next_revision(const Circumstances& at,
                                   const std::vector<StoredRecord>& revisions, const Caller& caller,
                                   const Change& change) {
    return Decision(at, revisions, caller).decide(change);
}

std::optional<StoredRecord> lapse(const Circumstances& at,
                                  const std::vector<StoredRecord>& revisions) {
    AMATE_CHECK(!revisions.empty());
    const auto& current = revisions.back();
    if (current.withdrawn() || !current.pending.empty()) return std::nullopt;
    const definitions::RecordLife life{current.state, current.flags};
    for (const auto& status :
         definitions::deadlines_of(at.register_, current.values, {at.now, &life})) {
        if (status.state != definitions::DeadlineState::lapsed) continue;
        const auto& deadline = *status.deadline;
        const auto name = "lapse:" + deadline.name;
        const bool told = std::any_of(revisions.begin(), revisions.end(),
                                      [&](const auto& each) { return each.act.name == name; });
        if (told) continue;
        auto next = current;
        ++next.revision;
        next.version = at.version;
        next.batch_row = 0;
        next.recorded_at.clear();
        next.row_hash.clear();
        next.act = {name, status.due.iso(), {}, ""};
        raise(next.flags, deadline.lapse_flag);
        set_task(at, deadline.lapse_task, next);
        for (const auto& action : at.register_.actions) {
            const bool fits = action.name == deadline.lapse_action &&
                              (action.from.empty() || holds(action.from, current.state));
            if (fits && !action.to.empty()) next.state = action.to;
        }
        return next;
    }
    return std::nullopt;
}

}  // namespace amate::registry
