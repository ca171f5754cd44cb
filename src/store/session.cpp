// SPDX-License-Identifier: Apache-2.0
// A session over whichever driver its address names.
#include "store/session.hpp"

#include <fmt/format.h>

#include "store/internal/driver.hpp"

namespace amate::store {

struct Session::State {
    std::unique_ptr<internal::Driver> driver;
};

namespace {

class DriverReadView final : public Session::ReadView {
public:
    explicit DriverReadView(internal::Driver& driver) : driver_(driver) { driver_.begin_read(); }
    ~DriverReadView() override { driver_.rollback(); }

private:
    internal::Driver& driver_;
};

std::string column_sql(const internal::Driver& driver, const TableColumn& column) {
    return fmt::format("{} {}{}", quote_name(column.name), driver.name_of(column.type),
                       column.required ? " NOT NULL" : "");
}

std::string names_sql(const std::vector<std::string>& names) {
    std::string sql;
    for (const auto& name : names) sql += (sql.empty() ? "" : ", ") + quote_name(name);
    return sql;
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;

std::unique_ptr<Session> Session::open(const std::string& url, Mode mode) {
    constexpr std::string_view kSqlite = "sqlite:";
    if (!url.starts_with(kSqlite) || url.size() == kSqlite.size()) {
        throw IoFailure(fmt::format("cannot open the store: expected sqlite:FILE, not {}", url));
    }
    auto state = std::make_unique<State>();
    state->driver = internal::open_sqlite(url.substr(kSqlite.size()), mode);
    return std::unique_ptr<Session>(new Session(std::move(state)));
}

void Session::query(const std::string& sql, const std::vector<SqlValue>& parameters,
                    const std::function<bool(const SqlRow&)>& each) {
    state_->driver->query(sql, parameters, each);
}

SqlRow Session::query_one(const std::string& sql, const std::vector<SqlValue>& parameters) {
    SqlRow first;
    query(sql, parameters, [&](const SqlRow& row) {
        first = row;
        return false;
    });
    return first;
}

std::vector<std::string> Session::tables() {
    return state_->driver->tables();
}

std::vector<TableColumn> Session::columns_of(const std::string& table) {
    return state_->driver->columns_of(table);
}

std::vector<Session::Addition> Session::additions() {
    return state_->driver->additions();
}

std::vector<std::string> Session::damage() {
    return state_->driver->damage();
}

std::vector<std::vector<std::string>> Session::unique_keys_of(const std::string& table) {
    return state_->driver->unique_keys_of(table);
}

std::unique_ptr<Session::ReadView> Session::read_view() {
    AMATE_CHECK(!state_->driver->in_transaction());
    return std::make_unique<DriverReadView>(*state_->driver);
}

void Session::begin(const WriteKey&) {
    AMATE_CHECK(!state_->driver->in_transaction());
    state_->driver->begin_write();
}

void Session::commit(const WriteKey&) {
    state_->driver->commit();
}

void Session::rollback(const WriteKey&) noexcept {
    state_->driver->rollback();
}

void Session::execute(const WriteKey&, const std::string& sql,
                      const std::vector<SqlValue>& parameters) {
    AMATE_CHECK(state_->driver->in_transaction());
    state_->driver->execute(sql, parameters);
}

void Session::make_table(const WriteKey& key, const TableShape& shape) {
    std::string sql = fmt::format("CREATE TABLE {} (", quote_name(shape.name));
    for (const auto& column : shape.columns) sql += column_sql(*state_->driver, column) + ", ";
    sql += fmt::format("PRIMARY KEY ({})", names_sql(shape.primary_key));
    for (const auto& name : shape.unique) sql += fmt::format(", UNIQUE ({})", quote_name(name));
    execute(key, sql + ")");
}

void Session::add_column(const WriteKey& key, const std::string& table, const TableColumn& column) {
    execute(key, fmt::format("ALTER TABLE {} ADD COLUMN {}", quote_name(table),
                             column_sql(*state_->driver, column)));
}

std::unique_ptr<Session::Inserter> Session::inserter(const WriteKey&, const std::string& table,
                                                     const std::vector<std::string>& columns) {
    AMATE_CHECK(state_->driver->in_transaction());
    return state_->driver->inserter(table, columns);
}

std::string quote_name(std::string_view name) {
    AMATE_CHECK(!name.empty() && name.find('"') == name.npos && name.find('\0') == name.npos);
    return fmt::format("\"{}\"", name);
}

}  // namespace amate::store
