// SPDX-License-Identifier: Apache-2.0
// Random requests over random records: the tabulator must count what plain counting counts, and
// what the SQL it shows counts in DuckDB.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "statistics/internal/test_snapshot.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics {
namespace {

using definitions::Dimension;
using definitions::MeasureKind;
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

TableRequest any_request(Dice& dice, const Register& register_) {
    std::set<std::string> names;
    for (int i = dice.below(4); i > 0; --i) {
        names.insert(
            register_.dimensions[static_cast<std::size_t>(dice.below(register_.dimensions.size()))]
                .name);
    }
    std::string by;
    for (const auto& name : names) by += (by.empty() ? "" : ",") + name;
    const auto where = dice.chance(70) ? any_condition(dice, register_, 3) : "";
    const auto& distinct =
        register_.dimensions[static_cast<std::size_t>(dice.below(register_.dimensions.size()))]
            .name;
    const std::string measures[] = {"records", "persons", "distinct:" + distinct, "sum:party"};
    auto request = parse_request(register_, by, where, measures[dice.below(4)]).value();
    if (dice.chance(40)) request.period.first = any_day(dice);
    if (dice.chance(40)) request.period.last = any_day(dice);
    return request;
}

// What a record counts for: itself, its person, or its codes.
std::set<std::string> counted(const TableRequest& request, const TestRow& row, std::size_t place) {
    if (request.measure == MeasureKind::records || request.measure == MeasureKind::sum) {
        return {std::to_string(place)};
    }
    if (request.measure == MeasureKind::persons) {
        return row.person_key.empty() ? std::set<std::string>{} : std::set{row.person_key};
    }
    const auto slot =
        static_cast<std::size_t>(request.distinct - request.register_->dimensions.data());
    const auto& value = row.values[slot];
    if (is_missing(value)) return {};
    if (const auto* codes = std::get_if<Codes>(&value)) return {codes->begin(), codes->end()};
    return {canonical(value)};
}

bool applies(const TableRequest& request, const TestRow& row) {
    const auto& period = request.period;
    if (period.first || period.last) {
        const auto* day = std::get_if<Date>(&row.values.back());
        if (day == nullptr || !period.contains(*day)) return false;
    }
    if (request.where.empty()) return true;
    const auto truth = request.where.evaluate(row.values, {});
    const auto* holds = std::get_if<bool>(&truth);
    return holds != nullptr && *holds;
}

using Counted = std::map<std::vector<std::string>, std::set<std::string>>;

// Adds the record to each of its cells. Distinct codes by their own dimension are counted in the
// cell of the code only.
void place(const TableRequest& request, const TestRow& row, const std::set<std::string>& what,
           std::vector<std::string>& codes, Counted& cells) {
    if (codes.size() == request.by.size()) {
        cells[codes].insert(what.begin(), what.end());
        return;
    }
    const auto* dimension = request.by[codes.size()];
    const auto slot = static_cast<std::size_t>(dimension - request.register_->dimensions.data());
    const auto& value = row.values[slot];
    const auto* several = std::get_if<Codes>(&value);
    const bool same = request.measure == MeasureKind::distinct && request.distinct == dimension;
    const auto go_on = [&](const std::string& code) {
        codes.push_back(code);
        const bool one_of_many = same && several != nullptr && !code.empty();
        place(request, row, one_of_many ? std::set{code} : what, codes, cells);
        codes.pop_back();
    };
    if (several != nullptr && !several->empty()) {
        for (const auto& code : *several) go_on(code);
    } else {
        go_on(is_missing(value) ? "" : canonical(value));
    }
}

std::string show(const std::map<std::vector<std::string>, std::int64_t>& cells,
                 std::int64_t total) {
    std::string text;
    for (const auto& [codes, count] : cells) {
        for (const auto& code : codes) text += code + "|";
        text += std::to_string(count) + "\n";
    }
    return text + "total " + std::to_string(total);
}

// What the things counted are worth: one each, or, of a sum, the number of their records.
std::int64_t worth(const TableRequest& request, const std::vector<TestRow>& rows,
                   const std::set<std::string>& what) {
    if (request.measure != MeasureKind::sum) return static_cast<std::int64_t>(what.size());
    const auto slot =
        static_cast<std::size_t>(request.summed - request.register_->dimensions.data());
    std::int64_t sum = 0;
    for (const auto& place : what) {
        const auto* number = std::get_if<std::int64_t>(&rows[std::stoul(place)].values[slot]);
        if (number != nullptr) sum += *number;
    }
    return sum;
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
    std::map<std::vector<std::string>, std::int64_t> counts;
    for (const auto& [codes, what] : cells) {
        if (!what.empty()) counts[codes] = worth(request, rows, what);
    }
    if (request.by.empty()) counts[{}] = worth(request, rows, all);
    return show(counts, worth(request, rows, all));
}

std::string shown(const Table& table) {
    std::map<std::vector<std::string>, std::int64_t> counts;
    for (std::size_t cell = 0; cell < table.size(); ++cell) {
        std::vector<std::string> codes;
        for (std::size_t at = 0; at < table.codes.size(); ++at)
            codes.push_back(table.code(cell, at));
        counts[codes] = table.counts[cell];
    }
    EXPECT_EQ(counts.size(), table.size()) << "a cell stands twice";
    return show(counts, table.total);
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

std::string by_sql(const TableRequest& request, columnar::Engine& engine, const std::string& file) {
    const auto text_of = [](const columnar::EngineValue& value) -> std::string {
        if (const auto* text = std::get_if<std::string>(&value)) return *text;
        if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
        if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
        return "";
    };
    auto whole = request;
    whole.by.clear();
    const auto total = engine.query_integer(to_sql(whole, file).value());
    std::map<std::vector<std::string>, std::int64_t> counts;
    engine.query(to_sql(request, file).value(), [&](const columnar::EngineRow& row) {
        std::vector<std::string> codes;
        for (std::size_t at = 0; at + 1 < row.size(); ++at) codes.push_back(text_of(row[at]));
        const auto count = std::get<std::int64_t>(row.back());
        if (count > 0 || request.measure == MeasureKind::sum || request.by.empty()) {
            counts[codes] = count;
        }
        return true;
    });
    return show(counts, total);
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
            const auto expected = by_sql(requests[i], engine, snapshot.file_of(landing).string());
            ASSERT_EQ(shown(*tables[i]), expected) << tables[i]->sql;
        }
    }
}

}  // namespace
}  // namespace amate::statistics
