// SPDX-License-Identifier: Apache-2.0
// Snapshots first, so that each is of entries the store has; then the store, seen at one moment.
#include "backup/backup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "backup/internal/quarantine_file.hpp"
#include "backup/internal/table_file.hpp"
#include "backup/internal/written_file.hpp"
#include "ledger/entries.hpp"
#include "ledger/restore.hpp"
#include "store/address.hpp"
#include "store/durable_file.hpp"

namespace amate::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kProgressEvery = 1000;

std::string names_of(const std::vector<std::string>& names) {
    std::string sql;
    for (const auto& name : names) sql += (sql.empty() ? "" : ", ") + store::quote_name(name);
    return sql;
}

// The files the pack was loaded from. Where the workspace lies within the pack's folder, what is
// its own is none of the pack: its keys are nobody's to carry away.
std::vector<std::string> files_of_pack(const definitions::Pack& pack,
                                       const store::Workspace& workspace) {
    std::vector<std::string> own;
    for (const auto& folder :
         {workspace.keys(), workspace.snapshots(), workspace.quarantine(), workspace.uploads()}) {
        own.push_back((folder / "").string());
    }
    own.push_back((workspace.root / "workspace.json").string());
    const auto url = workspace.session_url();
    if (store::is_sqlite_address(url)) own.push_back(url.substr(store::kSqliteAddress.size()));
    std::vector<std::string> files;
    for (const auto& [file, described] : pack.files) files.push_back(file);
    for (const auto& [file, digest] : pack.file_digests) files.push_back(file);
    const auto root = fs::canonical(workspace.pack);
    std::erase_if(files, [&](const auto& file) {
        const auto path = (root / file).string();
        return std::any_of(own.begin(), own.end(),
                           [&](const auto& each) { return path.starts_with(each); });
    });
    std::sort(files.begin(), files.end());
    return files;
}

class Taking {
public:
    Taking(store::Session& session, fs::path folder, Manifest& manifest, Progress& progress)
        : session_(session), folder_(std::move(folder)), manifest_(manifest), progress_(progress) {}

    void copy_files(const fs::path& root, const std::string& place,
                    const std::vector<std::string>& files) {
        for (const auto& path : files) {
            manifest_.files.push_back(
                internal::copy_file(root / path, folder_, place + "/" + path));
            progress_.advance("backup of files", static_cast<std::int64_t>(manifest_.files.size()),
                              0);
        }
    }

    void write_tables() {
        const auto tables = ledger::carried_tables(session_);
        for (const auto& shape : tables) {
            rows_total_ += store::integer_of(session_.query_one(
                fmt::format("SELECT COUNT(*) FROM {}", store::quote_name(shape.name)))[0]);
        }
        for (const auto& shape : tables) write_table(shape);
    }

private:
    // By rising key, so that the same rows give the same bytes.
    void write_table(const store::TableShape& shape) {
        BackupTable table{{shape.name, shape.columns, {}, {}}, 0};
        internal::WrittenFile file(folder_, table.file());
        std::vector<std::string> columns;
        for (const auto& column : shape.columns) columns.push_back(column.name);
        std::string line;
        session_.query(fmt::format("SELECT {} FROM {} ORDER BY {}", names_of(columns),
                                   store::quote_name(shape.name), names_of(shape.primary_key)),
                       {}, [&](const store::SqlRow& row) {
                           line.clear();
                           internal::append_row(row, line);
                           file.write(line);
                           ++table.rows;
                           if (++rows_ % kProgressEvery == 0) {
                               progress_.advance("backup", rows_, rows_total_);
                           }
                           return true;
                       });
        manifest_.files.push_back(file.finish());
        manifest_.tables.push_back(std::move(table));
    }

    store::Session& session_;
    fs::path folder_;
    Manifest& manifest_;
    Progress& progress_;
    std::int64_t rows_ = 0;
    std::int64_t rows_total_ = 0;
};

// The backup under another name, until it has its own; taken away if it comes to none. What an
// earlier backup to the same place was cut off in is begun anew.
class Draft {
public:
    explicit Draft(fs::path place) : place_(std::move(place)), path_(place_) {
        path_ += ".unfinished";
        fs::remove_all(path_);
        store::make_folder(path_, store::FileRights::owner_only);
    }
    ~Draft() {
        std::error_code ignored;
        if (!named_) fs::remove_all(path_, ignored);
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    [[nodiscard]] const fs::path& path() const { return path_; }
    void name() {
        fs::rename(path_, place_);
        named_ = true;
    }

private:
    fs::path place_, path_;
    bool named_ = false;
};

void flush_folders(const fs::path& root) {
    for (const auto& each : fs::recursive_directory_iterator(root)) {
        if (each.is_directory()) internal::flush_folder(each.path());
    }
    internal::flush_folder(root);
}

}  // namespace

Result<Backup> take_backup(const definitions::Pack& pack, const store::Workspace& workspace,
                           store::Session& session, const fs::path& out, Clock& clock,
                           Progress& progress) {
    const auto place = fs::absolute(out.has_filename() ? out : out.parent_path());
    store::make_folder(place.parent_path(), store::FileRights::everybody);
    // Of two that are to write to one place the later finds the other's backup there; so the lock
    // is of no use to anybody once there is one.
    const auto turns = place.parent_path() / ("." + place.filename().string() + ".lock");
    const store::FileLock turn(turns);
    if (fs::exists(fs::symlink_status(place))) {
        fs::remove(turns);
        return fail(Problem{"backup.exists", {}, {{"folder", place.string()}}});
    }
    Manifest manifest;
    AMATE_TRY(manifest.public_key, ledger::public_key_of(workspace.keys()));
    manifest.made_at = ledger::moment_of(clock.unix_ms());
    manifest.pack = pack.name;
    manifest.invented = workspace.invented;
    Draft draft(place);
    Taking taking(session, draft.path(), manifest, progress);
    taking.copy_files(workspace.pack, "pack", files_of_pack(pack, workspace));
    if (fs::is_directory(workspace.snapshots())) {
        const store::FileLock lock(workspace.snapshots() / ".lock");
        taking.copy_files(workspace.snapshots(), "snapshots",
                          internal::files_below(workspace.snapshots()));
    }
    {
        const auto view = session.read_view();
        const auto last = ledger::last_entry(session);
        if (!last) return fail(Problem{"backup.nothing", {}, {}});
        manifest.head_seq = last->seq;
        manifest.head_hash = last->hash;
        manifest.head_at = last->at;
        taking.write_tables();
    }
    auto apart = internal::files_below(workspace.quarantine());
    std::erase_if(apart, [&](const auto& file) {
        return !internal::is_quarantine_until(file, manifest.head_seq);
    });
    taking.copy_files(workspace.quarantine(), "quarantine", apart);
    auto digest = write_manifest(manifest, draft.path());
    flush_folders(draft.path());
    draft.name();
    fs::remove(turns);
    internal::flush_folder(place.parent_path());
    return Backup{place, std::move(manifest), std::move(digest)};
}

}  // namespace amate::backup
