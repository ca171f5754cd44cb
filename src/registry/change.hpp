// SPDX-License-Identifier: Apache-2.0
// What somebody asks to be done with a record, as it came and was understood.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "definitions/record_json.hpp"

namespace amate::registry {

enum class ChangeKind : unsigned char {
    create,
    amend,      // something became otherwise: holds from `effective_at` on, by default from now
    correct,    // it was never as it stands: holds from when what it corrects held
    act,        // an action of the register's workflow
    withdraw,   // the record should not be: it stays, and counts no longer
    reinstate,  // takes a withdrawal back
    approve,    // says yes to the act that waits
    reject      // says no to it, or takes one's own proposal back
};
[[nodiscard]] std::string_view name_of(ChangeKind kind);

struct Change {
    ChangeKind kind = ChangeKind::create;
    std::string folio;      // of all but create
    std::int64_t base = 0;  // revision the caller saw; of all but create
    std::string action;     // of act
    std::vector<definitions::FieldValue> values;
    std::string reason;
    std::string effective_at;  // ISO moment of the pack's zone; "": as the kind says
};

// Reads what the API takes: {"base": N, "fields": {...}, "reason": "...", "effective_at": "..."},
// each only where the kind knows it. Problems, all of them: registry.bad_member (unknown, missing
// or of the wrong type), registry.bad_moment, and those of definitions::read_fields.
[[nodiscard]] Result<Change> parse_change(const definitions::Register& register_, ChangeKind kind,
                                          const boost::json::object& body);

}  // namespace amate::registry
