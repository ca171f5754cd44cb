// SPDX-License-Identifier: Apache-2.0
// Reads and writes the ledger's files in the folder of keys (docs/formats/ledger.md).
#include "ledger/internal/seal.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/text.hpp"
#include "store/durable_file.hpp"

namespace amate::ledger::internal {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

fs::path key_file(const fs::path& keys) {
    return keys / "ledger.key";
}
fs::path public_file(const fs::path& keys) {
    return keys / "ledger.pub";
}
fs::path head_file(const fs::path& keys) {
    return keys / "ledger.head.json";
}

fs::path seal_file(const fs::path& keys) {
    return keys / "ledger.seal.json";
}

// The messages begin with their kind, so that a signature of one is none of another.
std::string entry_message(const std::string& hash) {
    return "amate-entry-1\n" + hash + "\n";
}
std::string head_message(const Head& head) {
    return fmt::format("amate-head-1\n{}\n{}\n{}\n", head.seq, head.hash, head.at);
}

std::string seal_message(const Seal& seal) {
    return fmt::format("amate-seal-1\n{}\n{}\n{}\n{}\n", seal.number, seal.size, seal.root,
                       seal.at);
}

// `bytes` of 32 each, from hex; nothing if it is not that.
template <std::size_t Size>
std::optional<std::array<unsigned char, Size>> bytes_from_hex(std::string_view hex) {
    std::array<unsigned char, Size> bytes{};
    if (hex.size() != Size * 2) return std::nullopt;
    for (std::size_t i = 0; i < Size; i += 32) {
        const auto part = crypto::digest_from_hex(hex.substr(i * 2, 64));
        if (!part) return std::nullopt;
        std::copy(part->begin(), part->end(), bytes.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return bytes;
}

tl::unexpected<Problems> problem_of(const char* code, const fs::path& file) {
    Problem problem{code, {}, {{"file", file.filename().string()}}};
    problem.place.file = file.string();
    return fail(std::move(problem));
}

bool is_file(const fs::path& file) {
    std::error_code error;
    return fs::is_regular_file(file, error);
}

std::optional<json::object> parse_object(std::string_view bytes) {
    json::error_code fault;
    auto value = json::parse(bytes, fault);
    if (fault || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_in(const json::object& object, std::string_view name) {
    const auto* item = object.if_contains(name);
    return item != nullptr && item->is_string() ? std::string(item->get_string()) : std::string();
}

// -1 if there is none.
std::int64_t number_in(const json::object& object, std::string_view name) {
    const auto* item = object.if_contains(name);
    return item != nullptr && item->is_int64() ? item->get_int64() : -1;
}

std::optional<Head> parse_head(const std::string& bytes, const PublicKey& key) {
    const auto object = parse_object(bytes);
    if (!object || text_in(*object, "format") != "amate-head-1") return std::nullopt;
    const auto signature = bytes_from_hex<64>(text_in(*object, "signature"));
    if (!signature || text_in(*object, "public_key") != crypto::to_hex(key)) return std::nullopt;
    Head head{number_in(*object, "seq"), text_in(*object, "hash"), text_in(*object, "at")};
    if (head.seq < 0 || !crypto::signature_holds(head_message(head), *signature, key)) {
        return std::nullopt;
    }
    return head;
}

}  // namespace

const std::string kNoHash(64, '0');

bool seal_signature_holds(const Seal& seal, const PublicKey& key) {
    const auto signature = bytes_from_hex<64>(seal.signature);
    return signature && crypto::signature_holds(seal_message(seal), *signature, key);
}

std::optional<PublicKey> parse_public_key(std::string_view hex) {
    return bytes_from_hex<32>(hex);
}

std::optional<SignedSeal> parse_seal(std::string_view text) {
    const auto object = parse_object(text);
    if (!object || text_in(*object, "format") != "amate-seal-1") return std::nullopt;
    const auto key = parse_public_key(text_in(*object, "public_key"));
    Seal seal{number_in(*object, "number"), number_in(*object, "size"), text_in(*object, "root"),
              text_in(*object, "at"), text_in(*object, "signature")};
    if (seal.number < 0 || seal.size < 0 || !key || !seal_signature_holds(seal, *key)) {
        return std::nullopt;
    }
    return SignedSeal{std::move(seal), *key};
}

bool entry_signature_holds(const std::string& entry_hash, const std::string& signature_hex,
                           const PublicKey& key) {
    const auto signature = bytes_from_hex<64>(signature_hex);
    return signature && crypto::signature_holds(entry_message(entry_hash), *signature, key);
}

Result<PublicKey> load_public_key(const fs::path& keys) {
    const auto file = public_file(keys);
    if (!is_file(file)) return problem_of("ledger.key_missing", file);
    const auto key = bytes_from_hex<32>(trim(store::read_small_file(file)));
    if (!key) return problem_of("ledger.key_missing", file);
    return *key;
}

Result<Head> load_head(const fs::path& keys, const PublicKey& key) {
    const auto file = head_file(keys);
    if (!is_file(file)) return problem_of("ledger.head_missing", file);
    const auto head = parse_head(store::read_small_file(file), key);
    if (!head) return problem_of("ledger.head_damaged", file);
    return *head;
}

Result<std::optional<Seal>> load_seal_file(const fs::path& keys, const PublicKey& key) {
    const auto file = seal_file(keys);
    if (!is_file(file)) return std::optional<Seal>();
    auto read = parse_seal(store::read_small_file(file));
    if (!read || read->key != key) return problem_of("ledger.seal_file_damaged", file);
    return std::optional(std::move(read->seal));
}

bool Sealer::has_key(const fs::path& keys) {
    return is_file(key_file(keys));
}

crypto::SigningKey load_signing_key(const fs::path& keys) {
    const auto secret = bytes_from_hex<64>(trim(store::read_small_file(key_file(keys))));
    if (!secret) throw IoFailure("the ledger's signing key is damaged: restore it from its copy");
    crypto::SigningKey key{*secret, {}};
    // SPEC: RFC 8032 5.1.5: the second half of the secret, as kept here, is the public key.
    std::copy(secret->begin() + 32, secret->end(), key.public_key.begin());
    return key;
}

Sealer Sealer::take_up(const fs::path& keys, const Head& head) {
    Sealer sealer(keys, load_signing_key(keys));
    sealer.put_head(head);
    sealer.head_ = head;
    store::write_durably(public_file(keys), crypto::to_hex(sealer.key_.public_key) + "\n",
                         store::FileRights::owner_only);
    return sealer;
}

Sealer Sealer::open(const fs::path& keys) {
    const auto key = load_signing_key(keys);
    Sealer sealer(keys, key);
    auto head = load_head(keys, key.public_key);
    if (!head) {
        throw IoFailure(
            "the ledger's signed head is missing or damaged: restore ledger.head.json "
            "from its copy; nothing is written before that");
    }
    sealer.head_ = *head;
    return sealer;
}

// The head comes first and the key last: where there is a key there must be a head, so that taking
// the head away never looks like a fresh start.
Sealer Sealer::make(const fs::path& keys, const std::string& at) {
    store::make_folder(keys, store::FileRights::owner_only);
    Sealer sealer(keys, crypto::make_signing_key());
    sealer.put_head({0, kNoHash, at});
    sealer.head_ = {0, kNoHash, at};
    store::write_durably(public_file(keys), crypto::to_hex(sealer.key_.public_key) + "\n",
                         store::FileRights::owner_only);
    store::write_durably(key_file(keys), crypto::to_hex(sealer.key_.secret) + "\n",
                         store::FileRights::owner_only);
    return sealer;
}

std::string Sealer::sign_entry(const std::string& entry_hash) const {
    return crypto::to_hex(crypto::sign(entry_message(entry_hash), key_));
}

std::string Sealer::mark_of(std::string_view request) const {
    const std::string_view secret(reinterpret_cast<const char*>(key_.secret.data()),
                                  key_.secret.size());
    const auto key = crypto::digest("amate-request-key-1\n" + std::string(secret));
    return crypto::to_hex(crypto::keyed_digest(request, key));
}

void Sealer::write_head(const Head& head) {
    // Another writer may have committed after us and been quicker: its head must stay.
    const store::FileLock lock(keys_ / "ledger.head.lock");
    const auto standing = load_head(keys_, key_.public_key);
    if (standing && standing->seq >= head.seq) return;
    put_head(head);
    head_ = head;
}

std::string Sealer::sign_seal(const Seal& seal) const {
    return crypto::to_hex(crypto::sign(seal_message(seal), key_));
}

void Sealer::write_seal(const Seal& seal) const {
    const store::FileLock lock(keys_ / "ledger.head.lock");
    const auto standing = load_seal_file(keys_, key_.public_key);
    if (standing && *standing && (*standing)->number >= seal.number) return;
    store::write_durably(seal_file(keys_), to_json(seal, crypto::to_hex(key_.public_key)) + "\n",
                         store::FileRights::owner_only);
}

void Sealer::put_head(const Head& head) const {
    const json::object object = {
        {"format", "amate-head-1"},
        {"seq", head.seq},
        {"hash", head.hash},
        {"at", head.at},
        {"public_key", crypto::to_hex(key_.public_key)},
        {"signature", crypto::to_hex(crypto::sign(head_message(head), key_))}};
    store::write_durably(head_file(keys_), json::serialize(object) + "\n",
                         store::FileRights::owner_only);
}

}  // namespace amate::ledger::internal
