// SPDX-License-Identifier: Apache-2.0
// Three batches go round: one is filled, one is hashed, one lies ready for whoever is quicker.
#include "ledger/internal/rows_reading.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/crypto.hpp"

namespace amate::ledger::internal {
namespace {

constexpr std::size_t kRowsPerBatch = 512;
constexpr std::int64_t kBesideMin = 4 * kRowsPerBatch;  // below, a thread costs more than it saves

struct Batch {
    struct Row {
        std::size_t form_end = 0;
        std::string stated_hash;
        std::int64_t batch_row = 0;
    };
    std::string forms;      // one after the other
    std::vector<Row> rows;  // the first `count` of them; the others' texts are used again
    std::size_t count = 0;

    Row& next() {
        if (count == rows.size()) rows.emplace_back();
        return rows[count++];
    }
    void clear() {
        forms.clear();
        count = 0;
    }
};

void hash_batch(const Batch& batch, RowsRead& read) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < batch.count; ++i) {
        const auto& row = batch.rows[i];
        const auto form = std::string_view(batch.forms).substr(begin, row.form_end - begin);
        begin = row.form_end;
        read.all_hold = read.all_hold && crypto::to_hex(crypto::digest(form)) == row.stated_hash;
        read.digest.add(row.stated_hash, row.batch_row);
    }
}

// Batches on their way from one thread to the other; nothing comes out of one that is closed and
// empty.
class Channel {
public:
    void put(Batch* batch) {
        const std::lock_guard lock(mutex_);
        batches_.push_back(batch);
        changed_.notify_one();
    }
    Batch* take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return closed_ || !batches_.empty(); });
        if (batches_.empty()) return nullptr;
        auto* batch = batches_.front();
        batches_.pop_front();
        return batch;
    }
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Batch*> batches_;
    bool closed_ = false;
};

// Hashes what comes in order; ended and joined whatever happens to the reader.
class HashingThread {
public:
    HashingThread(RowsRead& read, Channel& full, Channel& empty)
        : full_(full), thread_([&read, &full, &empty] {
              while (auto* batch = full.take()) {
                  hash_batch(*batch, read);
                  empty.put(batch);
              }
          }) {}
    ~HashingThread() { finish(); }
    HashingThread(const HashingThread&) = delete;
    HashingThread& operator=(const HashingThread&) = delete;
    void finish() {
        full_.close();
        if (thread_.joinable()) thread_.join();
    }

private:
    Channel& full_;
    std::thread thread_;
};

// Calls `pass_on` with every full batch and the last; it gives the batch to fill next.
template <class PassOn>
void fill_batches(store::SealedTable& table, std::int64_t ledger_seq, Batch* batch,
                  const std::function<void(std::int64_t)>& on_read, PassOn pass_on) {
    std::int64_t rows = 0;
    table.for_each_form(ledger_seq, [&](const store::RowForm& form) {
        if (batch->count == kRowsPerBatch) {
            on_read(rows);
            batch = pass_on(batch);
        }
        form.append_to(batch->forms);
        auto& row = batch->next();
        row.form_end = batch->forms.size();
        row.stated_hash = form.stated_hash;
        row.batch_row = form.batch_row;
        ++rows;
    });
    pass_on(batch);
    on_read(rows);
}

}  // namespace

RowsRead read_rows(store::SealedTable& table, std::int64_t ledger_seq, std::int64_t expected,
                   const std::function<void(std::int64_t rows)>& on_read) {
    RowsRead read;
    if (expected < kBesideMin) {
        Batch batch;
        fill_batches(table, ledger_seq, &batch, on_read, [&](Batch* full) {
            hash_batch(*full, read);
            full->clear();
            return full;
        });
        return read;
    }
    std::vector<Batch> batches(3);
    Channel full;
    Channel empty;
    for (std::size_t i = 1; i < batches.size(); ++i) empty.put(&batches[i]);
    HashingThread hashing(read, full, empty);
    fill_batches(table, ledger_seq, &batches[0], on_read, [&](Batch* filled) {
        full.put(filled);
        auto* next = empty.take();
        next->clear();
        return next;
    });
    hashing.finish();
    return read;
}

}  // namespace amate::ledger::internal
