// SPDX-License-Identifier: Apache-2.0
// The date formats of institutions' files ("dd/mm/yyyy HH:MM"): compiled once, read and written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dates.hpp"

namespace amate::definitions {

// What a dated cell said. `month` and `day` are 0 where the cell leaves them open; `second_of_day`
// is 0 where the format has no time.
struct DateParts {
    PartialDate date;
    std::int32_t second_of_day = 0;
};

// Value type; immutable; safe to read from many threads.
class DateFormat {
public:
    // Tokens: `yyyy`, `yy` (00-39 are 2000-2039, 40-99 are 1940-1999), `mm`, `mmm` (month
    // abbreviation in Spanish or English), `dd`, `HH`, `MM`, `SS`; everything else stands for
    // itself. Nothing if a token is repeated or the year, month or day is not there.
    [[nodiscard]] static std::optional<DateFormat> parse(std::string_view format);

    // Days, months and hours may lack their leading zero where a separator follows. `00` for a day,
    // or day and month, and a bare four-digit year leave those parts open. Nothing if the cell is
    // not of the format or there is no such day or time.
    [[nodiscard]] std::optional<DateParts> read(std::string_view cell) const;

    // Appends to `cell`. Months in letters are Spanish; open parts are `00`. False, with `cell` as
    // it was, if the format cannot hold the year, or the open month (`mmm`).
    [[nodiscard]] bool write(const DateParts& parts, std::string& cell) const;

    [[nodiscard]] bool has_time() const { return has_time_; }

private:
    enum class Token : unsigned char {
        year4,
        year2,
        month,
        month_name,
        day,
        hour,
        minute,
        second,
        literal
    };
    struct Piece {
        Token token = Token::literal;
        char literal = 0;
    };
    bool take(const Piece& piece, bool separated, std::string_view& cell, DateParts& parts,
              int& hour, int& minute, int& second) const;

    std::vector<Piece> pieces_;
    bool has_time_ = false;
};

}  // namespace amate::definitions
