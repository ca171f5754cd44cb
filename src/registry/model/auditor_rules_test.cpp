// SPDX-License-Identifier: Apache-2.0
// The registers landing, shelter_stay and protection_case of packs/demo, written out by hand.
#include "registry/model/auditor.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace amate::registry::model {
namespace {

namespace chrono = std::chrono;

std::string text_of(chrono::sys_days day) {
    const chrono::year_month_day parts(day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(parts.year()),
                       static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
}

int number_at(const std::string& text, std::size_t first, std::size_t digits) {
    return std::stoi(text.substr(first, digits));
}

chrono::sys_days day_of(const std::string& moment) {
    return chrono::sys_days(chrono::year(number_at(moment, 0, 4)) /
                            chrono::month(static_cast<unsigned>(number_at(moment, 5, 2))) /
                            chrono::day(static_cast<unsigned>(number_at(moment, 8, 2))));
}

bool is_working_day(chrono::sys_days day) {
    const chrono::weekday weekday(day);
    if (weekday == chrono::Saturday || weekday == chrono::Sunday) return false;
    const auto text = text_of(day).substr(5);
    if (text == "01-01" || text == "03-05") return false;
    const bool first_monday_of_september =
        weekday == chrono::Monday && text >= "09-01" && text <= "09-07";
    return !first_monday_of_september;
}

std::string at(const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
}

bool one_of(const std::string& value, const std::set<std::string>& list) {
    return list.contains(value);
}

// Nothing if birth or moment is not known, or they were not born yet.
std::optional<int> age_of(const std::string& birth, const std::string& moment) {
    if (birth.size() != 10 || moment.substr(0, 10) < birth) return std::nullopt;
    const int years = number_at(moment, 0, 4) - number_at(birth, 0, 4);
    return moment.substr(5, 5) < birth.substr(5, 5) ? years - 1 : years;
}

void require(const Fields& values, const std::string& name, Verdict& verdict) {
    if (at(values, name).empty()) verdict.problems.push_back("record.required " + name);
}

// False if there is no such code.
bool judge_code(const Fields& values, const std::string& name, const std::set<std::string>& list,
                Verdict& verdict) {
    const auto code = at(values, name);
    if (code.empty() || code == "unknown") return false;
    if (!one_of(code, list)) verdict.problems.push_back("record.not_in_list " + name);
    return one_of(code, list);
}

const std::set<std::string> kPoints = {"north",      "south",     "long_pier",
                                       "heron_cove", "dune_gate", "salt_lake"};
const std::set<std::string> kSexes = {"female", "male", "other"};

void judge_point(const Fields& values, Verdict& verdict) {
    if (!judge_code(values, "point", kPoints, verdict)) return;
    const auto point = at(values, "point");
    const auto day = at(values, "landed_at").substr(0, 10);
    const bool not_yet = point == "heron_cove" && day < "2012-05-01";
    const bool no_more = point == "salt_lake" && day > "2019-12-31";
    if (!day.empty() && (not_yet || no_more)) {
        verdict.problems.emplace_back("registry.code_not_in_force point");
    } else if (one_of(point, {"north", "south"})) {
        verdict.problems.emplace_back("record.constraint_said point");
    }
}

Verdict judge_landing(Fields& values, const std::string& now) {
    Verdict verdict;
    const auto landed = at(values, "landed_at");
    const auto age = age_of(at(values, "person.birth"), landed);
    if (age && *age >= 18 && at(values, "accompanied") != "unknown") values.erase("accompanied");
    const auto services = at(values, "services");
    if (services.empty() || services == "unknown") {
        values.erase("service_count");
    } else {
        values["service_count"] =
            std::to_string(1 + std::count(services.begin(), services.end(), ';'));
    }
    if (at(values, "party_size").empty()) values["party_size"] = "1";

    for (const auto* name : {"landed_at", "point", "person.sex", "modality"}) {
        require(values, name, verdict);
    }
    if (age && *age < 18) require(values, "accompanied", verdict);
    if (landed > now) verdict.problems.emplace_back("record.constraint_said landed_at");
    judge_point(values, verdict);
    static_cast<void>(judge_code(values, "person.sex", kSexes, verdict));
    static_cast<void>(judge_code(values, "modality", {"assisted", "own_means", "ferry"}, verdict));
    const auto party = at(values, "party_size");
    if (party != "unknown" && (std::stoi(party) < 1 || std::stoi(party) > 200)) {
        verdict.problems.emplace_back("record.constraint_said party_size");
    }
    if (at(values, "modality") == "ferry" &&
        one_of(at(values, "point"), {"dune_gate", "salt_lake"})) {
        verdict.problems.emplace_back("record.refused point");
    }
    if (!landed.empty() && (number_at(landed, 11, 2) < 5 || number_at(landed, 11, 2) > 22)) {
        verdict.flags.insert("night_landing");
    }
    if (age && *age < 18 && at(values, "accompanied") == "false") {
        verdict.flags.insert("unaccompanied_minor");
        verdict.tasks["notify_child_protection"] = plus_seconds(landed, 4 * 3600);
    }
    return verdict;
}

Verdict judge_stay(Fields& values, const std::string& now) {
    Verdict verdict;
    values["minors"] = "0";  // the model's people come without companions
    values["allowance"] = "20";
    for (const auto* name : {"arrived_at", "office", "person.sex"}) require(values, name, verdict);
    const auto arrived = at(values, "arrived_at");
    if (arrived > now) verdict.problems.emplace_back("record.constraint_said arrived_at");
    if (judge_code(values, "office", {"capital_house", "port_house", "hill_house"}, verdict)) {
        const auto office = at(values, "office");
        const auto day = arrived.substr(0, 10);
        const bool not_yet = office == "hill_house" && day < "2015-03-01";
        const bool no_more = office == "port_house" && day > "2017-12-31";
        if (!day.empty() && (not_yet || no_more)) {
            verdict.problems.emplace_back("registry.code_not_in_force office");
        }
    }
    if (judge_code(values, "zone", kPoints, verdict) &&
        !one_of(at(values, "zone"), {"north", "south"})) {
        verdict.problems.emplace_back("record.constraint_said zone");
    }
    static_cast<void>(judge_code(values, "person.sex", kSexes, verdict));
    const auto walked = at(values, "walked");  // minutes
    if (!walked.empty() && std::stoi(walked) > 3 * 24 * 60) {
        verdict.problems.emplace_back("record.constraint_said walked");
    }
    const auto age = age_of(at(values, "person.birth"), arrived);
    if (age && *age < 18) {
        verdict.flags.insert("family_apart");
        verdict.tasks["find_family"] = text_of(day_of(arrived) + chrono::days(1)) + "T23:59:59";
    }
    return verdict;
}

Verdict judge_case(Fields& values, const std::string& now) {
    Verdict verdict;
    const auto opened = at(values, "opened_on");
    require(values, "opened_on", verdict);
    require(values, "person.names", verdict);
    if (opened > now.substr(0, 10)) {
        verdict.problems.emplace_back("record.constraint_said opened_on");
    }
    if (at(values, "harm") == "true") {
        verdict.flags.insert("in_danger");
        // The hour of opening is not known: the four hours begin when its day ends.
        verdict.tasks["shelter_at_once"] =
            opened.empty() ? "" : text_of(day_of(opened) + chrono::days(1)) + "T04:00:00";
    }
    return verdict;
}

}  // namespace

std::string plus_seconds(const std::string& moment, std::int64_t seconds) {
    const auto sum = chrono::seconds(day_of(moment).time_since_epoch()).count() +
                     number_at(moment, 11, 2) * 3600 + number_at(moment, 14, 2) * 60 +
                     number_at(moment, 17, 2) + seconds;
    const auto rest = sum % 86'400;
    return fmt::format("{}T{:02}:{:02}:{:02}",
                       text_of(chrono::sys_days(chrono::days(sum / 86'400))), rest / 3600,
                       rest / 60 % 60, rest % 60);
}

std::string assessment_due(const std::string& arrived_at) {
    auto day = day_of(arrived_at);
    for (int left = 5; left > 0;) {
        day += chrono::days(1);
        if (is_working_day(day)) --left;
    }
    return text_of(day) + "T23:59:59";
}

Verdict judge(const std::string& register_name, Fields& values, const std::string& now) {
    auto verdict = register_name == "landing"        ? judge_landing(values, now)
                   : register_name == "shelter_stay" ? judge_stay(values, now)
                                                     : judge_case(values, now);
    std::sort(verdict.problems.begin(), verdict.problems.end());
    return verdict;
}

Refusals refuse_right(const Person& person, const std::string& register_name,
                      const std::string& verb) {
    const auto is = [&](const char* role) { return person.roles.contains(role); };
    bool may = false;
    if (register_name == "landing") {
        may = is("supervisor") || is("reception_officer") ||
              (is("child_protection") && verb == "read");
    } else if (register_name == "shelter_stay") {
        may = is("supervisor") || (is("child_protection") && (verb == "read" || verb == "act"));
    } else {
        may = is("child_protection");
    }
    if (!may) return {"registry.not_allowed"};
    if (!one_of(person.purpose, {"reception", "statistics"})) {
        return {"registry.purpose_not_allowed"};
    }
    return {};
}

std::optional<Action> find_action(const std::string& register_name, const std::string& name) {
    static const std::map<std::string, Action> kActions = {
        {"landing attend", {{"received"}, "attended", {"reception_officer"}, "", "", ""}},
        {"landing close",
         {{"received", "attended"},
          "closed",
          {"reception_officer", "supervisor"},
          "services",
          "",
          ""}},
        {"shelter_stay assess",
         {{"housed"},
          "assessed",
          {"child_protection", "supervisor"},
          "assessed_on",
          "late_assessment",
          ""}},
        {"shelter_stay reunite",
         {{"housed", "assessed"},
          "assessed",
          {"child_protection"},
          "",
          "family_apart",
          "find_family"}},
        {"shelter_stay leave", {{"assessed"}, "left", {"supervisor"}, "", "", ""}},
        {"protection_case close", {{"open"}, "closed", {"child_protection"}, "", "", ""}}};
    const auto found = kActions.find(register_name + " " + name);
    return found == kActions.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> approvers_of(const Asked& asked) {
    if (asked.register_name != "shelter_stay") return {};
    if (asked.what == "correct" || asked.what == "withdraw") return {"child_protection"};
    if (asked.what == "act" && asked.action == "leave") return {"supervisor", "child_protection"};
    return {};
}

std::string first_state_of(const std::string& register_name) {
    return register_name == "landing" ? "received"
                                      : (register_name == "shelter_stay" ? "housed" : "open");
}

}  // namespace amate::registry::model
