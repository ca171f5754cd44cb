// SPDX-License-Identifier: Apache-2.0
// A record at a moment: its acts followed in the order of the world, as far as they were known.
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

void follow_act(const store::StoredRecord& before, const store::StoredRecord& after,
                store::StoredRecord& record) {
    for (const auto& [column, value] : after.act.changes) record.values[column] = value;
    if (after.state != before.state) record.state = after.state;
    follow(before.flags, after.flags, record.flags);
    follow(before.tasks, after.tasks, record.tasks);
    record.pending = after.pending;
    record.act = after.act;
    record.revision = std::max(record.revision, after.revision);
    record.recorded_at = std::max(record.recorded_at, after.recorded_at);
}

}  // namespace

std::optional<store::StoredRecord> as_of(const std::vector<store::StoredRecord>& revisions,
                                         const AsOf& moments) {
    const auto known = [&](const store::StoredRecord& revision) {
        if (!moments.known_at) return true;
        const auto& at = *moments.known_at;
        return std::string_view(revision.recorded_at).substr(0, at.size()) <= at;
    };
    if (revisions.empty() || !known(revisions.front())) return std::nullopt;
    std::vector<std::size_t> acts;
    const auto until = moments.effective_at ? moments.effective_at->iso() : std::string();
    for (std::size_t i = 1; i < revisions.size(); ++i) {
        const auto& moment = revisions[i].act.effective_at;
        if (known(revisions[i]) && (until.empty() || moment <= until)) acts.push_back(i);
    }
    std::stable_sort(acts.begin(), acts.end(), [&](std::size_t a, std::size_t b) {
        return revisions[a].act.effective_at < revisions[b].act.effective_at;
    });
    auto record = revisions.front();
    for (const auto i : acts) follow_act(revisions[i - 1], revisions[i], record);
    return record;
}

}  // namespace amate::registry
