// SPDX-License-Identifier: Apache-2.0
// What a database must be able to do to serve as store; each dialect is one implementation.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/session.hpp"

namespace amate::store::internal {

// One connection. Resource; one thread at a time. Throws IoFailure.
class Driver {
public:
    virtual ~Driver() = default;

    virtual void query(const std::string& sql, const std::vector<SqlValue>& parameters,
                       const std::function<bool(const SqlRow&)>& each) = 0;
    // The first row, or empty.
    [[nodiscard]] virtual SqlRow query_one(const std::string& sql,
                                           const std::vector<SqlValue>& parameters) = 0;
    virtual void execute(const std::string& sql, const std::vector<SqlValue>& parameters) = 0;
    virtual void begin_write() = 0;
    virtual void begin_read() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
    [[nodiscard]] virtual bool in_transaction() const = 0;
    [[nodiscard]] virtual std::unique_ptr<Session::Inserter> inserter(
        const std::string& table, const std::vector<std::string>& columns) = 0;

    [[nodiscard]] virtual std::vector<std::string> tables() = 0;
    [[nodiscard]] virtual std::vector<TableColumn> columns_of(const std::string& table) = 0;
    [[nodiscard]] virtual std::vector<Session::Addition> additions() = 0;
    [[nodiscard]] virtual std::vector<std::string> damage() = 0;
    [[nodiscard]] virtual std::vector<std::vector<std::string>> unique_keys_of(
        const std::string& table) = 0;
    [[nodiscard]] virtual std::string name_of(SqlType type) const = 0;
};

// What a writer that waits for another is told in the end.
inline constexpr const char* kBusy = "another program is writing to it and does not come to an end";
inline constexpr const char* kReadOnly = "it may only be read";
inline constexpr int kBusyTimeoutMs = 60'000;

// Throws IoFailure if a text cannot be kept: it must be UTF-8 without NUL in every database.
void refuse_unstorable(const std::string& text);

// `file` is a path. Makes the file in read_write mode.
[[nodiscard]] std::unique_ptr<Driver> open_sqlite(const std::string& file, Session::Mode mode);
// `address` is a URI as libpq reads it, without a password (fault_of_address). The database must
// be there, its encoding UTF-8; the store lies in the first schema of its search path.
[[nodiscard]] std::unique_ptr<Driver> open_postgres(const std::string& address, Session::Mode mode);

}  // namespace amate::store::internal
