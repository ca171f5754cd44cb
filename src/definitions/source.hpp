// SPDX-License-Identifier: Apache-2.0
// How an institution's file maps onto a register, checked and ready to use.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "core/value.hpp"

namespace amate::definitions {

struct SourceColumn {
    std::string header;
    std::size_t column = 0;                  // index in the register's columns
    std::string format;                      // of dates; "" for ISO
    std::string separator;                   // of codes; "" for ";"
    std::map<std::string, std::string> map;  // file value -> code, true/false or missing name
    // Columns of the same person that the identifier in this one tells, and their attributes.
    std::vector<std::pair<std::size_t, std::size_t>> gives;
    bool optional = false;  // the file may lack this column; it is then absent in every record
};

struct Source {
    std::string name, register_name, institution, programme;
    Text title;
    Encoding encoding = Encoding::utf8;
    char delimiter = ',';
    std::string sheet;  // of a workbook; "" for the first in sight
    std::vector<std::string> empty_values;
    std::vector<SourceColumn> columns;
    std::vector<std::string> ignored_headers;
    std::vector<std::pair<std::size_t, Value>> constants;
    std::vector<std::pair<std::string, Text>> cannot_give;
};

}  // namespace amate::definitions
