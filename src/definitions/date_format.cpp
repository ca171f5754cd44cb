// SPDX-License-Identifier: Apache-2.0
// Reads and writes dates token by token, without allocating.
#include "definitions/date_format.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace amate::definitions {
namespace {

constexpr std::array<std::string_view, 12> kSpanish = {"ene", "feb", "mar", "abr", "may", "jun",
                                                       "jul", "ago", "sep", "oct", "nov", "dic"};
constexpr std::array<std::string_view, 12> kEnglish = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr int kPivotYear = 40;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Up to `width` digits at the front; exactly `width` of them unless `fewer` are allowed.
bool take_number(std::string_view& text, std::size_t width, bool fewer, int& number) {
    std::size_t length = 0;
    number = 0;
    while (length < width && length < text.size() && is_digit(text[length])) {
        number = number * 10 + (text[length++] - '0');
    }
    if (length == 0 || (length < width && !fewer)) return false;
    text.remove_prefix(length);
    return true;
}

// "sep", "sept", "SEP." and the like.
bool take_month_name(std::string_view& text, int& month) {
    if (text.size() < 3) return false;
    std::array<char, 3> start{};
    for (std::size_t i = 0; i < 3; ++i) {
        start[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    }
    const std::string_view word(start.data(), 3);
    for (const auto& names : {kSpanish, kEnglish}) {
        const auto found = std::find(names.begin(), names.end(), word);
        if (found == names.end()) continue;
        month = static_cast<int>(found - names.begin()) + 1;
        text.remove_prefix(3);
        if (month == 9 && !text.empty() && (text[0] == 't' || text[0] == 'T')) {
            text.remove_prefix(1);
        }
        if (!text.empty() && text[0] == '.') text.remove_prefix(1);
        return true;
    }
    return false;
}

bool stands(const PartialDate& date) {
    if (date.year < 1 || date.year > 9999 || date.month > 12 || date.day > 31) return false;
    if (date.month == 0) return date.day == 0;
    return Date::of(date.year, date.month, date.day == 0 ? 1 : date.day).has_value();
}

void append_padded(std::string& out, int number, int width) {
    std::array<char, 8> digits{};
    auto at = digits.size();
    for (int i = 0; i < width; ++i, number /= 10) {
        digits[--at] = static_cast<char>('0' + number % 10);
    }
    out.append(digits.data() + at, digits.size() - at);
}

}  // namespace

std::optional<DateFormat> DateFormat::parse(std::string_view format) {
    struct Name {
        std::string_view text;
        Token token;
    };
    // Longer names first: `mmm` before `mm`.
    constexpr std::array<Name, 8> kNames = {{{"yyyy", Token::year4},
                                             {"yy", Token::year2},
                                             {"mmm", Token::month_name},
                                             {"mm", Token::month},
                                             {"dd", Token::day},
                                             {"HH", Token::hour},
                                             {"MM", Token::minute},
                                             {"SS", Token::second}}};
    DateFormat made;
    std::array<int, 9> seen{};
    while (!format.empty()) {
        const auto* name = std::find_if(kNames.begin(), kNames.end(), [&](const Name& candidate) {
            return format.starts_with(candidate.text);
        });
        if (name == kNames.end()) {
            made.pieces_.push_back({Token::literal, format[0]});
            format.remove_prefix(1);
            continue;
        }
        made.pieces_.push_back({name->token, 0});
        ++seen[static_cast<std::size_t>(name->token)];
        format.remove_prefix(name->text.size());
    }
    const auto count = [&](Token token) { return seen[static_cast<std::size_t>(token)]; };
    made.has_time_ = count(Token::hour) == 1;
    const bool time_holds = count(Token::hour) <= 1 && count(Token::minute) == count(Token::hour) &&
                            count(Token::second) <= count(Token::minute);
    const bool date_holds = count(Token::year4) + count(Token::year2) == 1 &&
                            count(Token::month) + count(Token::month_name) == 1 &&
                            count(Token::day) == 1;
    if (!date_holds || !time_holds) return std::nullopt;
    return made;
}

bool DateFormat::take(const Piece& piece, bool separated, std::string_view& cell, DateParts& parts,
                      int& hour, int& minute, int& second) const {
    switch (piece.token) {
        case Token::year4:
            return take_number(cell, 4, false, parts.date.year);
        case Token::year2:
            if (!take_number(cell, 2, false, parts.date.year)) return false;
            parts.date.year += parts.date.year < kPivotYear ? 2000 : 1900;
            return true;
        case Token::month:
            return take_number(cell, 2, separated, parts.date.month);
        case Token::month_name:
            return take_month_name(cell, parts.date.month);
        case Token::day:
            return take_number(cell, 2, separated, parts.date.day);
        case Token::hour:
            return take_number(cell, 2, separated, hour);
        case Token::minute:
            return take_number(cell, 2, false, minute);
        case Token::second:
            return take_number(cell, 2, false, second);
        case Token::literal:
            break;
    }
    if (cell.empty() || cell[0] != piece.literal) return false;
    cell.remove_prefix(1);
    return true;
}

std::optional<DateParts> DateFormat::read(std::string_view cell) const {
    DateParts parts;
    if (cell.size() == 4 && std::all_of(cell.begin(), cell.end(), is_digit)) {
        parts.date = {0, 0, 0};
        static_cast<void>(take_number(cell, 4, false, parts.date.year));
        return stands(parts.date) ? std::optional(parts) : std::nullopt;
    }
    int hour = 0;
    int minute = 0;
    int second = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const bool separated = i + 1 == pieces_.size() || pieces_[i + 1].token == Token::literal;
        if (!take(pieces_[i], separated, cell, parts, hour, minute, second)) return std::nullopt;
    }
    if (!cell.empty() || !stands(parts.date) || hour > 23 || minute > 59 || second > 59) {
        return std::nullopt;
    }
    parts.second_of_day = hour * 3600 + minute * 60 + second;
    return parts;
}

bool DateFormat::write(const DateParts& parts, std::string& cell) const {
    const auto before = cell.size();
    const auto& date = parts.date;
    for (const auto& piece : pieces_) {
        switch (piece.token) {
            case Token::year4:
                append_padded(cell, date.year, 4);
                break;
            case Token::year2:
                if (date.year < 1900 + kPivotYear || date.year >= 2000 + kPivotYear) {
                    cell.resize(before);
                    return false;
                }
                append_padded(cell, date.year % 100, 2);
                break;
            case Token::month:
                append_padded(cell, date.month, 2);
                break;
            case Token::month_name:
                if (date.month == 0) {
                    cell.resize(before);
                    return false;
                }
                cell += kSpanish[static_cast<std::size_t>(date.month) - 1];
                break;
            case Token::day:
                append_padded(cell, date.day, 2);
                break;
            case Token::hour:
                append_padded(cell, parts.second_of_day / 3600, 2);
                break;
            case Token::minute:
                append_padded(cell, parts.second_of_day / 60 % 60, 2);
                break;
            case Token::second:
                append_padded(cell, parts.second_of_day % 60, 2);
                break;
            case Token::literal:
                cell += piece.literal;
                break;
        }
    }
    return true;
}

}  // namespace amate::definitions
