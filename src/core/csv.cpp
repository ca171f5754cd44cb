// SPDX-License-Identifier: Apache-2.0
// A streaming CSV reader: one buffer, one row at a time, every fault with its line and column.
#include "core/csv.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace amate {

namespace {
constexpr std::size_t kBufferBytes = 1U << 18U;
constexpr int kEnd = -1;
}  // namespace

struct CsvReader::State {
    std::string name;
    CsvFormat format;
    std::ifstream stream;
    std::vector<char> buffer = std::vector<char>(kBufferBytes);
    std::size_t at = 0;
    std::size_t filled = 0;
    std::int64_t consumed = 0;
    std::int64_t total = 0;
    std::int64_t line = 1;

    int peek() {
        if (at == filled) {
            stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
            filled = static_cast<std::size_t>(stream.gcount());
            at = 0;
            if (stream.bad()) throw IoFailure("reading " + name + " failed");
            if (filled == 0) return kEnd;
        }
        return static_cast<unsigned char>(buffer[at]);
    }

    int take() {
        const int byte = peek();
        if (byte == kEnd) return kEnd;
        ++at;
        ++consumed;
        if (byte == '\n') ++line;
        return byte;
    }

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
    row.line = line;
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
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        auto& cell = row.cells[i];
        if (format.encoding == Encoding::utf8) {
            if (const auto bad = find_invalid_utf8(cell)) {
                return fail(problem("csv.bad_encoding", row.line, i + 1,
                                    {{"encoding", "UTF-8"}, {"byte", std::to_string(*bad + 1)}}));
            }
            continue;
        }
        auto text = from_windows_1252(cell);
        if (!text) {
            return fail(problem("csv.bad_encoding", row.line, i + 1,
                                {{"encoding", "Windows-1252"}, {"byte", "?"}}));
        }
        cell = std::move(*text);
    }
    return {};
}

Result<CsvReader> CsvReader::open(const std::filesystem::path& file, const CsvFormat& format) {
    auto state = std::make_unique<State>();
    state->name = file.filename().string();
    state->format = format;
    std::error_code status;
    const bool is_folder = std::filesystem::is_directory(file, status);
    state->stream.open(file, std::ios::binary);
    if (!state->stream || is_folder) {
        return fail({"core.file_unreadable",
                     {file.string(), 0, 0, {}},
                     {{"file", file.string()},
                      {"reason", is_folder ? "it is a folder" : std::strerror(errno)}}});
    }
    const auto size = std::filesystem::file_size(file, status);
    state->total = status ? 0 : static_cast<std::int64_t>(size);
    if (format.encoding == Encoding::utf8 && state->peek() == 0xEF) {
        if (state->filled >= 3 && std::memcmp(state->buffer.data(), "\xEF\xBB\xBF", 3) == 0) {
            state->at = 3;
            state->consumed = 3;
        }
    }
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
    return state_->line;
}
std::int64_t CsvReader::bytes_read() const {
    return state_->consumed;
}
std::int64_t CsvReader::bytes_total() const {
    return state_->total;
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
