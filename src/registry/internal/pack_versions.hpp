// SPDX-License-Identifier: Apache-2.0
// For tests only: versions of the demo pack that records live through.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace amate::registry::internal {

// One text of a file of the pack for another.
struct Edit {
    std::string file, from, to;
};

// A change to the pack, and what it does to what is told of records written before.
struct Version {
    std::string name;
    std::vector<Edit> edits;
    std::string steps;              // of its migration; "": none
    std::vector<std::string> gone;  // SQL names that are told no longer
    std::vector<std::pair<std::string, std::string>>
        recoded;  // "services=food" -> "services=meals"
};

inline const std::string kLanding = "registers/landing.yaml";
inline const std::string kStay = "registers/shelter_stay.yaml";
inline const std::string kCase = "registers/protection_case.yaml";
inline const std::string kLog = "sources/coast_guard_landings.yaml";
inline const std::string kDraws = "synthesis/coast_guard_landings.yaml";

inline const std::vector<Version>& versions() {
    static const std::vector<Version> all{
        {"rename a field",
         {{kLanding, "  remarks: ", "  notes: "}, {kLog, "  remarks: ", "  notes: "}},
         "{rename: {register: landing, field: remarks, to: notes}}",
         {},
         {}},
        {"rename a field that a waiting act sets",
         {{kStay, "  arrived_at:\n", "  came_at:\n"},
          {kStay, "\"arrived_at <= now()\"", "\"came_at <= now()\""},
          {kStay, "age(birth, arrived_at)", "age(birth, came_at)"},
          {kStay, "age(person.birth, arrived_at)", "age(person.birth, came_at)"},
          {kStay, "from: arrived_at", "from: came_at"},
          {kStay, "[arrived_at, companions]", "[came_at, companions]"},
          {kStay, "time: arrived_at", "time: came_at"},
          {kStay, "{arrived_at: 20", "{came_at: 20"}},
         "{rename: {register: shelter_stay, field: arrived_at, to: came_at}}",
         {},
         {}},
        {"rename a field of a group",
         {{kStay, "      kinship: {", "      relation: {"},
          {kStay, "companions where kinship", "companions where relation"},
          {kStay, "{kinship: ", "{relation: "},
          {kStay, "companions[1].kinship", "companions[1].relation"}},
         "{rename: {register: shelter_stay, field: companions.kinship, to: relation}}",
         {},
         {}},
        {"rename a field of files",
         {{kStay, "  photo:   {", "  portrait:   {"}},
         "{rename: {register: shelter_stay, field: photo, to: portrait}}",
         {},
         {}},
        {"rename an attribute of the person",
         {{"pack.yaml", "  names:  ", "  full_name:  "},
          {"pack.yaml", "[names, birth, sex]", "[full_name, birth, sex]"},
          {kLog, "person.names", "person.full_name"},
          {kDraws, "person.names", "person.full_name"},
          {"sources/ferry_passengers.yaml", "person.names", "person.full_name"},
          {"synthesis/ferry_passengers.yaml", "person.names", "person.full_name"},
          {kCase, "required: [names]", "required: [full_name]"},
          {kCase, "person: {names:", "person: {full_name:"},
          {kCase, "person.names", "person.full_name"},
          {kLanding, "person: {names:", "person: {full_name:"}},
         "{rename: {person: names, to: full_name}}",
         {},
         {}},
        {"recode a list",
         {{"codelists/services.csv", "food,basic", "meals,basic"},
          {kLog, "\"ALI\": food", "\"ALI\": meals"},
          {kDraws, "food: 0.9", "meals: 0.9"}},
         "{recode: {codelist: services, codes: {food: meals}}}",
         {},
         {{"services=food", "services=meals"}}},
        {"recode the list a group has",
         {{"codelists/kinship.csv", "parent,", "mother_or_father,"},
          {kStay, "= 'parent'", "= 'mother_or_father'"}},
         "{recode: {codelist: kinship, codes: {parent: mother_or_father}}}",
         {},
         {{"companions.0=parent", "companions.0=mother_or_father"}}},
        {"recode states",
         {{kLanding, "[received, attended, closed]", "[received, seen, closed]"},
          {kLanding, "to: attended", "to: seen"},
          {kLanding, "[received, attended]", "[received, seen]"}},
         "{recode: {register: landing, states: {attended: seen}}}",
         {},
         {{"(state)=attended", "(state)=seen"}}},
        {"recode the state in which an act waits",
         {{kStay, "[housed, assessed, left]", "[housed, heard, left]"},
          {kStay, "to: assessed\n", "to: heard\n"},
          {kStay, "from: [housed, assessed]", "from: [housed, heard]"},
          {kStay, "from: assessed", "from: heard"}},
         "{recode: {register: shelter_stay, states: {assessed: heard}}}",
         {},
         {{"(state)=assessed", "(state)=heard"}}},
        {"recode a flag",
         {{kLanding, "flag: night_landing", "flag: late_landing"},
          {kLanding, "[night_landing]", "[late_landing]"}},
         "{recode: {register: landing, flags: {night_landing: late_landing}}}",
         {},
         {{"(flags)=night_landing", "(flags)=late_landing"}}},
        {"retire a field",
         {{kStay,
           "  found_at: {type: geopoint, title: {es: Dónde se le encontró, en: Where they were "
           "found}}\n",
           ""}},
         "{retire: {register: shelter_stay, field: found_at}}",
         {"found_at"},
         {}},
        {"retire an attribute of the person",
         {{"pack.yaml",
           "  nationality:     {type: code, codelist: countries, title: {es: Nacionalidad, en: "
           "Nationality}, sensitivity: internal}\n",
           ""},
          {kLanding, "    - person.nationality\n", ""},
          {kLog, "  PAÍS:        {field: person.nationality}\n", ""},
          {"sources/ferry_passengers.yaml", "  citizenship:  {field: person.nationality}\n", ""},
          {"sources/ferry_passengers.yaml", "constants:", "ignore: [citizenship]\nconstants:"},
          {kLog, "ignore: [CAPTURISTA]", "ignore: [CAPTURISTA, PAÍS]"}},
         "{retire: {person: nationality}}",
         {"person__nationality"},
         {}},
        {"widen a number",
         {{kLanding, "    type: integer\n    title: {es: Personas",
           "    type: decimal\n    title: {es: Personas"},
          {kLanding, "  measures: [party_size]\n", ""}},
         "",
         {},
         {}},
        {"widen a number that a waiting act sets",
         {{kStay, "  minors:  {type: integer,", "  minors:  {type: decimal,"},
          {kStay, "measures: [minors, allowance]", "measures: [allowance]"}},
         "",
         {},
         {}},
        {"a story as a text", {{kLanding, "{type: narrative,", "{type: text,"}}, "", {}, {}},
        {"an attribute of the person less secret",
         {{"pack.yaml", "title: {es: Nombres y apellidos, en: Names}, sensitivity: personal",
           "title: {es: Nombres y apellidos, en: Names}, sensitivity: internal"}},
         "",
         {},
         {}},
        {"a field more, of the record and of a group",
         {{kStay, "  minors:  {type",
           "      bed: {type: text, title: {es: Cama, en: Bed}}\n"
           "  room: {type: text, title: {es: Cuarto, en: Room}}\n  minors:  {type"}},
         "",
         {},
         {}},
    };
    return all;
}

}  // namespace amate::registry::internal
