// SPDX-License-Identifier: Apache-2.0
// Holds what is said of a file against its first bytes, and picks the reader.
#include "exchange/open_rows.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/csv_rows.hpp"
#include "core/text_stream.hpp"
#include "exchange/internal/json_rows.hpp"
#include "exchange/internal/parquet_rows.hpp"
#include "exchange/internal/xlsx_rows.hpp"

namespace amate::exchange {
namespace {

struct KnownFormat {
    FileFormat format;
    std::string_view name;
};
constexpr KnownFormat kFormats[] = {{FileFormat::csv, "csv"},
                                    {FileFormat::xlsx, "xlsx"},
                                    {FileFormat::parquet, "parquet"},
                                    {FileFormat::jsonl, "jsonl"}};

struct Extension {
    std::string_view text;
    FileFormat format;
};
constexpr Extension kExtensions[] = {
    {".csv", FileFormat::csv},     {".txt", FileFormat::csv},         {".tsv", FileFormat::csv},
    {".xlsx", FileFormat::xlsx},   {".parquet", FileFormat::parquet}, {".jsonl", FileFormat::jsonl},
    {".ndjson", FileFormat::jsonl}};

// What the first bytes are. Formats that are taken in have one; others that people hand over by
// mistake are told by name.
struct Signature {
    std::string_view bytes;
    std::optional<FileFormat> format;
    const char* name;
};
constexpr Signature kSignatures[] = {
    {"PK\x03\x04", FileFormat::xlsx, "xlsx"},
    {"PK\x05\x06", FileFormat::xlsx, "xlsx"},  // an empty archive
    {"PAR1", FileFormat::parquet, "parquet"},
    {"\xD0\xCF\x11\xE0", std::nullopt, "xls"},  // also a workbook under a password
    {"\x1F\x8B", std::nullopt, "gzip"},
    {"%PDF", std::nullopt, "pdf"},
};

std::optional<FileFormat> format_of_extension(const std::string& name) {
    auto extension = std::filesystem::path(name).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    for (const auto& known : kExtensions) {
        if (known.text == extension) return known.format;
    }
    return std::nullopt;
}

std::string shown_name(const FileToOpen& file) {
    return file.name.empty() ? file.path.filename().string() : file.name;
}

std::vector<internal::JsonColumn> json_columns(const definitions::Register& register_,
                                               const definitions::Source& source) {
    std::vector<internal::JsonColumn> columns;
    for (const auto& column : source.columns) {
        const bool is_table = register_.columns[column.column].type == definitions::Type::table;
        columns.push_back({column.header, is_table});
    }
    for (const auto& header : source.ignored_headers) columns.push_back({header, false});
    return columns;
}

Problem disagrees(const std::string& name, FileFormat said, std::string_view found) {
    return {"exchange.format_disagrees",
            {name, 0, 0, {}},
            {{"said", std::string(name_of(said))}, {"found", std::string(found)}}};
}

}  // namespace

std::string_view name_of(FileFormat format) {
    for (const auto& known : kFormats) {
        if (known.format == format) return known.name;
    }
    return {};
}

std::optional<FileFormat> parse_file_format(std::string_view name) {
    for (const auto& known : kFormats) {
        if (known.name == name) return known.format;
    }
    return std::nullopt;
}

Result<FileFormat> find_format(const FileToOpen& file) {
    const auto name = shown_name(file);
    AMATE_TRY(auto text, TextStream::open(file.path));
    std::string start;
    while (start.size() < 64 && text.peek() != TextStream::kEnd) {
        start += static_cast<char>(text.take());
    }
    auto said = file.format;
    if (!said) said = format_of_extension(name);
    for (const auto& signature : kSignatures) {
        if (!start.starts_with(signature.bytes)) continue;
        if (signature.format && (!said || said == signature.format)) return *signature.format;
        if (said) return fail(disagrees(name, *said, signature.name));
        return fail({"exchange.unknown_format",
                     {name, 0, 0, {}},
                     {{"detail_en", fmt::format(": it looks like {}", signature.name)},
                      {"detail_es", fmt::format(": parece {}", signature.name)}}});
    }
    const bool is_binary = said == FileFormat::xlsx || said == FileFormat::parquet;
    // Cut off before its first bytes, or never what it was said to be.
    if (is_binary) return fail(disagrees(name, *said, "text"));
    if (said) return *said;
    const auto first = start.find_first_not_of(" \t\r\n");
    const bool is_object = first != start.npos && start[first] == '{';
    return is_object ? FileFormat::jsonl : FileFormat::csv;
}

Result<std::unique_ptr<RowSource>> open_rows(const FileToOpen& file,
                                             const definitions::Register& register_,
                                             const definitions::Source& source) {
    AMATE_TRY(const auto format, find_format(file));
    const auto name = shown_name(file);
    switch (format) {
        case FileFormat::csv:
            return open_csv_rows(file.path, {source.delimiter, source.encoding}, name);
        case FileFormat::xlsx:
            return internal::open_xlsx_rows(file.path, source.sheet, name);
        case FileFormat::parquet:
            return internal::open_parquet_rows(file.path, name);
        case FileFormat::jsonl:
            return internal::open_json_rows(file.path, json_columns(register_, source), name);
    }
    AMATE_CHECK(false);
    return fail(Problems());
}

}  // namespace amate::exchange
