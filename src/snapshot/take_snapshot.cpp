// SPDX-License-Identifier: Apache-2.0
// Freezes every register of a pack at a cut-off.
#include "snapshot/snapshot.hpp"

#include "core/crypto.hpp"
#include "ledger/entries.hpp"
#include "columnar/engine.hpp"
#include "snapshot/internal/coded_register.hpp"
#include "snapshot/internal/folder.hpp"
#include "snapshot/internal/manifest_file.hpp"
#include "snapshot/internal/person_keys.hpp"
#include "snapshot/internal/register_file.hpp"
#include "store/record_store.hpp"

namespace amate::snapshot {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kRecordsPerAdvance = 10'000;

// What stays the same for all registers of one snapshot.
struct Freeze {
    const definitions::Pack& pack;
    store::Session& session;
    Progress& progress;
    Date cutoff;
    crypto::Digest key;
    fs::path directory;
};

std::string utc_text(std::int64_t unix_ms) {
    constexpr std::int64_t kDayMs = 86'400'000;
    const auto days = unix_ms / kDayMs;
    const DateTime moment{Date::from_days(static_cast<std::int32_t>(days)),
                          static_cast<std::int32_t>((unix_ms - days * kDayMs) / 1000)};
    return moment.iso() + "Z";
}

std::optional<Date> day_of(const Value& value) {
    if (const auto* date = std::get_if<Date>(&value)) return *date;
    if (const auto* moment = std::get_if<DateTime>(&value)) return moment->date;
    AMATE_CHECK(is_missing(value));
    return std::nullopt;
}

// All registers are checked before any record is read.
Result<std::vector<internal::CodedRegister>> code_registers(const definitions::Pack& pack) {
    std::vector<internal::CodedRegister> coded;
    Problems problems;
    for (const auto& register_ : pack.registers) {
        auto one = internal::make_coded_register(*register_);
        if (one) {
            coded.push_back(std::move(*one));
        } else {
            problems.insert(problems.end(), one.error().begin(), one.error().end());
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    return coded;
}

// Reads the register's records up to the cut-off into `file`.
void gather(const Freeze& freeze, const definitions::Register& register_,
            internal::RegisterFile& file) {
    internal::PersonKeys person_keys(freeze.pack, register_, freeze.key);
    // now() and today() of a dimension are the cut-off, whenever the snapshot is taken.
    const definitions::EvaluationContext context{DateTime{freeze.cutoff, 0}};
    const auto total = store::count_records(freeze.session, register_);
    std::int64_t done = 0;
    store::for_each_record(freeze.session, register_, [&](const store::StoredRecord& record) {
        const auto time = day_of(record.values[register_.time_column]);
        if (!time || *time <= freeze.cutoff) {
            file.add(record.values, time, person_keys.of(record.values), context);
        }
        if (++done % kRecordsPerAdvance == 0) {
            freeze.progress.advance(register_.name, done, total);
        }
        return true;
    });
    freeze.progress.advance(register_.name, done, total);
}

Result<SnapshotFile> freeze_register(const Freeze& freeze, columnar::Engine& engine,
                                     const internal::CodedRegister& coded) {
    const auto& register_ = *coded.register_;
    internal::RegisterFile file(engine, coded);
    gather(freeze, register_, file);
    auto problems = file.problems();
    if (!problems.empty()) return fail(std::move(problems));
    SnapshotFile written;
    written.register_name = register_.name;
    written.file = internal::file_name_of(register_.name);
    const auto path = freeze.directory / written.file;
    const auto counts = file.write(path);
    written.records = counts.records;
    written.persons = counts.persons;
    written.bytes = static_cast<std::int64_t>(fs::file_size(path));
    written.digest = crypto::to_hex(crypto::digest_of_file(path));
    return written;
}

Result<std::vector<SnapshotFile>> freeze_all(const Freeze& freeze,
                                             const std::vector<internal::CodedRegister>& coded) {
    const auto spill = freeze.directory / "spill";
    std::vector<SnapshotFile> files;
    {
        columnar::Engine engine({freeze.directory, spill});
        for (const auto& register_ : coded) {
            AMATE_TRY(auto file, freeze_register(freeze, engine, register_));
            files.push_back(std::move(file));
        }
    }
    fs::remove_all(spill);
    return files;
}

}  // namespace

Result<Manifest> take_snapshot(const definitions::Pack& pack, const store::Workspace& workspace,
                               store::Session& session, Date cutoff, Clock& clock,
                               Progress& progress) {
    AMATE_TRY(const auto coded, code_registers(pack));
    const auto snapshots = fs::absolute(workspace.snapshots());
    const auto lock = internal::FolderLock::take(snapshots);
    if (!lock) return fail(Problem{"snapshot.in_progress", {}, {}});
    AMATE_TRY(const auto key, internal::load_or_make_key(workspace.keys()));
    const auto view = session.read_view();  // the head and all registers at one moment
    const auto head = ledger::last_entry(session);

    Manifest manifest;
    manifest.cutoff = cutoff;
    manifest.made_at = utc_text(clock.unix_ms());
    manifest.pack = pack.name;
    manifest.definitions_digest = pack.digest;
    manifest.ledger_head = head ? head->hash : "";
    manifest.invented = workspace.invented;
    manifest.directory = snapshots / cutoff.iso();

    internal::FolderDraft draft(snapshots);
    const Freeze freeze{pack, session, progress, cutoff, key, draft.path()};
    AMATE_TRY(manifest.files, freeze_all(freeze, coded));
    internal::write_manifest(manifest, draft.path() / internal::kManifestFile);
    draft.put_in_place(cutoff.iso());
    return manifest;
}

}  // namespace amate::snapshot
