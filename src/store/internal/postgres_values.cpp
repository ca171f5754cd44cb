// SPDX-License-Identifier: Apache-2.0
// Writes and reads PostgreSQL's binary forms: numbers with the highest byte first, texts as UTF-8.
#include "store/internal/postgres_values.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "core/result.hpp"
#include "store/internal/driver.hpp"

namespace amate::store::internal {
namespace {

constexpr Oid kInt2Type = 21;
constexpr Oid kNameType = 19;
constexpr Oid kVarcharType = 1043;
constexpr Oid kUnknownType = 705;

template <class Unsigned>
void append_number(std::string& bytes, Unsigned number) {
    for (int shift = static_cast<int>(sizeof(Unsigned)) * 8 - 8; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(static_cast<unsigned char>(number >> shift));
    }
}

template <class Unsigned>
Unsigned read_number(const char* bytes) {
    Unsigned number = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
        number = static_cast<Unsigned>(number << 8U) | static_cast<unsigned char>(bytes[i]);
    }
    return number;
}

void append_size(std::string& bytes, std::size_t size) {
    AMATE_CHECK(size <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
    append_number(bytes, static_cast<std::uint32_t>(size));
}

// Appends values of one wanted type.
class Append {
public:
    Append(std::string& bytes, Oid type) : bytes_(bytes), type_(type) {}

    void operator()(std::monostate) const { append_number(bytes_, static_cast<std::uint32_t>(-1)); }
    void operator()(std::int64_t number) const {
        switch (type_) {
            case kBoolType:
                AMATE_CHECK(number == 0 || number == 1);
                append_size(bytes_, 1);
                bytes_ += static_cast<char>(number);
                return;
            case kInt4Type:
                AMATE_CHECK(number >= std::numeric_limits<std::int32_t>::min() &&
                            number <= std::numeric_limits<std::int32_t>::max());
                append_size(bytes_, 4);
                append_number(bytes_, static_cast<std::uint32_t>(number));
                return;
            case kFloat8Type:
                (*this)(static_cast<double>(number));
                return;
            default:
                AMATE_CHECK(type_ == kInt8Type);
                append_size(bytes_, 8);
                append_number(bytes_, static_cast<std::uint64_t>(number));
        }
    }
    void operator()(double number) const {
        AMATE_CHECK(type_ == kFloat8Type && !std::isnan(number));
        append_size(bytes_, 8);
        append_number(bytes_, std::bit_cast<std::uint64_t>(number == 0.0 ? 0.0 : number));
    }
    void operator()(const std::string& text) const {
        AMATE_CHECK(type_ == kTextType || type_ == kVarcharType || type_ == kUnknownType);
        refuse_unstorable(text);
        append_size(bytes_, text.size());
        bytes_ += text;
    }

private:
    std::string& bytes_;
    Oid type_;
};

char capital(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_letter(char c) {
    return capital(c) >= 'A' && capital(c) <= 'Z';
}

}  // namespace

NumberedSql number_parameters(const std::string& sql) {
    NumberedSql numbered;
    char quote = 0;
    bool ended = false;
    bool in_first_word = true;
    for (const char c : sql) {
        if (quote != 0) {
            if (c == quote) quote = 0;  // doubled, it opens again at once
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == ';') {
            ended = true;
            continue;
        } else if (c == '?') {
            numbered.text += fmt::format("${}", ++numbered.parameters);
            continue;
        }
        AMATE_CHECK(!ended || c == ' ');
        if (in_first_word && is_letter(c)) {
            numbered.first_word += capital(c);
        } else {
            in_first_word = in_first_word && numbered.first_word.empty() && c == ' ';
        }
        numbered.text += c;
    }
    return numbered;
}

void append_value(std::string& bytes, Oid type, const SqlValue& value) {
    std::visit(Append(bytes, type), value);
}

std::int32_t read_size(const std::string& bytes, std::size_t begin) {
    return static_cast<std::int32_t>(read_number<std::uint32_t>(bytes.data() + begin));
}

std::string copy_header() {
    std::string bytes("PGCOPY\n\377\r\n\0", 11);
    append_number(bytes, std::uint32_t{0});  // flags
    append_number(bytes, std::uint32_t{0});  // no further header
    return bytes;
}

void append_row(std::string& bytes, const std::vector<Oid>& types, const SqlRow& row) {
    AMATE_CHECK(row.size() == types.size());
    append_number(bytes, static_cast<std::uint16_t>(row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) append_value(bytes, types[i], row[i]);
}

std::string copy_trailer() {
    return "\377\377";  // a row of -1 cells
}

void read_cell(const PGresult& result, int row, int column, SqlValue& cell) {
    if (PQgetisnull(&result, row, column) != 0) {
        cell = std::monostate{};
        return;
    }
    const char* bytes = PQgetvalue(&result, row, column);
    switch (PQftype(&result, column)) {
        case kBoolType:
            cell = std::int64_t{bytes[0] == 0 ? 0 : 1};
            return;
        case kInt8Type:
            cell = static_cast<std::int64_t>(read_number<std::uint64_t>(bytes));
            return;
        case kInt4Type:
            cell = std::int64_t{static_cast<std::int32_t>(read_number<std::uint32_t>(bytes))};
            return;
        case kInt2Type:
            cell = std::int64_t{static_cast<std::int16_t>(read_number<std::uint16_t>(bytes))};
            return;
        case kFloat8Type:
            cell = std::bit_cast<double>(read_number<std::uint64_t>(bytes));
            return;
        case kTextType:
        case kVarcharType:
        case kNameType:
        case kUnknownType:
            break;
        default:
            throw IoFailure(
                fmt::format("the store holds a column {} of a type that this program never makes "
                            "(PostgreSQL type {})",
                            PQfname(&result, column), PQftype(&result, column)));
    }
    const std::string_view text(bytes, static_cast<std::size_t>(PQgetlength(&result, row, column)));
    if (auto* kept = std::get_if<std::string>(&cell)) {
        kept->assign(text);
    } else {
        cell.emplace<std::string>(text);
    }
}

}  // namespace amate::store::internal
