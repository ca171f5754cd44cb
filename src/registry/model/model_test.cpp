// SPDX-License-Identifier: Apache-2.0
// Random operations on the real engine: every answer and every record must be as the auditor says.
#include <cstdlib>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "registry/model/house.hpp"

namespace amate::registry::model {
namespace {

constexpr std::int64_t kOperations = 5'000;     // of a run that nobody asks more of,
constexpr std::int64_t kPerSmallHouse = 1'000;  // in several houses, each with its own seed
constexpr std::int64_t kPerHouse = 20'000;
constexpr std::int64_t kBetweenAudits = 4'000;
constexpr std::size_t kLinesShown = 25;

std::uint64_t given(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// The last operations about the folio that the discrepancy names, or the last of all.
std::string history_of(const House& house, const std::string& discrepancy) {
    std::string folio;
    for (const auto* prefix : {"LAN-", "CAS-", "AMP-"}) {
        const auto at = discrepancy.find(prefix);
        if (at != discrepancy.npos && folio.empty()) {
            folio = discrepancy.substr(at, discrepancy.find_first_of(" :\n", at) - at);
        }
    }
    std::vector<std::string> shown;
    const auto& lines = house.lines();
    for (auto i = lines.size(); i > 0 && shown.size() < kLinesShown; --i) {
        if (lines[i - 1].find(folio) != std::string::npos) shown.push_back(lines[i - 1]);
    }
    std::string text = "\noperations on " + (folio.empty() ? "all" : folio) + ", newest first:";
    for (const auto& line : shown) text += "\n  " + line;
    return text;
}

// One house; the number of operations done. Says in `found` what went wrong.
std::int64_t run(std::uint64_t seed, std::int64_t operations, std::string& found,
                 std::map<std::string, std::int64_t>& counts) {
    House house(seed);
    std::int64_t done = 0;
    const auto stopped = [&](const std::string& what) {
        found = what + "\nrepeat with AMATE_MODEL_SEED=" + std::to_string(seed) +
                " AMATE_MODEL_OPERATIONS=" + std::to_string(done + 1) + history_of(house, what);
    };
    try {
        auto next_audit = kBetweenAudits;
        while (done < operations) {
            done += house.step();
            if (done < next_audit) continue;
            house.audit(House::Scope::changed);
            next_audit = done + kBetweenAudits;
        }
        house.audit(House::Scope::whole);
    } catch (const Discrepancy& discrepancy) {
        stopped(discrepancy.text);
    } catch (const std::exception& failure) {
        stopped(failure.what());
    }
    for (const auto& [what, count] : house.counts()) counts[what] += count;
    counts["entries"] += static_cast<std::int64_t>(house.auditor().entries().size());
    counts["revisions"] += house.auditor().revisions();
    return done;
}

// Why: a test says what its writer thought of; faults lie where several things meet that nobody
// thought of together. AMATE_MODEL_SEED and AMATE_MODEL_OPERATIONS repeat a run, or make it long.
TEST(Model, AnswersAndKeepsWhatTheAuditorSays) {
    auto seed = given("AMATE_MODEL_SEED", std::random_device{}());
    const auto wanted = static_cast<std::int64_t>(given("AMATE_MODEL_OPERATIONS", kOperations));
    std::cout << "AMATE_MODEL_SEED=" << seed << ", " << wanted << " operations" << std::endl;
    const bool asked = std::getenv("AMATE_MODEL_OPERATIONS") != nullptr;
    const auto per_house = asked ? kPerHouse : kPerSmallHouse;
    std::map<std::string, std::int64_t> counts;
    std::int64_t done = 0;
    while (done < wanted) {
        std::string found;
        done += run(seed++, std::min(per_house, wanted - done), found, counts);
        if (!found.empty()) FAIL() << found;
        if (wanted > kPerHouse) std::cout << done << " operations" << std::endl;
    }
    for (const auto& [what, count] : counts) std::cout << what << ": " << count << '\n';
}

}  // namespace
}  // namespace amate::registry::model
