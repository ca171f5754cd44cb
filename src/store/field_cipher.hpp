// SPDX-License-Identifier: Apache-2.0
// Encryption of what must not be read from the database alone, under keys kept outside of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.hpp"
#include "core/result.hpp"
#include "store/session.hpp"

namespace amate::store {

// Where a cell stands: authenticated with it.
struct CellPlace {
    std::string_view table, column, record_id;
};

// Encrypts and decrypts cells with the data keys of a store. A cell reads "e1.NUMBER.BASE64": the
// number of its data key and, of XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), nonce, text and
// tag; register, column and record are authenticated with it, so that no cell can be moved to
// another place. Resource; one thread at a time.
class FieldCipher {
public:
    // The data keys of the store, unwrapped with the master keys of the folder `keys`
    // (docs/formats/workspace.md). Throws IoFailure if a key is missing or does not fit.
    [[nodiscard]] static std::unique_ptr<FieldCipher> load(Session& session,
                                                           const std::filesystem::path& keys);

    [[nodiscard]] bool can_encrypt() const { return !keys_.empty(); }
    // False for what is in clear, and NULL.
    [[nodiscard]] static bool is_encrypted(const SqlValue& cell);
    [[nodiscard]] bool has_key_of(const SqlValue& cell) const;  // of an encrypted one
    // NULL stays NULL.
    void encrypt(const CellPlace& place, SqlValue& cell);
    // An encrypted cell of a column that is secret. Throws IoFailure if it was altered or moved.
    void decrypt(const CellPlace& place, SqlType type, SqlValue& cell) const;
    // An encrypted cell of a column that is secret no longer: what was not encrypted for this place
    // is a text that only looks so, and stays as it is.
    void decrypt_if_sealed_here(const CellPlace& place, SqlType type, SqlValue& cell) const;
    // A cell written before its column was secret: secret ones are texts, whatever their type.
    static void read_clear(SqlType type, SqlValue& cell);

private:
    FieldCipher() = default;
    [[nodiscard]] std::optional<std::string> opened(const CellPlace& place,
                                                    std::string_view sealed_text) const;

    std::map<std::int64_t, crypto::Digest> keys_;  // by number; the last one encrypts
    crypto::NonceSource nonces_;
};

inline constexpr const char* kDataKeysTable = "data_keys";
[[nodiscard]] TableShape data_keys_shape();

// Within a transaction: makes the first master key and data key if there are none yet. True: made.
bool make_data_keys(Session& session, const WriteKey& key, const std::filesystem::path& keys,
                    const std::string& at);

// Within a transaction: a new master key wraps all data keys, and a new data key encrypts from now
// on. The master keys before it stay in their file until forget_old_master_keys(), which is called
// once the transaction is committed: so a crash at any moment loses nothing. Cells stay as they
// are, since their rows are sealed: who had a data key itself can still read what it encrypted.
void rotate_data_keys(Session& session, const WriteKey& key, const std::filesystem::path& keys,
                      const std::string& at);
void forget_old_master_keys(Session& session, const std::filesystem::path& keys);

// For people: each data key's number and when it was made.
struct DataKeyLine {
    std::int64_t number = 0;
    std::string made_at, master;
};
[[nodiscard]] std::vector<DataKeyLine> data_keys(Session& session);

// Digest of everything the table of data keys holds, hex; "" if there are none. Entries tell of it,
// so that verification finds a key that was altered, taken away or put in.
[[nodiscard]] std::string data_keys_digest(Session& session);
// Whether the folder holds master keys (not whether they are the right ones).
[[nodiscard]] bool has_master_keys(const std::filesystem::path& keys);

}  // namespace amate::store
