// SPDX-License-Identifier: Apache-2.0
// The objectives, and one of them with its figures, programmes and goals.
#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"

namespace amate::server::pages {
namespace {

constexpr int kSteps = 10;

// Footprints along a way, as many taken as the share of figures that are computed.
void add_steps(Page& page, const Share& share) {
    const auto taken =
        share.total == 0
            ? 0
            : static_cast<int>((share.computed * kSteps + share.total / 2) / share.total);
    for (int i = 0; i < kSteps; ++i) {
        const int x = 8 + i * 32;
        const int y = i % 2 == 0 ? -2 : 12;
        auto& step = page.body().add("STEP");
        step.set("KIND", i < taken ? "taken" : "open");
        step.set("X", std::to_string(x));
        step.set("Y", std::to_string(y));
        step.set("CX", std::to_string(x + 7));
        step.set("CY", std::to_string(y + 12));
    }
}

void add_neighbour(Page& page, const std::string& section, const definitions::FrameworkNode& node) {
    auto& link = page.body().add(section);
    link.set("URL", page.link("/objectives/" + percent_encode(node.id)));
    link.set("LABEL", page.say("objective_title",
                               {{"number", node.id}, {"title", node.title.in(page.language())}}));
}

bool serves(const definitions::Programme& programme, const definitions::FrameworkNode& node) {
    for (const auto& objective : programme.objectives) {
        if (objective == node.id || objective.substr(0, node.id.size() + 1) == node.id + ".") {
            return true;
        }
    }
    return false;
}

void fill_objective(Page& page, const Site& site, const definitions::FrameworkNode& node) {
    const auto& language = page.language();
    auto& body = page.body();
    body.set("LIST", page.link("/objectives"));
    body.set("LIST_LABEL", page.say("nav_objectives"));
    body.set("NUMBER", node.id);
    body.set("TITLE", node.title.in(language));
    if (!node.summary.empty()) body.add("SUMMARY").set("TEXT", node.summary.in(language));
    render::View* list = nullptr;
    for (const auto& programme : site.pack().programmes) {
        if (!serves(programme, node)) continue;
        if (list == nullptr) list = &body.add("PROGRAMMES");
        add_programme(page, *list, programme);
    }
    if (!node.nodes.empty()) {
        auto& actions = body.add("NODES");
        for (const auto& child : node.nodes) {
            auto& item = actions.add("NODE");
            item.set("ID", child.id);
            item.set("TITLE", child.title.in(language));
        }
    }
    if (!node.goals.empty()) {
        auto& goals = body.add("GOALS");
        for (const auto& goal : node.goals) goals.add("GOAL").set("TEXT", goal.in(language));
    }
}

}  // namespace

Result<Response> objectives(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    Page page(site, request, "objectives.html", "objectives");
    const auto* framework = site.objectives();
    const auto count = framework == nullptr ? 0 : framework->nodes.size();
    const auto title = page.say("objectives_title", {{"count", std::to_string(count)}});
    page.body().set("TITLE", title);
    page.body().set("FRAMEWORK", framework == nullptr ? "" : framework->title.in(page.language()));
    add_tiles(page, site, *numbers);
    return page.finish(title);
}

Result<Response> objective(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* framework = site.objectives();
    if (framework == nullptr) return not_found();
    const auto& nodes = framework->nodes;
    const auto& id = request.get("id");
    std::size_t at = 0;
    while (at < nodes.size() && nodes[at].id != id) ++at;
    if (at == nodes.size()) return not_found();
    const auto& node = nodes[at];
    Page page(site, request, "objective.html", "objectives");
    const auto figures = figures_where(site.pack(), [&](const definitions::Figure& figure) {
        return figure.objective == node.id;
    });
    const auto share = site.share_of(*numbers, figures);
    fill_objective(page, site, node);
    page.body().set("SHARE", share_words(page, share));
    add_steps(page, share);
    if (figures.empty()) page.body().show("NO_FIGURES");
    add_charts(page, site, figures);
    add_figures(page, site, *numbers, figures);
    if (at > 0) add_neighbour(page, "PREVIOUS", nodes[at - 1]);
    if (at + 1 < nodes.size()) add_neighbour(page, "NEXT", nodes[at + 1]);
    return page.finish(page.say("objective_title",
                                {{"number", node.id}, {"title", node.title.in(page.language())}}));
}

}  // namespace amate::server::pages
