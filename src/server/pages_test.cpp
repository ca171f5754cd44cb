// SPDX-License-Identifier: Apache-2.0
// The pages: each answers in each language, escapes what it is given, and says what is missing.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "server/search.hpp"
#include "server/test_site.hpp"

namespace amate::server {
namespace {

std::string header(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "";
}

std::vector<std::string> links_of(const std::string& html) {
    std::vector<std::string> links;
    const std::regex pattern("href=\"(/[^\"#]*)");
    for (std::sregex_iterator it(html.begin(), html.end(), pattern), end; it != end; ++it) {
        links.push_back(std::regex_replace((*it)[1].str(), std::regex("&amp;"), "&"));
    }
    return links;
}

// No link of the site is dead: everything that can be reached from the first page answers.
TEST(Pages, EveryLinkLeadsSomewhere) {
    const auto& site = invented_site();
    std::vector<std::string> open = {"/es", "/en"};
    std::set<std::string> seen(open.begin(), open.end());
    while (!open.empty()) {
        const auto path = open.back();
        open.pop_back();
        const auto response = site.get(path);
        EXPECT_EQ(response.status, 200) << path;
        if (response.content_type.find("text/html") != 0) continue;
        EXPECT_EQ(response.body.find("{{"), std::string::npos) << path;
        EXPECT_EQ(response.body.find("style="), std::string::npos) << path;
        EXPECT_EQ(response.body.find("<script"), std::string::npos) << path;
        const auto first = response.body.find("<h1");
        EXPECT_NE(first, std::string::npos) << path;
        EXPECT_EQ(response.body.find("<h1", first + 1), std::string::npos) << path;
        for (const auto& link : links_of(response.body)) {
            if (seen.insert(link).second) open.push_back(link);
        }
    }
    EXPECT_GT(seen.size(), 100U);
    EXPECT_TRUE(seen.contains("/es/figures/F001"));
}

TEST(Pages, NotFoundIsSaidInTheLanguage) {
    const auto spanish = invented_site().get("/es/nowhere");
    EXPECT_EQ(spanish.status, 404);
    EXPECT_NE(spanish.body.find("no existe"), std::string::npos);
    EXPECT_NE(spanish.body.find("lang=\"es\""), std::string::npos);
    EXPECT_EQ(invented_site().get("/fr").status, 404);
    for (const auto* path : {"/en/figures/X", "/en/objectives/99", "/en/programmes/X",
                             "/en/institutions/X", "/en/registers/x", "/static/x.css", "/api"}) {
        EXPECT_EQ(invented_site().get(path).status, 404) << path;
    }
}

TEST(Pages, MalformedIsRefusedPolitely) {
    for (const auto* path : {"/es/%FF", "/en/figures?how=x", "/en/figures?page=0",
                             "/en/registers/help_desk_visit/table?by=x",
                             "/en/registers/help_desk_visit/table?from=yesterday"}) {
        const auto response = invented_site().get(path);
        EXPECT_GE(response.status, 400) << path;
        EXPECT_LT(response.status, 500) << path;
        EXPECT_NE(response.body.find("<h1"), std::string::npos) << path;
    }
    EXPECT_EQ(invented_site().get("/en", "en", "POST").status, 405);
}

TEST(Pages, RootLeadsToTheReadersLanguage) {
    EXPECT_EQ(header(invented_site().get("/", "en-GB"), "Location"), "/en");
    EXPECT_EQ(header(invented_site().get("/", "fr"), "Location"), "/es");
}

TEST(Pages, TheLanguageSwitchStaysOnThePageWithItsQuery) {
    const auto page = invented_site().get("/es/search?q=a%26b");
    EXPECT_NE(page.body.find("href=\"/en/search?q=a%26b\""), std::string::npos);
}

// What somebody types comes back as text, wherever it stands.
TEST(Pages, HostileQueriesAreEscaped) {
    const std::string attack = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'";
    for (const auto* start : {"/es/search?q=", "/en/search?q=desk+"}) {
        const auto page = invented_site().get(start + percent_encode(attack));
        EXPECT_EQ(page.status, 200);
        EXPECT_EQ(page.body.find("<script"), std::string::npos);
        EXPECT_EQ(page.body.find("<img"), std::string::npos);
        EXPECT_NE(page.body.find("&lt;script&gt;"), std::string::npos);
    }
    const auto table = invented_site().get("/en/registers/help_desk_visit/table?where=" +
                                           percent_encode("channel = '" + attack));
    EXPECT_EQ(table.body.find("<script"), std::string::npos);
}

TEST(Pages, EveryAnswerCarriesTheSecurityHeaders) {
    for (const auto* path : {"/es", "/es/nowhere", "/api/v1/health", "/static/amate.css", "/"}) {
        const auto response = invented_site().get(path);
        EXPECT_EQ(header(response, "Content-Security-Policy").find("default-src 'none'"), 0U)
            << path;
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff") << path;
        EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer") << path;
    }
}

// A phone on a poor network asks again only for what changed, and gets it small.
TEST(Pages, AreValidatedAndCompressed) {
    const auto& site = invented_site().site();
    const auto first = site.answer({"GET", "/es", "", "gzip, br", ""});
    EXPECT_EQ(header(first, "Content-Encoding"), "gzip");
    EXPECT_LT(first.body.size(), 20'000U);
    const auto tag = header(first, "ETag");
    const auto again = site.answer({"GET", "/es", "", "gzip", tag});
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(again.body.empty());
    EXPECT_EQ(site.answer({"GET", "/es", "", "", "\"other\""}).status, 200);
    EXPECT_EQ(header(site.answer({"GET", "/es", "", "gzip;q=0", ""}), "Content-Encoding"), "");
    const auto style = invented_site().get("/static/amate.css?v=1");
    EXPECT_NE(header(style, "Cache-Control").find("immutable"), std::string::npos);
}

TEST(Pages, InventedDataAreSaidToBeInvented) {
    EXPECT_NE(invented_site().get("/en").body.find("Invented data"), std::string::npos);
    EXPECT_EQ(real_site().get("/en").body.find("Invented data"), std::string::npos);
}

TEST(Pages, AFigureOpensIntoRuleCutoffQueryAndSource) {
    const auto page = invented_site().get("/en/figures/F019");
    for (const auto* words : {"SELECT", "Cut-off", "line", "46", "help_desk_visit", "computed"}) {
        EXPECT_NE(page.body.find(words), std::string::npos) << words;
    }
}

TEST(Pages, ADifferingNumberOfPeopleIsNotShown) {
    const auto page = real_site().get("/en/figures/F001");
    EXPECT_NE(page.body.find("The computed number is not shown"), std::string::npos);
}

// A report counts whole registers: what no table shows in public, none of its parts may show.
TEST(Pages, ReportsShowNoCountsOfPeopleInPublic) {
    const auto count = [](const std::string& text, const std::string& piece) {
        int found = 0;
        for (auto at = text.find(piece); at != text.npos; at = text.find(piece, at + 1)) ++found;
        return found;
    };
    const auto shown = invented_site().get("/en/reports/yearbook");
    const auto hidden = real_site().get("/en/reports/yearbook");
    ASSERT_EQ(shown.status, 200);
    ASSERT_EQ(hidden.status, 200);
    const std::string words = "holds personal data and is not shown in public";
    EXPECT_EQ(count(shown.body, words), 0);
    EXPECT_GE(count(hidden.body, words), 5) << "parts over landings, and what opens them";
    // That nobody landed is a count, too.
    EXPECT_GE(count(shown.body, "No records meet the condition"), 4);
    EXPECT_EQ(count(hidden.body, "No records meet the condition"), 0);
    EXPECT_GT(count(hidden.body, "Visits by office and channel"), 0);
    const auto policy = header(shown, "Content-Security-Policy");
    EXPECT_NE(policy.find("style-src 'sha256-"), std::string::npos) << policy;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << policy;
}

TEST(Search, AccentsAndCaseAside) {
    const auto& search = invented_site().site().search();
    const auto plain = search.find("VISITAS EN PERSONA", "es");
    ASSERT_FALSE(plain.found.empty());
    EXPECT_EQ(plain.found[0].id, "F018");
    bool hit = false;
    for (const auto& piece : plain.found[0].pieces) hit = hit || piece.hit;
    EXPECT_TRUE(hit);
    EXPECT_FALSE(search.find("ninas", "es").found.empty());
}

TEST(Search, AnIdentifierFindsItsEntryFirst) {
    const auto& search = invented_site().site().search();
    EXPECT_EQ(search.find("f012", "en").found.at(0).id, "F012");
    EXPECT_EQ(search.find(" q-b01 ", "en").found.at(0).id, "Q-B01");
}

TEST(Search, NothingFoundSuggestsWhatIsNear) {
    const auto& search = invented_site().site().search();
    EXPECT_TRUE(search.find("", "en").found.empty());
    EXPECT_TRUE(search.find("...", "en").found.empty());
    const auto misspelt = search.find("lamdings", "en");
    EXPECT_TRUE(misspelt.found.empty());
    ASSERT_FALSE(misspelt.nearest.empty());
    EXPECT_EQ(misspelt.nearest[0], "landings");
    EXPECT_TRUE(search.find("landings zzzz", "en").any_word);
}

}  // namespace
}  // namespace amate::server
