// SPDX-License-Identifier: Apache-2.0
// Reads one JSON object into its keys and values, keeping what a row must not lose.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/row_source.hpp"

namespace amate::exchange::internal {

inline constexpr std::size_t kJsonDepthMax = 4;  // object, array of rows, row, value

// One member of the object. A nested value is given as its JSON.
struct JsonMember {
    std::string key;
    std::string text;  // "" for null
    CellKind kind = CellKind::text;
    bool is_nested = false;
    bool is_array = false;
    bool repeats_inside = false;  // an object within it has a key twice
    bool holds_null = false;      // a text in it has a null character
};

enum class JsonFault : unsigned char { none, malformed, not_object, too_many_members };

// Buffers are reused from one line to the next. Resource; one thread at a time.
class JsonLineParser {
public:
    JsonLineParser();
    ~JsonLineParser();
    JsonLineParser(const JsonLineParser&) = delete;
    JsonLineParser& operator=(const JsonLineParser&) = delete;

    // Whole numbers keep their digits however many there are; other numbers are as
    // CellKind::number says. Malformed is also what is no UTF-8, a surrogate alone, more than
    // kJsonDepthMax levels.
    [[nodiscard]] JsonFault parse(std::string_view line);
    // In the order of the line; a key may stand there twice. Only after JsonFault::none.
    [[nodiscard]] std::vector<JsonMember>& members();
    // Bytes of the line understood (of a malformed one: up to about its fault).
    [[nodiscard]] std::size_t understood() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace amate::exchange::internal
