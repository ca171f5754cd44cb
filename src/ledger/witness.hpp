// SPDX-License-Identifier: Apache-2.0
// Ranges of a ledger for others to keep, and what others keep held against the ledger.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "ledger/seals.hpp"

namespace amate::ledger {

// Writes the entries after the seal of `from` entries (0: from the first) up to the seal of `to`
// (the latest, if none is given) into `file`, with both seals, as docs/formats/ledger.md has it.
// Nothing of the records goes with them. Gives the seal of `to`. Constant memory.
// Problems: ledger.no_seal, ledger.no_seal_of_size, ledger.key_missing. Throws IoFailure.
[[nodiscard]] Result<Seal> export_range(store::Session& session, const std::filesystem::path& keys,
                                        std::int64_t from, std::optional<std::int64_t> to,
                                        const std::filesystem::path& file);

// What a witness has taken in.
struct Witnessed {
    std::string ledger;  // public key of the ledger, hex
    std::int64_t added = 0;
    Seal seal;  // the range's
};

// Keeps a range of another ledger in this store, with an entry "ledger.witness" of this one's own.
// Every entry's hash, signature and place in the tree is checked first, and that the range follows
// what is held of that ledger: parts held already must be the same. A range held already adds
// nothing and writes no entry. All or nothing.
// Problems: ledger.range_damaged, ledger.range_gap, ledger.fork (nothing is written then).
[[nodiscard]] Result<Witnessed> witness_range(store::Session& session,
                                              const std::filesystem::path& keys, Clock& clock,
                                              const Actor& actor,
                                              const std::filesystem::path& file);

// Holds a file that somebody else kept, a range or a seal, against this ledger: every entry of the
// range must be here as it is there, and the first `size` entries must give the seal's root.
// Problems: ledger.range_damaged, ledger.other_ledger, ledger.fork, ledger.seal_differs,
// ledger.shorter_than_witnessed, ledger.key_missing.
[[nodiscard]] Result<Seal> check_against(store::Session& session, const std::filesystem::path& keys,
                                         const std::filesystem::path& file);

}  // namespace amate::ledger
