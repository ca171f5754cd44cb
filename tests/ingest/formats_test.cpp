// SPDX-License-Identifier: Apache-2.0
// Whatever the format, the same rows become the same records, and every row read is accounted for.
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "ingest/formats.hpp"

namespace amate::tests {
namespace {

const std::vector<std::string> kVisits = {"day", "desk", "topic", "channel", "minutes", "resolved"};

std::string one_of(std::mt19937& random, const std::vector<std::string>& words) {
    return words[random() % words.size()];
}

// Sound three times out of four, or what people and machines write instead.
std::string cell(std::mt19937& random, const std::string& sound) {
    if (random() % 12 != 0) return sound;
    return one_of(random, {"",
                           " ",
                           "soon",
                           "unknown",
                           "-1",
                           "=1+1",
                           "'=1+1",
                           "-cmd",
                           "@x",
                           "''",
                           "a,b",
                           "\"",
                           "line\nend",
                           "Núñez",
                           "😀",
                           "31/02/2018",
                           "'; DROP TABLE r",
                           "=cmd|'/c calc'!A0",
                           "1e3",
                           "1,234",
                           "1.0",
                           "\xC2\xA0",
                           "{}",
                           "TRUE"});
}

TextTable random_table(std::mt19937& random) {
    TextTable table{kVisits, {}};
    const auto count = 1 + random() % 60;
    for (std::size_t i = 0; i < count; ++i) {
        table.rows.push_back({cell(random, "2018-03-0" + std::to_string(1 + random() % 9)),
                              cell(random, "capital"),
                              cell(random, one_of(random, {"wage_claim", "wage_claim"})),
                              cell(random, one_of(random, {"window", "phone", "web"})),
                              cell(random, std::to_string(random() % 200)), cell(random, "true")});
    }
    return table;
}

std::vector<std::vector<Value>> values_of(TestDesk& desk, const std::string& register_name) {
    std::vector<std::vector<Value>> values;
    for (const auto& record : desk.all(register_name)) values.push_back(record.values);
    return values;
}

// The institution's own cells of a quarantine file.
std::vector<std::vector<std::string>> quarantined_cells(const std::filesystem::path& file) {
    auto reader = CsvReader::open(file, {});
    AMATE_CHECK(reader.has_value());
    std::vector<std::vector<std::string>> rows;
    for (CsvRow row; reader->next(row).value();) {
        row.cells.resize(kVisits.size());
        rows.push_back(row.cells);
    }
    return rows;
}

// A count that does not add up is a record lost or invented. AMATE_SEED replays a failure.
TEST(IngestFormats, TheSameRowsBecomeTheSameRecords) {
    const char* given = std::getenv("AMATE_SEED");
    const auto seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                       : std::random_device{}();
    SCOPED_TRACE("AMATE_SEED=" + std::to_string(seed));
    std::mt19937 random(seed);
    for (int i = 0; i < 8; ++i) {
        const auto table = random_table(random);
        std::optional<std::vector<std::vector<Value>>> expected;
        std::vector<std::vector<std::string>> set_apart;
        for (const auto format : kAllFormats) {
            SCOPED_TRACE(exchange::name_of(format));
            const TestFolder folder;
            TestDesk desk;
            const auto report = take_in(desk, "help_desk_log", write_table(folder, format, table));
            ASSERT_TRUE(report) << to_line(report.error().front());
            EXPECT_EQ(report->accepted + report->quarantined, report->rows_read);
            EXPECT_EQ(report->rows_read, static_cast<std::int64_t>(table.rows.size()));
            EXPECT_EQ(desk.records("help_desk_visit"), report->accepted);
            const auto values = values_of(desk, "help_desk_visit");
            std::vector<std::vector<std::string>> rows;
            if (report->quarantined > 0) rows = quarantined_cells(report->quarantine_file);
            if (expected) {
                EXPECT_EQ(values, *expected);
                EXPECT_EQ(rows, set_apart);
            }
            expected = values;
            set_apart = rows;
            if (report->quarantined == 0) continue;
            // Taken in as it is, everything is set apart again, with the same texts.
            const auto again = desk.take_in_file("help_desk_log", report->quarantine_file);
            ASSERT_TRUE(again) << to_line(again.error().front());
            EXPECT_EQ(again->accepted, 0);
            EXPECT_EQ(again->quarantined, report->quarantined);
            EXPECT_EQ(quarantined_cells(again->quarantine_file), rows);
        }
    }
}

// Typed cells meet a source whose text format is another country's way of writing.
TEST(IngestFormats, TypedCellsAreReadWhateverTheTextFormatSays) {
    const TestFolder folder;
    const auto file = folder.file("landings.xlsx");
    auto* book = workbook_new(file.c_str());
    auto* sheet = workbook_add_worksheet(book, nullptr);
    auto* moment = workbook_add_format(book);
    format_set_num_format(moment, "yyyy-mm-dd hh:mm");
    auto* day = workbook_add_format(book);
    format_set_num_format(day, "d-mmm-yy");
    const char* headers[] = {"FECHA", "PUNTO",     "NOMBRE",    "NACIMIENTO", "SEXO",
                             "PAÍS",  "DOCUMENTO", "MODALIDAD", "ACOMPAÑADO", "SERVICIOS"};
    for (lxw_col_t i = 0; i < 10; ++i) worksheet_write_string(sheet, 0, i, headers[i], nullptr);
    lxw_datetime at = {2018, 3, 1, 10, 30, 0};
    lxw_datetime born = {2010, 5, 17, 0, 0, 0};
    for (const lxw_row_t row : {1U, 2U}) {
        worksheet_write_datetime(sheet, row, 0, &at, moment);
        worksheet_write_string(sheet, row, 1, row == 1 ? "Muelle Largo" : "Muelle Lardo", nullptr);
        worksheet_write_string(sheet, row, 2, "Нара Ñúñez", nullptr);
        worksheet_write_datetime(sheet, row, 3, &born, day);
        worksheet_write_string(sheet, row, 4, "M", nullptr);
        worksheet_write_string(sheet, row, 5, "XVA", nullptr);
        worksheet_write_number(sheet, row, 6, 1234567, nullptr);
        worksheet_write_string(sheet, row, 7, "ASISTIDO", nullptr);
        worksheet_write_boolean(sheet, row, 8, 0, nullptr);
    }
    ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);

    TestDesk desk;
    const auto report = take_in(desk, "coast_guard_landings", file);
    ASSERT_TRUE(report) << to_line(report.error().front());
    ASSERT_EQ(report->accepted, 1);
    const auto first = desk.all("landing").front().values;
    EXPECT_EQ(first[0], Value(*DateTime::parse("2018-03-01T10:30")));
    EXPECT_EQ(first[2], Value(std::string("Нара Ñúñez")));
    EXPECT_EQ(first[3], Value(PartialDate{2010, 5, 17}));

    // Set apart as the source writes it, in an encoding that has every letter; corrected, it is
    // the same record.
    auto text = TestDesk::text_of_file(report->quarantine_file);
    EXPECT_NE(text.find("01/03/2018 10:30;Muelle Lardo;Нара Ñúñez;17/05/2010;M;XVA;1234567;"
                        "ASISTIDO;NO;;3;homologation.not_in_list;"),
              std::string::npos)
        << text;
    text.replace(text.find("Lardo"), 5, "Largo");
    const auto corrected =
        desk.take_in_file("coast_guard_landings", folder.write("corrected.csv", text));
    ASSERT_TRUE(corrected) << to_line(corrected.error().front());
    EXPECT_EQ(corrected->accepted, 1);
    const auto records = desk.all("landing");
    EXPECT_EQ(records[0].values, records[1].values);
}

TEST(IngestFormats, JsonDatesMayBeWrittenEitherWay) {
    const TestFolder folder;
    TestDesk desk;
    const std::string rest = R"(,"PUNTO":"Muelle Largo","SEXO":"M","MODALIDAD":"ASISTIDO"})";
    const auto report =
        take_in(desk, "coast_guard_landings",
                folder.write("landings.jsonl", "{\"FECHA\":\"2018-03-01T10:30\"" + rest + "\n" +
                                                   "{\"FECHA\":\"01/03/2018 10:30\"" + rest + "\n" +
                                                   "{\"FECHA\":\"2018-03-01\"" + rest + "\n"));
    ASSERT_TRUE(report) << to_line(report.error().front());
    EXPECT_EQ(report->accepted, 2);
    for (const auto& record : desk.all("landing")) {
        EXPECT_EQ(record.values[0], Value(*DateTime::parse("2018-03-01T10:30")));
    }
}

// Lines that are no rows are kept as they came and wait until somebody has looked at them.
TEST(IngestFormats, ABrokenJsonLineIsKeptWhole) {
    const TestFolder folder;
    TestDesk desk;
    const auto report = take_in(
        desk, "help_desk_log",
        folder.write("visits.jsonl", R"({"day":"2018-03-01","desk":"capital","topic":"wage_claim",)"
                                     R"("channel":"window","minutes":15,"resolved":true})"
                                     "\n{\"day\":\"2018-03-01\",\n{\"dya\":\"2018-03-01\"}\n"));
    ASSERT_TRUE(report) << to_line(report.error().front());
    EXPECT_EQ(report->accepted, 1);
    EXPECT_EQ(report->quarantined, 2);
    const auto text = TestDesk::text_of_file(report->quarantine_file);
    EXPECT_NE(text.find(R"("{""day"":""2018-03-01"",")"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("""dya"":""2018-03-01""")"), std::string::npos) << text;
    EXPECT_NE(text.find("¿quiso decir `day`?"), std::string::npos) << text;
}

TEST(IngestFormats, AByteOrderMarkGoesBeforeTheDeclaredEncoding) {
    const TestFolder folder;
    const std::string text =
        "FECHA;PUNTO;NOMBRE;NACIMIENTO;SEXO;PAÍS;DOCUMENTO;MODALIDAD;ACOMPAÑADO;SERVICIOS\n"
        "01/03/2018 10:30;Muelle Largo;Núñez;;M;XVA;;ASISTIDO;;\n";
    std::string wide("\xFF\xFE", 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        // Two bytes of UTF-8 are Latin letters here.
        auto unit = static_cast<unsigned>(static_cast<unsigned char>(text[i]));
        if (unit >= 0xC0)
            unit = (unit & 0x1FU) << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU);
        wide += static_cast<char>(unit & 0xFFU);
        wide += static_cast<char>(unit >> 8U);
    }
    for (const auto& bytes : {"\xEF\xBB\xBF" + text, wide}) {
        TestDesk desk;
        const auto report = take_in(desk, "coast_guard_landings", folder.write("l.csv", bytes));
        ASSERT_TRUE(report) << to_line(report.error().front());
        EXPECT_EQ(report->accepted, 1);
        EXPECT_EQ(desk.all("landing").front().values[2], Value(std::string("Núñez")));
    }
}

}  // namespace
}  // namespace amate::tests
