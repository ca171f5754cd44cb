// SPDX-License-Identifier: Apache-2.0
// Files over HTTP: refused, malformed, accepted, and what is in quarantine, in declared shapes.
#include <gtest/gtest.h>

#include "server/api/api.hpp"
#include "server/routes.hpp"
#include "server/schema_misfit.hpp"
#include "server/test_site.hpp"

namespace amate::server {
namespace {

namespace json = boost::json;

const std::string kSource = "/api/v1/sources/help_desk_log/batches";
const std::string kHeader = "day,desk,topic,channel,minutes,resolved\n";
const std::string kFile = kHeader +
                          "2018-03-01,capital,wage_claim,window,15,true\n"
                          "2018-03-01,Oleaje,wage_claim,window,15,true\n"
                          "01/03/2018,capital,wage_claim,window,many,true\n";

std::string code_of(const Response& response) {
    return std::string(json::parse(response.body).at("problems").at(0).at("code").as_string());
}

std::string header_of(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

class BatchesApi : public ::testing::Test {
protected:
    BatchesApi()
        : supervisor_(site_.token_of("sol", "supervisor", "guidance")),
          agent_(site_.token_of("ana", "help_desk_agent", "guidance")) {}

    Response send(const std::string& bytes, const std::string& token,
                  const std::string& type = "text/csv", const std::string& target = kSource) {
        return site_.send(target, token, bytes, type);
    }
    json::value in_shape(const Response& response, const std::string& schema) {
        auto value = json::parse(response.body);
        const json::object reference{{"$ref", "#/components/schemas/" + schema}};
        EXPECT_EQ(misfit(value, reference, api::schemas(), schema), "") << response.body;
        return value;
    }

    TestSite site_{Data::real};
    std::string supervisor_, agent_;
};

TEST_F(BatchesApi, RefusesWhoMayNotIngest) {
    EXPECT_EQ(send(kFile, supervisor_, "text/csv", "/api/v1/sources/none/batches").status, 404);
    EXPECT_EQ(send(kFile, "").status, 401);
    EXPECT_EQ(code_of(send(kFile, agent_)), "registry.not_allowed");
    EXPECT_EQ(json::parse(site_.ask("GET", "/api/v1/batches", agent_).body).at("total"), 0);
    const auto first = json::parse(site_.ask("GET", "/api/v1/batches", supervisor_).body);
    EXPECT_EQ(first.at("total"), 1) << "the test site's own";
    const auto path =
        "/api/v1/batches/" + std::string(first.at("items").at(0).at("id").as_string());
    EXPECT_EQ(site_.ask("GET", path, supervisor_).status, 200);
    EXPECT_EQ(code_of(site_.ask("GET", path, agent_)), "registry.no_such_batch");
    EXPECT_EQ(code_of(site_.ask("GET", path + "/quarantine", agent_)), "registry.no_such_batch");
}

// Why: a file that is refused says why at once, with its place, and nothing of it is written.
TEST_F(BatchesApi, TellsWhyAFileIsRefused) {
    const auto type = send(kFile, supervisor_, "application/pdf");
    EXPECT_EQ(type.status, 415);
    EXPECT_EQ(code_of(type), "server.unknown_media_type");
    EXPECT_EQ(code_of(send("", supervisor_)), "registry.empty_file");
    EXPECT_EQ(code_of(send(kHeader, supervisor_)), "registry.no_rows");
    EXPECT_EQ(code_of(send(kFile, supervisor_, "application/vnd.apache.parquet")),
              "exchange.format_disagrees");
    const auto header = send("day,desk,topic,chanel,minutes,resolved\n", supervisor_);
    EXPECT_EQ(code_of(header), "registry.missing_column");
    EXPECT_EQ(json::parse(header.body).at("problems").at(0).at("place").at("line"), 1);
    EXPECT_EQ(json::parse(site_.ask("GET", "/api/v1/batches?limit=1", supervisor_).body)
                  .at("items")
                  .at(0)
                  .at("state"),
              "refused");
}

TEST_F(BatchesApi, TakesAFileInOnce) {
    const auto taken = send(kFile, supervisor_, "text/csv; charset=utf-8");
    EXPECT_EQ(taken.status, 201) << taken.body;
    const auto batch = in_shape(taken, "Batch");
    EXPECT_EQ(batch.at("state"), "accepted");
    EXPECT_EQ(batch.at("rows_read"), 3);
    EXPECT_EQ(batch.at("accepted"), 1);
    EXPECT_EQ(batch.at("quarantined"), 2);
    const auto path = header_of(taken, "Location");
    EXPECT_EQ(in_shape(site_.ask("GET", path, supervisor_), "Batch"), batch);
    in_shape(site_.ask("GET", "/api/v1/batches", supervisor_), "BatchList");

    const auto again = send(kFile, supervisor_);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(code_of(again), "registry.batch_repeated");
    EXPECT_EQ(json::parse(site_.ask("GET", "/api/v1/batches", supervisor_).body).at("total"), 2)
        << "this and the test site's own";
    EXPECT_EQ(json::parse(site_.ask("GET", path, supervisor_).body).at("state"), "accepted");
    EXPECT_EQ(send(R"({"day":"2018-03-01","desk":"capital","topic":"wage_claim",)"
                   R"("channel":"window","minutes":5,"resolved":true})"
                   "\n",
                   supervisor_, "application/jsonl")
                  .status,
              201);
}

// Why: the whole way of a row that did not fit, over HTTP.
TEST_F(BatchesApi, MendsRowsInQuarantine) {
    const auto path = header_of(send(kFile, supervisor_), "Location");
    const auto quarantine = path + "/quarantine";
    const auto rows =
        in_shape(site_.ask("GET", quarantine, supervisor_), "QuarantinedRowList").as_object();
    EXPECT_EQ(rows.at("total"), 2);
    const auto& first = rows.at("items").at(0);
    EXPECT_EQ(first.at("row"), 3);
    EXPECT_EQ(first.at("cells").at("desk"), "Oleaje");
    EXPECT_EQ(first.at("problems").at(0).at("header"), "desk");
    const auto text = std::string(first.at("problems").at(0).at("text").as_string());
    EXPECT_EQ(text.find("Oleaje"), std::string::npos) << text;
    const auto page = json::parse(site_.ask("GET", quarantine + "?limit=1", supervisor_).body);
    EXPECT_EQ(page.at("items").as_array().size(), 1U);
    EXPECT_EQ(page.at("next").as_string(), quarantine + "?limit=1&offset=1");

    const auto wrong = [&](const std::string& row, const std::string& body) {
        const auto response = site_.ask("POST", quarantine + "/" + row, supervisor_, body);
        EXPECT_GE(response.status, 400) << response.body;
        EXPECT_EQ(response.body.find("Oleaje"), std::string::npos) << response.body;
        return code_of(response);
    };
    EXPECT_EQ(wrong("x", R"({"cells":{}})"), "registry.no_such_row");
    EXPECT_EQ(wrong("99", R"({"cells":{}})"), "registry.no_such_row");
    EXPECT_EQ(wrong("3", "{"), "server.bad_json");
    EXPECT_EQ(wrong("3", R"({"cells":{"desk":3}})"), "server.bad_member");
    EXPECT_EQ(wrong("3", R"({"cells":{"Oleaje":"x"}})"), "registry.unknown_cell");
    EXPECT_EQ(wrong("3", R"({"cells":{"topic":"Oleaje"}})"), "homologation.not_in_list");

    const auto mended =
        site_.ask("POST", quarantine + "/3", supervisor_, R"({"cells":{"desk":"capital"}})");
    EXPECT_EQ(mended.status, 201) << mended.body;
    in_shape(mended, "CorrectedRow");
    EXPECT_EQ(site_.ask("GET", header_of(mended, "Location"), supervisor_).status, 200);
    EXPECT_EQ(wrong("3", R"({"cells":{"desk":"capital"}})"), "registry.row_corrected");
    const auto batch = json::parse(site_.ask("GET", path, supervisor_).body);
    EXPECT_EQ(batch.at("accepted"), 2);
    EXPECT_EQ(batch.at("quarantined"), 1);
    EXPECT_EQ(batch.at("corrected"), 1);
    EXPECT_EQ(batch.at("rows_read"), 3);
}

TEST_F(BatchesApi, GivesQuarantineAsAFileToSendAgain) {
    const auto path = header_of(send(kFile, supervisor_), "Location") + "/quarantine?format=csv";
    const auto file = site_.ask("GET", path, supervisor_);
    EXPECT_EQ(file.content_type, "text/csv; charset=utf-8; header=present");
    EXPECT_NE(file.body.find("amate_reasons"), std::string::npos);
    EXPECT_EQ(header_of(file, "Link"), "");
    EXPECT_NE(header_of(site_.ask("GET", path + "&limit=1", supervisor_), "Link"), "");
    auto mended = file.body;
    mended.replace(mended.find("Oleaje"), 6, "capital");
    const auto again = json::parse(send(mended, supervisor_).body);
    EXPECT_EQ(again.at("rows_read"), 2);
    EXPECT_EQ(again.at("accepted"), 1);
}

}  // namespace
}  // namespace amate::server
