// SPDX-License-Identifier: Apache-2.0
// Randomness that is the same on every machine: nothing of <random> is, beyond the bare engines.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace amate::synthesis::internal {

// SplitMix64. SPEC: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA
// 2014; constants of Vigna's public-domain splitmix64.c. Good enough to invent; no secret.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    // A stream of its own for each name.
    Random(std::uint64_t seed, std::string_view name) : state_(seed) {
        for (const char c : name) state_ = next() ^ static_cast<unsigned char>(c);
    }

    std::uint64_t next() {
        std::uint64_t mixed = (state_ += 0x9E3779B97F4A7C15ULL);
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }
    std::uint32_t next32() { return static_cast<std::uint32_t>(next() >> 32U); }
    // 0..bound-1; `bound` is at least 1. The bias, below bound / 2^32, does not matter here.
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>((std::uint64_t{next32()} * bound) >> 32U);
    }
    // first..last, both included.
    int between(int first, int last) {
        return first + static_cast<int>(below(static_cast<std::uint32_t>(last - first + 1)));
    }
    // True in `share` of the cases.
    bool happens(double share) {
        return static_cast<double>(next() >> 11U) < share * 9007199254740992.0;  // 2^53
    }

private:
    std::uint64_t state_;
};

// Chooses an index by weight. Value type.
class Chooser {
public:
    Chooser() = default;
    // Weights are finite and not negative; ok() is false if none is above zero.
    explicit Chooser(const std::vector<double>& weights) {
        double total = 0;
        for (const double weight : weights) total += weight;
        double sum = 0;
        for (const double weight : weights) {
            sum += weight;
            ends_.push_back(static_cast<std::uint64_t>(
                std::floor(total > 0 ? sum / total * 4294967296.0 : 0.0)));  // 2^32
        }
        // Rounding must not leave a gap behind the last one that can be chosen.
        for (auto i = weights.size(); i > 0 && total > 0; --i) {
            ends_[i - 1] = std::uint64_t{1} << 32U;
            if (weights[i - 1] > 0) break;
        }
    }

    [[nodiscard]] bool ok() const { return !ends_.empty() && ends_.back() > 0; }
    [[nodiscard]] bool can_choose(std::size_t index) const {
        return ends_[index] > (index == 0 ? 0 : ends_[index - 1]);
    }
    [[nodiscard]] std::size_t choose(Random& random) const {
        const std::uint64_t point = random.next32();
        return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), point) -
                                        ends_.begin());
    }

private:
    std::vector<std::uint64_t> ends_;  // of 2^32, rising
};

}  // namespace amate::synthesis::internal
