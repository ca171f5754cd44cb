// SPDX-License-Identifier: Apache-2.0
// The store on PostgreSQL: what a session asks, as transactions, cursors and COPY.
//
// It stands on libpq alone. SOCI would give a connection and texts, but neither COPY, nor pipelines
// (several commands in one round trip), nor the fields of an error apart, which keep values out of
// what operators read; beneath it nothing would be left for it to do.
//
// A query is a cursor, so that queries nest on one connection, see what their unit has written, and
// need constant memory. Outside a transaction the outermost one opens a reading transaction.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "core/result.hpp"
#include "store/internal/driver.hpp"
#include "store/internal/postgres_connection.hpp"
#include "store/internal/postgres_values.hpp"

namespace amate::store::internal {
namespace {

constexpr int kRowsPerFetch = 250;
constexpr std::size_t kStatementsKeptMax = 64;
constexpr std::size_t kCopyBytesMax = std::size_t{1} << 20U;  // held back before they are sent
// With the schema's number the lock every writer takes: "amat", so that it is told from others'.
constexpr std::int64_t kWriteLock = 0x616D6174;
constexpr const char* kBeginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

struct Statement {
    std::string name, text, first_word;
    std::vector<Oid> parameters = {};
    bool gives_rows = false;
};

// Rows of one table on their way. Held by the inserter and by the driver: rows not flushed outlive
// their inserter and are sent before anything that could miss them.
struct PendingRows {
    std::string copy_sql;
    std::vector<Oid> types;
    std::string bytes;
    std::size_t empty_bytes = 0;

    [[nodiscard]] bool empty() const { return bytes.size() == empty_bytes; }
};

class PostgresDriver final : public Driver {
public:
    PostgresDriver(const std::string& address, Session::Mode mode)
        : mode_(mode), connection_(address) {}

    void query(const std::string& sql, const std::vector<SqlValue>& parameters,
               const std::function<bool(const SqlRow&)>& each) override {
        const auto& statement = reading(sql);
        Cursor cursor(*this, statement, bound(statement, parameters));
        SqlRow row;
        while (cursor.next(row)) {
            if (!each(row)) return;
        }
    }

    SqlRow query_one(const std::string& sql, const std::vector<SqlValue>& parameters) override {
        const auto& statement = reading(sql);
        const auto values = bound(statement, parameters);
        SqlRow row;
        guarded([&] {
            const auto first =
                connection_.first_row({PgCommand::Kind::run_prepared, {}, statement.name, &values});
            if (first) read_row(*first, 0, row);
        });
        return row;
    }

    void execute(const std::string& sql, const std::vector<SqlValue>& parameters) override {
        send_pending();
        const auto& statement = prepared(sql, Use::any);
        const auto values = bound(statement, parameters);
        run({{PgCommand::Kind::run_prepared, {}, statement.name, &values}});
        const auto& word = statement.first_word;
        if (word == "CREATE" || word == "ALTER" || word == "DROP") forget_ = true;
    }

    void begin_write() override {
        AMATE_CHECK(phase_ == Phase::idle);
        if (mode_ == Session::Mode::read_only) {
            throw IoFailure(fmt::format("the store failed: {}", kReadOnly));
        }
        renew();
        // Each statement sees what is committed when it begins; since writers take turns, all see
        // what the unit found when its turn came, and its own.
        begin(Phase::writing,
              {{PgCommand::Kind::run, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"},
               {PgCommand::Kind::run, fmt::format("SET LOCAL lock_timeout = {}", kBusyTimeoutMs)},
               {PgCommand::Kind::run, fmt::format("SELECT pg_catalog.pg_advisory_xact_lock({})",
                                                  (kWriteLock << 32U) | connection_.schema())}});
    }

    void begin_read() override {
        AMATE_CHECK(phase_ == Phase::idle);
        renew();
        begin(Phase::reading, {{PgCommand::Kind::run, kBeginReading},
                               {PgCommand::Kind::run, "SELECT 1"}});  // fixes the state
    }

    void commit() override {
        send_pending();
        AMATE_CHECK(cursors_open_ == 0);
        closing_.clear();  // cursors end with it
        try {
            const auto answers = run({{PgCommand::Kind::run, "COMMIT"}});
            phase_ = Phase::idle;
            // A transaction in which something failed is rolled back by COMMIT, without a fault.
            if (std::string_view(PQcmdStatus(answers[0].get())) == "COMMIT") return;
        } catch (const IoFailure&) {
            phase_ = Phase::idle;
            if (!connection_.is_lost()) throw;
            throw IoFailure(
                "the store failed: the connection to the database server was lost while it "
                "committed, so that it is not known whether the last unit was written: run "
                "`amate verify`, which tells the last entry");
        }
        throw IoFailure("the store failed: something failed before; nothing was written");
    }

    void rollback() noexcept override {
        pending_.clear();
        closing_.clear();
        if (connection_.status() != PQTRANS_IDLE) connection_.run_quietly("ROLLBACK");
        phase_ = Phase::idle;
    }

    bool in_transaction() const override {
        return phase_ == Phase::reading || phase_ == Phase::writing;
    }

    std::unique_ptr<Session::Inserter> inserter(const std::string& table,
                                                const std::vector<std::string>& columns) override;

    std::vector<std::string> tables() override {
        std::vector<std::string> names;
        for (auto& row : all_rows("SELECT relname::text COLLATE \"C\" FROM pg_catalog.pg_class "
                                  "WHERE relkind IN ('r', 'p') AND relnamespace::bigint = ? "
                                  "ORDER BY 1",
                                  {connection_.schema()})) {
            names.push_back(text_of(row[0]));
        }
        return names;
    }

    std::vector<TableColumn> columns_of(const std::string& table) override {
        std::vector<TableColumn> columns;
        for (auto& row : all_rows("SELECT a.attname::text, a.atttypid::bigint, a.attnotnull "
                                  "FROM pg_catalog.pg_attribute a "
                                  "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
                                  "WHERE c.relname = ?::text::name AND c.relkind IN ('r', 'p') "
                                  "AND c.relname::text = ? AND c.relnamespace::bigint = ? "
                                  "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
                                  {table, table, connection_.schema()})) {
            columns.push_back({text_of(row[0]), type_of(static_cast<Oid>(integer_of(row[1]))),
                               integer_of(row[2]) == 1});
        }
        return columns;
    }

    std::string name_of(SqlType type) const override {
        switch (type) {
            case SqlType::integer:
                return "BIGINT";
            case SqlType::real:
                return "DOUBLE PRECISION";
            case SqlType::boolean:
                return "BOOLEAN";
            default:
                return "TEXT COLLATE \"C\"";  // ordered by bytes, as everywhere in the store
        }
    }

private:
    enum class Phase : unsigned char { idle, querying, reading, writing };
    enum class Use : unsigned char { reading, any };

    // One query under way; the outermost one outside a transaction ends the one it opened.
    class Cursor {
    public:
        Cursor(PostgresDriver& driver, const Statement& statement, const PgParameters& parameters)
            : driver_(driver), name_(fmt::format("amate_{}", ++driver.cursors_made_)) {
            const bool opens = driver_.phase_ == Phase::idle;
            std::vector<PgCommand> commands;
            if (opens) commands.push_back({PgCommand::Kind::run, kBeginReading});
            commands.push_back(
                {PgCommand::Kind::run,
                 fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", name_, statement.text),
                 {},
                 &parameters});
            commands.push_back(fetch());
            if (opens) driver_.phase_ = Phase::querying;
            try {
                rows_ = std::move(driver_.run(std::move(commands)).back());
            } catch (...) {
                if (opens) driver_.rollback();
                throw;
            }
            ++driver_.cursors_open_;
        }
        ~Cursor() {
            --driver_.cursors_open_;
            if (driver_.phase_ == Phase::querying) {
                if (driver_.cursors_open_ == 0) driver_.rollback();
            } else if (driver_.connection_.status() == PQTRANS_INTRANS) {
                driver_.closing_.push_back(std::move(name_));  // before the next command
            }
        }
        Cursor(const Cursor&) = delete;
        Cursor& operator=(const Cursor&) = delete;

        bool next(SqlRow& row) {
            if (place_ == PQntuples(rows_.get())) {
                if (place_ < kRowsPerFetch) return false;
                rows_ = std::move(driver_.run({fetch()}).back());
                place_ = 0;
                if (PQntuples(rows_.get()) == 0) return false;
            }
            read_row(*rows_, place_++, row);
            return true;
        }

    private:
        [[nodiscard]] PgCommand fetch() const {
            return {PgCommand::Kind::run, fmt::format("FETCH {} FROM {}", kRowsPerFetch, name_)};
        }

        PostgresDriver& driver_;
        std::string name_;
        PgResult rows_;
        int place_ = 0;
    };

    class Inserter;

    static void read_row(const PGresult& result, int place, SqlRow& row) {
        const int count = PQnfields(&result);
        row.resize(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) {
            read_cell(result, place, i, row[static_cast<std::size_t>(i)]);
        }
    }

    static SqlType type_of(Oid type) {
        switch (type) {
            case kTextType:
                return SqlType::text;
            case kInt8Type:
                return SqlType::integer;
            case kFloat8Type:
                return SqlType::real;
            case kBoolType:
                return SqlType::boolean;
            default:
                return SqlType::other;
        }
    }

    static Oid type_of(SqlType type) {
        switch (type) {
            case SqlType::integer:
                return kInt8Type;
            case SqlType::real:
                return kFloat8Type;
            case SqlType::boolean:
                return kBoolType;
            default:
                return kTextType;
        }
    }

    // A fault may come of a statement prepared when a table had another form: none is used again.
    template <class Action>
    void guarded(Action action) {
        try {
            action();
        } catch (const IoFailure&) {
            forget_ = true;
            throw;
        }
    }

    std::vector<PgResult> run(std::vector<PgCommand> commands) {
        std::vector<PgCommand> all;
        for (const auto& name : closing_) all.push_back({PgCommand::Kind::run, "CLOSE " + name});
        const auto closes = static_cast<std::ptrdiff_t>(all.size());
        closing_.clear();
        std::move(commands.begin(), commands.end(), std::back_inserter(all));
        std::vector<PgResult> answers;
        guarded([&] { answers = connection_.run(all); });
        answers.erase(answers.begin(), answers.begin() + closes);
        return answers;
    }

    void begin(Phase phase, std::vector<PgCommand> commands) {
        try {
            run(std::move(commands));
            phase_ = phase;
        } catch (...) {
            rollback();
            throw;
        }
    }

    // Only where nothing is lost with the old connection.
    void renew() {
        if (connection_.renew()) kept_.clear();
    }

    // Good until the next one is asked for.
    const Statement& prepared(const std::string& sql, Use use) {
        if (forget_ || kept_.size() >= kStatementsKeptMax) {
            run({{PgCommand::Kind::run, "DEALLOCATE ALL"}});
            kept_.clear();
            forget_ = false;
        }
        if (const auto found = kept_.find(sql); found != kept_.end()) return found->second;
        auto numbered = number_parameters(sql);
        AMATE_CHECK(use == Use::any || numbered.first_word == "SELECT");
        Statement statement{fmt::format("s{}", ++statements_made_), std::move(numbered.text),
                            std::move(numbered.first_word)};
        const auto answers = run({{PgCommand::Kind::prepare, statement.text, statement.name},
                                  {PgCommand::Kind::describe, {}, statement.name}});
        const auto* description = answers[1].get();
        const int count = PQnparams(description);
        AMATE_CHECK(count == static_cast<int>(numbered.parameters));
        for (int i = 0; i < count; ++i) {
            statement.parameters.push_back(PQparamtype(description, i));
        }
        statement.gives_rows = PQnfields(description) > 0;
        return kept_.emplace(sql, std::move(statement)).first->second;
    }

    // For a query. What begins with SELECT and gives rows changes nothing: parts that write may
    // stand in a WITH before it alone, and INTO gives no rows. Functions that write are refused by
    // the server, since outside a unit of work every transaction here is one that only reads.
    const Statement& reading(const std::string& sql) {
        if (phase_ == Phase::idle) renew();
        send_pending();
        const auto& statement = prepared(sql, Use::reading);
        AMATE_CHECK(statement.gives_rows && statement.first_word == "SELECT");
        return statement;
    }

    // Of a query that gives few.
    std::vector<SqlRow> all_rows(const std::string& sql, const std::vector<SqlValue>& parameters) {
        const auto& statement = reading(sql);
        const auto values = bound(statement, parameters);
        const auto answers = run({{PgCommand::Kind::run_prepared, {}, statement.name, &values}});
        std::vector<SqlRow> rows(static_cast<std::size_t>(PQntuples(answers[0].get())));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            read_row(*answers[0], static_cast<int>(i), rows[i]);
        }
        return rows;
    }

    static PgParameters bound(const Statement& statement, const std::vector<SqlValue>& values) {
        AMATE_CHECK(statement.parameters.size() == values.size());
        PgParameters parameters{statement.parameters, {}, {}};
        for (std::size_t i = 0; i < values.size(); ++i) {
            parameters.begins.push_back(parameters.bytes.size());
            append_value(parameters.bytes, statement.parameters[i], values[i]);
        }
        return parameters;
    }

    void send(PendingRows& rows) {
        if (rows.empty()) return;
        end_copy(rows.bytes);
        guarded([&] { connection_.copy_in(rows.copy_sql, rows.bytes); });
        begin_copy(rows.bytes);
    }

    // Before any other statement, which must see the rows inserted so far.
    void send_pending() {
        for (const auto& rows : pending_) send(*rows);
        std::erase_if(pending_, [](const auto& rows) { return rows.use_count() == 1; });
    }

    Session::Mode mode_;
    PgConnection connection_;
    Phase phase_ = Phase::idle;
    std::unordered_map<std::string, Statement> kept_;  // by the SQL as asked
    bool forget_ = false;                              // all of them, before the next
    std::vector<std::shared_ptr<PendingRows>> pending_;
    std::vector<std::string> closing_;  // cursors to close before the next command
    std::uint64_t statements_made_ = 0;
    std::uint64_t cursors_made_ = 0;
    int cursors_open_ = 0;
};

class PostgresDriver::Inserter final : public Session::Inserter {
public:
    Inserter(PostgresDriver& driver, std::shared_ptr<PendingRows> rows)
        : driver_(driver), rows_(std::move(rows)) {}
    void insert(const SqlRow& row) override {
        const auto whole = rows_->bytes.size();
        try {
            append_row(rows_->bytes, rows_->types, row);
        } catch (...) {
            rows_->bytes.resize(whole);  // a row refused is not there by half
            throw;
        }
        if (rows_->bytes.size() >= kCopyBytesMax) driver_.send(*rows_);
    }
    void flush() override { driver_.send(*rows_); }

private:
    PostgresDriver& driver_;
    std::shared_ptr<PendingRows> rows_;
};

std::unique_ptr<Session::Inserter> PostgresDriver::inserter(
    const std::string& table, const std::vector<std::string>& columns) {
    auto rows = std::make_shared<PendingRows>();
    std::string names;
    const auto there = columns_of(table);
    for (const auto& column : columns) {
        names += (names.empty() ? "" : ", ") + quote_name(column);
        const auto found = std::find_if(there.begin(), there.end(),
                                        [&](const auto& each) { return each.name == column; });
        if (found == there.end()) {
            throw IoFailure(fmt::format("table {} of the store has no column {}", table, column));
        }
        rows->types.push_back(type_of(found->type));
    }
    rows->copy_sql =
        fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", quote_name(table), names);
    begin_copy(rows->bytes);
    rows->empty_bytes = rows->bytes.size();
    pending_.push_back(rows);
    return std::make_unique<Inserter>(*this, std::move(rows));
}

}  // namespace

std::unique_ptr<Driver> open_postgres(const std::string& address, Session::Mode mode) {
    return std::make_unique<PostgresDriver>(address, mode);
}

}  // namespace amate::store::internal
