// SPDX-License-Identifier: Apache-2.0
// A synthesis plan, checked: which records to invent for a source and how each column is drawn.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/value.hpp"
#include "definitions/model.hpp"
#include "definitions/numbering.hpp"
#include "synthesis/internal/random.hpp"

namespace amate::synthesis {

enum class DrawKind : unsigned char { weights, chance, chances, hours, ages, names, serial };

// How a column is made. Which members count depends on `kind`.
struct Draw {
    std::size_t column = 0;
    DrawKind kind = DrawKind::weights;
    Weighted weighted;                               // weights, hours, ages
    std::vector<Value> values;                       // weights
    std::vector<std::pair<int, int>> ranges;         // hours, ages: first and last
    std::vector<std::pair<std::string, double>> chances;
    double chance = 0.0;
    std::optional<definitions::NumberTemplate> serial;
};

struct Group {
    Place place;
    std::int64_t records = 0;  // at scale 1
    Date first, last;
    std::vector<std::pair<std::size_t, Value>> set;
    std::vector<Draw> draws;  // the plan's, but for those that the group replaces or sets
    double repeat_persons = 0.0;
    Weighted days;
};

struct Plan {
    const definitions::Source* source = nullptr;
    const definitions::Register* register_ = nullptr;
    std::vector<Group> groups;
};

struct Names {
    struct List {
        std::vector<std::string> names;
        Weighted weighted;
    };
    List given_female, given_male, family;
};

// All faults of the plan, each with its place.
[[nodiscard]] Result<Plan> read_plan(const definitions::Pack& pack,
                                     const definitions::Source& source,
                                     const definitions::DataNode& root);

// synthesis/names.csv of the pack. Problem synthesis.no_names if a kind is empty.
[[nodiscard]] Result<Names> read_names(const std::filesystem::path& file);

}  // namespace amate::synthesis
