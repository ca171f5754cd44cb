// SPDX-License-Identifier: Apache-2.0
// Runs expressions through a store: their SQL must mean what the evaluator says.
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/csv.hpp"
#include "definitions/expression_cases.hpp"
#include "definitions/expression_random.hpp"
#include "store/session.hpp"
#include "store/test_store.hpp"

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

const char* sql_type(Type type, Dialect dialect) {
    const bool server = dialect == Dialect::postgresql;
    switch (type) {
        case Type::boolean:
            return server ? "BOOLEAN" : "INTEGER";
        case Type::integer:
        case Type::duration:
            return server ? "BIGINT" : "INTEGER";
        case Type::decimal:
            return server ? "DOUBLE PRECISION" : "REAL";
        default:
            return "TEXT";
    }
}

// A row that holds the record as the store would. OFFSET keeps the server from working everything
// out while it plans, as it could not with a table.
std::string source_of(const CaseWorld& world, const std::vector<Value>& record, Dialect dialect) {
    std::string columns;
    for (std::size_t slot = 0; slot < record.size(); ++slot) {
        const auto& value = record[slot];
        auto literal = is_missing(value) ? std::string("NULL") : quoted(canonical(value));
        const auto* truth = std::get_if<bool>(&value);
        if (truth != nullptr && dialect == Dialect::sqlite) literal = *truth ? "1" : "0";
        columns += fmt::format("{}CAST({} AS {}) AS v{}", columns.empty() ? "" : ", ", literal,
                               sql_type(world.environment.variables[slot].type, dialect), slot);
    }
    return "(SELECT " + columns + (dialect == Dialect::sqlite ? ")" : " OFFSET 0) AS r");
}

class Database {
public:
    Database()
        : file_(std::filesystem::temp_directory_path() /
                ("amate-expressions-" + crypto::make_uuid_v7(0))),
          store_(file_),
          session_(Session::open(store_.url(), Session::Mode::read_write)) {}
    ~Database() {
        session_.reset();
        for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(file_.string() + end);
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] Dialect dialect() const { return store_.dialect(); }

    // The canonical spelling of the answer, "" for NULL; a failure's text in brackets.
    std::string ask(const std::string& sql, Type type) {
        SqlRow row;
        try {
            row = session_->query_one(sql);
        } catch (const IoFailure& failure) {
            return fmt::format("[{}]", failure.what());
        }
        if (row.empty()) return "[no row]";
        if (const auto* text = std::get_if<std::string>(&row[0])) return *text;
        if (const auto* number = std::get_if<double>(&row[0])) {
            return *number == 0.0 ? "0" : fmt::format("{}", *number);
        }
        const auto* whole = std::get_if<std::int64_t>(&row[0]);
        if (whole == nullptr) return "";
        if (type == Type::boolean) return *whole == 1 ? "true" : "false";
        return fmt::format("{}", *whole);
    }

private:
    std::filesystem::path file_;
    TestStore store_;
    std::unique_ptr<Session> session_;
};

std::string in_store(Database& database, const CaseWorld& world,
                     const definitions::Expression& expression, const std::vector<Value>& record) {
    const auto dialect = database.dialect();
    const auto sql = expression.to_sql([](std::size_t slot) { return fmt::format("v{}", slot); },
                                       dialect, &world.context);
    if (!sql) return "[" + to_line(sql.error()[0]) + "]";
    return database.ask(fmt::format("SELECT {} FROM {}", *sql, source_of(world, record, dialect)),
                        expression.type());
}

// A missing value is NULL in SQL whatever its reason.
std::string expected_of(const Value& value) {
    if (is_missing(value)) return "";
    auto text = canonical(value);
    return text == "-0" ? "0" : text;
}

TEST(ExpressionInStore, MeansWhatTheSharedTableSays) {
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
        EXPECT_EQ(in_store(database, world, compiled, world.record(row.cells[2])), row.cells[3])
            << row.cells[0] << ": " << row.cells[1];
        ++cases;
    }
    EXPECT_GT(cases, 180);
}

// Ten thousand expressions nobody thought of, each on a record nobody thought of.
TEST(ExpressionInStore, MeansWhatTheEvaluatorSaysOfRandomExpressions) {
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
        const auto found = in_store(database, world, compiled, record);
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
