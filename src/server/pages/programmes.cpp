// SPDX-License-Identifier: Apache-2.0
// The programmes by family, and one of them.
#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"

namespace amate::server::pages {
namespace {

std::string family_label(const Site& site, const std::string& family, const std::string& language) {
    const auto* list = site.pack().find_codelist("programme_families");
    return list == nullptr ? family : list->label(family, language);
}

void fill_programme(Page& page, const Site& site, const definitions::Programme& programme) {
    const auto& language = page.language();
    auto& body = page.body();
    body.set("LIST", page.link("/programmes"));
    body.set("FAMILY", family_label(site, programme.family, language));
    body.set("FAMILY_URL", page.link("/programmes#family-" + percent_encode(programme.family)));
    body.set("TITLE", programme.title.in(language));
    body.set("SUMMARY", programme.summary.in(language));
    body.set("ID", programme.id);
    std::vector<Link> objectives;
    for (const auto& id : programme.objectives) {
        const auto top = id.substr(0, id.find('.'));
        const auto* node = site.objectives() == nullptr ? nullptr : site.objectives()->find(id);
        if (node == nullptr || site.objectives()->find(top) == nullptr) continue;
        objectives.push_back(
            {"/objectives/" + percent_encode(top),
             page.say("objective_title", {{"number", id}, {"title", node->title.in(language)}})});
    }
    add_links(page, body, "OBJECTIVES", objectives);
    add_links(page, body, "INSTITUTIONS", institution_links(site, page, programme.institutions));
    add_links(page, body, "REGISTERS", register_links(site, page, programme.registers));
    if (!programme.lines.empty()) body.add("LINES").set("TEXT", programme.lines);
}

}  // namespace

Result<Response> programmes(const Site& site, const Request& request) {
    Page page(site, request, "programmes.html", "programmes");
    const auto& all = site.pack().programmes;
    const auto title = page.say("programmes_title", {{"count", std::to_string(all.size())}});
    page.body().set("TITLE", title);
    page.body().set("LEAD", page.say("programmes_lead"));
    std::vector<std::string> families;
    for (const auto& programme : all) {
        if (!holds(families, programme.family)) families.push_back(programme.family);
    }
    for (const auto& code : families) {
        auto& family = page.body().add("FAMILY");
        family.set("CODE", code);
        family.set("LABEL", family_label(site, code, page.language()));
        std::size_t count = 0;
        for (const auto& programme : all) {
            if (programme.family != code) continue;
            add_programme(page, family, programme);
            ++count;
        }
        family.set("COUNT", std::to_string(count));
    }
    return page.finish(title);
}

Result<Response> programme(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* programme = site.pack().find_programme(request.get("id"));
    if (programme == nullptr) return not_found();
    Page page(site, request, "programme.html", "programmes");
    fill_programme(page, site, *programme);
    const auto figures = figures_where(site.pack(), [&](const definitions::Figure& figure) {
        return holds(figure.programmes, programme->id);
    });
    if (figures.empty()) page.body().show("NO_FIGURES");
    add_charts(page, site, figures);
    add_figures(page, site, *numbers, figures);
    return page.finish(programme->title.in(page.language()));
}

}  // namespace amate::server::pages
