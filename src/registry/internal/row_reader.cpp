// SPDX-License-Identifier: Apache-2.0
// One row after the other; buffers of rows, cells and records are reused.
#include "registry/internal/row_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/crypto.hpp"

namespace amate::registry::internal {
namespace {

using definitions::CellFault;

}  // namespace

RowReader::RowReader(const ReadTask& task, RowSource& rows, Quarantine& quarantine)
    : task_(task),
      rows_(rows),
      quarantine_(quarantine),
      judge_(task.circumstances, task.source, task.layout, task.file) {}

void RowReader::run(BlockQueue& empty, BlockQueue& full) noexcept {
    try {
        for (bool more = true; more;) {
            auto block = empty.take();
            if (!block) break;
            block->count = 0;
            more = read_block(*block);
            block->done = rows_.done();
            block->rows_read = outcome_.rows_read;
            if (!full.put(std::move(block))) break;
        }
    } catch (...) {
        outcome_.failure = std::current_exception();
    }
    full.close();
}

// False at the end of the file, or if it is refused.
bool RowReader::read_block(RowBlock& block) {
    block.rows.resize(kRowsPerBlock);
    // Bad rows count too, so that the writer hears of progress through a long bad stretch.
    for (std::size_t rows = 0; rows < kRowsPerBlock; ++rows) {
        problems_.clear();
        auto state = rows_.next(row_, problems_);
        if (!state) {
            outcome_.refused = std::move(state.error());
            return false;
        }
        if (*state == RowState::end) return false;
        ++outcome_.rows_read;
        if (task_.layout.from_quarantine) {
            for (auto& cell : row_.cells) open_cell(cell);
        }
        if (*state == RowState::whole) {
            take_row(block);
        } else {
            set_apart_broken(*state);
        }
    }
    return true;
}

// A row the file's own form does not hold together for.
void RowReader::set_apart_broken(RowState state) {
    for (auto& problem : problems_) {
        const auto column = static_cast<std::size_t>(problem.place.column) - 1;
        if (problem.place.column > 0 && column < task_.layout.headers.size()) {
            problem.place.path = task_.layout.headers[column];
        }
    }
    if (state == RowState::lost) {
        const Place place{task_.file, static_cast<int>(row_.line), 0, {}};
        problems_.push_back({"registry.row_incomplete", place, {}});
    }
    set_apart();
}

void RowReader::set_apart() {
    const auto expected = task_.layout.headers.size();
    const auto own = std::min(row_.cells.size(), expected);
    if (!row_.kinds.empty()) write_as_source();
    SetApart row{row_.line, std::span(row_.cells).first(own), row_.decoded, {}, true, &problems_};
    auto surplus = expected;
    if (task_.layout.from_quarantine) {
        // What an earlier quarantine kept beside the columns is kept on.
        surplus = std::max(surplus, std::min(task_.layout.cells() - 1, row_.cells.size()));
    }
    for (auto i = surplus; i < row_.cells.size(); ++i) {
        if (i > surplus) row.rest += task_.source.delimiter;
        row.rest += row_.cells[i];
        row.rest_decoded = row.rest_decoded && i < row_.decoded;
    }
    quarantine_.add(row);
    ++outcome_.quarantined;
}

// Quarantine is read as CSV again, so cells that would mean something else there, or nothing, are
// written as the source writes them. One that it has no way to write stays as it is.
void RowReader::write_as_source() {
    Value value;
    Value again;
    const auto& codecs = judge_.codecs();
    for (std::size_t i = 0; i < codecs.size(); ++i) {
        const auto& codec = codecs[i];
        const auto at = task_.layout.source_columns[i];
        if (at >= row_.cells.size() || row_.kinds[at] == CellKind::text) continue;
        auto& cell = row_.cells[at];
        const auto is_read_as_text = [&](const std::string& text) {
            return codec.read(text, CellKind::text, again) == CellFault::none && again == value;
        };
        if (codec.read(cell, row_.kinds[at], value) != CellFault::none) continue;
        std::string written;
        if (is_read_as_text(cell) || !codec.write(value, 0, written)) continue;
        if (is_read_as_text(written)) cell = std::move(written);
    }
}

bool RowReader::waits_for_correction() const {
    if (!task_.layout.from_quarantine) return false;
    return is_broken(row_.cells[task_.layout.headers.size() + 1]);
}

void RowReader::take_row(RowBlock& block) {
    const auto expected = task_.layout.cells();
    while (row_.cells.size() > expected && row_.cells.back().empty()) row_.cells.pop_back();
    const Place place{task_.file, static_cast<int>(row_.line), 0, {}};
    if (row_.cells.size() != expected) {
        problems_.push_back({"registry.wrong_cell_count",
                             place,
                             {{"found", fmt::format("{}", row_.cells.size())},
                              {"expected", fmt::format("{}", expected)}}});
    } else if (waits_for_correction()) {
        problems_.push_back({"registry.not_corrected", place, {}});
    }
    if (!problems_.empty()) {
        set_apart();
        return;
    }
    judge_row(block);
}

void RowReader::judge_row(RowBlock& block) {
    if (!judge_.judge(row_, record_, problems_)) {
        set_apart();
        return;
    }
    const auto& circumstances = task_.circumstances;
    record_.record_id = crypto::make_uuid_v7(block.unix_ms);
    record_.batch_row = outcome_.rows_read;
    if (!record_.flags.empty()) ++outcome_.flagged;
    task_.folios.number(folio_year(circumstances.register_, record_.values, circumstances.now),
                        record_.folio);
    task_.maker.make(record_, block.rows[block.count++]);
}

}  // namespace amate::registry::internal
