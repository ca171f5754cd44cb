// SPDX-License-Identifier: Apache-2.0
// Rows on their way into PostgreSQL's tables, sent in pieces by binary COPY.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/internal/postgres_connection.hpp"
#include "store/internal/postgres_statements.hpp"

namespace amate::store::internal {

// All rows of a transaction that are not sent yet. A COPY is begun and ended for each piece, so
// that the connection is free between rows. Resource; borrows connection and statements.
class PgCopy {
public:
    PgCopy(PgConnection& connection, PgStatements& statements)
        : connection_(connection), statements_(statements) {}

    // `columns`: names with their types. Rows neither flushed nor refused go with the transaction
    // all the same, if send() is called before it ends.
    [[nodiscard]] std::unique_ptr<Session::Inserter> inserter(
        const std::string& table, const std::vector<std::pair<std::string, Oid>>& columns);
    // Before any other statement, which must see the rows inserted so far.
    void send();
    // They go with the transaction that is rolled back.
    void drop() noexcept {
        pending_.clear();
        open_ = nullptr;
    }

private:
    struct Rows;
    class Inserter;
    void put(Rows& rows);
    void end();
    template <class Action>
    void guarded(Action action);

    PgConnection& connection_;
    PgStatements& statements_;
    std::vector<std::shared_ptr<Rows>> pending_;  // shared with inserters, which may end before
    Rows* open_ = nullptr;                        // whose COPY is under way
};

}  // namespace amate::store::internal
