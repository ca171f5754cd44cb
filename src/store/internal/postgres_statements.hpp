// SPDX-License-Identifier: Apache-2.0
// Statements a PostgreSQL connection has prepared, with what the server said of them.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/internal/postgres_connection.hpp"

namespace amate::store::internal {

struct PgStatement {
    std::string name, text, first_word;  // first_word in capitals
    std::vector<Oid> parameters = {};    // their types
    bool gives_rows = false;
};

// Resource; borrows the connection.
class PgStatements {
public:
    enum class Use : unsigned char { reading, any };

    explicit PgStatements(PgConnection& connection) : connection_(connection) {}

    // Prepared now or kept from before; good until the next one is asked for. For reading: what
    // does not begin with SELECT, or gives no rows, is a bug.
    const PgStatement& get(const std::string& sql, Use use);
    // None is used again: one may have been prepared when a table had another form.
    void forget() noexcept { forget_ = true; }
    // The connection is another, which has none.
    void clear() { kept_.clear(); }

private:
    PgConnection& connection_;
    std::unordered_map<std::string, PgStatement> kept_;  // by the SQL as asked
    std::uint64_t made_ = 0;
    bool forget_ = false;
};

// As many values as the statement has parameters.
[[nodiscard]] PgParameters bound(const PgStatement& statement, const std::vector<SqlValue>& values);

}  // namespace amate::store::internal
