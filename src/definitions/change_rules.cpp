// SPDX-License-Identifier: Apache-2.0
// Rules on what is stored of a register: its fields, their types, their codes.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "definitions/internal/change_table.hpp"

namespace amate::definitions::internal {
namespace {

// Bytes of the left type are values of the right one, each the same or wider, none invented.
struct Widening {
    Type from, to;
    bool in_group = false;  // also of a cell of a row, where values lie as texts in JSON
};
constexpr Widening kWidenings[] = {
    {Type::integer, Type::decimal, true},
    {Type::integer, Type::text},
    {Type::integer, Type::narrative},
    {Type::text, Type::narrative, true},
    {Type::narrative, Type::text, true},
    {Type::code, Type::codes, true},
    {Type::code, Type::office, true},
    {Type::office, Type::code, true},
    {Type::office, Type::codes, true},
    {Type::date, Type::partial_date, true},
    {Type::code, Type::text},
    {Type::code, Type::narrative},
    {Type::codes, Type::text},
    {Type::codes, Type::narrative},
    {Type::office, Type::text},
    {Type::office, Type::narrative},
    {Type::date, Type::text},
    {Type::date, Type::narrative},
    {Type::datetime, Type::text},
    {Type::datetime, Type::narrative},
    {Type::partial_date, Type::text},
    {Type::partial_date, Type::narrative},
    {Type::geopoint, Type::text},
    {Type::geopoint, Type::narrative},
    {Type::record, Type::text},
    {Type::record, Type::narrative},
    {Type::file, Type::text},
    {Type::file, Type::narrative},
};
// The same number, but of something else.
constexpr Widening kReinterpreted[] = {
    {Type::money, Type::decimal, true},
    {Type::decimal, Type::money, true},
    {Type::duration, Type::integer, true},
    {Type::integer, Type::duration, false},
};

bool is_coded(std::string_view type) {
    return type == "code" || type == "codes" || type == "office";
}

// The node `up` steps above the difference, in one of the two trees.
const Description* above(const Description& root, const std::vector<std::string_view>& path,
                         std::size_t up) {
    const auto* node = &root;
    for (std::size_t i = 0; node != nullptr && i + up < path.size(); ++i)
        node = node->find(path[i]);
    return node;
}

std::string_view read_as(const Description& field, std::string_view code) {
    const auto* recodes = field.find("recodes");
    const auto* found = recodes == nullptr ? nullptr : recodes->find(code);
    return found == nullptr ? code : std::string_view(found->text);
}

const Description* codes_of(const Description& root, std::string_view list) {
    const auto* found = root.at("codelists");
    found = found == nullptr ? nullptr : found->find(list);
    return found == nullptr ? nullptr : found->find("codes");
}

// Codes that records may have stored in the field, as far as `root` knows.
std::vector<std::string_view> stored_codes(const Description& root, const Description& field) {
    std::vector<std::string_view> codes;
    if (const auto* list = codes_of(root, field.text_of("codelist"))) {
        for (const auto& code : list->parts) codes.push_back(code.key);
    }
    if (const auto* recodes = field.find("recodes")) {
        for (const auto& code : recodes->parts) codes.push_back(code.key);
    }
    return codes;
}

// Calls `each` for every field and cell of a register in both trees.
template <class Each>
void for_each_pair(const Description& before, const Description& after, const Each& each) {
    for (const auto& field : before.parts) {
        const auto* now = after.find(field.key);
        if (now == nullptr) continue;
        each(field, *now);
        const auto* cells = field.find("cells");
        const auto* cells_now = now->find("cells");
        if (cells != nullptr && cells_now != nullptr) for_each_pair(*cells, *cells_now, each);
    }
}

bool is_retired(const Description& new_root, std::string_view register_name,
                const Description& field, std::string_view sql_name) {
    const auto* register_ = new_root.at("registers");
    register_ = register_ == nullptr ? nullptr : register_->find(register_name);
    const auto* retired = register_ == nullptr ? nullptr : register_->find("retired");
    if (retired == nullptr) return false;
    const bool person = field.text_of("name").find('.') != std::string_view::npos;
    return std::any_of(retired->parts.begin(), retired->parts.end(), [&](const Description& each) {
        const RetiredField named{each.key, each.text == "attribute"};
        return sql_name == each.key ? !named.attribute : person && named.covers(sql_name);
    });
}

}  // namespace

Verdict judge_register(const Difference& at) {
    if (at.added()) return {Effect::migrates, Reason::new_table};
    const auto* retired = at.new_root.find("retired_registers");
    if (retired != nullptr && retired->find(at.path.back()) != nullptr) {
        return {Effect::migrates, Reason::retired};
    }
    return {Effect::needs_migration, Reason::register_removed, std::string(at.path.back())};
}

Verdict judge_field(const Difference& at) {
    if (at.added()) return {Effect::migrates, Reason::new_column};
    if (is_retired(at.new_root, at.path[1], *at.before, at.path.back())) {
        return {Effect::migrates, Reason::retired};
    }
    return {Effect::needs_migration, Reason::field_removed,
            std::string(at.before->text_of("name"))};
}

Verdict judge_type(const Difference& at) {
    if (at.before == nullptr || at.after == nullptr) return {};
    const auto from = parse_type(at.before->text);
    const auto to = parse_type(at.after->text);
    const bool in_group = at.path.size() > 5;
    const auto fits = [&](const Widening& each) {
        return from && to && each.from == *from && each.to == *to && (each.in_group || !in_group);
    };
    const auto detail = fmt::format("{} → {}", at.before->text, at.after->text);
    if (std::any_of(std::begin(kWidenings), std::end(kWidenings), fits)) {
        return {Effect::migrates, Reason::read_wider, detail};
    }
    if (std::any_of(std::begin(kReinterpreted), std::end(kReinterpreted), fits)) {
        return {Effect::needs_migration, Reason::type_reinterpreted, detail, true};
    }
    return {Effect::needs_migration, Reason::type_changed, detail};
}

Verdict judge_codelist(const Difference& at) {
    const auto* before = above(at.old_root, at.path, 1);
    const auto* after = above(at.new_root, at.path, 1);
    if (before == nullptr || after == nullptr) return {};
    if (!is_coded(before->text_of("type")) || !is_coded(after->text_of("type"))) {
        return {Effect::compatible, Reason::another_change_tells};  // the type's
    }
    const auto* old_codes = codes_of(at.old_root, before->text_of("codelist"));
    const auto* new_codes = codes_of(at.new_root, after->text_of("codelist"));
    if (old_codes == nullptr || new_codes == nullptr) return {};
    std::string lost;
    std::string other;
    for (const auto code : stored_codes(at.old_root, *before)) {
        const auto* now = new_codes->find(read_as(*after, code));
        const auto* then = old_codes->find(code);
        if (now == nullptr) {
            if (lost.empty()) lost = code;
        } else if (then != nullptr && now->key == code && other.empty()) {
            const auto* was = then->find("label");
            const auto* is = now->find("label");
            const bool same = (was == nullptr && is == nullptr) ||
                              (was != nullptr && is != nullptr && was->parts == is->parts);
            if (!same) other = code;
        }
    }
    if (!lost.empty()) return {Effect::needs_migration, Reason::codes_not_in_list, lost};
    if (!other.empty()) return {Effect::needs_migration, Reason::codes_mean_other, other, true};
    return {Effect::compatible, Reason::nothing_stored};
}

Verdict judge_code(const Difference& at) {
    if (at.added()) return {Effect::compatible, Reason::new_code};
    const auto list = at.path[1];
    const auto code = at.path.back();
    const auto* before = at.old_root.find("registers");
    const auto* after = at.new_root.find("registers");
    if (before == nullptr || after == nullptr) return {};
    bool used = false;
    std::string user;  // of a field that would be left with a code it cannot read
    for (const auto& register_ : before->parts) {
        const auto* now = after->find(register_.key);
        if (now == nullptr || now->find("fields") == nullptr) continue;
        for_each_pair(
            *register_.find("fields"), *now->find("fields"),
            [&](const Description& field, const Description& field_now) {
                if (field.text_of("codelist") != list || field_now.text_of("codelist") != list) {
                    return;  // another list, or none: told at the field
                }
                used = true;
                if (read_as(field_now, code) == code && user.empty()) {
                    user = fmt::format("{}/{}", register_.key, field.text_of("name"));
                }
            });
    }
    if (!user.empty()) return {Effect::needs_migration, Reason::code_removed, user};
    if (used) return {Effect::migrates, Reason::recoded};
    return {Effect::compatible, Reason::nothing_stored};
}

namespace {

// A key that only says what a value is in: another change tells if the type is another.
Verdict judge_key(const Difference& at, Reason reason) {
    const auto* before = above(at.old_root, at.path, 1);
    const auto* after = above(at.new_root, at.path, 1);
    if (before == nullptr || after == nullptr) return {};
    if (before->text_of("type") != after->text_of("type")) {
        return {Effect::compatible, Reason::another_change_tells};
    }
    return {Effect::needs_migration, reason, {}, true};
}

}  // namespace

Verdict judge_currency(const Difference& at) {
    return judge_key(at, Reason::currency_changed);
}

Verdict judge_target(const Difference& at) {
    return judge_key(at, Reason::records_of_other);
}

Verdict judge_cell(const Difference& at) {
    if (at.added()) return {Effect::migrates, Reason::new_in_group};
    return {Effect::needs_migration, Reason::group_field_removed,
            std::string(at.before->text_of("name"))};
}

Verdict judge_cell_name(const Difference& at) {
    const auto* before = above(at.old_root, at.path, 1);
    return {Effect::needs_migration, Reason::group_order,
            before == nullptr ? std::string() : std::string(before->text_of("name"))};
}

Verdict judge_secrecy(const Difference& at) {
    const auto* before = above(at.old_root, at.path, 1);
    const auto* after = above(at.new_root, at.path, 1);
    if (before == nullptr || after == nullptr) return {};
    // Texts lie in one kind of column either way; whole numbers can go into it, but not out of it.
    static const std::set<std::string_view> kWhole{"integer", "duration"};
    static const std::set<std::string_view> kNumbers{"integer", "duration", "decimal", "money",
                                                     "boolean"};
    const auto from = before->text_of("type");
    const auto to = after->text_of("type");
    const bool follows =
        at.added() ? kWhole.contains(from) || !kNumbers.contains(from) : !kNumbers.contains(to);
    if (!follows) return {Effect::needs_migration, Reason::secrecy_of_numbers};
    return {Effect::migrates, Reason::read_as_written};
}

}  // namespace amate::definitions::internal
