// SPDX-License-Identifier: Apache-2.0
// The institutions behind programmes and figures, and one of them.
#include <algorithm>

#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"

namespace amate::server::pages {
namespace {

Figures figures_of(const Site& site, const std::string& institution) {
    return figures_where(site.pack(), [&](const definitions::Figure& figure) {
        return holds(figure.institutions, institution);
    });
}

}  // namespace

Result<Response> institutions(const Site& site, const Request& request) {
    Page page(site, request, "institutions.html", "institutions");
    const auto& all = site.pack().institutions;
    page.body().set("LEAD", page.say("institutions_lead", {{"count", std::to_string(all.size())}}));
    for (const auto& institution : all) {
        const auto& programmes = site.pack().programmes;
        const auto run = std::count_if(programmes.begin(), programmes.end(), [&](const auto& one) {
            return holds(one.institutions, institution.id);
        });
        auto& row = page.body().add("ROW");
        row.set("URL", page.link("/institutions/" + percent_encode(institution.id)));
        const auto& name = institution.name.in(page.language());
        const bool said = institution.acronym.empty() || name == institution.acronym;
        row.set("NAME", said ? name : name + " (" + institution.acronym + ")");
        row.set("PROGRAMMES", run == 0 ? "–" : std::to_string(run));
        const auto figures = figures_of(site, institution.id).size();
        row.set("FIGURES", figures == 0 ? "–" : std::to_string(figures));
    }
    return page.finish(page.say("nav_institutions"));
}

Result<Response> institution(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* institution = site.pack().find_institution(request.get("id"));
    if (institution == nullptr) return not_found();
    Page page(site, request, "institution.html", "institutions");
    auto& body = page.body();
    const auto& name = institution->name.in(page.language());
    body.set("LIST", page.link("/institutions"));
    body.set("TITLE", name);
    if (!institution->acronym.empty()) body.add("ACRONYM").set("TEXT", institution->acronym);
    if (const auto* parent = site.pack().find_institution(institution->parent)) {
        auto& link = body.add("PARENT");
        link.set("URL", page.link("/institutions/" + percent_encode(parent->id)));
        link.set("LABEL", parent->name.in(page.language()));
    }
    render::View* list = nullptr;
    for (const auto& programme : site.pack().programmes) {
        if (!holds(programme.institutions, institution->id)) continue;
        if (list == nullptr) list = &body.add("PROGRAMMES");
        add_programme(page, *list, programme);
    }
    std::vector<std::string> kept;
    for (const auto& register_ : site.pack().registers) {
        if (register_->institution == institution->id) kept.push_back(register_->name);
    }
    add_links(page, body, "REGISTERS", register_links(site, page, kept));
    const auto figures = figures_of(site, institution->id);
    if (!figures.empty()) {
        auto& section = body.add("HAS_FIGURES");
        fill_figures(page, section, site, *numbers, figures);
    }
    if (list == nullptr && kept.empty() && figures.empty()) body.show("NOTHING");
    return page.finish(name);
}

}  // namespace amate::server::pages
