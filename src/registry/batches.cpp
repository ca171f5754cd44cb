// SPDX-License-Identifier: Apache-2.0
// What entries say of batches, and the rows of a quarantine file that were not corrected yet.
#include "registry/batches.hpp"

#include <algorithm>
#include <filesystem>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/crypto.hpp"
#include "core/csv_rows.hpp"
#include "ledger/entries.hpp"
#include "registry/desk.hpp"
#include "registry/internal/folio_numbers.hpp"
#include "registry/internal/quarantine.hpp"
#include "registry/internal/row_judge.hpp"

namespace amate::registry {
namespace {

namespace json = boost::json;

constexpr std::size_t kExportBytesMax = 16'000'000;
constexpr const char* kCorrect = "batch.correct";

// Entries of rows corrected, by batch (its entry) and line.
using Corrections = std::map<std::int64_t, std::map<std::int64_t, ledger::Entry>>;

Corrections corrections(store::Session& session) {
    Corrections found;
    ledger::for_each_entry_of(session, kCorrect, [&](const ledger::Entry& entry) {
        const auto said = json::parse(entry.event.before);
        found[said.at("batch").as_int64()].emplace(said.at("line").as_int64(), entry);
        return true;
    });
    return found;
}

Batch batch_of(const ledger::Entry& entry, const Corrections& corrected) {
    const auto after = json::parse(entry.event.after);
    const auto count = [&](const char* name) { return after.at(name).as_int64(); };
    Batch batch{std::string(after.at("file_digest").as_string()),
                std::string(after.at("source").as_string()),
                entry.event.register_name,
                entry.at,
                count("rows_read"),
                count("accepted"),
                count("quarantined"),
                0,
                0,
                entry.seq};
    // Entries of older programs do not tell of flags.
    if (const auto* flagged = after.as_object().if_contains("flagged")) {
        batch.flagged = flagged->as_int64();
    }
    if (const auto found = corrected.find(entry.seq); found != corrected.end()) {
        batch.corrected = static_cast<std::int64_t>(found->second.size());
    }
    batch.accepted += batch.corrected;
    batch.quarantined -= batch.corrected;
    return batch;
}

// The quarantine file of a batch, open behind its header.
struct OpenQuarantine {
    const definitions::Register& register_;
    const definitions::Source& source;
    std::unique_ptr<RowSource> rows;
    internal::FileLayout layout;
    std::map<std::int64_t, ledger::Entry> corrected;
};

// A row of it. The cells lie as in the file they came in.
struct WaitingRow {
    Row row;
    RowState state = RowState::whole;
    Problems problems;
    std::int64_t line = 0;

    // Cell behind the institution's own columns.
    [[nodiscard]] std::string told(const internal::FileLayout& layout, std::size_t which) const {
        const auto at = layout.headers.size() + which;
        return at < row.cells.size() ? row.cells[at] : std::string();
    }
};

Result<OpenQuarantine> open_quarantine(const QuarantineDesk& desk, const Batch& batch) {
    const auto* register_ = desk.pack.find_register(batch.register_name);
    const auto* source = desk.pack.find_source(batch.source_name);
    if (register_ == nullptr || source == nullptr) {
        return fail(Problem{"registry.no_such_batch", {}, {}});
    }
    const auto file =
        desk.workspace.quarantine() / fmt::format("{}-{}.csv", batch.source_name, batch.ledger_seq);
    if (!std::filesystem::exists(file)) return fail(Problem{"registry.quarantine_gone", {}, {}});
    AMATE_TRY(auto rows, open_csv_rows(file, {source->delimiter, source->encoding}));
    AMATE_TRY(auto layout, internal::read_layout(*source, rows->header(), rows->name()));
    if (!layout.from_quarantine) return fail(Problem{"registry.quarantine_gone", {}, {}});
    auto all = corrections(desk.session);
    return OpenQuarantine{*register_, *source, std::move(rows), std::move(layout),
                          std::move(all[batch.ledger_seq])};
}

// The next row of the file, corrected or not; false at its end.
Result<bool> next_row(const OpenQuarantine& open, WaitingRow& waiting) {
    waiting.problems.clear();
    AMATE_TRY(waiting.state, open.rows->next(waiting.row, waiting.problems));
    if (waiting.state == RowState::end) return false;
    const auto line = waiting.told(open.layout, 0);
    waiting.line = 0;
    for (const char digit : line) {
        if (digit < '0' || digit > '9' || waiting.line > 1'000'000'000'000) {
            waiting.line = 0;
            break;
        }
        waiting.line = waiting.line * 10 + (digit - '0');
    }
    return true;
}

// Only its bytes: whoever wrote cells of it must see that they lie where they should.
bool needs_all_cells(const OpenQuarantine& open, const WaitingRow& waiting) {
    return waiting.state != RowState::whole || waiting.row.cells.size() != open.layout.cells() ||
           internal::is_broken(waiting.told(open.layout, 1));
}

// The row as one of a file that holds only the institution's own columns.
Row own_row(const OpenQuarantine& open, const WaitingRow& waiting) {
    Row row;
    row.line = waiting.line;
    row.cells = waiting.row.cells;
    row.cells.resize(open.layout.headers.size());
    row.decoded = row.cells.size();
    for (auto& cell : row.cells) internal::open_cell(cell);
    return row;
}

void note_reading(const QuarantineDesk& desk, const Batch& batch, const ledger::Actor& actor,
                  const PageBounds& bounds) {
    if (!leaves_entry(*desk.pack.find_register(batch.register_name))) return;
    ledger::UnitOfWork unit(desk.session, desk.workspace.keys(), desk.clock, actor);
    unit.commit({"quarantine.read",
                 batch.register_name,
                 {},
                 {},
                 fmt::format(R"({{"batch":{},"offset":{},"limit":{}}})", batch.ledger_seq,
                             bounds.offset, bounds.limit)});
}

// Calls `each` for the rows of a page until it returns false; whether rows are left behind.
template <class Each>
Result<bool> for_each_waiting(const OpenQuarantine& open, const PageBounds& bounds,
                              const Each& each) {
    WaitingRow waiting;
    for (std::int64_t at = 0;;) {
        AMATE_TRY(const bool more, next_row(open, waiting));
        if (!more) return false;
        if (open.corrected.count(waiting.line) > 0) continue;
        if (at >= bounds.offset + bounds.limit) return true;
        if (at++ >= bounds.offset && !each(waiting)) return true;
    }
}

Result<WaitingRow> find_row(const OpenQuarantine& open, std::int64_t line) {
    if (const auto done = open.corrected.find(line); done != open.corrected.end()) {
        return fail(
            Problem{"registry.row_corrected",
                    {},
                    {{"seq", fmt::format("{}", done->second.seq)}, {"at", done->second.at}}});
    }
    WaitingRow waiting;
    for (;;) {
        AMATE_TRY(const bool more, next_row(open, waiting));
        if (!more || line <= 0) return fail(Problem{"registry.no_such_row", {}, {}});
        if (waiting.line == line) return waiting;
    }
}

Result<void> mend(const OpenQuarantine& open, const WaitingRow& waiting,
                  const RowCorrection& correction, Row& row) {
    const auto& headers = open.layout.headers;
    for (const auto& [header, text] : correction.cells) {
        const auto found = std::find(headers.begin(), headers.end(), header);
        if (found == headers.end()) {
            // What was written for a header may be anything; told is what there is.
            return fail(Problem{"registry.unknown_cell",
                                {{}, 0, 0, "cells"},
                                {{"known", fmt::format("{}", fmt::join(headers, ", "))}}});
        }
        row.cells[static_cast<std::size_t>(found - headers.begin())] = text;
    }
    if (!needs_all_cells(open, waiting)) return {};
    std::vector<std::string> missing;
    for (const auto& header : headers) {
        if (correction.cells.count(header) == 0) missing.push_back(header);
    }
    if (missing.empty()) return {};
    return fail(Problem{"registry.cells_missing",
                        {{}, static_cast<int>(waiting.line), 0, "cells"},
                        {{"missing", fmt::format("{}", fmt::join(missing, ", "))}}});
}

}  // namespace

std::vector<Batch> batches(store::Session& session) {
    const auto corrected = corrections(session);
    std::vector<Batch> all;
    ledger::for_each_entry_of(session, "batch.ingest", [&](const ledger::Entry& entry) {
        all.push_back(batch_of(entry, corrected));
        return true;
    });
    std::reverse(all.begin(), all.end());
    return all;
}

std::optional<Batch> find_batch(store::Session& session, std::string_view file_digest) {
    const auto entry = ledger::find_batch(session, file_digest);
    if (!entry) return std::nullopt;
    return batch_of(*entry, corrections(session));
}

Result<QuarantinePage> read_quarantine(const QuarantineDesk& desk, const Batch& batch,
                                       const ledger::Actor& actor, const PageBounds& bounds) {
    QuarantinePage page;
    page.total = batch.quarantined;
    if (batch.quarantined == 0) return page;
    AMATE_TRY(const auto open, open_quarantine(desk, batch));
    note_reading(desk, batch, actor, bounds);
    page.headers = open.layout.headers;
    const Circumstances circumstances{open.register_, desk.clock.local_now(),
                                      version_of(desk.pack)};
    internal::RowJudge judge(circumstances, open.source, open.layout, {});
    AMATE_TRY_VOID(for_each_waiting(open, bounds, [&](const WaitingRow& waiting) {
        QuarantinedRow shown;
        shown.line = waiting.line;
        shown.codes = waiting.told(open.layout, 1);
        const auto row = own_row(open, waiting);
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const bool readable = i < waiting.row.decoded || i >= waiting.row.cells.size();
            shown.cells.push_back(readable ? std::optional(row.cells[i]) : std::nullopt);
        }
        const auto rest = open.layout.headers.size() + 3;
        if (rest < waiting.row.decoded) shown.rest = waiting.told(open.layout, 3);
        if (needs_all_cells(open, waiting)) {
            shown.problems = waiting.problems;
            for (auto& problem : shown.problems) problem.place.line = static_cast<int>(row.line);
            const Place place{{}, static_cast<int>(row.line), 0, {}};
            shown.problems.push_back({"registry.row_incomplete", place, {}});
        } else {
            store::StoredRecord record;
            (void)judge.judge(row, record, shown.problems);
        }
        page.rows.push_back(std::move(shown));
        return true;
    }));
    return page;
}

Result<QuarantineFile> export_quarantine(const QuarantineDesk& desk, const Batch& batch,
                                         const ledger::Actor& actor, const PageBounds& bounds) {
    QuarantineFile file;
    if (batch.quarantined == 0) return fail(Problem{"registry.no_such_row", {}, {}});
    AMATE_TRY(const auto open, open_quarantine(desk, batch));
    note_reading(desk, batch, actor, bounds);
    const auto form = open.rows->text_form();
    file.encoding = form.encoding;
    definitions::SourceRowWriter writer(form.encoding, open.source.delimiter);
    if (form.marked) writer.text() += "\xEF\xBB\xBF";
    for (const auto& header : open.rows->header().cells) writer.add_cell(header);
    writer.end_row();
    const auto write = [&](const WaitingRow& waiting) {
        const auto& row = waiting.row;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (i < row.decoded) {
                writer.add_cell(row.cells[i]);
            } else {
                writer.add_bytes(row.cells[i]);
            }
        }
        writer.end_row();
        return writer.text().size() < kExportBytesMax;
    };
    AMATE_TRY(file.more, for_each_waiting(open, bounds, write));
    file.bytes = std::move(writer.text());
    return file;
}

Result<CorrectedRow> correct_row(const QuarantineDesk& desk, const Batch& batch,
                                 const ledger::Actor& actor, const RowCorrection& correction) {
    // Begun first: of two that correct a row at the same time one finds that it was done.
    ledger::UnitOfWork unit(desk.session, desk.workspace.keys(), desk.clock, actor);
    AMATE_TRY(const auto open, open_quarantine(desk, batch));
    AMATE_TRY(const auto waiting, find_row(open, correction.line));
    auto row = own_row(open, waiting);
    AMATE_TRY_VOID(mend(open, waiting, correction, row));
    const Circumstances circumstances{open.register_, desk.clock.local_now(),
                                      version_of(desk.pack)};
    internal::RowJudge judge(circumstances, open.source, open.layout, {});
    store::StoredRecord record;
    Problems problems;
    if (!judge.judge(row, record, problems)) return fail(std::move(problems));
    record.record_id = crypto::make_uuid_v7(desk.clock.unix_ms());
    internal::FolioNumbers folios(open.register_, actor.office, unit);
    folios.number(internal::folio_year(open.register_, record.values, circumstances.now),
                  record.folio);
    folios.take_given(unit);
    unit.add(open.register_, record);
    const auto entry =
        unit.commit({kCorrect, open.register_.name, record.record_id,
                     fmt::format(R"({{"batch":{},"line":{}}})", batch.ledger_seq, correction.line),
                     fmt::format(R"({{"file_digest":"{}","source":"{}","definitions":"{}"}})",
                                 batch.file_digest, batch.source_name, desk.pack.digest)});
    return CorrectedRow{record.folio, entry.seq};
}

}  // namespace amate::registry
