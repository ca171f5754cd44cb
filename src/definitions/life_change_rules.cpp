// SPDX-License-Identifier: Apache-2.0
// Rules on what is stored of a record's life, on how long it is kept, and on migrations themselves.
#include <algorithm>
#include <charconv>

#include "definitions/internal/change_table.hpp"

namespace amate::definitions::internal {
namespace {

// Is `name` read as something else from now on? `map`: recoded_states or recoded_flags.
bool is_recoded(const Difference& at, std::string_view map, std::string_view name) {
    const auto* register_ = at.new_root.find("registers");
    register_ = register_ == nullptr ? nullptr : register_->find(at.path[1]);
    const auto* recoded = register_ == nullptr ? nullptr : register_->find(map);
    return recoded != nullptr && recoded->find(name) != nullptr;
}

Verdict judge_named(const Difference& at, std::string_view map, Reason removed) {
    if (at.added()) return {Effect::compatible, Reason::nothing_stored};
    if (is_recoded(at, map, at.path.back())) return {Effect::migrates, Reason::recoded};
    return {Effect::needs_migration, removed, std::string(at.path.back())};
}

// "10y delete" in parts; a count below zero: it says no such thing.
struct Retention {
    std::int64_t count = -1;
    char unit = 0;
    std::size_t then = 0;  // gentlest first

    static Retention read(std::string_view text) {
        constexpr std::string_view kThen[] = {"keep", "archive", "pseudonymise", "delete"};
        Retention retention;
        const auto space = text.find(' ');
        if (space == text.npos || space < 2) return retention;
        std::int64_t count = 0;
        const auto* unit = text.data() + space - 1;
        const auto read = std::from_chars(text.data(), unit, count);
        const auto* then = std::find(std::begin(kThen), std::end(kThen), text.substr(space + 1));
        if (read.ptr != unit || count < 0 || then == std::end(kThen)) return retention;
        return {count, *unit, static_cast<std::size_t>(then - std::begin(kThen))};
    }
};

}  // namespace

Verdict judge_state(const Difference& at) {
    return judge_named(at, "recoded_states", Reason::state_removed);
}

Verdict judge_life(const Difference& at) {
    // Without states a record stands in none: it must be said in which it is to be found.
    if (at.before == nullptr || at.after == nullptr) return {};
    if (at.after->text == "without states") {
        return {Effect::compatible, Reason::another_change_tells};  // each state that is gone
    }
    if (is_recoded(at, "recoded_states", "")) return {Effect::migrates, Reason::recoded};
    return {Effect::needs_migration, Reason::states_begin};
}

Verdict judge_flag(const Difference& at) {
    return judge_named(at, "recoded_flags", Reason::flag_removed);
}

Verdict judge_doubt(const Difference& at) {
    return judge_named(at, "recoded_flags", Reason::flag_removed);
}

// A rule may be put better, and its message too; if both are others, it is another rule that has
// come to stand in its place.
Verdict judge_doubt_words(const Difference& at) {
    const auto doubt = [&](const Description& root) -> const Description* {
        const auto* register_ = root.find("registers")->find(at.path[1]);
        return register_->find("doubts")->find(at.path[3]);
    };
    if (at.before == nullptr || at.after == nullptr) return {};
    const auto* was = doubt(at.old_root)->find("message");
    const auto* is = doubt(at.new_root)->find("message");
    if (was != nullptr && is != nullptr && *was == *is) {
        return {Effect::compatible, Reason::asked_of_new_records};
    }
    return {Effect::needs_migration, Reason::doubt_moved, std::string(at.path[3]), true};
}

Verdict judge_retention(const Difference& at) {
    if (at.before == nullptr || at.after == nullptr) return {};
    const auto was = Retention::read(at.before->text);
    const auto is = Retention::read(at.after->text);
    const bool never_ends = at.after->text.empty();
    const bool gentler = was.count >= 0 && is.count >= 0 && was.unit == is.unit &&
                         is.count >= was.count && is.then <= was.then;
    if (never_ends || gentler || (is.count >= 0 && is.then == 0)) {
        return {Effect::compatible, Reason::longer_kept};
    }
    return {Effect::needs_migration, Reason::kept_shorter, {}, true};
}

Verdict judge_migration(const Difference& at) {
    if (at.removed()) {
        return {Effect::needs_migration, Reason::migration_changed, std::string(at.path.back())};
    }
    const auto* before = at.old_root.find("migrations");
    const bool late = before == nullptr ||
                      std::all_of(before->parts.begin(), before->parts.end(),
                                  [&](const auto& each) { return each.key < at.path.back(); });
    if (late) return {Effect::compatible, Reason::declared};
    return {Effect::needs_migration, Reason::migration_too_early, std::string(at.path.back())};
}

Verdict judge_step(const Difference& at) {
    return {Effect::needs_migration, Reason::migration_changed, std::string(at.path[1])};
}

Verdict judge_recoding(const Difference& at) {
    if (!at.removed()) return {Effect::compatible, Reason::declared};
    return {Effect::needs_migration, Reason::recoding_ends, std::string(at.path.back())};
}

Verdict judge_retired(const Difference& at) {
    if (at.added()) return {Effect::compatible, Reason::declared};
    return {Effect::needs_migration, Reason::migration_changed, std::string(at.path.back())};
}

}  // namespace amate::definitions::internal
