// SPDX-License-Identifier: Apache-2.0
// Files made to break the program: each is refused or set apart with its place, in bounded memory,
// and leaves nothing half written.
#include <functional>
#include <sstream>

#include <gtest/gtest.h>

#include "ingest/formats.hpp"

namespace amate::tests {
namespace {

using exchange::internal::TestWorkbook;
using exchange::internal::ZipMaker;

constexpr std::int64_t kMegabytesMax = 700;  // DuckDB alone may take 512

const std::string kHeader = "day,desk,topic,channel,minutes,resolved\n";
const std::string kGood = "2018-03-01,capital,wage_claim,window,15,true\n";
const std::string kPart = "xl/worksheets/sheet1.xml";

// Peak of resident memory since reset_peak(), in megabytes.
void reset_peak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}
std::int64_t peak_megabytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("VmHWM:")) continue;
        std::istringstream rest(line.substr(6));
        std::int64_t kilobytes = 0;
        rest >> kilobytes;
        return kilobytes / 1024;
    }
    return -1;
}

class HostileFile : public testing::Test {
protected:
    // Refused whole, with this code and line; nothing of it is left.
    void refused(const std::filesystem::path& file, const std::string& code, int line) {
        reset_peak();
        const auto report = take_in(desk_, "help_desk_log", file);
        EXPECT_LT(peak_megabytes(), kMegabytesMax);
        EXPECT_GT(peak_megabytes(), 0);
        ASSERT_FALSE(report);
        const auto& problem = report.error().front();
        EXPECT_EQ(problem.code, code);
        EXPECT_EQ(problem.place.line, line);
        EXPECT_FALSE(problem.place.file.empty());
        EXPECT_EQ(desk_.records("help_desk_visit"), 0);
        EXPECT_EQ(desk_.entries(), 0);
        EXPECT_EQ(desk_.quarantine_files(), 0U);
    }
    // The good rows are taken in, one row is set apart with this line and code.
    void set_apart(const std::filesystem::path& file, std::int64_t good, const std::string& where) {
        reset_peak();
        const auto report = take_in(desk_, "help_desk_log", file);
        EXPECT_LT(peak_megabytes(), kMegabytesMax);
        ASSERT_TRUE(report) << to_line(report.error().front());
        EXPECT_EQ(report->accepted, good);
        EXPECT_EQ(report->quarantined, 1);
        const auto text = TestDesk::text_of_file(report->quarantine_file);
        EXPECT_NE(text.find(where), std::string::npos) << text.substr(0, 1000);
    }
    std::filesystem::path csv(const std::string& bytes) { return folder_.write("f.csv", bytes); }
    std::filesystem::path xlsx(const std::function<void(ZipMaker&)>& add) {
        ZipMaker zip(folder_.file("f.xlsx"));
        TestWorkbook().add_frame(zip);
        add(zip);
        return folder_.file("f.xlsx");
    }

    TestFolder folder_;
    TestDesk desk_;
};

TEST_F(HostileFile, CsvCutInAQuote) {
    refused(csv(kHeader + kGood + "2018-03-01,\"capi"), "csv.unclosed_quote", 3);
}
TEST_F(HostileFile, CsvALineOfTenMegabytes) {
    set_apart(csv(kHeader + kGood + std::string(10'000'000, 'x') + "\n" + kGood), 2,
              ",3,csv.row_too_long; registry.row_incomplete,");
}
TEST_F(HostileFile, CsvTenThousandColumns) {
    refused(csv(std::string(10'000, ',') + "\n"), "csv.too_many_columns", 1);
}
TEST_F(HostileFile, CsvDuplicateHeaders) {
    refused(csv("day,day,desk,topic,channel,minutes,resolved\n" + kGood),
            "registry.duplicate_column", 1);
}
TEST_F(HostileFile, CsvLoneSurrogatesAndOverlongUtf8) {
    set_apart(csv(kHeader + kGood + "2018-03-01,\xED\xA0\x80,wage_claim,window,15,true\n"), 1,
              "csv.bad_encoding");
}
TEST_F(HostileFile, CsvOverlongUtf8) {
    set_apart(csv(kHeader + kGood + "2018-03-01,\xC0\xAF,wage_claim,window,15,true\n"), 1,
              "csv.bad_encoding");
}
TEST_F(HostileFile, CsvNullBytes) {
    refused(csv(std::string(100'000'000, '\0')), "csv.row_too_long", 1);
}
TEST_F(HostileFile, CsvDatesOutOfRange) {
    set_apart(csv(kHeader + kGood + "99999-99-99,capital,wage_claim,window,15,true\n"), 1,
              ",3,homologation.not_a_date,day: ");
}
TEST_F(HostileFile, CsvUtf16WithoutItsMark) {
    refused(csv(std::string("d\0a\0y\0\n\0", 8)), "csv.bad_encoding", 1);
}

TEST_F(HostileFile, XlsxAThatUnpacksToTenGigabytes) {
    refused(
        xlsx([](ZipMaker& zip) { zip.add_lie(kPart, std::string("\x03\x00", 2), 10'000'000'000); }),
        "exchange.zip_expands_too_much", 0);
}
TEST_F(HostileFile, XlsxOfZerosWithinTheRatio) {
    refused(xlsx([](ZipMaker& zip) { zip.add_repeated(kPart, std::string(1U << 20U, ' '), 15); }),
            "exchange.xml_malformed", 0);
}
TEST_F(HostileFile, XlsxCut) {
    const auto file = write_table(folder_, FileFormat::xlsx, {{"day"}, {{"2018-03-01"}}});
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    refused(file, "exchange.zip_damaged", 0);
}
TEST_F(HostileFile, XlsxCutInItsSheet) {
    refused(xlsx([](ZipMaker& zip) {
                zip.add(kPart, "<worksheet><sheetData><row r=\"1\"><c t=\"str\"><v>day");
            }),
            "exchange.xml_malformed", 0);
}

// Good rows before the fault are not kept: the file is taken in whole or not at all.
TEST_F(HostileFile, XlsxBrokenBehindManyGoodRows) {
    std::string sheet = "<worksheet><sheetData><row>";
    for (const char* header : {"day", "desk", "topic", "channel", "minutes", "resolved"}) {
        sheet += std::string("<c t=\"str\"><v>") + header + "</v></c>";
    }
    sheet += "</row>";
    for (int i = 0; i < 20'000; ++i) {
        sheet +=
            "<row><c t=\"str\"><v>2018-03-01</v></c><c t=\"str\"><v>capital</v></c>"
            "<c t=\"str\"><v>wage_claim</v></c><c t=\"str\"><v>window</v></c><c><v>" +
            std::to_string(i % 97) + "</v></c><c t=\"b\"><v>1</v></c></row>";
    }
    refused(xlsx([&](ZipMaker& zip) { zip.add(kPart, sheet + "<row r=\"5\"/>"); }),
            "exchange.xlsx_out_of_order", 20'001);
}

TEST_F(HostileFile, XlsxTenMillionSharedStrings) {
    const auto file = xlsx([](ZipMaker& zip) {
        zip.add(kPart, "<worksheet/>");
        std::string strings = "<sst>";
        for (int i = 0; i < 10'000'000; ++i) {
            strings += "<si><t>" + std::to_string(i * 2'654'435'761U) + "</t></si>";
        }
        zip.add("xl/sharedStrings.xml", strings);
    });
    refused(file, "exchange.xlsx_too_many_strings", 0);
}

TEST_F(HostileFile, ParquetCut) {
    const auto file = write_table(folder_, FileFormat::parquet, {{"day"}, {{"2018-03-01"}}});
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    refused(file, "exchange.parquet_unreadable", 0);
}
TEST_F(HostileFile, ParquetOfHugeCells) {
    columnar::Engine engine({folder_.file(""), {}});
    engine.execute(
        "COPY (SELECT '2018-03-01' AS day, 'capital' AS desk, 'wage_claim' AS topic, 'window' AS "
        "channel, 15 AS minutes, true AS resolved UNION ALL SELECT repeat('x', 50000000), "
        "'capital', "
        "'wage_claim', 'window', 15, true) TO " +
        columnar::quote_text(folder_.file("f.parquet").string()) + " (FORMAT parquet)");
    set_apart(folder_.file("f.parquet"), 1, ",2,exchange.row_too_long; registry.row_incomplete,");
}

TEST_F(HostileFile, JsonThatIsNested) {
    refused(folder_.write("f.jsonl", std::string(900'000, '[')), "exchange.json_not_object", 1);
}
TEST_F(HostileFile, JsonWithoutLineEnds) {
    refused(folder_.write("f.jsonl", "{\"day\":\"" + std::string(100'000'000, 'x')),
            "exchange.row_too_long", 1);
}

// Texts that are code elsewhere are data here; in quarantine, which people open in spreadsheets,
// they are closed, and come back as they were.
TEST_F(HostileFile, TextsThatLookLikeCode) {
    const std::vector<std::string> texts = {"'; DROP TABLE r_landing; --",
                                            "=cmd|'/c calc'!A0",
                                            "@SUM(A1)",
                                            "+1+1",
                                            "-1+1",
                                            "\t=1",
                                            "'=1",
                                            "''",
                                            "-5"};
    TextTable table{{"FECHA", "PUNTO", "NOMBRE", "NACIMIENTO", "SEXO", "PAÍS", "DOCUMENTO",
                     "MODALIDAD", "ACOMPAÑADO", "SERVICIOS"},
                    {}};
    for (const auto& text : texts) {
        table.rows.push_back(
            {"01/03/2018 10:30", "nowhere", text, "", "M", "XVA", "", "ASISTIDO", "", ""});
    }
    const auto report =
        take_in(desk_, "coast_guard_landings", write_table(folder_, FileFormat::jsonl, table));
    ASSERT_TRUE(report) << to_line(report.error().front());
    EXPECT_EQ(report->quarantined, static_cast<std::int64_t>(texts.size()));
    auto text = TestDesk::text_of_file(report->quarantine_file);
    for (const auto* formula : {";=cmd", ";@SUM", ";+1+1", ";-1+1", ";\t=1"}) {
        EXPECT_EQ(text.find(formula), std::string::npos) << formula;
    }
    EXPECT_NE(text.find(";'=cmd|'/c calc'!A0;"), std::string::npos) << text;
    EXPECT_NE(text.find(";-5;"), std::string::npos) << text;
    for (auto at = text.find("nowhere"); at != text.npos; at = text.find("nowhere", at)) {
        text.replace(at, 7, "Muelle Largo");
    }
    const auto corrected = desk_.take_in_file("coast_guard_landings", folder_.write("c.csv", text));
    ASSERT_TRUE(corrected) << to_line(corrected.error().front());
    EXPECT_EQ(corrected->quarantined, 0);
    const auto records = desk_.all("landing");
    ASSERT_EQ(records.size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        EXPECT_EQ(records[i].values[2], Value(std::string(trim(texts[i]))));
    }
}

}  // namespace
}  // namespace amate::tests
