// SPDX-License-Identifier: Apache-2.0
// Parts of files: encrypted as cells are, each bound to its place, its order and its entry.
#include "store/attachments.hpp"

#include <fstream>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "store/field_cipher.hpp"

namespace amate::store {
namespace {

namespace json = boost::json;

constexpr const char* kSelectHeads =
    "SELECT ledger_seq, content FROM attachments WHERE record_id = ? AND field = ? AND part = 0 "
    "ORDER BY ledger_seq DESC";
constexpr const char* kSelectParts =
    "SELECT part, content FROM attachments WHERE ledger_seq = ? AND part > 0 ORDER BY part";
constexpr const char* kSelectStored =
    "SELECT part, record_id, field, content FROM attachments WHERE ledger_seq = ? ORDER BY part";
constexpr const char* kSelectEntries =
    "SELECT DISTINCT ledger_seq FROM attachments ORDER BY ledger_seq";

// What is authenticated with a part beside table and field, so that none can stand elsewhere.
std::string bound_to(const AttachmentPlace& place, std::int64_t ledger_seq, std::int64_t part) {
    return fmt::format("{}\n{}\n{}", place.record_id, ledger_seq, part);
}

std::string column_of(const AttachmentPlace& place) {
    return fmt::format("{}.{}", place.register_.name, place.field);
}

// SPEC: docs/formats/ledger.md, "Attachment".
void add_line(crypto::Hasher& hasher, const SqlRow& part) {
    hasher.add(fmt::format("{}:{}:{}:{}\n", integer_of(part[0]), text_of(part[1]), text_of(part[2]),
                           text_of(part[3])));
}

[[noreturn]] void refuse(std::int64_t ledger_seq) {
    throw IoFailure(fmt::format(
        "the attachment of entry {} was altered, moved or cut: run `amate verify`", ledger_seq));
}

std::string decrypted(Session& session, const AttachmentPlace& place, std::int64_t ledger_seq,
                      std::int64_t part, SqlValue content) {
    if (!FieldCipher::is_encrypted(content)) refuse(ledger_seq);
    const auto column = column_of(place);
    const auto bound = bound_to(place, ledger_seq, part);
    session.cipher().decrypt({kAttachmentsTable, column, bound}, SqlType::text, content);
    return std::move(std::get<std::string>(content));
}

json::object to_json(const Attachment& attachment) {
    const auto& facts = attachment.facts;
    return {{"digest", facts.digest},
            {"bytes", facts.bytes},
            {"type", facts.media_type},
            {"name", facts.name},
            {"parts", attachment.parts}};
}

// It was authenticated: what is not as it was written is a bug.
Attachment attachment_from(const std::string& text, std::int64_t ledger_seq) {
    const auto value = json::parse(text);
    const auto& object = value.as_object();
    const auto word = [&](std::string_view name) {
        return std::string(object.at(name).as_string());
    };
    return {{word("digest"), object.at("bytes").as_int64(), word("type"), word("name")},
            ledger_seq,
            object.at("parts").as_int64()};
}

}  // namespace

TableShape attachments_shape() {
    return {kAttachmentsTable,
            {{"ledger_seq", SqlType::integer, true},
             {"part", SqlType::integer, true},
             {"record_id", SqlType::text, true},
             {"field", SqlType::text, true},
             {"content", SqlType::text, true}},
            {"ledger_seq", "part"},
            {{"attachments_of_record", {"record_id", "field"}, false, ""}}};
}

AttachmentClaim write_attachment(Session& session, const WriteKey& key,
                                 const AttachmentPlace& place, std::int64_t ledger_seq,
                                 const AttachmentFacts& facts, const std::filesystem::path& file) {
    if (!session.has_table(kAttachmentsTable)) session.make_table(key, attachments_shape());
    const auto whole_parts = (facts.bytes + static_cast<std::int64_t>(kAttachmentPartBytes) - 1) /
                             static_cast<std::int64_t>(kAttachmentPartBytes);
    auto& cipher = session.cipher();
    crypto::Hasher stored;
    AttachmentClaim claim;
    const auto column = column_of(place);
    const auto inserter = session.inserter(key, kAttachmentsTable,
                                           {"ledger_seq", "part", "record_id", "field", "content"});
    const auto write = [&](std::string content) {
        SqlValue cell = std::move(content);
        const auto bound = bound_to(place, ledger_seq, claim.parts);
        cipher.encrypt({kAttachmentsTable, column, bound}, cell);
        add_line(stored, {claim.parts, place.record_id, place.field, cell});
        inserter->insert({ledger_seq, claim.parts, place.record_id, place.field, std::move(cell)});
        ++claim.parts;
    };
    write(json::serialize(to_json({facts, ledger_seq, whole_parts})));
    std::ifstream stream(file, std::ios::binary);
    crypto::Hasher plain;
    std::string part(kAttachmentPartBytes, '\0');
    for (std::int64_t left = facts.bytes; left > 0;) {
        stream.read(part.data(), static_cast<std::streamsize>(part.size()));
        const auto count = stream.gcount();
        if (count <= 0) break;
        const auto bytes = part.substr(0, static_cast<std::size_t>(count));
        plain.add(bytes);
        write(bytes);
        left -= count;
    }
    inserter->flush();
    if (crypto::to_hex(plain.finish()) != facts.digest || claim.parts != whole_parts + 1) {
        throw IoFailure("a file that came could not be read back as it came");
    }
    claim.digest = crypto::to_hex(stored.finish());
    return claim;
}

std::optional<Attachment> find_attachment(Session& session, const AttachmentPlace& place,
                                          std::string_view digest) {
    std::optional<Attachment> found;
    if (!session.has_table(kAttachmentsTable)) return found;
    session.query(kSelectHeads, {place.record_id, place.field}, [&](const SqlRow& row) {
        const auto ledger_seq = integer_of(row[0]);
        auto each = attachment_from(decrypted(session, place, ledger_seq, 0, row[1]), ledger_seq);
        if (each.facts.digest == digest) found = std::move(each);
        return !found;
    });
    return found;
}

std::string read_attachment(Session& session, const AttachmentPlace& place,
                            const Attachment& attachment) {
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(attachment.facts.bytes));
    std::int64_t parts = 0;
    session.query(kSelectParts, {attachment.ledger_seq}, [&](const SqlRow& row) {
        if (integer_of(row[0]) != ++parts) refuse(attachment.ledger_seq);
        bytes += decrypted(session, place, attachment.ledger_seq, parts, row[1]);
        return true;
    });
    const bool whole = parts == attachment.parts &&
                       crypto::to_hex(crypto::digest(bytes)) == attachment.facts.digest;
    if (!whole) refuse(attachment.ledger_seq);
    return bytes;
}

AttachmentClaim stored_attachment(Session& session, std::int64_t ledger_seq) {
    AttachmentClaim claim;
    if (!session.has_table(kAttachmentsTable)) return claim;
    crypto::Hasher hasher;
    session.query(kSelectStored, {ledger_seq}, [&](const SqlRow& row) {
        const bool whole = std::holds_alternative<std::int64_t>(row[0]) &&
                           std::holds_alternative<std::string>(row[1]) &&
                           std::holds_alternative<std::string>(row[2]) &&
                           std::holds_alternative<std::string>(row[3]);
        if (whole) {
            add_line(hasher, row);
        } else {
            hasher.add("\n");  // no part reads so
        }
        ++claim.parts;
        return true;
    });
    claim.digest = crypto::to_hex(hasher.finish());
    return claim;
}

void for_each_attachment_entry(Session& session,
                               const std::function<void(std::int64_t ledger_seq)>& each) {
    if (!session.has_table(kAttachmentsTable)) return;
    session.query(kSelectEntries, {}, [&](const SqlRow& row) {
        // A number that is none is no entry's.
        each(std::holds_alternative<std::int64_t>(row[0]) ? std::get<std::int64_t>(row[0]) : 0);
        return true;
    });
}

}  // namespace amate::store
