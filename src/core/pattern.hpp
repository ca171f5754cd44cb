// SPDX-License-Identifier: Apache-2.0
// Regular expressions that cannot run away: compiled once, bounded in steps, stack and text.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace amate {

// A compiled regular expression (ICU syntax, Unicode). Value type, cheap to copy, immutable, safe
// to use from many threads.
class Pattern {
public:
    // Nothing if `expression` is no regular expression.
    [[nodiscard]] static std::optional<Pattern> compile(std::string_view expression);

    // True if the whole of `text` (UTF-8) has the form; nothing if deciding it would take too long.
    [[nodiscard]] std::optional<bool> matches(std::string_view text) const;

private:
    struct Compiled;
    explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

    std::shared_ptr<const Compiled> compiled_;  // shared by copies; never changes
};

}  // namespace amate
