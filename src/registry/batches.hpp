// SPDX-License-Identifier: Apache-2.0
// Batches as the ledger tells of them, and their rows in quarantine: shown, and mended one by one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "ledger/unit_of_work.hpp"
#include "store/session.hpp"
#include "store/workspace.hpp"

namespace amate::registry {

// A file that was taken in. Value type. accepted + quarantined = rows_read, always: a row that is
// corrected goes over from the one to the other.
struct Batch {
    std::string file_digest, source_name, register_name, at;
    std::int64_t rows_read = 0, accepted = 0, quarantined = 0, flagged = 0;
    std::int64_t corrected = 0;  // of those accepted: one by one, after the file
    std::int64_t ledger_seq = 0;
};

// All of them, newest first. Cost: one reading of the ledger.
[[nodiscard]] std::vector<Batch> batches(store::Session& session);
[[nodiscard]] std::optional<Batch> find_batch(store::Session& session,
                                              std::string_view file_digest);

// A row as it waits in quarantine. Holds what persons stated: for those with the right to ingest.
struct QuarantinedRow {
    std::int64_t line = 0;  // in the file it came in; names it within its batch
    std::vector<std::optional<std::string>> cells;  // a header each; nothing: not readable as text
    std::string codes;                              // of its problems when it came
    std::string rest;                               // what no column was left for
    Problems problems;                              // as it is judged today: line, column, header
};

struct QuarantinePage {
    std::vector<std::string> headers;
    std::vector<QuarantinedRow> rows;  // those not corrected
    std::int64_t total = 0;            // of them in the batch
};

// Where quarantine is read and mended. Borrows all.
struct QuarantineDesk {
    const definitions::Pack& pack;
    const store::Workspace& workspace;
    store::Session& session;
    Clock& clock;
};

struct PageBounds {
    std::int64_t offset = 0, limit = 100;
};

// Rows that still wait. Of a protected register it leaves an entry "quarantine.read" first (the
// session may write then). Whether the actor has the right to ingest is for the caller to check, as
// with ingest(). Problems: registry.no_such_batch, registry.quarantine_gone.
[[nodiscard]] Result<QuarantinePage> read_quarantine(const QuarantineDesk& desk, const Batch& batch,
                                                     const ledger::Actor& actor,
                                                     const PageBounds& bounds);

struct QuarantineFile {
    std::string bytes;
    Encoding encoding = Encoding::utf8;
    bool more = false;  // rows are left behind the last one; ask for them by offset
};
// The same rows as a file that can be mended and taken in: as it lies in the folder of quarantine,
// without those corrected since. At most `bounds.limit` rows and about 16 MB.
[[nodiscard]] Result<QuarantineFile> export_quarantine(const QuarantineDesk& desk,
                                                       const Batch& batch,
                                                       const ledger::Actor& actor,
                                                       const PageBounds& bounds);

struct RowCorrection {
    std::int64_t line = 0;
    std::map<std::string, std::string> cells;  // by header; those not named stay as they came
};
struct CorrectedRow {
    std::string folio;
    std::int64_t ledger_seq = 0;
};

// Judges the mended row as one of a file and writes its record, with an entry "batch.correct" that
// names batch and line. Problems (nothing written): those above, registry.no_such_row,
// registry.row_corrected, registry.unknown_cell, registry.cells_missing, and all reasons why the
// row still does not fit, as taking in a file tells them.
[[nodiscard]] Result<CorrectedRow> correct_row(const QuarantineDesk& desk, const Batch& batch,
                                               const ledger::Actor& actor,
                                               const RowCorrection& correction);

}  // namespace amate::registry
