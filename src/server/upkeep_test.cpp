// SPDX-License-Identifier: Apache-2.0
// A served country keeps itself up: what ran out is felt and what was written is sealed.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "ledger/entries.hpp"
#include "ledger/seals.hpp"
#include "server/test_site.hpp"
#include "server/upkeep.hpp"

namespace amate::server {
namespace {

using std::chrono::milliseconds;

bool comes_true(const std::function<bool()>& wanted) {
    for (int i = 0; i < 2'000; ++i) {
        if (wanted()) return true;
        std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
}

class UpkeepTest : public ::testing::Test {
protected:
    UpkeepTest() : token_(site_.token_of("sol", "supervisor")) {}

    std::string stay() {
        const auto response =
            site_.ask("POST", "/api/v1/registers/shelter_stay/records", token_,
                      R"({"fields":{"arrived_at":"2018-03-01T10:00","office":"hill_house",)"
                      R"("person":{"sex":"female","birth":"2010-01-01"}}})");
        EXPECT_EQ(response.status, 201) << response.body;
        return std::string(boost::json::parse(response.body).at("folio").as_string());
    }
    std::string record(const std::string& folio) {
        return site_.ask("GET", "/api/v1/registers/shelter_stay/records/" + folio, token_).body;
    }
    std::int64_t entries() {
        const auto entry = ledger::last_entry(*site_.site().desk().reader());
        return entry ? entry->seq : 0;
    }
    std::optional<ledger::Seal> seal() { return ledger::last_seal(*site_.site().desk().reader()); }

    TestSite site_{Data::real};
    std::string token_;
};

// Why: nobody runs `amate deadlines` on a Sunday; a child's deadline must be felt all the same.
TEST_F(UpkeepTest, LapsesDeadlinesAndSealsByItself) {
    const auto before = stay();
    const Upkeep upkeep(site_.pack(), site_.workspace(), {milliseconds(20), milliseconds(20)});
    EXPECT_TRUE(
        comes_true([&] { return record(before).find("late_assessment") != std::string::npos; }));
    const auto later = stay();
    EXPECT_TRUE(
        comes_true([&] { return record(later).find("late_assessment") != std::string::npos; }));
    EXPECT_TRUE(comes_true([&] {
        const auto sealed = seal();
        return sealed && sealed->size == entries();
    }));
}

// Why: a store that is away for a while must not end what keeps it up.
TEST_F(UpkeepTest, GoesOnAfterAFailure) {
    const auto folio = stay();
    const auto keys = site_.workspace().keys();
    const auto away = keys.string() + ".away";
    std::filesystem::rename(keys, away);
    const Upkeep upkeep(site_.pack(), site_.workspace(), {milliseconds(20), milliseconds(20)});
    std::this_thread::sleep_for(milliseconds(200));
    EXPECT_FALSE(seal());
    std::filesystem::rename(away, keys);
    EXPECT_TRUE(
        comes_true([&] { return record(folio).find("late_assessment") != std::string::npos; }));
}

}  // namespace
}  // namespace amate::server
