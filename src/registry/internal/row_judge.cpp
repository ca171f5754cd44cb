// SPDX-License-Identifier: Apache-2.0
// Cells to values, values to a judgement, and each reason back to the cell it is about.
#include "registry/internal/row_judge.hpp"

#include <algorithm>

namespace amate::registry::internal {

using definitions::CellFault;

bool is_broken(std::string_view codes) {
    constexpr std::string_view kBroken[] = {"registry.row_incomplete", "registry.wrong_cell_count",
                                            "registry.not_corrected"};
    return std::any_of(std::begin(kBroken), std::end(kBroken), [&](std::string_view code) {
        return codes.find(code) != std::string_view::npos;
    });
}

RowJudge::RowJudge(const Circumstances& circumstances, const definitions::Source& source,
                   const FileLayout& layout, std::string file)
    : circumstances_(circumstances),
      source_(source),
      layout_(layout),
      file_(std::move(file)),
      codecs_(definitions::make_codecs(circumstances.register_, source)) {
    const auto& columns = circumstances.register_.columns;
    std::vector<bool> read(columns.size(), false);
    for (std::size_t i = 0; i < codecs_.size(); ++i) {
        read[codecs_[i].column()] = layout.source_columns[i] != FileLayout::kNotThere;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!read[i]) unread_.emplace_back(i, Missing::absent);
    }
    for (const auto& [column, value] : source.constants) {
        const auto found =
            std::find_if(unread_.begin(), unread_.end(),
                         [&, at = column](const auto& each) { return each.first == at; });
        if (found != unread_.end()) found->second = value;
    }
}

// False if a cell cannot be read; its column is absent then.
bool RowJudge::homologate(const Row& row, std::vector<Value>& values, Problems& problems) {
    values.resize(circumstances_.register_.columns.size());
    for (const auto& [column, value] : unread_) values[column] = value;
    bool sound = true;
    for (std::size_t i = 0; i < codecs_.size(); ++i) {
        const auto cell = layout_.source_columns[i];
        if (cell == FileLayout::kNotThere) continue;
        const auto kind = row.kinds.empty() ? CellKind::text : row.kinds[cell];
        const auto fault = codecs_[i].read(row.cells[cell], kind, values[codecs_[i].column()]);
        if (fault == CellFault::none) continue;
        problems.push_back(codecs_[i].problem(
            fault, {file_, static_cast<int>(row.line), static_cast<int>(cell + 1), {}}));
        sound = false;
    }
    definitions::read_identifiers(circumstances_.register_, source_, values);
    return sound;
}

// From the field it is about to the cell that gave it.
void RowJudge::place(Problem& problem, const Row& row) const {
    problem.place.file = file_;
    problem.place.line = static_cast<int>(row.line);
    for (std::size_t i = 0; i < codecs_.size(); ++i) {
        const auto& column = circumstances_.register_.columns[codecs_[i].column()];
        if (column.name != problem.place.path) continue;
        problem.place.path = codecs_[i].header();
        const auto cell = layout_.source_columns[i];
        problem.place.column = cell == FileLayout::kNotThere ? 0 : static_cast<int>(cell + 1);
        return;
    }
}

bool RowJudge::judge(const Row& row, store::StoredRecord& record, Problems& problems) {
    const auto before = problems.size();
    const bool sound = homologate(row, record.values, problems);
    auto judgement =
        definitions::judge(circumstances_.register_, record.values, {circumstances_.now, nullptr});
    if (sound && judgement.accepted()) {
        begin_life(circumstances_, std::move(judgement), record);
        return true;
    }
    const auto unreadable = problems.size();
    for (auto& problem : judgement.problems) {
        place(problem, row);
        // A cell that cannot be read is not also "required".
        const bool told =
            std::any_of(problems.begin() + static_cast<std::ptrdiff_t>(before),
                        problems.begin() + static_cast<std::ptrdiff_t>(unreadable),
                        [&](const Problem& each) { return each.place.path == problem.place.path; });
        if (!told) problems.push_back(std::move(problem));
    }
    return false;
}

}  // namespace amate::registry::internal
