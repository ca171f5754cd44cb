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

void drop_accents(std::string& name) {
    constexpr std::pair<std::string_view, char> kVowels[] = {
        {"á", 'a'}, {"é", 'e'}, {"í", 'i'}, {"ó", 'o'}, {"ú", 'u'}, {"ü", 'u'},
        {"Á", 'A'}, {"É", 'E'}, {"Í", 'I'}, {"Ó", 'O'}, {"Ú", 'U'}, {"Ü", 'U'}};
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (static_cast<unsigned char>(name[at]) < 0x80U) continue;
        for (const auto& [marked, plain] : kVowels) {
            if (name.compare(at, marked.size(), marked) == 0) {
                name.replace(at, marked.size(), 1, plain);
                break;
            }
        }
    }
}

std::string spell_abroad(Random& random, PersonName name) {
    for (auto* part : {&name.given, &name.family, &name.second_family}) {
        *part = fold(*part);
        for (auto& c : *part) {
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        }
    }
    const auto kind = random.below(3);
    if (kind == 0 && !name.second_family.empty()) {
        name.family += '-';
        name.family += name.second_family;
    } else if (kind == 1) {
        name.family.erase(std::remove(name.family.begin(), name.family.end(), ' '),
                          name.family.end());
    }
    name.second_family.clear();
    return name.whole();
}

std::string state_name(const Noise& noise, const VariantsBook& variants, Random& random,
                       PersonName name) {
    if (random.happens(noise.swapped)) std::swap(name.family, name.second_family);
    for (const auto& [kind, share] : noise.variants) {
        if (!random.happens(share)) continue;
        if (!variants.replace(kind, random, name.given)) {
            variants.replace(kind, random, name.family);
        }
    }
    if (random.happens(noise.spelling)) {
        std::string* parts[] = {&name.given, &name.family, &name.second_family};
        misspell(noise, random, *parts[random.below(3)]);
    }
    if (random.happens(noise.accents)) {
        for (auto* part : {&name.given, &name.family, &name.second_family}) drop_accents(*part);
    }
    if (random.happens(noise.foreign_spelling)) return spell_abroad(random, std::move(name));
    return name.whole();
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
