// SPDX-License-Identifier: Apache-2.0
// A record at a moment: the acts that held by then followed, as far as they were known.
#include <algorithm>

#include "registry/life.hpp"

namespace amate::registry {
namespace {

template <class Item>
bool holds(const std::vector<Item>& list, const Item& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

// What `to` has and `from` lacked is added, what `from` had and `to` lacks is taken away.
template <class Item>
void follow(const std::vector<Item>& from, const std::vector<Item>& to, std::vector<Item>& list) {
    for (const auto& item : from) {
        if (!holds(to, item)) list.erase(std::remove(list.begin(), list.end(), item), list.end());
    }
    for (const auto& item : to) {
        if (!holds(from, item) && !holds(list, item)) list.push_back(item);
    }
}

// Where the act led: state, flags, tasks, what waits.
void follow_act(const store::StoredRecord& before, const store::StoredRecord& after,
                store::StoredRecord& record) {
    if (after.state != before.state) record.state = after.state;
    follow(before.flags, after.flags, record.flags);
    follow(before.tasks, after.tasks, record.tasks);
    record.pending = after.pending;
    record.revision = after.revision;
    record.recorded_at = after.recorded_at;
}

}  // namespace

std::optional<store::StoredRecord> as_of(const std::vector<store::StoredRecord>& revisions,
                                         const AsOf& moments) {
    const auto known = [&](const store::StoredRecord& revision) {
        if (!moments.known_at) return true;
        const auto& at = *moments.known_at;
        return std::string_view(revision.recorded_at).substr(0, at.size()) <= at;
    };
    const auto end = std::find_if_not(revisions.begin(), revisions.end(), known);
    if (end == revisions.begin()) return std::nullopt;
    if (!moments.effective_at) return *std::prev(end);
    const auto until = moments.effective_at->iso();
    std::vector<const store::StoredRecord*> acts;
    auto record = revisions.front();
    for (auto each = std::next(revisions.begin()); each != end; ++each) {
        if (each->act.effective_at > until) continue;
        acts.push_back(&*each);
        // Each was decided on what those recorded before it had led to: in their order.
        follow_act(*std::prev(each), *each, record);
    }
    std::stable_sort(acts.begin(), acts.end(), [](const auto* a, const auto* b) {
        return a->act.effective_at < b->act.effective_at;
    });
    for (const auto* each : acts) {
        for (const auto& [column, value] : each->act.changes) record.values[column] = value;
        record.act = each->act;
    }
    return record;
}

}  // namespace amate::registry
