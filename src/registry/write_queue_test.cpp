// SPDX-License-Identifier: Apache-2.0
// Many callers at once, and surroundings that break between the commit and its acknowledgement.
#include <gtest/gtest.h>

#include <unistd.h>

#include <future>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "registry/internal/test_desk.hpp"
#include "registry/write_queue.hpp"

namespace amate::registry {
namespace {

namespace fs = std::filesystem;

class WriteQueueTest : public ::testing::Test {
protected:
    WriteQueueTest() {
        auto queue = WriteQueue::open(house_.pack(), house_.workspace(), {});
        EXPECT_TRUE(queue);
        if (queue) queue_ = std::move(*queue);
    }
    Request creation() {
        const auto& landing = *house_.pack().find_register("landing");
        auto change =
            parse_change(landing, ChangeKind::create,
                         boost::json::parse(R"({"fields":{"landed_at":"2018-03-01T10:00",)"
                                            R"("point":"long_pier","modality":"assisted",)"
                                            R"("person":{"sex":"male"}}})")
                             .as_object());
        EXPECT_TRUE(change);
        return {&landing,
                {{"oto", "hill_house", "reception"}, {"reception_officer"}},
                std::move(*change),
                "",
                ""};
    }
    // Makes whoever writes the signed head fail, while it may be read.
    [[nodiscard]] fs::path head_obstacle() const {
        return house_.workspace().keys() / fmt::format("ledger.head.json.{}.tmp", ::getpid());
    }

    internal::TestDesk house_;
    std::unique_ptr<WriteQueue> queue_;
};

// Why: a unit that was committed and could not be acknowledged must not be carried out again, which
// without a key of idempotency would record everybody in it twice.
TEST_F(WriteQueueTest, WhatIsInDoubtIsNotRepeated) {
    constexpr int kCallers = 16;
    fs::create_directory(head_obstacle());
    std::vector<std::future<bool>> doubts;
    for (int i = 0; i < kCallers; ++i) {
        doubts.push_back(std::async(std::launch::async, [this] {
            try {
                EXPECT_TRUE(queue_->carry_out(creation()));
            } catch (const InDoubt&) {
                return true;
            }
            return false;
        }));
    }
    for (auto& doubt : doubts) EXPECT_TRUE(doubt.get());
    EXPECT_EQ(house_.records("landing"), kCallers);
    fs::remove(head_obstacle());
    EXPECT_TRUE(queue_->carry_out(creation())) << "the service resumes by itself";
    EXPECT_EQ(house_.records("landing"), kCallers + 1);
}

}  // namespace
}  // namespace amate::registry
