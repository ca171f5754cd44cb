// SPDX-License-Identifier: Apache-2.0
// One thread takes in what waits; requests ask how far it is.
#include "server/batch_runner.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include <spdlog/spdlog.h>

#include "core/crypto.hpp"
#include "ledger/seals.hpp"
#include "registry/ingest.hpp"

namespace amate::server {
namespace {

constexpr std::size_t kEndedMax = 100;
constexpr const char* kNameOfFile = "-";  // what a caller calls a file may hold a person's name

bool ended(BatchState state) {
    return state != BatchState::waiting && state != BatchState::running;
}

}  // namespace

std::string_view name_of(BatchState state) {
    switch (state) {
        case BatchState::waiting:
            return "waiting";
        case BatchState::running:
            return "running";
        case BatchState::accepted:
            return "accepted";
        case BatchState::refused:
            return "refused";
        case BatchState::failed:
            break;
    }
    return "failed";
}

struct BatchRunner::State {
    struct Job {
        Delivery delivery;
        RunningBatch batch;
    };

    const definitions::Pack& pack;
    const store::Workspace& workspace;
    mutable std::mutex lock;
    mutable std::condition_variable changed;
    std::list<Job> jobs;  // oldest first
    bool stopping = false;
    std::thread thread;

    // Tells the rows, and ends the work when the program is to end.
    class Rows final : public Progress {
    public:
        Rows(State& state, Job& job) : state_(state), job_(job) {}
        void advance(std::string_view, std::int64_t, std::int64_t) override {}
        void rows(std::int64_t count) override {
            const std::lock_guard guard(state_.lock);
            if (state_.stopping) throw IoFailure("stopped while a file was taken in");
            job_.batch.rows_read = count;
        }

    private:
        State& state_;
        Job& job_;
    };

    [[nodiscard]] const Job* find(std::string_view file_digest) const {
        const auto found = std::find_if(jobs.rbegin(), jobs.rend(), [&](const Job& job) {
            return job.batch.file_digest == file_digest;
        });
        return found == jobs.rend() ? nullptr : &*found;
    }

    // The next job that waits; null: the runner stops.
    Job* next() {
        std::unique_lock guard(lock);
        for (;;) {
            if (stopping) return nullptr;
            for (auto& job : jobs) {
                if (job.batch.state != BatchState::waiting) continue;
                job.batch.state = BatchState::running;
                return &job;
            }
            changed.wait(guard);
        }
    }

    Result<registry::BatchReport> take_in(Job& job) {
        const auto& delivery = job.delivery;
        const auto* register_ = pack.find_register(delivery.source->register_name);
        AMATE_CHECK(register_ != nullptr);
        const auto path = delivery.file->path();
        AMATE_TRY(const auto rows, exchange::open_rows({path, kNameOfFile, delivery.format},
                                                       *register_, *delivery.source));
        const auto clock = make_system_clock(pack.time_zone);
        const auto session = store::open_session(workspace, store::Session::Mode::read_write);
        Rows progress(*this, job);
        AMATE_TRY(auto report, registry::ingest(pack, {*delivery.source, *rows, path}, workspace,
                                                *session, *clock, delivery.actor, progress));
        try {
            (void)ledger::seal(*session, workspace.keys(), *clock);
        } catch (const IoFailure& failure) {
            // It is committed all the same; the next seal covers it.
            spdlog::error("a batch was taken in and not sealed: {}", failure.what());
        }
        return report;
    }

    void run() {
        while (auto* job = next()) {
            auto state = BatchState::accepted;
            Problems problems;
            std::exception_ptr failure;
            std::int64_t rows = 0;
            try {
                auto report = take_in(*job);
                if (report) {
                    rows = report->rows_read;
                } else {
                    state = BatchState::refused;
                    problems = std::move(report.error());
                }
            } catch (...) {
                state = BatchState::failed;
                failure = std::current_exception();
            }
            end(*job, state, std::move(problems), failure, rows);
        }
    }

    static void forget(exchange::Spool& file) {
        try {
            file.let_go();
        } catch (const IoFailure& failure) {
            spdlog::error("a file that was taken in is left until it expires: {}", failure.what());
        }
    }

    void end(Job& job, BatchState state, Problems problems, std::exception_ptr failure,
             std::int64_t rows) {
        const std::lock_guard guard(lock);
        // One that came in parts has a name until nobody needs it again.
        if (state != BatchState::failed) forget(*job.delivery.file);
        job.delivery.file.reset();
        job.batch.state = state;
        job.batch.problems = std::move(problems);
        job.batch.failure = std::move(failure);
        job.batch.rows_read = rows;
        std::size_t over = 0;
        for (const auto& each : jobs) over += ended(each.batch.state) ? 1 : 0;
        over = over > kEndedMax ? over - kEndedMax : 0;
        for (auto each = jobs.begin(); each != jobs.end() && over > 0;) {
            const bool goes = ended(each->batch.state);
            over -= goes ? 1 : 0;
            each = goes ? jobs.erase(each) : std::next(each);
        }
        changed.notify_all();
    }
};

BatchRunner::BatchRunner(const definitions::Pack& pack, const store::Workspace& workspace)
    : state_(new State{pack, workspace, {}, {}, {}, false, {}}) {
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

BatchRunner::~BatchRunner() {
    {
        const std::lock_guard guard(state_->lock);
        state_->stopping = true;
        state_->changed.notify_all();
    }
    state_->thread.join();
}

Result<std::string> BatchRunner::take(Delivery delivery) {
    const auto digest = crypto::to_hex(crypto::digest_of_file(delivery.file->path()));
    const std::lock_guard guard(state_->lock);
    const auto* earlier = state_->find(digest);
    if (earlier != nullptr && !ended(earlier->batch.state)) {
        return fail(Problem{"registry.batch_running", {}, {}});
    }
    const auto waiting =
        std::count_if(state_->jobs.begin(), state_->jobs.end(),
                      [](const auto& job) { return job.batch.state == BatchState::waiting; });
    if (static_cast<std::size_t>(waiting) >= kWaitingMax || state_->stopping) {
        return fail(Problem{"registry.busy", {}, {}});
    }
    RunningBatch batch{digest, delivery.source->name, delivery.source->register_name, {}, 0, {},
                       {}};
    state_->jobs.push_back({std::move(delivery), std::move(batch)});
    state_->changed.notify_all();
    return digest;
}

std::optional<RunningBatch> BatchRunner::wait_for(std::string_view file_digest,
                                                  std::chrono::milliseconds wait) const {
    std::unique_lock guard(state_->lock);
    const State::Job* job = nullptr;
    state_->changed.wait_for(guard, wait, [&] {
        job = state_->find(file_digest);
        return state_->stopping || job == nullptr || ended(job->batch.state);
    });
    job = state_->find(file_digest);
    if (job == nullptr) return std::nullopt;
    return job->batch;
}

std::vector<RunningBatch> BatchRunner::list() const {
    const std::lock_guard guard(state_->lock);
    std::vector<RunningBatch> all;
    for (auto job = state_->jobs.rbegin(); job != state_->jobs.rend(); ++job) {
        if (job->batch.state != BatchState::accepted) all.push_back(job->batch);
    }
    return all;
}

}  // namespace amate::server
