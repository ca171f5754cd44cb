// SPDX-License-Identifier: Apache-2.0
// The search page. What is searched for is shown back, and neither kept nor logged.
#include <algorithm>

#include "core/text.hpp"
#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"
#include "server/wording.hpp"

namespace amate::server::pages {
namespace {

constexpr std::size_t kShownMax = 60;

void add_suggestions(Page& page, const Site& site, const std::string& heading) {
    auto& empty = page.body().add("EMPTY");
    empty.set("HEADING", page.say(heading));
    for (const auto* name : {"objectives", "programmes", "figures", "registers"}) {
        auto& item = empty.add("SUGGESTION");
        item.set("URL", page.link("/" + std::string(name)));
        item.set("LABEL", page.say("nav_" + std::string(name)));
    }
    if (site.objectives() == nullptr) return;
    for (const auto& node : site.objectives()->nodes) {
        auto& item = empty.add("SUGGESTION");
        item.set("URL", page.link("/objectives/" + percent_encode(node.id)));
        item.set("LABEL", node.title.in(page.language()));
    }
}

void add_found(Page& page, const Site& site, const std::vector<Found>& all) {
    auto& list = page.body().add("FOUND_LIST");
    for (std::size_t i = 0; i < std::min(all.size(), kShownMax); ++i) {
        const auto& found = all[i];
        auto& item = list.add("FOUND");
        item.set("URL", page.link(found.path));
        item.set("KIND", page.say("subject_" + std::string(name_of(found.subject))));
        item.set("ID", found.id);
        for (const auto& piece : found.pieces) {
            auto& view = item.add("PIECE");
            view.set("TEXT", piece.text);
            view.show(piece.hit ? "HIT" : "PLAIN");
        }
        if (found.subject != Subject::figure) continue;
        const auto* figure = site.pack().find_figure(found.id);
        if (figure != nullptr) item.add("VALUE").set("TEXT", value_words(*figure, page.language()));
    }
}

}  // namespace

Result<Response> search(const Site& site, const Request& request) {
    Page page(site, request, "search.html", "search");
    auto& body = page.body();
    const auto query = request.find("q");
    body.set("QUERY", query);
    if (trim(query).empty()) {
        add_suggestions(page, site, "search_start");
        return page.finish(page.say("search_title"));
    }
    const auto answer = site.search().find(query, page.language());
    const auto count = answer.found.size();
    body.add("RESULT").set(
        "COUNT", count == 1 ? page.say("search_result_one")
                            : page.say("search_results", {{"count", std::to_string(count)}}));
    if (answer.any_word) body.show("ANY_WORD");
    if (!answer.nearest.empty()) {
        auto& nearest = body.add("NEAREST");
        for (const auto& word : answer.nearest) {
            auto& view = nearest.add("WORD");
            view.set("URL", page.link("/search?q=" + percent_encode(word)));
            view.set("TEXT", word);
        }
    }
    if (answer.found.empty()) {
        add_suggestions(page, site, "search_empty");
    } else {
        add_found(page, site, answer.found);
    }
    auto response = page.finish(page.say("search_title"));
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Robots-Tag", "noindex");
    return response;
}

}  // namespace amate::server::pages
