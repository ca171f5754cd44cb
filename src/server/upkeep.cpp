// SPDX-License-Identifier: Apache-2.0
// One thread that sleeps until something is due.
#include "server/upkeep.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <spdlog/spdlog.h>

#include "ledger/seals.hpp"
#include "registry/desk.hpp"
#include "server/uploads.hpp"
#include "store/session.hpp"

namespace amate::server {
namespace {

using Time = std::chrono::steady_clock::time_point;

// Ends a long pass when the program is to end.
class UntilStopped final : public Progress {
public:
    explicit UntilStopped(const std::atomic<bool>& stopping) : stopping_(stopping) {}
    void advance(std::string_view, std::int64_t, std::int64_t) override {
        if (stopping_) throw IoFailure("stopped");
    }

private:
    const std::atomic<bool>& stopping_;
};

}  // namespace

struct Upkeep::State {
    const definitions::Pack& pack;
    const store::Workspace& workspace;
    UpkeepPace pace;

    std::mutex lock = {};
    std::condition_variable wake = {};
    std::atomic<bool> stopping = false;
    std::thread thread = {};

    void seal(store::Session& session, Clock& clock) {
        (void)ledger::seal(session, workspace.keys(), clock);
    }

    void lapse_deadlines(store::Session& session, Clock& clock) {
        UntilStopped progress(stopping);
        registry::Desk desk(pack, workspace, session, clock);
        const auto count =
            desk.lapse_deadlines({"system", "amate serve", "administration"}, progress);
        if (count > 0) spdlog::info("{} deadlines ran out", count);
    }

    void sweep_uploads() const {
        try {
            const auto now = std::chrono::system_clock::now();
            const auto ended =
                Uploads(workspace.uploads()).sweep(std::chrono::floor<std::chrono::seconds>(now));
            if (ended > 0) spdlog::info("{} unfinished uploads expired", ended);
        } catch (const std::exception& failure) {
            spdlog::error("uploads not swept, tried again later: {}", failure.what());
        }
    }

    using Task = void (State::*)(store::Session&, Clock&);
    void carry_out(Task task, const char* name) {
        try {
            const auto session = store::open_session(workspace, store::Session::Mode::read_write);
            const auto clock = make_system_clock(pack.time_zone);
            (this->*task)(*session, *clock);
        } catch (const std::exception& failure) {
            if (!stopping)
                spdlog::error("{} not done, tried again later: {}", name, failure.what());
        }
    }

    void run() {
        auto deadlines_at = std::chrono::steady_clock::now();
        auto seal_at = deadlines_at;
        std::unique_lock guard(lock);
        while (!stopping) {
            const auto due = std::min(deadlines_at, seal_at);
            if (wake.wait_until(guard, due, [this] { return stopping.load(); })) return;
            guard.unlock();
            // Deadlines first: their entries are sealed with the others.
            if (due == deadlines_at) {
                carry_out(&State::lapse_deadlines, "deadlines");
                sweep_uploads();
                deadlines_at = std::chrono::steady_clock::now() + pace.deadlines;
            } else {
                carry_out(&State::seal, "a seal");
                seal_at = std::chrono::steady_clock::now() + pace.seals;
            }
            guard.lock();
        }
    }
};

Upkeep::Upkeep(const definitions::Pack& pack, const store::Workspace& workspace,
               const UpkeepPace& pace)
    : state_(new State{pack, workspace, pace}) {
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Upkeep::~Upkeep() {
    {
        const std::lock_guard guard(state_->lock);
        state_->stopping = true;
        state_->wake.notify_all();
    }
    state_->thread.join();
}

}  // namespace amate::server
