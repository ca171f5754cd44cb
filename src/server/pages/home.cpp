// SPDX-License-Identifier: Apache-2.0
// The first page: what this is, search, how much is counted, the objectives.
#include <algorithm>

#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"
#include "server/wording.hpp"

namespace amate::server::pages {
namespace {

constexpr std::size_t kExamplesMax = 3;

void add_fact(Page& page, std::size_t number, const std::string& key, const std::string& path) {
    auto& fact = page.body().add("FACT");
    fact.set("LABEL", page.say(key));
    fact.set("NUMBER", number_words(static_cast<std::int64_t>(number)));
    fact.set("URL", page.link(path));
}

// Words to try, taken from the titles of registers: what this country has, not what we suppose.
void add_examples(Page& page, const Site& site) {
    std::size_t count = 0;
    for (const auto& register_ : site.pack().registers) {
        if (count++ == kExamplesMax) break;
        const auto& title = register_->title.in(page.language());
        auto& example = page.body().add("EXAMPLE");
        example.set("WORD", title);
        example.set("URL", page.link("/search?q=" + percent_encode(title)));
    }
}

}  // namespace

Result<Response> root(const Site&, const Request& request) {
    Response response;
    response.status = 302;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "/" + request.language + "\n";
    response.headers.emplace_back("Location", "/" + request.language);
    response.headers.emplace_back("Vary", "Accept-Language");
    response.headers.emplace_back("Cache-Control", "no-cache");
    return response;
}

Result<Response> home(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto& pack = site.pack();
    Page page(site, request, "home.html", "");
    auto& body = page.body();
    const auto all = figures_where(pack, [](const auto&) { return true; });
    const auto share = site.share_of(*numbers, all);
    const auto differing = std::count_if(
        numbers->findings.begin(), numbers->findings.end(),
        [](const auto& finding) { return finding.kind == followup::FindingKind::differs; });
    body.set("LEAD",
             page.say("home_lead", {{"figures", std::to_string(all.size())},
                                    {"programmes", std::to_string(pack.programmes.size())}}));
    add_examples(page, site);
    add_fact(page, share.computed, "fact_computed", "/figures?how=computed");
    add_fact(page, share.total - share.computed, "fact_reported", "/figures?how=reported");
    add_fact(page, pack.programmes.size(), "fact_programmes", "/programmes");
    add_fact(page, pack.registers.size(), "fact_registers", "/registers");
    add_fact(page, static_cast<std::size_t>(differing), "fact_findings", "/audit");
    body.set("CUTOFF",
             numbers->manifest
                 ? page.say("home_cutoff",
                            {{"date", date_words(numbers->manifest->cutoff, page.language())}})
                 : page.say("home_no_snapshot"));
    const auto count = site.objectives() == nullptr ? 0 : site.objectives()->nodes.size();
    body.set("OBJECTIVES_TITLE", page.say("home_objectives", {{"count", std::to_string(count)}}));
    add_tiles(page, site, *numbers);
    return page.finish(page.say("home_title"));
}

Result<Response> about(const Site& site, const Request& request) {
    Page page(site, request, "about.html", "");
    return page.finish(page.say("about_title"));
}

}  // namespace amate::server::pages
