// SPDX-License-Identifier: Apache-2.0
// For tests only: says what the engine must answer and what the store must hold, by rules written
// out by hand.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// The auditor knows three registers of packs/demo as a careful clerk knows them: it reads no
// definition and shares no code with the engine. All values are texts as core/value.hpp spells
// them; moments are ISO texts, which sort as moments do.
namespace amate::registry::model {

// What columns hold; one that holds nothing is not in it.
using Fields = std::map<std::string, std::string>;
// "code" or "code path", sorted. Empty: it was done.
using Refusals = std::vector<std::string>;

struct Person {
    std::string user, purpose;
    std::set<std::string> roles;
};

// Somebody asks for a change.
struct Asked {
    std::string what;  // "create", "amend", "correct", "act", "withdraw", "reinstate" ...
    std::string register_name, folio, action;
    std::int64_t base = 0;
    Fields fields;  // "": the column is to hold nothing
    std::string reason, effective_at, key, digest;
    Person by;
};

// What the answer must be.
struct Told {
    Refusals refusals;
    std::string register_name, folio, act, state;
    std::int64_t revision = 0;
    std::int64_t entry = 0;
    bool pending = false;
    bool repeated = false;
};

// An act that waits for approval.
struct Waiting {
    Asked asked;
    std::set<std::string> users, roles;  // of those who said yes
};

struct Revision {
    std::string act, effective_at, recorded_at, state, reason;
    Fields values;
    Fields set;  // what the act set; "": to nothing
    std::set<std::string> flags;
    Fields tasks;  // name to due moment, "" if whenever
    std::optional<Waiting> waiting;
    std::int64_t number = 1;
    std::int64_t entry = 0;
    std::int64_t row = 1;  // its place within the entry
};

struct Life {
    std::string register_name, folio;
    std::vector<Revision> revisions;
    bool touched = false;  // since whoever audits looked last
};

// An entry the ledger must hold.
struct Noted {
    std::string action, register_name, user, at;
};

struct BatchTold {
    Refusals refusals;
    std::int64_t read = 0;
    std::int64_t accepted = 0;
    std::int64_t flagged = 0;
};

// A row of the ferry's file; nothing if its cells cannot be read.
using FerryRow = std::optional<Fields>;

// What the rules of a register say of a record. Fills in and clears `values` as they do.
struct Verdict {
    Refusals problems;
    std::set<std::string> flags;
    Fields tasks;
};
[[nodiscard]] Verdict judge(const std::string& register_name, Fields& values,
                            const std::string& now);
// Why the person may not; empty if they may.
[[nodiscard]] Refusals refuse_right(const Person& person, const std::string& register_name,
                                    const std::string& verb);

struct Action {
    std::set<std::string> from;
    std::string to;
    std::set<std::string> by;
    std::string requires_field, lowers, ends_task;
};
// Nothing: the register knows no such action.
[[nodiscard]] std::optional<Action> find_action(const std::string& register_name,
                                                const std::string& name);
// Who has to say yes; nobody if empty.
[[nodiscard]] std::vector<std::string> approvers_of(const Asked& asked);
[[nodiscard]] std::string first_state_of(const std::string& register_name);

[[nodiscard]] std::string plus_seconds(const std::string& moment, std::int64_t seconds);
// When the time for the assessment of who arrived then runs out.
[[nodiscard]] std::string assessment_due(const std::string& arrived_at);

class Auditor {
public:
    explicit Auditor(std::string now);

    void advance(std::int64_t seconds) { now_ = plus_seconds(now_, seconds); }

    // Each takes it that the engine does as it must.
    Told ask(const Asked& asked);
    // All or none; refused: one Told with all refusals.
    std::vector<Told> ask_together(const std::vector<Asked>& all);
    BatchTold take_in(const std::string& bytes, const std::vector<FerryRow>& rows,
                      const std::string& user);
    void note(const std::string& action, const std::string& register_name, const std::string& user);
    std::int64_t lapse(const std::string& user);

    // What is seen of a record; its refusals are told in `refusals`. Notes the reading.
    std::optional<Revision> read(const Life* life, const Person& by,
                                 const std::string& register_name, const std::string& known_at,
                                 const std::string& effective_at, Refusals& refusals);
    Refusals read_history(const Life* life, const Person& by, const std::string& register_name);

    [[nodiscard]] const std::string& now() const { return now_; }
    // Of the next entry.
    [[nodiscard]] std::string moment() const;
    [[nodiscard]] std::vector<Life>& lives() { return lives_; }
    [[nodiscard]] const Life* find(const std::string& register_name,
                                   const std::string& folio) const;
    [[nodiscard]] const std::vector<Noted>& entries() const { return entries_; }
    [[nodiscard]] std::int64_t revisions() const { return revisions_; }
    [[nodiscard]] std::int64_t standing(const std::string& register_name) const;

private:
    Refusals decide(const Asked& asked, const Life* life, Revision& next) const;
    Refusals begin(const Asked& asked, Revision& next) const;
    Refusals approve(const Asked& asked, const Life& life, Revision& next) const;
    Refusals reject(const Asked& asked, const Life& life, Revision& next) const;
    Refusals change(const Asked& asked, const Person& by, const Life& life, Revision& next) const;
    Refusals correct(const Asked& asked, const Life& life, Revision& next) const;
    Refusals act(const Asked& asked, const Person& by, const Life& life, Revision& next) const;
    Refusals set(const Asked& asked, const Life& life, Revision& next) const;
    Told write(const Asked& asked, Revision next, std::int64_t row);
    void write(Life& life, Revision next, std::int64_t row);
    std::string next_folio(const std::string& register_name, const Fields& values);

    std::string now_;
    std::string last_at_;  // of the last entry
    std::vector<Life> lives_;
    std::map<std::string, std::size_t> places_;  // by folio: prefixes differ by register
    std::map<std::string, std::int64_t> numbers_;
    std::vector<Noted> entries_;
    std::set<std::string> files_;
    std::int64_t revisions_ = 0;
    struct Answer {
        std::string digest;
        std::vector<Told> told;
    };
    std::map<std::pair<std::string, std::string>, Answer> answers_;
};

}  // namespace amate::registry::model
