// SPDX-License-Identifier: Apache-2.0
// Pseudonyms: which records are of one person, without saying of whom.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.hpp"
#include "core/result.hpp"
#include "core/value.hpp"
#include "definitions/model.hpp"

namespace amate::snapshot::internal {

// The key of the workspace's pseudonyms; made when there is none, readable by its owner only.
// Problem: snapshot.key_damaged. Throws IoFailure.
[[nodiscard]] Result<crypto::Digest> load_or_make_key(const std::filesystem::path& keys);

// 72 bits of the keyed digest as 12 characters (base64url), which the engine holds without a
// pointer: among 130 million people two share one with a chance of 2 in a million.
inline constexpr std::size_t kPersonKeyLength = 12;
using PersonKey = std::array<char, kPersonKeyLength>;

// Makes the pseudonyms of one register. Case, accents and spacing of texts do not tell people
// apart.
class PersonKeys {
public:
    PersonKeys(const definitions::Pack& pack, const definitions::Register& register_,
               const crypto::Digest& key);
    // Nothing where no key of the pack is complete, or where the register has no person.
    [[nodiscard]] std::optional<PersonKey> of(const std::vector<Value>& record);

private:
    struct Alternative {
        std::string name;                  // its attributes, so that keys never meet across kinds
        std::vector<std::size_t> columns;  // of the register
    };
    std::vector<Alternative> alternatives_;
    crypto::Digest key_;
    std::string bytes_;  // reused between records
};

}  // namespace amate::snapshot::internal
