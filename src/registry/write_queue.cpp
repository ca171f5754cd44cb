// SPDX-License-Identifier: Apache-2.0
// One thread takes what waits and carries it out as one transaction.
#include "registry/write_queue.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

namespace amate::registry {
namespace {

// A single request waits for its transaction; anything else is done by itself.
struct Waiting {
    std::optional<Request> request;
    std::promise<Result<Receipt>> answer;
    std::function<void(Desk&)> task;                 // keeps what it throws to itself
    std::function<void(std::exception_ptr)> refuse;  // of a task that could not begin
};

}  // namespace

struct WriteQueue::State {
    const definitions::Pack& pack;
    const store::Workspace& workspace;
    Limits limits;
    std::unique_ptr<Clock> clock;
    std::unique_ptr<store::Session> session;
    std::unique_ptr<Desk> desk;

    std::mutex lock;
    std::condition_variable wake;
    std::deque<Waiting> waiting;
    bool stopping = false;
    std::thread thread;

    State(const definitions::Pack& pack_, const store::Workspace& workspace_, const Limits& limits_)
        : pack(pack_),
          workspace(workspace_),
          limits(limits_),
          clock(make_system_clock(pack_.time_zone)) {}

    void open_desk() {
        if (desk) return;
        session = store::open_session(workspace, store::Session::Mode::read_write);
        desk = std::make_unique<Desk>(pack, workspace, *session, *clock);
    }
    // A session that failed is not used again.
    void close_desk() noexcept {
        desk.reset();
        session.reset();
    }

    bool put(Waiting item) {
        const std::lock_guard guard(lock);
        if (stopping || waiting.size() >= limits.waiting_max) return false;
        waiting.push_back(std::move(item));
        wake.notify_one();
        return true;
    }

    // The requests at the front of the queue, or one task; empty: the queue stops.
    std::vector<Waiting> take() {
        std::unique_lock guard(lock);
        wake.wait(guard, [this] { return stopping || !waiting.empty(); });
        std::vector<Waiting> taken;
        while (!waiting.empty() && taken.size() < limits.together_max) {
            const bool task = !waiting.front().request;
            if (task && !taken.empty()) break;
            taken.push_back(std::move(waiting.front()));
            waiting.pop_front();
            if (task) break;
        }
        return taken;
    }

    void run() {
        for (auto taken = take(); !taken.empty(); taken = take()) {
            if (taken.front().request) {
                carry_out(taken);
            } else {
                run_task(taken.front());
            }
        }
    }

    void run_task(Waiting& item) {
        try {
            open_desk();
        } catch (...) {
            close_desk();
            item.refuse(std::current_exception());
            return;
        }
        item.task(*desk);
    }

    void carry_out(std::vector<Waiting>& taken) {
        std::vector<Request> requests;
        for (auto& each : taken) requests.push_back(std::move(*each.request));
        try {
            open_desk();
            auto results = desk->carry_out(requests);
            for (std::size_t i = 0; i < taken.size(); ++i) {
                taken[i].answer.set_value(std::move(results[i]));
            }
        } catch (const InDoubt&) {
            // Carried out again, they might be written twice.
            const auto failure = std::current_exception();
            close_desk();
            for (auto& each : taken) each.answer.set_exception(failure);
        } catch (...) {
            const auto failure = std::current_exception();
            close_desk();
            if (taken.size() == 1) {
                taken.front().answer.set_exception(failure);
                return;
            }
            // One of them may be to blame: each is tried by itself.
            for (std::size_t i = 0; i < taken.size(); ++i) {
                std::vector<Waiting> alone;
                alone.push_back(std::move(taken[i]));
                alone.front().request = std::move(requests[i]);
                carry_out(alone);
            }
        }
    }

    // Runs `work` on the desk between two transactions and waits for what it gives.
    template <class Answer, class Work>
    Answer run_on_desk(Work work) {
        auto promise = std::make_shared<std::promise<Answer>>();
        auto future = promise->get_future();
        Waiting item;
        item.refuse = [promise](std::exception_ptr failure) { promise->set_exception(failure); };
        item.task = [this, promise, work = std::move(work)](Desk& open) {
            try {
                promise->set_value(work(open));
            } catch (...) {
                close_desk();
                promise->set_exception(std::current_exception());
            }
        };
        if (!put(std::move(item))) return fail(Problem{"registry.busy", {}, {}});
        return future.get();
    }
};

WriteQueue::WriteQueue(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<WriteQueue>> WriteQueue::open(const definitions::Pack& pack,
                                                     const store::Workspace& workspace,
                                                     const Limits& limits) {
    auto state = std::make_unique<State>(pack, workspace, limits);
    state->open_desk();
    AMATE_TRY_VOID(settle_schema(pack, workspace, *state->session, *state->clock,
                                 {"system", "", "administration"}));
    auto queue = std::unique_ptr<WriteQueue>(new WriteQueue(std::move(state)));
    queue->state_->thread = std::thread([state = queue->state_.get()] { state->run(); });
    return queue;
}

WriteQueue::~WriteQueue() {
    {
        const std::lock_guard guard(state_->lock);
        state_->stopping = true;
        state_->wake.notify_all();
    }
    if (state_->thread.joinable()) state_->thread.join();
}

Result<Receipt> WriteQueue::carry_out(Request request) {
    Waiting item;
    item.request = std::move(request);
    auto future = item.answer.get_future();
    if (!state_->put(std::move(item))) return fail(Problem{"registry.busy", {}, {}});
    return future.get();
}

Result<std::vector<Receipt>> WriteQueue::carry_out_together(std::vector<Request> requests) {
    return state_->run_on_desk<Result<std::vector<Receipt>>>(
        [requests = std::move(requests)](Desk& desk) { return desk.carry_out_together(requests); });
}

Result<store::StoredRecord> WriteQueue::read(const definitions::Register& register_,
                                             std::string folio, Caller caller, AsOf moments) {
    return state_->run_on_desk<Result<store::StoredRecord>>(
        [&register_, folio = std::move(folio), caller = std::move(caller),
         moments = std::move(moments)](Desk& desk) {
            return desk.read(register_, folio, caller, moments);
        });
}

Result<std::vector<store::StoredRecord>> WriteQueue::history(const definitions::Register& register_,
                                                             std::string folio, Caller caller) {
    return state_->run_on_desk<Result<std::vector<store::StoredRecord>>>(
        [&register_, folio = std::move(folio), caller = std::move(caller)](Desk& desk) {
            return desk.history(register_, folio, caller);
        });
}

Result<FoundFile> WriteQueue::find_file(const definitions::Register& register_, std::string folio,
                                        Caller caller, WantedFile wanted) {
    return state_->run_on_desk<Result<FoundFile>>([&register_, folio = std::move(folio),
                                                   caller = std::move(caller),
                                                   wanted = std::move(wanted)](Desk& desk) {
        return desk.find_file(register_, folio, caller, wanted);
    });
}

}  // namespace amate::registry
