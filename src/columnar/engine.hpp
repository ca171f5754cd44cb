// SPDX-License-Identifier: Apache-2.0
// DuckDB, shut in: an engine in memory that may touch the files it is given and nothing else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace amate::columnar {

// What a query answers with: NULL, a boolean, a whole number or a text.
using EngineValue = std::variant<std::monostate, bool, std::int64_t, std::string>;
using EngineRow = std::vector<EngineValue>;

struct EngineOptions {
    std::filesystem::path directory;  // absolute; all in it may be read or written
    std::filesystem::path spill;      // where work larger than memory goes; empty: nowhere
    int memory_mb = 2048;
    std::filesystem::path file = {};  // absolute; with it, this file and no folder
    int threads = 2;
};

// Some rows of an answer, column by column; good until the next ones are read. A bug: to read a
// column as what it is not, or a text that is not there.
class EngineChunk {
public:
    [[nodiscard]] std::size_t rows() const { return rows_; }
    // Of a BIGINT column, one a row; what stands where nothing is there means nothing.
    [[nodiscard]] const std::int64_t* integers(std::size_t column) const;
    // Of a VARCHAR column.
    [[nodiscard]] std::string_view text(std::size_t column, std::size_t row) const;
    [[nodiscard]] bool is_there(std::size_t column, std::size_t row) const {
        const auto* there = columns_[column].there;
        return there == nullptr || (there[row / 64] >> (row % 64) & 1U) != 0;
    }

private:
    friend class EngineStream;
    struct Column {
        int type = 0;  // duckdb_type
        void* values = nullptr;
        const std::uint64_t* there = nullptr;  // a bit a row; null: all are
    };
    std::vector<Column> columns_;
    std::size_t rows_ = 0;
};

// An answer that comes as it is read: memory does not grow with it. Borrows its engine, which
// does nothing else meanwhile. Resource. Throws IoFailure when the engine breaks off.
class EngineStream {
public:
    EngineStream(EngineStream&&) noexcept;
    EngineStream& operator=(EngineStream&&) = delete;
    ~EngineStream();
    // The next row into `row`; false after the last.
    [[nodiscard]] bool next(EngineRow& row);
    // The next rows; null after the last. Not to be mixed with next().
    [[nodiscard]] const EngineChunk* next_chunk();

private:
    friend class Engine;
    struct State;
    explicit EngineStream(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// One connection. No extension is fetched or loaded, no home folder is used, settings are locked.
// Resource; one thread at a time. Everything throws IoFailure when the engine refuses.
class Engine {
public:
    explicit Engine(const EngineOptions& options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void execute(const std::string& sql);
    // Calls `each` a row until it returns false; the row is reused between calls.
    void query(const std::string& sql, const std::function<bool(const EngineRow&)>& each);
    [[nodiscard]] std::int64_t query_integer(const std::string& sql);
    [[nodiscard]] EngineStream stream(const std::string& sql);

    // The duckdb_connection, for this module's own bulk writing.
    [[nodiscard]] void* connection() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// A name and a text as they stand in SQL: "a""b" and 'it''s'.
[[nodiscard]] std::string quote_name(std::string_view name);
[[nodiscard]] std::string quote_text(std::string_view text);

}  // namespace amate::columnar
