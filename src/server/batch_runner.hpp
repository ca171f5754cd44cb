// SPDX-License-Identifier: Apache-2.0
// Files that came over HTTP, taken in one after the other beside the requests.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "definitions/model.hpp"
#include "exchange/open_rows.hpp"
#include "exchange/spool.hpp"
#include "ledger/unit_of_work.hpp"
#include "store/workspace.hpp"

namespace amate::server {

// A file as it came, whole.
struct Delivery {
    const definitions::Source* source = nullptr;  // of the runner's pack
    std::shared_ptr<exchange::Spool> file;        // shared with the request that brought it
    std::optional<exchange::FileFormat> format;   // as it was said
    ledger::Actor actor;
};

enum class BatchState : unsigned char { waiting, running, accepted, refused, failed };
[[nodiscard]] std::string_view name_of(BatchState state);

// Where a file stands that this program takes in, or could not.
struct RunningBatch {
    std::string file_digest, source_name, register_name;
    BatchState state = BatchState::waiting;
    std::int64_t rows_read = 0;  // so far
    Problems problems;           // why it was refused
    std::exception_ptr failure;  // why it failed
};

// Safe from many threads. A file is taken in by the code of the command line, in a session of its
// own. Stopped, the file under way is given up and nothing of it is written. What was accepted is
// told by the ledger; the last hundred that were not are told from here, until the program ends.
class BatchRunner {
public:
    static constexpr std::size_t kWaitingMax = 16;

    BatchRunner(const definitions::Pack& pack, const store::Workspace& workspace);
    ~BatchRunner();
    BatchRunner(const BatchRunner&) = delete;
    BatchRunner& operator=(const BatchRunner&) = delete;

    // Digest of the file, by which its batch is called. Problems: registry.batch_running,
    // registry.busy. That a file was taken in before is found when its turn comes.
    [[nodiscard]] Result<std::string> take(Delivery delivery);
    // Where it stands, at the latest after `wait`; nothing: it did not come here, or long ago.
    [[nodiscard]] std::optional<RunningBatch> wait_for(std::string_view file_digest,
                                                       std::chrono::milliseconds wait) const;
    // All that are not in the ledger, newest first.
    [[nodiscard]] std::vector<RunningBatch> list() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace amate::server
