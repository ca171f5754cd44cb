// SPDX-License-Identifier: Apache-2.0
// Asks the engine and compares answers with what the auditor said.
#include "registry/model/house.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ledger/seals.hpp"

namespace amate::registry::model {
namespace {

namespace json = boost::json;

constexpr const char* kBeginning = "2018-03-01T12:00:00";

Refusals refusals_of(const Problems& problems) {
    Refusals refusals;
    for (const auto& each : problems) {
        refusals.push_back(each.place.path.empty() ? each.code : each.code + " " + each.place.path);
    }
    std::sort(refusals.begin(), refusals.end());
    return refusals;
}

ChangeKind kind_of(const std::string& what) {
    static const std::map<std::string, ChangeKind> kKinds = {
        {"create", ChangeKind::create},     {"amend", ChangeKind::amend},
        {"correct", ChangeKind::correct},   {"act", ChangeKind::act},
        {"withdraw", ChangeKind::withdraw}, {"reinstate", ChangeKind::reinstate},
        {"approve", ChangeKind::approve},   {"reject", ChangeKind::reject}};
    return kKinds.at(what);
}

json::object body_of(const Asked& asked) {
    json::object body;
    if (asked.what != "create") body["base"] = asked.base;
    if (!asked.reason.empty()) body["reason"] = asked.reason;
    if (!asked.effective_at.empty()) body["effective_at"] = asked.effective_at;
    json::object fields;
    for (const auto& [name, value] : asked.fields) {
        if (value.empty()) {
            fields[name] = nullptr;
        } else {
            fields[name] = name == "walked" ? value + "min" : value;
        }
    }
    if (!fields.empty() || asked.what == "create") body["fields"] = std::move(fields);
    return body;
}

Caller caller_of(const Person& person) {
    return {{person.user, "hill_house", person.purpose},
            {person.roles.begin(), person.roles.end()}};
}

}  // namespace

House::House(std::uint64_t seed) : operations_(seed), auditor_(kBeginning) {
    house_.clock.set(kBeginning);
    AMATE_CHECK(settle_schema(house_.pack(), house_.workspace(), house_.session(), house_.clock,
                              {"tester", "", ""}));
    auditor_.note("schema.migrate", "", "tester");
    open_desk();
}

void House::open_desk() {
    desk_ =
        std::make_unique<Desk>(house_.pack(), house_.workspace(), house_.session(), house_.clock);
}

const definitions::Register& House::of(const std::string& name) const {
    return *house_.pack().find_register(name);
}

Result<Request> House::request_of(const Asked& asked) const {
    const auto& register_ = of(asked.register_name);
    AMATE_TRY(auto change, parse_change(register_, kind_of(asked.what), body_of(asked)));
    change.folio = asked.folio;
    change.action = asked.action;
    return Request{&register_, caller_of(asked.by), std::move(change), asked.key, asked.digest};
}

void House::count(const std::string& what, const Refusals& refusals) {
    ++counts_[refusals.empty() ? what : what + ", refused"];
    for (const auto& each : refusals) ++counts_[each.substr(0, each.find(' '))];
}

void House::expect_refused(const std::string& what, const Refusals& wanted,
                           const Refusals& found) const {
    if (wanted == found) return;
    throw Discrepancy{fmt::format("{}: must be refused with [{}], is with [{}]", what,
                                  fmt::join(wanted, ", "), fmt::join(found, ", "))};
}

void House::expect_told(const Asked& asked, const Told& told, const Result<Receipt>& found) const {
    expect_refused(to_line(asked), told.refusals, found ? Refusals() : refusals_of(found.error()));
    if (!found) return;
    const auto text = [](const auto& each, std::int64_t entry) {
        return fmt::format("{} {} '{}' {} revision {} entry {}{}{}", each.register_name, each.folio,
                           each.act, each.state, each.revision, entry,
                           each.pending ? " pending" : "", each.repeated ? " repeated" : "");
    };
    const auto wanted = text(told, told.entry);
    const auto is = text(*found, found->ledger_seq);
    if (wanted != is) {
        throw Discrepancy{
            fmt::format("{}: must be answered {}, is {}", to_line(asked), wanted, is)};
    }
}

std::int64_t House::step() {
    auditor_.advance(operations_.pause(auditor_));
    house_.clock.set(auditor_.now());
    switch (operations_.next()) {
        case Operation::requests:
            return do_requests();
        case Operation::bulk:
            do_bulk();
            break;
        case Operation::batch:
            do_batch();
            break;
        case Operation::read:
            do_read();
            break;
        case Operation::history:
            do_history();
            break;
        case Operation::lapse:
            do_lapse();
            break;
        case Operation::rotate:
            do_rotate();
            break;
        case Operation::seal:
            do_seal();
            break;
        case Operation::reopen:
            do_reopen();
            break;
    }
    return 1;
}

std::int64_t House::do_requests() {
    const auto size = operations_.group_size();
    std::vector<Asked> asked;
    std::vector<Told> told;
    std::vector<Request> requests;
    for (std::size_t i = 0; i < size; ++i) {
        auto one = operations_.request(auditor_);
        lines_.push_back(to_line(one));
        auto answer = auditor_.ask(one);
        count(answer.repeated ? "repeated" : one.what, answer.refusals);
        auto request = request_of(one);
        if (!request) {
            expect_refused(to_line(one), answer.refusals, refusals_of(request.error()));
            continue;
        }
        requests.push_back(std::move(*request));
        asked.push_back(std::move(one));
        told.push_back(std::move(answer));
    }
    const auto found = desk_->carry_out(requests);
    AMATE_CHECK(found.size() == asked.size());
    for (std::size_t i = 0; i < found.size(); ++i) expect_told(asked[i], told[i], found[i]);
    return static_cast<std::int64_t>(size);
}

void House::do_bulk() {
    const auto asked = operations_.bulk(auditor_);
    std::vector<Request> requests;
    for (const auto& each : asked) {
        lines_.push_back("bulk: " + to_line(each));
        auto request = request_of(each);
        AMATE_CHECK(request.has_value());
        requests.push_back(std::move(*request));
    }
    const auto told = auditor_.ask_together(asked);
    const auto found = desk_->carry_out_together(requests);
    const auto& wanted = told.front().refusals;
    count("bulk", wanted);
    expect_refused("bulk", wanted, found ? Refusals() : refusals_of(found.error()));
    if (!found) return;
    AMATE_CHECK(found->size() == told.size());
    for (std::size_t i = 0; i < told.size(); ++i) expect_told(asked[i], told[i], (*found)[i]);
}

void House::do_batch() {
    const auto batch = operations_.batch(auditor_);
    const auto line = fmt::format("batch of {} rows", batch.rows.size());
    lines_.push_back(line);
    const auto told = auditor_.take_in(batch.bytes, batch.rows, "tester");
    const auto found = house_.take_in("ferry_passengers", batch.bytes);
    count("batch", told.refusals);
    expect_refused(line, told.refusals, found ? Refusals() : refusals_of(found.error()));
    if (!found) return;
    const auto wanted = fmt::format("read {} accepted {} quarantined {} flagged {} entry {}",
                                    told.read, told.accepted, told.read - told.accepted,
                                    told.flagged, auditor_.entries().size());
    const auto is =
        fmt::format("read {} accepted {} quarantined {} flagged {} entry {}", found->rows_read,
                    found->accepted, found->quarantined, found->flagged, found->ledger_seq);
    if (wanted != is) throw Discrepancy{line + ": must be " + wanted + ", is " + is};
    if (told.accepted < told.read) ++quarantines_;
}

void House::do_read() {
    const auto reading = operations_.reading(auditor_);
    const auto line =
        fmt::format("read {} {} known '{}' effective '{}' by {}", reading.register_name,
                    reading.folio, reading.known_at, reading.effective_at, reading.by.user);
    lines_.push_back(line);
    const auto* life = auditor_.find(reading.register_name, reading.folio);
    Refusals refusals;
    const auto wanted = auditor_.read(life, reading.by, reading.register_name, reading.known_at,
                                      reading.effective_at, refusals);
    AsOf moments;
    if (!reading.known_at.empty()) moments.known_at = reading.known_at;
    if (!reading.effective_at.empty()) {
        moments.effective_at = DateTime::parse(reading.effective_at);
    }
    const auto found =
        desk_->read(of(reading.register_name), reading.folio, caller_of(reading.by), moments);
    count("read", refusals);
    expect_refused(line, refusals, found ? Refusals() : refusals_of(found.error()));
    if (!found) return;
    try {
        expect_revision(*life, *wanted, *found);
    } catch (const Discrepancy& discrepancy) {
        throw Discrepancy{line + ": " + discrepancy.text};
    }
}

void House::do_history() {
    const auto reading = operations_.reading(auditor_);
    const auto line = fmt::format("history {} by {}", reading.folio, reading.by.user);
    lines_.push_back(line);
    const auto* life = auditor_.find(reading.register_name, reading.folio);
    const auto refusals = auditor_.read_history(life, reading.by, reading.register_name);
    const auto found =
        desk_->history(of(reading.register_name), reading.folio, caller_of(reading.by));
    count("history", refusals);
    expect_refused(line, refusals, found ? Refusals() : refusals_of(found.error()));
    if (!found) return;
    if (found->size() != life->revisions.size()) throw Discrepancy{line + ": not all revisions"};
    for (std::size_t i = 0; i < found->size(); ++i) {
        expect_revision(*life, life->revisions[i], (*found)[i]);
    }
}

void House::do_lapse() {
    lines_.emplace_back("deadlines lapse");
    count("lapse", {});
    NoProgress progress;
    const auto wanted = auditor_.lapse("system");
    const auto found = desk_->lapse_deadlines({"system", "", ""}, progress);
    if (found == wanted) return;
    throw Discrepancy{fmt::format("{} deadlines must lapse, {} do", wanted, found)};
}

void House::do_rotate() {
    lines_.emplace_back("data keys rotate");
    count("rotate", {});
    auditor_.note("keys.rotate", "", "tester");
    ledger::UnitOfWork unit(house_.session(), house_.workspace().keys(), house_.clock,
                            {"tester", "", ""});
    unit.rotate_keys();
    unit.commit({"keys.rotate", "", "", "", ""});
}

void House::do_seal() {
    lines_.emplace_back("seal");
    count("seal", {});
    const auto size = static_cast<std::int64_t>(auditor_.entries().size());
    if (size > sealed_) ++seals_;
    sealed_ = size;
    const auto seal = ledger::seal(house_.session(), house_.workspace().keys(), house_.clock);
    if (seal && seal->size == size && seal->number == seals_) return;
    throw Discrepancy{fmt::format("seal {} of {} entries was due", seals_, size)};
}

void House::do_reopen() {
    lines_.emplace_back("close and open again");
    count("reopen", {});
    desk_.reset();
    house_.reopen();
    open_desk();
}

}  // namespace amate::registry::model
