// SPDX-License-Identifier: Apache-2.0
// The desk as the server has it: who is calling, and the queue that writes.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "registry/write_queue.hpp"
#include "server/access.hpp"
#include "server/batch_runner.hpp"
#include "server/uploads.hpp"
#include "store/workspace.hpp"

namespace amate::server {

// Resource; safe from many threads.
class Desk {
public:
    // Problems: those of registry::WriteQueue::open().
    [[nodiscard]] static Result<std::unique_ptr<Desk>> open(const definitions::Pack& pack,
                                                            const store::Workspace& workspace);

    // Whoever the header Authorization ("Bearer TOKEN") stands for. Grants given or taken back
    // meanwhile count at once. Problem server.sign_in_needed.
    [[nodiscard]] Result<registry::Caller> caller_of(std::string_view authorization) const;

    [[nodiscard]] registry::WriteQueue& queue() const { return *queue_; }
    [[nodiscard]] BatchRunner& batches() const { return *batches_; }
    [[nodiscard]] const Uploads& uploads() const { return uploads_; }
    // Registry's reading, through the queue only where it leaves an entry.
    [[nodiscard]] Result<store::StoredRecord> read(const definitions::Register& register_,
                                                   const std::string& folio,
                                                   const registry::Caller& caller,
                                                   const registry::AsOf& moments) const;
    [[nodiscard]] Result<std::vector<store::StoredRecord>> history(
        const definitions::Register& register_, const std::string& folio,
        const registry::Caller& caller) const;
    [[nodiscard]] Result<registry::FoundFile> find_file(const definitions::Register& register_,
                                                        const std::string& folio,
                                                        const registry::Caller& caller,
                                                        const registry::WantedFile& wanted) const;
    // A session that only reads. Throws IoFailure.
    [[nodiscard]] std::unique_ptr<store::Session> reader() const;
    // One that writes, for what is no request of the queue. Throws IoFailure.
    [[nodiscard]] std::unique_ptr<store::Session> writer() const;
    // In the pack's zone.
    [[nodiscard]] DateTime now() const;

private:
    Desk(const definitions::Pack& pack, const store::Workspace& workspace,
         std::unique_ptr<registry::WriteQueue> queue)
        : pack_(pack),
          workspace_(workspace),
          queue_(std::move(queue)),
          batches_(std::make_unique<BatchRunner>(pack, workspace)),
          uploads_(workspace.uploads()) {}
    void refresh() const;

    const definitions::Pack& pack_;
    const store::Workspace& workspace_;
    std::unique_ptr<registry::WriteQueue> queue_;
    std::unique_ptr<BatchRunner> batches_;
    Uploads uploads_;
    mutable std::mutex lock_;
    mutable std::string stamp_;  // of the file the grants were read from
    mutable std::vector<Grant> grants_;
};

}  // namespace amate::server
