// SPDX-License-Identifier: Apache-2.0
// Slips of the pen, spellings abroad and births half remembered.
#include "synthesis/internal/noise.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace amate::synthesis::internal {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Places of the words in `text`: first byte and length.
std::vector<std::pair<std::size_t, std::size_t>> words_of(std::string_view text) {
    std::vector<std::pair<std::size_t, std::size_t>> words;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        if (end > at) words.emplace_back(at, end - at);
        at = end + 1;
    }
    return words;
}

// True if a pair of letters that sound alike was found and exchanged.
bool exchange_alike(const Noise& noise, Random& random, std::string& name) {
    if (noise.alike.empty()) return false;
    const auto start = random.below(static_cast<std::uint32_t>(noise.alike.size()));
    for (std::size_t i = 0; i < noise.alike.size(); ++i) {
        const auto& [one, other] = noise.alike[(start + i) % noise.alike.size()];
        for (const auto& [from, to] : {std::pair{one, other}, std::pair{other, one}}) {
            const auto at = from.empty() ? name.npos : name.find(from, 1);
            if (at == name.npos || name[at - 1] == ' ') continue;
            name.replace(at, from.size(), to);
            return true;
        }
    }
    return false;
}

}  // namespace

void misspell(const Noise& noise, Random& random, std::string& name) {
    const auto kind = random.below(4);
    if (kind == 0 && exchange_alike(noise, random, name)) return;
    const auto words = words_of(name);
    if (words.empty()) return;
    const auto [first, length] = words[random.below(static_cast<std::uint32_t>(words.size()))];
    if (length < 3) return;
    const auto at = first + 1 + random.below(static_cast<std::uint32_t>(length - 2));
    // Only plain letters are moved, so that no letter of several bytes is torn apart.
    if (!is_letter(name[at]) || !is_letter(name[at + 1])) return;
    switch (kind) {
        case 1:
            std::swap(name[at], name[at + 1]);
            break;
        case 2:
            name.erase(at, 1);
            break;
        default:
            name.insert(at, 1, name[at]);
            break;
    }
}

void spell_abroad(Random& random, std::string& name) {
    auto plain = fold(name);
    for (auto& c : plain) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    const auto last = plain.rfind(' ');
    if (words_of(plain).size() > 2) {
        if (random.below(2) == 0) {
            plain[last] = '-';
        } else {
            plain.resize(last);
        }
    }
    name = std::move(plain);
}

void spoil_birth(Random& random, Date at, PartialDate& birth) {
    auto spoilt = birth;
    if (random.below(2) == 0) {
        std::swap(spoilt.month, spoilt.day);
        if (!Date::of(spoilt.year, spoilt.month, spoilt.day)) return;
    } else {
        spoilt.day = 0;
    }
    const auto age = age_years(birth, at);
    if (age && age_years(spoilt, at) == age) birth = spoilt;
}

}  // namespace amate::synthesis::internal
