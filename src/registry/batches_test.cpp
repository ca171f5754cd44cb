// SPDX-License-Identifier: Apache-2.0
// Rows in quarantine are shown with every reason and mended one by one; no row is lost or doubled.
#include "registry/batches.hpp"

#include <gtest/gtest.h>

#include "ledger/verify.hpp"
#include "registry/internal/test_desk.hpp"

namespace amate::registry {
namespace {

using internal::TestDesk;

const std::string kVisits = "day,desk,topic,channel,minutes,resolved\n";
const std::string kGoodVisit = "2018-03-01,capital,wage_claim,window,15,true\n";

class Batches : public testing::Test {
protected:
    Batches() {
        // Lines 3, 4 and 5 do not fit: a code, two cells at once, one cell too few.
        const auto report =
            desk_.take_in("help_desk_log", kVisits + kGoodVisit +
                                               "2018-03-01,capitol,wage_claim,window,15,true\n"
                                               "01/03/2018,capital,wage_claim,window,many,true\n"
                                               "2018-03-02,capital,wage_claim,window\n");
        AMATE_CHECK(report && report->quarantined == 3);
    }
    Batch batch() { return batches(desk_.session()).back(); }
    QuarantineDesk at_desk() {
        return {desk_.pack(), desk_.workspace(), desk_.session(), desk_.clock};
    }
    Result<CorrectedRow> correct(std::int64_t line, std::map<std::string, std::string> cells) {
        return correct_row(at_desk(), batch(), actor_, {line, std::move(cells)});
    }
    QuarantinePage waiting(PageBounds bounds = {}) {
        auto page = read_quarantine(at_desk(), batch(), actor_, bounds);
        AMATE_CHECK(page.has_value());
        return std::move(*page);
    }
    void expect_sum() {
        const auto now = batch();
        EXPECT_EQ(now.accepted + now.quarantined, now.rows_read);
        EXPECT_EQ(now.accepted, desk_.records("help_desk_visit"));
    }

    TestDesk desk_;
    ledger::Actor actor_{"sol", "capital", "guidance"};
};

// Why: whoever mends has to see what is wrong, cell by cell, and where.
TEST_F(Batches, ShowEveryReasonWithItsCell) {
    const auto page = waiting();
    EXPECT_EQ(page.total, 3);
    ASSERT_EQ(page.rows.size(), 3U);
    EXPECT_EQ(page.headers.at(1), "desk");
    EXPECT_EQ(page.rows[0].line, 3);
    EXPECT_EQ(page.rows[0].cells.at(1), "capitol");
    ASSERT_EQ(page.rows[0].problems.size(), 1U);
    EXPECT_EQ(page.rows[0].problems[0].place.path, "desk");
    EXPECT_EQ(page.rows[0].problems[0].place.column, 2);
    ASSERT_EQ(page.rows[1].problems.size(), 2U);
    EXPECT_EQ(page.rows[1].problems[0].place.path, "day");
    EXPECT_EQ(page.rows[1].problems[1].place.path, "minutes");
    EXPECT_NE(page.rows[2].codes.find("registry.wrong_cell_count"), std::string::npos);
    const auto second = waiting({1, 1});
    ASSERT_EQ(second.rows.size(), 1U);
    EXPECT_EQ(second.rows[0].line, 4);
}

// Why: a mended row goes over from quarantine to the records, and the ledger tells of it.
TEST_F(Batches, AMendedRowBecomesARecordOnce) {
    const auto entries = desk_.entries();
    const auto done = correct(3, {{"desk", "capital"}});
    ASSERT_TRUE(done) << to_line(done.error().front());
    EXPECT_EQ(done->folio, "VIS-2018-0000002");
    EXPECT_EQ(done->ledger_seq, entries + 1);
    const auto entry = ledger::last_entry(desk_.session());
    EXPECT_EQ(entry->event.action, "batch.correct");
    EXPECT_EQ(entry->actor.user, "sol");
    EXPECT_EQ(entry->event.after.find("capitol"), std::string::npos);
    expect_sum();
    EXPECT_EQ(batch().corrected, 1);
    EXPECT_EQ(waiting().rows.size(), 2U);

    const auto again = correct(3, {{"desk", "capital"}});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().front().code, "registry.row_corrected");
    EXPECT_EQ(again.error().front().parameters.at("seq"), std::to_string(entries + 1));
    EXPECT_EQ(desk_.entries(), entries + 1);
    expect_sum();

    NoProgress silent;
    const auto held =
        ledger::verify(desk_.session(), desk_.pack(), desk_.workspace().keys(), silent);
    EXPECT_TRUE(held.problems.empty()) << to_line(held.problems.front());
}

TEST_F(Batches, ARowThatStillDoesNotFitStays) {
    const auto entries = desk_.entries();
    const auto half = correct(4, {{"day", "2018-03-01"}});
    ASSERT_FALSE(half);
    ASSERT_EQ(half.error().size(), 1U);
    EXPECT_EQ(half.error()[0].place.path, "minutes");
    EXPECT_EQ(half.error()[0].place.line, 4);
    EXPECT_EQ(correct(4, {{"dia", "2018-03-01"}}).error().front().code, "registry.unknown_cell");
    EXPECT_EQ(correct(2, {}).error().front().code, "registry.no_such_row") << "it was accepted";
    EXPECT_EQ(correct(0, {}).error().front().code, "registry.no_such_row");
    EXPECT_EQ(desk_.entries(), entries);
    EXPECT_EQ(waiting().rows.size(), 3U);
    expect_sum();
}

// Why: nobody can tell which cell of a broken row is which.
TEST_F(Batches, ABrokenRowIsGivenWhole) {
    const auto part = correct(5, {{"minutes", "5"}, {"resolved", "true"}});
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().front().code, "registry.cells_missing");
    EXPECT_EQ(part.error().front().parameters.at("missing"), "day, desk, topic, channel");
    const auto whole = correct(5, {{"day", "2018-03-02"},
                                   {"desk", "capital"},
                                   {"topic", "wage_claim"},
                                   {"channel", "window"},
                                   {"minutes", "5"},
                                   {"resolved", "true"}});
    EXPECT_TRUE(whole) << to_line(whole.error().front());
    expect_sum();
}

// Why: what was mended here must not come in a second time with the file.
TEST_F(Batches, TheFileHoldsWhatStillWaits) {
    ASSERT_TRUE(correct(3, {{"desk", "capital"}}));
    const auto file = export_quarantine(at_desk(), batch(), actor_, {0, 10});
    ASSERT_TRUE(file);
    EXPECT_FALSE(file->more);
    EXPECT_EQ(file->bytes.find("capitol"), std::string::npos);
    EXPECT_TRUE(export_quarantine(at_desk(), batch(), actor_, {0, 1})->more);
    auto mended = file->bytes;
    mended.replace(mended.find("01/03/2018"), 10, "2018-03-01");
    mended.replace(mended.find("many"), 4, "20");
    const auto report = desk_.take_in("help_desk_log", mended);
    ASSERT_TRUE(report) << to_line(report.error().front());
    EXPECT_EQ(report->rows_read, 2);
    EXPECT_EQ(report->accepted, 1);
}

TEST_F(Batches, AQuarantineFileTakenAwayIsTold) {
    std::filesystem::remove_all(desk_.workspace().quarantine());
    EXPECT_EQ(correct(3, {{"desk", "capital"}}).error().front().code, "registry.quarantine_gone");
    EXPECT_EQ(find_batch(desk_.session(), batch().file_digest)->quarantined, 3);
    EXPECT_FALSE(find_batch(desk_.session(), std::string(64, '0')));
}

}  // namespace
}  // namespace amate::registry
