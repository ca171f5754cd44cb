// SPDX-License-Identifier: Apache-2.0
// The signing key of a ledger, its public half, and the signed head: files in the folder `keys`.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/crypto.hpp"
#include "core/result.hpp"

namespace amate::ledger::internal {

// Where the ledger ended when it was last written to.
struct Head {
    std::int64_t seq = 0;
    std::string hash;  // of the entry `seq`; kNoHash for 0
    std::string at;
};

// What stands for the hash before the first entry: 64 zeros.
extern const std::string kNoHash;

using PublicKey = std::array<unsigned char, 32>;

[[nodiscard]] bool entry_signature_holds(const std::string& entry_hash,
                                         const std::string& signature_hex, const PublicKey& key);

// Problem ledger.key_missing: no such file, or not a key.
[[nodiscard]] Result<PublicKey> load_public_key(const std::filesystem::path& keys);
// Problems ledger.head_missing, ledger.head_damaged (not a head, or its signature does not hold).
[[nodiscard]] Result<Head> load_head(const std::filesystem::path& keys, const PublicKey& key);

// Signs entries and heads. Resource.
class Sealer {
public:
    // Throws IoFailure if the folder's key or head are missing or damaged.
    [[nodiscard]] static Sealer open(const std::filesystem::path& keys);
    // A new key and the head of an empty ledger. Throws IoFailure.
    [[nodiscard]] static Sealer make(const std::filesystem::path& keys, const std::string& at);
    [[nodiscard]] static bool has_key(const std::filesystem::path& keys);

    [[nodiscard]] const Head& head() const { return head_; }
    [[nodiscard]] const PublicKey& public_key() const { return key_.public_key; }
    [[nodiscard]] std::string sign_entry(const std::string& entry_hash) const;
    // Replaces the head unless a newer one stands there. Throws IoFailure.
    void write_head(const Head& head);

private:
    Sealer(std::filesystem::path keys, crypto::SigningKey key)
        : keys_(std::move(keys)), key_(key) {}
    void put_head(const Head& head) const;

    std::filesystem::path keys_;
    crypto::SigningKey key_;
    Head head_;
};

}  // namespace amate::ledger::internal
