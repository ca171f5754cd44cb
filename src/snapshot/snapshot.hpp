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
    std::int64_t bytes = 0;
    std::int64_t records = 0;
    std::int64_t persons = 0;  // distinct person keys; records without one are not among them
    // Records the store held whose time is after the cut-off; nothing where an older program wrote
    // the manifest.
    std::optional<std::int64_t> later = {};
};

// manifest.json of a snapshot. A file has the columns: one a dimension (Dimension::sql_name; codes
// and `codes` joined by ';' as text, booleans, integers), one a measure (integers; money as
// DECIMAL(18,2)), `time` (DATE, the register's
// statistics.time) and `person_key` (text; NULL where no person key is complete). Nothing else:
// no name, no free text, no birth date.
struct Manifest {
    Date cutoff;
    std::string made_at, pack, definitions_digest, ledger_head;
    bool invented = false;
    std::int64_t ledger_seq = 0;  // of the entry `ledger_head` is the hash of; 0: not known
    std::vector<SnapshotFile> files;
    std::filesystem::path directory;
    std::string key_digest = {};  // of the key of the pseudonyms, hex; "": not known

    [[nodiscard]] const SnapshotFile* find(std::string_view register_name) const;
};

// Where the columns to count over lie in a snapshot's folder (docs/formats/snapshot.md).
inline constexpr const char* kColumnsFolder = ".columns";

enum class From : unsigned char {
    latest,  // builds on the newest snapshot not after the cut-off, where it can
    scratch  // reads every record
};

// Writes snapshots/CUTOFF/ whole or not at all; an older one of the same cut-off is replaced in one
// step. Records whose time is after the cut-off stay out; those without a time stay in. Person
// keys: keyed digest of the first complete person_key of the pack (of the register's first person
// field), with a random key kept in keys/ (one a workspace). Same records, pack, cut-off and key:
// same bytes of the Parquet files, from whichever start. A register builds on the earlier snapshot
// if definitions are the same, all of its records up to the new cut-off that were there then stand
// in it, and none of its dimensions asks for the day; one without changes shares the file.
// Problems: snapshot.personal_dimension, snapshot.dimension_type, snapshot.column_twice,
// snapshot.unknown_code, snapshot.in_progress, snapshot.key_damaged. Throws IoFailure.
[[nodiscard]] Result<Manifest> take_snapshot(const definitions::Pack& pack,
                                             const store::Workspace& workspace,
                                             store::Session& session, Date cutoff, Clock& clock,
                                             Progress& progress, From from = From::latest);

// Reads manifest.json and checks that its files are there in their sizes; their digests are checked
// by check_file. Problems: snapshot.none, snapshot.damaged.
[[nodiscard]] Result<Manifest> load_manifest(const std::filesystem::path& directory);
// Reads the whole file: about a second a gigabyte. Problem: snapshot.damaged.
[[nodiscard]] Result<void> check_file(const Manifest& manifest, const SnapshotFile& file);
// The newest by cut-off (not after `as_of`, if given); problem snapshot.none when there is none.
[[nodiscard]] Result<Manifest> latest_snapshot(const store::Workspace& workspace,
                                               std::optional<Date> as_of = std::nullopt);

}  // namespace amate::snapshot
