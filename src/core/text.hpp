// SPDX-License-Identifier: Apache-2.0
// Texts in several languages, encodings, folding and spelling suggestions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace amate {

// One label a language, e.g. {"es": "Evento", "en": "Event"}.
class Text {
public:
    Text() = default;
    explicit Text(std::map<std::string, std::string> labels) : labels_(std::move(labels)) {}

    // The label in `language`, or in the first language that has one, or "".
    [[nodiscard]] const std::string& in(std::string_view language) const;
    [[nodiscard]] bool has(std::string_view language) const;
    [[nodiscard]] bool empty() const { return labels_.empty(); }
    [[nodiscard]] const std::map<std::string, std::string>& labels() const { return labels_; }
    void set(std::string language, std::string label);

    bool operator==(const Text&) const = default;

private:
    std::map<std::string, std::string> labels_;
};

enum class Encoding { utf8, windows_1252 };

// Byte offset of the first byte that is not UTF-8 (or is NUL), or nothing if the text is sound.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view bytes);

// Windows-1252 to UTF-8; nothing if a byte is undefined there (81, 8D, 8F, 90, 9D) or NUL.
[[nodiscard]] std::optional<std::string> from_windows_1252(std::string_view bytes);
// UTF-8 to Windows-1252; nothing if a character has no place there.
[[nodiscard]] std::optional<std::string> to_windows_1252(std::string_view text);

// Case and diacritics folded away, white space collapsed: "  José  PÉREZ" -> "jose perez".
// For search and exact comparison only; never for display. Input must be UTF-8.
[[nodiscard]] std::string fold(std::string_view text);

[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
// `[a-z][a-z0-9_]*`, at most 48 characters.
[[nodiscard]] bool is_snake_case_name(std::string_view text);

// The candidate nearest to `word` by edit distance, if near enough to be worth suggesting
// (distance <= 2, or <= a third of the length).
[[nodiscard]] std::optional<std::string> closest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

// "1234567" -> "1,234,567" (es-MX and en alike). Decimal part kept.
[[nodiscard]] std::string group_thousands(std::string_view number);

}  // namespace amate
