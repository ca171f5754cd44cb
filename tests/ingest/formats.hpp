// SPDX-License-Identifier: Apache-2.0
// For tests of taking in: the same rows written in every format, and files of each opened.
#pragma once

#include <xlsxwriter.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/json.hpp>

#include "columnar/engine.hpp"
#include "core/csv.hpp"
#include "definitions/pack.hpp"
#include "exchange/internal/test_files.hpp"
#include "exchange/open_rows.hpp"
#include "registry/internal/test_desk.hpp"

namespace amate::tests {

using exchange::FileFormat;
using exchange::internal::TestFolder;
using registry::internal::TestDesk;

inline constexpr FileFormat kAllFormats[] = {FileFormat::csv, FileFormat::xlsx, FileFormat::parquet,
                                             FileFormat::jsonl};

struct TextTable {
    std::vector<std::string> headers;
    std::vector<std::vector<std::string>> rows;
};

inline void write_csv(const std::filesystem::path& file, const TextTable& table) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream << csv_line(table.headers);
    for (const auto& row : table.rows) stream << csv_line(row);
}

inline void write_xlsx(const std::filesystem::path& file, const TextTable& table) {
    auto* book = workbook_new(file.c_str());
    auto* sheet = workbook_add_worksheet(book, nullptr);
    lxw_row_t line = 0;
    const auto write = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            worksheet_write_string(sheet, line, static_cast<lxw_col_t>(i), cells[i].c_str(),
                                   nullptr);
        }
        ++line;
    };
    write(table.headers);
    for (const auto& row : table.rows) write(row);
    AMATE_CHECK(workbook_close(book) == LXW_NO_ERROR);
}

inline void write_parquet(const std::filesystem::path& file, const TextTable& table) {
    columnar::Engine engine({file.parent_path(), {}});
    std::string columns;
    for (const auto& header : table.headers) {
        if (!columns.empty()) columns += ", ";
        columns += columnar::quote_name(header) + " VARCHAR";
    }
    engine.execute("CREATE TABLE t (" + columns + ")");
    std::string rows;
    for (const auto& row : table.rows) {
        std::string values;
        for (const auto& cell : row) {
            if (!values.empty()) values += ", ";
            values += columnar::quote_text(cell);
        }
        if (!rows.empty()) rows += ", ";
        rows += "(" + values + ")";
    }
    engine.execute("INSERT INTO t VALUES " + rows);
    engine.execute("COPY t TO " + columnar::quote_text(file.string()) + " (FORMAT parquet)");
}

inline void write_jsonl(const std::filesystem::path& file, const TextTable& table) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    for (const auto& row : table.rows) {
        boost::json::object line;
        for (std::size_t i = 0; i < row.size(); ++i) line[table.headers[i]] = row[i];
        stream << boost::json::serialize(line) << '\n';
    }
}

inline std::filesystem::path write_table(const TestFolder& folder, FileFormat format,
                                         const TextTable& table) {
    const auto file = folder.file("rows." + std::string(exchange::name_of(format)));
    switch (format) {
        case FileFormat::csv:
            write_csv(file, table);
            break;
        case FileFormat::xlsx:
            write_xlsx(file, table);
            break;
        case FileFormat::parquet:
            write_parquet(file, table);
            break;
        case FileFormat::jsonl:
            write_jsonl(file, table);
            break;
    }
    return file;
}

// As the command line does.
inline Result<registry::BatchReport> take_in(TestDesk& desk, const std::string& source,
                                             const std::filesystem::path& file) {
    const auto& declared = *desk.pack().find_source(source);
    const auto& register_ = *desk.pack().find_register(declared.register_name);
    AMATE_TRY(const auto rows, exchange::open_rows({file, {}, {}}, register_, declared));
    return desk.take_in_rows(source, *rows, file);
}

}  // namespace amate::tests
