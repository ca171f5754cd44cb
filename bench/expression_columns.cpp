// SPDX-License-Identifier: Apache-2.0
// Measures expressions over a million rows: on encoded columns, and record by record.
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "definitions/expression_cases.hpp"
#include "definitions/expression_columns.hpp"

namespace {

using amate::Date;
using amate::DateTime;
using amate::Missing;
using amate::PartialDate;
using amate::Value;
using amate::definitions::ColumnBatch;
using amate::definitions::EncodedColumn;
using amate::definitions::internal::CaseWorld;

constexpr std::size_t kRows = 1'000'000;

EncodedColumn spread(std::vector<Value> dictionary, std::mt19937& random) {
    dictionary.emplace_back(Missing::absent);
    EncodedColumn::Indices indices(kRows);
    for (auto& index : indices) {
        index = static_cast<std::uint32_t>(random() % dictionary.size());
    }
    return {std::move(dictionary), std::move(indices)};
}

// A year of events: as many different values as such registers hold.
ColumnBatch make_batch(const CaseWorld& world) {
    std::mt19937 random(2018);
    ColumnBatch batch;
    batch.rows = kRows;
    const auto new_year = Date::parse("2018-01-01")->days_since_1970();
    for (const auto& variable : world.environment.variables) {
        std::vector<Value> values;
        if (variable.codelist != nullptr && variable.name != "services") {
            for (const auto& code : variable.codelist->codes) values.emplace_back(code.code);
        } else if (variable.name == "services") {
            values = {amate::Codes{"food"}, amate::Codes{"food", "health"}, amate::Codes{"foo"}};
        } else if (variable.name == "accompanied" || variable.name == "closed") {
            values = {true, false};
        } else if (variable.name == "minutes" || variable.name == "waited") {
            for (std::int64_t i = 0; i < 600; ++i) values.emplace_back(i);
        } else if (variable.name == "party") {
            for (std::int64_t i = 1; i < 30; ++i) values.emplace_back(i);
        } else if (variable.name == "price") {
            for (int i = 0; i < 5000; ++i) values.emplace_back(i * 0.25);
        } else if (variable.name == "name") {
            for (int i = 0; i < 20000; ++i) values.emplace_back(fmt::format("Folio {:06}", i));
        } else if (variable.name == "time" || variable.name == "other_time") {
            for (int i = 0; i < 365; ++i) values.emplace_back(Date::from_days(new_year + i));
        } else if (variable.name == "seen_at") {
            for (int i = 0; i < 365 * 24; ++i) {
                values.emplace_back(DateTime{Date::from_days(new_year + i / 24), i % 24 * 3600});
            }
        } else if (variable.name == "birth") {
            for (int i = 0; i < 80 * 365; ++i) {
                const auto day = Date::from_days(new_year - i);
                values.emplace_back(PartialDate{day.year(), day.month(), day.day()});
            }
        }
        batch.columns.push_back(spread(std::move(values), random));
    }
    return batch;
}

double seconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void measure(const CaseWorld& world, const ColumnBatch& batch,
             const std::vector<std::vector<Value>>& records, const std::string& text) {
    const auto expression = amate::definitions::compile(text, world.environment, {}).value();
    std::vector<Value> expected;
    expected.reserve(kRows);
    const auto by_record = seconds_of([&] {
        for (const auto& record : records) {
            expected.push_back(expression.evaluate(record, world.context));
        }
    });
    EncodedColumn found;
    auto by_column = seconds_of([&] { found = expression.evaluate_columns(batch, world.context); });
    for (std::size_t row = 0; row < kRows; ++row) AMATE_CHECK(found.at(row) == expected[row]);
    if (expression.type() == amate::definitions::Type::boolean) {
        by_column = seconds_of(
            [&] { AMATE_CHECK(expression.evaluate_truth(batch, world.context).rows == kRows); });
    }
    const auto per_row = [](double seconds) { return seconds * 1e9 / kRows; };
    fmt::print("{:8.1f} {:8.1f} {:7.1f}  {}\n", per_row(by_record), per_row(by_column),
               by_record / by_column, text);
}

}  // namespace

int main() {
    const CaseWorld world;
    const auto batch = make_batch(world);
    std::vector<std::vector<Value>> records(kRows);
    for (std::size_t row = 0; row < kRows; ++row) {
        for (const auto& column : batch.columns) records[row].push_back(column.at(row));
    }
    fmt::print("{:>8} {:>8} {:>7}  ns a row: on records, on columns, ratio; {} rows\n", "record",
               "columns", "ratio", kRows);
    for (const auto* text :
         {"sex = 'female'", "minutes * 2 > 100", "sex = 'female' and minutes between 10 and 20",
          "not accompanied and (closed or within(point, 'north')) and selected(services, 'food')",
          "age_group(birth, 2018-12-31)", "quarter(time)", "contains(upper(name), '77')",
          "days_between(time, other_time) > 30", "if(closed, minutes, party) + party",
          "age(birth, time) < 18 and not accompanied", "price * minutes"}) {
        measure(world, batch, records, text);
    }
    return 0;
}
