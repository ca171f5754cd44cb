// SPDX-License-Identifier: Apache-2.0
// Reads how one column is drawn, and checks that the column, its list and the file can take it.
#pragma once

#include <string>
#include <vector>

#include "synthesis/internal/plan.hpp"
#include "synthesis/internal/plan_faults.hpp"

namespace amate::synthesis::internal {

// Borrows all; one plan.
class DrawReader {
public:
    DrawReader(Shared& shared, Plan& plan, PlanFaults& faults)
        : shared_(shared), plan_(plan), faults_(faults) {}

    // `draw:` and `set:` of a plan or group, into `group`.
    void read_draws(const definitions::DataNode& node, Group& group);
    void read_fixed(const definitions::DataNode& node, Group& group);
    void read_cover(const definitions::DataNode& node, Group& group);

private:
    [[nodiscard]] std::optional<std::size_t> find_column(const std::string& name,
                                                         const Place& place);
    void read_draw(const std::string& name, const definitions::DataNode& node, Group& group);
    void read_hours(std::size_t column, const definitions::DataNode& node, Group& group);
    Draw read_weights(std::size_t column, const definitions::DataNode& node);
    Draw read_ages(std::size_t column, const definitions::DataNode& node);
    Draw read_serial(std::size_t column, const definitions::DataNode& node);
    Draw read_chances(std::size_t column, const definitions::DataNode& node);
    Draw read_chance(std::size_t column, const definitions::DataNode& node);
    Draw read_total(std::size_t column, const definitions::DataNode& node);
    Draw read_identifier(std::size_t column, const definitions::DataNode& node);
    Draw read_names(std::size_t column, const definitions::DataNode& node);

    [[nodiscard]] std::optional<Value> read_value(std::size_t column, const std::string& text,
                                                  const Place& place);
    [[nodiscard]] bool file_can_say(std::size_t column, const Value& value, const Place& place);
    [[nodiscard]] bool type_is(std::size_t column, std::initializer_list<definitions::Type> types,
                               const char* draw, const Place& place);
    [[nodiscard]] const definitions::CellCodec* codec_of(std::size_t column) const;

    Shared& shared_;
    Plan& plan_;
    PlanFaults& faults_;
};

}  // namespace amate::synthesis::internal
