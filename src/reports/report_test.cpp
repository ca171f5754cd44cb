// SPDX-License-Identifier: Apache-2.0
// Holds that the report shows every figure once, marks it truly, opens it, and stays one safe page.
#include "reports/report.hpp"

#include <set>

#include <gtest/gtest.h>

#include "definitions/pack.hpp"
#include "followup/test_pack.hpp"

namespace amate::reports {
namespace {

using followup::compute_figures;
using followup::FigureState;
using followup::testing::add_landings;
using followup::testing::FigureLine;

namespace testing = followup::testing;

definitions::DataNode framework_node() {
    definitions::DataNode node, name;
    name.scalar = "gcm";
    node.entries.push_back({"framework", name});
    return node;
}

// With the report of its framework, as packs have it.
std::unique_ptr<definitions::Pack> make_pack(const std::vector<FigureLine>& lines) {
    auto pack = testing::make_pack(lines);
    definitions::Report report;
    report.name = "gcm";
    for (const char* language : {"es", "en"}) {
        auto& text = report.texts[language];
        text.title = "Compact";
        text.parts = {{{}, "overview", {}, framework_node()},
                      {{}, "contents", {}, {}},
                      {{}, "chapters", {}, framework_node()},
                      {{}, "findings", {}, {}}};
    }
    pack->reports.push_back(std::move(report));
    return pack;
}

std::size_t count(const std::string& text, std::string_view piece) {
    std::size_t found = 0;
    for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1))
        ++found;
    return found;
}

bool has(const std::string& text, std::string_view piece) {
    return text.find(piece) != std::string::npos;
}

std::string row_of(const std::string& html, const std::string& id) {
    const auto at = html.find("<tr id=\"f-" + id + "\"");
    return at == std::string::npos ? "" : html.substr(at, html.find("</tr>", at) - at);
}

std::vector<FigureState> states_of(const definitions::Pack& pack) {
    auto states = compute_figures(pack, nullptr, nullptr);
    EXPECT_TRUE(states);
    return *states;
}

void compute(FigureState& state, std::int64_t value) {
    state.how = followup::How::computed;
    state.obstacle.reset();
    state.computed = value;
    state.cutoff = Date::of(2018, 6, 30);
    state.sql = "SELECT count(*) FROM t WHERE a < 3";
}

std::string report(const definitions::Pack& pack, const std::vector<FigureState>& states,
                   const std::string& language = "en", bool invented = false) {
    const auto html =
        render_report(pack, states, {"gcm", language, {}, *Date::of(2018, 9, 3), invented});
    EXPECT_TRUE(html) << (html ? "" : to_line(html.error().front()));
    return html.value_or("");
}

std::unique_ptr<const definitions::Pack> demo() {
    auto pack = definitions::load_pack(std::string(AMATE_ROOT) + "/packs/demo");
    if (!pack)
        for (const auto& problem : pack.error()) ADD_FAILURE() << to_line(problem);
    return pack ? std::move(*pack) : nullptr;
}

// Why: a figure left out, or shown twice, would make the report untrue.
TEST(Report, ShowsEveryFigureOnceInTableAndAnnex) {
    const auto pack = demo();
    ASSERT_NE(pack, nullptr);
    for (const char* language : {"es", "en"}) {
        const std::string html = report(*pack, states_of(*pack), language);
        for (const auto& figure : pack->figures) {
            EXPECT_EQ(count(html, "<tr id=\"f-" + figure.id + "\""), 1U) << figure.id;
            EXPECT_EQ(count(html, "<article id=\"a-" + figure.id + "\""), 1U) << figure.id;
            EXPECT_TRUE(has(row_of(html, figure.id), "href=\"#a-" + figure.id + "\""));
            EXPECT_TRUE(has(html, "href=\"#f-" + figure.id + "\""));
        }
        for (const auto& node : pack->frameworks.at("gcm").nodes)
            EXPECT_EQ(count(html, "<h3 id=\"o-" + node.id + "\""), 1U) << node.id;
    }
}

// Why: a link into nothing is a number that does not open.
TEST(Report, EveryLinkOpensAndEveryIdIsOnePlace) {
    const auto pack = demo();
    ASSERT_NE(pack, nullptr);
    const std::string html = report(*pack, states_of(*pack));
    std::set<std::string> ids;
    for (auto at = html.find(" id=\""); at != std::string::npos; at = html.find(" id=\"", at + 1))
        EXPECT_TRUE(ids.insert(html.substr(at + 5, html.find('"', at + 5) - at - 5)).second);
    for (auto at = html.find("href=\"#"); at != std::string::npos;
         at = html.find("href=\"#", at + 1)) {
        const std::string target = html.substr(at + 7, html.find('"', at + 7) - at - 7);
        EXPECT_TRUE(ids.contains(target)) << target;
    }
}

TEST(Report, IsOnePageWithoutScriptOrOutsideAddress) {
    const auto pack = demo();
    ASSERT_NE(pack, nullptr);
    const std::string html = report(*pack, states_of(*pack));
    for (const char* foreign : {"<script", "http:", "https:", "url(", "@import", " src=", "<link"})
        EXPECT_FALSE(has(html, foreign)) << foreign;
    EXPECT_FALSE(has(html, "{{"));
    EXPECT_EQ(count(html, "<h1"), 1U);
    EXPECT_LT(html.size(), 40'000 + pack->figures.size() * 4'000);
}

TEST(Report, MarksHowEachFigureCameAbout) {
    const auto pack = make_pack({{"F1", "100"},
                                 {"F2", "100"},
                                 {"F3", "100"},
                                 {"F4", "100", "bound=more_than"},
                                 {"F5", "100"}});
    add_landings(*pack, {"F1", "F2", "F3", "F4"});
    auto states = states_of(*pack);
    compute(states[0], 100);
    compute(states[1], 94);
    compute(states[3], 104);
    const std::string html = report(*pack, states);
    EXPECT_TRUE(has(row_of(html, "F1"), "badge-computed"));
    EXPECT_TRUE(has(row_of(html, "F2"), "badge-differs"));
    EXPECT_TRUE(has(row_of(html, "F2"), "<b>94</b>"));
    EXPECT_TRUE(has(row_of(html, "F2"), "6 fewer than reported: 100"));
    EXPECT_TRUE(has(row_of(html, "F3"), "badge-not_computable"));
    EXPECT_TRUE(has(row_of(html, "F4"), "badge-computed"));
    EXPECT_TRUE(has(row_of(html, "F5"), "badge-reported"));
    EXPECT_TRUE(has(html, "SELECT count(*) FROM t WHERE a &lt; 3"));
    EXPECT_EQ(count(html, "<tr class=\"note\""), 1U);  // the difference explained
}

// Why: titles come from files that anybody may have written.
TEST(Report, EscapesHostileTitles) {
    const auto pack = make_pack({{"F1", "1"}});
    const std::string hostile = "<img src=x onerror=alert(1)>\"'&{{X}}";
    pack->figures[0].title = testing::text(hostile, hostile);
    pack->title = pack->figures[0].title;
    auto& node = pack->frameworks.at("gcm").nodes[0];
    node.title = node.summary = pack->figures[0].title;
    pack->reports[0].texts["es"].title = "</style><b>";
    pack->reports[0].texts["es"].parts.push_back({{}, "", "# <b>bold</b> [x](javascript:y)\n", {}});
    const std::string html = report(*pack, states_of(*pack), "es", true);
    EXPECT_FALSE(has(html, "<img"));
    EXPECT_FALSE(has(html, "</style><b>"));
    EXPECT_EQ(count(html, "</style>"), 1U);
    EXPECT_FALSE(has(html, "<b>bold"));
    EXPECT_FALSE(has(html, "javascript:"));
    EXPECT_TRUE(has(html, "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;{{X}}"));
}

TEST(Report, SaysWhenDataAreInvented) {
    const auto pack = make_pack({{"F1", "1"}});
    const auto states = states_of(*pack);
    EXPECT_FALSE(has(report(*pack, states), "class=\"invented-strip\""));
    const std::string html = report(*pack, states, "es", true);
    EXPECT_TRUE(has(html, "class=\"invented-strip\""));
    EXPECT_TRUE(has(html, "@top-right{content:\"DATOS INVENTADOS\""));
}

TEST(Report, ChartsWholesAndYears) {
    const auto pack = make_pack({{"F1", "10"},
                                 {"F2", "7", "point=north", "part_of:F1"},
                                 {"F3", "3", "point=south", "part_of:F1"},
                                 {"F4", "1", "year=2015"},
                                 {"F5", "2", "year=2016"},
                                 {"F6", "4", "year=2017"}});
    for (std::size_t i = 3; i < 6; ++i) {
        const std::string year = pack->figures[i].find_key("year");
        pack->figures[i].title = testing::text("Botes en " + year, "Boats in " + year);
    }
    const std::string html = report(*pack, states_of(*pack));
    EXPECT_EQ(count(html, "class=\"chart\""), 2U);
    EXPECT_TRUE(has(html, "Boats, by year"));
    EXPECT_TRUE(has(html, "Figure F1, by point"));
    EXPECT_TRUE(has(html, "width=\"429\""));  // 3 of 7
}

TEST(Report, FiguresOfNoObjectiveStandUnderContext) {
    const auto pack = make_pack({{"F1", "1", "", "", "count", "persons", "", "", "", ""}});
    const std::string html = report(*pack, states_of(*pack));
    EXPECT_LT(html.find("id=\"o-context\""), html.find("id=\"f-F1\""));
    EXPECT_LT(html.find("id=\"f-F1\""), html.find("id=\"o-1\""));
}

TEST(Report, RefusesWhatThereIsNot) {
    const auto pack = make_pack({});
    const auto code_of = [&](const ReportOptions& options) {
        const auto html = render_report(*pack, {}, options);
        return html ? std::string() : html.error().front().code;
    };
    EXPECT_EQ(code_of({"none", "es", {}, Date{}}), "reports.unknown_report");
    EXPECT_EQ(code_of({"gcm", "fr", {}, Date{}}), "reports.unknown_language");
    EXPECT_EQ(code_of({"gcm", "es", {{"year", "2017"}}, Date{}}), "reports.unknown_parameter");
    EXPECT_EQ(code_of({"gcm", "es", {}, Date{}}), "");
}

// Why: an author who has no program but `amate check` must be told of every slip, at its line.
TEST(Report, PartsThatCannotBeAreToldOf) {
    struct Wrong {
        const char* kind;
        std::vector<std::pair<const char*, const char*>> keys;
        const char* says;
    };
    const Wrong cases[] = {
        {"table", {{"register", "landing"}, {"by", "point"}}, "`title` is missing"},
        {"table", {{"title", "T"}, {"register", "landings"}}, "no register `landings`"},
        {"table", {{"title", "T"}, {"register", "landing"}, {"by", "pont"}}, "point"},
        {"table", {{"title", "T"}, {"register", "landing"}, {"where", "pont = 1"}}, "pont"},
        {"table", {{"title", "T"}, {"register", "landing"}, {"measure", "mean:x"}}, "x"},
        {"table",
         {{"title", "T"}, {"register", "landing"}, {"period", "may"}},
         "`may` is not a period"},
        {"table", {{"title", "T"}, {"register", "landing"}, {"top", "0"}}, "from 1 to 1000"},
        {"table", {{"title", "T"}, {"register", "landing"}, {"tops", "3"}}, "`tops` is no key"},
        {"table", {{"title", "T ${yaer}"}, {"register", "landing"}}, "`yaer` is no parameter"},
        {"chart",
         {{"title", "T"}, {"register", "landing"}, {"by", "point"}, {"kind", "pie"}},
         "none of"},
        {"chart",
         {{"title", "T"}, {"register", "landing"}, {"by", "point,boats"}},
         "one dimension"},
        {"chart",
         {{"title", "T"}, {"register", "landing"}, {"by", "point"}, {"across", "boats"}},
         "no `across`"},
        {"map",
         {{"title", "T"}, {"register", "landing"}, {"by", "point"}, {"map", "sea"}},
         "no map `sea`"},
        {"figures", {{"figures", "F9"}}, "no figure `F9`"},
        {"indicators", {{"indicators", "landing"}}, "no indicator `landing`"},
        {"overview", {{"framework", "gmc"}}, "no framework `gmc`"},
        {"legend", {{"framework", "gcm"}}, "`framework` is no key"},
    };
    for (const auto& wrong : cases) {
        const auto pack = make_pack({{"F1", "1"}});
        add_landings(*pack, {"F1"});
        for (auto& [language, text] : pack->reports[0].texts) {
            definitions::ReportPart part;
            part.place = {"reports/gcm." + language + ".md", 7, 1, {}};
            part.kind = wrong.kind;
            for (const auto& [key, value] : wrong.keys) {
                definitions::DataNode node;
                node.place = {part.place.file, 8, 3, {}};
                node.scalar = value;
                part.node.entries.push_back({key, node});
            }
            text.parts.push_back(part);
        }
        const auto problems = check_reports(*pack);
        ASSERT_EQ(problems.size(), 2U) << wrong.says << ": one a language";
        EXPECT_TRUE(has(to_line(problems[0]), wrong.says)) << to_line(problems[0]);
        EXPECT_EQ(problems[0].place.file, "reports/gcm.en.md");
        EXPECT_GE(problems[0].place.line, 7);
    }
}

TEST(Report, AsksForTheSameInEveryLanguage) {
    const auto pack = make_pack({{"F1", "1"}});
    EXPECT_TRUE(check_reports(*pack).empty());
    pack->reports[0].texts["es"].parts.pop_back();
    const auto problems = check_reports(*pack);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].code, "reports.languages_differ");
}

// Why: a number in a sentence must open like one in a table.
TEST(Report, NumbersInProseOpen) {
    const auto pack = make_pack({{"F1", "1234"}});
    auto& report_ = pack->reports[0];
    report_.parameters = {{"year", "2017"}};
    for (auto& [language, text] : report_.texts) {
        text.title = "Yearbook ${year}";
        text.parts = {{{}, "contents", {}, {}},
                      {{}, "", "## In ${year}\n\nThere were **${F1}** of them.\n", {}}};
    }
    const std::string html = report(*pack, states_of(*pack));
    EXPECT_TRUE(has(html, "<h1>Yearbook 2017</h1>"));
    EXPECT_TRUE(has(html, "<strong><a href=\"#a-F1\">1,234</a></strong>"));
    EXPECT_TRUE(has(html, "<article id=\"a-F1\""));
    EXPECT_TRUE(has(html, "<a href=\"#s-1\">"));
    EXPECT_TRUE(has(html, "<h2 id=\"s-1\">In 2017</h2>"));
    const auto other = render_report(*pack, states_of(*pack),
                                     {"gcm", "en", {{"year", "2016"}}, *Date::of(2018, 9, 3)});
    ASSERT_TRUE(other);
    EXPECT_TRUE(has(*other, "<h1>Yearbook 2016</h1>"));
}

}  // namespace
}  // namespace amate::reports
