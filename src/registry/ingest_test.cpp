// SPDX-License-Identifier: Apache-2.0
// Files come in whole or not at all, and every row is accepted or set apart with its reason.
#include "registry/ingest.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "registry/internal/test_desk.hpp"

namespace amate::registry {
namespace {

using internal::TestDesk;

const std::string kVisits = "day,desk,topic,channel,minutes,resolved\n";
const std::string kGoodVisit = "2018-03-01,capital,wage_claim,window,15,true\n";
const std::string kLandings =
    "FECHA;PUNTO;NOMBRE;NACIMIENTO;SEXO;PA\xCDS;DOCUMENTO;MODALIDAD;ACOMPA\xD1"
    "ADO;SERVICIOS\n";

std::string landing(const std::string& name) {
    return "01/03/2018 10:30;Muelle Largo;" + name + ";05/05/1990;M;XVA;QL1;ASISTIDO;;ALI|AGU\n";
}

class Ingest : public testing::Test {
protected:
    // Refused whole: nothing may be left behind.
    Problems refused(const std::string& source, const std::string& bytes) {
        const auto records = desk_.records("help_desk_visit") + desk_.records("landing");
        const auto entries = desk_.entries();
        const auto files = desk_.quarantine_files();
        const auto report = desk_.take_in(source, bytes);
        EXPECT_EQ(desk_.records("help_desk_visit") + desk_.records("landing"), records);
        EXPECT_EQ(desk_.entries(), entries);
        EXPECT_EQ(desk_.quarantine_files(), files);
        EXPECT_FALSE(report);
        return report ? Problems() : report.error();
    }
    // Taken in, with this many rows set apart.
    BatchReport taken(const std::string& source, const std::string& bytes,
                      std::int64_t quarantined) {
        const auto report = desk_.take_in(source, bytes);
        if (!report) {
            ADD_FAILURE() << to_line(report.error().front());
            return {};
        }
        EXPECT_EQ(report->accepted + report->quarantined, report->rows_read);
        EXPECT_EQ(report->quarantined, quarantined);
        EXPECT_EQ(report->quarantine_file.empty(), quarantined == 0);
        return *report;
    }

    TestDesk desk_;
};

// What a row says must be what the record says, through encoding, maps and formats.
TEST_F(Ingest, AGoodRowBecomesARecord) {
    const auto report = taken("coast_guard_landings",
                              kLandings + landing("  N\xFA\xF1"
                                                  "ez; no"),
                              1);
    EXPECT_EQ(report.accepted, 0);  // the unquoted delimiter moved its cells
    const auto good = taken("coast_guard_landings",
                            kLandings + landing("Nara N\xFA\xF1"
                                                "ez"),
                            0);
    EXPECT_EQ(good.accepted, 1);
    const auto records = desk_.all("landing");
    ASSERT_EQ(records.size(), 1U);
    const auto& record = records.front();
    EXPECT_EQ(record.folio, "LAN-2018-000001");
    EXPECT_EQ(record.state, "received");
    EXPECT_EQ(record.batch_row, 1);
    EXPECT_EQ(record.ledger_seq, good.ledger_seq);
    EXPECT_EQ(record.values[0], Value(*DateTime::parse("2018-03-01T10:30")));
    EXPECT_EQ(record.values[1], Value(std::string("long_pier")));
    EXPECT_EQ(record.values[2], Value(std::string("Nara Núñez")));
    EXPECT_EQ(record.values[4], Value(std::string("female")));
    EXPECT_GT(desk_.heard.times, 0);
    EXPECT_EQ(desk_.heard.last_done, desk_.heard.last_total);
}

TEST_F(Ingest, FoliosHaveNoGapsAcrossBatchesAndYears) {
    taken("help_desk_log", kVisits + kGoodVisit + "x,,,,,\n" + kGoodVisit, 1);
    taken("help_desk_log", kVisits + "2017-03-01,capital,wage_claim,window,15,true\n" + kGoodVisit,
          0);
    std::vector<std::string> folios;
    for (const auto& record : desk_.all("help_desk_visit")) folios.push_back(record.folio);
    EXPECT_EQ(folios, (std::vector<std::string>{"VIS-2018-0000001", "VIS-2018-0000002",
                                                "VIS-2017-0000001", "VIS-2018-0000003"}));
}

TEST_F(Ingest, FlagsStayWithTheRecord) {
    const auto report =
        taken("help_desk_log", kVisits + "2018-03-01,capital,wage_claim,web,150,true\n", 0);
    EXPECT_EQ(report.flagged, 1);
    EXPECT_EQ(desk_.all("help_desk_visit").front().flags,
              std::vector<std::string>{"long_web_visit"});
}

// A column that moved, lost or changed its name would fill the register with nonsense.
TEST_F(Ingest, WrongHeadersAreRefusedWithColumnAndSuggestion) {
    struct Case {
        const char* header;
        const char* code;
        const char* column;
        int place;
        const char* suggestion;
    };
    const Case cases[] = {
        {"day,desk,topic,channel,minutes\n", "registry.missing_column", "resolved", 0, ""},
        {"day,desk,topic,chanel,minutes,resolved\n", "registry.missing_column", "channel", 0,
         "chanel"},
        {"day,desk,topic,channel,minutes,resolved,hour\n", "registry.unknown_column", "hour", 7,
         ""},
        {"day,desk,topic,channel,minutes,resolved,clerk_nota\n", "registry.unknown_column",
         "clerk_nota", 7, "clerk_note"},
        {"day,desk,topic,channel,minutes,resolved,desk\n", "registry.duplicate_column", "desk", 7,
         ""},
    };
    for (const auto& wrong : cases) {
        const auto problems = refused("help_desk_log", wrong.header + kGoodVisit);
        ASSERT_FALSE(problems.empty());
        EXPECT_EQ(problems[0].code, wrong.code);
        EXPECT_EQ(problems[0].place.line, 1);
        EXPECT_EQ(problems[0].place.column, wrong.place);
        EXPECT_EQ(problems[0].parameters.at("column"), wrong.column);
        EXPECT_EQ(problems[0].parameters.at("suggestion"), wrong.suggestion);
    }
}

// Whoever has only what a register asks for needs no empty columns.
TEST_F(Ingest, AFileOfPlainColumnsMayLackWhatIsNotRequired) {
    taken("help_desk_visit", "channel,visited_on,office,topic\nweb,2018-03-01,capital,wage_claim\n",
          0);
    const auto records = desk_.all("help_desk_visit");
    ASSERT_EQ(records.size(), 1U);
    const auto& values = records.front().values;
    EXPECT_EQ(values[0], Value(*Date::parse("2018-03-01")));
    EXPECT_EQ(values[3], Value(std::string("web")));
    EXPECT_EQ(values[4], Value(Missing::absent));
    EXPECT_EQ(values[5], Value(Missing::absent));
    const auto problems =
        refused("help_desk_visit", "channel,visited_on,office\nweb,2018-03-01,capital\n");
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].code, "registry.missing_column");
    EXPECT_EQ(problems[0].parameters.at("column"), "topic");
    // All that is required may stand in a row that is no header; what it says is nobody's business.
    for (const auto& problem : refused("help_desk_visit", "web,Nara Oleaje\nx,y\n")) {
        EXPECT_EQ(to_line(problem).find("Nara"), std::string::npos) << to_line(problem);
    }
}

// A file without header begins with somebody's row: it must not end up in a log.
TEST_F(Ingest, ARowInPlaceOfTheHeaderIsNotTold) {
    const auto problems = refused("coast_guard_landings", landing("Nara Oleaje"));
    ASSERT_FALSE(problems.empty());
    for (const auto& problem : problems) {
        EXPECT_EQ(to_line(problem).find("Nara"), std::string::npos) << to_line(problem);
        EXPECT_EQ(to_line(problem).find("1990"), std::string::npos) << to_line(problem);
    }
}

TEST_F(Ingest, FilesWithoutRowsAreRefused) {
    EXPECT_EQ(refused("help_desk_log", "").front().code, "registry.empty_file");
    EXPECT_EQ(refused("help_desk_log", "\n\r\n").front().code, "registry.empty_file");
    EXPECT_EQ(refused("help_desk_log", kVisits).front().code, "registry.no_rows");
    const auto missing = desk_.take_in_file("help_desk_log", "/nowhere/none.csv");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().front().code, "core.file_unreadable");
}

TEST_F(Ingest, TheWrongEncodingIsToldInTheHeaderAndInRows) {
    EXPECT_EQ(refused("help_desk_log",
                      "d\xED"
                      "a,desk\n")
                  .front()
                  .code,
              "csv.bad_encoding");
    const auto report =
        taken("help_desk_log", kVisits + kGoodVisit + "2018-03-01,capital,\xE1,window,1,true\n", 1);
    const auto text = TestDesk::text_of_file(report.quarantine_file);
    // The row is there as it came, byte for byte.
    EXPECT_NE(text.find("2018-03-01,capital,\xE1,window,1,true,3,csv.bad_encoding,topic: "),
              std::string::npos)
        << text;
}

TEST_F(Ingest, NulBytesAreSetApart) {
    const auto report = taken(
        "help_desk_log", kVisits + std::string("2018-03-01,cap\0tal,,,,\n", 23) + kGoodVisit, 1);
    EXPECT_EQ(report.accepted, 1);
}

TEST_F(Ingest, HugeRowsAndTooManyColumnsAreSetApart) {
    const auto report = taken("help_desk_log",
                              kVisits + std::string(10'000'000, 'x') + "\n" + kGoodVisit +
                                  std::string(10'000, ',') + "\n" + kGoodVisit,
                              2);
    EXPECT_EQ(report.accepted, 2);
    const auto text = TestDesk::text_of_file(report.quarantine_file);
    EXPECT_NE(text.find(",2,csv.row_too_long; registry.row_incomplete,"), std::string::npos)
        << text;
    EXPECT_NE(text.find(",4,csv.too_many_columns; registry.row_incomplete,"), std::string::npos)
        << text;
    const auto header = refused("help_desk_log", std::string(10'000, ',') + "\n" + kGoodVisit);
    EXPECT_EQ(header.front().code, "csv.too_many_columns");
    EXPECT_EQ(header.front().place.line, 1);
}

// Rows behind an open quote cannot be told apart: to take the rest would lose them silently.
TEST_F(Ingest, AnOpenQuoteRefusesTheFile) {
    std::string rows;
    for (int i = 0; i < 5; ++i) rows += kGoodVisit;
    const auto open = refused("help_desk_log", kVisits + rows + "2018-03-01,\"capital,a\n" + rows);
    EXPECT_EQ(open.front().code, "csv.unclosed_quote");
    EXPECT_EQ(open.front().place.line, 7);
    EXPECT_EQ(open.front().place.column, 2);
    for (int i = 0; i < 30'000; ++i) rows += kGoodVisit;
    const auto long_open = refused("help_desk_log", kVisits + "\"" + rows + "\"\n" + kGoodVisit);
    EXPECT_EQ(long_open.front().code, "csv.unclosed_quote");
    EXPECT_EQ(long_open.front().place.line, 2);
}

TEST_F(Ingest, ATruncatedLastRowIsSetApart) {
    const auto report = taken("help_desk_log", kVisits + kGoodVisit + "2018-03-01,capi", 1);
    const auto text = TestDesk::text_of_file(report.quarantine_file);
    EXPECT_NE(text.find("2018-03-01,capi,,,,,3,registry.wrong_cell_count,"), std::string::npos)
        << text;
}

// Texts are data whatever they look like.
TEST_F(Ingest, TextsThatLookLikeCodeAreKeptAsTheyAre) {
    const std::vector<std::string> names = {"'; DROP TABLE r_landing; --", "=1+1", "{seq:9}",
                                            "<script>alert(1)</script>",   "%s%n", "\\0"};
    std::string rows;
    for (const auto& name : names) rows += landing("\"" + name + "\"");
    taken("coast_guard_landings", kLandings + rows, 0);
    const auto records = desk_.all("landing");
    ASSERT_EQ(records.size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        EXPECT_EQ(records[i].values[2], Value(names[i]));
    }
}

TEST_F(Ingest, TheSameFileIsTakenInOnce) {
    taken("help_desk_log", kVisits + kGoodVisit, 0);
    const auto problems = refused("help_desk_log", kVisits + kGoodVisit);
    EXPECT_EQ(problems.front().code, "registry.batch_repeated");
    EXPECT_EQ(problems.front().parameters.at("seq"), "1");
}

// Every reason, with the column as the institution calls it; the value stands only in its cell.
TEST_F(Ingest, QuarantineTellsEveryReasonAndNoValue) {
    const auto report = taken("coast_guard_landings",
                              kLandings +
                                  "31/02/2018 10:30;Muelle Corto;Nara Oleaje;1990-13;M;XVA;"
                                  "QL1;ASISTIDO;;ALI|XXX\n",
                              1);
    const auto text = TestDesk::text_of_file(report.quarantine_file);
    const auto reasons = text.substr(text.find("ALI|XXX") + 7);
    for (const char* column : {"FECHA: ", "PUNTO: ", "NACIMIENTO: ", "SERVICIOS: "}) {
        EXPECT_NE(reasons.find(column), std::string::npos) << reasons;
    }
    for (const char* value : {"31/02", "Corto", "Nara", "1990", "XXX"}) {
        EXPECT_EQ(reasons.find(value), std::string::npos) << reasons;
    }
    // A cell that cannot be read is told once, not as missing too.
    EXPECT_EQ(reasons.find("FECHA: "), reasons.rfind("FECHA: "));
    const auto mode = std::filesystem::status(report.quarantine_file).permissions();
    EXPECT_EQ(mode & std::filesystem::perms::all,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The institution corrects the file it is given and sends that: no other tool is needed.
TEST_F(Ingest, ACorrectedQuarantineFileIsTakenIn) {
    const auto report =
        taken("help_desk_log",
              kVisits + "2018-03-01,capitol,wage_claim,window,15,true\n" +
                  "2018-03-01,capital,wage_claim\n" +
                  "2018-03-01,capital,wage_claim,window,15,true,seven,eight\n" + kGoodVisit,
              3);
    EXPECT_EQ(report.accepted, 1);
    auto text = TestDesk::text_of_file(report.quarantine_file);
    EXPECT_NE(text.find("\"seven,eight\""), std::string::npos) << text;
    // One cell corrected; the short and the long row not looked at.
    text = replaced(text, "capitol", "capital");
    const auto second = taken("help_desk_log", text, 2);
    EXPECT_EQ(second.accepted, 1);
    auto again = TestDesk::text_of_file(second.quarantine_file);
    EXPECT_NE(again.find("registry.not_corrected"), std::string::npos) << again;
    EXPECT_NE(again.find("\"seven,eight\""), std::string::npos) << again;
    // Now somebody has: the codes are emptied.
    again = replaced(again, "registry.not_corrected", "");
    again = replaced(again, "registry.not_corrected", "");
    again = replaced(again, "wage_claim,,,", "wage_claim,phone,9,false");
    const auto third = taken("help_desk_log", again, 0);
    EXPECT_EQ(third.accepted, 2);
    EXPECT_EQ(desk_.records("help_desk_visit"), 4);
}

TEST_F(Ingest, AQuarantineThatCannotBeWrittenLeavesNothing) {
    std::filesystem::remove_all(desk_.workspace().quarantine());
    std::ofstream(desk_.workspace().quarantine()) << "a file where the folder should be";
    std::string rows = kVisits;
    for (int i = 0; i < 5000; ++i) rows += kGoodVisit;
    EXPECT_THROW(static_cast<void>(desk_.take_in("help_desk_log", rows + "x,,,,,\n")), IoFailure);
    EXPECT_EQ(desk_.records("help_desk_visit"), 0);
    EXPECT_EQ(desk_.entries(), 0);
}

TEST_F(Ingest, AStoreThatCannotBeWrittenLeavesNothing) {
    taken("help_desk_log", kVisits + kGoodVisit, 0);
    desk_.open_read_only();
    EXPECT_THROW(
        static_cast<void>(desk_.take_in("help_desk_log", kVisits + "x,,,,,\n" + kGoodVisit)),
        IoFailure);
    EXPECT_EQ(desk_.records("help_desk_visit"), 1);
    EXPECT_EQ(desk_.entries(), 1);
    EXPECT_EQ(desk_.quarantine_files(), 0U);
}

// Many more rows than blocks in circulation, good and bad mixed: none is lost between threads.
TEST_F(Ingest, ManyBlocksKeepTheirOrder) {
    std::string rows = kVisits;
    for (int i = 0; i < 20'000; ++i) {
        rows += i % 7 == 3 ? "2018-03-01,capital,wage_claim,window,soon,true\n"
                           : fmt::format("2018-03-01,capital,wage_claim,window,{},true\n", i % 500);
    }
    taken("help_desk_log", rows, 20'000 / 7);
    std::int64_t last = 0;
    for (const auto& record : desk_.all("help_desk_visit")) {
        EXPECT_GT(record.batch_row, last);
        last = record.batch_row;
        EXPECT_EQ(record.values[4], Value((record.batch_row - 1) % 500));
    }
    EXPECT_EQ(last, 20'000);
}

}  // namespace
}  // namespace amate::registry
