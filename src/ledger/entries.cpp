// SPDX-License-Identifier: Apache-2.0
// Reading the ledger for those who show it.
#include "ledger/entries.hpp"

#include "ledger/internal/entry_store.hpp"
#include "ledger/internal/moment.hpp"
#include "ledger/internal/seal.hpp"

namespace amate::ledger {
namespace {

std::optional<Entry> entry_of(std::optional<internal::StoredEntry> stored) {
    if (!stored) return std::nullopt;
    return std::move(stored->entry);
}

}  // namespace

void for_each_entry(store::Session& session, const std::function<bool(const Entry&)>& each) {
    internal::for_each_stored_entry(
        session, 0, [&](const internal::StoredEntry& stored) { return each(stored.entry); });
}

void for_each_entry_of(store::Session& session, std::string_view action,
                       const std::function<bool(const Entry&)>& each) {
    internal::for_each_stored_entry_of(
        session, action, [&](const internal::StoredEntry& stored) { return each(stored.entry); });
}

std::optional<Entry> last_entry(store::Session& session) {
    return entry_of(internal::find_last_entry(session));
}

std::optional<Entry> find_entry(store::Session& session, std::int64_t seq) {
    return entry_of(internal::find_entry(session, seq));
}

std::string moment_of(std::int64_t unix_ms) {
    return internal::moment_of(unix_ms);
}

std::optional<Entry> find_batch(store::Session& session, std::string_view file_digest) {
    return entry_of(internal::find_batch_entry(session, file_digest));
}

std::optional<Answer> find_answer(store::Session& session, const std::filesystem::path& keys,
                                  const AnsweredRequest& request) {
    auto stored = internal::find_answer(session, request.user, request.key);
    if (!stored) return std::nullopt;
    const auto mark = internal::Sealer::open(keys).mark_of(request.digest);
    return Answer{stored->request_digest == mark, std::move(stored->answer)};
}

}  // namespace amate::ledger
