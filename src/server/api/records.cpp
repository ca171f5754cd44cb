// SPDX-License-Identifier: Apache-2.0
// Records: written through the desk's queue, read under the rights of the caller.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/text.hpp"
#include "definitions/deadlines.hpp"
#include "definitions/record_json.hpp"
#include "registry/desk.hpp"
#include "registry/pending_act.hpp"
#include "server/api/api.hpp"

namespace amate::server::api {
namespace {

namespace json = boost::json;

using registry::ChangeKind;

constexpr std::size_t kKeyBytesMax = 200;
constexpr std::size_t kChangesMax = 1'000;
constexpr std::int64_t kRecordsDefault = 50;

Result<const definitions::Register*> find_register(const Site& site, const std::string& name) {
    const auto* found = site.pack().find_register(name);
    if (found == nullptr) return fail(Problem{"server.not_found", {}, {}});
    return found;
}

Problem bad_member(const char* path, const char* expected_en, const char* expected_es) {
    return {"server.bad_member",
            {{}, 0, 0, path},
            {{"expected_en", expected_en}, {"expected_es", expected_es}}};
}

// What makes a request the same one when it comes again.
std::string digest_of(const Request& request) {
    return crypto::to_hex(crypto::digest(request.path + "\n" + request.http->body));
}

std::string path_of(const registry::Receipt& receipt) {
    return fmt::format("/api/v1/registers/{}/records/{}", receipt.register_name,
                       percent_encode(receipt.folio));
}

Result<Response> carry_out(const Site& site, const Request& request, ChangeKind kind) {
    AMATE_TRY(const auto* register_, find_register(site, request.get("name")));
    AMATE_TRY(const auto body, body_of(request));
    AMATE_TRY(auto change, registry::parse_change(*register_, kind, body));
    if (kind != ChangeKind::create) change.folio = request.get("folio");
    if (kind == ChangeKind::act) change.action = request.get("action");
    registry::Request asked{register_, request.caller, std::move(change), "", ""};
    AMATE_TRY_VOID(set_key(request, digest_of(request), asked));
    AMATE_TRY(const auto receipt, site.desk().queue().carry_out(std::move(asked)));
    auto response = private_response(to_json(receipt));
    if (kind == ChangeKind::create) {
        response.status = 201;
        response.headers.emplace_back("Location", path_of(receipt));
    }
    return response;
}

std::optional<ChangeKind> kind_named(std::string_view name) {
    for (const auto kind :
         {ChangeKind::create, ChangeKind::amend, ChangeKind::correct, ChangeKind::act,
          ChangeKind::withdraw, ChangeKind::reinstate, ChangeKind::approve, ChangeKind::reject}) {
        if (registry::name_of(kind) == name) return kind;
    }
    return std::nullopt;
}

std::string take_text(json::object& object, std::string_view name) {
    const auto* member = object.if_contains(name);
    auto text = member != nullptr && member->is_string() ? std::string(member->get_string()) : "";
    object.erase(name);
    return text;
}

// {"kind": "amend", "folio": "...", "base": 3, ...}
Result<registry::Change> bulk_change(const definitions::Register& register_,
                                     const json::value& written) {
    if (!written.is_object()) {
        return fail(bad_member("", "an object: a change", "un objeto: un cambio"));
    }
    auto body = written.get_object();
    const auto kind = kind_named(take_text(body, "kind"));
    if (!kind) {
        return fail(bad_member(
            "kind", "create, amend, correct, act, withdraw, reinstate, approve or reject",
            "create, amend, correct, act, withdraw, reinstate, approve o reject"));
    }
    auto folio = *kind == ChangeKind::create ? std::string() : take_text(body, "folio");
    auto action = *kind == ChangeKind::act ? take_text(body, "action") : std::string();
    AMATE_TRY(auto change, registry::parse_change(register_, *kind, body));
    change.folio = std::move(folio);
    change.action = std::move(action);
    return change;
}

bool may_see(const definitions::Column&) {
    return true;  // whoever may read the register reads its fields
}

json::object deadline_json(const definitions::DeadlineStatus& status) {
    return {{"name", status.deadline->name},
            {"title", to_json(status.deadline->title)},
            {"due", status.due.iso()},
            {"state", std::string(definitions::name_of(status.state))}};
}

json::array tasks_json(const store::StoredRecord& record) {
    json::array tasks;
    for (const auto& task : record.tasks) {
        tasks.push_back(
            json::object{{"name", task.name},
                         {"due", task.due.empty() ? json::value(nullptr) : json::value(task.due)}});
    }
    return tasks;
}

// Columns and what they are set to.
template <class Changes>
json::object changes_json(const definitions::Register& register_, const Changes& changes) {
    json::object told;
    for (const auto& [column, value] : changes) {
        const auto& declared = register_.columns[column];
        told[declared.name] = definitions::write_field(declared, value);
    }
    return told;
}

json::value pending_json(const definitions::Register& register_,
                         const store::StoredRecord& record) {
    if (record.pending.empty()) return nullptr;
    const auto waits = registry::pending_act_of(register_, record.pending);
    json::array approvals;
    for (const auto& yes : waits.approvals) {
        approvals.push_back(json::object{{"user", yes.user}, {"role", yes.role}});
    }
    return json::object{{"kind", registry::name_of(waits.change.kind)},
                        {"action", waits.change.action},
                        {"by", waits.proposed_by},
                        {"reason", waits.change.reason},
                        {"effective_at", waits.change.effective_at},
                        {"changes", changes_json(register_, waits.change.values)},
                        {"approvals", std::move(approvals)}};
}

json::object record_json(const definitions::Register& register_, const store::StoredRecord& record,
                         DateTime now) {
    const definitions::RecordLife life{record.state, record.flags};
    json::array deadlines;
    for (const auto& status : definitions::deadlines_of(register_, record.values, {now, &life})) {
        deadlines.push_back(deadline_json(status));
    }
    return {{"register", register_.name},
            {"folio", record.folio},
            {"revision", record.revision},
            {"state", record.state},
            {"flags", to_json(record.flags)},
            {"tasks", tasks_json(record)},
            {"deadlines", std::move(deadlines)},
            {"withdrawn", record.withdrawn()},
            {"pending", pending_json(register_, record)},
            {"recorded_at", record.recorded_at},
            {"version", record.version},
            {"fields", definitions::write_fields(register_, record.values, may_see)}};
}

json::object revision_json(const definitions::Register& register_,
                           const store::StoredRecord& record) {
    return {{"revision", record.revision},
            {"act", record.act.name},
            {"entry", record.ledger_seq},
            {"recorded_at", record.recorded_at},
            {"effective_at", record.act.effective_at},
            {"reason", record.act.reason},
            {"state", record.state},
            {"flags", to_json(record.flags)},
            {"version", record.version},
            {"changes", changes_json(register_, record.act.changes)}};
}

Result<registry::AsOf> moments_of(const Request& request) {
    registry::AsOf moments;
    if (const auto known = request.find("known_at"); !known.empty()) {
        const bool sound =
            Date::parse(known) ||
            DateTime::parse(known.back() == 'Z' ? known.substr(0, known.size() - 1) : known);
        if (!sound) {
            return fail(bad_member("known_at", "a day YYYY-MM-DD or a moment YYYY-MM-DDTHH:MM:SSZ",
                                   "un día AAAA-MM-DD o un momento AAAA-MM-DDTHH:MM:SSZ"));
        }
        moments.known_at = known.back() == 'Z' ? known.substr(0, known.size() - 1) : known;
    }
    if (const auto effective = request.find("effective_at"); !effective.empty()) {
        moments.effective_at = DateTime::parse(effective);
        if (const auto day = Date::parse(effective)) {
            moments.effective_at = DateTime{*day, 24 * 3600 - 1};
        }
        if (!moments.effective_at) {
            return fail(bad_member("effective_at", "a day YYYY-MM-DD or a moment YYYY-MM-DDTHH:MM",
                                   "un día AAAA-MM-DD o un momento AAAA-MM-DDTHH:MM"));
        }
    }
    return moments;
}

// Where a page of a list begins: "ENTRY.ROW" of the record before it.
std::optional<store::RecordCursor> cursor_of(const std::string& text) {
    store::RecordCursor cursor;
    if (text.empty()) return cursor;
    const auto dot = text.find('.');
    if (dot == text.npos) return std::nullopt;
    const auto* begin = text.data();
    const auto* end = begin + text.size();
    const auto seq = std::from_chars(begin, begin + dot, cursor.ledger_seq);
    const auto row = std::from_chars(begin + dot + 1, end, cursor.batch_row);
    if (seq.ec != std::errc() || seq.ptr != begin + dot || row.ec != std::errc() ||
        row.ptr != end) {
        return std::nullopt;
    }
    return cursor;
}

}  // namespace

Result<void> set_key(const Request& request, const std::string& digest, registry::Request& asked) {
    const auto& key = request.http->idempotency_key;
    if (key.empty()) return {};
    if (key.size() > kKeyBytesMax) {
        return fail(bad_member("Idempotency-Key", "a key of at most 200 bytes",
                               "una clave de hasta 200 bytes"));
    }
    asked.key = key;
    asked.digest = digest;
    return {};
}

json::object to_json(const registry::Receipt& receipt) {
    return {{"register", receipt.register_name},
            {"folio", receipt.folio},
            {"revision", receipt.revision},
            {"act", receipt.act},
            {"state", receipt.state},
            {"entry", receipt.ledger_seq},
            {"pending", receipt.pending},
            {"repeated", receipt.repeated}};
}

Result<Response> create_record(const Site& site, const Request& request) {
    return carry_out(site, request, ChangeKind::create);
}
Result<Response> amend_record(const Site& site, const Request& request) {
    return carry_out(site, request, ChangeKind::amend);
}
Result<Response> correct_record(const Site& site, const Request& request) {
    return carry_out(site, request, ChangeKind::correct);
}
Result<Response> act_on_record(const Site& site, const Request& request) {
    return carry_out(site, request, ChangeKind::act);
}
Result<Response> withdraw_record(const Site& site, const Request& request) {
    return carry_out(site, request, ChangeKind::withdraw);
}
Result<Response> reinstate_record(const Site& site, const Request& request) {
    return carry_out(site, request, ChangeKind::reinstate);
}
Result<Response> approve_act(const Site& site, const Request& request) {
    return carry_out(site, request, ChangeKind::approve);
}
Result<Response> reject_act(const Site& site, const Request& request) {
    return carry_out(site, request, ChangeKind::reject);
}

Result<Response> bulk(const Site& site, const Request& request) {
    AMATE_TRY(const auto* register_, find_register(site, request.get("name")));
    AMATE_TRY(const auto body, body_of(request));
    const auto* changes = body.if_contains("changes");
    const bool fits = changes != nullptr && changes->is_array() && body.size() == 1 &&
                      !changes->get_array().empty() && changes->get_array().size() <= kChangesMax;
    if (!fits) {
        return fail(
            bad_member("changes", "a list of 1 to 1000 changes", "una lista de 1 a 1000 cambios"));
    }
    std::vector<registry::Request> asked;
    Problems problems;
    for (std::size_t i = 0; i < changes->get_array().size(); ++i) {
        auto change = bulk_change(*register_, changes->get_array()[i]);
        if (change) {
            asked.push_back({register_, request.caller, std::move(*change), "", ""});
            continue;
        }
        for (auto& problem : change.error()) {
            auto& path = problem.place.path;
            path = fmt::format("changes[{}]{}{}", i, path.empty() ? "" : ".", path);
            problems.push_back(std::move(problem));
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    AMATE_TRY_VOID(set_key(request, digest_of(request), asked.front()));
    AMATE_TRY(const auto receipts, site.desk().queue().carry_out_together(std::move(asked)));
    json::array items;
    for (const auto& receipt : receipts) items.push_back(to_json(receipt));
    return private_response(json::object{{"items", std::move(items)}});
}

Result<Response> record(const Site& site, const Request& request) {
    AMATE_TRY(const auto* register_, find_register(site, request.get("name")));
    AMATE_TRY(const auto moments, moments_of(request));
    AMATE_TRY(const auto record,
              site.desk().read(*register_, request.get("folio"), request.caller, moments));
    return private_response(record_json(*register_, record, site.desk().now()));
}

Result<Response> record_history(const Site& site, const Request& request) {
    AMATE_TRY(const auto* register_, find_register(site, request.get("name")));
    AMATE_TRY(const auto revisions,
              site.desk().history(*register_, request.get("folio"), request.caller));
    json::array items;
    for (const auto& revision : revisions) items.push_back(revision_json(*register_, revision));
    return private_response(json::object{{"register", register_->name},
                                         {"folio", request.get("folio")},
                                         {"items", std::move(items)}});
}

// Which records there are and how they stand; what they hold is asked one by one.
Result<Response> records(const Site& site, const Request& request) {
    AMATE_TRY(const auto* register_, find_register(site, request.get("name")));
    AMATE_TRY_VOID(check_right(*register_, request.caller, registry::Verb::read));
    const auto after = cursor_of(request.find("after"));
    if (!after) {
        return fail(bad_member("after", "what `next` of the page before said",
                               "lo que decía `next` de la página anterior"));
    }
    const auto limit = integer_or(request, "limit", kRecordsDefault);
    const auto state = request.find("state");
    const auto flag = request.find("flag");
    json::array items;
    json::value next = nullptr;
    store::RecordCursor last;
    const auto session = site.desk().reader();
    store::for_each_record_after(*session, *register_, *after, [&](const auto& stored) {
        if (!state.empty() && stored.state != state) return true;
        const auto& flags = stored.flags;
        if (!flag.empty() && std::find(flags.begin(), flags.end(), flag) == flags.end())
            return true;
        if (static_cast<std::int64_t>(items.size()) == limit) {
            next = fmt::format("{}.{}", last.ledger_seq, last.batch_row);
            return false;
        }
        last = {stored.ledger_seq, stored.batch_row};
        items.push_back(json::object{{"folio", stored.folio},
                                     {"revision", stored.revision},
                                     {"state", stored.state},
                                     {"flags", to_json(stored.flags)},
                                     {"tasks", tasks_json(stored)},
                                     {"pending", !stored.pending.empty()},
                                     {"recorded_at", stored.recorded_at}});
        return true;
    });
    return private_response(json::object{{"items", std::move(items)}, {"next", std::move(next)}});
}

}  // namespace amate::server::api
