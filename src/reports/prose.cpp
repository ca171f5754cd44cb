// SPDX-License-Identifier: Apache-2.0
// Markdown of a report: CommonMark with tables; raw HTML is left out by the library's safe mode.
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "reports/internal/parts.hpp"

namespace amate::reports::internal {
namespace {

struct FreeNode {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeParser {
    void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct FreeText {
    void operator()(char* text) const { std::free(text); }
};

std::string html_of(cmark_node* node) {
    const std::unique_ptr<char, FreeText> html(cmark_render_html(node, CMARK_OPT_DEFAULT, nullptr));
    return html.get();
}

std::string plain_text_of(cmark_node* node) {
    const std::unique_ptr<char, FreeText> text(cmark_render_plaintext(node, CMARK_OPT_DEFAULT, 0));
    std::string line = text.get();
    while (!line.empty() && line.back() == '\n') line.pop_back();
    return line;
}

std::unique_ptr<cmark_node, FreeNode> parse(const std::string& markdown) {
    cmark_gfm_core_extensions_ensure_registered();
    const std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(CMARK_OPT_SMART));
    cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension("table"));
    cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
    return std::unique_ptr<cmark_node, FreeNode>(cmark_parser_finish(parser.get()));
}

}  // namespace

void add_prose(Draft& draft, const definitions::ReportPart& part, View& page) {
    const auto document = parse(fill_values(draft, part.prose, part.place, Filling::markdown));
    std::string html;
    for (auto* node = cmark_node_first_child(document.get()); node != nullptr;
         node = cmark_node_next(node)) {
        const bool heading = cmark_node_get_type(node) == CMARK_NODE_HEADING;
        if (!heading) {
            html += html_of(node);
            continue;
        }
        // The page's own title is its only heading of the first level.
        const int level = std::max(2, cmark_node_get_heading_level(node));
        cmark_node_set_heading_level(node, level);
        const auto anchor = fmt::format("s-{}", ++draft.headings);
        if (level == 2) draft.contents.push_back({"", anchor, plain_text_of(node), ""});
        auto text = html_of(node);
        html += text.insert(3, fmt::format(" id=\"{}\"", anchor));
    }
    page.include("PART", "report_prose.html").set("HTML", html);
}

}  // namespace amate::reports::internal
