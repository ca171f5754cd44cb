// SPDX-License-Identifier: Apache-2.0
// Tests of the reading over columns: it must say of every row what the reading on a record says.
#include "definitions/expression_columns.hpp"

#include "definitions/expression.hpp"
#include "definitions/expression_cases.hpp"
#include "definitions/expression_random.hpp"

#include <string>

#include <gtest/gtest.h>

namespace amate::definitions {
namespace {

using internal::CaseWorld;

constexpr std::size_t kMinutes = 6;
constexpr std::size_t kParty = 7;
constexpr std::size_t kClosed = 5;

EncodedColumn numbers(std::vector<Value> dictionary, std::size_t rows) {
    EncodedColumn::Indices indices;
    for (std::size_t row = 0; row < rows; ++row) {
        indices.push_back(static_cast<std::uint32_t>(row * 7 % dictionary.size()));
    }
    return {std::move(dictionary), std::move(indices)};
}

ColumnBatch batch_of(std::size_t rows) {
    ColumnBatch batch;
    batch.rows = rows;
    batch.columns.resize(8);
    batch.columns[kMinutes] = numbers({std::int64_t{5}, Missing::unknown, std::int64_t{-2}}, rows);
    batch.columns[kParty] =
        numbers({std::int64_t{0}, std::int64_t{2}, std::int64_t{3}, std::int64_t{5}}, rows);
    batch.columns[kClosed] = numbers({true, false, Missing::absent, true, false}, rows);
    return batch;
}

void expect_as_on_records(std::string_view text, const ColumnBatch& batch) {
    const CaseWorld world;
    const auto compiled = compile(text, world.environment, {}).value();
    const auto found = compiled.evaluate_columns(batch, world.context);
    for (std::size_t row = 0; row < batch.rows; ++row) {
        std::vector<Value> record;
        for (const auto& column : batch.columns) record.push_back(column.at(row));
        const auto expected = compiled.evaluate(record, world.context);
        ASSERT_EQ(found.at(row), expected) << text << ", row " << row;
        if (compiled.type() != Type::boolean) continue;
        const auto truth = compiled.evaluate_truth(batch, world.context).at(row);
        ASSERT_EQ(truth ? Value(*truth) : Value(Missing::absent), expected) << text;
    }
}

TEST(ExpressionColumns, SayOfEachRowWhatARecordSays) {
    for (const auto rows : {1U, 63U, 64U, 65U, 200U}) {
        const auto batch = batch_of(rows);
        for (const auto* text :
             {"minutes", "7", "minutes + 1", "minutes * party", "minutes / party", "party / party",
              "closed and minutes > 0", "closed or minutes > party", "not (closed and party > 2)",
              "if(closed, minutes, party)", "coalesce(minutes, party)", "true", "closed",
              "minutes between party and 5", "minutes in (party, 5)", "is_known(minutes)",
              "count(companions where age < minutes)", "name = 'x' and closed",
              "(minutes + party) * (minutes - party) > 3 or closed"}) {
            expect_as_on_records(text, batch);
        }
    }
}

// Columns as registers hold them: few values, many rows, here those of random records.
ColumnBatch random_batch(const CaseWorld& world, std::mt19937& random) {
    ColumnBatch batch;
    batch.rows = 40 + random() % 60;
    for (std::size_t slot = 0; slot < world.environment.variables.size(); ++slot) {
        std::vector<Value> dictionary;
        for (auto size = 1 + random() % 12; size > 0; --size) {
            dictionary.push_back(internal::random_record(world, random)[slot]);
        }
        EncodedColumn::Indices indices(batch.rows);
        for (auto& index : indices) {
            index = static_cast<std::uint32_t>(random() % dictionary.size());
        }
        batch.columns.emplace_back(std::move(dictionary), std::move(indices));
    }
    return batch;
}

// Ten thousand expressions nobody thought of, each on a batch nobody thought of.
TEST(ExpressionColumns, SayWhatRecordsSayOfRandomExpressions) {
    const CaseWorld world;
    constexpr unsigned kSeed = 20181213;
    std::mt19937 random(kSeed);
    internal::Writer writer(random);
    ColumnBatch batch;
    std::size_t known = 0;
    for (int i = 0; i < 10'000; ++i) {
        if (i % 50 == 0) batch = random_batch(world, random);
        const auto text = i % 3 == 0   ? writer.anything(3)
                          : i % 3 == 1 ? writer.boolean(3)
                                       : writer.number(3);
        const auto compiled = compile(text, world.environment, {}).value();
        const auto found = compiled.evaluate_columns(batch, world.context);
        const bool statement = compiled.type() == Type::boolean;
        const auto truth =
            statement ? compiled.evaluate_truth(batch, world.context) : TruthColumn();
        for (std::size_t row = 0; row < batch.rows; row += 3) {
            std::vector<Value> record;
            for (const auto& column : batch.columns) record.push_back(column.at(row));
            const auto expected = compiled.evaluate(record, world.context);
            ASSERT_EQ(found.at(row), expected)
                << "seed " << kSeed << ", expression " << i << ": " << text << ", row " << row;
            known += is_missing(expected) ? 0 : 1;
            if (!statement) continue;
            const auto bit = truth.at(row);
            ASSERT_EQ(bit ? Value(*bit) : Value(Missing::absent),
                      is_missing(expected) ? Value(Missing::absent) : expected)
                << text;
        }
    }
    EXPECT_GT(known, 60'000U);
}

// The point of the reading: no work is done twice for a value that comes twice.
TEST(ExpressionColumns, WhatStandsOverOneColumnKeepsItsRows) {
    const CaseWorld world;
    const auto batch = batch_of(1000);
    const auto one = compile("if(minutes * 2 > 3, 'x', 'y')", world.environment, {}).value();
    const auto found = one.evaluate_columns(batch, world.context);
    EXPECT_EQ(found.indices(), batch.columns[kMinutes].indices());
    EXPECT_EQ(found.dictionary().size(), 3U);
    const auto two = compile("minutes + party", world.environment, {}).value();
    EXPECT_LE(two.evaluate_columns(batch, world.context).dictionary().size(), 12U);
    const auto none = compile("1 + 2", world.environment, {}).value();
    EXPECT_EQ(none.evaluate_columns(batch, world.context).indices(), nullptr);
}

TEST(ExpressionColumns, BitsBeyondTheRowsAreNotSet) {
    const CaseWorld world;
    const auto batch = batch_of(70);
    const auto always = compile("not false or closed", world.environment, {}).value();
    const auto truth = always.evaluate_truth(batch, world.context);
    EXPECT_EQ(truth.count_true(), 70U);
    EXPECT_EQ(truth.is_true.back() >> 6U, 0U);
    const auto empty = always.evaluate_truth({}, world.context);
    EXPECT_EQ(empty.count_true(), 0U);
}

TEST(ExpressionColumns, AnIndexOutsideTheDictionaryIsABug) {
    EXPECT_THROW(EncodedColumn({Missing::absent}, {0, 1}), Bug);
}

}  // namespace
}  // namespace amate::definitions
