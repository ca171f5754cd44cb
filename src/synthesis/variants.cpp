// SPDX-License-Identifier: Apache-2.0
// Reads the variants of names of a pack, and puts one in a name's place.
#include "synthesis/internal/variants.hpp"

#include <filesystem>

#include "core/csv.hpp"
#include "core/text.hpp"
#include "synthesis/internal/plan_faults.hpp"

namespace amate::synthesis::internal {

Result<VariantsBook> VariantsBook::load(const definitions::Pack& pack) {
    VariantsBook book;
    const auto file = std::filesystem::path(pack.directory) / "synthesis" / "variants.csv";
    if (!std::filesystem::exists(file)) return book;
    AMATE_TRY(auto reader, CsvReader::open(file, {}));
    PlanFaults faults;
    CsvRow row;
    for (bool first = true;; first = false) {
        AMATE_TRY(const bool more, reader.next(row));
        if (!more) break;
        const Place place{"synthesis/variants.csv", static_cast<int>(row.line), 1, {}};
        if (first) {
            if (row.cells == std::vector<std::string>{"kind", "name", "variant"}) continue;
            faults.add(place, "el encabezado es kind,name,variant",
                       "the header is kind,name,variant");
            break;
        }
        if (row.cells.size() != 3 || row.cells[0].empty() || row.cells[1].empty() ||
            row.cells[2].empty()) {
            faults.add(place, "el renglón lleva tres celdas", "the row has three cells");
            continue;
        }
        book.of_kind_[row.cells[0]][fold(row.cells[1])].push_back(row.cells[2]);
    }
    if (!faults.problems().empty()) return fail(std::move(faults.problems()));
    return book;
}

std::vector<std::string> VariantsBook::kinds() const {
    std::vector<std::string> all;
    for (const auto& [kind, variants] : of_kind_) all.push_back(kind);
    return all;
}

bool VariantsBook::replace(const std::string& kind, Random& random, std::string& name) const {
    const auto variants = of_kind_.find(kind);
    if (variants == of_kind_.end()) return false;
    for (std::size_t at = 0; at < name.size();) {
        const auto end = std::min(name.find(' ', at), name.size());
        const auto found = variants->second.find(fold(name.substr(at, end - at)));
        if (found != variants->second.end()) {
            const auto count = static_cast<std::uint32_t>(found->second.size());
            name.replace(at, end - at, found->second[random.below(count)]);
            return true;
        }
        at = end + 1;
    }
    return false;
}

}  // namespace amate::synthesis::internal
