// SPDX-License-Identifier: Apache-2.0
// Takes in an institution's file: homologates, judges, writes one batch, quarantines what does not
// fit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/dates.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "core/row_source.hpp"
#include "definitions/model.hpp"
#include "ledger/unit_of_work.hpp"
#include "store/session.hpp"
#include "store/workspace.hpp"

namespace amate::registry {

struct BatchReport {
    std::int64_t rows_read = 0;
    std::int64_t accepted = 0;
    std::int64_t quarantined = 0;  // accepted + quarantined = rows_read, always
    std::int64_t flagged = 0;
    std::filesystem::path quarantine_file;  // empty when nothing was quarantined
    std::string file_digest;
    std::int64_t ledger_seq = 0;
};

// A file open for taking in. Borrows what it names.
struct Intake {
    const definitions::Source& source;
    RowSource& rows;             // nothing read yet behind the header
    std::filesystem::path file;  // what `rows` reads, for its digest
};

// Reads the whole file in one transaction: all of its good rows are written or none.
// Each bad row goes to the quarantine file with every reason (row, column, code, text), the row as
// it came. Problems (nothing written): registry.empty_file, registry.no_rows,
// registry.missing_column, registry.unknown_column, registry.duplicate_column (with suggestion),
// registry.batch_repeated (the same digest was taken in before), and those that end reading.
[[nodiscard]] Result<BatchReport> ingest(const definitions::Pack& pack, const Intake& intake,
                                         const store::Workspace& workspace, store::Session& session,
                                         Clock& clock, const ledger::Actor& actor,
                                         Progress& progress);

}  // namespace amate::registry
