// SPDX-License-Identifier: Apache-2.0
// Files in parts over HTTP: whatever breaks on the way, the file goes on where it stopped, whole,
// once, and only for who began it.
#include <sys/stat.h>

#include <fstream>

#include <gtest/gtest.h>

#include "server/api/api.hpp"
#include "server/schema_misfit.hpp"
#include "server/test_site.hpp"

namespace amate::server {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const std::string kSource = "/api/v1/sources/help_desk_log/uploads";
const std::string kFile =
    "day,desk,topic,channel,minutes,resolved\n"
    "2018-03-01,capital,wage_claim,window,15,true\n"
    "2018-03-02,capital,wage_claim,phone,20,true\n";

std::string code_of(const Response& response) {
    return std::string(json::parse(response.body).at("problems").at(0).at("code").as_string());
}

std::string header_of(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

class UploadsApi : public ::testing::Test {
protected:
    UploadsApi()
        : supervisor_(site_.token_of("sol", "supervisor", "guidance")),
          other_(site_.token_of("luz", "supervisor", "guidance")),
          agent_(site_.token_of("ana", "help_desk_agent", "guidance")),
          uploads_(site_.workspace().uploads()) {}

    using Headers = std::map<std::string, std::string>;
    // As the sockets do: the head decides where the body goes, or refuses it.
    Response ask(const std::string& method, const std::string& target, const std::string& token,
                 Headers headers = {}, const std::string& body = "") {
        HttpRequest request{method, target, "en"};
        if (!token.empty()) request.authorization = "Bearer " + token;
        headers.emplace("Tus-Resumable", "1.0.0");
        request.content_type = headers["Content-Type"];
        request.others = std::move(headers);
        auto handling = site_.site().handling(request);
        if (handling.refusal) return std::move(*handling.refusal);
        if (body.size() > handling.body_bytes_max)
            return site_.site().refuse("server.body_too_large");
        if (handling.file != nullptr) {
            EXPECT_TRUE(handling.file->add(body).has_value());
            request.file = std::move(handling.file);
        }
        return site_.site().answer(request);
    }
    std::string begin(std::size_t length = kFile.size(), const std::string& metadata = "") {
        const auto response =
            ask("POST", kSource, supervisor_,
                {{"Upload-Length", std::to_string(length)}, {"Upload-Metadata", metadata}});
        EXPECT_EQ(response.status, 201) << response.body;
        EXPECT_EQ(header_of(response, "Upload-Offset"), "0");
        return header_of(response, "Location");
    }
    Response part(const std::string& path, std::size_t offset, const std::string& bytes,
                  const std::string& token = {}) {
        return ask("PATCH", path, token.empty() ? supervisor_ : token,
                   {{"Upload-Offset", std::to_string(offset)},
                    {"Content-Type", "application/offset+octet-stream"}},
                   bytes);
    }
    std::string offset_of(const std::string& path) {
        return header_of(ask("HEAD", path, supervisor_), "Upload-Offset");
    }
    // Once nothing is left to do for it.
    json::value batch_of(const Response& response) {
        const auto path = header_of(response, "Location");
        (void)site_.site().desk().batches().wait_for(path.substr(path.rfind('/') + 1),
                                                     std::chrono::minutes(1));
        return json::parse(site_.ask("GET", path, supervisor_).body);
    }
    [[nodiscard]] std::size_t files() const {
        std::error_code none;
        const fs::directory_iterator folder(uploads_, none);
        return none ? 0 : static_cast<std::size_t>(std::distance(folder, {}));
    }

    TestSite site_{Data::real};
    std::string supervisor_, other_, agent_;
    fs::path uploads_;
};

TEST_F(UploadsApi, TellsHowFilesAreSent) {
    const auto told = ask("OPTIONS", kSource, "");
    EXPECT_EQ(told.status, 204);
    EXPECT_EQ(header_of(told, "Tus-Version"), "1.0.0");
    EXPECT_EQ(header_of(told, "Tus-Extension"), "creation,expiration,termination");
    EXPECT_EQ(header_of(told, "Tus-Max-Size"), std::to_string(exchange::kSpoolBytesMax));
}

// Why: a file split at any byte is the file.
TEST_F(UploadsApi, TakesAFileInHoweverItIsCut) {
    const auto path = begin(kFile.size(), "filename eA==,filetype dGV4dC9jc3Y=");
    std::size_t sent = 0;
    Response last;
    for (const std::size_t size : {1UL, 0UL, 7UL, 40UL, kFile.size()}) {
        const auto bytes = kFile.substr(sent, size);
        EXPECT_EQ(offset_of(path), std::to_string(sent));
        last = part(path, sent, bytes);
        EXPECT_EQ(last.status, 204) << last.body;
        sent += bytes.size();
        EXPECT_EQ(header_of(last, "Upload-Offset"), std::to_string(sent));
        EXPECT_EQ(header_of(last, "Tus-Resumable"), "1.0.0");
        EXPECT_NE(header_of(last, "Upload-Expires"), "");
    }
    const auto batch = batch_of(last);
    EXPECT_EQ(batch.at("state"), "accepted");
    EXPECT_EQ(batch.at("rows_read"), 2);
    // Whoever lost the last answer learns that all came, and which batch it is.
    EXPECT_EQ(offset_of(path), std::to_string(kFile.size()));
    const auto told = json::parse(ask("GET", path, supervisor_).body);
    EXPECT_EQ(misfit(told, {{"$ref", "#/components/schemas/Upload"}}, api::schemas(), "Upload"),
              "");
    EXPECT_EQ(told.at("batch"), batch.at("id"));
    EXPECT_EQ(files(), 1U) << "the file itself is gone";
    EXPECT_EQ(code_of(part(path, kFile.size(), "")), "server.upload_handed_on");
    EXPECT_EQ(code_of(ask("DELETE", path, supervisor_)), "server.upload_handed_on");
}

TEST_F(UploadsApi, IsOfWhoBeganIt) {
    EXPECT_EQ(ask("POST", kSource, "", {{"Upload-Length", "3"}}).status, 401);
    EXPECT_EQ(code_of(ask("POST", kSource, agent_, {{"Upload-Length", "3"}})),
              "registry.not_allowed");
    const auto path = begin();
    EXPECT_EQ(code_of(ask("GET", path, other_)), "server.no_such_upload");
    EXPECT_EQ(code_of(part(path, 0, "x", other_)), "server.no_such_upload");
    EXPECT_EQ(code_of(ask("DELETE", path, other_)), "server.no_such_upload");
    EXPECT_EQ(part(path, 0, "x", "none").status, 401);
    EXPECT_EQ(offset_of(path), "0");
    struct stat folder {};
    ASSERT_EQ(::stat(uploads_.c_str(), &folder), 0);
    EXPECT_EQ(folder.st_mode & 0777U, 0700U);
}

TEST_F(UploadsApi, RefusesWhatDoesNotFit) {
    const auto refused = [&](Headers headers) {
        return code_of(ask("POST", kSource, supervisor_, std::move(headers)));
    };
    EXPECT_EQ(refused({{"Upload-Length", "3"}, {"Tus-Resumable", "0.2.2"}}),
              "server.upload_version");
    for (const auto* length : {"", "0", "-1", "3x", " 3", "99999999999999999999"}) {
        EXPECT_EQ(refused({{"Upload-Length", length}}), "server.bad_member") << length;
    }
    EXPECT_EQ(refused({{"Upload-Length", std::to_string(exchange::kSpoolBytesMax + 1)}}),
              "exchange.too_large");
    EXPECT_EQ(refused({{"Upload-Length", "3"}, {"Upload-Metadata", "filetype ?"}}),
              "server.bad_member");
    EXPECT_EQ(refused({{"Upload-Length", "3"}, {"Upload-Metadata", "filetype YS9i"}}),
              "server.unknown_media_type");
    EXPECT_EQ(files(), 0U);

    const auto path = begin();
    EXPECT_EQ(part(path, 0, "day").status, 204);
    for (const std::size_t wrong : {0UL, 2UL, 4UL}) {
        const auto response = part(path, wrong, "xyz");
        EXPECT_EQ(response.status, 409);
        EXPECT_EQ(code_of(response), "server.upload_offset");
    }
    EXPECT_EQ(part(path, 3, kFile).status, 413) << "more than was said";
    EXPECT_EQ(ask("PATCH", path, supervisor_, {{"Upload-Offset", "3"}}, "x").status, 415);
    EXPECT_EQ(code_of(ask("HEAD", path, supervisor_, {{"Tus-Resumable", "2"}})),
              "server.upload_version");
    for (const std::string name : {"x", "../../keys/access", "0123456789abcdef0123456789abcdeg"}) {
        EXPECT_GE(ask("GET", "/api/v1/uploads/" + name, supervisor_).status, 400) << name;
    }
    EXPECT_EQ(offset_of(path), "3");
}

// Why: two requests at once must not mix their bytes.
TEST_F(UploadsApi, IsAddedToByOneAtATime) {
    const auto path = begin();
    const auto upload =
        Uploads(uploads_).find(path.substr(path.rfind('/') + 1), {"sol", "hill_house", "guidance"});
    ASSERT_TRUE(upload.has_value());
    {
        const auto held = Uploads(uploads_).go_on(*upload);
        ASSERT_NE(held, nullptr);
        EXPECT_EQ(part(path, 0, "day").status, 423);
        EXPECT_EQ(ask("DELETE", path, supervisor_).status, 423);
        EXPECT_EQ(Uploads(uploads_).sweep(std::chrono::sys_seconds::max()), 0U);
    }
    EXPECT_EQ(part(path, 0, "day").status, 204);
    EXPECT_EQ(ask("DELETE", path, supervisor_).status, 204);
    EXPECT_EQ(code_of(ask("GET", path, supervisor_)), "server.no_such_upload");
    EXPECT_EQ(files(), 0U);
}

TEST_F(UploadsApi, ARefusedFileSaysWhyAndIsGone) {
    const std::string header = "day,desk\n";
    const auto path = begin(header.size());
    const auto batch = batch_of(part(path, 0, header));
    EXPECT_EQ(batch.at("state"), "refused");
    EXPECT_FALSE(batch.at("problems").as_array().empty());
    EXPECT_EQ(files(), 1U);
}

// Why: the disk of a country is not filled by what nobody goes on with.
TEST_F(UploadsApi, ExpiresAndIsLimited) {
    std::string path;
    for (std::size_t i = 0; i < Uploads::kPartsMax; ++i) path = begin();
    const auto full = ask("POST", kSource, supervisor_, {{"Upload-Length", "3"}});
    EXPECT_EQ(code_of(full), "registry.busy");
    std::ofstream(uploads_ / "unfinished.tmp") << "of a program that was killed";
    const Uploads uploads(uploads_);
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    EXPECT_EQ(uploads.sweep(now), 0U);
    EXPECT_EQ(uploads.sweep(now + Uploads::kKept + std::chrono::minutes(1)), Uploads::kPartsMax);
    EXPECT_EQ(files(), 0U);
    EXPECT_EQ(code_of(ask("GET", path, supervisor_)), "server.no_such_upload");
}

// Why: a server that is stopped while a whole file waits must not lose it.
TEST_F(UploadsApi, AFileWholeButNotTakenInIsHandedOnAgain) {
    const auto path = begin();
    const auto id = path.substr(path.rfind('/') + 1);
    std::ofstream(uploads_ / (id + ".part"), std::ios::app) << kFile;
    const Uploads uploads(uploads_);
    const auto upload = uploads.find(id, {"sol", "hill_house", "guidance"});
    ASSERT_TRUE(upload.has_value());
    uploads.hand_on(*upload, std::string(64, '0'));
    EXPECT_EQ(offset_of(path), std::to_string(kFile.size()));
    const auto response = part(path, kFile.size(), "");
    EXPECT_EQ(response.status, 204) << response.body;
    EXPECT_EQ(batch_of(response).at("state"), "accepted");
}

}  // namespace
}  // namespace amate::server
