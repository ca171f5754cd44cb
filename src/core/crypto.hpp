// SPDX-License-Identifier: Apache-2.0
// Digests, keyed digests, signatures and randomness; libsodium stays behind this header.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace amate::crypto {

using Digest = std::array<unsigned char, 32>;  // BLAKE2b-256

[[nodiscard]] Digest digest(std::string_view bytes);
// BLAKE2b-256 keyed with a 32-byte key: pseudonyms that cannot be guessed without the key.
[[nodiscard]] Digest keyed_digest(std::string_view bytes, const Digest& key);
[[nodiscard]] std::string to_hex(std::span<const unsigned char> bytes);
// Nothing if it is not 64 digits, lower-case.
[[nodiscard]] std::optional<Digest> digest_from_hex(std::string_view hex);

// Digest of a stream of pieces; same result as digest() of their concatenation.
class Hasher {
public:
    Hasher();
    ~Hasher();
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;
    void add(std::string_view bytes);
    [[nodiscard]] Digest finish();  // once

private:
    struct State;
    std::unique_ptr<State> state_;
};

[[nodiscard]] Digest digest_of_file(const std::filesystem::path& file);  // throws IoFailure

void fill_random(std::span<unsigned char> bytes);
// Random 32-byte key.
[[nodiscard]] Digest make_key();

// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): nonce, ciphertext and tag in one text.
// `associated` is authenticated with it and not part of it. A nonce never serves twice with a key.
using Nonce = std::array<unsigned char, 24>;
[[nodiscard]] std::string encrypt(std::string_view plain, std::string_view associated,
                                  const Digest& key, const Nonce& nonce);
// Nothing if anything was altered.
[[nodiscard]] std::optional<std::string> decrypt(std::string_view sealed,
                                                 std::string_view associated, const Digest& key);

// Nonces that differ from those of every other source: random, then counted. One thread at a time.
class NonceSource {
public:
    NonceSource();
    [[nodiscard]] const Nonce& next();

private:
    Nonce nonce_{};
};

// SHA-256 (FIPS 180-4), 32 bytes, where a standard asks for it; all that is our own is BLAKE2b.
[[nodiscard]] std::string sha256(std::string_view bytes);

// RFC 4648 section 4, with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

// Ed25519 (RFC 8032). Keys are raw bytes; the secret one is 64 bytes (seed and public key).
struct SigningKey {
    std::array<unsigned char, 64> secret;
    std::array<unsigned char, 32> public_key;
};
[[nodiscard]] SigningKey make_signing_key();
[[nodiscard]] std::array<unsigned char, 64> sign(std::string_view message, const SigningKey& key);
[[nodiscard]] bool signature_holds(std::string_view message,
                                   const std::array<unsigned char, 64>& signature,
                                   const std::array<unsigned char, 32>& public_key);

// UUID version 7 (RFC 9562 section 5.7), lower-case with hyphens; rises with `unix_ms`.
[[nodiscard]] std::string make_uuid_v7(std::int64_t unix_ms);

}  // namespace amate::crypto
