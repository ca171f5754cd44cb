// SPDX-License-Identifier: Apache-2.0
// Columns of every flat type come as text with their kind; nothing but the file can be reached.
#include "exchange/internal/parquet_rows.hpp"

#include <gtest/gtest.h>

#include "columnar/engine.hpp"
#include "exchange/internal/test_files.hpp"

namespace amate::exchange::internal {
namespace {

using Told = std::vector<std::string>;

class Parquet : public testing::Test {
protected:
    std::filesystem::path make(const std::string& select, const std::string& options = "") {
        columnar::Engine engine({folder_.file(""), {}});
        const auto file = folder_.file("f.parquet");
        engine.execute("COPY (" + select + ") TO " + columnar::quote_text(file.string()) +
                       " (FORMAT parquet" + options + ")");
        return file;
    }
    Told read(const std::string& select) {
        return read_all(open_parquet_rows(make(select), "f.parquet"));
    }
    TestFolder folder_;
};

TEST_F(Parquet, FlatTypesAreTextWithTheirKind) {
    EXPECT_EQ(
        read(
            "SELECT 'Núñez' AS name, 15::TINYINT AS i, 123456789012345678901::DECIMAL(30, 0) AS h, "
            "0.1::FLOAT AS f, 2::DOUBLE AS d, 1.50::DECIMAL(10,2) AS m, true AS b, "
            "DATE '2018-03-01' AS day, TIMESTAMP '2018-03-01 10:30:00.999' AS t, "
            "TIMESTAMP_S '2018-03-01 10:30:00' AS s, TIME '10:30:00' AS c, "
            "'a'::ENUM('a', 'b') AS e, NULL::INTEGER AS n"),
        (Told{"0: name|i#|h#|f#|d#|m#|b?|day^|t^|s^|c|e|n#",
              "1: Núñez|15#|123456789012345678901#|0.1#|2#|1.5#|true?|2018-03-01^|"
              "2018-03-01T10:30:00^|2018-03-01T10:30:00^|10:30:00|a|#"}));
}

TEST_F(Parquet, TypesThatFitNoCellAreNamedAllAtOnce) {
    const auto open = open_parquet_rows(make("SELECT 1 AS a, [1] AS list, {'x': 1} AS struct, MAP "
                                             "{'k': 1} AS map, 'x'::BLOB AS raw, "
                                             "TIMESTAMPTZ '2018-03-01 10:30:00+00' AS elsewhere"),
                                        "f.parquet");
    ASSERT_FALSE(open);
    std::string told;
    for (const auto& each : open.error()) {
        EXPECT_EQ(each.code, "exchange.parquet_type");
        told += each.parameters.at("column") + " " + each.parameters.at("type") + " " +
                std::to_string(each.place.column) + "; ";
    }
    EXPECT_EQ(told,
              "list LIST 2; struct STRUCT 3; map MAP 4; raw BLOB 5; "
              "elsewhere TIMESTAMP WITH TIME ZONE 6; ");
}

TEST_F(Parquet, RowsComeInTheirOrder) {
    const auto rows = read("SELECT i AS a FROM range(300000) AS t(i)");
    ASSERT_EQ(rows.size(), 300'001U);
    for (std::size_t i = 1; i < rows.size(); i += 997) {
        EXPECT_EQ(rows[i], std::to_string(i) + ": " + std::to_string(i - 1) + "#");
    }
}

TEST_F(Parquet, AHugeCellAndANullCharacterAreProblemsOfTheirRow) {
    EXPECT_EQ(read("SELECT * FROM (VALUES (repeat('x', 1000001)), ('a' || chr(0)), ('b')) t(a)"),
              (Told{"0: a", "1: !exchange.row_too_long:0 LOST",
                    std::string("2: a\0 !exchange.null_character:1", 32), "3: b"}));
}

TEST_F(Parquet, SignsOfPatternsInAFilesNameMeanNothing) {
    const auto made = make("SELECT 1 AS a");
    const auto file = folder_.file("f[1]*.parquet");
    std::filesystem::rename(made, file);
    EXPECT_EQ(read_all(open_parquet_rows(file, "f")), (Told{"0: a#", "1: 1#"}));
}

TEST_F(Parquet, NothingButTheFileIsReached) {
    const auto inside = make("SELECT 1 AS a");
    const auto beside = folder_.write("beside.csv", "secret\n1\n");
    columnar::Engine engine({{}, {}, 128, inside});
    EXPECT_EQ(engine.query_integer("SELECT count(*) FROM read_parquet(" +
                                   columnar::quote_text(inside.string()) + ")"),
              1);
    EXPECT_THROW(
        engine.execute("SELECT * FROM read_csv(" + columnar::quote_text(beside.string()) + ")"),
        IoFailure);
}

TEST_F(Parquet, ACutOrChangedFileIsRefusedOrReadWhole) {
    const auto file = make("SELECT i AS a, 'text ' || i AS b FROM range(3000) AS t(i)");
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    for (std::size_t kept = 0; kept < bytes.size(); kept += bytes.size() / 40) {
        const auto cut = folder_.write("cut.parquet", bytes.substr(0, kept));
        EXPECT_EQ(read_all(open_parquet_rows(cut, "f")).back(),
                  " REFUSED exchange.parquet_unreadable@0");
    }
    for (std::size_t at = 0; at < bytes.size(); at += bytes.size() / 80) {
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        const auto rows = read_all(open_parquet_rows(folder_.write("c.parquet", changed), "f"));
        EXPECT_TRUE(rows.size() == 3001 || rows.back().find("REFUSED") != std::string::npos) << at;
    }
    EXPECT_EQ(read_all(open_parquet_rows(folder_.file("none.parquet"), "f")),
              Told{" REFUSED core.file_unreadable@0"});
}

}  // namespace
}  // namespace amate::exchange::internal
