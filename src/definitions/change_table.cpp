// SPDX-License-Identifier: Apache-2.0
// One row a part of a pack. A part that no row names is judged conservatively.
#include "definitions/internal/change_table.hpp"

#include "core/text.hpp"

namespace amate::definitions::internal {
namespace {

using Rule = Verdict (*)(const Difference&);

template <Reason reason>
Verdict unharmed(const Difference&) {
    return {Effect::compatible, reason, {}, false};
}

// Every stored value stays readable, but it would say something else.
template <Reason reason>
Verdict other_meaning(const Difference&) {
    return {Effect::needs_migration, reason, {}, true};
}

constexpr Rule kNothing = unharmed<Reason::nothing_stored>;
constexpr Rule kNewOnly = unharmed<Reason::asked_of_new_records>;
constexpr Rule kCounted = unharmed<Reason::counted_anew>;
constexpr Rule kElsewhere = unharmed<Reason::another_change_tells>;

struct Row {
    std::string_view pattern;  // `*`: one name; `**`: this and all below
    Handling handling;
    Rule rule;
};

constexpr Handling kFree = Handling::free;
constexpr Handling kContainer = Handling::container;
constexpr Handling kJudged = Handling::judged;

// The first row that fits counts.
constexpr Row kRows[] = {
    {"", kContainer, kElsewhere},
    {"files/**", kFree, kNothing},
    // pack.yaml
    {"pack", kContainer, kElsewhere},
    {"pack/time_zone", kJudged, other_meaning<Reason::moments_shift>},
    {"pack/person_key", kJudged, other_meaning<Reason::persons_counted_anew>},
    {"pack/person/**", kFree, kElsewhere},  // each column of a person is looked at by itself
    {"pack/pack", kFree, kNothing},
    {"pack/title/**", kFree, kNothing},
    {"pack/version", kFree, kNothing},
    {"pack/languages", kFree, kNothing},
    {"pack/country", kFree, kNothing},
    {"pack/documents/**", kFree, kNothing},
    {"pack/roles/**", kFree, kNothing},
    {"pack/purposes/**", kFree, kNothing},
    {"pack/calendars/**", kFree, kNewOnly},
    {"pack/identifiers/**", kFree, kNewOnly},
    // Code lists: a list nobody uses harms nobody; whoever uses it is looked at by itself.
    {"codelists", kContainer, kElsewhere},
    {"codelists/*", kContainer, kElsewhere},
    {"codelists/*/title/**", kFree, kNothing},
    {"codelists/*/codes", kContainer, kElsewhere},
    {"codelists/*/codes/*", kJudged, judge_code},
    {"codelists/*/codes/*/label/**", kJudged, kNothing},  // tells one list's codes from another's
    {"codelists/*/codes/*/parent", kFree, kCounted},
    {"codelists/*/codes/*/valid_from", kFree, kNewOnly},
    {"codelists/*/codes/*/valid_to", kFree, kNewOnly},
    {"codelists/*/codes/*/tags", kFree, kCounted},
    // Registers: what is stored.
    {"registers", kContainer, kElsewhere},
    {"registers/*", kJudged, judge_register},
    {"registers/*/fields", kContainer, kElsewhere},
    {"registers/*/fields/*", kJudged, judge_field},
    {"registers/*/fields/*/name", kJudged, unharmed<Reason::renamed>},
    {"registers/*/fields/*/type", kJudged, judge_type},
    {"registers/*/fields/*/codelist", kJudged, judge_codelist},
    {"registers/*/fields/*/currency", kJudged, judge_currency},
    {"registers/*/fields/*/register", kJudged, judge_target},
    {"registers/*/fields/*/encrypted", kJudged, judge_secrecy},
    {"registers/*/fields/*/recodes", kContainer, kElsewhere},
    {"registers/*/fields/*/recodes/*", kJudged, judge_recoding},
    {"registers/*/fields/*/cells", kContainer, kElsewhere},
    {"registers/*/fields/*/cells/*", kJudged, judge_cell},
    {"registers/*/fields/*/cells/*/stored_as", kJudged, judge_cell_name},
    {"registers/*/fields/*/cells/*/name", kJudged, unharmed<Reason::renamed>},
    {"registers/*/fields/*/cells/*/type", kJudged, judge_type},
    {"registers/*/fields/*/cells/*/codelist", kJudged, judge_codelist},
    {"registers/*/fields/*/cells/*/currency", kJudged, judge_currency},
    {"registers/*/fields/*/cells/*/register", kJudged, judge_target},
    {"registers/*/fields/*/cells/*/recodes", kContainer, kElsewhere},
    {"registers/*/fields/*/cells/*/recodes/*", kJudged, judge_recoding},
    {"registers/*/states", kContainer, kElsewhere},
    {"registers/*/states/*", kJudged, judge_state},
    {"registers/*/life", kJudged, judge_life},
    {"registers/*/flags_raised", kContainer, kElsewhere},
    {"registers/*/flags_raised/*", kJudged, judge_flag},
    {"registers/*/doubts", kContainer, kElsewhere},
    {"registers/*/doubts/*", kJudged, judge_doubt},
    {"registers/*/doubts/*/condition", kJudged, judge_doubt_words},
    {"registers/*/doubts/*/message/**", kJudged, kElsewhere},
    {"registers/*/retired", kContainer, kElsewhere},
    {"registers/*/retired/*", kJudged, judge_retired},
    {"registers/*/recoded_states", kContainer, kElsewhere},
    {"registers/*/recoded_states/*", kJudged, judge_recoding},
    {"registers/*/recoded_flags", kContainer, kElsewhere},
    {"registers/*/recoded_flags/*", kJudged, judge_recoding},
    {"registers/*/retention", kJudged, judge_retention},
    {"registers/*/duplicates", kJudged, other_meaning<Reason::duplicates_found_anew>},
    {"retired_registers", kContainer, kElsewhere},
    {"retired_registers/*", kJudged, judge_retired},
    {"migrations", kContainer, kElsewhere},
    {"migrations/*", kJudged, judge_migration},
    {"migrations/*/why/**", kFree, kNothing},
    {"migrations/*/steps/**", kJudged, judge_step},
    // Registers: what is only said of them.
    {"registers/*/register", kFree, kNothing},
    {"registers/*/title/**", kFree, kNothing},
    {"registers/*/summary/**", kFree, kNothing},
    {"registers/*/institution", kFree, kNothing},
    {"registers/*/folio", kFree, kNewOnly},
    {"registers/*/sensitivity", kFree, kNothing},
    {"registers/*/people/**", kFree, kNewOnly},
    {"registers/*/flags/**", kFree, kNothing},
    {"registers/*/tasks/**", kFree, kNewOnly},
    {"registers/*/rules/**", kFree, kNewOnly},
    {"registers/*/workflow/**", kFree, kNewOnly},
    {"registers/*/deadlines/**", kFree, kNewOnly},
    {"registers/*/corrections/**", kFree, kNewOnly},
    {"registers/*/statistics/**", kFree, kCounted},
    {"registers/*/access/**", kFree, kNothing},
    {"registers/*/tests/**", kFree, kNothing},
    {"registers/*/fields/*/title/**", kFree, kNothing},
    {"registers/*/fields/*/hint/**", kFree, kNothing},
    {"registers/*/fields/*/message/**", kFree, kNothing},
    {"registers/*/fields/*/sensitivity", kFree, kNothing},
    {"registers/*/fields/*/required", kFree, kNewOnly},
    {"registers/*/fields/*/relevant", kFree, kNewOnly},
    {"registers/*/fields/*/constraint", kFree, kNewOnly},
    {"registers/*/fields/*/calculation", kFree, kNewOnly},
    {"registers/*/fields/*/default", kFree, kNewOnly},
    {"registers/*/fields/*/choice_filter", kFree, kNewOnly},
    {"registers/*/fields/*/valid_at", kFree, kNewOnly},
    {"registers/*/fields/*/accept", kFree, kNewOnly},
    {"registers/*/fields/*/max_size", kFree, kNewOnly},
    {"registers/*/fields/*/identifier", kFree, kNewOnly},
    {"registers/*/fields/*/rows/**", kFree, kNewOnly},
    {"registers/*/fields/*/rows_written/**", kFree, kNewOnly},
};

bool fits(std::string_view pattern, const std::vector<std::string_view>& path) {
    std::size_t depth = 0;
    while (!pattern.empty()) {
        const auto slash = pattern.find('/');
        const auto part = pattern.substr(0, slash);
        pattern = slash == pattern.npos ? "" : pattern.substr(slash + 1);
        if (part == "**") return true;
        if (depth == path.size() || (part != "*" && part != path[depth])) return false;
        ++depth;
    }
    return depth == path.size();
}

const Row* find_row(const std::vector<std::string_view>& path) {
    for (const auto& row : kRows) {
        if (fits(row.pattern, path)) return &row;
    }
    return nullptr;
}

}  // namespace

bool is_named(const std::vector<std::string_view>& path) {
    return find_row(path) != nullptr;
}

Handling handling_of(const std::vector<std::string_view>& path) {
    const auto* row = find_row(path);
    return row == nullptr ? Handling::judged : row->handling;
}

Verdict judge(const Difference& difference) {
    const auto* row = find_row(difference.path);
    if (row == nullptr) return {Effect::needs_migration, Reason::not_known, {}, true};
    return row->rule(difference);
}

}  // namespace amate::definitions::internal
