// SPDX-License-Identifier: Apache-2.0
// Digests, signatures and randomness over libsodium.
#include "core/crypto.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

#include "core/result.hpp"

namespace amate::crypto {
namespace {

// libsodium must be set up once before its random source is used; doing so again is free.
void ensure_ready() {
    static const int kReady = sodium_init();
    AMATE_CHECK(kReady >= 0);
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Digest digest(std::string_view bytes) {
    Digest result{};
    crypto_generichash(result.data(), result.size(), bytes_of(bytes), bytes.size(), nullptr, 0);
    return result;
}

Digest keyed_digest(std::string_view bytes, const Digest& key) {
    Digest result{};
    crypto_generichash(result.data(), result.size(), bytes_of(bytes), bytes.size(), key.data(),
                       key.size());
    return result;
}

std::string to_hex(std::span<const unsigned char> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex(bytes.size() * 2, '0');
    auto* digit = hex.data();
    for (const auto byte : bytes) {
        *digit++ = kDigits[byte >> 4U];
        *digit++ = kDigits[byte & 0x0FU];
    }
    return hex;
}

std::optional<Digest> digest_from_hex(std::string_view hex) {
    Digest result{};
    std::size_t written = 0;
    // Lower case alone: one digest, one text.
    if (hex.size() != result.size() * 2 || hex.find_first_of("ABCDEF") != hex.npos) {
        return std::nullopt;
    }
    if (sodium_hex2bin(result.data(), result.size(), hex.data(), hex.size(), nullptr, &written,
                       nullptr) != 0 ||
        written != result.size()) {
        return std::nullopt;
    }
    return result;
}

struct Hasher::State {
    crypto_generichash_state inner;
};

Hasher::Hasher() : state_(std::make_unique<State>()) {
    crypto_generichash_init(&state_->inner, nullptr, 0, Digest().size());
}

Hasher::~Hasher() = default;

void Hasher::add(std::string_view bytes) {
    crypto_generichash_update(&state_->inner, bytes_of(bytes), bytes.size());
}

Digest Hasher::finish() {
    Digest result{};
    crypto_generichash_final(&state_->inner, result.data(), result.size());
    return result;
}

Digest digest_of_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw IoFailure(fmt::format("cannot read {}", file.filename().string()));
    Hasher hasher;
    std::vector<char> buffer(1U << 20U);
    while (stream) {
        stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        hasher.add({buffer.data(), static_cast<std::size_t>(stream.gcount())});
    }
    if (stream.bad()) throw IoFailure(fmt::format("cannot read {}", file.filename().string()));
    return hasher.finish();
}

void fill_random(std::span<unsigned char> bytes) {
    ensure_ready();
    randombytes_buf(bytes.data(), bytes.size());
}

Digest make_key() {
    Digest key{};
    fill_random(key);
    return key;
}

std::string encrypt(std::string_view plain, std::string_view associated, const Digest& key,
                    const Nonce& nonce) {
    std::string sealed(nonce.size() + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES,
                       '\0');
    std::copy(nonce.begin(), nonce.end(), sealed.begin());
    auto* out = reinterpret_cast<unsigned char*>(sealed.data()) + nonce.size();
    crypto_aead_xchacha20poly1305_ietf_encrypt(out, nullptr, bytes_of(plain), plain.size(),
                                               bytes_of(associated), associated.size(), nullptr,
                                               nonce.data(), key.data());
    return sealed;
}

std::optional<std::string> decrypt(std::string_view sealed, std::string_view associated,
                                   const Digest& key) {
    constexpr std::size_t kExtra =
        std::tuple_size_v<Nonce> + crypto_aead_xchacha20poly1305_ietf_ABYTES;
    if (sealed.size() < kExtra) return std::nullopt;
    const auto* nonce = bytes_of(sealed);
    std::string plain(sealed.size() - kExtra, '\0');
    auto* out = reinterpret_cast<unsigned char*>(plain.data());
    const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, nullptr, nullptr, nonce + std::tuple_size_v<Nonce>,
        sealed.size() - std::tuple_size_v<Nonce>, bytes_of(associated), associated.size(), nonce,
        key.data());
    if (opened != 0) return std::nullopt;
    return plain;
}

NonceSource::NonceSource() {
    ensure_ready();
    randombytes_buf(nonce_.data(), nonce_.size());
}

const Nonce& NonceSource::next() {
    sodium_increment(nonce_.data(), nonce_.size());
    return nonce_;
}

std::string sha256(std::string_view bytes) {
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return hash;
}

std::string to_base64(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the end mark of C
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes(text.size() / 4 * 3, '\0');
    std::size_t written = 0;
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    if (sodium_base642bin(out, bytes.size(), text.data(), text.size(), nullptr, &written, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0) {
        return std::nullopt;
    }
    bytes.resize(written);
    return bytes;
}

SigningKey make_signing_key() {
    ensure_ready();
    SigningKey key{};
    crypto_sign_keypair(key.public_key.data(), key.secret.data());
    return key;
}

std::array<unsigned char, 64> sign(std::string_view message, const SigningKey& key) {
    std::array<unsigned char, 64> signature{};
    crypto_sign_detached(signature.data(), nullptr, bytes_of(message), message.size(),
                         key.secret.data());
    return signature;
}

bool signature_holds(std::string_view message, const std::array<unsigned char, 64>& signature,
                     const std::array<unsigned char, 32>& public_key) {
    return crypto_sign_verify_detached(signature.data(), bytes_of(message), message.size(),
                                       public_key.data()) == 0;
}

// SPEC: RFC 9562 section 5.7: 48 bits of milliseconds, version 7, variant 10, the rest random.
std::string make_uuid_v7(std::int64_t unix_ms) {
    std::array<unsigned char, 16> id{};
    // Random bytes are drawn in blocks: one system call a record would cost more than the record.
    thread_local std::array<unsigned char, 4096> pool{};
    thread_local std::size_t used = pool.size();
    if (used + 10 > pool.size()) {
        fill_random(pool);
        used = 0;
    }
    for (std::size_t i = 0; i < 6; ++i) {
        id[i] = static_cast<unsigned char>(unix_ms >> (8 * (5 - i)));
    }
    std::copy_n(pool.begin() + static_cast<std::ptrdiff_t>(used), 10, id.begin() + 6);
    used += 10;
    id[6] = static_cast<unsigned char>(0x70U | (id[6] & 0x0FU));
    id[8] = static_cast<unsigned char>(0x80U | (id[8] & 0x3FU));
    const auto hex = to_hex(id);
    std::string text(36, '-');
    std::size_t from = 0;
    for (const auto& [at, count] : {std::pair{0, 8}, {9, 4}, {14, 4}, {19, 4}, {24, 12}}) {
        hex.copy(text.data() + at, static_cast<std::size_t>(count), from);
        from += static_cast<std::size_t>(count);
    }
    return text;
}

}  // namespace amate::crypto
