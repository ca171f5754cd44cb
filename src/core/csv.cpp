// SPDX-License-Identifier: Apache-2.0
// A streaming CSV reader: one buffer, one row at a time, every fault with its line and column.
#include "core/csv.hpp"

#include <fmt/format.h>

namespace amate {

namespace {
constexpr int kEnd = TextStream::kEnd;
}  // namespace

struct CsvReader::State {
    std::string name;
    CsvFormat format;
    TextStream text;

    [[nodiscard]] int peek() { return text.peek(); }
    int take() { return text.take(); }

    // Reads to the end of the current row without keeping it.
    void skip_row() {
        for (int byte = take(); byte != kEnd && byte != '\n'; byte = take()) {
        }
    }

    [[nodiscard]] Problem problem(const char* code, std::int64_t row_line, std::size_t column,
                                  std::map<std::string, std::string> parameters = {}) const {
        return {code,
                {name, static_cast<int>(row_line), static_cast<int>(column), {}},
                std::move(parameters)};
    }

    Result<void> read_quoted(std::string& cell, std::size_t& row_bytes, std::int64_t row_line,
                             std::size_t column);
    Result<void> read_row(CsvRow& row);
    Result<void> decode(CsvRow& row) const;
};

// The opening quote has been taken.
Result<void> CsvReader::State::read_quoted(std::string& cell, std::size_t& row_bytes,
                                           std::int64_t row_line, std::size_t column) {
    for (;;) {
        const int byte = take();
        if (byte == kEnd) return fail(problem("csv.unclosed_quote", row_line, column));
        if (byte == '"') {
            if (peek() != '"') return {};
            take();
        }
        cell += static_cast<char>(byte);
        if (++row_bytes > format.row_bytes_max) {
            skip_row();
            return fail(problem("csv.row_too_long", row_line, column,
                                {{"maximum", std::to_string(format.row_bytes_max)}}));
        }
    }
}

Result<void> CsvReader::State::read_row(CsvRow& row) {
    row.line = text.line();
    std::size_t count = 1;
    std::size_t row_bytes = 0;
    if (row.cells.empty()) row.cells.emplace_back();
    row.cells[0].clear();
    for (;;) {
        const int byte = take();
        auto& cell = row.cells[count - 1];
        if (byte == kEnd || byte == '\n') break;
        if (byte == '\r' && (peek() == '\n' || peek() == kEnd)) continue;
        if (byte == '"' && cell.empty()) {
            AMATE_TRY_VOID(read_quoted(cell, row_bytes, row.line, count));
            continue;
        }
        if (++row_bytes > format.row_bytes_max) {
            skip_row();
            return fail(problem("csv.row_too_long", row.line, count,
                                {{"maximum", std::to_string(format.row_bytes_max)}}));
        }
        if (byte != static_cast<unsigned char>(format.delimiter)) {
            cell += static_cast<char>(byte);
            continue;
        }
        if (++count > format.columns_max) {
            skip_row();
            return fail(problem("csv.too_many_columns", row.line, count,
                                {{"maximum", std::to_string(format.columns_max)}}));
        }
        if (row.cells.size() < count) row.cells.emplace_back();
        row.cells[count - 1].clear();
    }
    row.cells.resize(count);
    return decode(row);
}

Result<void> CsvReader::State::decode(CsvRow& row) const {
    const bool is_utf8 = format.encoding == Encoding::utf8;
    const std::string marked = text.mark_name();
    for (row.decoded = 0; row.decoded < row.cells.size(); ++row.decoded) {
        auto& cell = row.cells[row.decoded];
        const auto column = row.decoded + 1;
        if (is_utf8) {
            if (const auto bad = find_invalid_utf8(cell)) {
                return fail(problem("csv.bad_encoding", row.line, column,
                                    {{"encoding", marked.empty() ? "UTF-8" : marked},
                                     {"byte", std::to_string(*bad + 1)}}));
            }
            continue;
        }
        auto decoded = from_windows_1252(cell);
        if (!decoded) {
            return fail(problem("csv.bad_encoding", row.line, column,
                                {{"encoding", "Windows-1252"}, {"byte", "?"}}));
        }
        cell = std::move(*decoded);
    }
    return {};
}

Result<CsvReader> CsvReader::open(const std::filesystem::path& file, const CsvFormat& format) {
    AMATE_TRY(auto text, TextStream::open(file));
    auto state = std::make_unique<State>(State{file.filename().string(), format, std::move(text)});
    if (state->text.mark() != TextStream::Mark::none) state->format.encoding = Encoding::utf8;
    return CsvReader(std::move(state));
}

CsvReader::CsvReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;
CsvReader::~CsvReader() = default;

Result<bool> CsvReader::next(CsvRow& row) {
    while (state_->peek() == '\n' || state_->peek() == '\r') state_->take();
    if (state_->peek() == kEnd) return false;
    AMATE_TRY_VOID(state_->read_row(row));
    return true;
}

std::int64_t CsvReader::line() const {
    return state_->text.line();
}
std::int64_t CsvReader::bytes_read() const {
    return state_->text.bytes_read();
}
std::int64_t CsvReader::bytes_total() const {
    return state_->text.bytes_total();
}
TextForm CsvReader::text_form() const {
    return {state_->format.encoding, state_->text.mark() != TextStream::Mark::none};
}

std::string csv_cell(std::string_view text, char delimiter) {
    const bool plain = text.find_first_of("\"\r\n") == text.npos &&
                       text.find(delimiter) == text.npos &&
                       (text.empty() || (text.front() != ' ' && text.back() != ' '));
    if (plain) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted += '"';
}

std::string csv_line(const std::vector<std::string>& cells, char delimiter) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += delimiter;
        line += csv_cell(cells[i], delimiter);
    }
    // A row of one empty cell would read back as a blank line.
    if (cells.size() == 1 && cells[0].empty()) line = "\"\"";
    return line += '\n';
}

}  // namespace amate
