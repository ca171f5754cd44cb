// SPDX-License-Identifier: Apache-2.0
// Templates of numbers people quote: "REP-{year}-{seq:7}".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace amate::definitions {

// Value type; immutable; safe to read from many threads.
class NumberTemplate {
public:
    // Takes `{year}`, `{office}`, and `{seq}` or `{seq:N}` (at least N digits, N 1 to 18) once.
    // Nothing if something else stands in braces or there is no seq.
    [[nodiscard]] static std::optional<NumberTemplate> parse(std::string_view text);

    void append(int year, std::string_view office, std::int64_t number, std::string& out) const;
    [[nodiscard]] bool has_year() const { return has_year_; }

private:
    enum class Kind : unsigned char { literal, year, office, sequence };
    struct Piece {
        Kind kind = Kind::literal;
        std::string literal;
    };
    std::vector<Piece> pieces_;
    std::size_t width_ = 1;
    bool has_year_ = false;
};

}  // namespace amate::definitions
