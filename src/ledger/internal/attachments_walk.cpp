// SPDX-License-Identifier: Apache-2.0
// Each file is read once as it is stored; at the end the entries that files name are looked up.
#include "ledger/internal/attachments_walk.hpp"

#include "store/attachments.hpp"

namespace amate::ledger::internal {

void AttachmentsWalk::feed(std::int64_t seq, const Entry& entry) {
    const auto claim = attachment_claim_of(entry.event.after);
    if (!claim) return;
    ++count_;
    const auto stored = store::stored_attachment(session_, seq);
    if (stored == *claim) return;
    findings_.add(stored.parts == 0 ? "ledger.attachment_missing" : "ledger.attachment_changed",
                  {{"seq", std::to_string(seq)}, {"record", entry.event.record_id}});
}

void AttachmentsWalk::finish() {
    store::for_each_attachment_entry(session_, [&](std::int64_t seq) {
        const auto stored = find_entry(session_, seq);
        if (stored && attachment_claim_of(stored->entry.event.after)) return;
        findings_.add("ledger.attachment_inserted", {{"seq", std::to_string(seq)}});
    });
}

}  // namespace amate::ledger::internal
