// SPDX-License-Identifier: Apache-2.0
// Fills data chunks of DuckDB without a call a value, and has them sorted and written.
#include "snapshot/internal/register_file.hpp"

#include <duckdb.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

namespace amate::snapshot::internal {

namespace {

using definitions::Type;

const char* sql_type(Type type) {
    if (type == Type::boolean) return "BOOLEAN";
    if (type == Type::integer) return "BIGINT";
    if (type == Type::money) return "DECIMAL(18,2)";
    return "VARCHAR";
}

duckdb_logical_type make_engine_type(Type type) {
    if (type == Type::money) return duckdb_create_decimal_type(18, 2);
    if (type == Type::boolean) return duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
    if (type == Type::integer) return duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
}

// Hundredths, as DECIMAL(18,2) lies in memory: sums of them are exact. Nothing beyond its range.
std::optional<std::int64_t> hundredths_of(const Value& value) {
    constexpr double kMax = 9e15;
    const auto* whole = std::get_if<std::int64_t>(&value);
    const double amount = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
    if (!(std::abs(amount) < kMax)) return std::nullopt;
    return std::llround(amount * 100);
}

// A text the engine takes as it lies: up to 12 bytes inside, longer ones by pointer. What is
// pointed to must live until the chunk is appended, which copies it.
duckdb_string_t borrow(std::string_view text) {
    duckdb_string_t borrowed;
    std::memset(&borrowed, 0, sizeof borrowed);
    borrowed.value.inlined.length = static_cast<std::uint32_t>(text.size());
    if (text.size() <= sizeof borrowed.value.inlined.inlined) {
        std::memcpy(borrowed.value.inlined.inlined, text.data(), text.size());
    } else {
        std::memcpy(borrowed.value.pointer.prefix, text.data(),
                    sizeof borrowed.value.pointer.prefix);
        borrowed.value.pointer.ptr = const_cast<char*>(text.data());  // the C API has no const here
    }
    return borrowed;
}

}  // namespace

struct RegisterFile::State {
    State(columnar::Engine& engine_, const CodedRegister& coded_, const char* table_)
        : engine(engine_), coded(coded_), table(table_) {}
    ~State() {
        if (appender != nullptr) duckdb_appender_destroy(&appender);
        if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void make_table();
    void open_appender();
    void begin_chunk();
    void append_chunk();
    void check(duckdb_state state) const;
    void set_missing(std::size_t column) {
        duckdb_validity_set_row_invalid(validities[column], row);
    }
    template <class T>
    void set(std::size_t column, T value) {
        static_cast<T*>(data[column])[row] = value;
    }
    void set_dimension(std::size_t at, const Value& value);
    void set_codes(std::size_t at, const Codes& codes);

    columnar::Engine& engine;
    const CodedRegister& coded;
    const char* table;
    std::int64_t rows = 0;
    duckdb_appender appender = nullptr;
    duckdb_data_chunk chunk = nullptr;
    std::vector<duckdb_vector> vectors;
    std::vector<void*> data;
    std::vector<std::uint64_t*> validities;
    idx_t row = 0;
    idx_t rows_max = 0;
    std::vector<std::int64_t> unknown_codes;  // records, one a dimension
    Value scratch;
    std::string joined;
};

void RegisterFile::State::check(duckdb_state state) const {
    if (state == DuckDBSuccess) return;
    const auto* text = duckdb_appender_error(appender);
    throw IoFailure(std::string("the counting engine takes no more records: ") +
                    (text == nullptr ? "no reason given" : text));
}

void RegisterFile::State::make_table() {
    std::string columns;
    for (const auto& column : coded.columns) {
        columns += fmt::format("{} {}, ", columnar::quote_name(column.dimension->sql_name),
                               sql_type(column.dimension->type));
    }
    columns += fmt::format("{} DATE, {} VARCHAR", columnar::quote_name(kTimeColumn),
                           columnar::quote_name(kPersonKeyColumn));
    engine.execute(fmt::format("CREATE OR REPLACE TABLE {} ({})", table, columns));
}

void RegisterFile::State::open_appender() {
    auto* connection = static_cast<duckdb_connection>(engine.connection());
    check(duckdb_appender_create(connection, nullptr, table, &appender));
    std::vector<duckdb_logical_type> types;
    for (const auto& column : coded.columns) {
        types.push_back(make_engine_type(column.dimension->type));
    }
    types.push_back(duckdb_create_logical_type(DUCKDB_TYPE_DATE));
    types.push_back(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
    chunk = duckdb_create_data_chunk(types.data(), types.size());
    for (auto& type : types) duckdb_destroy_logical_type(&type);
    vectors.resize(types.size());
    data.resize(types.size());
    validities.resize(types.size());
    rows_max = duckdb_vector_size();
}

void RegisterFile::State::begin_chunk() {
    duckdb_data_chunk_reset(chunk);
    for (std::size_t column = 0; column < vectors.size(); ++column) {
        vectors[column] = duckdb_data_chunk_get_vector(chunk, column);
        duckdb_vector_ensure_validity_writable(vectors[column]);
        data[column] = duckdb_vector_get_data(vectors[column]);
        validities[column] = duckdb_vector_get_validity(vectors[column]);
    }
    row = 0;
}

void RegisterFile::State::append_chunk() {
    duckdb_data_chunk_set_size(chunk, row);
    check(duckdb_append_data_chunk(appender, chunk));
    begin_chunk();
}

void RegisterFile::State::set_codes(std::size_t at, const Codes& codes) {
    const auto& known = coded.columns[at].codes;
    joined.clear();
    for (const auto& code : codes) {
        if (!known.contains(code)) {
            ++unknown_codes[at];
            return set_missing(at);
        }
        if (!joined.empty()) joined += ';';
        joined += code;
    }
    duckdb_vector_assign_string_element_len(vectors[at], row, joined.data(), joined.size());
}

void RegisterFile::State::set_dimension(std::size_t at, const Value& value) {
    if (is_missing(value)) return set_missing(at);
    switch (coded.columns[at].dimension->type) {
        case Type::boolean:
            return set(at, std::get<bool>(value));
        case Type::integer:
            return set(at, std::get<std::int64_t>(value));
        case Type::money:
            if (const auto amount = hundredths_of(value)) return set(at, *amount);
            return set_missing(at);
        case Type::codes:
            return set_codes(at, std::get<Codes>(value));
        default:
            break;
    }
    const auto& known = coded.columns[at].codes;
    const auto found = known.find(std::get<std::string>(value));
    if (found == known.end()) {
        ++unknown_codes[at];
        return set_missing(at);
    }
    set(at, borrow(found->first));
}

RegisterFile::RegisterFile(columnar::Engine& engine, const CodedRegister& coded, const char* table)
    : state_(std::make_unique<State>(engine, coded, table)) {
    state_->make_table();
    state_->open_appender();
    state_->begin_chunk();
    state_->unknown_codes.resize(coded.columns.size());
}

RegisterFile::~RegisterFile() = default;

void RegisterFile::add(const std::vector<Value>& record, std::optional<Date> time,
                       const std::optional<PersonKey>& person,
                       const definitions::EvaluationContext& context) {
    auto& state = *state_;
    const auto& columns = state.coded.columns;
    for (std::size_t at = 0; at < columns.size(); ++at) {
        state.set_dimension(at, columns[at].value_of(record, context, state.scratch));
    }
    const auto time_at = columns.size();
    if (time) {
        state.set(time_at, duckdb_date{time->days_since_1970()});
    } else {
        state.set_missing(time_at);
    }
    if (person) {
        state.set(time_at + 1, borrow({person->data(), person->size()}));
    } else {
        state.set_missing(time_at + 1);
    }
    ++state.rows;
    if (++state.row == state.rows_max) state.append_chunk();
}

std::int64_t RegisterFile::rows() const {
    return state_->rows;
}

Problems RegisterFile::problems() const {
    Problems problems;
    for (std::size_t at = 0; at < state_->unknown_codes.size(); ++at) {
        if (state_->unknown_codes[at] == 0) continue;
        const auto& register_name = state_->coded.register_->name;
        const auto& dimension = state_->coded.columns[at].dimension->name;
        problems.push_back({"snapshot.unknown_code",
                            Place{"registers/" + register_name + ".yaml", 0, 0, dimension},
                            {{"register", register_name},
                             {"dimension", dimension},
                             {"records", std::to_string(state_->unknown_codes[at])}}});
    }
    return problems;
}

void RegisterFile::close() {
    if (state_->row > 0) state_->append_chunk();
    state_->check(duckdb_appender_close(state_->appender));
}

// `source` is what stands after FROM.
RegisterFile::Counts RegisterFile::write_rows(const std::string& source,
                                              const std::filesystem::path& file) {
    auto& state = *state_;
    std::string order = columnar::quote_name(kTimeColumn);
    for (const auto& column : state.coded.columns) {
        order += ", " + columnar::quote_name(column.dimension->sql_name);
    }
    order += ", " + columnar::quote_name(kPersonKeyColumn);
    state.engine.execute(
        fmt::format("COPY (SELECT * FROM {} ORDER BY {}) TO {} (FORMAT parquet, COMPRESSION zstd)",
                    source, order, columnar::quote_text(file.string())));
    const auto written = columnar::quote_text(file.string());
    Counts counts;
    counts.records =
        state.engine.query_integer(fmt::format("SELECT count(*) FROM read_parquet({})", written));
    if (!state.coded.register_->person_fields.empty()) {
        counts.persons = state.engine.query_integer(
            fmt::format("SELECT count(DISTINCT {}) FROM read_parquet({})",
                        columnar::quote_name(kPersonKeyColumn), written));
    }
    state.engine.execute(fmt::format("DROP TABLE {}", state.table));
    return counts;
}

RegisterFile::Counts RegisterFile::write(const std::filesystem::path& file) {
    close();
    return write_rows(state_->table, file);
}

RegisterFile::Counts RegisterFile::write_onto(const std::filesystem::path& earlier,
                                              RegisterFile& gone,
                                              const std::filesystem::path& file) {
    close();
    gone.close();
    auto kept =
        fmt::format("SELECT * FROM read_parquet({})", columnar::quote_text(earlier.string()));
    if (gone.rows() > 0) {
        kept = fmt::format("(({}) EXCEPT ALL SELECT * FROM {})", kept, gone.state_->table);
    }
    const auto counts =
        write_rows(fmt::format("(({}) UNION ALL SELECT * FROM {})", kept, state_->table), file);
    state_->engine.execute(fmt::format("DROP TABLE {}", gone.state_->table));
    return counts;
}

}  // namespace amate::snapshot::internal
