// SPDX-License-Identifier: Apache-2.0
// Reads what a plan says of its persons as people: known ones, families, noise, identifiers.
#pragma once

#include <string>
#include <vector>

#include "synthesis/internal/plan.hpp"
#include "synthesis/internal/plan_faults.hpp"

namespace amate::synthesis::internal {

// Borrows all; one plan.
class PeopleReader {
public:
    PeopleReader(const Shared& shared, Plan& plan, PlanFaults& faults)
        : shared_(shared), plan_(plan), faults_(faults) {}

    // `known_persons`, `families` and `noise` of the plan.
    void read(const definitions::DataNode& node);
    // A share of the persons of the file; 0 if nothing is said.
    double read_share(const definitions::DataNode* node);
    // An identifier is made of names in their parts and of what else it says: once all groups are
    // read.
    void check_identified();

private:
    void read_known(const definitions::DataNode* node);
    void read_families(const definitions::DataNode* node);
    void read_noise(const definitions::DataNode* node);
    void read_variants(const definitions::DataNode& node);
    [[nodiscard]] std::vector<std::string> planned_sources() const;
    [[nodiscard]] bool can_identify(const Group& group, std::size_t column) const;

    const Shared& shared_;
    Plan& plan_;
    PlanFaults& faults_;
};

}  // namespace amate::synthesis::internal
