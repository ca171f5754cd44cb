// SPDX-License-Identifier: Apache-2.0
// Tests of the columns made of a snapshot's file and of the file they are kept in.
#include "statistics/internal/columns.hpp"

#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "statistics/internal/test_snapshot.hpp"
#include "statistics/tabulate.hpp"

namespace amate::statistics::internal {
namespace {

namespace fs = std::filesystem;

Date day(int number) {
    return Date::from_days(17'000 + number);
}

class ColumnsFile : public testing::Test {
protected:
    ColumnsFile() { write(10); }
    void write(int rows) {
        std::vector<TestRow> made;
        for (int i = 0; i < rows; ++i) {
            TestRow row;
            for (const auto& dimension : landing().dimensions) {
                row.values.push_back(dimension.name == "party" ? Value(std::int64_t{i % 7})
                                                               : Value(Missing::absent));
            }
            row.values.push_back(day(i));
            row.person_key = "p" + std::to_string(i % 8);
            made.push_back(std::move(row));
        }
        snapshot_.write(landing(), made);
    }
    [[nodiscard]] const definitions::Register& landing() const { return snapshot_.landing(); }
    [[nodiscard]] const snapshot::Manifest& manifest() { return snapshot_.manifest(); }
    [[nodiscard]] fs::path path() { return manifest().directory / ".columns" / "landing"; }
    [[nodiscard]] std::int64_t sum() {
        const auto request = parse_request(landing(), {"", "", "sum:party"}).value();
        return Tabulator(manifest()).run(request)->total;
    }
    TestSnapshot snapshot_;
};

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST(Packed, GivesBackWhatWasPackedAtAnyWidth) {
    std::mt19937 dice(7);
    for (unsigned width = 0; width <= 32; ++width) {
        const auto largest = static_cast<std::uint32_t>((std::uint64_t{1} << width) - 1);
        std::vector<std::uint32_t> numbers(203);
        for (auto& each : numbers) each = static_cast<std::uint32_t>(dice()) & largest;
        numbers.back() = largest;
        EXPECT_EQ(width_for(largest), width);
        std::vector<std::uint64_t> words(packed_words(numbers.size(), width));
        for (std::size_t at = 0; at < numbers.size(); ++at)
            pack(words.data(), at, width, numbers[at]);
        for (const std::size_t first : {0U, 1U, 63U, 64U, 202U}) {
            std::vector<std::uint32_t> out(numbers.size() - first);
            unpack(words.data(), first, width, out);
            EXPECT_TRUE(std::equal(out.begin(), out.end(),
                                   numbers.begin() + static_cast<std::ptrdiff_t>(first)));
            EXPECT_EQ(packed_at(words.data(), first, width), numbers[first]);
        }
    }
}

TEST_F(ColumnsFile, TellsPersonsOfSeveralRowsFromOthers) {
    const auto columns = Columns::open(manifest(), manifest().files[0], landing());
    EXPECT_EQ(columns.rows(), 10U);
    EXPECT_EQ(columns.repeated_persons(), 2U);  // of rows 0 and 8, 1 and 9
    const auto& persons = columns.persons();
    EXPECT_EQ(persons.at(0), persons.at(8));
    EXPECT_EQ(persons.at(1), persons.at(9));
    EXPECT_NE(persons.at(0), persons.at(1));
    EXPECT_GE(persons.at(0), kFirstRepeated);
    EXPECT_EQ(persons.at(2), kOnce);
}

// What is counted never depends on a file that anybody may have written into.
TEST_F(ColumnsFile, IsMadeAgainWhenItIsNotWhole) {
    const auto expected = sum();
    const auto whole = bytes_of(path());
    ASSERT_FALSE(whole.empty());
    for (std::size_t at = 0; at < whole.size(); at += 37) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        write_bytes(path(), damaged);
        EXPECT_EQ(sum(), expected) << at;
        EXPECT_EQ(bytes_of(path()), whole) << at;
    }
    for (const auto size : {std::size_t{0}, std::size_t{3}, whole.size() / 2, whole.size() - 1}) {
        write_bytes(path(), whole.substr(0, size));
        EXPECT_EQ(sum(), expected) << size;
    }
}

// A snapshot taken again at the same cut-off has other records.
TEST_F(ColumnsFile, OfAnOlderFileIsMadeAgain) {
    const auto before = sum();
    const auto old = bytes_of(path());
    write(20);
    write_bytes(path(), old);
    EXPECT_EQ(before, 24);
    EXPECT_EQ(sum(), 57);
}

TEST_F(ColumnsFile, IsDoneWithoutWhereNothingCanBeWritten) {
    write_bytes(manifest().directory / ".columns", "in the way");
    EXPECT_EQ(sum(), 24);
    EXPECT_EQ(Columns::open(manifest(), manifest().files[0], landing()).bytes(), 0U);
}

TEST_F(ColumnsFile, LeavesNothingElseBehind) {
    EXPECT_EQ(sum(), 24);
    std::vector<std::string> names;
    for (const auto& each : fs::directory_iterator(path().parent_path())) {
        names.push_back(each.path().filename());
    }
    EXPECT_EQ(names, std::vector<std::string>{"landing"});
}

// Sums of money are kept in hundredths and shown in whole units, halves away from zero.
TEST_F(ColumnsFile, MoneyIsRoundedOnceAtTheEnd) {
    columnar::Engine engine({manifest().directory, {}});
    const auto file = snapshot_.file_of(landing()).string();
    const auto with_fee = file + ".fee";
    engine.execute(
        "COPY (SELECT *, CAST(CASE party WHEN 0 THEN -0.25 WHEN 1 THEN 10.75 ELSE NULL "
        "END AS DECIMAL(18,2)) AS fee FROM read_parquet(" +
        columnar::quote_text(file) + ")) TO " + columnar::quote_text(with_fee) +
        " (FORMAT parquet)");
    fs::rename(with_fee, file);
    auto& known = snapshot_.manifest().files[0];
    known.digest = crypto::to_hex(crypto::digest_of_file(file));
    known.bytes = static_cast<std::int64_t>(fs::file_size(file));
    auto register_ = landing();
    register_.measures.push_back({"fee", "fee", {}, definitions::Type::money, nullptr, {}});
    const auto request = parse_request(register_, {"party", "", "sum:fee"}).value();
    const auto table = Tabulator(manifest()).run(request).value();
    EXPECT_EQ(table.total, 21);  // 21.00
    ASSERT_EQ(table.size(), 7U);
    EXPECT_EQ(table.counts[0], -1);  // -0.50
    EXPECT_EQ(table.counts[1], 22);  // 21.50
    EXPECT_EQ(table.counts[2], 0);   // no fee
}

TEST_F(ColumnsFile, WithoutAColumnOfThePackSaysSo) {
    auto register_ = landing();
    register_.dimensions.push_back({"later", "later", {}, definitions::Type::integer, nullptr, {}});
    const auto request = parse_request(register_, {"later", "", ""}).value();
    EXPECT_THROW((void)Tabulator(manifest()).run(request), IoFailure);
    EXPECT_EQ(sum(), 24);
}

}  // namespace
}  // namespace amate::statistics::internal
