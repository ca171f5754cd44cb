// SPDX-License-Identifier: Apache-2.0
// Reports of a pack and the maps they show; docs/reference/reports.md is the written form.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/text.hpp"
#include "definitions/codelist.hpp"
#include "definitions/data_node.hpp"

namespace amate::definitions {

// A map: areas by the codes of a list, as paths of SVG.
struct MapArea {
    std::string code;
    std::string
        path;  // `d` of SVG 1.1, section 8.3: letters, digits, signs, points and blanks only
};
struct Map {
    std::string name, source;
    Text title;
    const CodeList* codelist = nullptr;
    double width = 0, height = 0;  // of the canvas whose upper left corner is 0, 0
    std::vector<MapArea> areas;
};

// Part of a report: prose in Markdown, or something to be counted and shown.
struct ReportPart {
    Place place;
    std::string kind;   // "" of prose, else one of kReportParts
    std::string prose;  // CommonMark; ${...} are parameters, figures and indicators
    DataNode node;      // what is asked for
};
inline constexpr const char* kReportParts[] = {"table",      "chart",    "map",      "figures",
                                               "overview",   "legend",   "contents", "chapters",
                                               "indicators", "findings", "annex"};
struct ReportText {
    std::string title, summary;
    std::vector<ReportPart> parts;
};
struct Report {
    std::string name;
    std::vector<std::pair<std::string, std::string>> parameters;  // with what they are unless told
    std::map<std::string, ReportText> texts;                      // one a language of the pack
};

}  // namespace amate::definitions
