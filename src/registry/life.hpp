// SPDX-License-Identifier: Apache-2.0
// The life of a record: what its next revision is, and how it was at a moment. Pure: reads no
// clock, no store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "definitions/pack.hpp"
#include "registry/caller.hpp"
#include "registry/change.hpp"
#include "store/record_store.hpp"

namespace amate::registry {

// What a decision is made under.
struct Circumstances {
    const definitions::Register& register_;
    DateTime now;         // in the pack's zone
    std::string version;  // of the definitions
};

// How records name the definitions they were written under: short enough to stand in every one;
// the ledger entry of a batch has the whole digest.
[[nodiscard]] std::string version_of(const definitions::Pack& pack);

// Gives a record that was judged sound its first state, flags and tasks; the rest of its life is
// empty. The same for a row of a batch and for a record of the API.
void begin_life(const Circumstances& circumstances, definitions::Judgement judgement,
                store::StoredRecord& record);

// Judges `values` (laid out as the register's columns) and begins a life. Rights are checked.
// Problems: those of check_right() and definitions::judge().
[[nodiscard]] Result<store::StoredRecord> first_revision(const Circumstances& circumstances,
                                                         const Caller& caller,
                                                         const Change& change);

// The next revision of a record: rights, base, guards of the workflow, the judge, flags, tasks and
// approval. `revisions`: all there are, oldest first. A change that needs approval gives a revision
// that differs only in `pending`. The original stays; the new revision says what it set.
// Problems: registry.base_stale, registry.withdrawn, registry.not_withdrawn,
// registry.approval_pending, registry.nothing_pending, registry.own_approval,
// registry.already_approved, registry.not_allowed, registry.not_correctable,
// registry.reason_missing, registry.unknown_action, registry.wrong_state, registry.not_ready (a
// field that must be filled in), registry.action_refused, registry.nothing_changed,
// registry.future_moment, registry.several_moments (a correction of columns that were set at
// different moments has to say which it means), and those of the judge.
[[nodiscard]] Result<store::StoredRecord> next_revision(
    const Circumstances& circumstances, const std::vector<store::StoredRecord>& revisions,
    const Caller& caller, const Change& change);

// The record as a deadline that ran out leaves it: its flag, its task, its action. Nothing if none
// ran out that had not before, or the record is withdrawn or waits for approval. One deadline at a
// time: ask again with the answer added.
[[nodiscard]] std::optional<store::StoredRecord> lapse(
    const Circumstances& circumstances, const std::vector<store::StoredRecord>& revisions);

// Two times: `known_at` (UTC, as recorded_at is written, compared as far as it goes: "2018-09-07"
// is the whole day) says which revisions were known; nothing: all of them. Without `effective_at`
// the record is the newest of these. With it their acts are followed up to that moment of the
// world: values in the order of the world, so that what was set for a later moment holds; state,
// flags, tasks and what waits in the order in which they were decided. Nothing if the record was
// not known then.
struct AsOf {
    std::optional<std::string> known_at;
    std::optional<DateTime> effective_at;
};
[[nodiscard]] std::optional<store::StoredRecord> as_of(
    const std::vector<store::StoredRecord>& revisions, const AsOf& moments);

}  // namespace amate::registry
