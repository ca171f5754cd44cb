// SPDX-License-Identifier: Apache-2.0
// What a workbook shows is what its rows say, whoever wrote it; what cannot be told is a problem.
#include "exchange/internal/xlsx_rows.hpp"

#include <gtest/gtest.h>
#include <xlsxwriter.h>

#include "exchange/internal/number_text.hpp"
#include "exchange/internal/test_files.hpp"
#include "exchange/internal/xlsx_dates.hpp"
#include "exchange/internal/xlsx_sheet.hpp"

namespace amate::exchange::internal {
namespace {

using Told = std::vector<std::string>;

class Xlsx : public testing::Test {
protected:
    Told read(const std::string& sheet = {}) {
        return read_all(open_xlsx_rows(folder_.file("book.xlsx"), sheet, "book.xlsx"));
    }
    Told read_made(const TestWorkbook& workbook) {
        workbook.write(folder_.file("book.xlsx"));
        return read();
    }
    Told read_sheet(const std::string& rows) { return read_made({rows, {}, {}, {}, {}}); }
    TestFolder folder_;
};

// Written by a library that many institutions' programs use.
TEST_F(Xlsx, WhatAProgramWritesIsRead) {
    auto* book = workbook_new(folder_.file("book.xlsx").c_str());
    auto* hidden = workbook_add_worksheet(book, "Notas");
    auto* sheet = workbook_add_worksheet(book, "A & B");
    worksheet_activate(sheet);
    worksheet_set_first_sheet(sheet);
    worksheet_hide(hidden);
    auto* day = workbook_add_format(book);
    format_set_num_format(day, "dd/mm/yyyy");
    auto* moment = workbook_add_format(book);
    format_set_num_format(moment, "dd/mm/yyyy hh:mm");
    auto* money = workbook_add_format(book);
    format_set_num_format(money, "\"$\"#,##0.00");
    const char* headers[] = {"name", "day", "moment", "count", "price", "yes", "formula"};
    for (unsigned short i = 0; i < 7; ++i) worksheet_write_string(sheet, 1, i, headers[i], nullptr);
    worksheet_write_string(sheet, 3, 0, "Nara <&> Núñez", nullptr);
    lxw_datetime at = {2018, 3, 1, 10, 30, 0};
    worksheet_write_datetime(sheet, 3, 1, &at, day);
    worksheet_write_datetime(sheet, 3, 2, &at, moment);
    worksheet_write_number(sheet, 3, 3, 15, nullptr);
    worksheet_write_number(sheet, 3, 4, 0.1, money);
    worksheet_write_boolean(sheet, 3, 5, 1, nullptr);
    worksheet_write_formula_num(sheet, 3, 6, "=D4*2", nullptr, 30);
    lxw_row_col_options hide = {};
    hide.hidden = LXW_TRUE;
    worksheet_set_row_opt(sheet, 4, 15, nullptr, &hide);
    worksheet_write_string(sheet, 4, 0, "hidden", nullptr);
    worksheet_write_formula_str(sheet, 4, 6, "=A5", nullptr, "text");
    ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
    EXPECT_EQ(read(), (Told{"2: name|day|moment|count|price|yes|formula",
                            "4: Nara <&> Núñez|2018-03-01^|2018-03-01T10:30:00^|15#|0.1#|true?|30#",
                            "5: hidden||||||text"}));
    EXPECT_EQ(read("Notas"), (Told{"0:"}));
    const auto open = open_xlsx_rows(folder_.file("book.xlsx"), {}, "book.xlsx");
    EXPECT_EQ((*open)->name(), "book.xlsx/A & B");
    const auto wrong = open_xlsx_rows(folder_.file("book.xlsx"), "Nota", "book.xlsx");
    ASSERT_FALSE(wrong);
    EXPECT_EQ("book.xlsx: exchange.xlsx_no_sheet: " + text_of(wrong.error().front(), "en"),
              "book.xlsx: exchange.xlsx_no_sheet: The workbook has no sheet of data Nota in sight; "
              "did you mean `Notas`?");
}

TEST_F(Xlsx, MergedRowsAreRefusedAndMergedTitlesAreNot) {
    const std::string rows =
        R"(<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>)"
        R"(<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>)";
    const auto merged = [&](const std::string& range) {
        return read_made({rows,
                          "<mergeCells><mergeCell ref=\"" + range + "\"/></mergeCells>",
                          {},
                          {},
                          {}})
            .back();
    };
    EXPECT_EQ(merged("A2:A3"), " REFUSED exchange.xlsx_merged_cells@2");
    EXPECT_EQ(merged("A1:B2"), " REFUSED exchange.xlsx_merged_cells@1");
    EXPECT_EQ(merged("A1:B1"), "3: 2#|");
    EXPECT_EQ(merged("C2:D3"), "3: 2#|");
    EXPECT_EQ(merged("A4:B9"), "3: 2#|");
}

TEST_F(Xlsx, StringsOfEveryKind) {
    TestWorkbook book;
    book.strings =
        "<sst><si><t>plain</t></si><si><r><t>rich </t></r><r><t>text</t></r>"
        "<rPh><t>reading</t></rPh></si><si><t xml:space=\"preserve\"> a_x000D_b_x005F_ </t></si>"
        "<si/><si><t><![CDATA[<b>]]></t></si></sst>";
    book.sheet =
        R"(<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>4</v></c></row>)"
        R"(<row><c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>)"
        R"(<c t="str"><f>1</f><v>'; DROP TABLE r; --</v></c><c t="s"><v>3</v></c></row>)";
    EXPECT_EQ(read_made(book),
              (Told{"1: plain|rich text| a\rb_ |<b>", "2: inline|'; DROP TABLE r; --||"}));
}

TEST_F(Xlsx, CellsThatCannotBeReadAreProblemsOfTheirRow) {
    TestWorkbook book;
    book.styles = R"(<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yy"/></numFmts>)"
                  R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>)"
                  R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>)";
    book.sheet = R"(<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>)"
                 R"(<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>)"
                 R"(<row r="3"><c r="A3" s="1"><v>60</v></c></row>)"
                 R"(<row r="4"><c r="A4" s="1"><v>-1</v></c></row>)"
                 R"(<row r="5"><c r="A5" s="1"><v>1e300</v></c></row>)"
                 R"(<row r="6"><c r="A6" t="s"><v>7</v></c></row>)"
                 R"(<row r="7"><c r="A7" t="b"><v>2</v></c></row>)"
                 R"(<row r="8"><c r="A8"><v>12x</v></c></row>)"
                 R"(<row r="9"><c r="A9"><f>NOW()</f></c></row>)"
                 R"(<row r="10"><c r="A10" t="d"><v>2018-13-01</v></c></row>)"
                 R"(<row r="11"><c r="A11" s="99"><v>5</v></c><c r="C11"><v>6</v></c></row>)"
                 R"(<row r="12"><c r="A12" t="d"><v>2018-03-01T10:30:00.000Z</v></c></row>)";
    EXPECT_EQ(
        read_made(book),
        (Told{"1: a|b", "2: |#N/A !exchange.xlsx_error_value:2",
              "3: 60#| !exchange.xlsx_bad_date:1", "4: -1#| !exchange.xlsx_bad_date:1",
              "5: " + number_text(1e300) + "#| !exchange.xlsx_bad_date:1",
              "6: | !exchange.xlsx_bad_cell:1", "7: | !exchange.xlsx_bad_cell:1",
              "8: 12x| !exchange.xlsx_bad_cell:1", "9: | !exchange.xlsx_formula_without_value:1",
              "10: 2018-13-01| !exchange.xlsx_bad_date:1", "11: 5#||6#",
              "12: 2018-03-01T10:30:00^|"}));
}

// A row told twice, or a cell before another, would be read as somebody else's.
TEST_F(Xlsx, RowsAndCellsOutOfOrderRefuseTheFile) {
    const std::string head = R"(<row r="3"><c r="B3"><v>1</v></c></row>)";
    for (const char* rows :
         {R"(<row r="3"><c r="A3"><v>1</v></c></row>)", R"(<row r="2"/>)",
          R"(<row r="4"><c r="B4"/><c r="A4"/></row>)",
          R"(<row r="4"><c r="B4"/><c r="B4"/></row>)", R"(<row r="4"><c r="B5"/></row>)",
          R"(<row r="1048577"/>)", R"(<row r="-1"/>)", R"(<row r="4"><c r="XFE4"/></row>)",
          R"(<row r="4"><c r="4"/></row>)", R"(<row r="99999999999999999999"/>)"}) {
        EXPECT_TRUE(
            read_sheet(head + rows).back().starts_with(" REFUSED exchange.xlsx_out_of_order@"))
            << rows;
    }
}

TEST_F(Xlsx, AFarCornerCostsNothing) {
    EXPECT_EQ(read_sheet(R"(<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>)"),
              Told{" REFUSED exchange.too_many_columns@1048576"});
    EXPECT_EQ(read_sheet(R"(<row r="1"><c r="A1"><v>1</v></c></row>)"
                         R"(<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>)")
                  .back(),
              "1048576: !exchange.too_many_columns:16384 LOST");
}

TEST_F(Xlsx, AHugeCellIsSetApart) {
    const std::string huge(1'000'001, 'x');
    EXPECT_EQ(
        read_sheet("<row r=\"1\"><c t=\"str\"><v>a</v></c></row><row r=\"2\"><c t=\"str\"><v>" +
                   huge + "</v></c><c><v>2</v></c></row><row r=\"3\"><c><v>3</v></c></row>"),
        (Told{"1: a", "2: !exchange.row_too_long:1 LOST", "3: 3#"}));
}

TEST(XlsxDates, DaysAreThoseThatSpreadsheetsShow) {
    const auto from_1900 = [](double serial, DateShape shape) {
        return date_text(serial, shape, DateSystem::from_1900).value_or("none");
    };
    EXPECT_EQ(from_1900(1, DateShape::date), "1900-01-01");
    EXPECT_EQ(from_1900(59, DateShape::date), "1900-02-28");
    EXPECT_EQ(from_1900(60, DateShape::date), "none");  // a day that never was
    EXPECT_EQ(from_1900(61, DateShape::date), "1900-03-01");
    EXPECT_EQ(from_1900(43160, DateShape::date), "2018-03-01");
    EXPECT_EQ(from_1900(43160.9999999, DateShape::date), "2018-03-01");
    EXPECT_EQ(from_1900(43160.9999999, DateShape::date_time), "2018-03-02T00:00:00");
    EXPECT_EQ(from_1900(43160.4375, DateShape::date_time), "2018-03-01T10:30:00");
    EXPECT_EQ(from_1900(43160.4375, DateShape::time), "10:30:00");
    EXPECT_EQ(from_1900(1.4375, DateShape::elapsed), "34:30:00");
    EXPECT_EQ(from_1900(2958465, DateShape::date), "9999-12-31");
    EXPECT_EQ(from_1900(2958466, DateShape::date), "none");
    EXPECT_EQ(from_1900(0, DateShape::date), "none");
    EXPECT_EQ(date_text(0, DateShape::date, DateSystem::from_1904), "1904-01-01");
    EXPECT_EQ(date_text(41698, DateShape::date, DateSystem::from_1904), "2018-03-01");
    EXPECT_EQ(date_text(2958465, DateShape::date, DateSystem::from_1904), std::nullopt);
}

TEST(XlsxDates, FormatCodesTellDates) {
    struct Case {
        const char* code;
        DateShape shape;
    };
    for (const auto& [code, shape] :
         std::initializer_list<Case>{{"General", DateShape::none},
                                     {"0.00", DateShape::none},
                                     {"0.00E+00", DateShape::none},
                                     {"@", DateShape::none},
                                     {"\"días\" 0", DateShape::none},
                                     {"0\\d", DateShape::none},
                                     {"[Red]0;[Blue]-0", DateShape::none},
                                     {"#,##0_h;dd", DateShape::none},
                                     {"dd/mm/yyyy", DateShape::date},
                                     {"yyyy\\-mm\\-dd;@", DateShape::date},
                                     {"[$-80A]d\" de \"mmmm\" de \"yyyy", DateShape::date},
                                     {"mmm-yy", DateShape::date},
                                     {"mmmm", DateShape::date},
                                     {"h:mm AM/PM", DateShape::time},
                                     {"mm:ss", DateShape::time},
                                     {"[h]:mm", DateShape::elapsed},
                                     {"[mm]:ss", DateShape::elapsed},
                                     {"dd/mm/yyyy hh:mm", DateShape::date_time},
                                     {"m/d/yy h:mm", DateShape::date_time},
                                     {"[$-F400]h:mm:ss\\ AM/PM", DateShape::time}}) {
        EXPECT_EQ(shape_of(code), shape) << code;
    }
    EXPECT_EQ(builtin_shape(14), DateShape::date);
    EXPECT_EQ(builtin_shape(22), DateShape::date_time);
    EXPECT_EQ(builtin_shape(4), DateShape::none);
}

TEST_F(Xlsx, TheSystemOf1904IsTheWorkbooks) {
    TestWorkbook book;
    book.properties = "date1904=\"1\"";
    book.styles = R"(<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>)";
    book.sheet = R"(<row><c t="str"><v>a</v></c></row><row><c s="0"><v>41698</v></c></row>)";
    EXPECT_EQ(read_made(book).back(), "2: 2018-03-01^");
}

TEST(NumberText, IsTheShortestThatReadsBackTheSame) {
    EXPECT_EQ(number_text(15), "15");
    EXPECT_EQ(number_text(0.1), "0.1");
    EXPECT_EQ(number_text(-0.0), "0");
    EXPECT_EQ(number_text(1e20), "100000000000000000000");
    EXPECT_EQ(number_text(1e300), "1e+300");
    EXPECT_EQ(parse_number("0.10000000000000001"), 0.1);
    EXPECT_EQ(parse_number("nan"), std::nullopt);
    EXPECT_EQ(plain_number("1.50"), "1.5");
    EXPECT_EQ(plain_number("100.00"), "100");
    EXPECT_EQ(plain_number("100"), "100");
    EXPECT_EQ(plain_number("1E2"), "100");
    EXPECT_EQ(plain_number("12345678901234567890123"), "12345678901234567890123");
}

// Where strangers' containers are hostile, not just wrong.
class HostileXlsx : public Xlsx {
protected:
    // The frame of a workbook, with whatever stands where the sheet should.
    template <class Add>
    std::string refused(Add add, const TestWorkbook& book = {}) {
        {
            ZipMaker zip(folder_.file("book.xlsx"));
            book.add_frame(zip);
            add(zip);
        }
        return read().back();
    }
    const std::string kPart = "xl/worksheets/sheet1.xml";
};

TEST_F(HostileXlsx, BombsAreRefusedByWhatTheyAnnounce) {
    EXPECT_EQ(
        refused([&](ZipMaker& zip) { zip.add_repeated(kPart, std::string(1U << 20U, '\0'), 100); }),
        " REFUSED exchange.zip_expands_too_much@0");
    EXPECT_EQ(refused([&](ZipMaker& zip) {
                  zip.add_lie(kPart, std::string("\x03\x00", 2), 10'000'000'000);
              }),
              " REFUSED exchange.zip_expands_too_much@0");
    // A part that announces little and holds much ends where it said.
    const std::string much = "\x4b\x4c\x1c\x05\xa3\x60\x14\x0c\x77\x00\x00";
    EXPECT_EQ(refused([&](ZipMaker& zip) { zip.add_lie(kPart, much, 5); }),
              " REFUSED exchange.xml_malformed@0");
    EXPECT_EQ(refused([&](ZipMaker& zip) {
                  for (std::size_t i = 0; i <= kZipPartsMax; ++i)
                      zip.add("p" + std::to_string(i), "");
              }),
              " REFUSED exchange.zip_too_many_parts@0");
    EXPECT_EQ(refused([&](ZipMaker& zip) {
                  zip.add(kPart, "");
                  zip.add("XL/worksheets/SHEET1.xml", "");
              }),
              " REFUSED exchange.zip_part_twice@0");
}

TEST_F(HostileXlsx, NamesThatLeadElsewhereLeadNowhere) {
    TestWorkbook elsewhere;
    elsewhere.sheets = R"(<sheet name="Data" sheetId="1" r:id="rId2"/>)";
    EXPECT_EQ(refused([&](ZipMaker& zip) { zip.add("../../etc/passwd", "root"); }, elsewhere),
              " REFUSED exchange.xlsx_no_workbook@0");
    EXPECT_EQ(refused([](ZipMaker&) {}), " REFUSED exchange.xlsx_no_workbook@0");
}

TEST_F(HostileXlsx, EntitiesAreRefusedBeforeTheyGrow) {
    std::string laughs = "<!DOCTYPE w [<!ENTITY a \"ha\">";
    for (char c = 'b'; c <= 'z'; ++c) {
        laughs += std::string("<!ENTITY ") + c + " \"";
        for (int i = 0; i < 10; ++i) laughs += std::string("&") + static_cast<char>(c - 1) + ";";
        laughs += "\">";
    }
    laughs += "]>";
    const std::string row =
        "<worksheet><sheetData><row><c t=\"str\"><v>&z;</v></c></row>"
        "</sheetData></worksheet>";
    EXPECT_EQ(refused([&](ZipMaker& zip) { zip.add(kPart, kXml + laughs + row); }),
              " REFUSED exchange.xml_doctype@0");
    EXPECT_EQ(refused([&](ZipMaker& zip) {
                  zip.add(kPart, kXml + "<!DOCTYPE w SYSTEM \"file:///etc/passwd\">" + row);
              }),
              " REFUSED exchange.xml_doctype@0");
    EXPECT_EQ(refused([&](ZipMaker& zip) { zip.add(kPart, kXml + row); }),
              " REFUSED exchange.xml_malformed@0");
}

TEST_F(HostileXlsx, XmlThatIsNoneIsRefused) {
    const std::string deep = [] {
        std::string text = "<worksheet>";
        for (int i = 0; i < 300; ++i) text += "<x>";
        return text;
    }();
    for (const auto& xml :
         {std::string(), std::string("not xml"), kXml + "<worksheet><sheetData><row>", deep,
          "<a " + std::string(11'000'000, 'b'), kXml + "<a>\xC0\xAF</a>",
          kXml + "<a>\xED\xA0\x80</a>", kXml + "<a>&#0;</a>"}) {
        EXPECT_EQ(refused([&](ZipMaker& zip) { zip.add(kPart, xml); }),
                  " REFUSED exchange.xml_malformed@0")
            << xml.substr(0, 60);
    }
}

TEST_F(HostileXlsx, TooManySharedStringsAreRefused) {
    {
        ZipMaker zip(folder_.file("book.xlsx"));
        TestWorkbook().add_frame(zip);
        zip.add(kPart, "<worksheet/>");
        // Numbered, or the archive would be refused as a bomb before.
        std::string strings = "<sst>";
        for (int i = 0; i < 4'000'001; ++i) strings += "<si><t>" + std::to_string(i) + "</t></si>";
        zip.add("xl/sharedStrings.xml", strings);
    }
    EXPECT_EQ(read().back(), " REFUSED exchange.xlsx_too_many_strings@0");
}

TEST_F(HostileXlsx, ACutFileIsRefusedWhereverItIsCut) {
    TestWorkbook book;
    for (int i = 1; i < 300; ++i) {
        book.sheet += "<row><c><v>" + std::to_string(i * 7919 % 100'000) + "</v></c></row>";
    }
    const auto file = folder_.file("book.xlsx");
    book.write(file);
    const auto size = std::filesystem::file_size(file);
    // Of the last 22 bytes, the end record, some are not needed to find everything.
    for (std::uintmax_t kept = 0; kept < size - 22; kept += 13) {
        book.write(file);
        std::filesystem::resize_file(file, kept);
        EXPECT_EQ(read(), Told{" REFUSED exchange.zip_damaged@0"}) << kept;
    }
}

// One byte changed anywhere: rows or a refusal, never a crash; the checksum tells.
TEST_F(HostileXlsx, AChangedByteIsNeverTakenForData) {
    TestWorkbook book;
    for (int i = 1; i < 40; ++i) {
        book.sheet += "<row><c><v>" + std::to_string(i * 7919 % 100'000) + "</v></c></row>";
    }
    const auto file = folder_.file("book.xlsx");
    book.write(file);
    const auto sound = read();
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        static_cast<void>(folder_.write("book.xlsx", changed));
        const auto rows = read();
        if (rows != sound) EXPECT_NE(rows.back().find("REFUSED"), std::string::npos) << at;
    }
}

}  // namespace
}  // namespace amate::exchange::internal
