// SPDX-License-Identifier: Apache-2.0
// Writes rows in the delimiter and encoding of an institution's CSV.
#include <algorithm>

#include "core/csv.hpp"
#include "core/text.hpp"
#include "definitions/homologation.hpp"

namespace amate::definitions {

SourceRowWriter::SourceRowWriter(Encoding encoding, char delimiter)
    : encoding_(encoding), delimiter_(delimiter) {}

SourceRowWriter::SourceRowWriter(const Source& source)
    : encoding_(source.encoding), delimiter_(source.delimiter) {}

void SourceRowWriter::add_bytes(std::string_view bytes) {
    if (cells_++ > 0) text_ += delimiter_;
    const auto needs_quote = [this](char c) {
        return c == '"' || c == '\r' || c == '\n' || c == delimiter_;
    };
    const bool plain = (bytes.empty() || (bytes.front() != ' ' && bytes.back() != ' ')) &&
                       std::none_of(bytes.begin(), bytes.end(), needs_quote);
    if (plain) {
        text_ += bytes;
    } else {
        text_ += csv_cell(bytes, delimiter_);
    }
}

bool SourceRowWriter::add_cell(std::string_view text) {
    const bool ascii = std::all_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii || encoding_ == Encoding::utf8) {
        add_bytes(text);
        return true;
    }
    if (const auto bytes = to_windows_1252(text)) {
        add_bytes(*bytes);
        return true;
    }
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = 1;
        while (at + length < text.size() &&
               (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80U) {
            ++length;
        }
        kept += to_windows_1252(text.substr(at, length)).value_or("?");
        at += length;
    }
    add_bytes(kept);
    return false;
}

void SourceRowWriter::end_row() {
    // A row of one empty cell would read back as a blank line.
    if (text_.empty() || text_.back() == '\n') text_ += "\"\"";
    text_ += '\n';
    cells_ = 0;
}

}  // namespace amate::definitions
