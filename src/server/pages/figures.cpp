// SPDX-License-Identifier: Apache-2.0
// The list of figures, by objective and by where they come from, in pages.
#include <algorithm>

#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"

namespace amate::server::pages {
namespace {

constexpr std::size_t kFiguresAPage = 50;

void add_option(render::View& body, const std::string& section, const std::string& value,
                const std::string& label, const std::string& chosen) {
    auto& option = body.add(section);
    option.set("VALUE", value);
    option.set("LABEL", label);
    if (value == chosen) option.show("CHOSEN");
}

std::string page_link(const Page& page, const Request& request, std::size_t number) {
    std::string url = "/figures?page=" + std::to_string(number);
    for (const auto* name : {"objective", "how"}) {
        const auto value = request.find(name);
        if (!value.empty()) url += "&" + std::string(name) + "=" + percent_encode(value);
    }
    return page.link(url);
}

}  // namespace

Result<Response> figures(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    Page page(site, request, "figures.html", "figures");
    auto& body = page.body();
    const auto objective = request.find("objective");
    const auto how = request.find("how");
    if (site.objectives() != nullptr) {
        for (const auto& node : site.objectives()->nodes) {
            add_option(body, "OBJECTIVE_OPTION", node.id,
                       page.say("objective_title",
                                {{"number", node.id}, {"title", node.title.in(page.language())}}),
                       objective);
        }
    }
    for (const auto* name : {"computed", "reported", "not_computable"}) {
        add_option(body, "HOW_OPTION", name, page.say("how_" + std::string(name)), how);
    }
    const auto chosen = figures_where(site.pack(), [&](const definitions::Figure& figure) {
        if (!objective.empty() && figure.objective != objective) return false;
        return how.empty() || followup::name_of(site.state_of(*numbers, figure).how) == how;
    });
    body.set("LEAD", page.say("figures_lead", {{"count", std::to_string(chosen.size())}}));
    body.set("ACTION", page.link("/figures"));
    if (chosen.empty()) body.show("NONE");
    const auto pages =
        std::max<std::size_t>(1, (chosen.size() + kFiguresAPage - 1) / kFiguresAPage);
    const auto asked = static_cast<std::size_t>(integer_or(request, "page", 1));
    const auto number = std::min(asked, pages);
    const auto first = (number - 1) * kFiguresAPage;
    const auto last = std::min(first + kFiguresAPage, chosen.size());
    add_figures(page, site, *numbers,
                Figures(chosen.begin() + static_cast<std::ptrdiff_t>(first),
                        chosen.begin() + static_cast<std::ptrdiff_t>(last)));
    if (number > 1) body.add("PREVIOUS").set("URL", page_link(page, request, number - 1));
    if (number < pages) body.add("NEXT").set("URL", page_link(page, request, number + 1));
    return page.finish(page.say("nav_figures"));
}

}  // namespace amate::server::pages
