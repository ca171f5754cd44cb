// SPDX-License-Identifier: Apache-2.0
// Where records are written one by one: requests in, revisions and ledger entries out.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dates.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "definitions/model.hpp"
#include "ledger/unit_of_work.hpp"
#include "registry/attachments.hpp"
#include "registry/life.hpp"
#include "store/session.hpp"
#include "store/workspace.hpp"

namespace amate::registry {

struct Request {
    const definitions::Register* register_ = nullptr;  // of the desk's pack
    Caller caller;
    Change change;
    // Idempotency: a request of the same user with the same key is carried out once; asked again it
    // is answered as it was then. `digest`: of the request as it came.
    std::string key, digest;
    // A file that goes with an amendment, which sets its field to the file's digest. If the record
    // states that digest already, the file is kept and there is no new revision.
    std::shared_ptr<const KeptFile> file = {};
};

// What came of a request.
struct Receipt {
    std::string register_name, folio, act, state;
    std::int64_t revision = 0;
    std::int64_t ledger_seq = 0;
    bool pending = false;   // it waits for approval
    bool repeated = false;  // an earlier request with this key had done it
};

// Whether reading a record of the register is a ledger entry: it is protected.
[[nodiscard]] bool leaves_entry(const definitions::Register& register_);

// Before records are read or written: makes the store's tables fit the pack, with an entry
// "schema.migrate" of its own if there was anything to do. `session` may write. Problems: those of
// store::ensure_tables().
[[nodiscard]] Result<void> settle_schema(const definitions::Pack& pack,
                                         const store::Workspace& workspace, store::Session& session,
                                         Clock& clock, const ledger::Actor& actor);

// Resource; one thread at a time. Borrows all. The store's tables must fit the pack already.
class Desk {
public:
    Desk(const definitions::Pack& pack, const store::Workspace& workspace, store::Session& session,
         Clock& clock);
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    // Carries out each request by itself, in order, with an entry of its own; all that succeed are
    // one transaction. Problems of a request: those of first_revision() and next_revision(),
    // registry.no_such_record, registry.key_reused; with a file registry.file_not_stated (rows of a
    // table say themselves which file is theirs). Throws InDoubt: all may be written, or none;
    // another IoFailure: nothing was.
    [[nodiscard]] std::vector<Result<Receipt>> carry_out(const std::vector<Request>& requests);

    // All or none, one entry "record.bulk"; all by the first one's caller. Problems name the
    // request in their path ("changes[3].fields.sex", counted from 0); also
    // registry.repeated_in_bulk.
    [[nodiscard]] Result<std::vector<Receipt>> carry_out_together(
        const std::vector<Request>& requests);

    // A record as it is, or was. Reading one of a protected register is a ledger entry
    // "record.read". Problems: registry.no_such_record (also: not known then), those of
    // check_right().
    [[nodiscard]] Result<store::StoredRecord> read(const definitions::Register& register_,
                                                   std::string_view folio, const Caller& caller,
                                                   const AsOf& moments);
    // All revisions, oldest first, under the same rule.
    [[nodiscard]] Result<std::vector<store::StoredRecord>> history(
        const definitions::Register& register_, std::string_view folio, const Caller& caller);

    // Where a file of a record lies; under the same rule. Problems: also registry.no_such_file (no
    // file in that field, revision or row, or none was sent for the digest stated there).
    [[nodiscard]] Result<FoundFile> find_file(const definitions::Register& register_,
                                              std::string_view folio, const Caller& caller,
                                              const WantedFile& wanted);

    // Lets every deadline that ran out take its effect (life.hpp); an entry "deadlines.lapse" for
    // each thousand records. Gives how many deadlines did. Cost: one pass over the registers that
    // have deadlines.
    std::int64_t lapse_deadlines(const ledger::Actor& actor, Progress& progress);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace amate::registry
