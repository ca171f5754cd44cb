// SPDX-License-Identifier: Apache-2.0
// For tests only: the key of the only one who can write, so that the store is tested by itself.
#pragma once

#include "store/session.hpp"

namespace amate::ledger {
class UnitOfWork {
public:
    static const store::WriteKey& key() {
        static const store::WriteKey kKey;
        return kKey;
    }
};
}  // namespace amate::ledger
