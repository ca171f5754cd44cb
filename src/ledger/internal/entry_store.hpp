// SPDX-License-Identifier: Apache-2.0
// The ledger's own tables: entries, blocks of rows, answers given, and the sequences of numbers.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/internal/rows_digest.hpp"
#include "ledger/unit_of_work.hpp"
#include "store/schema.hpp"
#include "store/session.hpp"

namespace amate::ledger::internal {

struct StoredEntry {
    Entry entry;
    std::string signature;  // hex
};

[[nodiscard]] bool has_ledger(store::Session& session);
[[nodiscard]] std::vector<store::TableShape> ledger_shapes();
void make_ledger_tables(store::Session& session, const store::WriteKey& key);

void write_entry(store::Session& session, const store::WriteKey& key, const StoredEntry& stored);
// By rising seq, from the first after `after_seq`, until `each` returns false.
void for_each_stored_entry(store::Session& session, std::int64_t after_seq,
                           const std::function<bool(const StoredEntry&)>& each);
// Those of one action.
void for_each_stored_entry_of(store::Session& session, std::string_view action,
                              const std::function<bool(const StoredEntry&)>& each);
[[nodiscard]] std::optional<StoredEntry> find_entry(store::Session& session, std::int64_t seq);
[[nodiscard]] std::optional<StoredEntry> find_last_entry(store::Session& session);
[[nodiscard]] std::optional<StoredEntry> find_batch_entry(store::Session& session,
                                                          std::string_view file_digest);

void write_blocks(store::Session& session, const store::WriteKey& key, std::int64_t seq,
                  const std::string& register_name, const std::vector<Block>& blocks);
[[nodiscard]] std::vector<Block> load_blocks(store::Session& session, std::int64_t seq,
                                             const std::string& register_name);
// Which entries and registers blocks are kept for.
void for_each_block_owner(
    store::Session& session,
    const std::function<bool(std::int64_t seq, const std::string& register_name)>& each);

struct StoredAnswer {
    std::string user, key, request_digest, answer, at;
};
void write_answer(store::Session& session, const store::WriteKey& key, const StoredAnswer& answer);
[[nodiscard]] std::optional<StoredAnswer> find_answer(store::Session& session,
                                                      std::string_view user, std::string_view key);

[[nodiscard]] std::map<std::string, std::int64_t> next_numbers(store::Session& session,
                                                               std::string_view name);
[[nodiscard]] std::int64_t take_numbers(store::Session& session, const store::WriteKey& key,
                                        std::string_view name, std::int64_t count);

// `after` with what the unit itself knows ("rows", "schema") added.
// A file that came with an entry.
struct KeptAttachment {
    std::string field;
    store::AttachmentClaim claim;
};
[[nodiscard]] std::string complete_after(const std::string& after,
                                         const std::map<std::string, RowsClaim>& rows,
                                         const store::SchemaChange& schema,
                                         const std::optional<KeptAttachment>& attachment);
// Nothing: no file came with the entry.
[[nodiscard]] std::optional<store::AttachmentClaim> attachment_claim_of(const std::string& after);
// The claims in an entry's `after`, by register; none if it makes none.
[[nodiscard]] std::map<std::string, RowsClaim> rows_claims_of(const std::string& after);
// What an entry's `after` says was kept beside the records; "" where it says so of none.
struct SchemaClaim {
    std::string definition;  // its digest
    std::string data_keys;   // of the table of data keys as it was from then on
};
[[nodiscard]] SchemaClaim schema_claim_of(const std::string& after);

}  // namespace amate::ledger::internal
