// SPDX-License-Identifier: Apache-2.0
// Small numbers of one width, one behind the other in 64-bit words.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace amate::statistics::internal {

// Bits that hold every number up to `largest`; 0 where that is 0.
[[nodiscard]] inline unsigned width_for(std::uint32_t largest) {
    return static_cast<unsigned>(std::bit_width(largest));
}

// Words that so many numbers take: one more than they fill, so that two words can be read anywhere.
[[nodiscard]] inline std::size_t packed_words(std::size_t count, unsigned width) {
    return (count * width + 63) / 64 + 1;
}

// Number `at` of the words: least significant bit first, across words. `width` is at most 32.
[[nodiscard]] inline std::uint32_t packed_at(const std::uint64_t* words, std::size_t at,
                                             unsigned width) {
    const std::size_t bit = at * width;
    const unsigned shift = bit % 64;
    const std::uint64_t low = words[bit / 64] >> shift;
    const std::uint64_t high = shift == 0 ? 0 : words[bit / 64 + 1] << (64 - shift);
    return static_cast<std::uint32_t>((low | high) & ((std::uint64_t{1} << width) - 1));
}

// `out.size()` numbers from `first`; quickest where `first` is a multiple of 64.
void unpack(const std::uint64_t* words, std::size_t first, unsigned width,
            std::span<std::uint32_t> out);

// Where the words are still all 0 at that place.
inline void pack(std::uint64_t* words, std::size_t at, unsigned width, std::uint32_t number) {
    const std::size_t bit = at * width;
    const unsigned shift = bit % 64;
    words[bit / 64] |= std::uint64_t{number} << shift;
    if (shift + width > 64) words[bit / 64 + 1] |= std::uint64_t{number} >> (64 - shift);
}

}  // namespace amate::statistics::internal
