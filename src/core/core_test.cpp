// SPDX-License-Identifier: Apache-2.0
// Tests of the vocabulary everything else stands on.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "core/csv.hpp"
#include "core/dates.hpp"
#include "core/result.hpp"
#include "core/text.hpp"
#include "core/value.hpp"

namespace amate {
namespace {

TEST(Durations, AreWholeMinutes) {
    EXPECT_EQ(parse_duration("90min"), 90);
    EXPECT_EQ(parse_duration("4h"), 240);
    EXPECT_EQ(parse_duration("3d"), 4320);
    EXPECT_EQ(parse_duration("2w"), 20160);
    EXPECT_EQ(parse_duration("PT4H"), 240);
    EXPECT_EQ(parse_duration("P1DT30M"), 1470);
    EXPECT_EQ(parse_duration("P2W"), 20160);
    for (const auto* text : {"", "4", "h", "4m", "1y", "P", "PT", "P1DT", "P1M", "PT1D", "P1H",
                             "PT1M2H", "-4h", "4 h", "9999999999h", "999999999w"}) {
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
    }
}

// A table is stored and sealed as text: one spelling, whatever its cells hold.
TEST(Values, RowsHaveOneSpelling) {
    const Rows rows(
        RowData{{{std::string("a\"b"), std::int64_t{3}}, {Missing::unknown, Missing::absent}}});
    EXPECT_EQ(canonical(rows), R"([["a\"b","3"],["unknown"]])");
    EXPECT_EQ(canonical(Rows()), "[]");
    EXPECT_EQ(Value(rows), Value(Rows(rows.data())));
    EXPECT_NE(Value(rows), Value(Rows()));
}

class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& bytes)
        : path_(std::filesystem::temp_directory_path() /
                ("amate_core_" + crypto::make_uuid_v7(1) + ".csv")) {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Cells of every row; a problem is shown as its code with line and column.
std::vector<std::vector<std::string>> read_all(const std::string& bytes, CsvFormat format = {}) {
    const TemporaryFile file(bytes);
    auto reader = CsvReader::open(file.path(), format);
    EXPECT_TRUE(reader.has_value());
    std::vector<std::vector<std::string>> rows;
    CsvRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) {
            const auto& problem = more.error().front();
            rows.push_back({problem.code, std::to_string(problem.place.line),
                            std::to_string(problem.place.column)});
        } else if (*more) {
            rows.push_back(row.cells);
        } else {
            return rows;
        }
    }
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, QuotedCellsHoldDelimitersQuotesAndLineEnds) {
    EXPECT_EQ(read_all("\xEF\xBB\xBF"
                       "a,b\r\n\"x,1\",\"say \"\"hi\"\"\nbye\"\n\n1,\n"),
              (Rows{{"a", "b"}, {"x,1", "say \"hi\"\nbye"}, {"1", ""}}));
}

TEST(Csv, FaultsAreNamedWithLineAndColumnAndReadingGoesOn) {
    CsvFormat format;
    format.row_bytes_max = 8;
    format.columns_max = 3;
    EXPECT_EQ(read_all("a,b\n123456789\n1,2,3,4\nx,\xFF\nok\n1,\"open\n", format),
              (Rows{{"a", "b"},
                    {"csv.row_too_long", "2", "1"},
                    {"csv.too_many_columns", "3", "4"},
                    {"csv.bad_encoding", "4", "2"},
                    {"ok"},
                    {"csv.unclosed_quote", "6", "2"}}));
}

TEST(Csv, Windows1252IsReadAsUtf8) {
    CsvFormat format;
    format.encoding = Encoding::windows_1252;
    format.delimiter = ';';
    EXPECT_EQ(read_all("Pe\xF1"
                       "a;\x80"
                       "5\n\x81;x\n",
                       format),
              (Rows{{"Peña", "€5"}, {"csv.bad_encoding", "2", "1"}}));
}

// The bytes of `text` (ASCII and the BMP) as UTF-16 or UTF-32, with its mark.
std::string wide(std::u32string text, std::size_t size, bool little) {
    text.insert(text.begin(), 0xFEFF);
    std::string bytes;
    for (const auto unit : text) {
        for (std::size_t i = 0; i < size; ++i) {
            const auto shift = 8 * (little ? i : size - 1 - i);
            bytes += static_cast<char>(static_cast<std::uint32_t>(unit) >> shift & 0xFFU);
        }
    }
    return bytes;
}

TEST(Csv, AByteOrderMarkDecidesTheEncoding) {
    CsvFormat format;
    format.encoding = Encoding::windows_1252;
    EXPECT_EQ(read_all("\xEF\xBB\xBFPe\xC3\xB1"
                       "a\n",
                       format),
              (Rows{{"Peña"}}));
    for (const auto size : {std::size_t{2}, std::size_t{4}}) {
        for (const bool little : {true, false}) {
            EXPECT_EQ(read_all(wide(U"a,Pe\u00F1a\r\n\u20AC,\"x\ny\"\n", size, little), format),
                      (Rows{{"a", "Peña"}, {"€", "x\ny"}}));
        }
    }
    // Longer than the buffer, and not a multiple of it.
    std::u32string many;
    for (int i = 0; i < 100'001; ++i) many += U"a,\u00F1\n";
    EXPECT_EQ(read_all(wide(many, 2, true)).size(), 100'001U);
}

TEST(Csv, WhatIsNoCharacterInUtf16IsToldInItsCell) {
    EXPECT_EQ(read_all(wide(U"ok\na,", 2, true) + std::string("\x00\xD8", 2) +
                       std::string("\n\0", 2) + std::string("\x3D\xD8\x00\xDE", 4)),
              (Rows{{"ok"}, {"csv.bad_encoding", "2", "2"}, {"😀"}}));
    EXPECT_EQ(read_all(wide(U"ok\n", 2, true) + "x"),
              (Rows{{"ok"}, {"csv.bad_encoding", "2", "1"}}));
    EXPECT_EQ(read_all(wide(U"ok\n", 4, false) + std::string("\x00\x11\x00\x00", 4)),
              (Rows{{"ok"}, {"csv.bad_encoding", "2", "1"}}));
}

TEST(Csv, WhatIsWrittenReadsBackTheSame) {
    const std::vector<std::string> cells = {"", "a,b", "\"", "line\nend", " spaced ", "plain"};
    EXPECT_EQ(read_all(csv_line(cells)), Rows{cells});
    EXPECT_EQ(read_all(csv_line({""})), Rows{{""}});
}

TEST(Csv, AMissingFileIsAProblemWithItsName) {
    const auto reader = CsvReader::open("/nowhere/at/all.csv", {});
    ASSERT_FALSE(reader.has_value());
    EXPECT_EQ(reader.error().front().code, "core.file_unreadable");
}

TEST(Date, OnlyDaysThatExistAreDates) {
    EXPECT_TRUE(Date::parse("2016-02-29"));
    EXPECT_FALSE(Date::parse("2018-02-29"));
    EXPECT_FALSE(Date::parse("2018-2-01"));
    EXPECT_FALSE(Date::parse("2018-02"));
    EXPECT_EQ(Date::parse("1969-12-31")->days_since_1970(), -1);
    EXPECT_EQ(Date::parse("2018-09-07")->iso(), "2018-09-07");
}

TEST(PartialDate, KnowsTheDaysItCanBe) {
    const auto month = PartialDate::parse("2016-02");
    ASSERT_TRUE(month);
    EXPECT_EQ(month->first().iso(), "2016-02-01");
    EXPECT_EQ(month->last().iso(), "2016-02-29");
    EXPECT_EQ(PartialDate::parse("1990")->last().iso(), "1990-12-31");
    EXPECT_EQ(PartialDate::parse("1990")->iso(), "1990");
    EXPECT_FALSE(PartialDate::parse("1990-13"));
    EXPECT_FALSE(PartialDate::parse("1990-05-17x"));
}

TEST(Age, IsGivenOnlyWhenEveryPossibleDayAgrees) {
    const auto at = *Date::parse("2018-03-01");
    EXPECT_EQ(age_years(*PartialDate::parse("2010-03-01"), at), 8);
    EXPECT_EQ(age_years(*PartialDate::parse("2010-03-02"), at), 7);
    EXPECT_EQ(age_years(*PartialDate::parse("2010-01"), at), 8);
    EXPECT_EQ(age_years(*PartialDate::parse("2010"), at), std::nullopt);
    EXPECT_EQ(age_years(*PartialDate::parse("2019"), at), std::nullopt);
}

TEST(DateTime, ReadsIsoAndRefusesTheRest) {
    EXPECT_EQ(DateTime::parse("2018-03-01 10:05")->iso(), "2018-03-01T10:05:00");
    EXPECT_FALSE(DateTime::parse("2018-03-01T24:00"));
    EXPECT_FALSE(DateTime::parse("2018-03-01T10:05:"));
}

TEST(Clock, ZonesShiftTheWallClock) {
    auto utc = make_system_clock("Etc/UTC");
    auto west = make_system_clock("Etc/GMT+6");
    const auto seconds = [](const DateTime& time) {
        return time.date.days_since_1970() * 86400LL + time.second_of_day;
    };
    EXPECT_NEAR(static_cast<double>(seconds(utc->local_now()) - seconds(west->local_now())),
                6 * 3600.0, 2.0);
}

TEST(Text, FoldsCaseAccentsAndSpaces) {
    EXPECT_EQ(fold("  José   PÉREZ Ñandú "), "jose perez nandu");
    EXPECT_EQ(fold("Plain  Text"), "plain text");
}

TEST(Text, Windows1252GoesBothWays) {
    EXPECT_EQ(to_windows_1252("Peña €"),
              "Pe\xF1"
              "a \x80");
    EXPECT_EQ(from_windows_1252(*to_windows_1252("ÁÑü“”")), "ÁÑü“”");
    EXPECT_FALSE(to_windows_1252("漢"));
}

TEST(Text, SuggestsOnlyWhatIsNear) {
    const std::vector<std::string> words = {"required", "relevant", "constraint"};
    EXPECT_EQ(closest("requird", words), "required");
    EXPECT_EQ(closest("relevent", words), "relevant");
    EXPECT_FALSE(closest("xyz", words));
}

TEST(Text, GroupsThousands) {
    EXPECT_EQ(group_thousands("1303598"), "1,303,598");
    EXPECT_EQ(group_thousands("-18782.3"), "-18,782.3");
    EXPECT_EQ(group_thousands("146"), "146");
}

TEST(Crypto, DigestsStreamAndKeysMatter) {
    crypto::Hasher hasher;
    hasher.add("ab");
    hasher.add("c");
    EXPECT_EQ(hasher.finish(), crypto::digest("abc"));
    EXPECT_NE(crypto::keyed_digest("abc", crypto::make_key()),
              crypto::keyed_digest("abc", crypto::make_key()));
    // FIPS 180-2, appendix B.1
    EXPECT_EQ(crypto::to_base64(crypto::sha256("abc")),
              "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    const auto hex = crypto::to_hex(crypto::digest("abc"));
    EXPECT_EQ(crypto::digest_from_hex(hex), crypto::digest("abc"));
}

TEST(Crypto, SignaturesHoldOnlyForTheirMessageAndKey) {
    const auto key = crypto::make_signing_key();
    const auto signature = crypto::sign("head 12", key);
    EXPECT_TRUE(crypto::signature_holds("head 12", signature, key.public_key));
    EXPECT_FALSE(crypto::signature_holds("head 13", signature, key.public_key));
    EXPECT_FALSE(
        crypto::signature_holds("head 12", signature, crypto::make_signing_key().public_key));
}

TEST(Crypto, UuidsAreVersionSevenAndRiseWithTime) {
    const auto early = crypto::make_uuid_v7(1'500'000'000'000);
    const auto late = crypto::make_uuid_v7(1'500'000'000'001);
    EXPECT_EQ(early.size(), 36U);
    EXPECT_EQ(early[14], '7');
    EXPECT_LT(early, late);
}

TEST(Problem, TextsComeFromTheCatalogueInBothLanguages) {
    const Problem problem{"csv.row_too_long", {"a.csv", 3, 1, {}}, {{"maximum", "8"}}};
    EXPECT_EQ(text_of(problem, "en"), "Row longer than 8 bytes");
    EXPECT_EQ(text_of(problem, "es"), "Renglón de más de 8 bytes");
    EXPECT_EQ(to_line(problem), "a.csv:3:1: csv.row_too_long: Row longer than 8 bytes");
    EXPECT_THROW((void)text_of({"no.such_code", {}, {}}, "en"), Bug);
}

TEST(Value, HasOneSpelling) {
    EXPECT_EQ(canonical(Value(Missing::refused)), "refused");
    EXPECT_EQ(canonical(Value(true)), "true");
    EXPECT_EQ(canonical(Value(std::int64_t{-5})), "-5");
    EXPECT_EQ(canonical(Value(0.1)), "0.1");
    EXPECT_EQ(canonical(Value(Codes{"a", "b"})), "a;b");
}

}  // namespace
}  // namespace amate
