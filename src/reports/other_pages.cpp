// SPDX-License-Identifier: Apache-2.0
// Walks over what other programs show differently; all else stays as it is.
#include "reports/internal/other_pages.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "core/text.hpp"

namespace amate::reports::internal {
namespace {

// From `begin` up to and with `end` (`begin` alone where that is empty) something else stands
// there.
struct Element {
    std::string_view begin, end, instead;
};
constexpr std::array kElements{
    Element{"<style>", "</style>", ""},
    Element{"<a class=\"skip\"", "</a>", ""},
    Element{"<h1>", "</h1>", ""},  // the document's title says it
    Element{"<svg", "</svg>", ""},
    Element{"<tr class=\"note\"", "</tr>", ""},  // no cell spans columns; the annex says it, too
    Element{"<nav class=\"contents\"", ">", "<div>"},
    Element{"</nav>", "", "</div>"},
    Element{"<ol>", "", "<ul>"},
    Element{"</ol>", "", "</ul>"},
    Element{"<td role=\"cell\"><small>", "", "<td><small>"},
    Element{"<small>", "", "<br><small>"},
    Element{"<p class=\"back\"", "</p>", ""},
    Element{"<col class=\"c1\">", "", "<col style=\"width:36%\">"},
    Element{"<col class=\"c2\">", "", "<col style=\"width:18%\">"},
    Element{"<col class=\"c3\">", "", "<col style=\"width:24%\">"},
    Element{"<col class=\"c4\">", "", "<col style=\"width:22%\">"},
    Element{" class=\"number\"", "", " style=\"text-align: right\""},
};

bool is_drawing(std::string_view svg) {
    return svg.starts_with("<svg class=\"plot\"") || svg.starts_with("<svg class=\"map\"");
}

// A drawing by itself, as a file says it.
std::string as_file(std::string_view svg) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\"" + std::string(svg.substr(4));
}

// "aria-label" of a drawing: what it shows, for those who do not see it.
std::string_view label_of(std::string_view svg) {
    constexpr std::string_view kLabel = "aria-label=\"";
    const auto at = svg.find(kLabel);
    if (at == svg.npos) return {};
    const auto rest = svg.substr(at + kLabel.size());
    return rest.substr(0, rest.find('"'));
}

}  // namespace

WordPage word_page(std::string_view html) {
    WordPage page;
    std::size_t at = 0;
    while (at < html.size()) {
        std::size_t next = html.npos;
        const Element* element = nullptr;
        for (const auto& each : kElements) {
            const auto found = html.find(each.begin, at);
            if (found < next) {
                next = found;
                element = &each;
            }
        }
        page.html += html.substr(at, next - at);
        if (element == nullptr) break;
        page.html += element->instead;
        if (element->end.empty()) {
            at = next + element->begin.size();
            continue;
        }
        const auto close = html.find(element->end, next);
        const auto end = close == html.npos ? html.size() : close + element->end.size();
        const auto whole = html.substr(next, end - next);
        if (is_drawing(whole)) {
            page.drawings.push_back(as_file(whole));
            page.html +=
                fmt::format("<img src=\"drawing-{}.png\" alt=\"{}\" style=\"width: 16cm\">",
                            page.drawings.size(), label_of(whole));
        }
        at = end;
    }
    return page;
}

std::string print_page(std::string_view html) {
    const auto end = html.find("</style>");
    const auto styles = html.substr(0, end == html.npos ? 0 : end);
    std::map<std::string_view, std::string_view> values;
    for (auto at = styles.find("--"); at != styles.npos; at = styles.find("--", at + 2)) {
        const auto colon = styles.find_first_of(":;)}", at);
        if (colon == styles.npos || styles[colon] != ':') continue;
        const auto close = styles.find(';', colon);
        values[styles.substr(at, colon - at)] = trim(styles.substr(colon + 1, close - colon - 1));
    }
    std::string page;
    std::size_t at = 0;
    while (true) {
        const auto open = styles.find("var(", at);
        const auto close = open == styles.npos ? open : styles.find(')', open);
        if (close == styles.npos) break;
        page += styles.substr(at, open - at);
        page += values[styles.substr(open + 4, close - open - 4)];
        at = close + 1;
    }
    return page += html.substr(at);
}

}  // namespace amate::reports::internal
