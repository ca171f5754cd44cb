// SPDX-License-Identifier: Apache-2.0
// Keys, store, files, proof; and only then the file that makes a folder a workspace.
#include "backup/backup.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "backup/internal/quarantine_file.hpp"
#include "backup/internal/table_file.hpp"
#include "backup/internal/written_file.hpp"
#include "ledger/verify.hpp"
#include "snapshot/snapshot.hpp"
#include "store/address.hpp"
#include "store/durable_file.hpp"

namespace amate::backup {
namespace {

namespace fs = std::filesystem;

class TablesOfBackup final : public ledger::CarriedStore {
public:
    explicit TablesOfBackup(const Backup& backup) : backup_(backup) {
        for (const auto& table : backup.manifest.tables) shapes_.push_back(table.shape);
    }
    [[nodiscard]] const std::vector<store::TableShape>& tables() const override { return shapes_; }
    [[nodiscard]] std::int64_t rows() const override { return backup_.manifest.rows(); }
    void for_each_row(const std::string& table,
                      const std::function<bool(const store::SqlRow&)>& each) override {
        for (const auto& known : backup_.manifest.tables) {
            if (known.shape.name != table) continue;
            internal::for_each_row(backup_.folder / known.file(), known.shape.columns.size(), each);
        }
    }

private:
    const Backup& backup_;
    std::vector<store::TableShape> shapes_;
};

bool is_free(const fs::path& folder) {
    std::error_code error;
    return !fs::exists(fs::symlink_status(folder, error)) ||
           (fs::is_directory(folder, error) && fs::is_empty(folder, error));
}

// Takes away what was put into a folder that was free, unless it came to be a workspace; and the
// file of a store that was to lie elsewhere.
class Clearing {
public:
    explicit Clearing(fs::path folder) : folder_(std::move(folder)) {
        std::error_code error;
        there_ = fs::exists(folder_, error);
    }
    ~Clearing() {
        if (kept_) return;
        std::error_code ignored;
        for (const auto& file : files_) fs::remove(file, ignored);
        if (!there_) {
            fs::remove_all(folder_, ignored);
            return;
        }
        std::error_code error;
        for (const auto& each : fs::directory_iterator(folder_, error)) {
            fs::remove_all(each.path(), ignored);
        }
    }
    Clearing(const Clearing&) = delete;
    Clearing& operator=(const Clearing&) = delete;
    void add_store(const std::string& url) {
        if (!store::is_sqlite_address(url)) return;
        const auto file = url.substr(store::kSqliteAddress.size());
        std::error_code error;
        if (fs::exists(file, error)) return;
        for (const auto* end : {"", "-wal", "-shm"}) files_.push_back(file + end);
    }
    void keep() { kept_ = true; }

private:
    fs::path folder_;
    std::vector<std::string> files_;
    bool there_ = false;
    bool kept_ = false;
};

// Where the ledger ended is written anew; all else that lies in the folder is the country's.
void copy_keys(const fs::path& from, const store::Workspace& workspace) {
    const std::set<std::string, std::less<>> written_anew{"ledger.pub", "ledger.head.json",
                                                          "ledger.seal.json"};
    for (const auto& path : internal::files_below(from)) {
        if (written_anew.contains(path) || path.ends_with(".lock") || path.ends_with(".tmp")) {
            continue;
        }
        (void)internal::copy_file(from / path, workspace.keys(), path);
    }
}

void copy_from_backup(const Backup& backup, const std::string& place, const fs::path& to,
                      const std::function<bool(const std::string& path)>& wanted) {
    const auto begin = place + "/";
    for (const auto& file : backup.manifest.files) {
        if (!file.path.starts_with(begin)) continue;
        const auto path = file.path.substr(begin.size());
        if (wanted(path)) (void)internal::copy_file(backup.folder / file.path, to, path);
    }
}

// A snapshot belongs to the workspace if the entry it was taken at does.
std::set<std::string> snapshots_until(const Backup& backup, TablesOfBackup& tables,
                                      std::int64_t last_seq) {
    std::set<std::string> entries{""};  // taken before the first
    tables.for_each_row("ledger", [&](const store::SqlRow& row) {
        if (store::integer_of(row[0]) > last_seq) return false;
        entries.insert(store::text_of(row[11]));
        return true;
    });
    std::set<std::string> wanted;
    for (const auto& file : backup.manifest.files) {
        const fs::path path(file.path);
        if (!file.path.starts_with("snapshots/") || path.filename() != "manifest.json") continue;
        const auto manifest = snapshot::load_manifest(backup.folder / path.parent_path());
        if (manifest && entries.contains(manifest->ledger_head)) {
            wanted.insert(path.parent_path().filename().string());
        }
    }
    return wanted;
}

void copy_files(const Backup& backup, TablesOfBackup& tables, const store::Workspace& workspace,
                std::int64_t last_seq) {
    const auto snapshots = snapshots_until(backup, tables, last_seq);
    copy_from_backup(backup, "snapshots", workspace.snapshots(), [&](const std::string& path) {
        return snapshots.contains(path.substr(0, path.find('/')));
    });
    copy_from_backup(backup, "quarantine", workspace.quarantine(), [&](const std::string& path) {
        return internal::is_quarantine_until(path, last_seq);
    });
}

}  // namespace

fs::path pack_of(const Backup& backup, const RestoreTarget& target) {
    return target.pack.empty() ? backup.folder / "pack" : target.pack;
}

Result<ledger::Restored> restore_backup(const Backup& backup, const RestoreTarget& target,
                                        const definitions::Pack& pack, Clock& clock,
                                        const ledger::Actor& actor, Progress& progress) {
    if (!is_free(target.folder)) {
        return fail(Problem{"backup.place_not_empty", {}, {{"folder", target.folder.string()}}});
    }
    std::error_code error;
    if (!fs::is_regular_file(target.keys / "ledger.key", error)) {
        return fail(Problem{"backup.no_keys", {}, {{"folder", target.keys.string()}}});
    }
    Clearing clearing(target.folder);
    store::make_folder(target.folder, store::FileRights::everybody);
    store::Workspace workspace{fs::canonical(target.folder), target.pack, target.store_url,
                               backup.manifest.invented};
    store::make_folder(workspace.keys(), store::FileRights::owner_only);
    store::make_folder(workspace.snapshots(), store::FileRights::everybody);
    store::make_folder(workspace.quarantine(), store::FileRights::owner_only);
    copy_keys(target.keys, workspace);
    if (target.pack.empty()) {
        workspace.pack = workspace.root / "pack";
        store::make_folder(workspace.pack, store::FileRights::everybody);
        copy_from_backup(backup, "pack", workspace.pack, [](const auto&) { return true; });
    } else {
        workspace.pack = fs::canonical(target.pack);
    }
    TablesOfBackup tables(backup);
    clearing.add_store(workspace.session_url());
    const auto session = store::open_session(workspace, store::Session::Mode::read_write);
    AMATE_TRY(auto restored,
              ledger::restore_store(
                  *session, workspace.keys(), clock, actor,
                  {tables, target.point, backup.digest, backup.manifest.public_key}, progress));
    copy_files(backup, tables, workspace, restored.cut.seq);
    auto proof = ledger::verify(*session, pack, workspace.keys(), progress);
    if (!proof.problems.empty()) return fail(std::move(proof.problems));
    store::save_workspace(workspace);
    clearing.keep();
    return restored;
}

}  // namespace amate::backup
