// SPDX-License-Identifier: Apache-2.0
// Flags and tasks follow rules and actions.
#include "registry/internal/marks.hpp"

#include <algorithm>

#include "definitions/deadlines.hpp"

namespace amate::registry::internal {

bool holds(const Names& list, std::string_view item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

void raise(Names& list, const std::string& item) {
    if (!item.empty() && !holds(list, item)) list.push_back(item);
}

void lower(Names& list, const std::string& item) {
    list.erase(std::remove(list.begin(), list.end(), item), list.end());
}

void set_task(const Circumstances& at, const std::string& name, store::StoredRecord& record) {
    const bool open = std::any_of(record.tasks.begin(), record.tasks.end(),
                                  [&](const auto& task) { return task.name == name; });
    if (name.empty() || open) return;
    auto& task = record.tasks.emplace_back(store::OpenTask{name, ""});
    for (const auto& rule : at.register_.rules) {
        if (rule.task != name || rule.within.empty()) continue;
        const auto due =
            definitions::due_from(rule.within, record.values[at.register_.time_column]);
        if (due) task.due = due->iso();
        return;
    }
}

bool stands_until_lowered(const definitions::Register& register_, const std::string& flag) {
    const bool declared = std::any_of(
        register_.flags.begin(), register_.flags.end(),
        [&](const auto& each) { return each.name == flag && !each.lowered_by.empty(); });
    const bool lowered =
        std::any_of(register_.actions.begin(), register_.actions.end(),
                    [&](const auto& action) { return holds(action.lowers, flag); });
    return declared || lowered;
}

bool set_by_rule(const definitions::Register& register_, const std::string& flag) {
    return std::any_of(register_.rules.begin(), register_.rules.end(),
                       [&](const auto& rule) { return rule.flag == flag; });
}

}  // namespace amate::registry::internal
