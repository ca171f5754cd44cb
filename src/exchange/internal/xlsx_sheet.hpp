// SPDX-License-Identifier: Apache-2.0
// Turns the XML of one sheet into rows, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "core/row_source.hpp"
#include "exchange/internal/xlsx_workbook.hpp"
#include "exchange/internal/xml_reader.hpp"
#include "exchange/limits.hpp"

namespace amate::exchange::internal {

// "BC12": zero-based column and one-based row; a row of 0 is not said.
struct CellPlace {
    std::int64_t column = 0;
    std::int64_t row = 0;
};
// Nothing if it is no cell of a spreadsheet (A1 to XFD1048576).
[[nodiscard]] std::optional<CellPlace> parse_cell_place(std::string_view text);
// "B" for 1.
[[nodiscard]] std::string column_letters(std::size_t column);

struct SheetRow {
    Row row;
    Problems problems;
    RowState state = RowState::whole;
};

// Hears of the sheet's XML; finished rows wait in `rows`, empty ones are passed over. What makes
// the sheet as a whole unreadable stands in `refused`. Borrows the workbook.
class SheetHandler final : public XmlHandler {
public:
    SheetHandler(const Workbook& workbook, std::string name)
        : workbook_(workbook), name_(std::move(name)) {}

    void start(std::string_view name, const XmlAttributes& attributes) override;
    void end(std::string_view name) override;
    void text(std::string_view text) override;
    [[nodiscard]] bool enough() const override { return !refused.empty(); }

    std::deque<SheetRow> rows;
    Problems refused;

private:
    enum class Type : unsigned char { number, shared, boolean, error, text, day };
    enum class Inside : unsigned char { nothing, value };

    void start_row(const XmlAttributes& attributes);
    void start_cell(const XmlAttributes& attributes);
    void check_merge(std::string_view range);
    void end_cell();
    void end_row();
    void set_cell();
    void read_number();
    void set_text(std::string text, CellKind kind);
    void add_problem(const char* code, std::map<std::string, std::string> parameters = {});
    void lose_row(const char* code, std::size_t maximum);
    void refuse(const char* code, std::map<std::string, std::string> parameters);

    const Workbook& workbook_;
    std::string name_;
    SheetRow current_;
    std::size_t row_bytes_ = 0;
    std::int64_t row_ = 0;         // one-based, of the last row begun
    std::int64_t column_ = -1;     // zero-based, of the last cell begun
    std::int64_t header_row_ = 0;  // 0: none yet
    std::int64_t last_row_ = 0;    // the last that is not empty
    std::size_t header_cells_ = 0;
    std::string value_;
    Type type_ = Type::number;
    DateShape shape_ = DateShape::none;
    Inside inside_ = Inside::nothing;
    bool in_data_ = false;
    bool in_cell_ = false;
    bool in_reading_ = false;
    bool has_value_ = false;
    bool has_formula_ = false;
    bool has_content_ = false;
};

}  // namespace amate::exchange::internal
