// SPDX-License-Identifier: Apache-2.0
// Unpacks numbers sixty-four at a time, by code made for each width.
#include "statistics/internal/packed.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace amate::statistics::internal {

namespace {

constexpr unsigned kWidthMax = 32;
constexpr std::size_t kRun = 64;  // so many numbers begin and end with a word

template <unsigned kWidth, unsigned kShift>
std::uint32_t number_in(const std::uint64_t* words) {
    constexpr std::uint64_t kMask = (std::uint64_t{1} << kWidth) - 1;
    if constexpr (kShift + kWidth <= 64) {
        return static_cast<std::uint32_t>(words[0] >> kShift & kMask);
    } else {
        return static_cast<std::uint32_t>((words[0] >> kShift | words[1] << (64 - kShift)) & kMask);
    }
}

template <unsigned kWidth, std::size_t... kAt>
void unpack_run(const std::uint64_t* words, std::uint32_t* out, std::index_sequence<kAt...>) {
    ((out[kAt] = number_in<kWidth, kAt * kWidth % 64>(words + kAt * kWidth / 64)), ...);
}

template <unsigned kWidth>
void unpack_runs(const std::uint64_t* words, std::size_t runs, std::uint32_t* out) {
    for (std::size_t run = 0; run < runs; ++run) {
        unpack_run<kWidth>(words + run * kWidth, out + run * kRun,
                           std::make_index_sequence<kRun>());
    }
}

using Unpack = void (*)(const std::uint64_t*, std::size_t, std::uint32_t*);

template <unsigned... kWidths>
constexpr std::array<Unpack, sizeof...(kWidths)> each_width(
    std::integer_sequence<unsigned, kWidths...>) {
    return {unpack_runs<kWidths>...};
}

constexpr auto kUnpack = each_width(std::make_integer_sequence<unsigned, kWidthMax + 1>());

}  // namespace

void unpack(const std::uint64_t* words, std::size_t first, unsigned width,
            std::span<std::uint32_t> out) {
    std::size_t done = 0;
    if (first % kRun == 0) {
        kUnpack[width](words + first / kRun * width, out.size() / kRun, out.data());
        done = out.size() / kRun * kRun;
    }
    for (; done < out.size(); ++done) out[done] = packed_at(words, first + done, width);
}

}  // namespace amate::statistics::internal
