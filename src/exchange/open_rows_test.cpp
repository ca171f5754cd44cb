// SPDX-License-Identifier: Apache-2.0
// What a file is said to be and what it is must agree; what comes once leaves no trace.
#include "exchange/open_rows.hpp"

#include <gtest/gtest.h>

#include "exchange/internal/test_files.hpp"
#include "exchange/spool.hpp"

namespace amate::exchange {
namespace {

class FindFormat : public testing::Test {
protected:
    std::string found(const std::string& name, const std::string& bytes,
                      std::optional<FileFormat> said = {}) {
        const auto format = find_format({folder_.write(name, bytes), {}, said});
        if (format) return std::string(name_of(*format));
        return text_of(format.error().front(), "en");
    }
    internal::TestFolder folder_;
};

TEST_F(FindFormat, TheNameSaysItAndTheBytesMustAgree) {
    EXPECT_EQ(found("a.csv", "x,y\n"), "csv");
    EXPECT_EQ(found("a.CSV", "x,y\n"), "csv");
    EXPECT_EQ(found("a.xlsx", "PK\x03\x04"), "xlsx");
    EXPECT_EQ(found("a.parquet", "PAR1"), "parquet");
    EXPECT_EQ(found("a.ndjson", "{}"), "jsonl");
    EXPECT_EQ(found("a.csv", "PK\x03\x04"), "The file was said to be csv, and its content is xlsx");
    EXPECT_EQ(found("a.xlsx", "PAR1"), "The file was said to be xlsx, and its content is parquet");
    EXPECT_EQ(found("a.xlsx", "x,y\n"), "The file was said to be xlsx, and its content is text");
    EXPECT_EQ(found("a.xlsx", "\xD0\xCF\x11\xE0"),
              "The file was said to be xlsx, and its content is xls");
    EXPECT_EQ(found("a.parquet", ""), "The file was said to be parquet, and its content is text");
}

TEST_F(FindFormat, WhatIsSaidGoesBeforeTheName) {
    EXPECT_EQ(found("a.csv", "{}", FileFormat::jsonl), "jsonl");
    EXPECT_EQ(found("a.csv", "PK\x03\x04", FileFormat::xlsx), "xlsx");
    EXPECT_EQ(found("a.xlsx", "PK\x03\x04", FileFormat::csv),
              "The file was said to be csv, and its content is xlsx");
}

TEST_F(FindFormat, WithoutANameTheBytesDecide) {
    EXPECT_EQ(found("a", "PK\x03\x04"), "xlsx");
    EXPECT_EQ(found("a", "PAR1"), "parquet");
    EXPECT_EQ(found("a", "\xEF\xBB\xBF {\"a\":1}"), "jsonl");
    EXPECT_EQ(found("a.dat", "x,y\n"), "csv");
    EXPECT_EQ(found("a.gz", "\x1F\x8B"), "The format of the file is not known: it looks like gzip");
    const auto none = find_format({folder_.file("none.csv"), {}, {}});
    EXPECT_EQ(none.error().front().code, "core.file_unreadable");
}

TEST(Spool, IsReadTwiceAndLeavesNothing) {
    const internal::TestFolder folder;
    {
        Spool spool(folder.file(""));
        EXPECT_TRUE(spool.add("a,b\n"));
        EXPECT_TRUE(spool.add("1,2\n"));
        EXPECT_TRUE(std::filesystem::is_empty(folder.file("")));
        for (int i = 0; i < 2; ++i) {
            std::ifstream stream(spool.path(), std::ios::binary);
            EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "a,b\n1,2\n");
        }
    }
    EXPECT_THROW(Spool(folder.file("nowhere")), IoFailure);
}

}  // namespace
}  // namespace amate::exchange
