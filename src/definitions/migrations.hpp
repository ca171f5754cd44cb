// SPDX-License-Identifier: Apache-2.0
// What a pack says of records written under its earlier versions: migrations/NNNN.yaml.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/text.hpp"

namespace amate::definitions {

enum class StepKind : unsigned char {
    rename,  // a field bears another name; its values stay where they are
    recode,  // codes, states or flags as they were written are read as today's
    retire,  // what the pack declares no more stays stored and is no longer shown
    accept   // a change of meaning that leaves every stored value right
};
enum class Recoded : unsigned char { codes, states, flags };

struct MigrationStep {
    StepKind kind = StepKind::rename;
    Place place;
    std::string register_name;  // or "" where the step is about a person or a code list
    std::string field;          // "remarks", "person", "companions.kinship"; "": none
    std::string attribute;      // of every person field
    std::string codelist;       // of recode: every field that has this list
    std::string flag;           // of retire
    std::string to;             // of rename: the bare new name
    Recoded recoded = Recoded::codes;
    std::map<std::string, std::string> codes;  // as stored -> as read
    std::string at, was, is;                   // of accept: a place as `amate diff` names it
};

// Once carried out it stays in the pack for ever, unchanged: it tells how stored values are read.
struct Migration {
    std::string name;  // "0001"
    Text why;
    std::vector<MigrationStep> steps;
};

// A field of an earlier version whose values stay in the store.
struct RetiredField {
    std::string sql_name;
    bool attribute = false;  // of every person field: sql_name is the attribute's alone
    // True if `column` (an SQL name) is this field or one of its attributes.
    [[nodiscard]] bool covers(std::string_view column) const;
};

}  // namespace amate::definitions
