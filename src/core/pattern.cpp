// SPDX-License-Identifier: Apache-2.0
// Pattern over ICU, whose matcher keeps its stack on the heap and counts its steps.
#include "core/pattern.hpp"

#include <unicode/regex.h>
#include <unicode/unistr.h>

namespace amate {
namespace {

constexpr std::size_t kTextBytesMax = 65'536;
constexpr std::int32_t kTimeLimit = 50;                 // ICU's unit: about a millisecond of steps
constexpr std::int32_t kStackBytesMax = 4 * 1'048'576;  // of backtracking

icu::UnicodeString to_wide(std::string_view text) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

}  // namespace

struct Pattern::Compiled {
    std::unique_ptr<icu::RegexPattern> pattern;
};

std::optional<Pattern> Pattern::compile(std::string_view expression) {
    if (expression.size() > kTextBytesMax) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    UParseError where{};
    std::unique_ptr<icu::RegexPattern> pattern(
        icu::RegexPattern::compile(to_wide(expression), 0, where, status));
    if (U_FAILURE(status) || pattern == nullptr) return std::nullopt;
    return Pattern(std::make_shared<const Compiled>(Compiled{std::move(pattern)}));
}

std::optional<bool> Pattern::matches(std::string_view text) const {
    if (text.size() > kTextBytesMax) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    const auto wide = to_wide(text);  // the matcher borrows it
    const std::unique_ptr<icu::RegexMatcher> matcher(compiled_->pattern->matcher(wide, status));
    if (U_FAILURE(status) || matcher == nullptr) return std::nullopt;
    matcher->setTimeLimit(kTimeLimit, status);
    matcher->setStackLimit(kStackBytesMax, status);
    const bool matched = matcher->matches(status) != 0;
    if (U_FAILURE(status)) return std::nullopt;
    return matched;
}

}  // namespace amate
