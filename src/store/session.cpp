// SPDX-License-Identifier: Apache-2.0
// A session over whichever driver its address names.
#include "store/session.hpp"

#include <fmt/format.h>

#include "store/address.hpp"
#include "store/field_cipher.hpp"
#include "store/internal/driver.hpp"

namespace amate::store {

struct Session::State {
    std::unique_ptr<internal::Driver> driver;
    std::filesystem::path keys;
    std::unique_ptr<FieldCipher> cipher;
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
    if (const auto fault = fault_of_address(url); !fault.empty()) {
        throw IoFailure(fmt::format("cannot open the store: {}", fault));
    }
    auto state = std::make_unique<State>();
    state->driver = is_sqlite_address(url)
                        ? internal::open_sqlite(url.substr(kSqliteAddress.size()), mode)
                        : internal::open_postgres(url, mode);
    return std::unique_ptr<Session>(new Session(std::move(state)));
}

void Session::unlock(std::filesystem::path keys) {
    if (state_->keys == keys) return;
    state_->keys = std::move(keys);
    state_->cipher.reset();
}

FieldCipher& Session::cipher() {
    if (!state_->cipher) {
        // Without keys there is nothing to unwrap with, and none may be found by accident.
        if (state_->keys.empty()) throw IoFailure("the store was opened without its keys");
        state_->cipher = FieldCipher::load(*this, state_->keys);
    }
    return *state_->cipher;
}

void Session::reload_cipher() {
    state_->cipher.reset();
}

void Session::query(const std::string& sql, const std::vector<SqlValue>& parameters,
                    const std::function<bool(const SqlRow&)>& each) {
    state_->driver->query(sql, parameters, each);
}

SqlRow Session::query_one(const std::string& sql, const std::vector<SqlValue>& parameters) {
    return state_->driver->query_one(sql, parameters);
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
    AMATE_CHECK(shape.name.size() <= kNameBytesMax);
    for (const auto& column : shape.columns) AMATE_CHECK(column.name.size() <= kNameBytesMax);
    std::string sql = fmt::format("CREATE TABLE {} (", quote_name(shape.name));
    for (const auto& column : shape.columns) sql += column_sql(*state_->driver, column) + ", ";
    execute(key, sql + fmt::format("PRIMARY KEY ({}))", names_sql(shape.primary_key)));
    for (const auto& index : shape.indexes) make_index(key, shape.name, index);
}

void Session::make_index(const WriteKey& key, const std::string& table, const TableIndex& index) {
    execute(key, fmt::format("CREATE {}INDEX {} ON {} ({}){}", index.unique ? "UNIQUE " : "",
                             quote_name(index.name), quote_name(table), names_sql(index.columns),
                             index.where.empty() ? "" : " WHERE " + index.where));
}

void Session::add_column(const WriteKey& key, const std::string& table, const TableColumn& column) {
    AMATE_CHECK(column.name.size() <= kNameBytesMax);
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
