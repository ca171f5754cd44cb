// SPDX-License-Identifier: Apache-2.0
// Proofs for outsiders: that an entry or a record is under a seal, that one seal continues another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "ledger/seals.hpp"

namespace amate::ledger {

// Each gives one JSON object as docs/formats/ledger.md has it, checked by the program on that page
// with nothing but the ledger's public key. What is proved is checked before it is given. Throws
// IoFailure if parts of the tree are missing.
// Problems: ledger.no_seal, ledger.no_seal_of_size, ledger.no_entry, ledger.not_sealed,
// ledger.key_missing.

// That entry `seq` is under the seal of `size` entries (the latest, if none is given).
[[nodiscard]] Result<std::string> prove_entry(store::Session& session,
                                              const std::filesystem::path& keys, std::int64_t seq,
                                              std::optional<std::int64_t> size);
// That the ledger sealed at `to` entries begins with the one sealed at `from`.
[[nodiscard]] Result<std::string> prove_growth(store::Session& session,
                                               const std::filesystem::path& keys, std::int64_t from,
                                               std::int64_t to);
// That the rows of a folio are among those their entries account for, and these under the latest
// seal. The proof holds the record itself: personal data. Problems also: ledger.no_record,
// ledger.record_changed.
[[nodiscard]] Result<std::string> prove_record(store::Session& session,
                                               const std::filesystem::path& keys,
                                               const std::string& register_name,
                                               const std::string& folio);

}  // namespace amate::ledger
