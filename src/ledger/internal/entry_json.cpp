// SPDX-License-Identifier: Apache-2.0
// The names are those of the table's columns.
#include "ledger/internal/entry_json.hpp"

#include <array>
#include <utility>

namespace amate::ledger::internal {
namespace {

namespace json = boost::json;

// The texts of an entry with their names; `Stored` is a StoredEntry, const or not.
template <class Stored>
auto texts_of(Stored& stored) {
    auto& entry = stored.entry;
    using Text = std::pair<const char*, decltype(&entry.at)>;
    return std::array<Text, 12>{{{"at", &entry.at},
                                 {"user_name", &entry.actor.user},
                                 {"office", &entry.actor.office},
                                 {"purpose", &entry.actor.purpose},
                                 {"action", &entry.event.action},
                                 {"register_name", &entry.event.register_name},
                                 {"record_id", &entry.event.record_id},
                                 {"before_json", &entry.event.before},
                                 {"after_json", &entry.event.after},
                                 {"previous_hash", &entry.previous_hash},
                                 {"hash", &entry.hash},
                                 {"signature", &stored.signature}}};
}

}  // namespace

json::object json_of(const StoredEntry& stored) {
    json::object object{{"seq", stored.entry.seq}};
    for (const auto& [name, text] : texts_of(stored)) object[name] = *text;
    return object;
}

std::optional<StoredEntry> parse_entry(std::string_view line) {
    json::error_code fault;
    const auto value = json::parse(line, fault);
    if (fault || !value.is_object()) return std::nullopt;
    const auto& object = value.get_object();
    StoredEntry stored;
    const auto texts = texts_of(stored);
    const auto* seq = object.if_contains("seq");
    if (seq == nullptr || !seq->is_int64() || object.size() != texts.size() + 1) {
        return std::nullopt;
    }
    stored.entry.seq = seq->get_int64();
    for (const auto& [name, text] : texts) {
        const auto* item = object.if_contains(name);
        if (item == nullptr || !item->is_string()) return std::nullopt;
        *text = std::string(item->get_string());
    }
    if (hash_of(stored.entry) != stored.entry.hash) return std::nullopt;
    return stored;
}

}  // namespace amate::ledger::internal
