// SPDX-License-Identifier: Apache-2.0
// The checks of reported figures, one function a relation.
#include "followup/audit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/result.hpp"
#include "followup/range.hpp"

namespace amate::followup {
namespace {

using definitions::Figure;
using definitions::FigureRelation;
using definitions::Pack;

Finding begin(const Figure& figure, const FigureRelation& relation) {
    Finding finding;
    finding.check = relation.kind;
    finding.figure_id = figure.id;
    finding.others = relation.others;
    finding.reported = figure.value;
    finding.bound = figure.find_key("bound");
    return finding;
}

Finding& decide(Finding& finding, FindingKind kind, Because because = Because::none) {
    finding.kind = kind;
    finding.because = because;
    return finding;
}

// `reported` should be `expected`: an exact expectation within the bound holds; a bounded one can
// only be contradicted.
Finding& decide_equal(Finding& finding, const Range& reported, const Range& expected) {
    if (below(reported, expected) || below(expected, reported))
        return decide(finding, FindingKind::differs);
    if (expected.exact() && reported.contains(expected.low))
        return decide(finding, FindingKind::holds);
    return decide(finding, FindingKind::undecided, Because::bound);
}

// What makes a component this part and no other: its keys that its whole does not have.
std::string partition_key(const Figure& part, const Figure& whole) {
    std::string key;
    for (const auto& [name, value] : part.disaggregation) {
        if (is_remark(name) || whole.find_key(name) == value) continue;
        if (!key.empty()) key += "+";
        key += name;
    }
    return key;
}

// The components of one whole and key, in file order.
using Partition = std::vector<const Figure*>;

std::string joined(const Partition& parts) {
    std::string text;
    for (const auto* part : parts) text += (text.empty() ? "" : " + ") + part->value;
    return text;
}

Finding check_partition(const Figure& whole, const std::string& key, const Partition& parts) {
    Finding finding;
    finding.check = "part_of";
    finding.figure_id = whole.id;
    finding.key = key;
    finding.reported = whole.value;
    finding.bound = whole.find_key("bound");
    finding.working = joined(parts);
    Range total{0, 0};
    int decimals = 0;
    bool shares = whole.measure != "percent";
    bool same_unit = true;
    for (const auto* part : parts) {
        finding.others.push_back(part->id);
        total = sum(total, range_of(*part));
        decimals = std::max(decimals, decimals_of(part->value));
        shares = shares && part->measure == "percent";
        same_unit = same_unit && part->unit == whole.unit;
    }
    finding.expected = to_text(total.low, decimals);
    if (!total.exact()) finding.expected.clear();
    if (shares) {  // the parts are shares of the whole: together they are all of it
        finding.reported = finding.expected;
        finding.expected = "100";
        finding.bound.clear();
        const double rounding = 0.5 * std::pow(10.0, -decimals) * static_cast<double>(parts.size());
        if (!total.exact()) return decide(finding, FindingKind::undecided, Because::bound);
        const double off = std::abs(total.low - 100);
        return decide(finding,
                      off < rounding || near(off, 0) ? FindingKind::holds : FindingKind::differs);
    }
    if (!same_unit) return decide(finding, FindingKind::undecided, Because::other_unit);
    return decide_equal(finding, range_of(whole), total);
}

Finding check_subset(const Figure& figure, const FigureRelation& relation, const Figure& whole) {
    Finding finding = begin(figure, relation);
    finding.expected = whole.value;
    if (figure.unit != whole.unit && figure.measure != whole.measure)
        return decide(finding, FindingKind::undecided, Because::other_unit);
    const Range part = range_of(figure);
    const Range all = range_of(whole);
    if (below(all, part)) return decide(finding, FindingKind::differs);
    if (at_most(part, all)) return decide(finding, FindingKind::holds);
    return decide(finding, FindingKind::undecided, Because::bound);
}

Finding check_repeat(const Pack& pack, const Figure& figure, const FigureRelation& relation,
                     const Figure& first) {
    Finding finding = begin(figure, relation);
    finding.expected = first.value;
    const bool same = near(number_of(figure), number_of(first)) &&
                      figure.find_key("bound") == first.find_key("bound");
    if (same) return decide(finding, FindingKind::holds);
    decide_equal(finding, range_of(figure), range_of(first));
    if (finding.kind == FindingKind::differs &&
        pack.counted_period(figure).last != pack.counted_period(first).last)
        decide(finding, FindingKind::undecided, Because::other_moment);
    return finding;
}

// Two figures in different units say how much one unit is worth in the other; nothing to check.
Finding check_restatement(const Figure& figure, const FigureRelation& relation,
                          const Figure& earlier) {
    Finding finding = begin(figure, relation);
    finding.expected = earlier.value;
    if (figure.unit != earlier.unit) {
        if (!near(number_of(figure), 0)) {
            finding.working = earlier.value + " / " + figure.value;
            finding.expected = to_text(number_of(earlier) / number_of(figure), 2);
        }
        return decide(finding, FindingKind::undecided, Because::other_unit);
    }
    if (near(number_of(figure), number_of(earlier))) return decide(finding, FindingKind::holds);
    return decide(finding, FindingKind::undecided, Because::revised);
}

Finding check_conflict(const Figure& figure, const FigureRelation& relation, const Figure& other) {
    Finding finding = begin(figure, relation);
    finding.expected = other.value;
    const auto dated = [](const Figure& f) { return f.cutoff || f.period.last; };
    const Because because = dated(figure) && dated(other) ? Because::none : Because::no_cutoff;
    if (figure.unit != other.unit)
        return decide(finding, FindingKind::undecided, Because::other_unit);
    const Range a = range_of(figure);
    const Range b = range_of(other);
    if (below(a, b) || below(b, a)) return decide(finding, FindingKind::differs, because);
    if (a.exact() && b.exact()) return decide(finding, FindingKind::holds);
    return decide(finding, FindingKind::undecided, Because::bound);
}

// Days, months or years of a period, where it is made of whole ones.
std::optional<double> length_in(std::string_view unit, const Period& period) {
    if (!period.first || !period.last || *period.last < *period.first) return std::nullopt;
    const Date first = *period.first;
    const Date end = Date::from_days(period.last->days_since_1970() + 1);
    if (unit == "day") return end.days_since_1970() - first.days_since_1970();
    const int months = (end.year() - first.year()) * 12 + end.month() - first.month();
    if (first.day() != end.day() || months == 0) return std::nullopt;
    if (unit == "month") return months;
    if (unit == "year" && months % 12 == 0) return months / 12;
    return std::nullopt;
}

// "calls_per_day", "landings per month" -> day, month; else empty.
std::string rate_of(std::string unit) {
    std::replace(unit.begin(), unit.end(), ' ', '_');
    for (const char* rate : {"day", "month", "year"})
        if (unit.ends_with(std::string("_per_") + rate)) return rate;
    return {};
}

// The printed number against the one that follows from its sources, at the printed decimals.
Finding& decide_rounded(Finding& finding, const Figure& figure, double follows) {
    const int decimals = decimals_of(figure.value);
    const double scale = std::pow(10.0, decimals);
    const double printed = number_of(figure);
    finding.expected = to_text(std::round(follows * scale + 1e-9) / scale, decimals);
    if (near(std::round(follows * scale + 1e-9) / scale, printed))
        return decide(finding, FindingKind::holds);
    const Range range = range_of(figure);
    if (range.exact() && near(std::trunc(follows * scale + 1e-9) / scale, printed))
        return decide(finding, FindingKind::differs, Because::truncated);
    finding.expected = to_text(follows, decimals + 1);
    return decide(finding, range.contains(follows) ? FindingKind::holds : FindingKind::differs);
}

Finding check_mean(const Pack& pack, Finding finding, const Figure& figure, const Figure& total) {
    const std::string rate = rate_of(figure.unit);
    if (rate.empty()) return decide(finding, FindingKind::undecided, Because::base_missing);
    auto length = length_in(rate, pack.counted_period(figure));
    if (!length) length = length_in(rate, pack.counted_period(total));
    if (!length) return decide(finding, FindingKind::undecided, Because::other_moment);
    finding.key = rate;
    finding.working = total.value + " / " + to_text(*length, 0);
    return decide_rounded(finding, figure, number_of(total) / *length);
}

Finding check_derivation(const Pack& pack, const Figure& figure, const FigureRelation& relation) {
    Finding finding = begin(figure, relation);
    const Figure* above = pack.find_figure(relation.others.front());
    AMATE_CHECK(above != nullptr);
    if (!range_of(*above).exact()) return decide(finding, FindingKind::undecided, Because::bound);
    if (relation.others.size() == 1) return check_mean(pack, finding, figure, *above);
    const Figure* base = pack.find_figure(relation.others.back());
    AMATE_CHECK(base != nullptr);
    if (!range_of(*base).exact() || near(number_of(*base), 0))
        return decide(finding, FindingKind::undecided, Because::bound);
    finding.working = above->value + " / " + base->value;
    double follows = number_of(*above) / number_of(*base);
    const bool is_increase = !figure.find_key("compare").empty();
    if (is_increase) {
        finding.working += " - 1";
        follows -= 1;
    }
    if (figure.measure == "percent") {
        if (is_increase) finding.working = "( " + finding.working + " )";
        finding.working += " * 100";
        follows *= 100;
    }
    return decide_rounded(finding, figure, follows);
}

Finding check(const Pack& pack, const Figure& figure, const FigureRelation& relation) {
    if (relation.kind == "derived_from") return check_derivation(pack, figure, relation);
    const Figure* other = pack.find_figure(relation.others.front());
    AMATE_CHECK(other != nullptr);
    if (relation.kind == "subset_of") return check_subset(figure, relation, *other);
    if (relation.kind == "repeats") return check_repeat(pack, figure, relation, *other);
    if (relation.kind == "restates") return check_restatement(figure, relation, *other);
    AMATE_CHECK(relation.kind == "conflicts_with");
    return check_conflict(figure, relation, *other);
}

}  // namespace

std::vector<Finding> audit(const Pack& pack) {
    // whole -> (key, parts) in the order in which the keys first occur
    std::map<std::string, std::vector<std::pair<std::string, Partition>>> partitions;
    for (const auto& figure : pack.figures) {
        for (const auto& relation : figure.relations) {
            if (relation.kind != "part_of") continue;
            const Figure* whole = pack.find_figure(relation.others.front());
            AMATE_CHECK(whole != nullptr);
            auto& of_whole = partitions[whole->id];
            const std::string key = partition_key(figure, *whole);
            auto at = std::find_if(of_whole.begin(), of_whole.end(),
                                   [&](const auto& entry) { return entry.first == key; });
            if (at == of_whole.end()) at = of_whole.insert(at, {key, {}});
            at->second.push_back(&figure);
        }
    }
    std::vector<Finding> findings;
    for (const auto& figure : pack.figures) {
        if (const auto found = partitions.find(figure.id); found != partitions.end())
            for (const auto& [key, parts] : found->second)
                findings.push_back(check_partition(figure, key, parts));
        for (const auto& relation : figure.relations)
            if (relation.kind != "part_of") findings.push_back(check(pack, figure, relation));
    }
    return findings;
}

}  // namespace amate::followup
