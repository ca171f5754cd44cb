// SPDX-License-Identifier: Apache-2.0
// The store on SQLite: all that is SQLite's own stands here and nowhere else.
//
// SOCI opens the connection and owns it; statements go to SQLite's own interface beneath, because
// SOCI reads columns by their declared type (a whole number may come back cut to 32 bits) and is a
// seventh slower in bulk.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "store/internal/driver.hpp"

namespace amate::store::internal {
namespace {

namespace sql = sqlite_api;

constexpr std::size_t kStatementsKeptMax = 64;

// SQLite's own message is shown where it names tables and columns (bad statements, constraints);
// elsewhere the fixed text of the code: neither ever holds a bound value.
std::string text_of_failure(sql::sqlite3* connection, int code) {
    const int kind = code & 0xFF;
    const bool names_only = kind == SQLITE_ERROR || kind == SQLITE_CONSTRAINT;
    std::string text = names_only ? sql::sqlite3_errmsg(connection) : sql::sqlite3_errstr(code);
    if (kind == SQLITE_BUSY) text = kBusy;
    if (kind == SQLITE_READONLY) text = kReadOnly;
    return fmt::format("the store failed: {} (SQLite code {})", text, code);
}

[[noreturn]] void fail_sqlite(sql::sqlite3* connection, int code) {
    throw IoFailure(text_of_failure(connection, code));
}

// A prepared statement; finalized with it.
class Statement {
public:
    Statement(sql::sqlite3* connection, const std::string& text) : connection_(connection) {
        const char* rest = nullptr;
        const int code = sql::sqlite3_prepare_v2(
            connection, text.c_str(), static_cast<int>(text.size()) + 1, &handle_, &rest);
        if (code != SQLITE_OK) fail_sqlite(connection, code);
        const bool single = handle_ != nullptr && *rest == '\0';
        if (!single) sql::sqlite3_finalize(handle_);  // no destructor runs
        AMATE_CHECK(single);
    }
    ~Statement() { sql::sqlite3_finalize(handle_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Texts are borrowed until the next bind or reset.
    void bind(const SqlRow& values) {
        AMATE_CHECK(sql::sqlite3_bind_parameter_count(handle_) == static_cast<int>(values.size()));
        int place = 0;
        for (const auto& value : values) {
            ++place;
            int code = SQLITE_OK;
            if (const auto* text = std::get_if<std::string>(&value)) {
                refuse_unstorable(*text);
                code = sql::sqlite3_bind_text(handle_, place, text->data(),
                                              static_cast<int>(text->size()), SQLITE_STATIC);
            } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
                code = sql::sqlite3_bind_int64(handle_, place, *number);
            } else if (const auto* real = std::get_if<double>(&value)) {
                code = sql::sqlite3_bind_double(handle_, place, *real);
            } else {
                code = sql::sqlite3_bind_null(handle_, place);
            }
            if (code != SQLITE_OK) fail_sqlite(connection_, code);
        }
    }

    // False when there is no further row.
    bool step() {
        const int code = sql::sqlite3_step(handle_);
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        fail_sqlite(connection_, sql::sqlite3_extended_errcode(connection_));
    }

    void reset() noexcept { sql::sqlite3_reset(handle_); }
    [[nodiscard]] bool only_reads() const {
        return sql::sqlite3_stmt_readonly(handle_) != 0 && sql::sqlite3_column_count(handle_) > 0;
    }

    void read(SqlRow& row) {
        const int count = sql::sqlite3_column_count(handle_);
        row.resize(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) read_cell(i, row[static_cast<std::size_t>(i)]);
    }

private:
    void read_cell(int place, SqlValue& cell) {
        switch (sql::sqlite3_column_type(handle_, place)) {
            case SQLITE_NULL:
                cell = std::monostate{};
                return;
            case SQLITE_INTEGER:
                cell = std::int64_t{sql::sqlite3_column_int64(handle_, place)};
                return;
            case SQLITE_FLOAT:
                cell = sql::sqlite3_column_double(handle_, place);
                return;
            default:
                break;
        }
        const void* bytes = sql::sqlite3_column_blob(handle_, place);
        const auto size = static_cast<std::size_t>(sql::sqlite3_column_bytes(handle_, place));
        const std::string_view text(static_cast<const char*>(bytes), size);
        if (auto* kept = std::get_if<std::string>(&cell)) {
            kept->assign(text);  // its buffer is used again
        } else {
            cell.emplace<std::string>(text);
        }
    }

    sql::sqlite3* connection_;
    sql::sqlite3_stmt* handle_ = nullptr;
};

class SqliteInserter final : public Session::Inserter {
public:
    SqliteInserter(sql::sqlite3* connection, const std::string& text)
        : statement_(connection, text) {}
    void insert(const SqlRow& row) override {
        statement_.bind(row);
        struct Reset {
            Statement& statement;
            ~Reset() { statement.reset(); }
        } reset{statement_};
        statement_.step();
    }
    void flush() override {}  // each row is written as it comes

private:
    Statement statement_;
};

sql::sqlite3* handle_of(soci::session& session) {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

class SqliteDriver final : public Driver {
public:
    SqliteDriver(const std::string& connect, Session::Mode mode)
        : session_(soci::sqlite3, connect), connection_(handle_of(session_)) {
        sql::sqlite3_extended_result_codes(connection_, 1);
        sql::sqlite3_busy_timeout(connection_, kBusyTimeoutMs);
        // A misspelt column must be an error, not a text ("double-quoted string literals").
        sql::sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sql::sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
        sql::sqlite3_db_config(connection_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        run("PRAGMA cache_size = -65536");  // KiB
        if (mode == Session::Mode::read_only) {
            run("PRAGMA query_only = ON");
            run("SELECT COUNT(*) FROM sqlite_master");  // opening is lazy: fail now if it must
            return;
        }
        run("PRAGMA page_size = 8192");  // of a file made now
        turn_to_wal();
        run("PRAGMA synchronous = FULL");
        run("PRAGMA foreign_keys = ON");
    }

    void query(const std::string& text, const std::vector<SqlValue>& parameters,
               const std::function<bool(const SqlRow&)>& each) override {
        Borrowed statement(*this, text);
        AMATE_CHECK(statement->only_reads());
        statement->bind(parameters);
        SqlRow row;
        while (statement->step()) {
            statement->read(row);
            if (!each(row)) return;
        }
    }

    SqlRow query_one(const std::string& text, const std::vector<SqlValue>& parameters) override {
        SqlRow first;
        query(text, parameters, [&](const SqlRow& row) {
            first = row;
            return false;
        });
        return first;
    }

    void execute(const std::string& text, const std::vector<SqlValue>& parameters) override {
        Borrowed statement(*this, text);
        statement->bind(parameters);
        while (statement->step()) {
        }
    }

    void begin_write() override { run("BEGIN IMMEDIATE"); }
    void begin_read() override {
        run("BEGIN DEFERRED");
        run("SELECT COUNT(*) FROM sqlite_master");  // the state is fixed by the first read
    }
    void commit() override {
        const int code = sql::sqlite3_exec(connection_, "COMMIT", nullptr, nullptr, nullptr);
        if (code == SQLITE_OK) return;
        // What the disk took before it failed may be found whole by the next one who opens.
        const bool doubtful = (code & 0xFF) == SQLITE_IOERR && !in_transaction();
        if (doubtful) throw InDoubt(text_of_failure(connection_, code));
        fail_sqlite(connection_, code);
    }
    void rollback() noexcept override {
        if (in_transaction()) {
            sql::sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
        }
    }
    bool in_transaction() const override { return sql::sqlite3_get_autocommit(connection_) == 0; }

    std::unique_ptr<Session::Inserter> inserter(const std::string& table,
                                                const std::vector<std::string>& columns) override {
        std::string names;
        std::string marks;
        for (const auto& column : columns) {
            names += (names.empty() ? "" : ", ") + quote_name(column);
            marks += marks.empty() ? "?" : ", ?";
        }
        return std::make_unique<SqliteInserter>(
            connection_,
            fmt::format("INSERT INTO {} ({}) VALUES ({})", quote_name(table), names, marks));
    }

    std::vector<std::string> tables() override {
        std::vector<std::string> names;
        query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", {},
              [&](const SqlRow& row) {
                  names.push_back(text_of(row[0]));
                  return true;
              });
        return names;
    }

    std::vector<TableColumn> columns_of(const std::string& table) override {
        std::vector<TableColumn> columns;
        query("SELECT name, type, \"notnull\" FROM pragma_table_info(?) ORDER BY cid", {table},
              [&](const SqlRow& row) {
                  TableColumn column{text_of(row[0]), SqlType::other, integer_of(row[2]) == 1};
                  for (const auto type :
                       {SqlType::text, SqlType::integer, SqlType::real, SqlType::boolean}) {
                      if (name_of(type) == text_of(row[1])) column.type = type;
                  }
                  columns.push_back(std::move(column));
                  return true;
              });
        return columns;
    }

    std::vector<Session::Addition> additions() override {
        std::vector<Session::Addition> found;
        query(
            "SELECT type, name, tbl_name FROM sqlite_master WHERE type IN ('trigger', 'view') "
            "ORDER BY name",
            {}, [&](const SqlRow& row) {
                found.push_back({text_of(row[0]), text_of(row[1]), text_of(row[2])});
                return true;
            });
        return found;
    }

    std::vector<std::string> damage() override {
        std::vector<std::string> found;
        query("SELECT integrity_check FROM pragma_integrity_check(50)", {}, [&](const SqlRow& row) {
            if (text_of(row[0]) != "ok") found.push_back(text_of(row[0]));
            return true;
        });
        return found;
    }

    std::vector<std::vector<std::string>> unique_keys_of(const std::string& table) override {
        std::vector<std::vector<std::string>> keys;
        std::string last;
        query(
            "SELECT list.name, info.name FROM pragma_index_list(?) AS list, "
            "pragma_index_info(list.name) AS info WHERE list.\"unique\" = 1 AND list.partial = 0 "
            "ORDER BY list.name, info.seqno",
            {table}, [&](const SqlRow& row) {
                if (keys.empty() || text_of(row[0]) != last) keys.emplace_back();
                last = text_of(row[0]);
                keys.back().push_back(text_of(row[1]));
                return true;
            });
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
                return "TEXT";
        }
    }

private:
    // A kept statement taken out for use and put back reset, so that queries may nest.
    class Borrowed {
    public:
        Borrowed(SqliteDriver& driver, const std::string& text) : driver_(driver), text_(text) {
            auto node = driver.kept_.extract(text);
            statement_ = node ? std::move(node.mapped())
                              : std::make_unique<Statement>(driver.connection_, text);
        }
        ~Borrowed() {
            statement_->reset();
            if (driver_.kept_.size() < kStatementsKeptMax) {
                driver_.kept_.emplace(text_, std::move(statement_));
            }
        }
        Borrowed(const Borrowed&) = delete;
        Borrowed& operator=(const Borrowed&) = delete;
        Statement* operator->() { return statement_.get(); }

    private:
        SqliteDriver& driver_;
        const std::string& text_;
        std::unique_ptr<Statement> statement_;
    };

    // Programs that turn a new file at the same time are told at once that it is busy: SQLite does
    // not let them wait for each other there (sqlite3_busy_handler, on deadlocks).
    void turn_to_wal() {
        using std::chrono::steady_clock;
        const auto until = steady_clock::now() + std::chrono::milliseconds(kBusyTimeoutMs);
        for (;;) {
            const int code = sql::sqlite3_exec(connection_, "PRAGMA journal_mode = WAL", nullptr,
                                               nullptr, nullptr);
            if (code == SQLITE_OK) return;
            const bool busy = (code & 0xFF) == SQLITE_BUSY;
            if (!busy || steady_clock::now() >= until) fail_sqlite(connection_, code);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    void run(const char* text) {
        const int code = sql::sqlite3_exec(connection_, text, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) fail_sqlite(connection_, code);
    }

    soci::session session_;
    sql::sqlite3* connection_;
    std::unordered_map<std::string, std::unique_ptr<Statement>> kept_;  // closed before session_
};

// Made empty and private before SQLite opens it; its companion files take the same rights. A file
// that is there is not opened: closing it would take from this process every lock that its other
// sessions hold on it (fcntl(2), record locks), and another program would believe itself alone.
void make_private_file(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        ::close(descriptor);
        return;
    }
    if (errno == EEXIST && ::access(file.c_str(), R_OK | W_OK) == 0) return;
    throw IoFailure(fmt::format("cannot open the store {} for writing: {}", file,
                                std::generic_category().message(errno)));
}

// SOCI takes a value with spaces in double quotes.
std::string connect_string(const std::string& file, Session::Mode mode) {
    if (file.find('"') != file.npos) {
        throw IoFailure("cannot open the store: its path may not hold a double quote");
    }
    return fmt::format("db=\"{}\"{}", file, mode == Session::Mode::read_only ? " readonly=1" : "");
}

// A file as a URI that tells SQLite that nobody writes to it (SPEC: sqlite.org/uri.html): for a
// copy on a medium that cannot be written, where no companion file can be made.
std::string immutable_uri(const std::string& file) {
    std::string uri = "file:";
    for (const char letter : file) {
        if (letter == '?' || letter == '#' || letter == '%') {
            uri += fmt::format("%{:02X}", static_cast<unsigned>(letter));
        } else {
            uri += letter;
        }
    }
    return uri + "?immutable=1";
}

bool has_pending_log(const std::string& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file + "-wal", error);
    return !error && size > 0;
}

}  // namespace

std::unique_ptr<Driver> open_sqlite(const std::string& file, Session::Mode mode) {
    // A session belongs to one thread at a time, so SQLite need not lock at every cell.
    static const int kOnce = sql::sqlite3_config(SQLITE_CONFIG_MULTITHREAD) |
                             sql::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(kOnce);  // too late, if SQLite runs already: slower, not wrong
    if (mode == Session::Mode::read_write) make_private_file(file);
    if (mode == Session::Mode::read_only && ::access(file.c_str(), R_OK) != 0) {
        throw IoFailure(fmt::format("cannot open the store {}: {}", file,
                                    std::generic_category().message(errno)));
    }
    try {
        try {
            return std::make_unique<SqliteDriver>(connect_string(file, mode), mode);
        } catch (const IoFailure&) {
            const auto directory = std::filesystem::path(file).parent_path();
            const bool writable = ::access(directory.empty() ? "." : directory.c_str(), W_OK) == 0;
            if (mode == Session::Mode::read_write || writable || has_pending_log(file)) throw;
            return std::make_unique<SqliteDriver>(connect_string(immutable_uri(file), mode), mode);
        }
    } catch (const soci::soci_error& error) {
        throw IoFailure(
            fmt::format("cannot open the store {}: {}", file, error.get_error_message()));
    }
}

}  // namespace amate::store::internal
