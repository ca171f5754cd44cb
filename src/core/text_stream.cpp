// SPDX-License-Identifier: Apache-2.0
// Fills the buffer; turns UTF-16 and UTF-32 into UTF-8 on the way.
#include "core/text_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace amate {
namespace {

constexpr std::size_t kBufferBytes = 1U << 18U;
constexpr char kNoCharacter = '\xFF';

struct KnownMark {
    std::string_view bytes;
    TextStream::Mark mark;
    const char* name;
};

// UTF-32 little-endian begins as UTF-16 little-endian does, so it stands first.
constexpr KnownMark kMarks[] = {
    {{"\xEF\xBB\xBF", 3}, TextStream::Mark::utf8, "UTF-8"},
    {{"\xFF\xFE\0\0", 4}, TextStream::Mark::utf32_le, "UTF-32"},
    {{"\0\0\xFE\xFF", 4}, TextStream::Mark::utf32_be, "UTF-32"},
    {{"\xFF\xFE", 2}, TextStream::Mark::utf16_le, "UTF-16"},
    {{"\xFE\xFF", 2}, TextStream::Mark::utf16_be, "UTF-16"},
};

bool is_high(std::uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(std::uint32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

void append_utf8(std::vector<char>& text, std::uint32_t point) {
    const auto add = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
        text.push_back(kNoCharacter);
    } else if (point < 0x80) {
        add(point);
    } else if (point < 0x800) {
        add(0xC0 | point >> 6U);
        add(0x80 | (point & 0x3FU));
    } else if (point < 0x10000) {
        add(0xE0 | point >> 12U);
        add(0x80 | (point >> 6U & 0x3FU));
        add(0x80 | (point & 0x3FU));
    } else {
        add(0xF0 | point >> 18U);
        add(0x80 | (point >> 12U & 0x3FU));
        add(0x80 | (point >> 6U & 0x3FU));
        add(0x80 | (point & 0x3FU));
    }
}

}  // namespace

Result<TextStream> TextStream::open(const std::filesystem::path& file) {
    TextStream text;
    text.name_ = file.filename().string();
    std::error_code status;
    const bool is_folder = std::filesystem::is_directory(file, status);
    text.stream_.open(file, std::ios::binary);
    if (!text.stream_ || is_folder) {
        return fail({"core.file_unreadable",
                     {file.string(), 0, 0, {}},
                     {{"file", file.string()},
                      {"reason", is_folder ? "it is a folder" : std::strerror(errno)}}});
    }
    const auto size = std::filesystem::file_size(file, status);
    text.total_ = status ? 0 : static_cast<std::int64_t>(size);
    text.find_mark();
    return text;
}

std::size_t TextStream::read_raw(char* into, std::size_t size) {
    stream_.read(into, static_cast<std::streamsize>(size));
    if (stream_.bad()) throw IoFailure("reading " + name_ + " failed");
    const auto count = static_cast<std::size_t>(stream_.gcount());
    raw_read_ += static_cast<std::int64_t>(count);
    return count;
}

void TextStream::find_mark() {
    buffer_.resize(kBufferBytes);
    filled_ = read_raw(buffer_.data(), buffer_.size());
    const std::string_view start(buffer_.data(), filled_);
    for (const auto& known : kMarks) {
        if (!start.starts_with(known.bytes)) continue;
        mark_ = known.mark;
        at_ = known.bytes.size();
        break;
    }
    if (mark_ == Mark::none || mark_ == Mark::utf8) return;
    raw_.assign(buffer_.begin() + static_cast<std::ptrdiff_t>(at_),
                buffer_.begin() + static_cast<std::ptrdiff_t>(filled_));
    raw_filled_ = raw_.size();
    raw_.resize(kBufferBytes);
    decode_wide();
}

bool TextStream::fill() {
    if (unit_bytes() == 1) {
        filled_ = read_raw(buffer_.data(), buffer_.size());
        at_ = 0;
        return filled_ > 0;
    }
    const auto before = raw_filled_;
    raw_filled_ += read_raw(raw_.data() + before, raw_.size() - before);
    if (raw_filled_ == before) {
        // The file ends within a character.
        at_ = 0;
        filled_ = raw_filled_ > 0 ? 1 : 0;
        buffer_.assign(1, kNoCharacter);
        raw_filled_ = 0;
        return filled_ > 0;
    }
    decode_wide();
    return filled_ > 0 || fill();
}

std::size_t TextStream::unit_bytes() const {
    if (mark_ == Mark::none || mark_ == Mark::utf8) return 1;
    return mark_ == Mark::utf16_le || mark_ == Mark::utf16_be ? 2 : 4;
}

std::uint32_t TextStream::unit_at(std::size_t offset) const {
    const auto size = unit_bytes();
    const bool little = mark_ == Mark::utf16_le || mark_ == Mark::utf32_le;
    std::uint32_t unit = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const auto byte = raw_[offset + (little ? size - 1 - i : i)];
        unit = unit << 8U | static_cast<unsigned char>(byte);
    }
    return unit;
}

// Decodes what is there of whole characters; the rest stays for the next filling.
void TextStream::decode_wide() {
    buffer_.clear();
    at_ = 0;
    const auto size = unit_bytes();
    std::size_t offset = 0;
    while (offset + size <= raw_filled_) {
        const auto unit = unit_at(offset);
        if (size == 2 && is_high(unit)) {
            if (offset + 2 * size > raw_filled_) break;
            const auto second = unit_at(offset + size);
            if (is_low(second)) {
                append_utf8(buffer_, 0x10000 + ((unit - 0xD800) << 10U) + (second - 0xDC00));
                offset += 2 * size;
                continue;
            }
        }
        append_utf8(buffer_, unit);
        offset += size;
    }
    std::copy(raw_.begin() + static_cast<std::ptrdiff_t>(offset),
              raw_.begin() + static_cast<std::ptrdiff_t>(raw_filled_), raw_.begin());
    raw_filled_ -= offset;
    filled_ = buffer_.size();
}

const char* TextStream::mark_name() const {
    for (const auto& known : kMarks) {
        if (known.mark == mark_) return known.name;
    }
    return "";
}

std::int64_t TextStream::bytes_read() const {
    const auto waiting = unit_bytes() == 1 ? filled_ - at_ : raw_filled_;
    return raw_read_ - static_cast<std::int64_t>(waiting);
}

}  // namespace amate
