// SPDX-License-Identifier: Apache-2.0
// Holds that pages escape what they are given and that their texts are complete in every language.
#include "render/view.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "core/result.hpp"
#include "render/internal/locales.hpp"
#include "render/internal/templates.hpp"

namespace amate::render {
namespace {

std::string show(std::string_view text, const View& view) {
    const auto templates = internal::parse_templates({{"page.html", text}});
    return internal::expand(*templates, "page.html", view);
}

View with(const std::string& value) {
    View view;
    view.set("X", value);
    return view;
}

// Why: a title typed by anybody must never become markup, wherever it stands.
TEST(View, EscapesInText) {
    EXPECT_EQ(show("<p>{{X}}</p>", with("<script>alert('a')&\"</script>")),
              "<p>&lt;script&gt;alert(&#39;a&#39;)&amp;&quot;&lt;/script&gt;</p>");
}

TEST(View, EscapesInAttribute) {
    const std::string html = show("<p title=\"{{X}}\">a</p>", with("\" onclick=\"steal()"));
    EXPECT_EQ(html.find("onclick=\""), std::string::npos) << html;
    EXPECT_NE(html.find("&quot;"), std::string::npos) << html;
}

TEST(View, NeutralisesScriptAddresses) {
    for (const char* hostile : {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
                                " javascript:alert(1)"}) {
        const std::string html = show("<a href=\"{{X}}\">a</a>", with(hostile));
        EXPECT_EQ(html, "<a href=\"#\">a</a>") << hostile;
    }
    EXPECT_EQ(show("<a href=\"{{X}}\">a</a>", with("/figure/F1?a=b&c=d")),
              "<a href=\"/figure/F1?a=b&amp;c=d\">a</a>");
}

TEST(View, EscapesInsideAddresses) {
    EXPECT_EQ(show("<a href=\"/x?q={{X}}\">a</a>", with("b&c=\"d")),
              "<a href=\"/x?q=b&amp;c=&quot;d\">a</a>");
    EXPECT_EQ(show("<a href=\"{{X}}\">a</a>", with("mailto:a@b.c")), "<a href=\"#\">a</a>");
}

TEST(View, EscapesInIncludesToo) {
    const auto templates = internal::parse_templates(
        {{"page.html", "<ul>{{>ROW}}</ul>"}, {"row.html", "<li>{{X}}</li>"}});
    View view;
    view.include("ROW", "row.html").set("X", "<b>");
    view.include("ROW", "row.html").set("X", "two");
    EXPECT_EQ(internal::expand(*templates, "page.html", view),
              "<ul><li>&lt;b&gt;</li><li>two</li></ul>");
}

TEST(View, LeavesOwnMarkupWhereAsked) {
    EXPECT_EQ(show("<p>{{X:none}}</p>", with("<b>1</b>")), "<p><b>1</b></p>");
}

TEST(View, RepeatsSectionsAndSeesParents) {
    View view = with("outer");
    view.add("ROW").set("Y", "1");
    view.add("ROW").set("Y", "2");
    view.show("ONCE");
    view.show("ONCE");
    EXPECT_EQ(show("{{#ROW}}{{X}}{{Y}};{{/ROW}}{{#ONCE}}!{{/ONCE}}{{#NEVER}}?{{/NEVER}}", view),
              "outer1;outer2;!");
}

// Why: the server renders on several threads at once.
TEST(View, ExpandsOnManyThreads) {
    const auto templates = internal::parse_templates({{"page.html", "{{#ROW}}{{X}},{{/ROW}}"}});
    std::vector<std::thread> threads;
    std::vector<std::string> pages(4);
    for (std::size_t i = 0; i < pages.size(); ++i)
        threads.emplace_back([&, i] {
            for (int round = 0; round < 50; ++round) {
                View view;
                for (int row = 0; row < 20; ++row) view.add("ROW").set("X", std::to_string(i));
                pages[i] = internal::expand(*templates, "page.html", view);
            }
        });
    for (auto& thread : threads) thread.join();
    for (std::size_t i = 0; i < pages.size(); ++i) {
        std::string expected;
        for (int row = 0; row < 20; ++row) expected += std::to_string(i) + ",";
        EXPECT_EQ(pages[i], expected);
    }
}

TEST(View, UnknownOrBrokenTemplateIsABug) {
    EXPECT_THROW((void)render("no_such_page.html", View{}), Bug);
    EXPECT_THROW((void)internal::parse_templates({{"page.html", "{{#A}}"}}), Bug);
}

// Why: a template that does not parse would only show when its page is asked for.
TEST(Templates, AllParseAndAreInTheProgram) {
    EXPECT_NO_THROW((void)internal::parse_templates(internal::embedded_templates()));
    const std::filesystem::path folder = std::filesystem::path(AMATE_ROOT) / "web/templates";
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        files += entry.path().extension() == ".html" ? 1 : 0;
    EXPECT_EQ(internal::embedded_templates().size(), files);
}

TEST(StaticFiles, AreTheBytesOnDisk) {
    for (const auto& asset : internal::embedded_static()) {
        const std::filesystem::path path =
            std::filesystem::path(AMATE_ROOT) / "web/static" / asset.name;
        std::ifstream file(path, std::ios::binary);
        std::stringstream bytes;
        bytes << file.rdbuf();
        const StaticFile* found = find_static(asset.name);
        ASSERT_NE(found, nullptr) << asset.name;
        EXPECT_TRUE(found->bytes == bytes.str()) << asset.name;
        EXPECT_NE(found->content_type, "application/octet-stream") << asset.name;
    }
    EXPECT_EQ(find_static("../view.hpp"), nullptr);
    EXPECT_EQ(find_static(""), nullptr);
}

// Why: a text missing in one language would only show to its readers.
TEST(Locales, SameKeysAndParametersInEveryLanguage) {
    const auto locales = internal::read_locales(internal::embedded_locales());
    if (locales.empty()) GTEST_SKIP() << "no locale files yet";
    ASSERT_TRUE(locales.contains("es"));
    ASSERT_TRUE(locales.contains("en"));
    EXPECT_EQ(locales.size(), 2U);
    for (const auto& [language, other] : {std::pair{"es", "en"}, std::pair{"en", "es"}}) {
        for (const auto& [key, text] : locales.at(language)) {
            EXPECT_FALSE(text.empty()) << key;
            const auto twin = locales.at(other).find(key);
            if (twin == locales.at(other).end()) {
                ADD_FAILURE() << key << " is missing in " << other;
                continue;
            }
            EXPECT_EQ(internal::parameters_of(text), internal::parameters_of(twin->second)) << key;
        }
    }
}

TEST(Locales, RefusesMalformedAndRepeated) {
    EXPECT_THROW((void)internal::read_locales({{"a.es.json", "{"}}), Bug);
    EXPECT_THROW((void)internal::read_locales({{"a.es.json", "{\"k\": 1}"}}), Bug);
    EXPECT_THROW((void)internal::read_locales(
                     {{"a.es.json", "{\"k\": \"1\"}"}, {"b.es.json", "{\"k\": \"2\"}"}}),
                 Bug);
    EXPECT_NO_THROW((void)internal::read_locales(
        {{"a.es.json", "{\"k\": \"1\"}"}, {"a.en.json", "{\"k\": \"2\"}"}}));
    EXPECT_THROW((void)say("es", "no.such_key"), Bug);
}

}  // namespace
}  // namespace amate::render
