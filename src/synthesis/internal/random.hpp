// SPDX-License-Identifier: Apache-2.0
// A small random source that gives the same numbers on every machine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace amate::synthesis {

// SPEC: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Random {
public:
    // `stream` tells sources of one seed apart (FNV-1a of its name).
    Random(std::uint64_t seed, std::string_view stream) : state_(seed) {
        std::uint64_t hash = 0xcbf29ce484222325U;
        for (const char c : stream) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
        state_ ^= hash;
        (void)next();
    }

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    // 0 .. bound-1; bound below 2^32 and not 0.
    std::uint64_t below(std::uint64_t bound) { return ((next() >> 32U) * bound) >> 32U; }
    // [0, 1)
    double share() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

private:
    std::uint64_t state_;
};

// Draws an index with the weights it was given.
class Weighted {
public:
    void add(double weight) { sums_.push_back((sums_.empty() ? 0.0 : sums_.back()) + weight); }
    [[nodiscard]] bool usable() const { return !sums_.empty() && sums_.back() > 0.0; }
    [[nodiscard]] std::size_t draw(Random& random) const {
        const double at = random.share() * sums_.back();
        const auto found = std::upper_bound(sums_.begin(), sums_.end(), at);
        return std::min(static_cast<std::size_t>(found - sums_.begin()), sums_.size() - 1);
    }

private:
    std::vector<double> sums_;
};

}  // namespace amate::synthesis
