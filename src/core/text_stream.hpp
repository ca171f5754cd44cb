// SPDX-License-Identifier: Apache-2.0
// The bytes of a text file one after the other; a byte-order mark decides its encoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace amate {

// Reads with one buffer. UTF-16 and UTF-32, which only their mark tells, are given as UTF-8; what
// is no character there as the byte FF, which is no UTF-8 either. The mark itself is not given.
// Resource; one thread at a time. Throws IoFailure if reading breaks off.
class TextStream {
public:
    enum class Mark : unsigned char { none, utf8, utf16_le, utf16_be, utf32_le, utf32_be };
    static constexpr int kEnd = -1;

    // Problem core.file_unreadable.
    [[nodiscard]] static Result<TextStream> open(const std::filesystem::path& file);

    // The next byte, which stays there, or kEnd.
    int peek() {
        if (at_ == filled_ && !fill()) return kEnd;
        return static_cast<unsigned char>(buffer_[at_]);
    }
    // Takes the next byte, or kEnd.
    int take() {
        const int byte = peek();
        if (byte == kEnd) return kEnd;
        ++at_;
        if (byte == '\n') ++line_;
        return byte;
    }

    [[nodiscard]] Mark mark() const { return mark_; }
    // "UTF-8", "UTF-16"...: what the mark said; "" without one.
    [[nodiscard]] const char* mark_name() const;
    // Line that reading has come to (1-based).
    [[nodiscard]] std::int64_t line() const { return line_; }
    // Bytes of the file: given out, and in all.
    [[nodiscard]] std::int64_t bytes_read() const;
    [[nodiscard]] std::int64_t bytes_total() const { return total_; }

private:
    bool fill();
    std::size_t read_raw(char* into, std::size_t size);
    void find_mark();
    void decode_wide();
    [[nodiscard]] std::uint32_t unit_at(std::size_t offset) const;
    [[nodiscard]] std::size_t unit_bytes() const;

    std::string name_;
    std::ifstream stream_;
    std::vector<char> buffer_;  // what is given out
    std::vector<char> raw_;     // of wide encodings: not yet decoded
    std::size_t raw_filled_ = 0;
    std::size_t at_ = 0;
    std::size_t filled_ = 0;
    std::int64_t raw_read_ = 0;
    std::int64_t total_ = 0;
    std::int64_t line_ = 1;
    Mark mark_ = Mark::none;
};

}  // namespace amate
