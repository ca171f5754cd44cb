// SPDX-License-Identifier: Apache-2.0
// The desk over HTTP: not found, refused, malformed, accepted; in the shapes that are declared.
#include <gtest/gtest.h>

#include <algorithm>

#include "server/api/api.hpp"
#include "server/routes.hpp"
#include "server/schema_misfit.hpp"
#include "server/test_site.hpp"

namespace amate::server {
namespace {

namespace json = boost::json;

const std::string kLandings = "/api/v1/registers/landing/records";
const std::string kLanding =
    R"({"fields":{"landed_at":"2018-03-01T10:00","point":"long_pier","modality":"assisted",)"
    R"("person":{"names":"Nara Oleaje","sex":"female"}}})";

std::string code_of(const Response& response) {
    return std::string(json::parse(response.body).at("problems").at(0).at("code").as_string());
}

class RecordsApi : public ::testing::Test {
protected:
    RecordsApi()
        : officer_(site_.token_of("oto", "reception_officer")),
          supervisor_(site_.token_of("sol", "supervisor")),
          protection_(site_.token_of("pia", "child_protection")) {}

    json::value must(const std::string& method, const std::string& target, const std::string& token,
                     const std::string& body, const std::string& schema) {
        const auto response = site_.ask(method, target, token, body);
        EXPECT_LT(response.status, 300) << response.body;
        auto value = json::parse(response.body);
        const json::object reference{{"$ref", "#/components/schemas/" + schema}};
        EXPECT_EQ(misfit(value, reference, api::schemas(), target), "");
        return value;
    }
    std::string land() {
        const auto receipt = must("POST", kLandings, officer_, kLanding, "Receipt");
        return std::string(receipt.at("folio").as_string());
    }

    TestSite site_{Data::real};
    std::string officer_, supervisor_, protection_;
};

// Why: nobody sees or changes a record without a token, and a token that ended opens nothing.
TEST_F(RecordsApi, OpensToTokensAlone) {
    for (const auto& route : api_routes()) {
        if (route.needs != Needs::desk) continue;
        auto target = route.pattern;
        for (auto at = target.find('{'); at != target.npos; at = target.find('{')) {
            target.replace(at, target.find('}') - at + 1, "x");
        }
        for (const auto* token : {"", "amate-0000"}) {
            const auto response = site_.ask(route.method, target, token, "{}");
            EXPECT_EQ(response.status, 401) << target;
            EXPECT_EQ(code_of(response), "server.sign_in_needed");
        }
    }
    EXPECT_EQ(site_.ask("GET", kLandings, officer_).status, 200);
    EXPECT_EQ(remove_grants(site_.workspace().keys(), "oto"), 1);
    EXPECT_EQ(site_.ask("GET", kLandings, officer_).status, 401);
}

TEST_F(RecordsApi, SaysWhatIsNotThere) {
    EXPECT_EQ(site_.ask("GET", "/api/v1/registers/none/records", officer_).status, 404);
    EXPECT_EQ(code_of(site_.ask("GET", kLandings + "/LAN-2018-000099", officer_)),
              "registry.no_such_record");
    const auto wrong = site_.ask("POST", kLandings + "/LAN-2018-000099", officer_, "{}");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(std::count_if(wrong.headers.begin(), wrong.headers.end(),
                            [](const auto& header) {
                                return header.first == "Allow" && header.second == "GET, HEAD";
                            }),
              1);
}

TEST_F(RecordsApi, RefusesWhatTheRegisterDoesNotAllow) {
    const auto folio = land();
    const auto response = site_.ask("POST", kLandings, protection_, kLanding);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(code_of(response), "registry.not_allowed");
    EXPECT_EQ(site_.ask("GET", "/api/v1/registers/protection_case/records", supervisor_).status,
              403);
}

// Why: what is malformed must be told with its place, and never with what stood there.
TEST_F(RecordsApi, TellsWhatIsMalformed) {
    const std::vector<std::pair<std::string, std::string>> bodies = {
        {"", "server.bad_json"},
        {"{", "server.bad_json"},
        {"[]", "server.bad_json"},
        {R"({"fields":{"person":{"names":"Nara Oleaje"}}} x)", "server.bad_json"},
        {std::string(100, '['), "server.bad_json"},
        {R"({"fields":[]})", "registry.bad_member"},
        {R"({})", "registry.bad_member"},
        {R"({"fields":{},"colour":"red"})", "registry.unknown_member"},
        {R"({"fields":{"landed":"2018-03-01T10:00"}})", "record.unknown_field"},
        {R"({"fields":{"landed_at":"Nara Oleaje"}})", "record.not_of_type"},
        {R"({"fields":{"person":"Nara Oleaje"}})", "record.not_of_type"},
        {R"({"fields":{"service_count":3}})", "record.calculated"},
        {R"({"fields":{"party_size":1.5}})", "record.not_of_type"},
        {R"({"fields":{"services":[1]}})", "record.not_of_type"},
        {R"({"fields":{"person":{"sex":"Nara Oleaje"}}})", "record.required"},
    };
    for (const auto& [body, code] : bodies) {
        const auto response = site_.ask("POST", kLandings, officer_, body);
        EXPECT_GE(response.status, 400) << body;
        EXPECT_LT(response.status, 500) << body;
        EXPECT_EQ(code_of(response), code) << body;
        EXPECT_EQ(response.body.find("Oleaje"), std::string::npos) << response.body;
    }
    const auto closest =
        site_.ask("POST", kLandings, officer_, R"({"fields":{"landed_a":"2018-03-01T10:00"}})");
    EXPECT_NE(closest.body.find("landed_at"), std::string::npos) << "the nearest is suggested";
}

// Why: the whole life over HTTP, each answer in the shape that is declared.
TEST_F(RecordsApi, LivesARecord) {
    const auto folio = land();
    const auto at = kLandings + "/" + folio;
    auto record = must("GET", at, officer_, "", "Record");
    EXPECT_EQ(record.at("fields").at("person").at("names").as_string(), "Nara Oleaje");
    EXPECT_EQ(record.at("revision").as_int64(), 1);

    must("POST", at + "/amend", officer_,
         R"({"base":1,"fields":{"services":["food"],"remarks":{"missing":"refused"}}})", "Receipt");
    must("POST", at + "/actions/attend", officer_, R"({"base":2})", "Receipt");
    must("POST", at + "/correct", supervisor_,
         R"({"base":3,"fields":{"person":{"birth":"1990-05"}},"reason":"From her passport"})",
         "Receipt");
    EXPECT_EQ(code_of(site_.ask("POST", at + "/approve", supervisor_, R"({"base":4})")),
              "registry.nothing_pending");
    must("POST", at + "/withdraw", supervisor_, R"({"base":4,"reason":"Twice"})", "Receipt");
    EXPECT_TRUE(must("GET", at, officer_, "", "Record").at("withdrawn").as_bool());
    must("POST", at + "/reinstate", supervisor_, R"({"base":5,"reason":"No"})", "Receipt");

    record = must("GET", at, officer_, "", "Record");
    EXPECT_EQ(record.at("state").as_string(), "attended");
    EXPECT_EQ(record.at("fields").at("remarks").at("missing").as_string(), "refused");
    EXPECT_EQ(record.at("fields").at("person").at("birth").as_string(), "1990-05");
    EXPECT_EQ(site_.ask("GET", at + "?known_at=2001-01-01", officer_).status, 404);
    EXPECT_EQ(site_.ask("GET", at + "?known_at=yesterday", officer_).status, 400);

    const auto history = must("GET", at + "/history", officer_, "", "RecordHistory");
    ASSERT_EQ(history.at("items").as_array().size(), 6U);
    EXPECT_EQ(history.at("items").at(1).at("changes").at("services").at(0).as_string(), "food");
    EXPECT_EQ(history.at("items").at(3).at("reason").as_string(), "From her passport");
    for (const auto& header : site_.ask("GET", at, officer_).headers) {
        if (header.first == "Cache-Control") EXPECT_EQ(header.second, "no-store");
    }
}

// Why: a phone that lost the answer asks again with the same key.
TEST_F(RecordsApi, AnswersAKeyOnce) {
    const auto first = site_.ask("POST", kLandings, officer_, kLanding, "k1");
    const auto again = site_.ask("POST", kLandings, officer_, kLanding, "k1");
    EXPECT_EQ(json::parse(first.body).at("folio"), json::parse(again.body).at("folio"));
    EXPECT_TRUE(json::parse(again.body).at("repeated").as_bool());
    EXPECT_EQ(code_of(site_.ask("POST", kLandings, officer_, kLanding + " ", "k1")),
              "registry.key_reused");
}

TEST_F(RecordsApi, CarriesOutABulkOrNoneOfIt) {
    const auto folio = land();
    const auto bulk = "/api/v1/registers/landing/bulk";
    const auto fields = kLanding.substr(1, kLanding.size() - 2);
    const auto refused = site_.ask("POST", bulk, officer_,
                                   R"({"changes":[{"kind":"create",)" + fields +
                                       R"(},{"kind":"amend","folio":"X","base":1,"fields":{}}]})");
    EXPECT_EQ(refused.status, 404);
    EXPECT_NE(refused.body.find("changes[1]"), std::string::npos) << refused.body;
    EXPECT_EQ(must("GET", kLandings, officer_, "", "RecordPage").at("items").as_array().size(), 1U);
    const auto done =
        must("POST", bulk, officer_,
             R"({"changes":[{"kind":"create",)" + fields +
                 R"(},{"kind":"act","action":"attend","folio":")" + folio + R"(","base":1}]})",
             "ReceiptList");
    EXPECT_EQ(done.at("items").as_array().size(), 2U);
    const auto entry = done.at("items").at(0).at("entry");
    EXPECT_EQ(entry, done.at("items").at(1).at("entry"));
}

TEST_F(RecordsApi, ListsByPages) {
    std::vector<std::string> folios;
    for (int i = 0; i < 5; ++i) folios.push_back(land());
    must("POST", kLandings + "/" + folios[1] + "/actions/attend", officer_, R"({"base":1})",
         "Receipt");
    std::vector<std::string> seen;
    std::string target = kLandings + "?limit=2";
    for (int pages = 0; pages < 5 && !target.empty(); ++pages) {
        const auto page = must("GET", target, officer_, "", "RecordPage");
        for (const auto& item : page.at("items").as_array()) {
            seen.emplace_back(item.at("folio").as_string());
        }
        const auto& next = page.at("next");
        target = next.is_null() ? std::string()
                                : kLandings + "?limit=2&after=" + std::string(next.as_string());
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, folios);
    const auto attended = must("GET", kLandings + "?state=attended", officer_, "", "RecordPage");
    ASSERT_EQ(attended.at("items").as_array().size(), 1U);
    EXPECT_EQ(attended.at("items").at(0).at("folio").as_string(), folios[1]);
    EXPECT_EQ(site_.ask("GET", kLandings + "?after=x", officer_).status, 400);
}

}  // namespace
}  // namespace amate::server
