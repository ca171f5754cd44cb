// SPDX-License-Identifier: Apache-2.0
// Fills the parts that several pages show.
#include "server/pages/parts.hpp"

#include <algorithm>

#include "server/wording.hpp"

namespace amate::server::pages {

tl::unexpected<Problems> not_found() {
    return fail(Problem{"server.not_found", {}, {}});
}

bool holds(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

std::string mark_of(const followup::FigureState& state, const Shown& shown) {
    if (state.how == followup::How::reported_only) return "reported";
    if (state.how == followup::How::not_computable) return "not_computable";
    return shown.agrees ? "equal" : "differs";
}

std::string computed_words(const Page& page, const Shown& shown) {
    if (shown.differs_unseen) return page.say("differs");
    return shown.computed ? number_words(*shown.computed) : "–";
}

std::string share_words(const Page& page, const Share& share) {
    return page.say("share_words", {{"computed", std::to_string(share.computed)},
                                    {"total", std::to_string(share.total)},
                                    {"equal", std::to_string(share.equal)}});
}

void add_figures(Page& page, const Site& site, const Numbers& numbers, const Figures& figures) {
    if (!figures.empty()) fill_figures(page, page.body(), site, numbers, figures);
}

void fill_figures(Page& page, render::View& view, const Site& site, const Numbers& numbers,
                  const Figures& figures) {
    auto& table = page.include(view, "FIGURES", "figure_table.html");
    table.set("CAPTION", page.say("figure_table_caption"));
    for (const auto* figure : figures) {
        const auto& state = site.state_of(numbers, *figure);
        const auto shown = site.shown(state);
        const auto mark = mark_of(state, shown);
        auto& row = table.add("ROW");
        row.set("URL", page.link("/figures/" + percent_encode(figure->id)));
        row.set("TITLE", figure->title.in(page.language()));
        const auto period = period_words(figure->period, page.language());
        if (!period.empty()) row.add("WHEN").set("PERIOD", period);
        row.set("REPORTED", value_words(*figure, page.language()));
        row.set("COMPUTED", computed_words(page, shown));
        row.set("MARK", mark);
        row.set("MARK_LABEL", page.say("mark_" + mark));
    }
}

void add_tiles(Page& page, const Site& site, const Numbers& numbers) {
    auto& tiles = page.include(page.body(), "TILES", "tiles.html");
    if (site.objectives() == nullptr) return;
    for (const auto& node : site.objectives()->nodes) {
        const auto share = site.share_of(
            numbers, figures_where(site.pack(), [&](const definitions::Figure& figure) {
                return figure.objective == node.id;
            }));
        const auto height = share.total == 0 ? 0 : share.computed * 100 / share.total;
        auto& tile = tiles.add("TILE");
        tile.set("URL", page.link("/objectives/" + percent_encode(node.id)));
        tile.set("NUMBER", node.id);
        tile.set("TITLE", node.title.in(page.language()));
        tile.set("TOP", std::to_string(100 - height));
        tile.set("HEIGHT", std::to_string(height));
        tile.set("SHARE", share.total == 0 ? page.say("tile_none")
                                           : page.say("tile_share",
                                                      {{"computed", std::to_string(share.computed)},
                                                       {"total", std::to_string(share.total)}}));
    }
}

void add_programme(Page& page, render::View& list, const definitions::Programme& programme) {
    auto& entry = list.add("PROGRAMME");
    entry.set("URL", page.link("/programmes/" + percent_encode(programme.id)));
    entry.set("ID", programme.id);
    entry.set("NAME", programme.title.in(page.language()));
    entry.set("SUMMARY", programme.summary.in(page.language()));
}

void add_links(Page& page, render::View& view, const std::string& section,
               const std::vector<Link>& links) {
    if (links.empty()) return;
    auto& list = view.add(section);
    for (const auto& link : links) {
        auto& item = list.add("LINK");
        item.set("URL", page.link(link.path));
        item.set("LABEL", link.label);
    }
}

std::vector<Link> programme_links(const Site& site, const Page& page,
                                  const std::vector<std::string>& ids) {
    std::vector<Link> links;
    for (const auto& id : ids) {
        if (const auto* programme = site.pack().find_programme(id)) {
            links.push_back(
                {"/programmes/" + percent_encode(id), programme->title.in(page.language())});
        }
    }
    return links;
}

std::vector<Link> institution_links(const Site& site, const Page& page,
                                    const std::vector<std::string>& ids) {
    std::vector<Link> links;
    for (const auto& id : ids) {
        if (const auto* institution = site.pack().find_institution(id)) {
            links.push_back(
                {"/institutions/" + percent_encode(id), institution->name.in(page.language())});
        }
    }
    return links;
}

std::vector<Link> register_links(const Site& site, const Page& page,
                                 const std::vector<std::string>& names) {
    std::vector<Link> links;
    for (const auto& name : names) {
        if (const auto* register_ = site.pack().find_register(name)) {
            links.push_back({"/registers/" + name, register_->title.in(page.language())});
        }
    }
    return links;
}

}  // namespace amate::server::pages
