// SPDX-License-Identifier: Apache-2.0
// A workspace written whole into a folder while others go on writing, and made again from it.
#pragma once

#include <filesystem>
#include <string>

#include "backup/manifest.hpp"
#include "core/dates.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "ledger/restore.hpp"
#include "store/workspace.hpp"

namespace amate::backup {

// Writes the store as it is at one moment, the pack, snapshots and quarantine into the new folder
// `out` (its owner's alone), under another name until all of it is on the disk; what fails leaves
// nothing. No key but the ledger's public one is among it. Nobody is held up but `amate snapshot`,
// while snapshots are copied, and another backup to the same place. `pack` was loaded from the
// workspace's folder. Constant memory; the same store gives the same tables, whichever database it
// lies in. Problems: backup.exists, backup.nothing, ledger.key_missing. Throws IoFailure.
[[nodiscard]] Result<Backup> take_backup(const definitions::Pack& pack,
                                         const store::Workspace& workspace, store::Session& session,
                                         const std::filesystem::path& out, Clock& clock,
                                         Progress& progress);

// What a restored workspace is to be.
struct RestoreTarget {
    std::filesystem::path folder;  // absent or empty
    std::filesystem::path keys;    // copy of the folder `keys` that was kept apart
    std::filesystem::path pack;    // "": the backup's, which is put into the workspace
    std::string store_url;
    ledger::RestorePoint point;
};

// Folder of the pack the workspace would have; its time zone makes the clock.
[[nodiscard]] std::filesystem::path pack_of(const Backup& backup, const RestoreTarget& target);

// Makes the workspace anew and proves it (ledger::verify); workspace.json comes last, so that what
// was killed on the way is no workspace. After a problem the folder is as it was. Problems:
// backup.place_not_empty, backup.no_keys, those of ledger::restore_store and ledger::verify. After
// one of the latter a store on a server holds what did not pass. Throws IoFailure.
[[nodiscard]] Result<ledger::Restored> restore_backup(const Backup& backup,
                                                      const RestoreTarget& target,
                                                      const definitions::Pack& pack, Clock& clock,
                                                      const ledger::Actor& actor,
                                                      Progress& progress);

}  // namespace amate::backup
