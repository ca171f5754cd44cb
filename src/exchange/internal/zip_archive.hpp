// SPDX-License-Identifier: Apache-2.0
// A ZIP archive read part by part, never written to disk; what could be a bomb is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace amate::exchange::internal {

inline constexpr std::size_t kZipPartsMax = 4'096;
inline constexpr std::int64_t kZipPartBytesMax = std::int64_t{8} << 30;  // unpacked
inline constexpr std::int64_t kZipRatioMax = 200;                        // unpacked to packed ...
inline constexpr std::int64_t kZipRatioFrom = 16 << 20;  // ... of parts larger than this

// Parts are found by name alone, so a name that leads elsewhere leads nowhere. Names do not tell
// letter case apart, as Office Open XML has it. One part is open at a time.
// Resource; one thread at a time.
class ZipArchive {
public:
    // `name` stands for the file in problems. Problems: exchange.zip_damaged,
    // exchange.zip_too_many_parts, exchange.zip_part_twice.
    [[nodiscard]] static Result<ZipArchive> open(const std::filesystem::path& file,
                                                 const std::string& name);
    ZipArchive(ZipArchive&&) noexcept;
    ZipArchive& operator=(ZipArchive&&) noexcept;
    ~ZipArchive();

    [[nodiscard]] bool has(std::string_view part) const;
    // Opens a part that is there and closes the one before. Problems: exchange.zip_encrypted,
    // exchange.zip_expands_too_much, exchange.zip_damaged.
    [[nodiscard]] Result<void> open_part(std::string_view part);
    // Bytes read of the open part; 0 at its end. Problem exchange.zip_damaged, also at the end if
    // the checksum does not hold.
    [[nodiscard]] Result<std::size_t> read(char* into, std::size_t size);
    // Of the open part: unpacked bytes given out, and in all.
    [[nodiscard]] std::int64_t part_read() const;
    [[nodiscard]] std::int64_t part_total() const;

private:
    struct State;
    explicit ZipArchive(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace amate::exchange::internal
