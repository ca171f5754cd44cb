// SPDX-License-Identifier: Apache-2.0
// Whatever bytes come, rows add up and a refused file leaves nothing.
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "registry/internal/test_desk.hpp"

namespace amate::registry {
namespace {

constexpr int kFiles = 300;

// Bytes that lie near to what a file may hold, so that all branches are met.
std::string garbage(std::mt19937& random) {
    static const std::vector<std::string> kPieces = {
        "2018-03-01",
        "capital",
        "wage_claim",
        "window",
        "15",
        "true",
        "unknown",
        "-1",
        "\"",
        "\"\"",
        ",",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\r",
        ";",
        " ",
        "\xC2\xA0",
        "\xFF",
        "\xC3\xA1",
        std::string(1, '\0'),
        std::string(3000, 'z'),
        "2018-03-01,capital,wage_claim,window,15,true\n",
        "2018-03-01,capital,wage_claim,window,15,true\n",
        "2018-03-01,capital\n"};
    std::string text;
    if (random() % 8 != 0) text = "day,desk,topic,channel,minutes,resolved\n";
    const auto pieces = random() % 60;
    for (std::size_t i = 0; i < pieces; ++i) text += kPieces[random() % kPieces.size()];
    return text;
}

// A count that does not add up is a record lost or invented. AMATE_SEED replays a failure.
TEST(IngestProperty, AcceptedAndQuarantinedAreAllRowsRead) {
    const char* given = std::getenv("AMATE_SEED");
    const auto seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                       : std::random_device{}();
    SCOPED_TRACE("AMATE_SEED=" + std::to_string(seed));
    std::mt19937 random(seed);
    internal::TestDesk desk;
    std::int64_t records = 0;
    std::int64_t entries = 0;
    int taken = 0;
    for (int i = 0; i < kFiles; ++i) {
        const auto report = desk.take_in("help_desk_log", garbage(random));
        if (report) {
            ++taken;
            ++entries;
            records += report->accepted;
            EXPECT_GT(report->rows_read, 0);
            EXPECT_EQ(report->accepted + report->quarantined, report->rows_read);
            EXPECT_EQ(report->ledger_seq, entries);
        } else {
            EXPECT_FALSE(report.error().empty());
        }
        ASSERT_EQ(desk.records("help_desk_visit"), records);
        ASSERT_EQ(desk.entries(), entries);
    }
    EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace amate::registry
