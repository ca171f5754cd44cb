// SPDX-License-Identifier: Apache-2.0
// Requests to revisions: decided by life.hpp, written through the ledger's unit of work.
#include "registry/desk.hpp"

#include <algorithm>
#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/crypto.hpp"
#include "ledger/entries.hpp"
#include "registry/internal/folio_numbers.hpp"
#include "store/schema.hpp"

namespace amate::registry {
namespace {

namespace json = boost::json;
using internal::FolioNumbers;
using store::StoredRecord;

constexpr std::size_t kLapsedPerEntry = 1'000;
constexpr std::int64_t kProgressEvery = 10'000;

Problem no_such_record(const definitions::Register& register_) {
    return {"registry.no_such_record", {}, {{"register", register_.name}}};
}

// Entries tell what was done and prove the contents by their hashes; contents stay in the records.
std::string before_of(const StoredRecord& record) {
    if (record.revision == 1) return {};
    return fmt::format(R"({{"revision":{}}})", record.revision - 1);
}

std::string after_of(const definitions::Register& register_, const StoredRecord& record) {
    json::array changed;
    for (const auto& [column, value] : record.act.changes) {
        changed.push_back(json::value(register_.columns[column].name));
    }
    return json::serialize(json::object{{"folio", record.folio},
                                        {"revision", record.revision},
                                        {"act", record.act.name},
                                        {"state", record.state},
                                        {"changed", std::move(changed)}});
}

// "record.create", "record.amend", "record.act" ...; what it led to stands in `after`.
std::string action_of(ChangeKind kind) {
    return "record." + std::string(name_of(kind));
}

Receipt receipt_of(const definitions::Register& register_, const StoredRecord& record) {
    return {register_.name,  record.folio,      record.act.name,         record.state,
            record.revision, record.ledger_seq, !record.pending.empty(), false};
}

// What is kept to be answered again.
std::string to_text(const std::vector<Receipt>& receipts) {
    json::array written;
    for (const auto& receipt : receipts) {
        written.push_back(json::object{{"register", receipt.register_name},
                                       {"folio", receipt.folio},
                                       {"act", receipt.act},
                                       {"state", receipt.state},
                                       {"revision", receipt.revision},
                                       {"entry", receipt.ledger_seq},
                                       {"pending", receipt.pending}});
    }
    return json::serialize(written);
}

std::vector<Receipt> receipts_from(const std::string& text) {
    std::vector<Receipt> receipts;
    const auto parsed = json::parse(text);
    for (const auto& each : parsed.as_array()) {
        const auto& object = each.as_object();
        const auto word = [&](std::string_view name) {
            return std::string(object.at(name).as_string());
        };
        receipts.push_back({word("register"), word("folio"), word("act"), word("state"),
                            object.at("revision").as_int64(), object.at("entry").as_int64(),
                            object.at("pending").as_bool(), true});
    }
    return receipts;
}

}  // namespace

struct Desk::State {
    const definitions::Pack& pack;
    const store::Workspace& workspace;
    store::Session& session;
    Clock& clock;
    std::string version;

    [[nodiscard]] Circumstances circumstances(const definitions::Register& register_) const {
        return {register_, clock.local_now(), version};
    }

    // What the request makes of its record; nothing is written.
    Result<StoredRecord> decide(const Request& request) {
        const auto at = circumstances(*request.register_);
        if (request.change.kind == ChangeKind::create) {
            return first_revision(at, request.caller, request.change);
        }
        const auto revisions =
            store::revisions_of(session, *request.register_, request.change.folio);
        if (revisions.empty()) return fail(no_such_record(*request.register_));
        return next_revision(at, revisions, request.caller, request.change);
    }

    void write(ledger::UnitOfWork& unit, const Request& request, StoredRecord& record) {
        if (request.change.kind == ChangeKind::create) {
            record.record_id = crypto::make_uuid_v7(clock.unix_ms());
            const auto year =
                internal::folio_year(*request.register_, record.values, clock.local_now());
            FolioNumbers folios(*request.register_, request.caller.actor.office, unit);
            folios.number(year, record.folio);
            folios.take_given(unit);
        }
        unit.add(*request.register_, record);
    }

    // Empty: the key is new.
    Result<std::vector<Receipt>> earlier_answer(const Request& request) {
        if (request.key.empty()) return std::vector<Receipt>();
        const auto answer = ledger::find_answer(
            session, workspace.keys(), {request.caller.actor.user, request.key, request.digest});
        if (!answer) return std::vector<Receipt>();
        if (!answer->same_request) {
            return fail(Problem{"registry.key_reused", {}, {}});
        }
        return receipts_from(answer->answer);
    }

    Result<Receipt> change(ledger::UnitOfWork& unit, const Request& request) {
        if (request.file) {
            AMATE_TRY(const auto stated, stating(request));
            if (stated) return deliver(unit, request, *stated);
        }
        AMATE_TRY(auto record, decide(request));
        write(unit, request, record);
        if (request.file) {
            unit.attach({*request.register_, record.record_id, request.file->field.stored_as},
                        request.file->facts, request.file->sent.path);
        }
        unit.record({action_of(request.change.kind), request.register_->name, record.record_id,
                     before_of(record), after_of(*request.register_, record)});
        return receipt_of(*request.register_, record);
    }

    Result<Receipt> carry_out(ledger::UnitOfWork& unit, const Request& request) {
        unit.set_actor(request.caller.actor);
        AMATE_TRY(auto earlier, earlier_answer(request));
        if (!earlier.empty()) return std::move(earlier.front());
        AMATE_TRY(auto receipt, change(unit, request));
        if (!request.key.empty()) {
            unit.remember_answer(request.key, request.digest, to_text({receipt}));
        }
        return receipt;
    }

    // Keeps the file of a request whose record states its digest.
    Result<Receipt> deliver(ledger::UnitOfWork& unit, const Request& request,
                            const StoredRecord& record) {
        const auto& register_ = *request.register_;
        const auto& file = *request.file;
        AMATE_TRY_VOID(check_right(register_, request.caller, Verb::amend));
        if (request.change.base != record.revision) {
            return fail(Problem{"registry.base_stale",
                                {},
                                {{"base", std::to_string(request.change.base)},
                                 {"current", std::to_string(record.revision)}}});
        }
        const store::AttachmentPlace place{register_, record.record_id, file.field.stored_as};
        if (store::find_attachment(session, place, file.facts.digest)) {
            return fail(Problem{"registry.nothing_changed", {}, {}});
        }
        unit.attach(place, file.facts, file.sent.path);
        const auto entry = unit.record({"record.attach",
                                        register_.name,
                                        record.record_id,
                                        {},
                                        fmt::format(R"({{"revision":{}}})", record.revision)});
        auto receipt = receipt_of(register_, record);
        receipt.act = "attach";
        receipt.ledger_seq = entry.seq;
        return receipt;
    }

    // The newest revision, if it states the digest of the request's file.
    Result<std::optional<StoredRecord>> stating(const Request& request) {
        auto record = store::find_record(session, *request.register_, request.change.folio);
        if (!record) return fail(no_such_record(*request.register_));
        const auto& file = *request.file;
        const auto stated = stated_digests(*record, file.field);
        if (std::find(stated.begin(), stated.end(), file.facts.digest) == stated.end()) {
            record.reset();
            if (file.field.inner) {
                return fail(Problem{"registry.file_not_stated", {{}, 0, 0, file.field.name}, {}});
            }
        }
        return record;
    }

    // Before anything is told of a protected record.
    void note_reading(const definitions::Register& register_, const StoredRecord& record,
                      const Caller& caller, std::string_view field = {}) {
        if (!leaves_entry(register_)) return;
        ledger::UnitOfWork unit(session, workspace.keys(), clock, caller.actor);
        unit.commit({"record.read",
                     register_.name,
                     record.record_id,
                     {},
                     field.empty() ? fmt::format(R"({{"revision":{}}})", record.revision)
                                   : fmt::format(R"({{"revision":{},"file":"{}"}})",
                                                 record.revision, field)});
    }

    // Folios of records that a deadline has run out for, untold so far; at most kLapsedPerEntry.
    std::vector<std::string> overdue(const definitions::Register& register_, Progress& progress) {
        std::vector<std::string> folios_found;
        const auto at = circumstances(register_);
        std::vector<StoredRecord> only(1);
        std::int64_t seen = 0;
        store::for_each_record(session, register_, [&](const StoredRecord& record) {
            if (++seen % kProgressEvery == 0) progress.advance(register_.name, seen, 0);
            only[0] = record;
            // Alone it shows no earlier lapse: those are looked up only where one may be due.
            if (!lapse(at, only)) return true;
            const bool due =
                record.revision == 1 ||
                lapse(at, store::revisions_of(session, register_, record.folio)).has_value();
            if (due) folios_found.push_back(record.folio);
            return folios_found.size() < kLapsedPerEntry;
        });
        return folios_found;
    }
};

bool leaves_entry(const definitions::Register& register_) {
    return register_.sensitivity == definitions::Sensitivity::protected_;
}

Result<void> settle_schema(const definitions::Pack& pack, const store::Workspace& workspace,
                           store::Session& session, Clock& clock, const ledger::Actor& actor) {
    AMATE_TRY(const auto state, store::check_tables(session, pack));
    if (state == store::SchemaState::current) return {};
    ledger::UnitOfWork unit(session, workspace.keys(), clock, actor);
    AMATE_TRY_VOID(unit.ensure_schema(pack));
    unit.commit(
        {"schema.migrate", "", "", "", fmt::format(R"({{"definitions":"{}"}})", pack.digest)});
    return {};
}

Desk::Desk(const definitions::Pack& pack, const store::Workspace& workspace,
           store::Session& session, Clock& clock)
    : state_(new State{pack, workspace, session, clock, version_of(pack)}) {}
Desk::~Desk() = default;

std::vector<Result<Receipt>> Desk::carry_out(const std::vector<Request>& requests) {
    std::vector<Result<Receipt>> results;
    if (requests.empty()) return results;
    ledger::UnitOfWork unit(state_->session, state_->workspace.keys(), state_->clock,
                            requests.front().caller.actor);
    bool written = false;
    for (const auto& request : requests) {
        results.push_back(state_->carry_out(unit, request));
        written = written || (results.back() && !results.back()->repeated);
    }
    if (written) unit.commit();
    return results;
}

Result<std::vector<Receipt>> Desk::carry_out_together(const std::vector<Request>& requests) {
    AMATE_CHECK(!requests.empty());
    auto& state = *state_;
    ledger::UnitOfWork unit(state.session, state.workspace.keys(), state.clock,
                            requests.front().caller.actor);
    AMATE_TRY(auto earlier, state.earlier_answer(requests.front()));
    if (!earlier.empty()) return earlier;
    std::vector<StoredRecord> records;
    std::set<std::pair<std::string, std::string>> seen;
    Problems problems;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const auto& request = requests[i];
        const auto path = fmt::format("changes[{}]", i);
        const bool fresh = request.change.kind == ChangeKind::create ||
                           seen.emplace(request.register_->name, request.change.folio).second;
        if (!fresh) {
            problems.push_back({"registry.repeated_in_bulk", {{}, 0, 0, path}, {}});
            continue;
        }
        auto record = state.decide(request);
        if (record) {
            records.push_back(std::move(*record));
            continue;
        }
        for (auto& problem : record.error()) {
            auto& place = problem.place.path;
            place = place.empty() ? path : path + ".fields." + place;
            problems.push_back(std::move(problem));
        }
    }
    if (!problems.empty()) return fail(std::move(problems));
    std::vector<Receipt> receipts;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        state.write(unit, requests[i], records[i]);
        receipts.push_back(receipt_of(*requests[i].register_, records[i]));
    }
    if (!requests.front().key.empty()) {
        unit.remember_answer(requests.front().key, requests.front().digest, to_text(receipts));
    }
    unit.commit({"record.bulk",
                 requests.front().register_->name,
                 {},
                 {},
                 fmt::format(R"({{"changes":{}}})", receipts.size())});
    return receipts;
}

Result<StoredRecord> Desk::read(const definitions::Register& register_, std::string_view folio,
                                const Caller& caller, const AsOf& moments) {
    AMATE_TRY_VOID(check_right(register_, caller, Verb::read));
    const auto revisions = store::revisions_of(state_->session, register_, folio);
    auto record = as_of(revisions, moments);
    if (!record) return fail(no_such_record(register_));
    state_->note_reading(register_, *record, caller);
    return std::move(*record);
}

Result<std::vector<StoredRecord>> Desk::history(const definitions::Register& register_,
                                                std::string_view folio, const Caller& caller) {
    AMATE_TRY_VOID(check_right(register_, caller, Verb::read));
    auto revisions = store::revisions_of(state_->session, register_, folio);
    if (revisions.empty()) return fail(no_such_record(register_));
    state_->note_reading(register_, revisions.back(), caller);
    return revisions;
}

Result<FoundFile> Desk::find_file(const definitions::Register& register_, std::string_view folio,
                                  const Caller& caller, const WantedFile& wanted) {
    AMATE_TRY_VOID(check_right(register_, caller, Verb::read));
    const auto revisions = store::revisions_of(state_->session, register_, folio);
    if (revisions.empty()) return fail(no_such_record(register_));
    const auto number = wanted.revision.value_or(revisions.back().revision);
    const Problem none{"registry.no_such_file", {{}, 0, 0, wanted.field.name}, {}};
    for (const auto& record : revisions) {
        if (record.revision != number) continue;
        const auto stated = stated_digests(record, wanted.field);
        if (wanted.row < 1 || wanted.row > stated.size()) break;
        auto attachment = store::find_attachment(
            state_->session, {register_, record.record_id, wanted.field.stored_as},
            stated[wanted.row - 1]);
        if (!attachment) break;
        state_->note_reading(register_, record, caller, wanted.field.name);
        return FoundFile{record.record_id, record.revision, std::move(*attachment)};
    }
    return fail(none);
}

std::int64_t Desk::lapse_deadlines(const ledger::Actor& actor, Progress& progress) {
    auto& state = *state_;
    std::int64_t lapsed = 0;
    for (const auto& register_ : state.pack.registers) {
        if (register_->deadlines.empty()) continue;
        for (;;) {
            const auto folios = state.overdue(*register_, progress);
            if (folios.empty()) break;
            ledger::UnitOfWork unit(state.session, state.workspace.keys(), state.clock, actor);
            const auto at = state.circumstances(*register_);
            std::int64_t added = 0;
            for (const auto& folio : folios) {
                auto revisions = store::revisions_of(state.session, *register_, folio);
                while (auto next = lapse(at, revisions)) {
                    unit.add(*register_, *next);
                    revisions.push_back(std::move(*next));
                    ++added;
                }
            }
            if (added == 0) break;
            unit.commit({"deadlines.lapse",
                         register_->name,
                         {},
                         {},
                         fmt::format(R"({{"lapsed":{}}})", added)});
            lapsed += added;
            if (folios.size() < kLapsedPerEntry) break;
        }
    }
    return lapsed;
}

}  // namespace amate::registry
