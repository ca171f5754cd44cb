// SPDX-License-Identifier: Apache-2.0
// Cells in and out of ciphertext; data keys wrapped by a master key outside the database.
#include "store/field_cipher.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "store/durable_file.hpp"

namespace amate::store {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kCellMark = "e1.";
constexpr std::string_view kMasterFormat = "amate-master-keys-1";
constexpr std::size_t kMasterIdDigits = 16;

struct MasterKey {
    std::string id;  // the beginning of the key's digest, hex
    crypto::Digest key{};
    std::string made_at;
};

std::string id_of(const crypto::Digest& key) {
    const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
    return crypto::to_hex(crypto::digest(bytes)).substr(0, kMasterIdDigits);
}

MasterKey make_master_key(const std::string& at) {
    const auto key = crypto::make_key();
    return {id_of(key), key, at};
}

fs::path master_file(const fs::path& keys) {
    return keys / "master.json";
}

[[noreturn]] void refuse_master() {
    throw IoFailure("keys/master.json is damaged: restore it from its copy");
}

// Oldest first; empty: no file.
std::vector<MasterKey> load_master_keys(const fs::path& keys) {
    std::vector<MasterKey> masters;
    if (!fs::exists(master_file(keys))) return masters;
    boost::system::error_code failed;
    const auto parsed = json::parse(read_small_file(master_file(keys)), failed);
    if (failed || !parsed.is_object()) refuse_master();
    const auto* format = parsed.get_object().if_contains("format");
    const auto* list = parsed.get_object().if_contains("keys");
    if (format == nullptr || *format != json::value(kMasterFormat) || list == nullptr ||
        !list->is_array()) {
        refuse_master();
    }
    for (const auto& each : list->get_array()) {
        const auto word = [&](std::string_view name) {
            const auto* member = each.is_object() ? each.get_object().if_contains(name) : nullptr;
            if (member == nullptr || !member->is_string()) refuse_master();
            return std::string(member->get_string());
        };
        const auto key = crypto::digest_from_hex(word("key"));
        if (!key || word("id") != id_of(*key)) refuse_master();
        masters.push_back({word("id"), *key, word("made_at")});
    }
    return masters;
}

void save_master_keys(const fs::path& keys, const std::vector<MasterKey>& masters) {
    json::array list;
    for (const auto& master : masters) {
        list.push_back(json::object{
            {"id", master.id}, {"key", crypto::to_hex(master.key)}, {"made_at", master.made_at}});
    }
    make_folder(keys, FileRights::owner_only);
    write_durably(master_file(keys),
                  json::serialize(json::object{{"format", kMasterFormat}, {"keys", list}}) + "\n",
                  FileRights::owner_only);
}

std::string wrap_place(std::int64_t number) {
    return fmt::format("amate-data-key-1\n{}\n", number);
}

std::string wrap(const crypto::Digest& key, std::int64_t number, const MasterKey& master) {
    crypto::NonceSource nonces;
    const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
    return crypto::to_base64(crypto::encrypt(bytes, wrap_place(number), master.key, nonces.next()));
}

struct StoredDataKey {
    std::int64_t number = 0;
    std::string master, wrapped, made_at;
};

[[noreturn]] void refuse_table() {
    throw IoFailure("a row of the table data_keys is damaged");
}

std::vector<StoredDataKey> stored_keys(Session& session) {
    std::vector<StoredDataKey> stored;
    if (!session.has_table(kDataKeysTable)) return stored;
    session.query("SELECT number, master, wrapped, made_at FROM data_keys ORDER BY number", {},
                  [&](const SqlRow& row) {
                      const auto text = [&](std::size_t i) {
                          const auto* cell = std::get_if<std::string>(&row[i]);
                          if (cell == nullptr) refuse_table();
                          return *cell;
                      };
                      const auto* number = std::get_if<std::int64_t>(&row[0]);
                      if (number == nullptr) refuse_table();
                      stored.push_back({*number, text(1), text(2), text(3)});
                      return true;
                  });
    return stored;
}

crypto::Digest unwrap(const StoredDataKey& stored, const std::vector<MasterKey>& masters) {
    const auto master = std::find_if(masters.begin(), masters.end(),
                                     [&](const auto& each) { return each.id == stored.master; });
    if (master == masters.end()) {
        throw IoFailure(
            fmt::format("the master key {} of data key {} is not in keys/master.json: restore that "
                        "file from its copy",
                        stored.master, stored.number));
    }
    const auto sealed = crypto::from_base64(stored.wrapped);
    const auto bytes =
        sealed ? crypto::decrypt(*sealed, wrap_place(stored.number), master->key) : std::nullopt;
    crypto::Digest key{};
    if (!bytes || bytes->size() != key.size()) {
        throw IoFailure(fmt::format("data key {} of the store is damaged", stored.number));
    }
    std::copy(bytes->begin(), bytes->end(), key.begin());
    return key;
}

void insert_key(Session& session, const WriteKey& write, const StoredDataKey& stored) {
    session.execute(write,
                    "INSERT INTO data_keys (number, master, wrapped, made_at) VALUES (?, ?, ?, ?)",
                    {stored.number, stored.master, stored.wrapped, stored.made_at});
}

// What is authenticated with a cell.
std::string text_of_place(const CellPlace& place) {
    return fmt::format("{}\n{}\n{}", place.table, place.column, place.record_id);
}

struct CellText {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return text; }
};

template <class Number>
Number parse_number(const std::string& text) {
    Number number{};
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || at != end) {
        throw IoFailure("an encrypted number of the store reads as none");
    }
    return number;
}

SqlValue of_type(const std::string& text, SqlType type) {
    switch (type) {
        case SqlType::integer:
        case SqlType::boolean:
            return parse_number<std::int64_t>(text);
        case SqlType::real:
            return parse_number<double>(text);
        default:
            return text;
    }
}

// Number of the key and what it encrypted; nothing for what is in clear.
std::optional<std::pair<std::int64_t, std::string_view>> parts_of(std::string_view text) {
    if (!text.starts_with(kCellMark)) return std::nullopt;
    text.remove_prefix(kCellMark.size());
    std::int64_t number = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto digits = static_cast<std::size_t>(at - text.data());
    if (error != std::errc() || digits == text.size() || text[digits] != '.') return std::nullopt;
    return std::pair(number, text.substr(digits + 1));
}

}  // namespace

std::unique_ptr<FieldCipher> FieldCipher::load(Session& session, const fs::path& keys) {
    auto cipher = std::unique_ptr<FieldCipher>(new FieldCipher());
    const auto stored = stored_keys(session);
    if (stored.empty()) return cipher;
    const auto masters = load_master_keys(keys);
    for (const auto& each : stored) cipher->keys_[each.number] = unwrap(each, masters);
    return cipher;
}

bool FieldCipher::is_encrypted(const SqlValue& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return text != nullptr && parts_of(*text).has_value();
}

bool FieldCipher::has_key_of(const SqlValue& cell) const {
    return keys_.contains(parts_of(text_of(cell))->first);
}

void FieldCipher::encrypt(const CellPlace& place, SqlValue& cell) {
    if (std::holds_alternative<std::monostate>(cell)) return;
    AMATE_CHECK(can_encrypt());
    const auto& [number, key] = *keys_.rbegin();
    const auto sealed =
        crypto::encrypt(std::visit(CellText{}, cell), text_of_place(place), key, nonces_.next());
    cell = fmt::format("{}{}.{}", kCellMark, number, crypto::to_base64(sealed));
}

std::optional<std::string> FieldCipher::opened(const CellPlace& place,
                                               std::string_view sealed_text) const {
    const auto parts = parts_of(sealed_text);
    const auto key = parts ? keys_.find(parts->first) : keys_.end();
    if (key == keys_.end()) return std::nullopt;
    const auto sealed = crypto::from_base64(parts->second);
    if (!sealed) return std::nullopt;
    return crypto::decrypt(*sealed, text_of_place(place), key->second);
}

void FieldCipher::read_clear(SqlType type, SqlValue& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) cell = of_type(*text, type);
}

void FieldCipher::decrypt(const CellPlace& place, SqlType type, SqlValue& cell) const {
    AMATE_CHECK(is_encrypted(cell));
    const auto& text = text_of(cell);
    if (!has_key_of(cell)) {
        throw IoFailure(fmt::format(
            "data key {} of the store cannot be had: was the store opened with its folder of keys?",
            parts_of(text)->first));
    }
    const auto plain = opened(place, text);
    if (!plain) {
        throw IoFailure(
            fmt::format("an encrypted value of table {} was altered or moved: run `amate verify`",
                        place.table));
    }
    cell = of_type(*plain, type);
}

void FieldCipher::decrypt_if_sealed_here(const CellPlace& place, SqlType type,
                                         SqlValue& cell) const {
    if (const auto plain = opened(place, text_of(cell))) cell = of_type(*plain, type);
}

TableShape data_keys_shape() {
    return {kDataKeysTable,
            {{"number", SqlType::integer, true},
             {"master", SqlType::text, true},
             {"wrapped", SqlType::text, true},
             {"made_at", SqlType::text, true}},
            {"number"},
            {}};
}

bool make_data_keys(Session& session, const WriteKey& key, const fs::path& keys,
                    const std::string& at) {
    if (!session.has_table(kDataKeysTable)) {
        session.make_table(key, data_keys_shape());
    }
    if (!stored_keys(session).empty()) return false;
    auto masters = load_master_keys(keys);
    if (masters.empty()) {
        masters.push_back(make_master_key(at));
        save_master_keys(keys, masters);
    }
    const auto& master = masters.back();
    insert_key(session, key, {1, master.id, wrap(crypto::make_key(), 1, master), at});
    return true;
}

void rotate_data_keys(Session& session, const WriteKey& key, const fs::path& keys,
                      const std::string& at) {
    const auto stored = stored_keys(session);
    auto masters = load_master_keys(keys);
    std::vector<crypto::Digest> plain;
    for (const auto& each : stored) plain.push_back(unwrap(each, masters));
    masters.push_back(make_master_key(at));
    save_master_keys(keys, masters);  // first: what is committed must be readable
    const auto& master = masters.back();
    for (std::size_t i = 0; i < stored.size(); ++i) {
        session.execute(key, "UPDATE data_keys SET master = ?, wrapped = ? WHERE number = ?",
                        {master.id, wrap(plain[i], stored[i].number, master), stored[i].number});
    }
    const auto number = stored.empty() ? 1 : stored.back().number + 1;
    insert_key(session, key, {number, master.id, wrap(crypto::make_key(), number, master), at});
}

void forget_old_master_keys(Session& session, const fs::path& keys) {
    const auto stored = stored_keys(session);
    auto masters = load_master_keys(keys);
    const auto unused = [&](const MasterKey& master) {
        return std::none_of(stored.begin(), stored.end(),
                            [&](const auto& each) { return each.master == master.id; });
    };
    masters.erase(std::remove_if(masters.begin(), masters.end(), unused), masters.end());
    save_master_keys(keys, masters);
}

std::vector<DataKeyLine> data_keys(Session& session) {
    std::vector<DataKeyLine> lines;
    for (const auto& each : stored_keys(session)) {
        lines.push_back({each.number, each.made_at, each.master});
    }
    return lines;
}

std::string data_keys_digest(Session& session) {
    std::string lines;
    for (const auto& each : stored_keys(session)) {
        lines += fmt::format("{}:{}:{}:{}\n", each.number, each.master, each.wrapped, each.made_at);
    }
    return lines.empty() ? lines : crypto::to_hex(crypto::digest(lines));
}

bool has_master_keys(const fs::path& keys) {
    return fs::exists(master_file(keys));
}

}  // namespace amate::store
