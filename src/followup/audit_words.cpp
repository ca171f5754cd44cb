// SPDX-License-Identifier: Apache-2.0
// Says a finding of the audit in one sentence.
#include <algorithm>

#include "core/result.hpp"
#include "followup/audit.hpp"
#include "followup/range.hpp"
#include "followup/wording.hpp"

namespace amate::followup {
namespace {

std::string kind_name(FindingKind kind) {
    switch (kind) {
        case FindingKind::holds:
            return "holds";
        case FindingKind::differs:
            return "differs";
        case FindingKind::undecided:
            return "undecided";
    }
    raise_bug("kind is one of three", __FILE__, __LINE__);
}

std::string because_name(Because because) {
    switch (because) {
        case Because::none:
            return "";
        case Because::truncated:
            return "truncated";
        case Because::bound:
            return "bound";
        case Because::other_unit:
            return "other_unit";
        case Because::other_moment:
            return "other_moment";
        case Because::no_cutoff:
            return "no_cutoff";
        case Because::base_missing:
            return "base_missing";
        case Because::revised:
            return "revised";
    }
    raise_bug("because is one of the list", __FILE__, __LINE__);
}

// The sentence's key: most are CHECK.KIND; those that need other words say so.
std::string sentence_of(const Finding& finding, bool less) {
    const std::string key = "audit." + finding.check + "." + kind_name(finding.kind);
    if (finding.kind == FindingKind::undecided) {
        if (finding.check == "restates" && finding.because == Because::revised)
            return "audit.restates.revised";
        if (finding.check == "restates" && !finding.working.empty()) return "audit.restates.rate";
        return "audit.undecided." + because_name(finding.because);
    }
    if (finding.because == Because::truncated) return "audit.derived_from.truncated";
    if (finding.check != "part_of") return key;
    if (finding.expected == "100") return key + "_percent";
    if (finding.kind == FindingKind::holds) return key;
    return key + (less ? "_less" : "_more");
}

}  // namespace

std::string to_words(const Finding& finding, std::string_view language) {
    const auto number = [](const std::string& text) {
        return text.empty() ? 0.0 : std::stod(text);
    };
    const double gap = number(finding.expected) - number(finding.reported);
    const int decimals = std::max(decimals_of(finding.reported), decimals_of(finding.expected));
    const Parameters values{{"figure", finding.figure_id},
                            {"reported", bounded_words(finding.reported, finding.bound, language)},
                            {"expected", number_words(finding.expected)},
                            {"others", list_words(finding.others, language)},
                            {"key", humanised(finding.key)},
                            {"working", working_words(finding.working)},
                            {"difference", number_words(to_text(gap < 0 ? -gap : gap, decimals))},
                            {"check", say(language, "check." + finding.check)}};
    std::string sentence = say(language, sentence_of(finding, gap < 0), values);
    if (finding.kind == FindingKind::differs && finding.because == Because::no_cutoff)
        sentence += " " + say(language, "audit.no_cutoff");
    return sentence;
}

std::string to_words(const Finding& finding, std::string_view language,
                     const definitions::Pack& pack) {
    if (finding.check != "part_of" || finding.others.empty()) return to_words(finding, language);
    Finding named = finding;
    named.key = key_words(pack, finding.others.front(), finding.key, language);
    return to_words(named, language);
}

}  // namespace amate::followup
