// SPDX-License-Identifier: Apache-2.0
// Static files of the pages, out of the program itself.
#include <algorithm>
#include <array>

#include "render/internal/assets.hpp"
#include "render/view.hpp"

namespace amate::render {
namespace {

std::string_view content_type_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTypes{{
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".html", "text/html; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".xml", "application/xml"},
        {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    }};
    for (const auto& [ending, type] : kTypes)
        if (name.ends_with(ending)) return type;
    return "application/octet-stream";
}

std::vector<StaticFile> list_static() {
    std::vector<StaticFile> files;
    for (const auto& asset : internal::embedded_static())
        files.push_back({asset.name, asset.bytes, content_type_of(asset.name)});
    std::sort(files.begin(), files.end(),
              [](const StaticFile& a, const StaticFile& b) { return a.name < b.name; });
    return files;
}

}  // namespace

const StaticFile* find_static(std::string_view name) {
    static const std::vector<StaticFile> files = list_static();
    const auto found = std::lower_bound(
        files.begin(), files.end(), name,
        [](const StaticFile& file, std::string_view wanted) { return file.name < wanted; });
    return found != files.end() && found->name == name ? &*found : nullptr;
}

}  // namespace amate::render
