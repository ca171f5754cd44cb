// SPDX-License-Identifier: Apache-2.0
// Parts that several pages show: tables of figures, charts, tiles, lists of links.
#pragma once

#include <string>
#include <vector>

#include "server/page.hpp"

namespace amate::server::pages {

using Figures = std::vector<const definitions::Figure*>;

[[nodiscard]] tl::unexpected<Problems> not_found();
// Figures of a pack that `keep` is true of, in file order.
template <class Keep>
[[nodiscard]] Figures figures_where(const definitions::Pack& pack, const Keep& keep) {
    Figures figures;
    for (const auto& figure : pack.figures) {
        if (keep(figure)) figures.push_back(&figure);
    }
    return figures;
}
[[nodiscard]] bool holds(const std::vector<std::string>& list, const std::string& item);

// "equal", "differs", "reported" or "not_computable": the class of a mark, and the end of its text.
[[nodiscard]] std::string mark_of(const followup::FigureState& state, const Shown& shown);
// The number counted, "differs" where it is not for everybody, or a dash.
[[nodiscard]] std::string computed_words(const Page& page, const Shown& shown);
[[nodiscard]] std::string share_words(const Page& page, const Share& share);

// Fills {{>FIGURES}} unless there are none.
void add_figures(Page& page, const Site& site, const Numbers& numbers, const Figures& figures);
// The same within a section.
void fill_figures(Page& page, render::View& view, const Site& site, const Numbers& numbers,
                  const Figures& figures);
// Fills {{>CHART}} within {{#CHARTS}}: figures with parts of one key, and series over years, where
// there are at least three numbers to compare.
void add_charts(Page& page, const Site& site, const Figures& figures);
// Fills {{>TILES}}.
void add_tiles(Page& page, const Site& site, const Numbers& numbers);
// One {{#PROGRAMME}} of a list of entries.
void add_programme(Page& page, render::View& list, const definitions::Programme& programme);

struct Link {
    std::string path, label;
};
// Fills {{#SECTION}}{{#LINK}}...; nothing if there are none.
void add_links(Page& page, render::View& view, const std::string& section,
               const std::vector<Link>& links);
[[nodiscard]] std::vector<Link> programme_links(const Site& site, const Page& page,
                                                const std::vector<std::string>& ids);
[[nodiscard]] std::vector<Link> institution_links(const Site& site, const Page& page,
                                                  const std::vector<std::string>& ids);
[[nodiscard]] std::vector<Link> register_links(const Site& site, const Page& page,
                                               const std::vector<std::string>& names);

}  // namespace amate::server::pages
