// SPDX-License-Identifier: Apache-2.0
// Runs expressions through DuckDB: their SQL must mean what the evaluator says.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/csv.hpp"
#include "definitions/expression_cases.hpp"
#include "definitions/expression_random.hpp"
#include "snapshot/engine.hpp"
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
std::string source_of(const CaseWorld& world, const std::vector<Value>& record) {
    std::string columns;
    for (std::size_t slot = 0; slot < record.size(); ++slot) {
        const auto literal =
            is_missing(record[slot]) ? std::string("NULL") : quote_text(canonical(record[slot]));
        columns += fmt::format("{}CAST({} AS {}) AS v{}", columns.empty() ? "" : ", ", literal,
                               sql_type(world.environment.variables[slot].type), slot);
    }
    return "(SELECT " + columns + ")";
}

// Whether the engine's value is the expected one, as SQL; decimals are compared as numbers.
std::string agrees(const std::string& sql, const Value& expected) {
    if (is_missing(expected)) return fmt::format("({}) IS NULL", sql);
    if (const auto* real = std::get_if<double>(&expected)) {
        return fmt::format("({}) = CAST('{}' AS DOUBLE)", sql, *real);
    }
    if (const auto* moment = std::get_if<DateTime>(&expected)) {
        return fmt::format("CAST(({}) AS TIMESTAMP) = TIMESTAMP '{}'", sql, moment->iso());
    }
    return fmt::format("CAST(({}) AS VARCHAR) = {}", sql, quote_text(canonical(expected)));
}

// Questions asked many at a time; those not answered with yes.
class Examination {
public:
    explicit Examination(const CaseWorld& world) : world_(world) {}

    // False if the expression has no SQL.
    bool add(const std::string& name, const Expression& expression,
             const std::vector<Value>& record) {
        const auto sql =
            expression.to_sql([](std::size_t slot) { return fmt::format("v{}", slot); },
                              definitions::Dialect::duckdb, &world_.context);
        if (!sql) return false;
        pending_.push_back(
            {name, fmt::format("SELECT {} AS n, coalesce({}, false) AS ok FROM {}", pending_.size(),
                               agrees(*sql, expression.evaluate(record, world_.context)),
                               source_of(world_, record))});
        if (pending_.size() >= 50) ask();
        return true;
    }

    void ask() {
        std::string all;
        for (const auto& each : pending_) all += (all.empty() ? "" : " UNION ALL ") + each.question;
        if (all.empty()) return;
        engine_.query("SELECT n::BIGINT FROM (" + all + ") WHERE NOT ok",
                      [&](const EngineRow& row) {
                          const auto& each =
                              pending_[static_cast<std::size_t>(std::get<std::int64_t>(row[0]))];
                          ADD_FAILURE() << each.name << "\n" << each.question;
                          return true;
                      });
        pending_.clear();
    }

private:
    struct Question {
        std::string name;
        std::string question;
    };
    const CaseWorld& world_;
    const TestFolder folder_;
    Engine engine_{{folder_.path(), {}}};
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
        EXPECT_TRUE(examination.add(row.cells[0], compiled, world.record(row.cells[2])));
        ++cases;
    }
    examination.ask();
    EXPECT_GT(cases, 180);
}

// Expressions nobody thought of, each on a record nobody thought of.
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
        const auto record = definitions::internal::random_record(world, random);
        asked += examination.add(fmt::format("seed {}: {}", kSeed, text), compiled, record) ? 1 : 0;
        if (HasFatalFailure() || HasNonfatalFailure()) return;
    }
    examination.ask();
    EXPECT_GT(asked, 9'500);
}

}  // namespace
}  // namespace amate::snapshot
