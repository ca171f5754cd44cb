// SPDX-License-Identifier: Apache-2.0
// The canonical form of an entry, and what its `after` says of rows and schema.
#include <boost/json.hpp>

#include "core/crypto.hpp"
#include "ledger/internal/entry_store.hpp"

namespace amate::ledger {
namespace {

void append(std::string& form, std::string_view name, const std::string& text) {
    form += name;
    form += ':';
    form += std::to_string(text.size());
    form += ':';
    form += text;
    form += '\n';
}

}  // namespace

// Every text carries its length in bytes, so that no two entries share one form.
std::string hash_of(const Entry& entry) {
    std::string form = "amate-entry-1\n";
    append(form, "seq", std::to_string(entry.seq));
    append(form, "at", entry.at);
    append(form, "user_name", entry.actor.user);
    append(form, "office", entry.actor.office);
    append(form, "purpose", entry.actor.purpose);
    append(form, "action", entry.event.action);
    append(form, "register_name", entry.event.register_name);
    append(form, "record_id", entry.event.record_id);
    append(form, "before_json", entry.event.before);
    append(form, "after_json", entry.event.after);
    append(form, "previous_hash", entry.previous_hash);
    return crypto::to_hex(crypto::digest(form));
}

namespace internal {

namespace json = boost::json;

std::string complete_after(const std::string& after, const std::map<std::string, RowsClaim>& rows,
                           const store::SchemaChange& schema,
                           const std::optional<KeptAttachment>& attachment) {
    json::object object;
    if (!after.empty()) {
        json::error_code fault;
        auto value = json::parse(after, fault);
        AMATE_CHECK(!fault && value.is_object());
        object = std::move(value.get_object());
        AMATE_CHECK(!object.contains("rows") && !object.contains("schema") &&
                    !object.contains("attachment"));
    }
    if (!rows.empty()) {
        json::object claims;
        for (const auto& [name, claim] : rows) {
            claims[name] = json::object{
                {"added", claim.added}, {"last", claim.last}, {"digest", claim.digest}};
        }
        object["rows"] = std::move(claims);
    }
    if (!schema.empty()) {
        json::object made{{"tables", json::value_from(schema.tables_made)},
                          {"columns", json::value_from(schema.columns_added)}};
        if (!schema.columns_retyped.empty()) {
            made["retyped"] = json::value_from(schema.columns_retyped);
        }
        if (!schema.migrations.empty()) made["migrations"] = json::value_from(schema.migrations);
        if (!schema.definition.empty()) made["definition"] = schema.definition;
        if (!schema.data_keys.empty()) made["data_keys"] = schema.data_keys;
        object["schema"] = std::move(made);
    }
    if (attachment) {
        object["attachment"] = json::object{{"field", attachment->field},
                                            {"parts", attachment->claim.parts},
                                            {"digest", attachment->claim.digest}};
    }
    return object.empty() ? std::string() : json::serialize(object);
}

std::map<std::string, RowsClaim> rows_claims_of(const std::string& after) {
    std::map<std::string, RowsClaim> claims;
    json::error_code fault;
    const auto value = json::parse(after, fault);
    if (fault || !value.is_object()) return claims;
    const auto* rows = value.get_object().if_contains("rows");
    if (rows == nullptr || !rows->is_object()) return claims;
    for (const auto& item : rows->get_object()) {
        if (!item.value().is_object()) continue;
        const auto& claim = item.value().get_object();
        const auto* added = claim.if_contains("added");
        const auto* last = claim.if_contains("last");
        const auto* digest = claim.if_contains("digest");
        if (added == nullptr || last == nullptr || digest == nullptr || !added->is_int64() ||
            !last->is_int64() || !digest->is_string()) {
            continue;
        }
        claims[std::string(item.key())] = {added->get_int64(), last->get_int64(),
                                           std::string(digest->get_string())};
    }
    return claims;
}

std::optional<store::AttachmentClaim> attachment_claim_of(const std::string& after) {
    json::error_code fault;
    const auto value = json::parse(after, fault);
    if (fault || !value.is_object()) return std::nullopt;
    const auto* written = value.get_object().if_contains("attachment");
    if (written == nullptr || !written->is_object()) return std::nullopt;
    const auto* parts = written->get_object().if_contains("parts");
    const auto* digest = written->get_object().if_contains("digest");
    if (parts == nullptr || digest == nullptr || !parts->is_int64() || !digest->is_string()) {
        return std::nullopt;
    }
    return store::AttachmentClaim{parts->get_int64(), std::string(digest->get_string())};
}

SchemaClaim schema_claim_of(const std::string& after) {
    json::error_code fault;
    const auto value = json::parse(after, fault);
    if (fault || !value.is_object()) return {};
    const auto* schema = value.get_object().if_contains("schema");
    if (schema == nullptr || !schema->is_object()) return {};
    const auto member = [&](std::string_view name) {
        const auto* text = schema->get_object().if_contains(name);
        return text == nullptr || !text->is_string() ? std::string()
                                                     : std::string(text->get_string());
    };
    return {member("definition"), member("data_keys")};
}

}  // namespace internal
}  // namespace amate::ledger
