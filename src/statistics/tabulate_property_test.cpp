// SPDX-License-Identifier: Apache-2.0
// Random requests over random records: the tabulator must count what plain counting counts, and
// what the SQL it shows counts in DuckDB.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "statistics/internal/test_snapshot.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics {
namespace {

using definitions::Dimension;
using definitions::Register;
using definitions::Type;
using internal::TestRow;
using internal::TestSnapshot;

class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    int below(std::size_t n) {
        return static_cast<int>(std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_));
    }
    bool chance(int percent) { return below(100) < percent; }

private:
    std::mt19937 engine_;
};

const std::string& any_code(Dice& dice, const Dimension& dimension) {
    const auto& codes = dimension.codelist->codes;
    return codes[static_cast<std::size_t>(dice.below(codes.size()))].code;
}

// `wide`: whole numbers of so many kinds that their combinations fill no histogram.
Value any_value(Dice& dice, const Dimension& dimension, bool wide) {
    if (dice.chance(15)) return Missing::absent;
    switch (dimension.type) {
        case Type::boolean:
            return dice.chance(50);
        case Type::integer:
            return std::int64_t{dice.below(wide ? 100'000 : 9) - 2};
        case Type::codes: {
            std::set<std::string> codes;
            for (int i = dice.below(4); i > 0; --i) codes.insert(any_code(dice, dimension));
            return Codes(codes.begin(), codes.end());
        }
        default:
            return any_code(dice, dimension);
    }
}

Date any_day(Dice& dice) {
    return Date::from_days(17'500 + dice.below(120));
}

std::vector<TestRow> any_rows(Dice& dice, const Register& register_, int count, bool wide = false) {
    std::vector<TestRow> rows;
    for (int i = 0; i < count; ++i) {
        TestRow row;
        for (const auto& dimension : register_.dimensions) {
            row.values.push_back(any_value(dice, dimension, wide));
        }
        row.values.push_back(dice.chance(5) ? Value(Missing::absent) : Value(any_day(dice)));
        if (!dice.chance(20)) row.person_key = "p" + std::to_string(dice.below(60));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string quoted(const std::string& code) {
    return columnar::quote_text(code);
}

// A dimension of that type.
const std::string& any_of(Dice& dice, const Register& register_, Type type) {
    while (true) {
        const auto& dimension =
            register_.dimensions[static_cast<std::size_t>(dice.below(register_.dimensions.size()))];
        if (dimension.type == type) return dimension.name;
    }
}

std::string any_condition(Dice& dice, const Register& register_, int depth) {
    if (depth > 0 && dice.chance(60)) {
        const auto left = any_condition(dice, register_, depth - 1);
        const auto right = any_condition(dice, register_, depth - 1);
        if (dice.chance(20)) return "not (" + left + ")";
        return "(" + left + (dice.chance(50) ? " and " : " or ") + right + ")";
    }
    const auto at = static_cast<std::size_t>(dice.below(register_.dimensions.size() + 1));
    if (at == register_.dimensions.size()) {
        const auto& time = register_.statistics_environment.variables.back().name;
        if (dice.chance(30)) return "month(" + time + ") = " + std::to_string(1 + dice.below(12));
        return time + (dice.chance(50) ? " < " : " >= ") + any_day(dice).iso();
    }
    const auto& dimension = register_.dimensions[at];
    const auto& name = dimension.name;
    if (dice.chance(10)) return "is_known(" + name + ")";
    switch (dimension.type) {
        case Type::boolean:
            return name;
        case Type::integer:
            return name + (dice.chance(50) ? " > " : " != ") + std::to_string(dice.below(7));
        case Type::codes:
            if (dice.chance(30)) return "count_selected(" + name + ") >= 1";
            return "selected(" + name + ", " + quoted(any_code(dice, dimension)) + ")";
        default:
            break;
    }
    if (dice.chance(30)) return "within(" + name + ", " + quoted(any_code(dice, dimension)) + ")";
    if (dice.chance(30)) {
        return name + " in (" + quoted(any_code(dice, dimension)) + ", " +
               quoted(any_code(dice, dimension)) + ")";
    }
    return name + (dice.chance(70) ? " = " : " != ") + quoted(any_code(dice, dimension));
}

// An expression that tells cells apart.
std::string any_made(Dice& dice, const Register& register_) {
    const auto& time = register_.statistics_environment.variables.back().name;
    switch (dice.below(5)) {
        case 0:
            return "year(" + time + ")";
        case 1:
            return "month(" + time + ")";
        case 2:
            return "count_selected(" + any_of(dice, register_, Type::codes) + ")";
        case 3:
            return "parent(" + any_of(dice, register_, Type::code) + ")";
        default:
            return any_condition(dice, register_, 1);
    }
}

TableRequest any_request(Dice& dice, const Register& register_) {
    std::set<std::string> names;
    for (int i = dice.below(4); i > 0; --i) {
        names.insert(
            register_.dimensions[static_cast<std::size_t>(dice.below(register_.dimensions.size()))]
                .name);
    }
    std::string by;
    for (const auto& name : names) by += (by.empty() ? "" : ",") + name;
    const auto made = dice.chance(25) ? any_made(dice, register_) : "";
    if (!made.empty() && !names.contains(made)) by += (by.empty() ? "" : ",") + made;
    const auto where = dice.chance(70) ? any_condition(dice, register_, 3) : "";
    const auto& distinct =
        register_.dimensions[static_cast<std::size_t>(dice.below(register_.dimensions.size()))]
            .name;
    const std::string measures[] = {"records",
                                    "persons",
                                    "distinct:" + distinct,
                                    "sum:party",
                                    "sum:party*party",
                                    "mean:party",
                                    fmt::format("p{}:party", 1 + dice.below(99)),
                                    "share:" + any_condition(dice, register_, 1)};
    auto request =
        parse_request(register_, {by, where, measures[dice.below(8)], dice.chance(30)}).value();
    if (dice.chance(40)) request.period.first = any_day(dice);
    if (dice.chance(40)) request.period.last = any_day(dice);
    return request;
}

// What a record counts for: its person, its codes, or itself by its place.
std::set<std::string> counted(const TableRequest& request, const TestRow& row, std::size_t place) {
    if (request.measure == Measure::persons) {
        return row.person_key.empty() ? std::set<std::string>{} : std::set{row.person_key};
    }
    if (request.measure != Measure::distinct) return {std::to_string(place)};
    const auto slot =
        static_cast<std::size_t>(request.distinct - request.register_->dimensions.data());
    const auto& value = row.values[slot];
    if (is_missing(value)) return {};
    if (const auto* codes = std::get_if<Codes>(&value)) return {codes->begin(), codes->end()};
    return {canonical(value)};
}

std::optional<std::int64_t> measured(const TableRequest& request, const TestRow& row) {
    const auto slot =
        static_cast<std::size_t>(request.summed - request.register_->dimensions.data());
    const auto* number = std::get_if<std::int64_t>(&row.values[slot]);
    return number == nullptr ? std::nullopt : std::optional(*number);
}

bool is_true(const definitions::Expression& condition, const TestRow& row) {
    return condition.evaluate(row.values, {}) == Value(true);
}

bool applies(const TableRequest& request, const TestRow& row) {
    const auto& period = request.period;
    if (period.first || period.last) {
        const auto* day = std::get_if<Date>(&row.values.back());
        if (day == nullptr || !period.contains(*day)) return false;
    }
    const bool measures =
        request.measure == Measure::mean || request.measure == Measure::percentile;
    if (measures && !measured(request, row)) return false;
    return request.where.empty() || is_true(request.where, row);
}

using Counted = std::map<std::vector<std::string>, std::set<std::string>>;

// Adds the record to each of its cells. Distinct codes by their own dimension are counted in the
// cell of the code only, and all in the total.
void place(const TableRequest& request, const TestRow& row, const std::set<std::string>& what,
           std::vector<std::string>& codes, Counted& cells) {
    if (codes.size() == request.by.size()) {
        cells[codes].insert(what.begin(), what.end());
        return;
    }
    const auto* dimension = request.by[codes.size()];
    const auto value = request.is_made(dimension)
                           ? dimension->expression.evaluate(row.values, {})
                           : row.values[static_cast<std::size_t>(
                                 dimension - request.register_->dimensions.data())];
    const auto* several = std::get_if<Codes>(&value);
    const bool same = request.measure == Measure::distinct && request.distinct == dimension;
    const auto go_on = [&](const std::string& code) {
        codes.push_back(code);
        const bool one_of_many = same && several != nullptr && !code.empty() && code != kTotalCode;
        place(request, row, one_of_many ? std::set{code} : what, codes, cells);
        codes.pop_back();
    };
    if (several != nullptr && !several->empty()) {
        for (const auto& code : *several) go_on(code);
    } else {
        go_on(is_missing(value) ? "" : canonical(value));
    }
    if (request.totals) go_on(kTotalCode);
}

// A number as it is compared: to nine digits where it need not be whole.
struct Number {
    std::int64_t count = 0;
    std::optional<double> value;
};

using Numbers = std::map<std::vector<std::string>, Number>;

std::string show(const Number& number) {
    if (!number.value) return std::to_string(number.count);
    return fmt::format("{} {:.9g}", number.count, *number.value);
}

std::string show(const Numbers& cells, const Number& total) {
    std::string text;
    for (const auto& [codes, number] : cells) {
        for (const auto& code : codes) text += code + "|";
        text += show(number) + "\n";
    }
    return text + "total " + show(total);
}

// What the things counted come to.
Number worth(const TableRequest& request, const std::vector<TestRow>& rows,
             const std::set<std::string>& what) {
    Number number{static_cast<std::int64_t>(what.size()), std::nullopt};
    const auto row_of = [&](const std::string& place) -> const TestRow& {
        return rows[std::stoul(place)];
    };
    const auto count = static_cast<double>(what.size());
    if (request.measure == Measure::sum) {
        number.count = 0;
        for (const auto& each : what) {
            const auto value = measured(request, row_of(each)).value_or(0);
            number.count += request.weight == nullptr ? value : value * value;
        }
    } else if (what.empty() || !request.has_values()) {
        return number;
    } else if (request.measure == Measure::share) {
        const auto part = std::count_if(what.begin(), what.end(), [&](const auto& each) {
            return is_true(request.condition, row_of(each));
        });
        number.value = static_cast<double>(part) / count;
    } else {
        std::vector<std::int64_t> values;
        for (const auto& each : what) values.push_back(*measured(request, row_of(each)));
        std::sort(values.begin(), values.end());
        const auto sum = std::accumulate(values.begin(), values.end(), std::int64_t{0});
        const auto size = static_cast<int>(values.size());
        number.value =
            request.measure == Measure::mean
                ? static_cast<double>(sum) / count
                : static_cast<double>(
                      values[static_cast<std::size_t>((size * request.percent + 99) / 100 - 1)]);
    }
    return number;
}

std::string plainly_counted(const TableRequest& request, const std::vector<TestRow>& rows) {
    Counted cells;
    std::set<std::string> all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!applies(request, rows[i])) continue;
        const auto what = counted(request, rows[i], i);
        all.insert(what.begin(), what.end());
        std::vector<std::string> codes;
        place(request, rows[i], what, codes, cells);
    }
    Numbers numbers;
    for (const auto& [codes, what] : cells) {
        if (!what.empty()) numbers[codes] = worth(request, rows, what);
    }
    if (request.by.empty()) numbers[{}] = worth(request, rows, all);
    return show(numbers, worth(request, rows, all));
}

std::string shown(const Table& table) {
    Numbers numbers;
    for (std::size_t cell = 0; cell < table.size(); ++cell) {
        std::vector<std::string> codes;
        for (std::size_t at = 0; at < table.codes.size(); ++at)
            codes.push_back(table.code(cell, at));
        auto& number = numbers[codes] = {table.counts[cell], std::nullopt};
        if (!table.values.empty() && !std::isnan(table.values[cell])) {
            number.value = table.values[cell];
        }
    }
    EXPECT_EQ(numbers.size(), table.size()) << "a cell stands twice";
    return show(numbers, {table.total, table.total_value});
}

// The promise "count once": whatever is asked, the answer is the one a patient reader would count.
TEST(TabulateProperty, CountsWhatPlainCountingCounts) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    TestSnapshot snapshot;
    const auto& landing = snapshot.landing();
    const auto rows = any_rows(dice, landing, 400);
    snapshot.write(landing, rows);
    std::vector<TableRequest> requests;
    for (int i = 0; i < 150; ++i) requests.push_back(any_request(dice, landing));
    Tabulator tabulator(snapshot.manifest());
    const auto together = tabulator.run_many(requests);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const auto alone = tabulator.run(requests[i]).value();
        const auto expected = plainly_counted(requests[i], rows);
        ASSERT_EQ(shown(alone), expected) << requests[i].where.source() << "\n" << alone.sql;
        ASSERT_EQ(shown(*together[i]), expected) << requests[i].where.source() << "\n" << alone.sql;
    }
}

Number number_of(const TableRequest& request, const columnar::EngineRow& row) {
    if (!request.has_values()) return {std::get<std::int64_t>(row.back()), std::nullopt};
    Number number{std::get<std::int64_t>(row[row.size() - 2]), std::nullopt};
    if (const auto* text = std::get_if<std::string>(&row.back())) number.value = std::stod(*text);
    if (number.count == 0) number.value.reset();
    return number;
}

// The engine gives numbers that need not be whole as texts alone.
std::string sql_of(const TableRequest& request, const std::string& file) {
    const auto sql = to_sql(request, file).value();
    if (!request.has_values()) return sql;
    const auto name = request.measure == Measure::share ? std::string("share")
                      : request.measure == Measure::mean
                          ? std::string("mean_party")
                          : fmt::format("p{}_party", request.percent);
    return fmt::format("SELECT * REPLACE (CAST({0} AS VARCHAR) AS {0}) FROM ({1})", name, sql);
}

std::string by_sql(const TableRequest& request, columnar::Engine& engine, const std::string& file) {
    const auto text_of = [](const columnar::EngineValue& value) -> std::string {
        if (const auto* text = std::get_if<std::string>(&value)) return *text;
        if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
        if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
        return "";
    };
    auto whole = request;
    whole.by.clear();
    Number total;
    engine.query(sql_of(whole, file), [&](const columnar::EngineRow& row) {
        total = number_of(request, row);
        return true;
    });
    Numbers numbers;
    const std::size_t last = request.has_values() ? 2 : 1;
    engine.query(sql_of(request, file), [&](const columnar::EngineRow& row) {
        std::vector<std::string> codes;
        for (std::size_t at = 0; at + last < row.size(); ++at) codes.push_back(text_of(row[at]));
        const auto number = number_of(request, row);
        if (number.count > 0 || request.measure == Measure::sum || request.by.empty()) {
            numbers[codes] = number;
        }
        return true;
    });
    return show(numbers, total);
}

// The promise "open every number": whoever runs the SQL of a number gets that number; also where
// rows end with a block, just before and just after, and where periods leave out whole blocks.
TEST(TabulateProperty, CountsWhatItsSqlCounts) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    for (const int size : {0, 1, 4095, 4096, 4097, 20'000}) {
        SCOPED_TRACE("rows " + std::to_string(size));
        TestSnapshot snapshot;
        const auto& landing = snapshot.landing();
        auto rows = any_rows(dice, landing, size, size == 1 || size == 20'000);
        if (dice.chance(70)) {
            std::stable_sort(rows.begin(), rows.end(), [](const TestRow& a, const TestRow& b) {
                return canonical(a.values.back()) < canonical(b.values.back());
            });
        }
        snapshot.write(landing, rows);
        std::vector<TableRequest> requests;
        for (int i = 0; i < 40; ++i) requests.push_back(any_request(dice, landing));
        const auto tables = Tabulator(snapshot.manifest()).run_many(requests);
        columnar::Engine engine({snapshot.manifest().directory, {}});
        for (std::size_t i = 0; i < requests.size(); ++i) {
            if (!tables[i]) {
                // What is made of wide columns is left to the pack.
                ASSERT_EQ(tables[i].error().front().code, "statistics.expression_too_wide");
                ASSERT_EQ(size, 20'000);
                continue;
            }
            const auto expected = by_sql(requests[i], engine, snapshot.file_of(landing).string());
            ASSERT_EQ(shown(*tables[i]), expected) << tables[i]->sql;
        }
    }
}

}  // namespace
}  // namespace amate::statistics
