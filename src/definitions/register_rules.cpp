// SPDX-License-Identifier: Apache-2.0
// Reads the rules, the workflow and the access of a register.
#include <algorithm>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

void read_rule(Loading& loading, const Cursor& item, const Environment& environment,
               std::size_t number, Register& register_) {
    if (!item.expect_keys(
            {"warn", "refuse", "when", "message", "title", "flag", "task", "within", "source"})) {
        return;
    }
    Rule rule;
    Cursor condition;
    for (const auto& [key, kind] :
         {std::pair{"warn", RuleKind::warn}, std::pair{"refuse", RuleKind::refuse},
          std::pair{"when", RuleKind::when}}) {
        const auto found = item.find(key);
        if (!found.present()) continue;
        if (condition.present()) found.fault("definitions.rule_kind");
        condition = found;
        rule.kind = kind;
    }
    if (!condition.present()) item.fault("definitions.rule_kind");
    rule.expression = read_condition(loading, condition, environment);
    const bool when = rule.kind == RuleKind::when;
    rule.message =
        (when && !item.find("message").present() ? item.find("title") : item.get("message"))
            .label();
    if (when) {
        rule.flag = item.get("flag").name();
    } else if (rule.kind == RuleKind::warn) {
        // A doubt without a name of its own is named by its place among the rules.
        rule.flag = item.find("flag").present() ? item.find("flag").name()
                                                : "doubt_" + std::to_string(number);
    } else if (item.find("flag").present()) {
        item.find("flag").fault("definitions.flag_of_refusal");
    }
    if (const auto task = item.find("task"); task.present()) {
        rule.task = task.name();
        if (!when) task.fault("definitions.flag_of_refusal");
    }
    rule.within = item.find("within").duration("mhd");
    if (const auto source = item.find("source"); source.present()) rule.source = source.text();
    if (condition.present()) register_.rules.push_back(std::move(rule));
}

void check_state(const Cursor& cursor, const Register& register_) {
    const auto state = cursor.text();
    const auto& states = register_.states;
    if (state.empty() || std::find(states.begin(), states.end(), state) != states.end()) return;
    cursor.bad_value({"a state of this workflow", "un estado de este flujo"}, states);
}

void read_action(Loading& loading, const Cursor::Entry& entry, Register& register_) {
    const auto& value = entry.value;
    WorkflowAction action;
    action.name = entry.key.name();
    if (!value.expect_keys({"title", "from", "to", "by", "within", "requires"})) return;
    action.title = value.find("title").label();
    for (const auto& from : value.get("from").items_or_one()) {
        check_state(from, register_);
        action.from.push_back(from.raw_text());
    }
    check_state(value.get("to"), register_);
    action.to = value.find("to").is(NodeKind::scalar) ? value.find("to").raw_text() : "";
    action.by = loading.need_all(Thing::role, "", value.get("by"));
    action.within = value.find("within").duration("mhd");
    for (const auto& field : value.find("requires").items()) {
        // A person field stands for its attributes.
        const auto& people = register_.person_fields;
        if (std::find(people.begin(), people.end(), field.text()) == people.end()) {
            static_cast<void>(read_column(loading, field, register_));
        }
        action.requires_fields.push_back(field.text());
    }
    register_.actions.push_back(std::move(action));
}

// Protection data stands behind a firewall from enforcement, counts included.
void check_firewall(const Loading& loading, const Cursor& at, const std::string& name,
                    const Register& register_) {
    if (register_.sensitivity != Sensitivity::protected_) return;
    const auto& roles = loading.pack.roles;
    const auto role = std::find_if(roles.begin(), roles.end(),
                                   [&](const auto& each) { return each.name == name; });
    if (role == roles.end() || role->domain != Domain::enforcement) return;
    at.fault("definitions.enforcement_reaches_protected",
             {{"value", name}, {"register", register_.name}});
}

}  // namespace

void read_rules(Loading& loading, const Cursor& rules, Register& register_) {
    const auto environment = environment_of(loading.pack, register_);
    std::size_t number = 0;
    for (const auto& item : rules.items()) {
        read_rule(loading, item, environment, ++number, register_);
    }
}

void read_workflow(Loading& loading, const Cursor& workflow, Register& register_) {
    if (!workflow.expect_keys({"states", "actions"})) return;
    for (const auto& item : workflow.get("states").items()) {
        auto state = item.name();
        auto& states = register_.states;
        if (std::find(states.begin(), states.end(), state) != states.end()) {
            item.fault("definitions.repeated", {{"value", state}});
        } else if (!state.empty()) {
            states.push_back(std::move(state));
        }
    }
    for (const auto& entry : workflow.find("actions").entries()) {
        read_action(loading, entry, register_);
    }
}

void read_access(Loading& loading, const Cursor& access, Register& register_) {
    static const std::vector<std::string> kActions{"read",  "create", "amend", "act",
                                                   "count", "export", "link",  "all"};
    if (!access.expect_keys({"purposes", "roles"})) return;
    static_cast<void>(access.find("purposes").names());
    for (const auto& [key, value] : access.get("roles").entries()) {
        loading.need(Thing::role, "", key);
        const auto name = key.text();
        auto& actions = register_.access[name];
        for (const auto& item : value.items()) {
            auto action = item.choice(kActions);
            if (!action.empty()) actions.push_back(std::move(action));
        }
        check_firewall(loading, key, name, register_);
    }
    // Acting is reaching, too.
    for (const auto& action : register_.actions) {
        for (const auto& by : action.by) check_firewall(loading, access, by, register_);
    }
}

}  // namespace amate::definitions::internal
