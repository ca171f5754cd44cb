// SPDX-License-Identifier: Apache-2.0
// Reads the names of a pack and puts them together.
#include "synthesis/internal/names.hpp"

#include "core/csv.hpp"
#include "synthesis/internal/plan_faults.hpp"

namespace amate::synthesis::internal {
namespace {

constexpr double kTwoGivenNames = 0.4;
constexpr double kWeightMax = 1e9;

}  // namespace

Result<NamesBook> NamesBook::load(const definitions::Pack& pack) {
    NamesBook book;
    const auto file = std::filesystem::path(pack.directory) / "synthesis" / "names.csv";
    if (!std::filesystem::exists(file)) return book;
    AMATE_TRY(auto reader, CsvReader::open(file, {}));
    PlanFaults faults;
    CsvRow row;
    for (bool first = true;; first = false) {
        AMATE_TRY(const bool more, reader.next(row));
        if (!more) break;
        const Place place{"synthesis/names.csv", static_cast<int>(row.line), 1, {}};
        if (first) {
            if (row.cells == std::vector<std::string>{"kind", "name", "weight"}) continue;
            faults.add(place, "el encabezado es kind,name,weight",
                       "the header is kind,name,weight");
            break;
        }
        if (row.cells.size() != 3 || row.cells[1].empty()) {
            faults.add(place, "el renglón lleva tres celdas", "the row has three cells");
            continue;
        }
        auto* list = row.cells[0] == "given_female" ? &book.female_
                     : row.cells[0] == "given_male" ? &book.male_
                     : row.cells[0] == "family"     ? &book.family_
                                                    : nullptr;
        if (list == nullptr) {
            faults.add(place, "`" + row.cells[0] + "` no es una clase de nombre",
                       "`" + row.cells[0] + "` is no kind of name", row.cells[0],
                       {"given_female", "given_male", "family"});
            continue;
        }
        definitions::DataNode weight;
        weight.place = place;
        weight.scalar = row.cells[2];
        if (const auto number = read_number(weight, kWeightMax, faults)) {
            list->names.push_back(row.cells[1]);
            list->weights.push_back(*number);
        }
    }
    if (!faults.problems().empty()) return fail(std::move(faults.problems()));
    for (auto* list : {&book.female_, &book.male_, &book.family_}) {
        list->chooser = Chooser(list->weights);
    }
    return book;
}

bool NamesBook::complete() const {
    return female_.chooser.ok() && male_.chooser.ok() && family_.chooser.ok();
}

const std::string* NamesBook::find_unwritable() const {
    for (const auto* list : {&female_, &male_, &family_}) {
        for (const auto& name : list->names) {
            if (!to_windows_1252(name)) return &name;
        }
    }
    return nullptr;
}

void NamesBook::draw_given(std::string_view sex, Random& random, PersonName& name) const {
    const bool female = sex == "female" || (sex != "male" && random.below(2) == 0);
    const auto& given = female ? female_ : male_;
    const auto& first = given.draw(random);
    name.given = first;
    if (first.find(' ') != first.npos || !random.happens(kTwoGivenNames)) return;
    const auto& second = given.draw(random);
    if (second == first || second.find(' ') != second.npos) return;
    name.given += ' ';
    name.given += second;
}

void NamesBook::draw_family(Random& random, PersonName& name) const {
    name.family = family_.draw(random);
    name.second_family = family_.draw(random);
}

std::string PersonName::whole() const {
    auto text = given;
    for (const auto* part : {&family, &second_family}) {
        if (part->empty()) continue;
        if (!text.empty()) text += ' ';
        text += *part;
    }
    return text;
}

}  // namespace amate::synthesis::internal
