// SPDX-License-Identifier: Apache-2.0
// Reads rows, homologates and judges them, and parts the good from those for quarantine.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/row_source.hpp"
#include "definitions/homologation.hpp"
#include "definitions/pack.hpp"
#include "registry/internal/file_layout.hpp"
#include "registry/internal/folio_numbers.hpp"
#include "registry/internal/quarantine.hpp"
#include "registry/internal/row_blocks.hpp"
#include "registry/internal/row_judge.hpp"
#include "registry/life.hpp"

namespace amate::registry::internal {

struct ReadOutcome {
    std::int64_t rows_read = 0;
    std::int64_t quarantined = 0;
    std::int64_t flagged = 0;
    Problems refused;            // the whole file is refused
    std::exception_ptr failure;  // the surroundings broke, or a bug
};

// Everything borrowed lives longer than the reader.
struct ReadTask {
    const Circumstances& circumstances;
    const definitions::Source& source;
    const FileLayout& layout;
    std::string file;  // its name, for places
    ledger::RowMaker& maker;
    FolioNumbers& folios;
};

// The reading half of a batch; runs on its own thread. Resource.
class RowReader {
public:
    RowReader(const ReadTask& task, RowSource& rows, Quarantine& quarantine);

    // Takes empty blocks, puts full ones, until the file ends, is refused or a queue is closed;
    // then closes `full`. Throws nothing.
    void run(BlockQueue& empty, BlockQueue& full) noexcept;
    // Only after run() has ended.
    [[nodiscard]] const ReadOutcome& outcome() const { return outcome_; }

private:
    bool read_block(RowBlock& block);
    void set_apart_broken(RowState state);
    void take_row(RowBlock& block);
    void judge_row(RowBlock& block);
    void set_apart();
    void write_as_source();
    [[nodiscard]] bool waits_for_correction() const;

    const ReadTask& task_;
    RowSource& rows_;
    Quarantine& quarantine_;
    store::StoredRecord record_;  // the present one
    RowJudge judge_;
    Row row_;
    Problems problems_;  // of the current row
    ReadOutcome outcome_;
};

}  // namespace amate::registry::internal
