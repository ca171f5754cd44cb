// SPDX-License-Identifier: Apache-2.0
// Draws operations: mostly such as people do, often with one thing wrong.
#include "registry/model/operations.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::registry::model {
namespace {

constexpr std::size_t kKeptMax = 50;
constexpr std::int64_t kDay = 86'400;

const std::vector<std::string> kNames = {"Nara Oleaje", "Sol Marea", "Tomé Arrecife"};
const std::vector<std::string> kSexes = {"female", "male", "other", "unknown"};
const std::vector<std::string> kPoints = {"long_pier", "heron_cove", "dune_gate", "salt_lake"};
const std::vector<std::string> kServices = {"food", "water", "phone_call", "food;water",
                                            "food;legal_advice;medical_care"};

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
    requests_["create"] += 8;
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

Person Operations::person(const std::string& role) {
    const auto number = std::to_string(below(3));
    if (role == "supervisor" && in(8)) {
        return {"both" + number, "reception", {"supervisor", "child_protection"}};
    }
    return {role + number, in(90) ? "reception" : "statistics", {role}};
}

Person Operations::anybody() {
    static const std::vector<std::string> kRoles = {
        "supervisor", "child_protection", "reception_officer", "border_inspector", "statistician"};
    auto found = person(pick(kRoles));
    if (in(20)) found.purpose = "guidance";
    return found;
}

const Life* Operations::life(Auditor& auditor) {
    const auto& lives = auditor.lives();
    if (lives.empty()) return nullptr;
    const auto recent = std::min<std::size_t>(lives.size(), 30);
    const auto at = in(hot_) ? lives.size() - 1 - below(recent) : below(lives.size());
    return &lives[at];
}

std::string Operations::moment_before(const std::string& now) {
    const std::size_t days = in(90) ? 20 : 1'000;
    return plus_seconds(now, -static_cast<std::int64_t>(below(days * kDay)));
}

Fields Operations::landing(const Auditor& auditor) {
    Fields fields;
    auto landed = moment_before(auditor.now());
    if (wrong()) landed = plus_seconds(auditor.now(), 1 + static_cast<std::int64_t>(below(kDay)));
    fields["landed_at"] = landed;
    fields["point"] = wrong() ? (in(50) ? "north" : "nowhere") : pick(kPoints);
    fields["modality"] = in(20) ? "ferry" : (in(50) ? "assisted" : "own_means");
    fields["person.sex"] = pick(kSexes);
    if (in(70)) fields["person.names"] = pick(kNames);
    if (in(70)) {
        const auto age = in(50) ? below(18) : 18 + below(50);
        fields["person.birth"] =
            plus_seconds(landed, -static_cast<std::int64_t>(age * 365 + below(365)) * kDay)
                .substr(0, 10);
    }
    if (in(85)) fields["accompanied"] = in(10) ? "unknown" : (in(60) ? "true" : "false");
    if (in(40)) fields["services"] = pick(kServices);
    if (in(50)) fields["party_size"] = wrong() ? "201" : std::to_string(1 + below(5));
    if (in(20)) fields["remarks"] = "Wet, and cold " + std::to_string(below(100));
    return fields;
}

Fields Operations::stay(const Auditor& auditor) {
    Fields fields;
    auto arrived = moment_before(auditor.now());
    if (wrong()) arrived = plus_seconds(auditor.now(), 1);
    fields["arrived_at"] = arrived;
    fields["office"] = in(90) ? "hill_house" : (in(50) ? "capital_house" : "port_house");
    fields["person.sex"] = pick(kSexes);
    if (in(60)) {
        fields["person.birth"] = std::to_string(1990 + below(25)) + "-0" +
                                 std::to_string(1 + below(9)) + "-1" + std::to_string(below(10));
    }
    if (in(30)) fields["zone"] = wrong() ? "long_pier" : (in(50) ? "north" : "south");
    if (in(30)) fields["walked"] = std::to_string(60 * (wrong() ? 96 : 1 + below(72)));
    if (in(15)) fields["assessed_on"] = auditor.now().substr(0, 10);
    return fields;
}

Fields Operations::protection_case(const Auditor& auditor) {
    Fields fields;
    fields["opened_on"] = moment_before(auditor.now()).substr(0, 10);
    if (wrong()) fields["opened_on"] = plus_seconds(auditor.now(), kDay).substr(0, 10);
    fields["person.names"] = pick(kNames);
    if (in(40)) fields["harm"] = in(60) ? "true" : "false";
    if (in(40)) fields["account"] = "Fled by night " + std::to_string(below(100));
    return fields;
}

Asked Operations::create(const Auditor& auditor) {
    Asked asked;
    asked.what = "create";
    asked.register_name = draw(registers_);
    if (asked.register_name == "landing") {
        asked.by = person(in(70) ? "reception_officer" : "supervisor");
        asked.fields = landing(auditor);
    } else if (asked.register_name == "shelter_stay") {
        asked.by = person("supervisor");
        asked.fields = stay(auditor);
    } else {
        asked.by = person("child_protection");
        asked.fields = protection_case(auditor);
    }
    if (wrong()) asked.fields.erase(std::next(asked.fields.begin(), below(asked.fields.size())));
    return asked;
}

Fields Operations::some_of(const Fields& fields) {
    Fields some;
    const auto wanted = 1 + below(3);
    for (std::size_t i = 0; i < wanted; ++i) {
        some.insert(*std::next(fields.begin(), static_cast<std::ptrdiff_t>(below(fields.size()))));
    }
    if (in(15)) some.begin()->second.clear();
    return some;
}

// Mostly one that its state lets through.
void Operations::choose_act(const Life& life, Asked& asked, const std::string& now) {
    const auto& last = life.revisions.back();
    const auto& name = life.register_name;
    std::vector<std::string> all = {"attend", "close"};
    if (name == "shelter_stay") all = {"assess", "reunite", "leave"};
    if (name == "protection_case") all = {"close"};
    asked.action = pick(all);
    for (int i = 0; i < 4 && !wrong(); ++i) {
        if (find_action(name, asked.action)->from.contains(last.state)) break;
        asked.action = pick(all);
    }
    const auto action = *find_action(name, asked.action);
    asked.by =
        person(*std::next(action.by.begin(), static_cast<std::ptrdiff_t>(below(action.by.size()))));
    if (asked.action == "close" && name == "landing" && in(80)) {
        asked.fields["services"] = pick(kServices);
    }
    if (asked.action == "assess" && in(80)) asked.fields["assessed_on"] = now.substr(0, 10);
    if (name == "shelter_stay" && in(5)) asked.fields["walked"] = "120";
    if (wrong()) asked.action = "asess";
}

// One that the request mostly fits: what waits is answered, what was withdrawn taken back.
const Life* Operations::life_for(const std::string& what, Auditor& auditor) {
    constexpr int kTries = 12;
    const Life* found = nullptr;
    for (int i = 0; i < kTries; ++i) {
        found = life(auditor);
        if (found == nullptr || wrong()) return found;
        const auto& last = found->revisions.back();
        const bool answers = what == "approve" || what == "reject";
        const bool withdrawn = last.act == "withdraw";
        if (answers == last.waiting.has_value() && withdrawn == (what == "reinstate")) return found;
    }
    return in(20) ? found : nullptr;
}

Asked Operations::change(Auditor& auditor) {
    Asked asked;
    asked.what = draw(requests_);
    while (asked.what == "create" || asked.what == "again") asked.what = draw(requests_);
    const auto* found = life_for(asked.what, auditor);
    if (found == nullptr) return create(auditor);
    const auto& name = asked.register_name = found->register_name;
    asked.folio = found->folio;
    asked.base = found->revisions.back().number;
    if (wrong() && asked.base > 1)
        asked.base -= 1 + static_cast<std::int64_t>(below(2)) % asked.base;
    if (asked.base < 1) asked.base = 1;
    if (wrong() && in(30)) asked.folio = "LAN-1999-000001";
    const bool sets = asked.what == "amend" || asked.what == "correct";
    asked.by = person(name == "protection_case" ? "child_protection"
                      : name == "landing"       ? "reception_officer"
                                                : "supervisor");
    if (asked.what == "approve" || asked.what == "reject") {
        asked.by = person(in(70) ? "child_protection" : "supervisor");
    }
    if (asked.what == "act") choose_act(*found, asked, auditor.now());
    if (sets) {
        const auto fields = name == "landing"        ? landing(auditor)
                            : name == "shelter_stay" ? stay(auditor)
                                                     : protection_case(auditor);
        asked.fields = some_of(fields);
        if (in(5)) asked.fields = {*found->revisions.back().values.begin()};
        for (const auto* calculated : {"service_count", "minors", "allowance"}) {
            if (asked.fields.erase(calculated) > 0) asked.fields = some_of(fields);
        }
        if (asked.what == "correct" && name == "shelter_stay" && !wrong()) {
            asked.fields = {{"arrived_at", fields.at("arrived_at")}};
        }
    }
    if ((sets || asked.what == "act") && in(30)) asked.effective_at = moment_before(auditor.now());
    if ((sets || asked.what == "act") && wrong()) {
        asked.effective_at = plus_seconds(auditor.now(), 1);
    }
    if (!wrong() || in(50)) asked.reason = "Said so at the desk " + std::to_string(below(100));
    if (wrong()) asked.by = anybody();
    return asked;
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
