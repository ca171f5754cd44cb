// SPDX-License-Identifier: Apache-2.0
// Cells of a sheet: where they stand, what type they are of, what they say.
#include "exchange/internal/xlsx_sheet.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/dates.hpp"
#include "exchange/internal/number_text.hpp"

namespace amate::exchange::internal {
namespace {

constexpr std::int64_t kSheetRowsMax = 1'048'576;
constexpr std::int64_t kSheetColumnsMax = 16'384;

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t most) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || at != end || number < 0 || number > most) return std::nullopt;
    return number;
}

bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

}  // namespace

std::optional<CellPlace> parse_cell_place(std::string_view text) {
    CellPlace place;
    while (!text.empty() && is_letter(text.front()) && place.column <= kSheetColumnsMax) {
        place.column = place.column * 26 + (text.front() - 'A' + 1);
        text.remove_prefix(1);
    }
    if (place.column == 0 || place.column > kSheetColumnsMax) return std::nullopt;
    --place.column;
    const auto row = whole_number(text, kSheetRowsMax);
    if (!row || *row == 0) return std::nullopt;
    place.row = *row;
    return place;
}

std::string column_letters(std::size_t column) {
    std::string letters;
    for (++column; column > 0; column = (column - 1) / 26) {
        letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
    }
    return letters;
}

void SheetHandler::refuse(const char* code, std::map<std::string, std::string> parameters) {
    if (!refused.empty()) return;
    refused.push_back({code, {name_, static_cast<int>(row_), 0, {}}, std::move(parameters)});
}

void SheetHandler::add_problem(const char* code, std::map<std::string, std::string> parameters) {
    const auto column = static_cast<std::size_t>(column_);
    parameters["cell"] = fmt::format("{}{}", column_letters(column), row_);
    current_.problems.push_back(
        {code, {name_, static_cast<int>(row_), static_cast<int>(column + 1), {}}, parameters});
    if (current_.state == RowState::whole) current_.state = RowState::faulty;
    has_content_ = true;
}

// From here on nothing more of the row is kept.
void SheetHandler::lose_row(const char* code, std::size_t maximum) {
    if (current_.state == RowState::lost) return;
    current_.problems.clear();
    add_problem(code, {{"maximum", std::to_string(maximum)}});
    current_.state = RowState::lost;
    current_.row.cells.clear();
    current_.row.kinds.clear();
}

void SheetHandler::start(std::string_view name, const XmlAttributes& attributes) {
    if (name == "sheetData") {
        in_data_ = true;
    } else if (name == "mergeCell") {
        check_merge(attributes.get("ref"));
    } else if (!in_data_) {
        return;
    } else if (name == "row") {
        start_row(attributes);
    } else if (name == "c") {
        start_cell(attributes);
    } else if (!in_cell_) {
        return;
    } else if (name == "v") {
        inside_ = Inside::value;
        has_value_ = true;
    } else if (name == "f") {
        has_formula_ = true;
    } else if (name == "rPh") {
        in_reading_ = true;
    } else if (name == "t" && !in_reading_) {
        inside_ = Inside::value;  // of an inline string
        has_value_ = true;
    }
}

void SheetHandler::end(std::string_view name) {
    if (!in_data_) return;
    if (name == "v" || name == "t") {
        inside_ = Inside::nothing;
    } else if (name == "rPh") {
        in_reading_ = false;
    } else if (name == "c" && in_cell_) {
        end_cell();
    } else if (name == "row") {
        end_row();
    } else if (name == "sheetData") {
        in_data_ = false;
    }
}

void SheetHandler::text(std::string_view text) {
    if (inside_ != Inside::value || current_.state == RowState::lost) return;
    row_bytes_ += text.size();
    if (row_bytes_ > kRowBytesMax) {
        value_.clear();
        lose_row("exchange.row_too_long", kRowBytesMax);
        return;
    }
    value_ += text;
}

void SheetHandler::start_row(const XmlAttributes& attributes) {
    const auto said = attributes.get("r");
    const auto number = said.empty() ? std::optional(row_ + 1) : whole_number(said, kSheetRowsMax);
    if (!number || *number <= row_ || *number > kSheetRowsMax) {
        refuse("exchange.xlsx_out_of_order", {{"cell", fmt::format("{}", row_)}});
        return;
    }
    row_ = *number;
    column_ = -1;
    row_bytes_ = 0;
    has_content_ = false;
    current_ = {};
    current_.row.line = row_;
}

void SheetHandler::start_cell(const XmlAttributes& attributes) {
    std::optional<CellPlace> place = CellPlace{column_ + 1, row_};
    const auto said = attributes.get("r");
    if (!said.empty()) place = parse_cell_place(said);
    if (!place || place->row != row_ || place->column <= column_ ||
        place->column >= kSheetColumnsMax) {
        refuse("exchange.xlsx_out_of_order",
               {{"cell", fmt::format("{}{}",
                                     column_letters(static_cast<std::size_t>(
                                         std::max<std::int64_t>(column_, 0))),
                                     row_)}});
        return;
    }
    column_ = place->column;
    in_cell_ = true;
    in_reading_ = has_value_ = has_formula_ = false;
    value_.clear();
    const auto type = attributes.get("t");
    type_ = type == "s"                            ? Type::shared
            : type == "b"                          ? Type::boolean
            : type == "e"                          ? Type::error
            : type == "str" || type == "inlineStr" ? Type::text
            : type == "d"                          ? Type::day
                                                   : Type::number;
    const auto style = whole_number(attributes.get("s"), kStylesMax).value_or(0);
    const auto& styles = workbook_.styles;
    const auto index = static_cast<std::size_t>(style);
    shape_ = index < styles.size() ? styles[index] : DateShape::none;
}

void SheetHandler::end_cell() {
    in_cell_ = false;
    inside_ = Inside::nothing;
    if (current_.state == RowState::lost) return;
    if (has_value_) {
        set_cell();
    } else if (has_formula_) {
        add_problem("exchange.xlsx_formula_without_value");
    }
}

void SheetHandler::set_text(std::string text, CellKind kind) {
    if (text.empty()) return;
    const auto column = static_cast<std::size_t>(column_);
    if (column >= kColumnsMax) {
        lose_row("exchange.too_many_columns", kColumnsMax);
        return;
    }
    current_.row.cells.resize(column);
    current_.row.kinds.resize(column, CellKind::text);
    current_.row.cells.push_back(std::move(text));
    current_.row.kinds.push_back(kind);
    has_content_ = true;
}

void SheetHandler::set_cell() {
    switch (type_) {
        case Type::number:
            read_number();
            return;
        case Type::shared: {
            const auto index = whole_number(value_, kSharedStringsMax);
            if (!index || static_cast<std::size_t>(*index) >= workbook_.strings.size()) {
                add_problem("exchange.xlsx_bad_cell");
                return;
            }
            auto text = workbook_.strings.get(static_cast<std::size_t>(*index));
            row_bytes_ += text.size();
            if (row_bytes_ > kRowBytesMax) {
                lose_row("exchange.row_too_long", kRowBytesMax);
                return;
            }
            set_text(std::move(text), CellKind::text);
            return;
        }
        case Type::boolean:
            if (value_ == "1" || value_ == "0") {
                set_text(value_ == "1" ? "true" : "false", CellKind::boolean);
            } else {
                add_problem("exchange.xlsx_bad_cell");
            }
            return;
        case Type::error:
            set_text(value_, CellKind::text);
            add_problem("exchange.xlsx_error_value");
            return;
        case Type::text:
            set_text(unescape_xlsx(value_), CellKind::text);
            return;
        case Type::day:
            if (value_.ends_with('Z')) value_.pop_back();
            if (const auto dot = value_.find('.'); dot != value_.npos) value_.resize(dot);
            if (Date::parse(value_) || DateTime::parse(value_)) {
                set_text(std::move(value_), CellKind::date);
            } else {
                set_text(std::move(value_), CellKind::text);
                add_problem("exchange.xlsx_bad_date");
            }
            return;
    }
}

void SheetHandler::read_number() {
    if (value_.empty()) return;
    const auto number = parse_number(value_);
    if (!number) {
        set_text(value_, CellKind::text);
        add_problem("exchange.xlsx_bad_cell");
        return;
    }
    if (shape_ == DateShape::none) {
        set_text(number_text(*number), CellKind::number);
        return;
    }
    auto text = date_text(*number, shape_, workbook_.date_system);
    if (!text) {
        set_text(number_text(*number), CellKind::number);
        add_problem("exchange.xlsx_bad_date");
        return;
    }
    const bool is_time = shape_ == DateShape::time || shape_ == DateShape::elapsed;
    set_text(std::move(*text), is_time ? CellKind::text : CellKind::date);
}

void SheetHandler::end_row() {
    if (!has_content_) return;
    last_row_ = row_;
    if (header_row_ == 0) {
        header_row_ = row_;
        header_cells_ = current_.row.cells.size();
    } else if (current_.state != RowState::lost && current_.row.cells.size() < header_cells_) {
        current_.row.cells.resize(header_cells_);
        current_.row.kinds.resize(header_cells_, CellKind::text);
    }
    current_.row.decoded = current_.row.cells.size();
    rows.push_back(std::move(current_));
    current_ = {};
    has_content_ = false;
}

// Merged cells hide which rows a value is meant for; only titles above the header may be merged.
void SheetHandler::check_merge(std::string_view range) {
    const auto colon = range.find(':');
    if (colon == range.npos) return;
    const auto first = parse_cell_place(range.substr(0, colon));
    const auto last = parse_cell_place(range.substr(colon + 1));
    if (!first || !last) return;
    const bool within = last->row > header_row_ && first->row <= last_row_ &&
                        first->column < static_cast<std::int64_t>(header_cells_);
    if (!within || header_row_ == 0) return;
    row_ = first->row;
    refuse("exchange.xlsx_merged_cells", {{"cell", std::string(range)}});
}

}  // namespace amate::exchange::internal
