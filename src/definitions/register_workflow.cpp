// SPDX-License-Identifier: Apache-2.0
// Reads the flags, tasks, workflow and corrections of a register.
#include <algorithm>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

void add_code(CodeList& list, const std::string& code, Text label) {
    if (code.empty() || list.find(code) != nullptr) return;
    list.index.emplace(code, list.codes.size());
    list.codes.push_back({code, {}, std::move(label), {}, {}, {}});
}

void check_state(const Cursor& cursor, const Register& register_) {
    const auto state = cursor.text();
    const auto& states = register_.states;
    if (state.empty() || std::find(states.begin(), states.end(), state) != states.end()) return;
    cursor.bad_value({"a state of this workflow", "un estado de este flujo"}, states);
}

void read_action(Loading& loading, const Cursor::Entry& entry, const Environment& environment,
                 Register& register_) {
    const auto& value = entry.value;
    WorkflowAction action;
    action.name = entry.key.name();
    loading.references.declare(Thing::action, register_.name, action.name, entry.key.place(),
                               loading.faults);
    if (!value.expect_keys({"title", "from", "to", "by", "within", "calendar", "requires", "allow",
                            "raises", "lowers", "approve"})) {
        return;
    }
    action.title = value.find("title").label();
    for (const auto& from : value.get("from").items_or_one()) {
        check_state(from, register_);
        action.from.push_back(from.raw_text());
    }
    check_state(value.get("to"), register_);
    action.to = value.find("to").is(NodeKind::scalar) ? value.find("to").raw_text() : "";
    action.by = loading.need_all(Thing::role, "", value.get("by"));
    action.within = read_limit(loading, value);
    action.requires_fields = read_field_names(loading, value.find("requires"), register_);
    action.allow = read_condition(loading, value.find("allow"), environment);
    action.raises = loading.need_all(Thing::flag, register_.name, value.find("raises"));
    action.lowers = loading.need_all(Thing::flag, register_.name, value.find("lowers"));
    for (const auto& item : value.find("lowers").items()) {
        const auto& raised = action.raises;
        if (std::find(raised.begin(), raised.end(), item.raw_text()) != raised.end()) {
            item.fault("definitions.raised_and_lowered", {{"value", shown(item.raw_text())}});
        }
    }
    action.approve = read_approval(loading, value.find("approve"));
    register_.actions.push_back(std::move(action));
}

void read_flag(Loading& loading, const Cursor::Entry& entry, Register& register_) {
    FlagDefinition flag;
    flag.name = entry.key.name();
    loading.references.declare(Thing::flag, register_.name, flag.name, entry.key.place(),
                               loading.faults);
    if (!entry.value.expect_keys({"title", "lowered_by"})) return;
    flag.title = entry.value.get("title").label();
    if (const auto by = entry.value.find("lowered_by"); by.present()) {
        flag.lowered_by = by.name();
        loading.need(Thing::action, register_.name, by);
    }
    add_code(register_.flag_list, flag.name, flag.title);
    if (!flag.name.empty()) register_.flags.push_back(std::move(flag));
}

void read_task(Loading& loading, const Cursor::Entry& entry, Register& register_) {
    TaskDefinition task;
    task.name = entry.key.name();
    loading.references.declare(Thing::task, register_.name, task.name, entry.key.place(),
                               loading.faults);
    if (!entry.value.expect_keys({"title", "by", "done_by"})) return;
    task.title = entry.value.get("title").label();
    task.by = loading.need_all(Thing::role, "", entry.value.get("by"));
    if (const auto by = entry.value.find("done_by"); by.present()) {
        task.done_by = by.name();
        loading.need(Thing::action, register_.name, by);
    }
    if (!task.name.empty()) register_.tasks.push_back(std::move(task));
}

}  // namespace

Approval read_approval(Loading& loading, const Cursor& approve) {
    Approval approval;
    if (!approve.expect_keys({"by", "distinct"})) return approval;
    const auto by = approve.get("by");
    approval.by = loading.need_all(Thing::role, "", by);
    if (by.is(NodeKind::list) && by.node()->items.empty()) {
        by.bad_value({"a list of at least one role", "una lista de al menos un rol"});
    }
    if (const auto distinct = approve.find("distinct"); distinct.present()) {
        approval.distinct = distinct.boolean();
    }
    return approval;
}

std::vector<std::string> read_field_names(const Loading& loading, const Cursor& list,
                                          const Register& register_) {
    std::vector<std::string> names;
    for (const auto& field : list.items()) {
        const auto& people = register_.person_fields;
        if (std::find(people.begin(), people.end(), field.text()) == people.end()) {
            static_cast<void>(read_column(loading, field, register_));
        }
        names.push_back(field.text());
    }
    return names;
}

void declare_flag(Loading& loading, Register& register_, const Cursor& flag) {
    if (!flag.is(NodeKind::scalar)) return;
    const auto name = flag.raw_text();
    if (!is_snake_case_name(name)) return;
    if (!loading.references.declared(Thing::flag, register_.name, name)) {
        loading.references.declare(Thing::flag, register_.name, name, flag.place(), loading.faults);
    }
    add_code(register_.flag_list, name, {});
}

void need_task(Loading& loading, const Register& register_, const Cursor& task) {
    if (!register_.tasks.empty()) loading.need(Thing::task, register_.name, task);
}

void read_flags_and_tasks(Loading& loading, const Cursor& root, Register& register_) {
    register_.flag_list.name = "flags";
    register_.state_list.name = "states";
    for (const auto& entry : root.find("flags").entries()) read_flag(loading, entry, register_);
    for (const auto& entry : root.find("tasks").entries()) read_task(loading, entry, register_);
    // A lapse raises flags of its own; actions above the deadlines may already lower them.
    for (const auto& entry : root.find("deadlines").entries()) {
        declare_flag(loading, register_, entry.value.find("on_lapse").find("flag"));
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
            add_code(register_.state_list, state, {});
            states.push_back(std::move(state));
        }
    }
    const auto environment = life_environment_of(loading.pack, register_);
    for (const auto& entry : workflow.find("actions").entries()) {
        read_action(loading, entry, environment, register_);
    }
}

void read_corrections(Loading& loading, const Cursor& corrections, Register& register_) {
    if (!corrections.expect_keys({"fields", "by", "reason", "approve"})) return;
    auto& rules = register_.corrections;
    rules.declared = true;
    rules.fields = read_field_names(loading, corrections.find("fields"), register_);
    rules.by = loading.need_all(Thing::role, "", corrections.find("by"));
    rules.reason_required =
        corrections.find("reason").choice({"required", "optional"}) == "required";
    rules.approve = read_approval(loading, corrections.find("approve"));
}

}  // namespace amate::definitions::internal
