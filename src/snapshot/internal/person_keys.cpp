// SPDX-License-Identifier: Apache-2.0
// Keyed digests of what identifies a person, and the key they are made with.
#include "snapshot/internal/person_keys.hpp"

#include <cstdint>
#include <utility>

#include "core/text.hpp"
#include "store/durable_file.hpp"

namespace amate::snapshot::internal {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

PersonKey shorten(const crypto::Digest& digest) {
    PersonKey key{};
    for (std::size_t group = 0; group < 3; ++group) {
        std::uint32_t bits = 0;
        for (std::size_t byte = 0; byte < 3; ++byte) bits = bits << 8U | digest[group * 3 + byte];
        for (std::size_t place = 0; place < 4; ++place) {
            key[group * 4 + place] = kBase64Url[bits >> (18U - 6U * place) & 63U];
        }
    }
    return key;
}

}  // namespace

Result<crypto::Digest> load_or_make_key(const fs::path& keys) {
    const auto file = keys / "pseudonyms.key";
    if (!fs::exists(file)) {
        const auto key = crypto::make_key();
        store::make_folder(keys, store::FileRights::owner_only);
        store::write_durably(file, crypto::to_hex(key) + "\n", store::FileRights::owner_only);
        return key;
    }
    const auto key = crypto::digest_from_hex(trim(store::read_small_file(file)));
    if (!key) {
        return fail(Problem{"snapshot.key_damaged", Place{"keys/pseudonyms.key", 0, 0, ""}, {}});
    }
    return *key;
}

PersonKeys::PersonKeys(const definitions::Pack& pack, const definitions::Register& register_,
                       const crypto::Digest& key)
    : key_(key) {
    if (register_.person_fields.empty()) return;
    const auto& person = register_.person_fields.front();
    for (const auto& attributes : pack.person_key) {
        Alternative alternative;
        for (const auto& attribute : attributes) {
            const auto column = register_.column_index(person + "." + attribute);
            AMATE_CHECK(column.has_value());
            alternative.name += attribute + ",";
            alternative.columns.push_back(*column);
        }
        alternatives_.push_back(std::move(alternative));
    }
}

std::optional<PersonKey> PersonKeys::of(const std::vector<Value>& record) {
    for (const auto& alternative : alternatives_) {
        bytes_ = alternative.name;
        bool complete = true;
        for (const auto column : alternative.columns) {
            const auto& value = record[column];
            const auto* text = std::get_if<std::string>(&value);
            const auto part = text != nullptr ? fold(*text) : canonical(value);
            complete = !is_missing(value) && !part.empty();
            if (!complete) break;
            bytes_ += '\0';  // stands in no text, so that parts cannot run together
            bytes_ += part;
        }
        if (complete) return shorten(crypto::keyed_digest(bytes_, key_));
    }
    return std::nullopt;
}

}  // namespace amate::snapshot::internal
