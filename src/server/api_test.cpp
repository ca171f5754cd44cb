// SPDX-License-Identifier: Apache-2.0
// The API: its document is true, and each endpoint answers, refuses and fails as it says.
#include <gtest/gtest.h>

#include <algorithm>

#include "server/api/api.hpp"
#include "server/schema_misfit.hpp"
#include "server/test_site.hpp"

namespace amate::server {
namespace {

namespace json = boost::json;

std::string code_of(const Response& response) {
    const auto body = json::parse(response.body);
    return std::string(body.at("problems").at(0).at("code").as_string());
}

// The document is generated from the routes; this holds it to what they really answer.
TEST(OpenApi, EveryRouteAnswersInTheShapeItDeclares) {
    const auto& site = invented_site();
    const auto document = site.get_json("/api/v1/openapi.json").as_object();
    const auto& schemas = document.at("components").at("schemas").as_object();
    const std::vector<std::pair<std::string, std::string>> ids = {
        {"objectives", "8"}, {"programmes", "Q-B01"}, {"figures", "F017"}};
    EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
    EXPECT_EQ(document.at("paths").as_object().size(), 34U);
    for (const auto& [pattern, item] : document.at("paths").as_object()) {
        const auto* get = item.as_object().if_contains("get");
        // What takes a token has tests of its own (records_api_test.cpp).
        if (get == nullptr || get->as_object().contains("security")) continue;
        auto path = std::string(pattern);
        for (const auto& [list, id] : ids) {
            if (path.find(list) != path.npos && path.find("{id}") != path.npos) {
                path.replace(path.find("{id}"), 4, id);
            }
        }
        if (path.find("{name}") != path.npos)
            path.replace(path.find("{name}"), 6, "help_desk_visit");
        const auto response = site.get(path);
        EXPECT_EQ(response.status, 200) << path;
        const auto& schema = item.at("get")
                                 .at("responses")
                                 .at("200")
                                 .at("content")
                                 .at("application/json")
                                 .at("schema");
        EXPECT_EQ(misfit(json::parse(response.body), schema, schemas, path), "");
    }
}

TEST(OpenApi, TheChecksOfThisTestCanFail) {
    const auto& schemas = api::schemas();
    const json::object reference{{"$ref", "#/components/schemas/Share"}};
    EXPECT_EQ(misfit({{"computed", 1}, {"equal", 1}, {"total", 1}}, reference, schemas, "s"), "");
    EXPECT_NE(misfit({{"computed", 1}, {"equal", 1}}, reference, schemas, "s"), "");
    EXPECT_NE(misfit({{"computed", "1"}, {"equal", 1}, {"total", 1}}, reference, schemas, "s"), "");
    EXPECT_NE(
        misfit({{"computed", 1}, {"equal", 1}, {"total", 1}, {"x", 1}}, reference, schemas, "s"),
        "");
}

// Each route with a parameter in its path says what is not there.
TEST(Api, NotFound) {
    for (const auto* path :
         {"/api/v1/nothing", "/api/v1/objectives/999", "/api/v1/programmes/X", "/api/v1/figures/X",
          "/api/v1/registers/x", "/api/v1/registers/x/table", "/api/v2/figures", "/api/v1"}) {
        const auto response = invented_site().get(path);
        EXPECT_EQ(response.status, 404) << path;
        EXPECT_EQ(response.content_type, "application/problem+json") << path;
        EXPECT_EQ(code_of(response), "server.not_found") << path;
    }
}

// Where data are real and nobody has signed in, tables of people are refused and others shown.
TEST(Api, RefusesTablesOfPeopleUnlessInvented) {
    const auto refused = real_site().get("/api/v1/registers/landing/table?by=modality");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(code_of(refused), "server.table_needs_rights");
    EXPECT_EQ(real_site().get("/api/v1/registers/help_desk_visit/table").status, 200);
    EXPECT_EQ(invented_site().get("/api/v1/registers/landing/table?by=modality").status, 200);
    EXPECT_EQ(real_site().get("/en/registers/landing/table").status, 403);
}

// A computed number of a register of people that differs from the published one is not published.
TEST(Api, WithholdsDifferingNumbersOfPeople) {
    const auto hidden = real_site().get_json("/api/v1/figures/F001").as_object();
    EXPECT_EQ(hidden.at("how").as_string(), "computed");
    EXPECT_TRUE(hidden.at("computed").is_null());
    EXPECT_TRUE(hidden.at("difference").is_null());
    EXPECT_TRUE(hidden.at("withheld").as_bool());
    EXPECT_TRUE(hidden.at("agrees") == false);
    const auto open = invented_site().get_json("/api/v1/figures/F001").as_object();
    EXPECT_EQ(open.at("computed").as_int64(), 0);
    const auto unguarded = real_site().get_json("/api/v1/figures/F017").as_object();
    EXPECT_EQ(unguarded.at("computed").as_int64(), 3);
    EXPECT_TRUE(real_site().get_json("/api/v1/registers/landing").at("records").is_null());
}

TEST(Api, Malformed) {
    for (const auto* path :
         {"/api/v1/figures?limit=0", "/api/v1/figures?limit=501", "/api/v1/figures?how=guessed",
          "/api/v1/figures?objectve=8", "/api/v1/figures?offset=-1", "/api/v1/health?x=1",
          "/api/v1/registers/help_desk_visit/table?format=xlsx",
          "/api/v1/registers/help_desk_visit/table?from=2017-02-30",
          "/api/v1/registers/help_desk_visit/table?by=nothing",
          "/api/v1/registers/help_desk_visit/table?measure=weight",
          "/api/v1/registers/help_desk_visit/table?where=channel+%3D",
          "/api/v1/registers/help_desk_visit/table?where=channel+%3D+'x'",
          "/api/v1/search?q=%FF"}) {
        const auto response = invented_site().get(path);
        EXPECT_GE(response.status, 400) << path;
        EXPECT_LT(response.status, 500) << path;
        EXPECT_EQ(response.content_type, "application/problem+json") << path;
        EXPECT_TRUE(json::parse(response.body).at("problems").at(0).at("text").is_string());
    }
}

// Problems come all at once, in the reader's language.
TEST(Api, ProblemsSpeakTheLanguageAndComeTogether) {
    const std::string path = "/api/v1/registers/help_desk_visit/table?from=x&to=y&by=nothing";
    const auto english = json::parse(invented_site().get(path, "en").body);
    const auto spanish = json::parse(invented_site().get(path, "es").body);
    EXPECT_EQ(english.at("problems").as_array().size(), 3U);
    EXPECT_NE(english.at("title"), spanish.at("title"));
    EXPECT_EQ(english.at("status").as_int64(), 400);
}

TEST(Api, MethodsThatWriteAreRefused) {
    for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
        const auto response = invented_site().get("/api/v1/figures", "en", method);
        EXPECT_EQ(response.status, 405) << method;
    }
    EXPECT_EQ(invented_site().get("/api/v1/nothing", "en", "POST").status, 404);
}

TEST(Api, TablesCountWhatWasTakenIn) {
    const auto table = invented_site().get_json(
        "/api/v1/registers/help_desk_visit/table?by=channel&from=2017-03-01&to=2017-12-31");
    EXPECT_EQ(table.at("total").as_int64(), 3);
    const auto filtered = invented_site().get_json(
        "/api/v1/registers/help_desk_visit/table?where=channel+%3D+'phone'");
    EXPECT_EQ(filtered.at("total").as_int64(), 2);
    const auto csv =
        invented_site().get("/api/v1/registers/help_desk_visit/table?by=channel&format=csv");
    EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
    EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 3);
    const auto sql =
        invented_site().get("/api/v1/registers/help_desk_visit/table?by=channel&format=sql");
    EXPECT_NE(sql.body.find("channel"), std::string::npos);
}

// Following `next` gives each item once.
TEST(Api, ListsComeInPages) {
    const auto& site = invented_site();
    std::vector<std::string> seen;
    std::string path = "/api/v1/figures?limit=7";
    for (int pages = 0; !path.empty() && pages < 20; ++pages) {
        const auto page = site.get_json(path);
        for (const auto& item : page.at("items").as_array()) {
            seen.emplace_back(item.at("id").as_string());
        }
        path = page.at("next").is_null() ? "" : std::string(page.at("next").as_string());
    }
    EXPECT_EQ(seen.size(), site.pack().figures.size());
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
    EXPECT_TRUE(site.get_json("/api/v1/figures?offset=1000").at("items").as_array().empty());
}

TEST(Api, FiltersNarrowFigures) {
    const auto& site = invented_site();
    const auto listed = site.get_json("/api/v1/figures?how=computed&objective=21");
    EXPECT_FALSE(listed.at("items").as_array().empty());
    for (const auto& item : listed.at("items").as_array()) {
        EXPECT_EQ(item.at("how").as_string(), "computed");
        EXPECT_EQ(item.at("objective").as_string(), "21");
    }
    EXPECT_EQ(site.get_json("/api/v1/figures?programme=Q-D01&how=computed").at("total").as_int64(),
              6);
}

// A newer snapshot is taken up while the program runs.
TEST(Freshness, ANewerSnapshotTakesThePlaceOfTheOld) {
    TestSite own(Data::invented);
    ASSERT_EQ(own.site().numbers()->manifest->cutoff.iso(), "2018-06-30");
    own.freeze(*Date::of(2018, 7, 31));
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (own.site().numbers()->manifest->cutoff.iso() != "2018-07-31") {
        ASSERT_LT(std::chrono::steady_clock::now(), give_up);
        std::this_thread::yield();
    }
}

}  // namespace
}  // namespace amate::server
