// SPDX-License-Identifier: Apache-2.0
// A connection to a PostgreSQL server: commands sent and answered, faults told without any value.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/session.hpp"

namespace amate::store::internal {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, ClearResult>;

// Values in the server's binary form, each of the type the server asks for.
struct PgParameters {
    std::vector<Oid> types;
    std::string bytes;                // each: its size (-1: NULL) as four bytes, then itself
    std::vector<std::size_t> begins;  // of each in `bytes`
};

struct PgCommand {
    enum class Kind : unsigned char { run, run_prepared, prepare, describe };
    Kind kind = Kind::run;
    std::string text = {};                     // of run, prepare
    std::string name = {};                     // of a prepared statement
    const PgParameters* parameters = nullptr;  // borrowed for the call
};

// Resource; one thread at a time. Throws IoFailure; no message of the server is passed on that
// could hold a value of a record.
class PgConnection {
public:
    explicit PgConnection(const std::string& address);
    ~PgConnection() { PQfinish(handle_); }
    PgConnection(const PgConnection&) = delete;
    PgConnection& operator=(const PgConnection&) = delete;

    // In one round trip; answers in order, binary. The first that fails is thrown; those after it
    // did not run.
    std::vector<PgResult> run(const std::vector<PgCommand>& commands);
    // The first row alone, however many there are; constant memory. Nothing: no row.
    [[nodiscard]] PgResult first_row(const PgCommand& command);
    // COPY in its binary format: begun, given pieces, ended. Between, the connection does nothing
    // else; ROLLBACK ends it too.
    void begin_copy(const std::string& sql);
    void put_copy(std::string_view bytes);
    void end_copy();
    // For ROLLBACK: whatever happens, nothing is thrown.
    void run_quietly(const char* sql) noexcept;

    // Connects anew if the server has gone away since; only where nothing is under way. True if it
    // had to: what was prepared is gone.
    bool renew();
    [[nodiscard]] bool is_lost() const { return PQstatus(handle_) != CONNECTION_OK; }
    [[nodiscard]] PGTransactionStatusType status() const { return PQtransactionStatus(handle_); }
    // Number of the schema the store lies in.
    [[nodiscard]] std::int64_t schema() const { return schema_; }

private:
    void set_up();
    void send_all(const std::vector<PgCommand>& commands);
    std::vector<PgResult> take_all();
    void send(const PgCommand& command);
    [[noreturn]] void fail(const PGresult* result);

    PGconn* handle_ = nullptr;
    std::int64_t schema_ = 0;
};

}  // namespace amate::store::internal
