// SPDX-License-Identifier: Apache-2.0
// The auditor's books: records and entries as they must stand in the store, and looking back.
#include <algorithm>

#include <fmt/format.h>

#include "registry/model/auditor.hpp"

namespace amate::registry::model {
namespace {

const char* prefix_of(const std::string& register_name) {
    return register_name == "landing" ? "LAN" : (register_name == "shelter_stay" ? "CAS" : "AMP");
}

// Its time gives the record its year.
std::string year_of(const std::string& register_name, const Fields& values) {
    const char* time = register_name == "landing"
                           ? "landed_at"
                           : (register_name == "shelter_stay" ? "arrived_at" : "opened_on");
    return values.at(time).substr(0, 4);
}

bool was_known(const Revision& revision, const std::string& known_at) {
    return revision.recorded_at.substr(0, known_at.size()) <= known_at;
}

template <class List>
void follow(const List& before, const List& after, List& list) {
    for (const auto& each : before) {
        if (std::find(after.begin(), after.end(), each) != after.end()) continue;
        const auto gone = std::find(list.begin(), list.end(), each);
        if (gone != list.end()) list.erase(gone);
    }
    for (const auto& each : after) {
        if (std::find(before.begin(), before.end(), each) == before.end()) list.insert(each);
    }
}

// Of the revisions that were known, those whose acts held by then, in the order of the world.
std::vector<std::size_t> acts_until(const std::vector<Revision>& known,
                                    const std::string& effective_at) {
    std::vector<std::size_t> acts;
    for (std::size_t i = 1; i < known.size(); ++i) {
        if (known[i].effective_at > effective_at) continue;
        auto place = acts.end();
        while (place != acts.begin() && known[*(place - 1)].effective_at > known[i].effective_at) {
            --place;
        }
        acts.insert(place, i);
    }
    return acts;
}

Revision state_at(const std::vector<Revision>& known, const std::string& effective_at) {
    auto seen = known.front();
    // Where they led, in the order in which they were decided.
    for (std::size_t i = 1; i < known.size(); ++i) {
        const auto& before = known[i - 1];
        const auto& after = known[i];
        if (after.effective_at > effective_at) continue;
        if (after.state != before.state) seen.state = after.state;
        follow(before.flags, after.flags, seen.flags);
        follow(before.tasks, after.tasks, seen.tasks);
        seen.waiting = after.waiting;
        seen.number = after.number;
    }
    // What they set, in the order of the world.
    for (const auto i : acts_until(known, effective_at)) {
        for (const auto& [name, value] : known[i].set) {
            if (value.empty()) {
                seen.values.erase(name);
            } else {
                seen.values[name] = value;
            }
        }
        seen.act = known[i].act;
    }
    return seen;
}

}  // namespace

Auditor::Auditor(std::string now) : now_(std::move(now)) {}

std::string Auditor::moment() const {
    return std::max(now_ + ".000Z", last_at_);
}

const Life* Auditor::find(const std::string& register_name, const std::string& folio) const {
    const auto found = places_.find(folio);
    if (found == places_.end()) return nullptr;
    const auto& life = lives_[found->second];
    return life.register_name == register_name ? &life : nullptr;
}

std::int64_t Auditor::standing(const std::string& register_name) const {
    return std::count_if(lives_.begin(), lives_.end(), [&](const Life& life) {
        return life.register_name == register_name && life.revisions.back().act != "withdraw";
    });
}

std::string Auditor::next_folio(const std::string& register_name, const Fields& values) {
    const auto year = year_of(register_name, values);
    const auto number = ++numbers_[register_name + year];
    return fmt::format("{}-{}-{:0{}}", prefix_of(register_name), year, number,
                       register_name == "protection_case" ? 5 : 6);
}

void Auditor::note(const std::string& action, const std::string& register_name,
                   const std::string& user) {
    last_at_ = moment();
    entries_.push_back({action, register_name, user, last_at_});
}

void Auditor::write(Life& life, Revision next, std::int64_t row) {
    next.recorded_at = moment();
    next.entry = static_cast<std::int64_t>(entries_.size()) + 1;
    next.row = row;
    life.revisions.push_back(std::move(next));
    life.touched = true;
    ++revisions_;
}

Told Auditor::write(const Asked& asked, Revision next, std::int64_t row) {
    auto folio = asked.folio;
    if (asked.what == "create") {
        folio = next_folio(asked.register_name, next.values);
        places_[folio] = lives_.size();
        lives_.push_back({asked.register_name, folio, {}, true});
    }
    auto& life = lives_[places_.at(folio)];
    write(life, std::move(next), row);
    const auto& last = life.revisions.back();
    return {{},         life.register_name,       folio, last.act, last.state, last.number,
            last.entry, last.waiting.has_value(), false};
}

BatchTold Auditor::take_in(const std::string& bytes, const std::vector<FerryRow>& rows,
                           const std::string& user) {
    BatchTold told;
    if (!files_.insert(bytes).second) {
        told.refusals = {"registry.batch_repeated"};
        return told;
    }
    Asked asked;
    asked.what = "create";
    asked.register_name = "landing";
    for (const auto& row : rows) {
        ++told.read;
        if (!row) continue;
        Revision next;
        next.values = *row;
        auto verdict = judge("landing", next.values, now_);
        if (!verdict.problems.empty()) continue;
        if (!verdict.flags.empty()) ++told.flagged;
        next.state = first_state_of("landing");
        next.flags = std::move(verdict.flags);
        next.tasks = std::move(verdict.tasks);
        write(asked, std::move(next), told.read);
        ++told.accepted;
    }
    note("batch.ingest", "landing", user);
    return told;
}

std::int64_t Auditor::lapse(const std::string& user) {
    std::vector<Life*> due;
    for (auto& life : lives_) {
        const auto& last = life.revisions.back();
        if (life.register_name != "shelter_stay" || last.act == "withdraw" || last.waiting)
            continue;
        const bool told =
            std::any_of(life.revisions.begin(), life.revisions.end(),
                        [](const auto& each) { return each.act == "lapse:assessment"; });
        if (told || last.values.contains("assessed_on")) continue;
        if (now_ > assessment_due(last.values.at("arrived_at"))) due.push_back(&life);
    }
    std::sort(due.begin(), due.end(), [](const Life* a, const Life* b) {
        const auto& left = a->revisions.back();
        const auto& right = b->revisions.back();
        return std::pair(left.entry, left.row) < std::pair(right.entry, right.row);
    });
    constexpr std::size_t kPerEntry = 1000;
    for (std::size_t i = 0; i < due.size(); ++i) {
        auto next = due[i]->revisions.back();
        ++next.number;
        next.act = "lapse:assessment";
        next.effective_at = assessment_due(next.values.at("arrived_at"));
        next.set.clear();
        next.reason.clear();
        next.flags.insert("late_assessment");
        next.tasks.emplace("remind", "");
        write(*due[i], std::move(next), static_cast<std::int64_t>(i % kPerEntry) + 1);
        const bool full = i % kPerEntry == kPerEntry - 1;
        if (full || i + 1 == due.size()) note("deadlines.lapse", "shelter_stay", user);
    }
    return static_cast<std::int64_t>(due.size());
}

std::optional<Revision> Auditor::read(const Life* life, const Person& by,
                                      const std::string& register_name, const std::string& known_at,
                                      const std::string& effective_at, Refusals& refusals) {
    refusals = refuse_right(by, register_name, "read");
    if (!refusals.empty()) return std::nullopt;
    std::vector<Revision> known;
    if (life != nullptr) {
        for (const auto& revision : life->revisions) {
            if (known_at.empty() || was_known(revision, known_at)) known.push_back(revision);
        }
    }
    if (known.empty()) {
        refusals = {"registry.no_such_record"};
        return std::nullopt;
    }
    if (register_name == "protection_case") note("record.read", register_name, by.user);
    return effective_at.empty() ? known.back() : state_at(known, effective_at);
}

Refusals Auditor::read_history(const Life* life, const Person& by,
                               const std::string& register_name) {
    auto refusals = refuse_right(by, register_name, "read");
    if (!refusals.empty()) return refusals;
    if (life == nullptr) return {"registry.no_such_record"};
    if (register_name == "protection_case") note("record.read", register_name, by.user);
    return {};
}

}  // namespace amate::registry::model
