// SPDX-License-Identifier: Apache-2.0
// Reads a cell by its column's map, type and format; writing is the inverse of reading.
#include "definitions/homologation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/text.hpp"
#include "definitions/rows.hpp"

namespace amate::definitions {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
constexpr Missing kSaid[] = {Missing::unknown, Missing::refused, Missing::not_applicable};

// White space as files have it: also the no-break spaces that spreadsheets leave.
std::string_view trim_cell(std::string_view cell) {
    for (;;) {
        cell = trim(cell);
        if (cell.starts_with(kNoBreakSpace)) {
            cell.remove_prefix(2);
        } else if (cell.ends_with(kNoBreakSpace)) {
            cell.remove_suffix(2);
        } else {
            return cell;
        }
    }
}

std::optional<Missing> said_missing(std::string_view word) {
    for (const auto missing : kSaid) {
        if (word == name_of(missing)) return missing;
    }
    return std::nullopt;
}

void assign_text(Value& value, std::string_view text) {
    if (auto* held = std::get_if<std::string>(&value)) {
        held->assign(text);
    } else {
        value.emplace<std::string>(text);
    }
}

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Digits without their thousands marks: "1,234,567" and "1 234" when every group is regular and
// the mark is one and the same. Nothing if `text` is not such a number.
std::optional<std::string> without_thousands(std::string_view text) {
    std::string digits;
    const auto mark_at = text.find_first_not_of("0123456789");
    if (mark_at == text.npos) return text.empty() ? std::nullopt : std::optional(std::string(text));
    std::string_view mark = text.substr(mark_at, 1);
    if (text.substr(mark_at).starts_with(kNoBreakSpace)) mark = kNoBreakSpace;
    if (mark != "," && mark != " " && mark != kNoBreakSpace) return std::nullopt;
    if (mark_at == 0 || mark_at > 3) return std::nullopt;
    digits = text.substr(0, mark_at);
    text.remove_prefix(mark_at);
    while (!text.empty()) {
        if (!text.starts_with(mark)) return std::nullopt;
        text.remove_prefix(mark.size());
        if (text.size() < 3 || !all_digits(text.substr(0, 3))) return std::nullopt;
        digits += text.substr(0, 3);
        text.remove_prefix(3);
    }
    return digits;
}

std::optional<std::int64_t> read_integer(std::string_view cell) {
    const bool negative = cell.starts_with('-');
    if (negative) cell.remove_prefix(1);
    std::string plain;
    if (!all_digits(cell)) {
        auto digits = without_thousands(cell);
        if (!digits) return std::nullopt;
        plain = std::move(*digits);
        cell = plain;
    }
    std::int64_t number = 0;
    const auto end = cell.data() + cell.size();
    const auto [at, error] = std::from_chars(cell.data(), end, number);
    if (error != std::errc() || at != end) return std::nullopt;
    return negative ? -number : number;
}

std::optional<double> read_decimal(std::string_view cell) {
    std::string plain(cell.substr(0, cell.starts_with('-') ? 1 : 0));
    cell.remove_prefix(plain.size());
    const auto point = cell.find('.');
    const auto whole = cell.substr(0, point);
    if (point == cell.npos) {
        if (!all_digits(whole)) return std::nullopt;
        plain += whole;
    } else {
        const auto digits = without_thousands(whole);
        const auto part = cell.substr(point + 1);
        if (!digits || !all_digits(part)) return std::nullopt;
        plain += fmt::format("{}.{}", *digits, part);
    }
    double number = 0;
    const auto end = plain.data() + plain.size();
    const auto [at, error] = std::from_chars(plain.data(), end, number, std::chars_format::fixed);
    if (error != std::errc() || at != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

}  // namespace

CellCodec::CellCodec(const Register& register_, const Source& source, const SourceColumn& column)
    : header_(column.header),
      format_text_(column.format),
      column_(column.column),
      separator_(column.separator.empty() ? ";" : column.separator),
      empty_values_(source.empty_values) {
    AMATE_CHECK(column.column < register_.columns.size());
    const auto& target = register_.columns[column.column];
    type_ = target.type;
    fields_ = target.fields;
    if (!column.format.empty()) {
        format_ = DateFormat::parse(column.format);
        AMATE_CHECK(format_.has_value());
    }
    for (const auto& [written, meaning] : column.map) add_word(written, meaning);
    if (column.map.empty()) {
        if (target.codelist != nullptr) {
            for (const auto& code : target.codelist->codes) add_word(code.code, code.code);
        } else if (type_ == Type::boolean) {
            add_word("true", "true");
            add_word("false", "false");
        }
    }
    if (!is_free_text()) {
        for (const auto missing : kSaid) {
            const std::string word(name_of(missing));
            if (!words_.contains(word)) add_word(word, word);
        }
    }
    for (auto& [meaning, words] : written_) std::sort(words.begin(), words.end());
}

bool CellCodec::is_free_text() const {
    return type_ == Type::text || type_ == Type::narrative;
}

void CellCodec::add_word(const std::string& written, const std::string& meaning) {
    Value value;
    if (const auto missing = said_missing(meaning)) {
        value = *missing;
    } else if (type_ == Type::boolean) {
        value = meaning == "true";
    } else if (type_ == Type::code || type_ == Type::codes || type_ == Type::office ||
               is_free_text()) {
        value = meaning;
    } else if (read_plain(meaning, value) != CellFault::none) {
        value = Missing::absent;
    }
    const auto key = trim_cell(written);
    words_.insert_or_assign(std::string(key), value);
    // A word that would be taken for an empty cell says nothing when written.
    if (!is_empty_value(key)) written_[canonical(value)].emplace_back(key);
}

bool CellCodec::is_empty_value(std::string_view cell) const {
    return cell.empty() ||
           std::find(empty_values_.begin(), empty_values_.end(), cell) != empty_values_.end();
}

bool CellCodec::keeps_time() const {
    return type_ != Type::datetime || !format_ || format_->has_time();
}

CellFault CellCodec::read(std::string_view cell, Value& value) const {
    cell = trim_cell(cell);
    if (is_empty_value(cell)) {
        value = Missing::absent;
        return CellFault::none;
    }
    auto fault = CellFault::none;
    if (type_ == Type::codes) {
        fault = read_codes(cell, value);
    } else if (const auto word = words_.find(cell); word != words_.end()) {
        value = word->second;
    } else {
        fault = read_plain(cell, value);
    }
    if (fault != CellFault::none) value = Missing::absent;
    return fault;
}

bool CellCodec::is_day() const {
    return type_ == Type::date || type_ == Type::datetime || type_ == Type::partial_date;
}

CellFault CellCodec::read(std::string_view cell, CellKind kind, Value& value) const {
    if (kind == CellKind::text) return read(cell, value);
    const auto fault = read_typed(cell, kind, value);
    if (fault != CellFault::none) value = Missing::absent;
    return fault;
}

CellFault CellCodec::read_typed(std::string_view cell, CellKind kind, Value& value) const {
    const bool is_number = type_ == Type::decimal || type_ == Type::money;
    if (kind == CellKind::boolean && type_ == Type::boolean) {
        value = cell == "true";
        return CellFault::none;
    }
    if (kind == CellKind::date && is_day()) return read_typed_date(cell, value);
    const auto fault = read(cell, value);
    if (fault == CellFault::none) return fault;
    // A format that has the year first could mean it: then only the format counts.
    const bool could_be_meant = format_text_.empty() || format_text_.front() == 'y';
    if (kind == CellKind::iso_text && is_day() && !could_be_meant) {
        return read_typed_date(trim_cell(cell), value);
    }
    if (kind == CellKind::number && is_number) {
        // With an exponent.
        double number = 0;
        const auto end = cell.data() + cell.size();
        const auto [at, error] = std::from_chars(cell.data(), end, number);
        if (error != std::errc() || at != end || !std::isfinite(number)) return fault;
        value = number;
        return CellFault::none;
    }
    return fault;
}

CellFault CellCodec::read_typed_date(std::string_view cell, Value& value) const {
    const auto moment = DateTime::parse(cell);
    const auto day = moment ? moment->date : Date::parse(cell);
    if (!day) return CellFault::not_a_date;
    if (type_ == Type::datetime) {
        if (!moment && keeps_time()) return CellFault::not_a_date;
        value = moment.value_or(DateTime{*day, 0});
        return CellFault::none;
    }
    const bool drops_time = format_ && format_->has_time();
    if (moment && moment->second_of_day != 0 && !drops_time) return CellFault::not_a_date;
    if (type_ == Type::date) {
        value = *day;
    } else {
        value = PartialDate{day->year(), day->month(), day->day()};
    }
    return CellFault::none;
}

CellFault CellCodec::read_plain(std::string_view cell, Value& value) const {
    switch (type_) {
        case Type::text:
        case Type::narrative:
            assign_text(value, cell);
            return CellFault::none;
        case Type::integer: {
            const auto number = read_integer(cell);
            if (!number) return CellFault::not_a_number;
            value = *number;
            return CellFault::none;
        }
        case Type::decimal:
        case Type::money: {
            const auto number = read_decimal(cell);
            if (!number) return CellFault::not_a_number;
            value = *number;
            return CellFault::none;
        }
        case Type::date:
        case Type::datetime:
        case Type::partial_date:
            return read_date(cell, value);
        case Type::boolean:
            return CellFault::not_a_boolean;
        case Type::duration: {
            const auto minutes = parse_duration(cell);
            if (!minutes) return CellFault::not_a_duration;
            value = *minutes;
            return CellFault::none;
        }
        case Type::geopoint: {
            auto point = parse_geopoint(cell);
            if (!point) return CellFault::not_a_point;
            value = std::move(*point);
            return CellFault::none;
        }
        case Type::file:
            if (!is_file_digest(cell)) return CellFault::not_a_file;
            [[fallthrough]];
        case Type::record:
            assign_text(value, cell);
            return CellFault::none;
        case Type::table: {
            auto rows = parse_rows(cell, fields_);
            if (!rows) return CellFault::not_rows;
            value = std::move(*rows);
            return CellFault::none;
        }
        case Type::code:
        case Type::codes:
        case Type::office:
        case Type::person:
            break;
    }
    return CellFault::not_in_list;
}

CellFault CellCodec::read_codes(std::string_view cell, Value& value) const {
    Codes codes;
    if (auto* held = std::get_if<Codes>(&value)) codes = std::move(*held);
    codes.clear();
    while (!cell.empty()) {
        const auto at = cell.find(separator_);
        const auto part = trim_cell(cell.substr(0, at));
        cell = at == cell.npos ? std::string_view() : cell.substr(at + separator_.size());
        if (is_empty_value(part)) continue;
        const auto word = words_.find(part);
        if (word == words_.end()) return CellFault::not_in_list;
        if (const auto* missing = std::get_if<Missing>(&word->second)) {
            // "refused" beside codes contradicts them.
            if (!codes.empty() || !trim_cell(cell).empty()) return CellFault::not_in_list;
            value = *missing;
            return CellFault::none;
        }
        codes.push_back(std::get<std::string>(word->second));
    }
    if (codes.empty()) {
        value = Missing::absent;
        return CellFault::none;
    }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    value = std::move(codes);
    return CellFault::none;
}

CellFault CellCodec::read_date(std::string_view cell, Value& value) const {
    std::optional<DateParts> parts;
    if (format_) {
        parts = format_->read(cell);
    } else if (type_ == Type::datetime) {
        if (const auto moment = DateTime::parse(cell)) {
            value = *moment;
            return CellFault::none;
        }
    } else if (const auto partial = PartialDate::parse(cell)) {
        parts = DateParts{*partial, 0};
    }
    if (!parts) return CellFault::not_a_date;
    if (type_ == Type::partial_date) {
        value = parts->date;
        return CellFault::none;
    }
    if (!parts->date.complete()) return CellFault::not_a_date;
    if (type_ == Type::datetime) {
        value = DateTime{parts->date.first(), parts->second_of_day};
    } else {
        value = parts->date.first();
    }
    return CellFault::none;
}

bool CellCodec::write_word(std::string_view canonical_text, std::uint64_t choice,
                           std::string& cell) const {
    const auto found = written_.find(canonical_text);
    if (found == written_.end()) return false;
    cell += found->second[choice % found->second.size()];
    return true;
}

bool CellCodec::write(const Value& value, std::uint64_t choice, std::string& cell) const {
    if (const auto* missing = std::get_if<Missing>(&value)) {
        if (*missing != Missing::absent) return write_word(name_of(*missing), choice, cell);
        cell +=
            empty_values_.empty() ? std::string() : empty_values_[choice % empty_values_.size()];
        return true;
    }
    if (const auto* codes = std::get_if<Codes>(&value)) {
        const auto before = cell.size();
        for (std::size_t i = 0; i < codes->size(); ++i) {
            if (i > 0) cell += separator_;
            if (!write_word((*codes)[i], choice >> i, cell)) {
                cell.resize(before);
                return false;
            }
        }
        return true;
    }
    if (type_ == Type::code) return write_word(std::get<std::string>(value), choice, cell);
    if (const auto* truth = std::get_if<bool>(&value)) {
        return write_word(*truth ? "true" : "false", choice, cell);
    }
    const auto before = cell.size();
    if (!write_plain(value, cell)) return false;
    // A word that the source reads as something else would not come back as this value.
    const auto written = std::string_view(cell).substr(before);
    const auto word = words_.find(written);
    if (is_empty_value(written) || (word != words_.end() && word->second != value)) {
        cell.resize(before);
        return false;
    }
    return true;
}

bool CellCodec::write_plain(const Value& value, std::string& cell) const {
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (trim_cell(*text) != *text) return false;  // would not come back as it is
        cell += *text;
        return true;
    }
    if (format_) {
        if (const auto* date = std::get_if<Date>(&value)) {
            return format_->write({{date->year(), date->month(), date->day()}, 0}, cell);
        }
        if (const auto* partial = std::get_if<PartialDate>(&value)) {
            return format_->write({*partial, 0}, cell);
        }
        if (const auto* moment = std::get_if<DateTime>(&value)) {
            return format_->write({{moment->date.year(), moment->date.month(), moment->date.day()},
                                   moment->second_of_day},
                                  cell);
        }
    }
    if (const auto* minutes = std::get_if<std::int64_t>(&value);
        minutes != nullptr && type_ == Type::duration) {
        cell += fmt::format("{}min", *minutes);
        return true;
    }
    if (const auto* number = std::get_if<double>(&value)) {
        // Never with an exponent: canonical() may use one, files do not.
        std::array<char, 400> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number,
                                       std::chars_format::fixed);
        cell.append(digits.data(), end.ptr);
        return true;
    }
    cell += canonical(value);
    return true;
}

Problem CellCodec::problem(CellFault fault, const Place& place) const {
    Problem made;
    made.place = place;
    made.place.path = header_;
    made.parameters["column"] = header_;
    switch (fault) {
        case CellFault::none:
        case CellFault::not_in_list:
            made.code = "homologation.not_in_list";
            break;
        case CellFault::not_a_number:
            made.code = "homologation.not_a_number";
            break;
        case CellFault::not_a_boolean:
            made.code = "homologation.not_a_boolean";
            break;
        case CellFault::not_a_duration:
            made.code = "homologation.not_a_duration";
            break;
        case CellFault::not_a_point:
            made.code = "homologation.not_a_point";
            break;
        case CellFault::not_a_file:
            made.code = "homologation.not_a_file";
            break;
        case CellFault::not_rows:
            made.code = "homologation.not_rows";
            break;
        case CellFault::not_a_date:
            made.code = "homologation.not_a_date";
            made.parameters["format"] = !format_text_.empty()     ? format_text_
                                        : type_ == Type::datetime ? "yyyy-mm-ddTHH:MM"
                                                                  : "yyyy-mm-dd";
            break;
    }
    return made;
}

std::vector<CellCodec> make_codecs(const Register& register_, const Source& source) {
    std::vector<CellCodec> codecs;
    codecs.reserve(source.columns.size());
    for (const auto& column : source.columns) codecs.emplace_back(register_, source, column);
    return codecs;
}

}  // namespace amate::definitions
