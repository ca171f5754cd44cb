// SPDX-License-Identifier: Apache-2.0
// The table that says of each part of a pack what a change of it does to stored records.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "definitions/pack_diff.hpp"

namespace amate::definitions::internal {

enum class Handling : unsigned char {
    free,       // no stored value depends on it
    container,  // says nothing itself; its parts are looked up one by one
    judged      // a rule decides; also whatever the table does not name
};

// Why a change has its effect; the words are in change_words.cpp.
enum class Reason : unsigned char {
    nothing_stored,
    asked_of_new_records,
    counted_anew,
    another_change_tells,
    new_column,
    new_table,
    new_in_group,
    new_code,
    renamed,
    declared,
    retired,
    recoded,
    read_wider,
    read_as_written,
    accepted,
    longer_kept,
    field_removed,
    register_removed,
    type_changed,
    type_reinterpreted,
    code_removed,
    secrecy_of_numbers,
    codes_not_in_list,
    codes_mean_other,
    currency_changed,
    records_of_other,
    group_order,
    group_field_removed,
    state_removed,
    states_begin,
    flag_removed,
    doubt_moved,
    moments_shift,
    persons_counted_anew,
    duplicates_found_anew,
    kept_shorter,
    migration_changed,
    migration_too_early,
    recoding_ends,
    not_known
};
[[nodiscard]] Text words_of(Reason reason, const std::string& detail);

// One difference. `path` leads from the root to the node; the one that is not there is null.
struct Difference {
    const Description& old_root;
    const Description& new_root;
    const std::vector<std::string_view>& path;
    const Description* before = nullptr;
    const Description* after = nullptr;

    [[nodiscard]] bool added() const { return before == nullptr; }
    [[nodiscard]] bool removed() const { return after == nullptr; }
};

struct Verdict {
    Effect effect = Effect::needs_migration;
    Reason reason = Reason::not_known;
    std::string detail = {};
    bool acceptable = false;
};

// False: the table does not know such a part, so that any change of it needs a migration.
[[nodiscard]] bool is_named(const std::vector<std::string_view>& path);
[[nodiscard]] Handling handling_of(const std::vector<std::string_view>& path);
[[nodiscard]] Verdict judge(const Difference& difference);

// Rules of change_rules.cpp that the table names.
[[nodiscard]] Verdict judge_register(const Difference& at);
[[nodiscard]] Verdict judge_field(const Difference& at);
[[nodiscard]] Verdict judge_type(const Difference& at);
[[nodiscard]] Verdict judge_codelist(const Difference& at);
[[nodiscard]] Verdict judge_code(const Difference& at);
[[nodiscard]] Verdict judge_currency(const Difference& at);
[[nodiscard]] Verdict judge_secrecy(const Difference& at);
[[nodiscard]] Verdict judge_target(const Difference& at);
[[nodiscard]] Verdict judge_cell(const Difference& at);
[[nodiscard]] Verdict judge_cell_name(const Difference& at);
// Rules of life_change_rules.cpp.
[[nodiscard]] Verdict judge_state(const Difference& at);
[[nodiscard]] Verdict judge_life(const Difference& at);
[[nodiscard]] Verdict judge_flag(const Difference& at);
[[nodiscard]] Verdict judge_doubt(const Difference& at);
[[nodiscard]] Verdict judge_doubt_words(const Difference& at);
[[nodiscard]] Verdict judge_retention(const Difference& at);
[[nodiscard]] Verdict judge_migration(const Difference& at);
[[nodiscard]] Verdict judge_step(const Difference& at);
[[nodiscard]] Verdict judge_recoding(const Difference& at);
[[nodiscard]] Verdict judge_retired(const Difference& at);

}  // namespace amate::definitions::internal
