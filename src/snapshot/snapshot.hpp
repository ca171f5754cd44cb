// SPDX-License-Identifier: Apache-2.0
// Freezes registers at a cut-off into pseudonymous Parquet files with a manifest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/dates.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "store/session.hpp"
#include "store/workspace.hpp"

namespace amate::snapshot {

struct SnapshotFile {
    std::string register_name, file, digest;  // file name within the snapshot's folder
    std::int64_t records = 0;
    std::int64_t persons = 0;
};

// manifest.json of a snapshot. A file has the columns: one a dimension (Dimension::sql_name; codes
// and `codes` joined by ';' as text, booleans, integers), `time` (DATE, the register's
// statistics.time) and `person_key` (text; NULL where no person key is complete). Nothing else:
// no name, no free text, no birth date.
struct Manifest {
    Date cutoff;
    std::string made_at, pack, definitions_digest, ledger_head;
    bool invented = false;
    std::vector<SnapshotFile> files;
    std::filesystem::path directory;

    [[nodiscard]] const SnapshotFile* find(std::string_view register_name) const;
};

// Writes snapshots/CUTOFF/ (replacing an older one of the same cut-off only when complete).
// Records whose time is after the cut-off stay out. Person keys: keyed digest of the first complete
// person_key of the pack, with a random key kept in keys/ (one a workspace).
[[nodiscard]] Result<Manifest> take_snapshot(const definitions::Pack& pack,
                                             const store::Workspace& workspace,
                                             store::Session& session, Date cutoff, Clock& clock,
                                             Progress& progress);

[[nodiscard]] Result<Manifest> load_manifest(const std::filesystem::path& directory);
// The newest by cut-off (not after `as_of`, if given); problem snapshot.none when there is none.
[[nodiscard]] Result<Manifest> latest_snapshot(const store::Workspace& workspace,
                                               std::optional<Date> as_of = std::nullopt);

}  // namespace amate::snapshot
