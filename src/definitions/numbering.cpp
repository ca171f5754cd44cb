// SPDX-License-Identifier: Apache-2.0
// Reads a template once; making a number appends to a buffer.
#include "definitions/numbering.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace amate::definitions {

std::optional<NumberTemplate> NumberTemplate::parse(std::string_view text) {
    NumberTemplate made;
    int sequences = 0;
    while (!text.empty()) {
        if (text[0] != '{') {
            const auto end = text.find('{');
            made.pieces_.push_back({Kind::literal, std::string(text.substr(0, end))});
            text = end == text.npos ? std::string_view() : text.substr(end);
            continue;
        }
        const auto end = text.find('}');
        if (end == text.npos) return std::nullopt;
        auto name = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        if (name == "year") {
            made.has_year_ = true;
            made.pieces_.push_back({Kind::year, {}});
        } else if (name == "office") {
            made.pieces_.push_back({Kind::office, {}});
        } else if (name.starts_with("seq")) {
            name.remove_prefix(3);
            ++sequences;
            made.pieces_.push_back({Kind::sequence, {}});
            if (name.empty()) continue;
            if (name[0] != ':') return std::nullopt;
            name.remove_prefix(1);
            const auto [at, error] =
                std::from_chars(name.data(), name.data() + name.size(), made.width_);
            if (error != std::errc() || at != name.data() + name.size()) return std::nullopt;
            if (made.width_ < 1 || made.width_ > 18) return std::nullopt;
        } else {
            return std::nullopt;
        }
    }
    if (sequences != 1) return std::nullopt;
    return made;
}

void NumberTemplate::append(int year, std::string_view office, std::int64_t number,
                            std::string& out) const {
    for (const auto& piece : pieces_) {
        switch (piece.kind) {
            case Kind::literal:
                out += piece.literal;
                break;
            case Kind::year:
                fmt::format_to(std::back_inserter(out), "{:04}", year);
                break;
            case Kind::office:
                out += office;
                break;
            case Kind::sequence: {
                std::array<char, 24> digits{};
                const auto end =
                    std::to_chars(digits.data(), digits.data() + digits.size(), number);
                const auto length = static_cast<std::size_t>(end.ptr - digits.data());
                if (length < width_) out.append(width_ - length, '0');
                out.append(digits.data(), length);
                break;
            }
        }
    }
}

}  // namespace amate::definitions
