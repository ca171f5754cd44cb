// SPDX-License-Identifier: Apache-2.0
// A connection to the store: reading for everybody, writing for the ledger's unit of work alone.
#pragma once

#include <cstdint>
#include <filesystem>
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

class FieldCipher;

// What SQL columns hold here.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;
using SqlRow = std::vector<SqlValue>;

// Only the ledger can make one: whoever has none cannot write.
class WriteKey {
    WriteKey() = default;
    friend class amate::ledger::UnitOfWork;
};

// Kinds of column the tables of the store have; `other` is a kind that this program never makes.
enum class SqlType : unsigned char { text, integer, real, boolean, other };

struct TableColumn {
    std::string name;
    SqlType type = SqlType::text;
    bool required = false;  // NOT NULL
};

// An index beside the primary key.
struct TableIndex {
    std::string name;
    std::vector<std::string> columns;
    bool unique = false;
    std::string where;  // SQL over the table's columns: only such rows stand in it; "": all
};

struct TableShape {
    std::string name;
    std::vector<TableColumn> columns;
    std::vector<std::string> primary_key;
    std::vector<TableIndex> indexes;
};

// Bytes of a table's or a column's name: PostgreSQL would cut longer ones without a word.
inline constexpr std::size_t kNameBytesMax = 63;

// One connection. Resource; one thread at a time; open as many as there are threads.
// Every function throws IoFailure when the store fails; its text holds no value of a record. After
// one a unit of work can only be rolled back. A connection to a server that was lost is made anew
// when the next query, view or unit begins.
class Session {
public:
    // Opens the store at "sqlite:FILE" or "postgresql://..." (address.hpp). `read_write` makes the
    // file if there is none (readable by its owner alone); a server's database must be there.
    // `read_only` cannot change a byte of it. A second writer waits for the first up to a minute.
    // All texts are UTF-8 without NUL (else IoFailure) and are ordered by their bytes.
    enum class Mode { read_only, read_write };
    [[nodiscard]] static std::unique_ptr<Session> open(const std::string& url, Mode mode);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Says where the keys of the store's secret cells lie. Without it they cannot be read.
    void unlock(std::filesystem::path keys);
    // Encrypts and decrypts; loaded when first asked for, and anew after reload_cipher().
    [[nodiscard]] FieldCipher& cipher();
    void reload_cipher();

    // Runs one SELECT with bound parameters (`?`); `each` is called a row until it returns false.
    // Constant memory: the row is reused between calls. Queries may nest, and see what their unit
    // of work has written; no unit or view begins or ends within one. A statement that does not
    // begin with SELECT, or that writes, is a bug.
    void query(const std::string& sql, const std::vector<SqlValue>& parameters,
               const std::function<bool(const SqlRow&)>& each);
    // First row, or empty. To be asked of what gives one row or few: LIMIT 1.
    [[nodiscard]] SqlRow query_one(const std::string& sql,
                                   const std::vector<SqlValue>& parameters = {});

    // Names of all tables, sorted; columns of one in order (none: there is no such table).
    [[nodiscard]] std::vector<std::string> tables();
    [[nodiscard]] std::vector<TableColumn> columns_of(const std::string& table);
    [[nodiscard]] bool has_table(const std::string& table) { return !columns_of(table).empty(); }

    // What lies in the store beside tables and what they are made with, sorted by name: triggers,
    // views, rules. This program makes none: whatever is found could alter what is read or written.
    struct Addition {
        std::string kind, name, table;
    };
    [[nodiscard]] std::vector<Addition> additions();
    // What the database finds wrong with itself (an index that is not of its table, a page that
    // cannot be), in its own words, which hold no value; at most fifty. Reads the whole store.
    [[nodiscard]] std::vector<std::string> damage();
    // Sets of columns that are unique in a table, its primary key among them.
    [[nodiscard]] std::vector<std::vector<std::string>> unique_keys_of(const std::string& table);

    // As long as it lives, all queries of the session see one state of the store. Not within a unit
    // of work, which sees one state anyway.
    class ReadView;
    [[nodiscard]] std::unique_ptr<ReadView> read_view();

    // Writing; reached through ledger::UnitOfWork. `begin` takes the write lock at once.
    void begin(const WriteKey&);
    void commit(const WriteKey&);
    void rollback(const WriteKey&) noexcept;
    void execute(const WriteKey&, const std::string& sql,
                 const std::vector<SqlValue>& parameters = {});
    void make_table(const WriteKey&, const TableShape& shape);
    void make_index(const WriteKey&, const std::string& table, const TableIndex& index);
    void add_column(const WriteKey&, const std::string& table, const TableColumn& column);
    // A prepared INSERT run once a row; rows have `columns` values. Lives no longer than the
    // transaction.
    class Inserter;
    [[nodiscard]] std::unique_ptr<Inserter> inserter(const WriteKey&, const std::string& table,
                                                     const std::vector<std::string>& columns);

    struct State;  // of the adapter

private:
    explicit Session(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

class Session::ReadView {
public:
    virtual ~ReadView() = default;
};

class Session::Inserter {
public:
    virtual ~Inserter() = default;
    virtual void insert(const SqlRow& row) = 0;
    virtual void flush() = 0;
};

// Value <-> SQL, and names of tables. A register's table is `r_NAME` with the fixed columns of
// docs/formats/workspace.md, then one SQL column a register column (Column::sql_name). Missing:
// NULL for absent; unknown, refused and not_applicable are written in the companion text column
// `missing` as "sql_name=unknown;...".
[[nodiscard]] std::string table_of(const definitions::Register& register_);
// Texts, codes (joined by ';'), dates (ISO), repeating groups (JSON) as text; booleans as 0 and 1;
// missing values as NULL.
[[nodiscard]] SqlValue to_sql(const Value& value);
// NULL is Missing::absent. Throws IoFailure if what is stored is no value of the type.
[[nodiscard]] Value from_sql(const SqlValue& value, definitions::Type type);
// The same for a column of any type, repeating groups included.
[[nodiscard]] Value from_sql(const SqlValue& value, const definitions::Column& column);
[[nodiscard]] SqlType sql_type_of(definitions::Type type);

// Cells of a row as they are wanted: a broken promise (Bug) if they are of another kind.
[[nodiscard]] std::int64_t integer_of(const SqlValue& value);
[[nodiscard]] const std::string& text_of(const SqlValue& value);
// A name as it stands in SQL text.
[[nodiscard]] std::string quote_name(std::string_view name);

}  // namespace amate::store
