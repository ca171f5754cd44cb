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
#include <iterator>

#include <fmt/format.h>

#include "core/result.hpp"
#include "store/internal/driver.hpp"
#include "store/internal/postgres_copy.hpp"
#include "store/internal/postgres_values.hpp"

namespace amate::store::internal {
namespace {

constexpr int kRowsPerFetch = 250;
// With the schema's number the lock every writer takes: "amat", so that it is told from others'.
constexpr std::int64_t kWriteLock = 0x616D6174;
constexpr const char* kBeginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

using Use = PgStatements::Use;

class PostgresDriver final : public Driver {
public:
    PostgresDriver(const std::string& address, Session::Mode mode)
        : mode_(mode),
          connection_(address),
          statements_(connection_),
          copy_(connection_, statements_) {}

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
        copy_.send();
        const auto& statement = statements_.get(sql, Use::any);
        const auto values = bound(statement, parameters);
        run({{PgCommand::Kind::run_prepared, {}, statement.name, &values}});
        const auto& word = statement.first_word;
        if (word == "CREATE" || word == "ALTER" || word == "DROP") statements_.forget();
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
        copy_.send();  // a fault of theirs is none of the commit
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
            throw InDoubt(
                "the store failed: the connection to the database server was lost while it "
                "committed, so that it is not known whether the last unit was written: run "
                "`amate verify`, which tells the last entry");
        }
        throw IoFailure("the store failed: something failed before; nothing was written");
    }

    void rollback() noexcept override {
        copy_.drop();
        closing_.clear();
        if (connection_.status() != PQTRANS_IDLE) connection_.run_quietly("ROLLBACK");
        phase_ = Phase::idle;
    }

    bool in_transaction() const override {
        return phase_ == Phase::reading || phase_ == Phase::writing;
    }

    std::unique_ptr<Session::Inserter> inserter(const std::string& table,
                                                const std::vector<std::string>& columns) override {
        const auto there = columns_of(table);
        std::vector<std::pair<std::string, Oid>> typed;
        for (const auto& name : columns) {
            const auto found = std::find_if(there.begin(), there.end(),
                                            [&](const auto& each) { return each.name == name; });
            if (found == there.end()) {
                throw IoFailure(fmt::format("table {} of the store has no column {}", table, name));
            }
            typed.emplace_back(name, type_of(found->type));
        }
        return copy_.inserter(table, typed);
    }

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

    std::vector<Session::Addition> additions() override {
        std::vector<Session::Addition> found;
        for (auto& row : all_rows(
                 "SELECT found.kind, found.name COLLATE \"C\", found.table_name FROM ("
                 "SELECT 'trigger' AS kind, t.tgname::text AS name, c.relname::text AS table_name, "
                 "c.relnamespace AS namespace FROM pg_catalog.pg_trigger t "
                 "JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal "
                 "UNION ALL SELECT CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'rule' END, "
                 "r.rulename::text, c.relname::text, c.relnamespace FROM pg_catalog.pg_rewrite r "
                 "JOIN pg_catalog.pg_class c ON c.oid = r.ev_class "
                 "UNION ALL SELECT 'policy', p.polname::text, c.relname::text, c.relnamespace "
                 "FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid) "
                 "AS found WHERE found.namespace::bigint = ? ORDER BY 2, 1, 3",
                 {connection_.schema()})) {
            found.push_back({text_of(row[0]), text_of(row[1]), text_of(row[2])});
        }
        return found;
    }

    // What the extension amcheck finds, where the database has it: an index that does not hold
    // every row of its table.
    std::vector<std::string> damage() override {
        if (all_rows("SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'amcheck'", {}).empty())
            return {};
        std::vector<std::string> found;
        for (auto& row : all_rows("SELECT i.indexrelid::bigint FROM pg_catalog.pg_index i "
                                  "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
                                  "JOIN pg_catalog.pg_am a ON a.oid = c.relam "
                                  "WHERE a.amname = 'btree' AND c.relnamespace::bigint = ? "
                                  "ORDER BY c.relname",
                                  {connection_.schema()})) {
            try {
                all_rows("SELECT bt_index_check(?::oid::regclass, true)", {row[0]});
            } catch (const IoFailure& failure) {
                found.emplace_back(failure.what());
                break;  // nothing more can be asked in this view of the store
            }
        }
        return found;
    }

    std::vector<std::vector<std::string>> unique_keys_of(const std::string& table) override {
        std::vector<std::vector<std::string>> keys;
        std::int64_t last = 0;
        for (auto& row : all_rows(
                 "SELECT i.indexrelid::bigint, a.attname::text FROM pg_catalog.pg_index i "
                 "JOIN pg_catalog.pg_class c ON c.oid = i.indrelid "
                 "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place) "
                 "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum "
                 "WHERE c.relname = ?::text::name AND c.relnamespace::bigint = ? "
                 "AND i.indisunique AND i.indisvalid AND i.indpred IS NULL "
                 "ORDER BY i.indexrelid, k.place",
                 {table, connection_.schema()})) {
            if (keys.empty() || integer_of(row[0]) != last) keys.emplace_back();
            last = integer_of(row[0]);
            keys.back().push_back(text_of(row[1]));
        }
        return keys;
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

    // One query under way; the outermost one outside a transaction ends the one it opened.
    class Cursor {
    public:
        Cursor(PostgresDriver& driver, const PgStatement& statement, const PgParameters& parameters)
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
            const auto status = driver_.connection_.status();
            if (driver_.phase_ == Phase::querying) {
                if (driver_.cursors_open_ == 0) driver_.rollback();
            } else if (status == PQTRANS_INTRANS || status == PQTRANS_ACTIVE) {  // active: a COPY
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
            statements_.forget();
            throw;
        }
    }

    std::vector<PgResult> run(std::vector<PgCommand> commands) {
        copy_.send();
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
        if (connection_.renew()) statements_.clear();
    }

    // For a query. What begins with SELECT and gives rows changes nothing: parts that write may
    // stand in a WITH before it alone, and INTO gives no rows. Functions that write are refused by
    // the server, since outside a unit of work every transaction here is one that only reads.
    const PgStatement& reading(const std::string& sql) {
        if (phase_ == Phase::idle) renew();
        copy_.send();
        const PgStatement* statement = nullptr;
        guarded([&] { statement = &statements_.get(sql, Use::reading); });
        return *statement;
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

    Session::Mode mode_;
    PgConnection connection_;
    PgStatements statements_;
    PgCopy copy_;
    Phase phase_ = Phase::idle;
    std::vector<std::string> closing_;  // cursors to close before the next command
    std::uint64_t cursors_made_ = 0;
    int cursors_open_ = 0;
};

}  // namespace

std::unique_ptr<Driver> open_postgres(const std::string& address, Session::Mode mode) {
    return std::make_unique<PostgresDriver>(address, mode);
}

}  // namespace amate::store::internal
