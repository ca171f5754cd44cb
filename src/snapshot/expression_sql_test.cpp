// SPDX-License-Identifier: Apache-2.0
// Runs expressions through DuckDB: their SQL must mean what the evaluator says.
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/csv.hpp"
#include "definitions/expression_cases.hpp"
#include "definitions/expression_random.hpp"
#include "columnar/engine.hpp"
#include "snapshot/test_country.hpp"

namespace amate::snapshot {
namespace {

using definitions::Expression;
using definitions::Type;
using definitions::internal::CaseWorld;

const char* sql_type(Type type) {
    switch (type) {
        case Type::boolean:
            return "BOOLEAN";
        case Type::integer:
        case Type::duration:
            return "BIGINT";
        case Type::decimal:
            return "DOUBLE";
        case Type::date:
            return "DATE";
        case Type::datetime:
            return "TIMESTAMP";
        default:
            return "VARCHAR";
    }
}

// A row with the record as a snapshot would hold it.
std::string row_of(const CaseWorld& world, const std::vector<Value>& record) {
    std::string columns;
    for (std::size_t slot = 0; slot < record.size(); ++slot) {
        const auto literal = is_missing(record[slot])
                                 ? std::string("NULL")
                                 : columnar::quote_text(canonical(record[slot]));
        columns += fmt::format("{}CAST({} AS {}) AS v{}", columns.empty() ? "" : ", ", literal,
                               sql_type(world.environment.variables[slot].type), slot);
    }
    return "SELECT " + columns;
}

// Whether the engine's answer, as text, is the value; decimals are compared as numbers.
bool agrees(const columnar::EngineValue& answer, const Value& expected) {
    const auto* text = std::get_if<std::string>(&answer);
    if (text == nullptr) return is_missing(expected);
    if (const auto* real = std::get_if<double>(&expected))
        return std::strtod(text->c_str(), nullptr) == *real;
    if (std::holds_alternative<DateTime>(expected)) {
        const auto moment = DateTime::parse(*text);
        return moment && Value(*moment) == expected;
    }
    return !is_missing(expected) && *text == canonical(expected);
}

// Expressions asked many at a time of a few records at a time, which stand in a table: that of
// constants the engine would work out while planning.
class Examination {
public:
    explicit Examination(const CaseWorld& world) : world_(world) {}

    // Asks what is pending, then goes on with these records.
    void use(std::vector<std::vector<Value>> records) {
        ask();
        records_ = std::move(records);
        std::string rows;
        for (const auto& record : records_) {
            rows += (rows.empty() ? "" : " UNION ALL ") + row_of(world_, record);
        }
        engine_.execute("CREATE OR REPLACE TABLE records AS " + rows);
    }

    // False if the expression has no SQL, or a longer one.
    bool add(const std::string& name, const Expression& expression, std::size_t sql_bytes_max) {
        const auto sql =
            expression.to_sql([](std::size_t slot) { return fmt::format("v{}", slot); },
                              definitions::Dialect::duckdb, &world_.context);
        if (!sql || sql->size() > sql_bytes_max) return false;
        pending_.push_back({name, *sql, expression});
        return true;
    }

    void ask() {
        if (pending_.empty()) return;
        std::string columns;
        for (const auto& each : pending_) {
            columns += fmt::format("{}CAST({} AS VARCHAR)", columns.empty() ? "" : ", ", each.sql);
        }
        std::size_t row = 0;
        engine_.query("SELECT " + columns + " FROM records ORDER BY rowid",
                      [&](const columnar::EngineRow& answers) {
                          for (std::size_t i = 0; i < answers.size(); ++i) {
                              check(pending_[i], answers[i], records_.at(row));
                          }
                          ++row;
                          return true;
                      });
        EXPECT_EQ(row, records_.size());
        pending_.clear();
    }

private:
    struct Question {
        std::string name;
        std::string sql;
        Expression expression;
    };

    void check(const Question& question, const columnar::EngineValue& answer,
               const std::vector<Value>& record) const {
        const auto expected = question.expression.evaluate(record, world_.context);
        if (agrees(answer, expected)) return;
        const auto* text = std::get_if<std::string>(&answer);
        ADD_FAILURE() << question.name << "\n"
                      << question.sql << "\n"
                      << row_of(world_, record) << "\nsays " << canonical(expected) << ", DuckDB "
                      << (text == nullptr ? "NULL" : *text);
    }

    const CaseWorld& world_;
    const TestFolder folder_;
    columnar::Engine engine_{{folder_.path(), {}}};
    std::vector<std::vector<Value>> records_;
    std::vector<Question> pending_;
};

TEST(ExpressionInDuckdb, MeansWhatTheSharedTableSays) {
    const CaseWorld world;
    Examination examination(world);
    auto reader = CsvReader::open(AMATE_ROOT "/tests/cases/expressions.csv", {});
    ASSERT_TRUE(reader.has_value());
    CsvRow row;
    ASSERT_TRUE(reader->next(row).value());  // header
    int cases = 0;
    while (reader->next(row).value()) {
        if (row.cells.at(4) != "yes") continue;
        const auto compiled = definitions::compile(row.cells[1], world.environment, {}).value();
        examination.use({world.record(row.cells[2])});
        EXPECT_TRUE(examination.add(row.cells[0], compiled, 20'000));
        ++cases;
    }
    examination.ask();
    EXPECT_GT(cases, 180);
}

// Ten thousand expressions nobody thought of, each on records nobody thought of.
TEST(ExpressionInDuckdb, MeansWhatTheEvaluatorSaysOfRandomExpressions) {
    const CaseWorld world;
    Examination examination(world);
    constexpr unsigned kSeed = 20181211;
    std::mt19937 random(kSeed);
    definitions::internal::Writer writer(random, definitions::internal::Reading::sql);
    int asked = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto text = i % 3 == 0   ? writer.anything(2)
                          : i % 3 == 1 ? writer.boolean(2)
                                       : writer.number(2);
        const auto compiled = definitions::compile(text, world.environment, {}).value();
        if (i % 50 == 0) {
            std::vector<std::vector<Value>> records(4);
            for (auto& each : records) each = definitions::internal::random_record(world, random);
            examination.use(std::move(records));
            if (HasFailure()) return;
        }
        // Planning takes the engine much longer than its share for long SQL: that is SQLite's turn.
        const auto name = fmt::format("seed {}: {}", kSeed, text);
        asked += examination.add(name, compiled, 3'000) ? 1 : 0;
    }
    examination.ask();
    EXPECT_GT(asked, 9'000);
}

}  // namespace
}  // namespace amate::snapshot
