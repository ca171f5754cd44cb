// SPDX-License-Identifier: Apache-2.0
// Draws single requests: who asks what of which record, and with which fields.
#include <algorithm>

#include "registry/model/operations.hpp"

namespace amate::registry::model {
namespace {

constexpr std::int64_t kDay = 86'400;

const std::vector<std::string> kNames = {"Nara Oleaje", "Sol Marea", "Tomé Arrecife"};
const std::vector<std::string> kSexes = {"female", "male", "other", "unknown"};
const std::vector<std::string> kPoints = {"long_pier", "heron_cove", "dune_gate", "salt_lake"};
const std::vector<std::string> kServices = {"food", "water", "phone_call", "food;water",
                                            "food;legal_advice;medical_care"};

}  // namespace

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
        if (found == nullptr || wrong() || in(5)) return found;
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

}  // namespace amate::registry::model
