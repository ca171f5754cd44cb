// SPDX-License-Identifier: Apache-2.0
// A tree of data as a pack writes it, kept for the module that understands it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace amate::definitions {

// A YAML tree of a part that only one module reads (synthesis plans): checked there, with places.
struct DataEntry;
struct DataNode {
    Place place;
    std::string scalar;              // if it is one
    std::vector<DataNode> items;     // if a list
    std::vector<DataEntry> entries;  // if a map
    [[nodiscard]] const DataNode* find(std::string_view key) const;
};
struct DataEntry {
    std::string key;
    DataNode node;
};

}  // namespace amate::definitions
