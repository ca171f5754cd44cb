// SPDX-License-Identifier: Apache-2.0
// A ledger's files in the folder `keys`: signing key, public key, signed head, latest seal.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/crypto.hpp"
#include "core/result.hpp"
#include "ledger/seals.hpp"

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

[[nodiscard]] bool seal_signature_holds(const Seal& seal, const PublicKey& key);
// From hex; nothing if it is no key.
[[nodiscard]] std::optional<PublicKey> parse_public_key(std::string_view hex);

// Problem ledger.key_missing: no such file, or not a key.
[[nodiscard]] Result<PublicKey> load_public_key(const std::filesystem::path& keys);
// Problems ledger.head_missing, ledger.head_damaged (not a head, or its signature does not hold).
[[nodiscard]] Result<Head> load_head(const std::filesystem::path& keys, const PublicKey& key);

// The latest seal; number 0 if sealing began and came to none; nothing if there is no such file.
// Problem ledger.seal_file_damaged.
[[nodiscard]] Result<std::optional<Seal>> load_seal_file(const std::filesystem::path& keys,
                                                         const PublicKey& key);
// A seal as JSON that bears the signature of the key it names; nothing otherwise.
struct SignedSeal {
    Seal seal;
    PublicKey key;
};
[[nodiscard]] std::optional<SignedSeal> parse_seal(std::string_view json);

// The pair of the folder's `ledger.key`. Throws IoFailure if it is missing or damaged.
[[nodiscard]] crypto::SigningKey load_signing_key(const std::filesystem::path& keys);

// Signs entries, heads and seals. Resource.
class Sealer {
public:
    // Throws IoFailure if the folder's key or head are missing or damaged.
    [[nodiscard]] static Sealer open(const std::filesystem::path& keys);
    // A new key and the head of an empty ledger. Throws IoFailure.
    [[nodiscard]] static Sealer make(const std::filesystem::path& keys, const std::string& at);
    // For a folder that holds the key alone: the ledger is taken up where `head` says it ends.
    [[nodiscard]] static Sealer take_up(const std::filesystem::path& keys, const Head& head);
    [[nodiscard]] static bool has_key(const std::filesystem::path& keys);

    [[nodiscard]] const Head& head() const { return head_; }
    [[nodiscard]] const PublicKey& public_key() const { return key_.public_key; }
    [[nodiscard]] std::string sign_entry(const std::string& entry_hash) const;
    // Replaces the head unless a newer one stands there. Throws IoFailure.
    void write_head(const Head& head);

    [[nodiscard]] const std::filesystem::path& keys() const { return keys_; }
    // Digest of a request, keyed with what only the folder holds: a store of such digests does not
    // tell who knows a person or document whether it was sent.
    [[nodiscard]] std::string mark_of(std::string_view request) const;
    [[nodiscard]] std::string sign_seal(const Seal& seal) const;
    // Replaces the file of the latest seal unless a newer one stands there. Throws IoFailure.
    void write_seal(const Seal& seal) const;

private:
    Sealer(std::filesystem::path keys, crypto::SigningKey key)
        : keys_(std::move(keys)), key_(key) {}
    void put_head(const Head& head) const;

    std::filesystem::path keys_;
    crypto::SigningKey key_;
    Head head_;
};

}  // namespace amate::ledger::internal
