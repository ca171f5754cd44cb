// SPDX-License-Identifier: Apache-2.0
// One batch, two threads: one reads and judges, the other numbers and writes, in one transaction.
#include "registry/ingest.hpp"

#include <thread>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "ledger/entries.hpp"
#include "registry/internal/folio_numbers.hpp"
#include "registry/internal/row_reader.hpp"

namespace amate::registry {
namespace {

using internal::BlockQueue;
using internal::FolioNumbers;
using internal::RowBlock;

// Runs the reader and ends it whatever happens to the writer.
class ReadingThread {
public:
    ReadingThread(internal::RowReader& reader, BlockQueue& empty, BlockQueue& full)
        : empty_(empty), full_(full), thread_([&] { reader.run(empty, full); }) {}
    ~ReadingThread() {
        empty_.abandon();
        full_.abandon();
        if (thread_.joinable()) thread_.join();
    }
    ReadingThread(const ReadingThread&) = delete;
    ReadingThread& operator=(const ReadingThread&) = delete;
    void join() { thread_.join(); }

private:
    BlockQueue& empty_;
    BlockQueue& full_;
    std::thread thread_;
};

// What the writing half needs.
struct Writing {
    const definitions::Register& register_;
    ledger::UnitOfWork& unit;
    Clock& clock;
    Progress& progress;
    std::string what;
    std::int64_t total = 0;

    void write(const RowBlock& block) {
        for (std::size_t i = 0; i < block.count; ++i) unit.add(register_, block.rows[i]);
        progress.advance(what, block.done, total);
        progress.rows(block.rows_read);
    }

    void give_out(BlockQueue& empty, std::unique_ptr<RowBlock> block) {
        block->unix_ms = clock.unix_ms();
        empty.put(std::move(block));
    }
};

void run_batch(internal::RowReader& reader, Writing& writing) {
    BlockQueue empty;
    BlockQueue full;
    for (std::size_t i = 0; i < internal::kBlocks; ++i) {
        writing.give_out(empty, std::make_unique<RowBlock>());
    }
    ReadingThread thread(reader, empty, full);
    while (auto block = full.take()) {
        writing.write(*block);
        writing.give_out(empty, std::move(block));
    }
    thread.join();
}

Result<internal::FileLayout> layout_of(const Intake& intake) {
    const auto& header = intake.rows.header();
    const auto& name = intake.rows.name();
    if (header.cells.empty()) return fail({"registry.empty_file", {name, 0, 0, {}}, {}});
    return internal::read_layout(intake.source, header, name);
}

std::string after_of(const definitions::Pack& pack, const definitions::Source& source,
                     const BatchReport& report) {
    return fmt::format(
        R"({{"file_digest":"{}","source":"{}","rows_read":{},"accepted":{},"quarantined":{},)"
        R"("flagged":{},"definitions":"{}"}})",
        report.file_digest, source.name, report.rows_read, report.accepted, report.quarantined,
        report.flagged, pack.digest);
}

}  // namespace

Result<BatchReport> ingest(const definitions::Pack& pack, const Intake& intake,
                           const store::Workspace& workspace, store::Session& session, Clock& clock,
                           const ledger::Actor& actor, Progress& progress) {
    const auto& source = intake.source;
    const auto* register_ = pack.find_register(source.register_name);
    AMATE_CHECK(register_ != nullptr);
    AMATE_TRY(const auto layout, layout_of(intake));
    const auto& name = intake.rows.name();
    BatchReport report;
    report.file_digest = crypto::to_hex(crypto::digest_of_file(intake.file));

    ledger::UnitOfWork unit(session, workspace.keys(), clock, actor);
    AMATE_TRY_VOID(unit.ensure_schema(pack));
    if (const auto earlier = ledger::find_batch(session, report.file_digest)) {
        return fail({"registry.batch_repeated",
                     {name, 0, 0, {}},
                     {{"seq", fmt::format("{}", earlier->seq)}, {"at", earlier->at}}});
    }
    report.ledger_seq = unit.sequence();
    const auto quarantine_file =
        workspace.quarantine() / fmt::format("{}-{}.csv", source.name, report.ledger_seq);
    internal::Quarantine quarantine(layout, source.delimiter, intake.rows.text_form(),
                                    quarantine_file,
                                    pack.languages.empty() ? "en" : pack.languages.front());
    const Circumstances circumstances{*register_, clock.local_now(), version_of(pack)};
    FolioNumbers folios(*register_, actor.office, unit);
    const auto maker = unit.row_maker(*register_);
    const internal::ReadTask task{circumstances, source, layout, name, *maker, folios};
    internal::RowReader reader(task, intake.rows, quarantine);
    Writing writing{*register_,         unit, clock, progress, "reading " + source.name,
                    intake.rows.total()};
    run_batch(reader, writing);

    const auto& outcome = reader.outcome();
    if (outcome.failure) std::rethrow_exception(outcome.failure);
    if (!outcome.refused.empty()) return fail(outcome.refused);
    if (outcome.rows_read == 0)
        return fail(
            {"registry.no_rows", {name, static_cast<int>(intake.rows.header().line), 0, {}}, {}});
    if (crypto::to_hex(crypto::digest_of_file(intake.file)) != report.file_digest) {
        throw IoFailure("the file changed while it was read; nothing was written");
    }
    report.rows_read = outcome.rows_read;
    report.quarantined = outcome.quarantined;
    report.flagged = outcome.flagged;
    report.accepted = unit.rows_added();
    folios.take_given(unit);
    AMATE_CHECK(report.accepted + report.quarantined == report.rows_read);
    if (quarantine.publish()) report.quarantine_file = quarantine_file;
    unit.commit({"batch.ingest", register_->name, {}, {}, after_of(pack, source, report)});
    quarantine.keep();
    return report;
}

}  // namespace amate::registry
