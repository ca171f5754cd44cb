// SPDX-License-Identifier: Apache-2.0
// The only way to write: a transaction that cannot end without its ledger entry.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.hpp"
#include "core/dates.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "store/record_store.hpp"
#include "store/session.hpp"

namespace amate::ledger {

// Who acts, from where and why; on every entry.
struct Actor {
    std::string user, office, purpose;
};

// What happened. For a batch: `before` is empty and `after` is JSON with the digest of the file,
// the digest of its rows in order, rows read, accepted and quarantined.
struct Event {
    std::string action;         // "workspace.init", "batch.ingest", "schema.migrate", ...
    std::string register_name;  // or empty
    std::string record_id;      // or empty
    std::string before, after;  // JSON texts; no personal data of protected registers
};

struct Entry {
    std::int64_t seq = 0;  // 1, 2, 3 ... without a gap
    std::string at;        // UTC, ISO 8601 with milliseconds
    Actor actor;
    Event event;
    std::string previous_hash, hash;  // hex; hash covers everything above and previous_hash
};

// Hash of an entry over its canonical form (docs/formats/ledger.md).
[[nodiscard]] std::string hash_of(const Entry& entry);

// One transaction. Destroyed without commit: rolled back, nothing written.
class UnitOfWork {
public:
    // Begins at once (immediate lock). `keys` holds the signing key of the head.
    UnitOfWork(store::Session& session, const std::filesystem::path& keys, Clock& clock,
               Actor actor);
    ~UnitOfWork();
    UnitOfWork(const UnitOfWork&) = delete;
    UnitOfWork& operator=(const UnitOfWork&) = delete;

    // Sequence number the entry of this unit will carry.
    [[nodiscard]] std::int64_t sequence() const;
    // Makes or widens the tables of the pack and the ledger's own.
    [[nodiscard]] Result<void> ensure_schema(const definitions::Pack& pack);
    // Adds a record; fills record.ledger_seq and row_hash.
    void add(const definitions::Register& register_, store::StoredRecord& record);
    // First of `count` fresh numbers of the sequence `name`, which starts at 1 (folios).
    [[nodiscard]] std::int64_t take_numbers(std::string_view name, std::int64_t count);

    // Digest of the row hashes added so far to a register, in order, hex.
    [[nodiscard]] std::string rows_digest() const;
    [[nodiscard]] std::int64_t rows_added() const;

    // Writes the entry, commits, then writes the signed head beside the keys. The only way out
    // besides rollback.
    Entry commit(const Event& event);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace amate::ledger
