// SPDX-License-Identifier: Apache-2.0
// Homologation: what a cell of an institution's file means, and how a value is written in its
// style.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "core/row_source.hpp"
#include "core/value.hpp"
#include "definitions/date_format.hpp"
#include "definitions/model.hpp"

namespace amate::definitions {

// Why a cell could not be read. None of them tells what stood there.
enum class CellFault : unsigned char {
    none,
    not_in_list,
    not_a_date,
    not_a_number,
    not_a_boolean,
    not_a_duration,
    not_a_point,
    not_a_file,
    not_rows
};

// Reads and writes the cells of one column of a source, as pack.md says under sources/NAME.yaml.
// Resource of its pack; immutable; safe to read from many threads.
class CellCodec {
public:
    // Borrows all three. The format of dates is checked when the pack loads.
    CellCodec(const Register& register_, const Source& source, const SourceColumn& column);

    // Reads UTF-8 `cell` into `value` (its buffers are reused). White space around it does not
    // count. One of the source's empty values is Missing::absent, which is no fault. `map` is
    // exact; with a map a code or boolean must stand in it, other types may. `unknown`, `refused`
    // and `not_applicable` are read as such everywhere but in free text. Integers may carry regular
    // thousands marks (comma or space), decimals only before a decimal point; a decimal comma is a
    // fault. On a fault `value` is Missing::absent.
    [[nodiscard]] CellFault read(std::string_view cell, Value& value) const;

    // Reads a cell of a file that says itself what its cells are. A date is one whatever `format`
    // says, but may lack or have a time of day only where `format` (or ISO) does; a boolean is
    // one whatever `map` says. In all else it is read as its text.
    [[nodiscard]] CellFault read(std::string_view cell, CellKind kind, Value& value) const;

    // Appends what the source writes for `value`; where several file values mean the same, `choice`
    // picks one. False, with `cell` as it was, if the source has no way to say it. What is written
    // reads back as the same value.
    [[nodiscard]] bool write(const Value& value, std::uint64_t choice, std::string& cell) const;

    // The fault as a problem homologation.* at `line` and the path of the column's header.
    [[nodiscard]] Problem problem(CellFault fault, const Place& place) const;

    // False for a datetime whose format has no time of day: it is read as midnight.
    [[nodiscard]] bool keeps_time() const;
    [[nodiscard]] const std::string& header() const { return header_; }
    [[nodiscard]] std::size_t column() const { return column_; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Table = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;
    using Inverse =
        std::unordered_map<std::string, std::vector<std::string>, Hash, std::equal_to<>>;

    void add_word(const std::string& written, const std::string& meaning);
    CellFault read_plain(std::string_view cell, Value& value) const;
    CellFault read_codes(std::string_view cell, Value& value) const;
    CellFault read_date(std::string_view cell, Value& value) const;
    CellFault read_typed(std::string_view cell, CellKind kind, Value& value) const;
    CellFault read_typed_date(std::string_view cell, Value& value) const;
    [[nodiscard]] bool is_day() const;
    bool write_word(std::string_view canonical_text, std::uint64_t choice, std::string& cell) const;
    bool write_plain(const Value& value, std::string& cell) const;
    [[nodiscard]] bool is_free_text() const;
    [[nodiscard]] bool is_empty_value(std::string_view cell) const;

    std::string header_;
    std::string format_text_;
    std::size_t column_ = 0;
    Type type_ = Type::text;
    std::vector<Column> fields_;  // of a repeating group
    std::string separator_;
    std::vector<std::string> empty_values_;
    std::optional<DateFormat> format_;
    Table words_;      // file value -> meaning
    Inverse written_;  // canonical meaning -> file values, sorted
};

// All columns of the source in the order of its definition.
[[nodiscard]] std::vector<CellCodec> make_codecs(const Register& register_, const Source& source);

// Builds rows of a file in the source's own delimiter and encoding. The buffer is the caller's.
class SourceRowWriter {
public:
    explicit SourceRowWriter(const Source& source);
    SourceRowWriter(Encoding encoding, char delimiter);

    // Appends one cell of UTF-8, quoted when it must be. False if the encoding has no place for a
    // character: `?` stands in for it.
    bool add_cell(std::string_view text);
    // Appends a cell of bytes already in the source's encoding.
    void add_bytes(std::string_view bytes);
    void end_row();
    // What has been built so far; the caller clears it.
    [[nodiscard]] std::string& text() { return text_; }

private:
    Encoding encoding_;
    char delimiter_;
    std::size_t cells_ = 0;
    std::string text_;
};

}  // namespace amate::definitions
