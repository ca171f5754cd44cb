// SPDX-License-Identifier: Apache-2.0
// Has the engine cast every column to text, and streams what it answers.
#include "exchange/internal/parquet_rows.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "columnar/engine.hpp"
#include "core/text.hpp"
#include "exchange/internal/number_text.hpp"
#include "exchange/limits.hpp"

namespace amate::exchange::internal {
namespace {

constexpr std::string_view kTexts[] = {"VARCHAR", "ENUM", "UUID", "TIME", "JSON"};
constexpr std::string_view kNumbers[] = {"TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",  "HUGEINT",
                                         "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
                                         "FLOAT",    "DOUBLE",    "DECIMAL"};
constexpr std::string_view kMoments[] = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS",
                                         "TIMESTAMP_NS"};

template <std::size_t size>
bool is_one_of(std::string_view word, const std::string_view (&words)[size]) {
    for (const auto each : words) {
        if (word == each) return true;
    }
    return false;
}

struct ParquetColumn {
    std::string name;
    CellKind kind = CellKind::text;
    std::string sql;
};

// Nothing if cells cannot hold the type. `type` as the engine writes it: "DECIMAL(10,2)".
std::optional<ParquetColumn> column_of(const std::string& name, std::string_view type) {
    const auto quoted = columnar::quote_name(name);
    ParquetColumn column{name, CellKind::text, fmt::format("CAST({} AS VARCHAR)", quoted)};
    if (type.ends_with(']')) return std::nullopt;  // a list of whatever stands before
    const auto word = type.substr(0, type.find('('));
    if (is_one_of(word, kTexts)) return column;
    if (is_one_of(word, kNumbers)) {
        column.kind = CellKind::number;
    } else if (word == "BOOLEAN") {
        column.kind = CellKind::boolean;
    } else if (word == "DATE") {
        column.kind = CellKind::date;
    } else if (is_one_of(word, kMoments)) {
        column.kind = CellKind::date;
        column.sql = fmt::format("strftime(CAST({} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S')", quoted);
    } else {
        return std::nullopt;
    }
    return column;
}

// Open under a name without signs that the engine takes for a pattern, and the same file whatever
// happens to its name.
class HeldFile {
public:
    explicit HeldFile(const std::filesystem::path& file)
        : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~HeldFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    HeldFile(const HeldFile&) = delete;
    HeldFile& operator=(const HeldFile&) = delete;
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    [[nodiscard]] std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

private:
    int descriptor_;
};

class ParquetRows final : public RowSource {
public:
    ParquetRows(std::unique_ptr<HeldFile> file, std::string name)
        : file_(std::move(file)),
          name_(std::move(name)),
          engine_({{}, {}, kParquetMemoryMb, file_->path()}) {}

    Result<void> read_header();

    [[nodiscard]] const std::string& name() const override { return name_; }
    [[nodiscard]] const Row& header() const override { return header_; }
    [[nodiscard]] Result<RowState> next(Row& row, Problems& problems) override;
    [[nodiscard]] std::int64_t done() const override { return rows_read_; }
    [[nodiscard]] std::int64_t total() const override { return rows_total_; }
    [[nodiscard]] TextForm text_form() const override { return {Encoding::utf8, true}; }

private:
    // What the engine says may quote a cell, so it is not told.
    [[nodiscard]] Problem unreadable() const {
        const auto line = static_cast<int>(rows_read_);
        return {"exchange.parquet_unreadable",
                {name_, line, 0, {}},
                {{"detail_en", line == 0 ? "" : fmt::format(", after row {}", line)},
                 {"detail_es", line == 0 ? "" : fmt::format(", tras el renglón {}", line)}}};
    }
    [[nodiscard]] Problem problem(const char* code, int column,
                                  std::map<std::string, std::string> parameters = {}) const {
        return {code, {name_, static_cast<int>(rows_read_), column, {}}, std::move(parameters)};
    }
    [[nodiscard]] Result<std::vector<ParquetColumn>> read_columns(const std::string& from);
    RowState lay_out(Row& row, Problems& problems);

    std::unique_ptr<HeldFile> file_;
    std::string name_;
    columnar::Engine engine_;
    std::optional<columnar::EngineStream> stream_;
    columnar::EngineRow values_;
    Row header_;
    std::int64_t rows_read_ = 0;
    std::int64_t rows_total_ = 0;
};

Result<std::vector<ParquetColumn>> ParquetRows::read_columns(const std::string& from) {
    std::vector<ParquetColumn> columns;
    Problems problems;
    engine_.query("DESCRIBE SELECT *" + from, [&](const columnar::EngineRow& row) {
        const auto& name = std::get<std::string>(row.at(0));
        const auto& type = std::get<std::string>(row.at(1));
        if (auto column = column_of(name, type)) {
            columns.push_back(std::move(*column));
        } else {
            const auto word = type.ends_with(']') ? "LIST" : type.substr(0, type.find('('));
            problems.push_back(problem("exchange.parquet_type",
                                       static_cast<int>(columns.size() + 1),
                                       {{"column", name}, {"type", word}}));
            columns.emplace_back();
        }
        return columns.size() <= kColumnsMax;
    });
    if (columns.size() > kColumnsMax) {
        return fail(
            problem("exchange.too_many_columns", 0, {{"maximum", std::to_string(kColumnsMax)}}));
    }
    if (!problems.empty()) return fail(std::move(problems));
    return columns;
}

Result<void> ParquetRows::read_header() {
    const auto from = fmt::format(" FROM read_parquet({}, hive_partitioning = false)",
                                  columnar::quote_text(file_->path()));
    try {
        AMATE_TRY(const auto columns, read_columns(from));
        rows_total_ = engine_.query_integer("SELECT count(*)" + from);
        std::string select;
        for (const auto& column : columns) {
            if (!select.empty()) select += ", ";
            select += column.sql;
            header_.cells.push_back(column.name);
            header_.kinds.push_back(column.kind);
        }
        header_.decoded = header_.cells.size();
        stream_.emplace(engine_.stream("SELECT " + select + from));
    } catch (const IoFailure&) {
        return fail(unreadable());
    }
    return {};
}

Result<RowState> ParquetRows::next(Row& row, Problems& problems) {
    try {
        if (!stream_->next(values_)) {
            // A stream that breaks off may look like one that ends.
            if (rows_read_ != rows_total_) return fail(unreadable());
            return RowState::end;
        }
    } catch (const IoFailure&) {
        return fail(unreadable());
    }
    ++rows_read_;
    return lay_out(row, problems);
}

RowState ParquetRows::lay_out(Row& row, Problems& problems) {
    row.line = rows_read_;
    row.kinds = header_.kinds;
    row.cells.resize(values_.size());
    row.decoded = values_.size();
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        auto& cell = row.cells[i];
        cell.clear();
        auto* text = std::get_if<std::string>(&values_[i]);
        if (text == nullptr) continue;
        bytes += text->size();
        cell = row.kinds[i] == CellKind::number ? plain_number(*text) : std::move(*text);
        if (find_invalid_utf8(cell)) {
            problems.push_back(problem("exchange.null_character", static_cast<int>(i + 1)));
        }
    }
    if (bytes <= kRowBytesMax) return problems.empty() ? RowState::whole : RowState::faulty;
    problems.assign(
        1, problem("exchange.row_too_long", 0, {{"maximum", std::to_string(kRowBytesMax)}}));
    row.cells.clear();
    row.kinds.clear();
    row.decoded = 0;
    return RowState::lost;
}

}  // namespace

Result<std::unique_ptr<RowSource>> open_parquet_rows(const std::filesystem::path& file,
                                                     const std::string& name) {
    auto held = std::make_unique<HeldFile>(file);
    if (!held->is_open()) {
        return fail({"core.file_unreadable",
                     {file.string(), 0, 0, {}},
                     {{"file", file.string()}, {"reason", std::strerror(errno)}}});
    }
    auto rows = std::make_unique<ParquetRows>(std::move(held), name);
    AMATE_TRY_VOID(rows->read_header());
    return rows;
}

}  // namespace amate::exchange::internal
