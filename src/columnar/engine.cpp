// SPDX-License-Identifier: Apache-2.0
// Opens DuckDB with everything closed that counting does not need, and reads its answers.
#include "columnar/engine.hpp"

#include <duckdb.h>
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "core/result.hpp"

namespace amate::columnar {

namespace {

class Config {
public:
    Config() { AMATE_CHECK(duckdb_create_config(&config_) == DuckDBSuccess); }
    ~Config() { duckdb_destroy_config(&config_); }
    Config(const Config&) = delete;
    Config& operator=(const Config&) = delete;
    void set(const char* name, const std::string& value) {
        AMATE_CHECK(duckdb_set_config(config_, name, value.c_str()) == DuckDBSuccess);
    }
    [[nodiscard]] duckdb_config get() const { return config_; }

private:
    duckdb_config config_ = nullptr;
};

class Answer {
public:
    Answer(duckdb_connection connection, const std::string& sql) {
        if (duckdb_query(connection, sql.c_str(), &result_) == DuckDBSuccess) return;
        const auto* text = duckdb_result_error(&result_);
        std::string reason = text == nullptr ? "no reason given" : text;
        duckdb_destroy_result(&result_);
        throw IoFailure("the counting engine refused: " + reason);
    }
    ~Answer() { duckdb_destroy_result(&result_); }
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    [[nodiscard]] duckdb_result& get() { return result_; }

private:
    duckdb_result result_{};
};

class Chunk {
public:
    explicit Chunk(duckdb_data_chunk chunk) : chunk_(chunk) {}
    ~Chunk() {
        if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
    }
    Chunk(const Chunk&) = delete;
    Chunk& operator=(const Chunk&) = delete;
    [[nodiscard]] duckdb_data_chunk get() const { return chunk_; }

private:
    duckdb_data_chunk chunk_ = nullptr;
};

EngineValue value_at(duckdb_vector vector, duckdb_type type, idx_t row) {
    auto* validity = duckdb_vector_get_validity(vector);
    if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) return {};
    void* data = duckdb_vector_get_data(vector);
    if (type == DUCKDB_TYPE_BOOLEAN) return static_cast<bool*>(data)[row];
    if (type == DUCKDB_TYPE_BIGINT) return static_cast<std::int64_t*>(data)[row];
    AMATE_CHECK(type == DUCKDB_TYPE_VARCHAR);
    auto& text = static_cast<duckdb_string_t*>(data)[row];
    return std::string(duckdb_string_t_data(&text), duckdb_string_t_length(text));
}

std::string quote(std::string_view text, char mark) {
    std::string quoted(1, mark);
    for (const char c : text) {
        if (c == mark) quoted += mark;
        quoted += c;
    }
    quoted += mark;
    return quoted;
}

}  // namespace

std::string quote_name(std::string_view name) {
    return quote(name, '"');
}
std::string quote_text(std::string_view text) {
    return quote(text, '\'');
}

struct Engine::State {
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    ~State() {
        if (connection != nullptr) duckdb_disconnect(&connection);
        if (database != nullptr) duckdb_close(&database);
    }
};

Engine::Engine(const EngineOptions& options) : state_(std::make_unique<State>()) {
    const bool one_file = !options.file.empty();
    AMATE_CHECK((one_file ? options.file : options.directory).is_absolute());
    Config config;
    config.set("threads", std::to_string(options.threads));
    config.set("memory_limit", fmt::format("{}MB", options.memory_mb));
    config.set("autoinstall_known_extensions", "false");
    config.set("autoload_known_extensions", "false");
    config.set("allow_community_extensions", "false");
    config.set("preserve_insertion_order", "true");
    config.set("temp_directory", options.spill.string());
    char* error = nullptr;
    if (duckdb_open_ext(nullptr, &state_->database, config.get(), &error) != DuckDBSuccess) {
        std::string reason = error == nullptr ? "no reason given" : error;
        duckdb_free(error);
        throw IoFailure("the counting engine does not start: " + reason);
    }
    AMATE_CHECK(duckdb_connect(state_->database, &state_->connection) == DuckDBSuccess);
    execute("SET home_directory = '/dev/null'");
    execute("SET extension_directory = '/dev/null'");
    execute("SET allow_persistent_secrets = false");
    execute(one_file ? "SET allowed_paths = [" + quote_text(options.file.string()) + "]"
                     : "SET allowed_directories = [" +
                           quote_text((options.directory / "").string()) + "]");
    execute("SET parquet_metadata_cache = true");
    execute("SET enable_external_access = false");
    execute("SET lock_configuration = true");
}

Engine::~Engine() = default;

void Engine::execute(const std::string& sql) {
    const Answer answer(state_->connection, sql);
}

void Engine::query(const std::string& sql, const std::function<bool(const EngineRow&)>& each) {
    Answer answer(state_->connection, sql);
    const auto width = duckdb_column_count(&answer.get());
    std::vector<duckdb_type> types;
    for (idx_t column = 0; column < width; ++column) {
        types.push_back(duckdb_column_type(&answer.get(), column));
    }
    EngineRow row(width);
    for (;;) {
        const Chunk chunk(duckdb_fetch_chunk(answer.get()));
        if (chunk.get() == nullptr) return;
        const auto height = duckdb_data_chunk_get_size(chunk.get());
        for (idx_t at = 0; at < height; ++at) {
            for (idx_t column = 0; column < width; ++column) {
                auto* vector = duckdb_data_chunk_get_vector(chunk.get(), column);
                row[column] = value_at(vector, types[column], at);
            }
            if (!each(row)) return;
        }
    }
}

std::int64_t Engine::query_integer(const std::string& sql) {
    std::int64_t number = 0;
    query(sql, [&](const EngineRow& row) {
        number = std::get<std::int64_t>(row.at(0));
        return false;
    });
    return number;
}

struct EngineStream::State {
    duckdb_prepared_statement statement = nullptr;
    duckdb_pending_result pending = nullptr;
    duckdb_result result{};
    std::vector<duckdb_type> types;
    std::optional<Chunk> chunk;
    EngineChunk columns;
    idx_t at = 0;
    idx_t height = 0;

    ~State() {
        chunk.reset();
        duckdb_destroy_result(&result);
        if (pending != nullptr) duckdb_destroy_pending(&pending);
        if (statement != nullptr) duckdb_destroy_prepare(&statement);
    }
    [[noreturn]] static void refuse(const char* reason) {
        throw IoFailure(std::string("the counting engine refused: ") +
                        (reason == nullptr ? "no reason given" : reason));
    }
    bool fetch() {
        chunk.emplace(duckdb_fetch_chunk(result));
        at = 0;
        if (chunk->get() == nullptr) {
            if (const auto* reason = duckdb_result_error(&result)) refuse(reason);
            return false;
        }
        height = duckdb_data_chunk_get_size(chunk->get());
        return height > 0;
    }
};

EngineStream::EngineStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
EngineStream::EngineStream(EngineStream&&) noexcept = default;
EngineStream::~EngineStream() = default;

EngineStream Engine::stream(const std::string& sql) {
    auto made = std::make_unique<EngineStream::State>();
    auto& state = *made;
    if (duckdb_prepare(state_->connection, sql.c_str(), &state.statement) != DuckDBSuccess) {
        EngineStream::State::refuse(duckdb_prepare_error(state.statement));
    }
    if (duckdb_pending_prepared_streaming(state.statement, &state.pending) != DuckDBSuccess) {
        EngineStream::State::refuse(duckdb_pending_error(state.pending));
    }
    if (duckdb_execute_pending(state.pending, &state.result) != DuckDBSuccess) {
        EngineStream::State::refuse(duckdb_result_error(&state.result));
    }
    for (idx_t column = 0; column < duckdb_column_count(&state.result); ++column) {
        state.types.push_back(duckdb_column_type(&state.result, column));
    }
    return EngineStream(std::move(made));
}

bool EngineStream::next(EngineRow& row) {
    auto& state = *state_;
    if (state.at == state.height && !state.fetch()) return false;
    row.resize(state.types.size());
    for (idx_t column = 0; column < row.size(); ++column) {
        auto* vector = duckdb_data_chunk_get_vector(state.chunk->get(), column);
        row[column] = value_at(vector, state.types[column], state.at);
    }
    ++state.at;
    return true;
}

const EngineChunk* EngineStream::next_chunk() {
    auto& state = *state_;
    if (!state.fetch()) return nullptr;
    auto& columns = state.columns.columns_;
    columns.clear();
    for (idx_t column = 0; column < state.types.size(); ++column) {
        auto* vector = duckdb_data_chunk_get_vector(state.chunk->get(), column);
        columns.push_back({state.types[column], duckdb_vector_get_data(vector),
                           duckdb_vector_get_validity(vector)});
    }
    state.columns.rows_ = state.height;
    return &state.columns;
}

const std::int64_t* EngineChunk::integers(std::size_t column) const {
    AMATE_CHECK(columns_[column].type == DUCKDB_TYPE_BIGINT);
    return static_cast<const std::int64_t*>(columns_[column].values);
}

std::string_view EngineChunk::text(std::size_t column, std::size_t row) const {
    AMATE_CHECK(columns_[column].type == DUCKDB_TYPE_VARCHAR && is_there(column, row));
    auto& text = static_cast<duckdb_string_t*>(columns_[column].values)[row];
    return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

void* Engine::connection() const {
    return state_->connection;
}

}  // namespace amate::columnar
