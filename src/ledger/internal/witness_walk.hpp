// SPDX-License-Identifier: Apache-2.0
// Verifies what is kept of other ledgers, as it was received and as this ledger says.
#pragma once

#include <map>
#include <string>

#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/findings.hpp"
#include "ledger/seals.hpp"
#include "store/session.hpp"

namespace amate::ledger::internal {

// Borrows session and findings. Genuine entries of this ledger in order, then finish().
class WitnessWalk {
public:
    WitnessWalk(store::Session& session, Findings& findings)
        : session_(session), findings_(findings) {}

    void feed(const Entry& entry);
    void finish();

private:
    struct Claim {  // of the last entry "ledger.witness" about a ledger
        std::int64_t size = 0;
        std::string root;
    };
    void check(const std::string& ledger, const Claim& claim);

    store::Session& session_;
    Findings& findings_;
    std::map<std::string, Claim> claims_;  // by public key
};

}  // namespace amate::ledger::internal
