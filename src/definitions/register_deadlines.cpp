// SPDX-License-Identifier: Apache-2.0
// Reads the deadlines of a register: from when, how long, what stops them and what a lapse does.
#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

std::optional<std::size_t> read_day_column(const Loading& loading, const Cursor& name,
                                           const Register& register_) {
    const auto index = name.present() ? read_column(loading, name, register_) : std::nullopt;
    if (!index) return std::nullopt;
    const auto type = register_.columns[*index].type;
    if (type == Type::date || type == Type::datetime) return index;
    name.bad_value({"a field of type date or datetime", "un campo de tipo date o datetime"});
    return std::nullopt;
}

void read_lapse(Loading& loading, const Cursor& lapse, const Register& register_,
                Deadline& deadline) {
    if (!lapse.expect_keys({"flag", "task", "action", "title"})) return;
    if (const auto flag = lapse.find("flag"); flag.present()) deadline.lapse_flag = flag.name();
    if (const auto task = lapse.find("task"); task.present()) {
        deadline.lapse_task = task.name();
        need_task(loading, register_, task);
    }
    if (const auto action = lapse.find("action"); action.present()) {
        deadline.lapse_action = action.name();
        loading.need(Thing::action, register_.name, action);
    }
    deadline.lapse_title = lapse.find("title").label();
    if (lapse.is(NodeKind::map) && lapse.node()->entries.empty()) {
        lapse.fault("definitions.missing_key", {{"key", "flag"}});
    }
}

void read_deadline(Loading& loading, const Cursor::Entry& entry, const Environment& environment,
                   Register& register_) {
    const auto& value = entry.value;
    Deadline deadline;
    deadline.name = entry.key.name();
    if (!value.expect_keys({"title", "from", "within", "calendar", "when", "met", "met_on",
                            "suspend", "on_lapse", "source"})) {
        return;
    }
    deadline.title = value.get("title").label();
    const auto from = read_day_column(loading, value.get("from"), register_);
    deadline.from = from.value_or(0);
    static_cast<void>(value.get("within"));
    deadline.within = read_limit(loading, value);
    deadline.when = read_condition(loading, value.find("when"), environment);
    deadline.met = read_condition(loading, value.find("met"), environment);
    deadline.met_on = read_day_column(loading, value.find("met_on"), register_);
    if (!value.find("met").present() && !value.find("met_on").present()) {
        value.fault("definitions.deadline_never_met", {{"value", deadline.name}});
    }
    for (const auto& item : value.find("suspend").items()) {
        if (!item.expect_keys({"from", "until"})) continue;
        const auto first = read_day_column(loading, item.get("from"), register_);
        const auto until = read_day_column(loading, item.get("until"), register_);
        if (first && until) deadline.suspend.push_back({*first, *until});
    }
    read_lapse(loading, value.find("on_lapse"), register_, deadline);
    if (const auto source = value.find("source"); source.present()) deadline.source = source.text();
    if (from && !deadline.within.empty() && !deadline.name.empty()) {
        register_.deadlines.push_back(std::move(deadline));
    }
}

}  // namespace

void read_deadlines(Loading& loading, const Cursor& deadlines, Register& register_) {
    const auto environment = environment_of(loading.pack, register_);
    for (const auto& entry : deadlines.entries()) {
        read_deadline(loading, entry, environment, register_);
    }
}

}  // namespace amate::definitions::internal
