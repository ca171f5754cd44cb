// SPDX-License-Identifier: Apache-2.0
// Reads maps/*.yaml: the areas of a code list as paths.
#include <algorithm>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

constexpr double kCanvasMax = 1e6;

// Nothing that could end an attribute or open anything else.
bool is_path(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') ||
               std::string_view(" ,.-+MmLlHhVvCcSsQqTtAaZzeE\n").find(c) != std::string_view::npos;
    });
}

void read_areas(const Cursor& areas, Map& map) {
    for (const auto& [key, value] : areas.entries()) {
        auto code = key.text();
        auto path = value.text();
        if (map.codelist != nullptr && map.codelist->find(code) == nullptr) {
            std::vector<std::string> codes;
            for (const auto& each : map.codelist->codes) codes.push_back(each.code);
            key.bad_value({"a code of the list " + map.codelist->name,
                           "un código de la lista " + map.codelist->name},
                          codes);
        }
        if (!path.empty() && !is_path(path)) {
            value.bad_value(
                {"a path of SVG (M 0 0 L 10 0 ... Z)", "un trazo de SVG (M 0 0 L 10 0 ... Z)"});
        }
        map.areas.push_back({std::move(code), std::move(path)});
    }
}

}  // namespace

void read_maps(Loading& loading) {
    for (const auto& name : loading.names_in("maps", ".yaml")) {
        with_yaml(loading, "maps/" + name + ".yaml", [&](const Cursor& root) {
            if (!root.expect_keys({"map", "title", "codelist", "source", "canvas", "areas"}))
                return;
            Map map;
            map.name = root.get("map").name();
            expect_file_name(root.get("map"), name);
            map.title = root.get("title").label();
            map.source = root.get("source").text();
            const auto codelist = root.get("codelist");
            loading.need(Thing::codelist, "", codelist);
            map.codelist = loading.pack.find_codelist(codelist.text());
            const auto canvas = root.get("canvas");
            if (canvas.expect_keys({"width", "height"})) {
                map.width = canvas.get("width").number(1, kCanvasMax).value_or(1);
                map.height = canvas.get("height").number(1, kCanvasMax).value_or(1);
            }
            read_areas(root.get("areas"), map);
            loading.pack.maps.push_back(std::move(map));
        });
    }
}

}  // namespace amate::definitions::internal
