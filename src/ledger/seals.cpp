// SPDX-License-Identifier: Apache-2.0
// Sealing from outside a unit of work, and seals as text.
#include "ledger/seals.hpp"

#include <boost/json.hpp>

#include "ledger/internal/seal_store.hpp"

namespace amate::ledger {

std::optional<Seal> seal(store::Session& session, const std::filesystem::path& keys, Clock& clock) {
    UnitOfWork unit(session, keys, clock, {});  // a seal names nobody: it tells no event
    return unit.seal();
}

std::optional<Seal> last_seal(store::Session& session) {
    return internal::find_last_seal(session);
}

std::string to_json(const Seal& seal, const std::string& public_key) {
    return boost::json::serialize(boost::json::object{{"format", "amate-seal-1"},
                                                      {"number", seal.number},
                                                      {"size", seal.size},
                                                      {"root", seal.root},
                                                      {"at", seal.at},
                                                      {"public_key", public_key},
                                                      {"signature", seal.signature}});
}

}  // namespace amate::ledger
