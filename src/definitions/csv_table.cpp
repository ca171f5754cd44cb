// SPDX-License-Identifier: Apache-2.0
// Checks the header and the width of the CSV files of a pack.
#include "definitions/internal/csv_table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amate::definitions::internal {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool header_is_sound(const std::string& file, const std::vector<std::string>& header,
                     const CsvShape& shape, Faults& faults) {
    auto known = shape.required;
    known.insert(known.end(), shape.optional.begin(), shape.optional.end());
    bool sound = true;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const Place place{file, 1, static_cast<int>(i + 1), {}};
        if (!contains(known, header[i])) {
            faults.add("definitions.csv_unknown_column", place,
                       faults.suggest({{"value", shown(header[i])}, {"expected", listed(known)}},
                                      header[i], known));
        } else if (std::find(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(i),
                             header[i]) != header.begin() + static_cast<std::ptrdiff_t>(i)) {
            faults.add("definitions.duplicate_key", place, {{"value", shown(header[i])}});
        }
    }
    for (const auto& name : shape.required) {
        if (contains(header, name)) continue;
        faults.add("definitions.csv_missing_column", {file, 1, 0, {}}, {{"value", name}});
        sound = false;
    }
    return sound;
}

}  // namespace

const std::string& CsvLine::cell(std::string_view column) const {
    static const std::string kEmpty;
    for (std::size_t i = 0; i < header_.size(); ++i) {
        if (header_[i] == column) return row_.cells[i];
    }
    return kEmpty;
}

Place CsvLine::place(std::string_view column) const {
    const auto found = std::find(header_.begin(), header_.end(), column);
    const auto index = found == header_.end() ? 0 : found - header_.begin() + 1;
    return {file_, static_cast<int>(row_.line), static_cast<int>(index), {}};
}

std::vector<std::string> CsvLine::list(std::string_view column) const {
    auto parts = split(cell(column), ';');
    for (auto& part : parts) part = std::string(trim(part));
    return parts;
}

bool read_csv(const std::string& file, const std::filesystem::path& path, const CsvShape& shape,
              Faults& faults, const std::function<void(const CsvLine&)>& take) {
    std::error_code status;
    if (std::filesystem::file_size(path, status) > kCsvBytesMax && !status) {
        faults.add("definitions.file_too_large", {file, 0, 0, {}},
                   {{"maximum", fmt::format("{} MiB", kCsvBytesMax >> 20U)}});
        return false;
    }
    bool whole = true;
    const auto report = [&](Problems problems) {
        whole = false;
        for (auto& problem : problems) problem.place.file = file;
        faults.add_all(std::move(problems));
    };
    auto reader = CsvReader::open(path, {});
    if (!reader) {
        report(std::move(reader).error());
        return whole;
    }
    CsvRow row;
    std::vector<std::string> header;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) {
            report(more.error());
            if (header.empty()) return false;  // no reading without a header
            continue;
        }
        if (!*more) break;
        if (header.empty()) {
            header = row.cells;
            if (!header_is_sound(file, header, shape, faults)) return false;
        } else if (row.cells.size() != header.size()) {
            whole = false;
            faults.add("definitions.csv_cells", {file, static_cast<int>(row.line), 0, {}},
                       {{"expected", std::to_string(header.size())},
                        {"found", std::to_string(row.cells.size())}});
        } else {
            take(CsvLine(file, header, row));
        }
    }
    if (header.empty()) {
        faults.add("definitions.csv_missing_column", {file, 1, 0, {}},
                   {{"value", listed(shape.required)}});
        whole = false;
    }
    return whole;
}

}  // namespace amate::definitions::internal
