// SPDX-License-Identifier: Apache-2.0
// Blocks of judged rows on their way from the thread that reads to the one that writes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "ledger/row_maker.hpp"

namespace amate::registry::internal {

inline constexpr std::size_t kRowsPerBlock = 1024;
inline constexpr std::size_t kBlocks = 4;  // enough for neither side to wait, few enough for memory

struct RowBlock {
    std::vector<ledger::SealedRow> rows;  // reused; the first `count` are good
    std::size_t count = 0;
    std::int64_t unix_ms = 0;    // when the writer gave the block out
    std::int64_t done = 0;       // of the file, so far
    std::int64_t rows_read = 0;  // so far, those in quarantine too
};

// A queue between two threads that either side may close. After that nothing goes in, and taking
// gives what is left, then nothing.
class BlockQueue {
public:
    bool put(std::unique_ptr<RowBlock> block) {
        const std::lock_guard lock(mutex_);
        if (closed_) return false;
        blocks_.push_back(std::move(block));
        changed_.notify_one();
        return true;
    }
    [[nodiscard]] std::unique_ptr<RowBlock> take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return closed_ || !blocks_.empty(); });
        if (blocks_.empty()) return nullptr;
        auto block = std::move(blocks_.front());
        blocks_.pop_front();
        return block;
    }
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }
    // Closes and lets go of what is left, so that the other side stops at once.
    void abandon() {
        close();
        const std::lock_guard lock(mutex_);
        blocks_.clear();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<RowBlock>> blocks_;
    bool closed_ = false;
};

}  // namespace amate::registry::internal
