// SPDX-License-Identifier: Apache-2.0
// Files that belong to records: encrypted in parts in the table `attachments`, beside the rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.hpp"
#include "definitions/model.hpp"
#include "store/session.hpp"

namespace amate::store {

inline constexpr const char* kAttachmentsTable = "attachments";
// Bytes of a file in one part: what is in memory at a time when one is written.
inline constexpr std::size_t kAttachmentPartBytes = 196'608;
// No file is larger, whatever its field allows: it is given back from memory.
inline constexpr std::int64_t kAttachmentBytesMax = 50'000'000;

// To which field of which record a file belongs; the field by the name it had first ("photo",
// "person__photo", "papers.copy"): later versions of the pack may call it otherwise.
struct AttachmentPlace {
    const definitions::Register& register_;
    std::string record_id, field;
};

// What is known of a file; kept encrypted as its part 0.
struct AttachmentFacts {
    std::string digest;  // of its bytes, hex: the value of the record's field
    std::int64_t bytes = 0;
    std::string media_type;
    std::string name;  // as whoever sent it called it; may be ""
};

struct Attachment {
    AttachmentFacts facts;
    std::int64_t ledger_seq = 0;  // entry that wrote it; it wrote no other
    std::int64_t parts = 0;       // part 0 not counted
};

// What an entry vouches for: the parts as they are stored, so that no key is needed to check.
struct AttachmentClaim {
    std::int64_t parts = 0;  // part 0 counted
    std::string digest;      // docs/formats/ledger.md, hex
    bool operator==(const AttachmentClaim&) const = default;
};

[[nodiscard]] TableShape attachments_shape();

// Within a transaction: encrypts the file and writes its parts; makes the table if there is none.
// `facts` are those of the file. Constant memory. Throws IoFailure, also if the file is other.
AttachmentClaim write_attachment(Session& session, const WriteKey& key,
                                 const AttachmentPlace& place, std::int64_t ledger_seq,
                                 const AttachmentFacts& facts, const std::filesystem::path& file);

// The newest file of that field of that record with this digest.
[[nodiscard]] std::optional<Attachment> find_attachment(Session& session,
                                                        const AttachmentPlace& place,
                                                        std::string_view digest);
// Its bytes. Throws IoFailure if a part was altered, moved or taken away.
[[nodiscard]] std::string read_attachment(Session& session, const AttachmentPlace& place,
                                          const Attachment& attachment);

// What lies there of an entry; no parts: nothing. Constant memory.
[[nodiscard]] AttachmentClaim stored_attachment(Session& session, std::int64_t ledger_seq);
// Entries that parts name as theirs, rising.
void for_each_attachment_entry(Session& session,
                               const std::function<void(std::int64_t ledger_seq)>& each);

}  // namespace amate::store
