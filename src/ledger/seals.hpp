// SPDX-License-Identifier: Apache-2.0
// Seals: signed heads of the one tree whose leaves are the ledger's entries.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "ledger/unit_of_work.hpp"
#include "store/session.hpp"

namespace amate::ledger {

// A signed tree head (docs/formats/ledger.md): whoever keeps `size` and `root` of one can prove of
// every later ledger that its first `size` entries are the same. Value type.
struct Seal {
    std::int64_t number = 0;  // of the seals of this ledger: 1, 2, 3 ... without a gap
    std::int64_t size = 0;    // entries 1 .. size
    std::string root;         // hex
    std::string at;           // as an entry's
    std::string signature;    // hex, over all of the above

    bool operator==(const Seal&) const = default;
};

// Seals what is not sealed yet, in a unit of work of its own; safe at any time and cheap: the work
// is that of the new entries. Gives the latest seal; nothing while the ledger is empty. Stopped at
// any moment it leaves the former seal, and the next call makes up for it. Throws IoFailure.
[[nodiscard]] std::optional<Seal> seal(store::Session& session, const std::filesystem::path& keys,
                                       Clock& clock);

// As stored; nothing before the first.
[[nodiscard]] std::optional<Seal> last_seal(store::Session& session);

// One JSON object, as in `ledger.seal.json`; `public_key` in hex.
[[nodiscard]] std::string to_json(const Seal& seal, const std::string& public_key);

}  // namespace amate::ledger
