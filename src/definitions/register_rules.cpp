// SPDX-License-Identifier: Apache-2.0
// Reads the rules and the access of a register.
#include <algorithm>
#include <set>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

// The words of a rule: its message, its title, or those of the flag it raises.
Text read_message(const Cursor& item, bool when, const Register& register_) {
    const auto message = item.find("message");
    if (message.present()) return message.label();
    const auto title = item.find("title");
    if (when && title.present()) return title.label();
    const auto flag = item.find("flag");
    for (const auto& each : register_.flags) {
        if (flag.is(NodeKind::scalar) && each.name == flag.raw_text()) return each.title;
    }
    return when ? Text() : item.get("message").label();
}

void read_in_force(const Cursor& item, Rule& rule) {
    rule.in_force = {item.find("from").date(), item.find("until").date()};
    const auto& [first, last] = rule.in_force;
    if (first && last && *last < *first) {
        item.find("until").bad_value(
            {"a day on or after `from`", "un día igual o posterior a `from`"});
    }
}

void read_rule(Loading& loading, const Cursor& item, const Environment& environment,
               std::size_t number, Register& register_) {
    if (!item.expect_keys({"warn", "refuse", "when", "message", "title", "flag", "task", "within",
                           "calendar", "source", "from", "until"})) {
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
    rule.message = read_message(item, when, register_);
    if (when) {
        rule.flag = item.get("flag").name();
        declare_flag(loading, register_, item.find("flag"));
    } else if (rule.kind == RuleKind::warn) {
        declare_flag(loading, register_, item.find("flag"));
        // A doubt without a name of its own is named by its place among the rules.
        rule.flag = item.find("flag").present() ? item.find("flag").name()
                                                : "doubt_" + std::to_string(number);
    } else if (item.find("flag").present()) {
        item.find("flag").fault("definitions.flag_of_refusal");
    }
    if (const auto task = item.find("task"); task.present()) {
        rule.task = task.name();
        if (when) {
            need_task(loading, register_, task);
        } else {
            task.fault("definitions.flag_of_refusal");
        }
    }
    rule.within = read_limit(loading, item);
    if (item.find("within").present() && rule.task.empty()) {
        item.find("within").fault("definitions.limit_without_task");
    }
    read_in_force(item, rule);
    if (const auto source = item.find("source"); source.present()) rule.source = source.text();
    if (condition.present()) register_.rules.push_back(std::move(rule));
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

void read_access(Loading& loading, const Cursor& access, Register& register_) {
    static const std::vector<std::string> kActions{"read",  "create", "amend", "act", "ingest",
                                                   "count", "export", "link",  "all"};
    if (!access.expect_keys({"purposes", "roles"})) return;
    for (const auto& item : access.find("purposes").items()) {
        auto purpose = item.name();
        if (purpose.empty()) continue;
        loading.need(Thing::purpose, "", item);
        register_.purposes.push_back(std::move(purpose));
    }
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
    // Acting, approving and doing a task are reaching, too.
    std::set<std::string> acting(register_.corrections.by.begin(), register_.corrections.by.end());
    const auto add = [&](const std::vector<std::string>& by) {
        acting.insert(by.begin(), by.end());
    };
    add(register_.corrections.approve.by);
    for (const auto& action : register_.actions) {
        add(action.by);
        add(action.approve.by);
    }
    for (const auto& task : register_.tasks) add(task.by);
    for (const auto& by : acting) check_firewall(loading, access, by, register_);
}

}  // namespace amate::definitions::internal
