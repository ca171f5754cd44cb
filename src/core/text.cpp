// SPDX-License-Identifier: Apache-2.0
// Encodings and folding; ICU does what Unicode asks, ASCII takes a short way.
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <memory>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace amate {
namespace {

// Code points of 0x80 to 0x9F in Windows-1252; 0 where undefined (WHATWG leaves them as controls,
// a register should not hold those).
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_utf8(std::string& out, char32_t point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0 | (point >> 6));
        out += static_cast<char>(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0 | (point >> 12));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (point >> 18));
        out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
    }
}

// Length of the well-formed UTF-8 sequence at the front (Unicode 15, table 3-7), 0 if none.
std::size_t sequence_length(std::string_view bytes) {
    const auto byte = [&](std::size_t i) {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned lead = byte(0);
    if (lead == 0) return 0;
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = lead == 0xED ? 0x9F : 0xBF;
        return byte(1) >= low && byte(1) <= high && tail(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
        return byte(1) >= low && byte(1) <= high && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string fold_ascii(std::string_view text) {
    std::string folded;
    folded.reserve(text.size());
    bool gap = false;
    for (const char c : text) {
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            gap = !folded.empty();
            continue;
        }
        if (gap) folded += ' ';
        gap = false;
        folded += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return folded;
}

std::string fold_unicode(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* decompose = icu::Normalizer2::getNFKDInstance(status);
    if (U_FAILURE(status)) return fold_ascii(text);
    auto wide = icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    wide.foldCase();
    const auto apart = decompose->normalize(wide, status);
    icu::UnicodeString kept;
    bool gap = false;
    for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
        const auto point = apart.char32At(i);
        if (u_charType(point) == U_NON_SPACING_MARK) continue;
        if (u_isUWhiteSpace(point) != 0) {
            gap = !kept.isEmpty();
            continue;
        }
        if (gap) kept.append(u' ');
        gap = false;
        kept.append(point);
    }
    std::string folded;
    kept.toUTF8String(folded);
    return folded;
}

// Whether eight bytes are ASCII and none is NUL; most of all text is.
bool is_plain_ascii(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighs = 0x8080808080808080U;
    return ((word | (word - kOnes)) & kHighs) == 0;  // a NUL borrows from above it
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

const std::string& Text::in(std::string_view language) const {
    static const std::string kNone;
    const auto found = labels_.find(std::string(language));
    if (found != labels_.end()) return found->second;
    return labels_.empty() ? kNone : labels_.begin()->second;
}

bool Text::has(std::string_view language) const {
    return labels_.contains(std::string(language));
}

void Text::set(std::string language, std::string label) {
    labels_.insert_or_assign(std::move(language), std::move(label));
}

std::optional<std::size_t> find_invalid_utf8(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        while (at + 8 <= bytes.size() && is_plain_ascii(bytes.data() + at)) at += 8;
        while (at < bytes.size() && static_cast<signed char>(bytes[at]) > 0) ++at;  // 1 to 127
        if (at == bytes.size()) break;
        const auto length = sequence_length(bytes.substr(at, 4));
        if (length == 0) return at;
        at += length;
    }
    return std::nullopt;
}

std::optional<std::string> from_windows_1252(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const char32_t point = byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte;
        if (point == 0) return std::nullopt;
        append_utf8(text, point);
    }
    return text;
}

std::optional<std::string> to_windows_1252(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    const auto wide = icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
        const auto point = static_cast<char32_t>(wide.char32At(i));
        if (point < 0x80 || (point >= 0xA0 && point < 0x100)) {
            bytes += static_cast<char>(point);
            continue;
        }
        const auto* found = std::find(kWindows1252.begin(), kWindows1252.end(), point);
        if (found == kWindows1252.end()) return std::nullopt;
        bytes += static_cast<char>(0x80 + (found - kWindows1252.begin()));
    }
    return bytes;
}

std::string fold(std::string_view text) {
    return is_ascii(text) ? fold_ascii(text) : fold_unicode(text);
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kSpace);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    if (text.empty()) return parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == text.npos) return parts;
        text.remove_prefix(at + 1);
    }
}

bool is_snake_case_name(std::string_view text) {
    if (text.empty() || text.size() > 48 || text[0] < 'a' || text[0] > 'z') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
    if (word.size() > 100) return std::nullopt;
    const std::string* best = nullptr;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto& candidate : candidates) {
        if (candidate.size() > 100) continue;
        const auto distance = edit_distance(word, candidate);
        if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
            best = &candidate;
            best_distance = distance;
        }
    }
    return best == nullptr ? std::nullopt : std::optional(*best);
}

std::string group_thousands(std::string_view number) {
    const auto start = number.find_first_of("0123456789");
    if (start == number.npos) return std::string(number);
    const auto end = std::min(number.find('.', start), number.size());
    std::string grouped(number.substr(0, start));
    for (auto i = start; i < end; ++i) {
        if (i != start && (end - i) % 3 == 0) grouped += ',';
        grouped += number[i];
    }
    return grouped += number.substr(end);
}

}  // namespace amate
