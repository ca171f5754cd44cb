// SPDX-License-Identifier: Apache-2.0
// Records of a register as they lie in its table: reading them back, today's or all that was.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/fwd.hpp>

#include "core/progress.hpp"
#include "core/value.hpp"
#include "definitions/model.hpp"
#include "store/session.hpp"

namespace amate::store {

// Columns of a register, rising, and what they are set to.
using Changes = std::vector<std::pair<std::size_t, Value>>;

// What made a revision of a record. The acts: "" (the first revision), "amend", "correct",
// "act:ACTION", "lapse:DEADLINE", "propose:...", "approve", "reject", "withdraw", "reinstate".
struct Act {
    std::string name;
    std::string effective_at;  // local moment since when it holds in the world, ISO 8601; "": since
                               // the record began
    Changes changes;           // what it set; the record may show something later for them
    std::string reason;        // in somebody's words; as sensitive as the record
};

// A task that waits for somebody.
struct OpenTask {
    std::string name;
    std::string due;  // local moment, ISO 8601; "": whenever
    bool operator==(const OpenTask&) const = default;
};

// One revision of a record: the record whole, as the act left it.
struct StoredRecord {
    std::string record_id, folio, state, row_hash, recorded_at, version;
    std::vector<std::string> flags;
    std::int64_t ledger_seq = 0;  // entry that wrote it
    std::int64_t batch_row = 0;   // 1-based place within the batch
    std::int64_t revision = 1;    // 1, 2, 3 ... of its record
    Act act;
    std::vector<OpenTask> tasks;
    std::string pending;  // an act that waits for approval, registry::to_text(PendingAct); or ""
    std::vector<Value> values;  // laid out as the register's columns

    [[nodiscard]] bool withdrawn() const { return act.name == kWithdraw; }
    static constexpr std::string_view kWithdraw = "withdraw";
};

// Changes as a row keeps them: an object by SQL names, which later versions of the pack read as
// they read columns: recoded, without what is retired, under the names fields bear then.
[[nodiscard]] boost::json::object write_changes(const definitions::Register& register_,
                                                const Changes& changes);
// Nothing if write_changes() cannot have written it.
[[nodiscard]] std::optional<Changes> read_changes(const definitions::Register& register_,
                                                  const boost::json::object& written);

// Hash of a row: BLAKE2b-256, hex, over the row's canonical form (docs/formats/ledger.md): every
// SQL column but row_hash that is not NULL, by rising name, so that neither the order of a pack's
// fields nor a column added later changes it. Value type; not for several threads at once.
class RowSealer {
public:
    // `columns`: SQL names, in the order in which rows are laid out.
    explicit RowSealer(const std::vector<std::string>& columns);
    [[nodiscard]] std::string hash(const SqlRow& row);
    // The form itself, put at the end of `forms`.
    void append_form(const SqlRow& row, std::string& forms) const;

private:
    struct Part {
        std::size_t index;
        std::string prefix;  // "name:"
    };
    std::vector<Part> parts_;
    std::string buffer_;
};

// SQL columns of the register's table, in the order of to_row(); the shape the table is made in.
[[nodiscard]] std::vector<std::string> columns_of(const definitions::Register& register_);
[[nodiscard]] TableShape shape_of(const definitions::Register& register_);
// The same of a register's table of which only the columns are known.
[[nodiscard]] TableShape shape_of(const std::string& table, std::vector<TableColumn> columns);
// Secret cells are encrypted with `cipher`; null only where the register has none
// (definitions::has_secrets).
void to_row(const definitions::Register& register_, const StoredRecord& record, FieldCipher* cipher,
            SqlRow& row);
// Where row_hash and ledger_seq lie in a row of to_row().
inline constexpr std::size_t kRowHashIndex = 4;
inline constexpr std::size_t kLedgerSeqIndex = 2;

// Calls `each` for the newest revision of every record of the register that was not withdrawn, by
// ledger_seq and batch_row, until it returns false. Codes, states and flags are those of today (the
// pack's migrations say how), so that the hash of the row is not the one of what is read. The
// record is reused between calls. Constant memory. A register whose table is not made yet has no
// records. Throws IoFailure if a stored value is none of its column's type.
void for_each_record(Session& session, const definitions::Register& register_,
                     const std::function<bool(const StoredRecord&)>& each);

// Where a reading of records has come to: the place of the last one read.
struct RecordCursor {
    std::int64_t ledger_seq = 0;
    std::int64_t batch_row = 0;
};
// for_each_record() from the first record behind the cursor on.
void for_each_record_after(Session& session, const definitions::Register& register_,
                           const RecordCursor& after,
                           const std::function<bool(const StoredRecord&)>& each);

// Records that for_each_record() gives.
[[nodiscard]] std::int64_t count_records(Session& session, const definitions::Register& register_);

// The newest revision of one record, withdrawn or not, as for_each_record() reads it.
[[nodiscard]] std::optional<StoredRecord> find_record(Session& session,
                                                      const definitions::Register& register_,
                                                      std::string_view folio);
// All revisions of one record, oldest first; empty: there is no such record.
[[nodiscard]] std::vector<StoredRecord> revisions_of(Session& session,
                                                     const definitions::Register& register_,
                                                     std::string_view folio);

// A row as verification sees it: what it says its hash is, and what its hash is.
struct SealedRow {
    std::string record_id, folio, stated_hash, computed_hash;
    std::int64_t ledger_seq = 0;
    std::int64_t batch_row = 0;
};

// A row as verification reads it when others are to hash it. Borrowed for the call.
struct RowForm {
    std::string_view stated_hash;
    std::int64_t batch_row = 0;
    const RowSealer& sealer;
    const SqlRow& row;
    void append_to(std::string& forms) const { sealer.append_form(row, forms); }
};

// A register's table read by the columns it has, whatever the pack says today.
// Borrows the session. Resource.
class SealedTable {
public:
    SealedTable(Session& session, std::string table);
    // Rows written by one entry, by batch_row, until `each` returns false. The row is reused.
    void for_each_row(std::int64_t ledger_seq, const std::function<bool(const SealedRow&)>& each);
    // The same rows, not hashed.
    void for_each_form(std::int64_t ledger_seq, const std::function<void(const RowForm&)>& each);
    // Entries that rows name as theirs, rising, with the number of their rows.
    void for_each_entry(
        const std::function<bool(std::int64_t ledger_seq, std::int64_t rows)>& each);
    [[nodiscard]] std::int64_t count();
    // Rows of one folio, by ledger_seq and batch_row, with their cells in the order of columns().
    void for_each_row_of(const std::string& folio,
                         const std::function<void(const SealedRow&, const SqlRow&)>& each);
    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    // Stated hashes of an entry's rows with after_row < batch_row <= last_row, by batch_row.
    [[nodiscard]] std::vector<std::string> hashes_of(std::int64_t ledger_seq,
                                                     std::int64_t after_row, std::int64_t last_row);

private:
    void fill(const SqlRow& row, SealedRow& sealed);

    Session& session_;
    std::string table_;
    std::vector<std::string> columns_;
    std::string select_;
    RowSealer sealer_;
    std::vector<std::size_t> places_;  // of record_id, folio, ledger_seq, batch_row, row_hash
};

}  // namespace amate::store
