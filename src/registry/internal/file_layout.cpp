// SPDX-License-Identifier: Apache-2.0
// Finds each declared column in a header and says what is missing, unknown or twice there.
#include "registry/internal/file_layout.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"

namespace amate::registry::internal {
namespace {

constexpr std::size_t kUnknownTold = 20;

bool ends_as_quarantine(const std::vector<std::string>& header) {
    return header.size() > kQuarantineHeaders.size() &&
           std::equal(kQuarantineHeaders.begin(), kQuarantineHeaders.end(),
                      header.end() - static_cast<std::ptrdiff_t>(kQuarantineHeaders.size()));
}

Problem column_problem(const char* code, const Place& place, const std::string& name,
                       const std::vector<std::string>& candidates) {
    Problem problem{code, place, {{"column", name}}};
    const auto near = closest(name, candidates);
    auto& parameters = problem.parameters;
    parameters["suggestion"] = near.value_or("");
    parameters["suggestion_en"] = near ? fmt::format("; did you mean `{}`?", *near) : "";
    parameters["suggestion_es"] = near ? fmt::format("; ¿quiso decir `{}`?", *near) : "";
    return problem;
}

std::vector<std::string> declared_headers(const definitions::Source& source) {
    std::vector<std::string> names = source.ignored_headers;
    for (const auto& column : source.columns) names.push_back(column.header);
    return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<FileLayout> read_layout(const definitions::Source& source, const Row& header,
                               const std::string& file) {
    FileLayout layout;
    std::vector<std::string> names;
    for (const auto& cell : header.cells) names.emplace_back(trim(cell));
    layout.from_quarantine = ends_as_quarantine(names);
    if (layout.from_quarantine) names.resize(names.size() - kQuarantineHeaders.size());

    Problems problems;
    const auto place = [&](std::size_t column) {
        return Place{file, static_cast<int>(header.line), static_cast<int>(column), {}};
    };
    const auto declared = declared_headers(source);
    std::vector<std::string> unknown;
    for (const auto& name : names) {
        if (!contains(declared, name)) unknown.push_back(name);
    }
    std::vector<std::string> missing;
    for (const auto& column : source.columns) {
        const auto at = std::find(names.begin(), names.end(), column.header);
        const bool there = at != names.end();
        layout.source_columns.push_back(there ? static_cast<std::size_t>(at - names.begin())
                                              : FileLayout::kNotThere);
        if (!there && !column.optional) missing.push_back(column.header);
    }
    const bool is_header = unknown.size() * 2 <= names.size();
    for (const auto& name : missing) {
        problems.push_back(column_problem("registry.missing_column", place(0), name,
                                          is_header ? unknown : std::vector<std::string>()));
    }
    std::size_t told = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!contains(declared, names[i])) {
            if (++told > kUnknownTold) continue;
            const auto name =
                is_header && find_invalid_utf8(names[i]) == std::nullopt && names[i].size() <= 60
                    ? names[i]
                    : fmt::format("#{}", i + 1);
            problems.push_back(
                column_problem("registry.unknown_column", place(i + 1), name, declared));
        } else if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i),
                             names[i]) != names.begin() + static_cast<std::ptrdiff_t>(i)) {
            problems.push_back(
                column_problem("registry.duplicate_column", place(i + 1), names[i], {}));
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    layout.headers = std::move(names);
    return layout;
}

}  // namespace amate::registry::internal
