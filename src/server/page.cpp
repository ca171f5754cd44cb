// SPDX-License-Identifier: Apache-2.0
// Fills the frame of a page.
#include "server/page.hpp"

#include <array>
#include <map>

#include "core/crypto.hpp"
#include "server/wording.hpp"

namespace amate::server {
namespace {

// Words that each template uses, found in web/templates when the build is configured.
const std::map<std::string, std::vector<std::string>, std::less<>>& template_words() {
    static const std::map<std::string, std::vector<std::string>, std::less<>> kWords = {
#include "template_words.inc"
    };
    return kWords;
}

constexpr std::array<const char*, 7> kSections = {
    "objectives", "programmes", "figures", "registers", "reports", "institutions", "audit"};

// Changes with the style sheet, so that browsers may keep it for ever.
const std::string& assets_version() {
    static const std::string kVersion = [] {
        const auto* style = render::find_static("amate.css");
        AMATE_CHECK(style != nullptr);
        const auto digest = crypto::digest(style->bytes);
        return crypto::to_hex(std::span(digest).first(5));
    }();
    return kVersion;
}

}  // namespace

void fill_words(render::View& view, const std::string& template_name, const std::string& language) {
    const auto found = template_words().find(template_name);
    AMATE_CHECK(found != template_words().end());
    for (const auto& key : found->second) {
        std::string name = "T_";
        for (const char c : key) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        view.set(name, render::say(language, "pages." + key));
    }
}

Page::Page(const Site& site, const Request& request, const std::string& template_name,
           const std::string& section)
    : site_(site), request_(request) {
    fill_words(root_, "layout.html", language());
    root_.set("LANG", language());
    root_.set("HOME", "/" + language());
    root_.set("COUNTRY", site.pack().title.in(language()));
    root_.set("ASSETS", assets_version());
    root_.set("ABOUT", link("/about"));
    root_.set("SEARCH", link("/search"));
    root_.set("PACK_VERSION", site.pack().version);
    root_.set("PACK_DIGEST", site.pack().digest.substr(0, 12));
    if (site.invented()) root_.show("INVENTED");
    fill_navigation(section);
    fill_languages();
    body_ = &include(root_, "BODY", template_name);
    body_->set("SEARCH", link("/search"));
    body_->set("LANG", language());
}

void Page::fill_navigation(const std::string& section) {
    for (const auto* name : kSections) {
        auto& item = root_.add("NAV");
        item.set("URL", link("/" + std::string(name)));
        item.set("LABEL", say("nav_" + std::string(name)));
        if (section == name) item.show("CURRENT");
    }
}

void Page::fill_languages() {
    const auto& segments = request_.segments;
    for (const auto& other : site_.languages()) {
        if (other == language()) continue;
        std::string url = "/" + other;
        for (std::size_t i = 1; i < segments.size(); ++i) url += "/" + percent_encode(segments[i]);
        if (!request_.query.empty()) {
            char mark = '?';
            for (const auto& [name, value] : request_.parameters) {
                url += mark + percent_encode(name) + "=" + percent_encode(value);
                mark = '&';
            }
        }
        auto& item = root_.add("OTHER_LANGUAGE");
        item.set("URL", url);
        item.set("CODE", other);
        item.set("LABEL", render::say(other, "pages.language_name"));
    }
}

render::View& Page::include(render::View& parent, const std::string& slot,
                            const std::string& template_name) const {
    auto& view = parent.include(slot, template_name);
    fill_words(view, template_name, language());
    return view;
}

std::string Page::say(std::string_view key, const Words& parameters) const {
    return render::say(language(), "pages." + std::string(key), parameters);
}

std::string Page::link(const std::string& path) const {
    return "/" + language() + path;
}

Response Page::finish(const std::string& title, int status) {
    root_.set("TITLE", title);
    Response response;
    response.status = status;
    response.body = render::render("layout.html", root_);
    response.headers.emplace_back("Content-Language", language());
    return response;
}

Response problem_page(const Site& site, const Request& request, const Problems& problems) {
    AMATE_CHECK(!problems.empty());
    const int status = http_status_of(problems.front());
    Page page(site, request, "problem.html", "");
    const auto title = page.say(status == 404 ? "problem_not_found" : "problem_title");
    page.body().set("HEADING", title);
    page.body().set("STATUS", std::to_string(status));
    for (const auto& problem : problems) {
        auto& item = page.body().add("PROBLEM");
        item.set("TEXT", text_of(problem, page.language()));
        item.set("REMEDY", remedy_of(problem, page.language()));
    }
    page.body().set("HOME", "/" + page.language());
    return page.finish(title, status);
}

}  // namespace amate::server
