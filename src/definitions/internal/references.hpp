// SPDX-License-Identifier: Apache-2.0
// Who is named and who names whom: everything is declared while reading and resolved at the end.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "definitions/internal/faults.hpp"

namespace amate::definitions::internal {

enum class Thing : unsigned char {
    code,  // scope: its list
    codelist,
    institution,
    document,
    programme,
    framework,
    node,  // scope: its framework
    register_,
    source,
    role,
    figure,
    indicator,
    calendar,
    identifier,
    purpose,
    flag,  // scope: its register, as of the two below
    task,
    action
};
[[nodiscard]] Words words_of(Thing thing, const std::string& scope);

// Resource of one load.
class References {
public:
    // Problem definitions.duplicate_id (with the first place) if it was declared before: false.
    bool declare(Thing thing, const std::string& scope, const std::string& id, const Place& place,
                 Faults& faults);
    // `id` is named at `place`; an empty id has been reported already and is passed over.
    void need(Thing thing, const std::string& scope, const std::string& id, const Place& place);
    [[nodiscard]] bool declared(Thing thing, const std::string& scope, std::string_view id) const;
    [[nodiscard]] std::vector<std::string> ids(Thing thing, const std::string& scope) const;
    // What would declare these could not be read: needs of them are not held against anybody.
    void give_up(Thing thing, const std::string& scope) { given_up_.insert({thing, scope}); }
    void take_up(Thing thing, const std::string& scope) { given_up_.erase({thing, scope}); }
    [[nodiscard]] bool given_up(Thing thing, const std::string& scope) const {
        return given_up_.contains({thing, scope});
    }
    // Problem definitions.unknown_reference for each need that nothing answers.
    void resolve(Faults& faults) const;

private:
    using Kind = std::pair<Thing, std::string>;
    struct Need {
        Kind kind;
        std::string id;
        Place place;
    };
    std::map<Kind, std::map<std::string, Place, std::less<>>> declared_;
    std::vector<Need> needs_;
    std::set<Kind> given_up_;
};

// A child and its parent, in file order.
struct ParentLink {
    std::string id;
    std::string parent;
    Place place;
};
// Problem definitions.parent_cycle, once a cycle, at its first member in file order.
void check_cycles(const std::vector<ParentLink>& links, Faults& faults);

}  // namespace amate::definitions::internal
