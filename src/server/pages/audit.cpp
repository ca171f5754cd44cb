// SPDX-License-Identifier: Apache-2.0
// Where reported figures bear each other out, and where they do not.
#include <algorithm>
#include <array>

#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"

namespace amate::server::pages {
namespace {

struct Group {
    followup::FindingKind kind;
    const char* name;
};
constexpr std::array<Group, 3> kGroups = {{{followup::FindingKind::differs, "differs"},
                                           {followup::FindingKind::undecided, "undecided"},
                                           {followup::FindingKind::holds, "holds"}}};

}  // namespace

Result<Response> audit(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    Page page(site, request, "audit.html", "audit");
    Words counts;
    for (const auto& [kind, name] : kGroups) {
        const auto count = std::count_if(
            numbers->findings.begin(), numbers->findings.end(),
            [kind = kind](const followup::Finding& finding) { return finding.kind == kind; });
        counts.emplace_back(name, std::to_string(count));
        if (count == 0) continue;
        auto& group = page.body().add("GROUP");
        group.set("KIND", name);
        group.set("LABEL", page.say("audit_" + std::string(name)));
        group.set("EXPLANATION", page.say("audit_" + std::string(name) + "_text"));
        group.set("COUNT", std::to_string(count));
        for (const auto& finding : numbers->findings) {
            if (finding.kind != kind) continue;
            auto& item = group.add("FINDING");
            item.set("URL", page.link("/figures/" + percent_encode(finding.figure_id)));
            item.set("ID", finding.figure_id);
            item.set("TEXT", followup::to_words(finding, page.language()));
        }
    }
    page.body().set("LEAD", page.say("audit_lead", counts));
    return page.finish(page.say("audit_title"));
}

}  // namespace amate::server::pages
