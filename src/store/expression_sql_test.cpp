// SPDX-License-Identifier: Apache-2.0
// Runs expressions through SQLite: their SQL must mean what the evaluator says.
#include <sqlite3.h>

#include <memory>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/csv.hpp"
#include "definitions/expression_cases.hpp"
#include "definitions/expression_random.hpp"

namespace amate::store {
namespace {

using definitions::Dialect;
using definitions::Type;
using definitions::internal::CaseWorld;

std::string quoted(const std::string& text) {
    std::string all = "'";
    for (const char c : text) all += c == '\'' ? "''" : std::string(1, c);
    return all + "'";
}

// A row that holds the record as the store would: texts, integers and reals.
std::string source_of(const CaseWorld& world, const std::vector<Value>& record) {
    std::string columns;
    for (std::size_t slot = 0; slot < record.size(); ++slot) {
        const auto& value = record[slot];
        const auto type = world.environment.variables[slot].type;
        auto literal = is_missing(value) ? std::string("NULL") : quoted(canonical(value));
        if (type == Type::integer || type == Type::duration || type == Type::boolean) {
            literal = fmt::format("CAST({} AS INTEGER)",
                                  type == Type::boolean && !is_missing(value)
                                      ? std::string(std::get<bool>(value) ? "1" : "0")
                                      : literal);
        } else if (type == Type::decimal) {
            literal = fmt::format("CAST({} AS REAL)", literal);
        }
        columns += fmt::format("{}{} AS v{}", columns.empty() ? "" : ", ", literal, slot);
    }
    return "(SELECT " + columns + ")";
}

class Database {
public:
    Database() { AMATE_CHECK(sqlite3_open(":memory:", &handle_) == SQLITE_OK); }
    ~Database() { sqlite3_close(handle_); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // The value as text, "" for NULL; an error as its message in brackets.
    std::string ask(const std::string& sql) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
            return std::string("[") + sqlite3_errmsg(handle_) + "]";
        }
        const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement,
                                                                          sqlite3_finalize);
        if (sqlite3_step(statement) != SQLITE_ROW) return "[no row]";
        if (sqlite3_column_type(statement, 0) == SQLITE_FLOAT) {
            return fmt::format("{}", sqlite3_column_double(statement, 0));
        }
        const auto* text = sqlite3_column_text(statement, 0);
        return text == nullptr ? "" : reinterpret_cast<const char*>(text);
    }

private:
    sqlite3* handle_ = nullptr;
};

// The canonical spelling of what SQLite answered, which has no booleans and no -0.
std::string as_canonical(std::string answer, Type type) {
    if (type == Type::boolean && answer == "1") return "true";
    if (type == Type::boolean && answer == "0") return "false";
    return answer == "-0" ? "0" : answer;
}

std::string in_sqlite(Database& database, const CaseWorld& world,
                      const definitions::Expression& expression, const std::vector<Value>& record) {
    const auto sql = expression.to_sql([](std::size_t slot) { return fmt::format("v{}", slot); },
                                       Dialect::sqlite, &world.context);
    if (!sql) return "[" + to_line(sql.error()[0]) + "]";
    return as_canonical(
        database.ask(fmt::format("SELECT {} FROM {}", *sql, source_of(world, record))),
        expression.type());
}

// A missing value is NULL in SQL whatever its reason.
std::string expected_of(const Value& value) {
    if (is_missing(value)) return "";
    auto text = canonical(value);
    return text == "-0" ? "0" : text;
}

TEST(ExpressionInSqlite, MeansWhatTheSharedTableSays) {
    const CaseWorld world;
    Database database;
    auto reader = CsvReader::open(AMATE_ROOT "/tests/cases/expressions.csv", {});
    ASSERT_TRUE(reader.has_value());
    CsvRow row;
    ASSERT_TRUE(reader->next(row).value());  // header
    int cases = 0;
    while (reader->next(row).value()) {
        if (row.cells.at(4) != "yes") continue;
        const auto compiled = definitions::compile(row.cells[1], world.environment, {}).value();
        EXPECT_EQ(in_sqlite(database, world, compiled, world.record(row.cells[2])), row.cells[3])
            << row.cells[0] << ": " << row.cells[1];
        ++cases;
    }
    EXPECT_GT(cases, 180);
}

// Ten thousand expressions nobody thought of, each on a record nobody thought of.
TEST(ExpressionInSqlite, MeansWhatTheEvaluatorSaysOfRandomExpressions) {
    const CaseWorld world;
    Database database;
    constexpr unsigned kSeed = 20181210;
    std::mt19937 random(kSeed);
    definitions::internal::Writer writer(random, definitions::internal::Reading::sql);
    int known = 0;
    int refused = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto text = i % 3 == 0   ? writer.anything(3)
                          : i % 3 == 1 ? writer.boolean(3)
                                       : writer.number(3);
        const auto compiled = definitions::compile(text, world.environment, {}).value();
        const auto record = definitions::internal::random_record(world, random);
        const auto expected = expected_of(compiled.evaluate(record, world.context));
        const auto found = in_sqlite(database, world, compiled, record);
        if (found.find("not_in_sql") != found.npos) {
            ++refused;  // longer than SQL may be
            continue;
        }
        std::string shown;
        for (const auto& value : record) shown += canonical(value) + " | ";
        ASSERT_EQ(found, expected)
            << "seed " << kSeed << ", expression " << i << ": " << text << "\n"
            << shown;
        known += expected.empty() ? 0 : 1;
    }
    EXPECT_GT(known, 3000);
    EXPECT_LT(refused, 1000);
}

}  // namespace
}  // namespace amate::store
