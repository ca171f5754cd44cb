// SPDX-License-Identifier: Apache-2.0
// Draws operations: their kinds, groups, bulks, files and moments to look back to.
#include "registry/model/operations.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::registry::model {
namespace {

constexpr std::size_t kKeptMax = 50;
constexpr std::int64_t kDay = 86'400;

template <class Item>
void keep(std::vector<Item>& list, const Item& item, std::size_t at) {
    if (list.size() < kKeptMax) {
        list.push_back(item);
    } else {
        list[at] = item;
    }
}

}  // namespace

Operations::Operations(std::uint64_t seed) : random_(seed) {
    const auto weight = [&] { return in(15) ? 0 : std::size_t{1} << below(6); };
    operations_ = {{"requests", 64 + weight()},
                   {"bulk", weight()},
                   {"batch", weight() / 2},
                   {"read", 3 * weight()},
                   {"history", weight()}};
    for (const auto* name : {"create", "amend", "correct", "act", "withdraw", "reinstate",
                             "approve", "reject", "again"}) {
        requests_[name] = weight();
    }
    for (const auto* name : {"create", "amend", "act"}) requests_[name] += 6;
    requests_["reinstate"] += requests_["withdraw"] / 2;
    requests_["approve"] += 6;
    for (const auto* name : {"landing", "shelter_stay", "protection_case"}) {
        registers_[name] = weight();
    }
    registers_["shelter_stay"] += 4;
    wrong_ = std::size_t{1} << below(5);
    hot_ = 40 + below(60);
    keyed_ = below(40);
    group_max_ = std::size_t{1} << below(7);
    hurry_ = below(4);
}

std::string Operations::draw(const std::map<std::string, std::size_t>& weights) {
    std::size_t sum = 0;
    for (const auto& [name, weight] : weights) sum += weight;
    auto at = below(sum);
    for (const auto& [name, weight] : weights) {
        if (at < weight) return name;
        at -= weight;
    }
    return weights.begin()->first;
}

Operation Operations::next() {
    // What is done to the whole house is rare, and never left out.
    if (below(250) == 0) {
        return pick(std::vector<Operation>{Operation::lapse, Operation::rotate, Operation::seal,
                                           Operation::reopen});
    }
    const auto name = draw(operations_);
    if (name == "requests") return Operation::requests;
    if (name == "bulk") return Operation::bulk;
    if (name == "batch") return Operation::batch;
    return name == "read" ? Operation::read : Operation::history;
}

std::int64_t Operations::pause(const Auditor& auditor) {
    if (in(50)) return 0;
    // Back no further than the ledger bears.
    if (in(4) && auditor.moment() == auditor.now() + ".000Z") {
        return -1 - static_cast<std::int64_t>(below(2));
    }
    if (in(80)) return static_cast<std::int64_t>(below(90));
    if (in(80) || hurry_ == 0) return static_cast<std::int64_t>(below(4 * 3600));
    return static_cast<std::int64_t>(below(hurry_ * kDay));
}

const Life* Operations::life(Auditor& auditor) {
    const auto& lives = auditor.lives();
    if (lives.empty()) return nullptr;
    const auto recent = std::min<std::size_t>(lives.size(), 30);
    const auto at = in(hot_) ? lives.size() - 1 - below(recent) : below(lives.size());
    return &lives[at];
}

void Operations::give_key(Asked& asked) {
    asked.key = "k" + std::to_string(++drawn_);
    asked.digest = "d" + std::to_string(drawn_);
}

Asked Operations::request(Auditor& auditor) {
    const auto what = draw(requests_);
    if (what == "again" && !keyed_asks_.empty()) {
        auto asked = pick(keyed_asks_);
        if (in(30)) asked.digest += "x";
        return asked;
    }
    auto asked = what == "create" ? create(auditor) : change(auditor);
    if (asked.what == "create" && wrong()) asked.by = anybody();
    if (in(keyed_)) {
        give_key(asked);
        keep(keyed_asks_, asked, below(kKeptMax));
    }
    return asked;
}

std::vector<Asked> Operations::bulk(Auditor& auditor) {
    if (!keyed_bulks_.empty() && in(10)) {
        auto all = pick(keyed_bulks_);
        if (in(30)) all.front().digest += "x";
        return all;
    }
    std::vector<Asked> all;
    const auto wanted = 1 + below(8);
    const auto usual = wrong_;
    if (in(70)) wrong_ = 0;  // otherwise hardly one would be free of faults
    for (std::size_t i = 0; i < wanted; ++i) {
        all.push_back(in(50) ? create(auditor) : change(auditor));
        if (all.back().reason.empty()) all.back().reason = "One of many";
        // Only creations and amendments are sure to pass.
        if (wrong_ == 0 && all.back().what != "amend") all.back() = create(auditor);
    }
    wrong_ = usual;
    if (in(keyed_)) {
        give_key(all.front());
        keep(keyed_bulks_, all, below(kKeptMax));
    }
    return all;
}

Reading Operations::reading(Auditor& auditor) {
    Reading reading;
    reading.register_name = "landing";
    reading.folio = "LAN-1999-000001";
    if (const auto* found = life(auditor); found != nullptr) {
        reading.register_name = found->register_name;
        if (!wrong() || in(50)) reading.folio = found->folio;
        // At, just before and just after what happened.
        const auto& revisions = found->revisions;
        if (in(60)) {
            reading.known_at = revisions[below(revisions.size())].recorded_at;
            if (in(20)) reading.known_at.resize(10);
            if (in(30)) reading.known_at = plus_seconds(reading.known_at + "T00:00:00", -1);
        }
        const auto effective_at = revisions[below(revisions.size())].effective_at;
        if (in(60) && !effective_at.empty()) {
            reading.effective_at =
                plus_seconds(effective_at, static_cast<std::int64_t>(below(3)) - 1);
        }
    }
    reading.by = person(reading.register_name == "protection_case" || in(30) ? "child_protection"
                                                                             : "supervisor");
    if (wrong()) reading.by = anybody();
    return reading;
}

Batch Operations::batch(const Auditor& auditor) {
    if (!batches_.empty() && in(15)) return pick(batches_);
    Batch batch;
    batch.bytes = "arrival|pier|passenger|born|sex|citizenship|with_adult|care\n";
    const auto wanted = 1 + below(12);
    for (std::size_t i = 0; i < wanted; ++i) {
        auto fields = landing(auditor);
        if (wrong()) fields.erase("landed_at");
        fields["modality"] = "ferry";
        fields["person.names"] = "Passenger " + std::to_string(++drawn_);
        fields.erase("remarks");
        fields.erase("party_size");
        if (fields["person.sex"] == "unknown") fields["person.sex"] = "other";
        if (fields["accompanied"] == "unknown") fields["accompanied"] = "true";
        const bool unreadable = wrong();
        std::string line;
        for (const auto* name : {"landed_at", "point", "person.names", "person.birth", "person.sex",
                                 "person.nationality", "accompanied", "services"}) {
            const auto found = fields.find(name);
            auto cell = found == fields.end() ? std::string() : found->second;
            if (unreadable && name == std::string("landed_at")) cell = "at dawn";
            line += (line.empty() && name == std::string("landed_at") ? "" : "|") + cell;
        }
        batch.bytes += line + "\n";
        for (auto each = fields.begin(); each != fields.end();) {
            each = each->second.empty() ? fields.erase(each) : std::next(each);
        }
        batch.rows.push_back(unreadable ? FerryRow() : FerryRow(fields));
    }
    keep(batches_, batch, below(kKeptMax));
    return batch;
}

std::string to_line(const Asked& asked) {
    std::string fields;
    for (const auto& [name, value] : asked.fields) fields += fmt::format(" {}={}", name, value);
    std::string roles;
    for (const auto& role : asked.by.roles) roles += " " + role;
    return fmt::format("{} {} {} {} base {} by {} ({}{}) key '{}' effective '{}'{}", asked.what,
                       asked.register_name, asked.folio, asked.action, asked.base, asked.by.user,
                       asked.by.purpose, roles, asked.key, asked.effective_at, fields);
}

}  // namespace amate::registry::model
