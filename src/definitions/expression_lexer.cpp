// SPDX-License-Identifier: Apache-2.0
// Cuts the text of an expression into tokens and knows where each stands.
#include "definitions/internal/expression_syntax.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace amate::definitions::internal {
namespace {

constexpr std::size_t kExcerptBytesMax = 60;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;  // letters of other alphabets: unknown names
}
bool is_word(char c) {
    return is_word_start(c) || is_digit(c);
}
bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_tail(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// What people write out of the habit of another language, and how it is written here.
struct Habit {
    std::string_view written, here;
};
constexpr std::array kHabits = {
    Habit{"==", "="}, Habit{"<>", "!="}, Habit{"&&", "and"}, Habit{"||", "or"}, Habit{"!", "not"},
    Habit{"\"", "'"}, Habit{"&", "and"}, Habit{"|", "or"},   Habit{"≤", "<="},  Habit{"≥", ">="},
    Habit{"≠", "!="}, Habit{"‘", "'"},   Habit{"’", "'"},    Habit{"“", "'"},   Habit{"”", "'"}};

class Lexer {
public:
    explicit Lexer(const SourceText& source) : source_(source), text_(source.text()) {}

    Result<std::vector<Token>> run() {
        if (const auto invalid = find_invalid_utf8(text_))
            return refuse(*invalid, *invalid, "UTF-8");
        std::vector<Token> tokens;
        for (;;) {
            while (at_ < text_.size() && is_space(text_[at_])) ++at_;
            AMATE_TRY(auto token, next());
            tokens.push_back(std::move(token));
            if (tokens.back().kind == TokenKind::end) return tokens;
        }
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    tl::unexpected<Problems> refuse(std::size_t begin, std::size_t end, std::string expected) {
        return fail(
            Problem{"definitions.expression_syntax",
                    source_.place_of(begin),
                    {{"value", source_.excerpt({begin, end})}, {"expected", std::move(expected)}}});
    }

    Token token(TokenKind kind, std::size_t begin) const {
        return {kind, {begin, at_}, text_.substr(begin, at_ - begin), {}, Type::text};
    }

    Result<Token> next() {
        if (at_ >= text_.size()) return token(TokenKind::end, at_);
        for (const auto& habit : kHabits) {
            if (!text_.substr(at_).starts_with(habit.written)) continue;
            if (habit.written == "!" && peek(1) == '=') continue;
            return refuse(at_, at_ + habit.written.size(), std::string(habit.here));
        }
        if (is_digit(peek())) return number_or_date();
        if (peek() == '\'') return quoted();
        if (is_word_start(peek())) return word();
        return symbol();
    }

    Result<Token> symbol() {
        const auto begin = at_;
        const auto pair = text_.substr(at_, 2);
        if (pair == "!=" || pair == "<=" || pair == ">=") {
            at_ += 2;
        } else if (std::string_view("()=<>+-*/,").find(peek()) != std::string_view::npos) {
            ++at_;
        } else {
            return refuse(begin, begin + 1, "= != < <= > >= + - * / ( ) ,");
        }
        return token(TokenKind::symbol, begin);
    }

    Result<Token> word() {
        const auto begin = at_;
        while (is_word(peek()) || (peek() == '.' && is_word_start(peek(1)))) ++at_;
        auto found = token(TokenKind::word, begin);
        if (found.text == "true" || found.text == "false") {
            found.kind = TokenKind::literal;
            found.type = Type::boolean;
            found.literal = found.text == "true";
        }
        return found;
    }

    Result<Token> quoted() {
        const auto begin = at_++;
        std::string content;
        for (;; ++at_) {
            if (at_ >= text_.size()) return refuse(begin, text_.size(), "'");
            if (peek() == '\'') {
                if (peek(1) != '\'') break;
                ++at_;  // '' stands for one quote
            }
            content += peek();
        }
        ++at_;
        auto found = token(TokenKind::literal, begin);
        found.literal = std::move(content);
        return found;
    }

    // True where dddd-dd-dd stands, which is a date and never a subtraction.
    [[nodiscard]] bool at_date() const {
        constexpr std::string_view kShape = "dddd-dd-dd";
        for (std::size_t i = 0; i < kShape.size(); ++i) {
            if (kShape[i] == 'd' ? !is_digit(peek(i)) : peek(i) != '-') return false;
        }
        return !is_digit(peek(kShape.size()));
    }

    Result<Token> number_or_date() {
        const auto begin = at_;
        if (at_date()) {
            at_ += 10;
            const auto date = Date::parse(text_.substr(begin, 10));
            if (!date) return refuse(begin, at_, "YYYY-MM-DD");
            if (is_word(peek())) return refuse(begin, end_of_word(), "YYYY-MM-DD");
            auto found = token(TokenKind::literal, begin);
            found.type = Type::date;
            found.literal = *date;
            return found;
        }
        while (is_digit(peek())) ++at_;
        if (const auto minutes = parse_duration(text_.substr(begin, end_of_word() - begin))) {
            at_ = end_of_word();
            auto found = token(TokenKind::literal, begin);
            found.type = Type::duration;
            found.literal = *minutes;
            return found;
        }
        const bool decimal = peek() == '.' && is_digit(peek(1));
        if (decimal) {
            ++at_;
            while (is_digit(peek())) ++at_;
        }
        if (is_word(peek()) || peek() == '.')
            return refuse(begin, end_of_word(), "12 3.5 90min 4h 3d 2w");
        auto found = token(TokenKind::literal, begin);
        found.type = decimal ? Type::decimal : Type::integer;
        const auto* first = found.text.data();
        const auto* last = first + found.text.size();
        std::int64_t whole = 0;
        double real = 0;
        const auto error = decimal ? std::from_chars(first, last, real).ec
                                   : std::from_chars(first, last, whole).ec;
        if (error != std::errc() || real > 1e300)
            return refuse(begin, at_, "<= 9223372036854775807");
        if (decimal) {
            found.literal = real;
        } else {
            found.literal = whole;
        }
        return found;
    }

    [[nodiscard]] std::size_t end_of_word() const {
        auto end = at_;
        while (end < text_.size() && (is_word(text_[end]) || text_[end] == '.')) ++end;
        return end;
    }

    const SourceText& source_;
    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

Place SourceText::place_of(std::size_t offset) const {
    Place place = place_;
    place.line = std::max(place.line, 1);
    place.column = std::max(place.column, 1);
    for (std::size_t i = 0; i < offset && i < text_.size(); ++i) {
        if (text_[i] == '\n') {
            ++place.line;
            place.column = 1;
        } else if (!is_tail(text_[i])) {
            ++place.column;
        }
    }
    return place;
}

std::string SourceText::excerpt(Span span) const {
    auto end = std::min(span.end, text_.size());
    const bool cut = end > span.begin + kExcerptBytesMax;
    if (cut) end = span.begin + kExcerptBytesMax;
    while (end < text_.size() && is_tail(text_[end])) --end;  // never half a character
    std::string quoted(text_.substr(span.begin, std::max(end, span.begin) - span.begin));
    std::replace_if(
        quoted.begin(), quoted.end(), [](char c) { return is_space(c); }, ' ');
    return cut ? quoted + "…" : quoted;
}

Result<std::vector<Token>> read_tokens(const SourceText& source) {
    return Lexer(source).run();
}

}  // namespace amate::definitions::internal
