// SPDX-License-Identifier: Apache-2.0
// Many writers, one transaction: requests that come at the same time are made durable together.
#pragma once

#include <memory>
#include <vector>

#include "core/dates.hpp"
#include "core/result.hpp"
#include "registry/desk.hpp"

namespace amate::registry {

// Owns a writing session and the thread that uses it. Safe from many threads. A store that fails
// fails the requests that were under way; the next ones try it anew.
class WriteQueue {
public:
    struct Limits {
        std::size_t waiting_max = 4'096;  // more are refused: registry.busy
        std::size_t together_max = 256;   // requests of one transaction
    };

    // Borrows pack and workspace; makes the store's tables fit the pack. Problems: those of
    // store::ensure_tables().
    [[nodiscard]] static Result<std::unique_ptr<WriteQueue>> open(const definitions::Pack& pack,
                                                                  const store::Workspace& workspace,
                                                                  const Limits& limits);
    // What was taken is carried out first.
    ~WriteQueue();
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;

    // Waits until the request is durable. Problems: those of Desk::carry_out(), registry.busy.
    // Throws InDoubt: it may be written. Throws another IoFailure or Bug: nothing of it was.
    [[nodiscard]] Result<Receipt> carry_out(Request request);
    // The same for Desk::carry_out_together().
    [[nodiscard]] Result<std::vector<Receipt>> carry_out_together(std::vector<Request> requests);
    // What the desk reads, where that may be a ledger entry (Desk::read, Desk::history).
    [[nodiscard]] Result<store::StoredRecord> read(const definitions::Register& register_,
                                                   std::string folio, Caller caller, AsOf moments);
    [[nodiscard]] Result<std::vector<store::StoredRecord>> history(
        const definitions::Register& register_, std::string folio, Caller caller);
    [[nodiscard]] Result<FoundFile> find_file(const definitions::Register& register_,
                                              std::string folio, Caller caller, WantedFile wanted);

private:
    struct State;
    explicit WriteQueue(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace amate::registry
