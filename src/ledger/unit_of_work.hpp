// SPDX-License-Identifier: Apache-2.0
// The only way to write: a transaction that cannot end without its ledger entry.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.hpp"
#include "core/dates.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "ledger/row_maker.hpp"
#include "store/attachments.hpp"
#include "store/record_store.hpp"
#include "store/session.hpp"

namespace amate::ledger {

// Who acts, from where and why; on every entry.
struct Actor {
    std::string user, office, purpose;
};

// What happened. `before` and `after` are empty or JSON objects. commit() itself adds to `after`:
//   "rows": {REGISTER: {"added": N, "last": L, "digest": D}}   of the records added by the unit
//   "schema": {"tables": [...], "columns": ["TABLE.COLUMN"], "retyped": [...], "migrations": [...],
//              "definition": HEX}     if ensure_schema() changed anything; the last three as needed
// and "attachment": {"field": F, "parts": N, "digest": D} of a file kept by attach(),
// so that no caller can forget them; these three keys are no caller's. For action "batch.ingest"
// the caller's `after` is {"file_digest": HEX, "source": NAME, "rows_read": N, "accepted": N,
// "quarantined": N}.
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

namespace internal {
struct Cut;
}
struct RestoreOptions;  // ledger/restore.hpp
struct Seal;            // ledger/seals.hpp
struct Witnessed;       // ledger/witness.hpp

// Hash of an entry over its canonical form (docs/formats/ledger.md), hex.
[[nodiscard]] std::string hash_of(const Entry& entry);

// How far the machine's clock may be behind the last entry without harm.
inline constexpr std::int64_t kClockToleranceMs = 2000;
// The one kind of entry that may be dated before the one it follows: a person's word that the
// entries before it were dated ahead of time.
inline constexpr const char* kClockCorrected = "clock.corrected";

// One transaction of one or more entries. Destroyed without commit: rolled back, nothing written.
//
// No other entry is dated before the one it follows. While the clock is behind the last entry by up
// to kClockToleranceMs, what is written takes that entry's moment; by more, add(), commit() and
// seal() throw IoFailure that says by how much: nothing is written, and units work again by
// themselves as soon as the clock has caught up or is set right.
class UnitOfWork {
public:
    // Takes the write lock at once, makes the ledger's own tables and the signing key if there are
    // none, and checks that the ledger ends where the signed head in `keys` says. Throws IoFailure,
    // also when it does not: a ledger that was cut is not written on (run verify).
    UnitOfWork(store::Session& session, const std::filesystem::path& keys, Clock& clock,
               Actor actor);
    ~UnitOfWork();
    UnitOfWork(const UnitOfWork&) = delete;
    UnitOfWork& operator=(const UnitOfWork&) = delete;

    // Who acts from the next entry on, where one transaction serves several people.
    void set_actor(Actor actor);
    // Sequence number the next entry of this unit will carry.
    [[nodiscard]] std::int64_t sequence() const;
    // Makes or widens the tables of the pack; what changed goes into this unit's entry. Idempotent;
    // cheap when nothing changed. Problems as store::ensure_tables; nothing is changed then.
    [[nodiscard]] Result<void> ensure_schema(const definitions::Pack& pack);
    // Adds a revision of a record to the next entry. Fills record.ledger_seq and row_hash;
    // batch_row if it is 0 (the next one) and recorded_at if it is empty. batch_row must rise
    // within a register and entry; gaps are fine (rows in quarantine). A whole number in a decimal
    // or money column becomes a decimal one.
    void add(const definitions::Register& register_, store::StoredRecord& record);
    // The same in two halves, of which the first may be done on another thread: a maker of rows for
    // the next entry, and the adding of what it made. batch_row must be set and rise.
    [[nodiscard]] std::unique_ptr<RowMaker> row_maker(const definitions::Register& register_);
    void add(const definitions::Register& register_, const SealedRow& row);
    // Keeps a file with the next entry, which is about that record; one an entry.
    void attach(const store::AttachmentPlace& place, const store::AttachmentFacts& facts,
                const std::filesystem::path& file);
    // First of `count` fresh numbers of the sequence `name`, which starts at 1 (folios).
    [[nodiscard]] std::int64_t take_numbers(std::string_view name, std::int64_t count);
    // The next fresh numbers of the sequence `name` and of those called `name.` and something; what
    // is not in it begins at 1. Nobody else takes any while the unit lives.
    [[nodiscard]] std::map<std::string, std::int64_t> next_numbers(std::string_view name);

    // Keeps a range of another ledger; see witness_range() in witness.hpp, which is how to call it.
    [[nodiscard]] Result<Witnessed> keep_range(const std::filesystem::path& file);

    // Fills an empty store; see restore_store() in restore.hpp, which is how to call it. Gives the
    // entry that tells of it.
    [[nodiscard]] static Result<Entry> restore(store::Session& session,
                                               const std::filesystem::path& keys, Clock& clock,
                                               const Actor& actor, const internal::Cut& cut,
                                               const RestoreOptions& options, Progress& progress);

    // Digest of the rows added since the last entry, hex, as it will stand in the next one; if they
    // went to several registers, a digest of their digests.
    [[nodiscard]] std::string rows_digest() const;
    [[nodiscard]] std::int64_t rows_added() const;

    // store::rotate_data_keys(). Nothing was added before.
    void rotate_keys();
    // Remembers within the transaction what a request with this key of this user was answered, so
    // that it is never carried out twice. `answer` is a JSON array of objects whose `entry` is the
    // number of the entry that did it: a restore to an earlier one leaves the answer out.
    // find_answer() of ledger/entries.hpp gives it back.
    void remember_answer(std::string_view key, std::string_view request_digest,
                         std::string_view answer);

    // Writes a signed entry for what was added since the last one; more may follow. Nobody else
    // sees it before commit().
    Entry record(const Event& event);
    // record(), then commit().
    Entry commit(const Event& event);
    // Commits, then writes the signed head beside the keys. The only way out besides rollback. At
    // least one entry was recorded, and nothing was added since. Throws InDoubt if the
    // store cannot say whether it committed, or it did and only the head is not written (the next
    // unit makes up for it); another IoFailure: nothing was written.
    void commit();

    // The other way out, of a unit that wrote nothing: seals all entries not yet sealed (seals.hpp)
    // and commits. Gives the latest seal, an older one if there was nothing to seal; nothing while
    // the ledger is empty. Throws IoFailure, also when tree or entries do not agree with the last
    // seal: a seal is never put on what was altered.
    [[nodiscard]] std::optional<Seal> seal();

private:
    struct State;
    explicit UnitOfWork(std::unique_ptr<State> state);
    static const store::WriteKey& key();
    std::unique_ptr<State> state_;
};

}  // namespace amate::ledger
