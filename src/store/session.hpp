// SPDX-License-Identifier: Apache-2.0
// A connection to the store: reading for everybody, writing for the ledger's unit of work alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "core/value.hpp"
#include "definitions/model.hpp"

namespace amate::ledger {
class UnitOfWork;
}

namespace amate::store {

// What SQL columns hold here.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;
using SqlRow = std::vector<SqlValue>;

// Only the ledger can make one: whoever has none cannot write.
class WriteKey {
    WriteKey() = default;
    friend class amate::ledger::UnitOfWork;
};

// One connection. Resource; one thread at a time; open as many as there are threads.
class Session {
public:
    // Opens (and makes, if asked) the store at "sqlite:FILE". Throws IoFailure.
    enum class Mode { read_only, read_write };
    [[nodiscard]] static std::unique_ptr<Session> open(const std::string& url, Mode mode);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Runs one SELECT with bound parameters; `each` is called a row until it returns false.
    void query(const std::string& sql, const std::vector<SqlValue>& parameters,
               const std::function<bool(const SqlRow&)>& each);
    // First row, or empty.
    [[nodiscard]] SqlRow query_one(const std::string& sql,
                                   const std::vector<SqlValue>& parameters = {});

    // Writing; reached through ledger::UnitOfWork.
    void begin(const WriteKey&);
    void commit(const WriteKey&);
    void rollback(const WriteKey&) noexcept;
    void execute(const WriteKey&, const std::string& sql,
                 const std::vector<SqlValue>& parameters = {});
    // A prepared INSERT run once a row; rows have `columns` values.
    class Inserter;
    [[nodiscard]] std::unique_ptr<Inserter> inserter(const WriteKey&, const std::string& table,
                                                     const std::vector<std::string>& columns);

private:
    struct State;
    explicit Session(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

class Session::Inserter {
public:
    virtual ~Inserter() = default;
    virtual void insert(const SqlRow& row) = 0;
    virtual void flush() = 0;
};

// Value <-> SQL, and names of tables. A register's table is `r_NAME` with the columns
// record_id, folio, ledger_seq, batch_row, row_hash, state, flags, recorded_at, version, then one
// SQL column a register column (Column::sql_name). Missing: NULL for absent; unknown, refused and
// not_applicable are written in the companion text column `missing` as "sql_name=unknown;...".
[[nodiscard]] std::string table_of(const definitions::Register& register_);
[[nodiscard]] SqlValue to_sql(const Value& value);
[[nodiscard]] Value from_sql(const SqlValue& value, definitions::Type type);

}  // namespace amate::store
