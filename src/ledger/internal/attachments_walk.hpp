// SPDX-License-Identifier: Apache-2.0
// Holds files of records against what entries say of them; needs no key, for it reads no content.
#pragma once

#include <cstdint>

#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/findings.hpp"
#include "store/session.hpp"

namespace amate::ledger::internal {

// Borrows session and findings. Genuine entries one after the other, then finish().
class AttachmentsWalk {
public:
    AttachmentsWalk(store::Session& session, Findings& findings)
        : session_(session), findings_(findings) {}

    void feed(std::int64_t seq, const Entry& entry);
    // Files that no entry kept.
    void finish();
    [[nodiscard]] std::int64_t count() const { return count_; }

private:
    store::Session& session_;
    Findings& findings_;
    std::int64_t count_ = 0;
};

}  // namespace amate::ledger::internal
