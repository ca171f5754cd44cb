// SPDX-License-Identifier: Apache-2.0
// Freezes every register of a pack at a cut-off.
#include "snapshot/snapshot.hpp"

#include <algorithm>

#include "core/crypto.hpp"
#include "ledger/entries.hpp"
#include "columnar/engine.hpp"
#include "snapshot/internal/coded_register.hpp"
#include "snapshot/internal/folder.hpp"
#include "snapshot/internal/manifest_file.hpp"
#include "snapshot/internal/person_keys.hpp"
#include "snapshot/internal/register_file.hpp"
#include "store/record_changes.hpp"
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
    std::optional<Manifest> earlier;  // to build on
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

// Takes records of one register up to the cut-off.
class Gatherer {
public:
    Gatherer(const Freeze& freeze, const definitions::Register& register_)
        : cutoff_(freeze.cutoff),
          time_column_(register_.time_column),
          person_keys_(freeze.pack, register_, freeze.key) {}

    // False if its time is after the cut-off.
    bool add(const store::StoredRecord& record, internal::RegisterFile& file) {
        const auto time = day_of(record.values[time_column_]);
        if (time && *time > cutoff_) return false;
        // now() and today() of a dimension are the cut-off, whenever the snapshot is taken.
        const definitions::EvaluationContext context{DateTime{cutoff_, 0}};
        file.add(record.values, time, person_keys_.of(record.values), context);
        return true;
    }

private:
    Date cutoff_;
    std::size_t time_column_;
    internal::PersonKeys person_keys_;
};

// Reads the register's records up to the cut-off into `file`; how many are after it.
std::int64_t gather(const Freeze& freeze, const definitions::Register& register_,
                    internal::RegisterFile& file) {
    Gatherer gatherer(freeze, register_);
    const auto total = store::count_records(freeze.session, register_);
    std::int64_t done = 0, later = 0;
    store::for_each_record(freeze.session, register_, [&](const store::StoredRecord& record) {
        if (!gatherer.add(record, file)) ++later;
        if (++done % kRecordsPerAdvance == 0) {
            freeze.progress.advance(register_.name, done, total);
        }
        return true;
    });
    freeze.progress.advance(register_.name, done, total);
    return later;
}

bool asks_for_the_day(const internal::CodedRegister& coded) {
    return std::any_of(coded.columns.begin(), coded.columns.end(), [](const auto& column) {
        const auto& source = column.dimension->expression.source();
        return source.find("now(") != source.npos || source.find("today(") != source.npos;
    });
}

// The earlier file of a register, if all it holds and lacks is known to be right up to its entry.
const SnapshotFile* find_base(const Freeze& freeze, const internal::CodedRegister& coded) {
    if (!freeze.earlier) return nullptr;
    const auto* file = freeze.earlier->find(coded.register_->name);
    const bool same_day = freeze.earlier->cutoff == freeze.cutoff;
    if (file == nullptr || !file->later) return nullptr;
    if (!same_day && (*file->later > 0 || asks_for_the_day(coded))) return nullptr;
    return check_file(*freeze.earlier, *file) ? file : nullptr;
}

// A second name for a file or, where the disk knows no such thing, a copy.
void share(const fs::path& from, const fs::path& to) {
    std::error_code failed;
    fs::create_hard_link(from, to, failed);
    if (failed) fs::copy_file(from, to);
}

void share_unchanged(const Freeze& freeze, const SnapshotFile& base) {
    share(freeze.earlier->directory / base.file, freeze.directory / base.file);
    const auto columns = freeze.earlier->directory / kColumnsFolder / base.register_name;
    if (!fs::exists(columns)) return;
    fs::create_directories(freeze.directory / kColumnsFolder);
    share(columns, freeze.directory / kColumnsFolder / base.register_name);
}

SnapshotFile describe(const fs::path& path, const definitions::Register& register_,
                      const internal::RegisterFile::Counts& counts, std::int64_t later) {
    SnapshotFile written;
    written.register_name = register_.name;
    written.file = path.filename().string();
    written.records = counts.records;
    written.persons = counts.persons;
    written.bytes = static_cast<std::int64_t>(fs::file_size(path));
    written.digest = crypto::to_hex(crypto::digest_of_file(path));
    written.later = later;
    return written;
}

// What changed since the earlier snapshot, put onto its file.
Result<SnapshotFile> freeze_onto(const Freeze& freeze, columnar::Engine& engine,
                                 const internal::CodedRegister& coded, const SnapshotFile& base) {
    const auto& register_ = *coded.register_;
    internal::RegisterFile come(engine, coded), gone(engine, coded, "gone");
    Gatherer gatherer(freeze, register_);
    std::int64_t later = *base.later, changes = 0;
    store::for_each_change_after(freeze.session, register_, freeze.earlier->ledger_seq,
                                 [&](const store::RecordChange& change) {
                                     ++changes;
                                     if (change.before && !gatherer.add(*change.before, gone))
                                         --later;
                                     if (change.after && !gatherer.add(*change.after, come))
                                         ++later;
                                 });
    freeze.progress.advance(register_.name, changes, changes);
    auto problems = come.problems();
    if (!problems.empty()) return fail(std::move(problems));
    if (come.rows() == 0 && gone.rows() == 0) {
        share_unchanged(freeze, base);
        auto same = base;
        same.later = later;
        return same;
    }
    const auto path = freeze.directory / base.file;
    const auto expected = base.records - gone.rows() + come.rows();
    const auto counts = come.write_onto(freeze.earlier->directory / base.file, gone, path);
    AMATE_CHECK(counts.records == expected);  // else a row gone was not there
    return describe(path, register_, counts, later);
}

Result<SnapshotFile> freeze_register(const Freeze& freeze, columnar::Engine& engine,
                                     const internal::CodedRegister& coded) {
    if (const auto* base = find_base(freeze, coded)) {
        return freeze_onto(freeze, engine, coded, *base);
    }
    const auto& register_ = *coded.register_;
    internal::RegisterFile file(engine, coded);
    const auto later = gather(freeze, register_, file);
    auto problems = file.problems();
    if (!problems.empty()) return fail(std::move(problems));
    const auto path = freeze.directory / internal::file_name_of(register_.name);
    const auto counts = file.write(path);
    return describe(path, register_, counts, later);
}

Result<std::vector<SnapshotFile>> freeze_all(const Freeze& freeze,
                                             const std::vector<internal::CodedRegister>& coded) {
    const auto spill = freeze.directory / "spill";
    std::vector<SnapshotFile> files;
    {
        // The folder that holds both the draft and the earlier snapshot.
        columnar::Engine engine({freeze.directory.parent_path(), spill});
        for (const auto& register_ : coded) {
            AMATE_TRY(auto file, freeze_register(freeze, engine, register_));
            files.push_back(std::move(file));
        }
    }
    fs::remove_all(spill);
    return files;
}

// The newest snapshot not after the cut-off, if it is one of these definitions, of this ledger and
// of the same pseudonyms.
std::optional<Manifest> find_earlier(const definitions::Pack& pack,
                                     const store::Workspace& workspace, store::Session& session,
                                     Date cutoff, const std::string& key_digest) {
    auto found = latest_snapshot(workspace, cutoff);
    if (!found || found->ledger_seq == 0 || found->definitions_digest != pack.digest ||
        found->key_digest != key_digest) {
        return std::nullopt;
    }
    const auto entry = ledger::find_entry(session, found->ledger_seq);
    if (!entry || entry->hash != found->ledger_head) return std::nullopt;
    return std::move(*found);
}

}  // namespace

Result<Manifest> take_snapshot(const definitions::Pack& pack, const store::Workspace& workspace,
                               store::Session& session, Date cutoff, Clock& clock,
                               Progress& progress, From from) {
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
    manifest.ledger_seq = head ? head->seq : 0;
    manifest.key_digest = crypto::to_hex(crypto::digest(crypto::to_hex(key)));
    manifest.invented = workspace.invented;
    manifest.directory = snapshots / cutoff.iso();

    internal::FolderDraft draft(snapshots);
    Freeze freeze{pack, session, progress, cutoff, key, draft.path(), {}};
    if (from == From::latest) {
        freeze.earlier = find_earlier(pack, workspace, session, cutoff, manifest.key_digest);
    }
    AMATE_TRY(manifest.files, freeze_all(freeze, coded));
    internal::write_manifest(manifest, draft.path() / internal::kManifestFile);
    draft.put_in_place(cutoff.iso());
    return manifest;
}

}  // namespace amate::snapshot
