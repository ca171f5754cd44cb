// SPDX-License-Identifier: Apache-2.0
// Reading the ledger: its entries in order, its end, and the batch that took in a file.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/unit_of_work.hpp"
#include "store/session.hpp"

namespace amate::ledger {

// Calls `each` for every entry by rising seq until it returns false. Constant memory.
void for_each_entry(store::Session& session, const std::function<bool(const Entry&)>& each);

// The same for the entries of one action.
void for_each_entry_of(store::Session& session, std::string_view action,
                       const std::function<bool(const Entry&)>& each);

// Nothing while the ledger is empty.
[[nodiscard]] std::optional<Entry> last_entry(store::Session& session);
[[nodiscard]] std::optional<Entry> find_entry(store::Session& session, std::int64_t seq);

// A moment as entries have it: "2018-09-07T12:00:00.000Z".
[[nodiscard]] std::string moment_of(std::int64_t unix_ms);

// The entry "batch.ingest" whose `after` names this file digest (hex).
[[nodiscard]] std::optional<Entry> find_batch(store::Session& session,
                                              std::string_view file_digest);

// What a request was answered when it was carried out (UnitOfWork::remember_answer).
struct Answer {
    bool same_request = false;  // the digest is that of the request it was given to
    std::string answer;
};
struct AnsweredRequest {
    std::string_view user, key, digest;
};
// `keys`: the workspace's folder; the store keeps digests keyed with what it holds. Throws
// IoFailure.
[[nodiscard]] std::optional<Answer> find_answer(store::Session& session,
                                                const std::filesystem::path& keys,
                                                const AnsweredRequest& request);

}  // namespace amate::ledger
