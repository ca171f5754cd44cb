// SPDX-License-Identifier: Apache-2.0
// Reads the store plainly and compares it with the auditor's books.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ledger/verify.hpp"
#include "registry/model/house.hpp"

namespace amate::registry::model {
namespace {

const std::vector<std::string> kRegisters = {"landing", "shelter_stay", "protection_case"};

std::string text_of(const Fields& fields) {
    std::string text;
    for (const auto& [name, value] : fields) text += fmt::format(" {}={}", name, value);
    return text;
}

// All that is to be compared, as one text.
std::string text_of(const Revision& revision) {
    std::string flags;
    for (const auto& flag : revision.flags) flags += " " + flag;
    return fmt::format("revision {} '{}' {} values{} flags{} tasks{}{}", revision.number,
                       revision.act, revision.state, text_of(revision.values), flags,
                       text_of(revision.tasks), revision.waiting ? " waits" : "");
}

std::string text_of(const definitions::Register& register_, const store::StoredRecord& record) {
    Revision revision;
    revision.number = record.revision;
    revision.act = record.act.name;
    revision.state = record.state;
    for (std::size_t i = 0; i < register_.columns.size(); ++i) {
        auto text = canonical(record.values[i]);
        if (!text.empty()) revision.values[register_.columns[i].name] = std::move(text);
    }
    revision.flags = {record.flags.begin(), record.flags.end()};
    for (const auto& task : record.tasks) revision.tasks[task.name] = task.due;
    if (!record.pending.empty()) revision.waiting.emplace();
    return text_of(revision);
}

// What says how the revision came about.
std::string origin_of(const Revision& revision) {
    return fmt::format("entry {} row {} recorded {} effective '{}' reason '{}' set{}",
                       revision.entry, revision.row, revision.recorded_at, revision.effective_at,
                       revision.reason, text_of(revision.set));
}

std::string origin_of(const definitions::Register& register_, const store::StoredRecord& record) {
    Revision revision;
    revision.entry = record.ledger_seq;
    revision.row = record.batch_row;
    revision.recorded_at = record.recorded_at;
    revision.effective_at = record.act.effective_at;
    revision.reason = record.act.reason;
    for (const auto& [column, value] : record.act.changes) {
        revision.set[register_.columns[column].name] = canonical(value);
    }
    return origin_of(revision);
}

void expect_same(const std::string& what, const std::string& wanted, const std::string& found) {
    if (wanted == found) return;
    throw Discrepancy{fmt::format("{}: must be\n  {}\nis\n  {}", what, wanted, found)};
}

void expect_same(const std::string& what, std::int64_t wanted, std::int64_t found) {
    if (wanted == found) return;
    throw Discrepancy{fmt::format("{}: must be {}, is {}", what, wanted, found)};
}

}  // namespace

void House::expect_revision(const Life& life, const Revision& wanted,
                            const store::StoredRecord& found) const {
    expect_same(life.folio, text_of(wanted), text_of(of(life.register_name), found));
    expect_same("folio", life.folio, found.folio);
}

void House::expect_life(const Life& life) {
    const auto& register_ = of(life.register_name);
    const auto found = store::revisions_of(house_.session(), register_, life.folio);
    expect_same("revisions of " + life.folio, static_cast<std::int64_t>(life.revisions.size()),
                static_cast<std::int64_t>(found.size()));
    for (std::size_t i = 0; i < found.size(); ++i) {
        expect_revision(life, life.revisions[i], found[i]);
        expect_same(life.folio, origin_of(life.revisions[i]), origin_of(register_, found[i]));
        expect_same("id of " + life.folio, found.front().record_id, found[i].record_id);
    }
}

void House::audit(Scope scope) {
    for (const auto& name : kRegisters) {
        expect_same("records of " + name, auditor_.standing(name), house_.records(name));
        std::int64_t seen = 0;
        store::for_each_record(house_.session(), of(name), [&](const store::StoredRecord& record) {
            ++seen;
            const auto* life = auditor_.find(name, record.folio);
            if (life == nullptr) throw Discrepancy{record.folio + ": nobody made it"};
            expect_revision(*life, life->revisions.back(), record);
            return true;
        });
        expect_same("records read of " + name, auditor_.standing(name), seen);
    }
    for (auto& life : auditor_.lives()) {
        if (life.touched || scope == Scope::whole) expect_life(life);
        life.touched = false;
    }
    const auto& entries = auditor_.entries();
    std::size_t place = 0;
    ledger::for_each_entry(house_.session(), [&](const ledger::Entry& entry) {
        if (place == entries.size()) throw Discrepancy{"an entry too many: " + entry.event.action};
        const auto& noted = entries[place++];
        expect_same("entry",
                    fmt::format("{} {} '{}' {} {}", place, noted.action, noted.register_name,
                                noted.user, noted.at),
                    fmt::format("{} {} '{}' {} {}", entry.seq, entry.event.action,
                                entry.event.register_name, entry.actor.user, entry.at));
        return true;
    });
    expect_same("entries", static_cast<std::int64_t>(entries.size()),
                static_cast<std::int64_t>(place));
    expect_same("quarantine files", static_cast<std::int64_t>(quarantines_),
                static_cast<std::int64_t>(house_.quarantine_files()));
    NoProgress progress;
    const auto proof =
        ledger::verify(house_.session(), house_.pack(), house_.workspace().keys(), progress);
    expect_same("verification", "", proof.problems.empty() ? "" : to_line(proof.problems.front()));
    expect_same("entries verified", static_cast<std::int64_t>(entries.size()), proof.entries);
    expect_same("rows verified", auditor_.revisions(), proof.records);
    expect_same("entries sealed", sealed_, proof.sealed);
}

}  // namespace amate::registry::model
