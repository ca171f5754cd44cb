// SPDX-License-Identifier: Apache-2.0
// Files of records over HTTP: not found, refused, malformed, accepted; and what is left behind.
#include <gtest/gtest.h>

#include "ledger/entries.hpp"
#include "ledger/verify.hpp"
#include "server/test_site.hpp"

namespace amate::server {
namespace {

namespace json = boost::json;

const std::string kCases = "/api/v1/registers/protection_case/records";
const std::string kPdf = "%PDF-1.7\nNara Oleaje asks for shelter.\n%%EOF\n";
const std::string kJpeg = "\xFF\xD8\xFF\xE0 a picture";

class FilesApi : public ::testing::Test {
protected:
    FilesApi()
        : protection_(site_.token_of("pia", "child_protection")),
          officer_(site_.token_of("oto", "reception_officer")) {
        const auto made = site_.ask("POST", kCases, protection_,
                                    R"({"fields":{"opened_on":"2018-03-01","person":)"
                                    R"({"names":"Nara Oleaje"}}})");
        EXPECT_EQ(made.status, 201) << made.body;
        record_ = kCases + "/" + std::string(json::parse(made.body).at("folio").as_string());
        letter_ = record_ + "/files/letter";
    }

    struct Sent {
        std::string bytes = kPdf, type = "application/pdf", name = {}, key = {};
    };
    Response send(const std::string& target, const std::string& token, const Sent& sent) {
        HttpRequest request{"PUT", target, "en"};
        if (!token.empty()) request.authorization = "Bearer " + token;
        request.content_type = sent.type;
        request.idempotency_key = sent.key;
        if (!sent.name.empty()) request.others["Content-Disposition"] = sent.name;
        request.file = std::make_shared<exchange::Spool>(site_.workspace().root);
        EXPECT_TRUE(request.file->add(sent.bytes));
        return site_.site().answer(request);
    }
    std::string refused(const std::string& target, const std::string& token, const Sent& sent) {
        const auto response = send(target, token, sent);
        EXPECT_GE(response.status, 400) << response.body;
        return response.status < 400
                   ? ""
                   : std::string(
                         json::parse(response.body).at("problems").at(0).at("code").as_string());
    }
    Response get(const std::string& target, const std::string& token) {
        return site_.ask("GET", target, token);
    }
    static std::string header_of(const Response& response, const std::string& name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return "";
    }

    TestSite site_{Data::real};
    std::string protection_, officer_, record_, letter_;
};

TEST_F(FilesApi, SaysWhatIsNotThere) {
    EXPECT_EQ(send(record_ + "/files/account?base=1", protection_, {}).status, 404);  // no file
    EXPECT_EQ(refused(kCases + "/AMP-2018-00099/files/letter?base=1", protection_, {}),
              "registry.no_such_record");
    const auto none = get(letter_, protection_);
    EXPECT_EQ(none.status, 404);
    EXPECT_NE(none.body.find("registry.no_such_file"), none.body.npos);
}

TEST_F(FilesApi, RefusesWhoMayNot) {
    EXPECT_EQ(send(letter_ + "?base=1", "", {}).status, 401);
    EXPECT_EQ(refused(letter_ + "?base=1", officer_, {}), "registry.not_allowed");
    EXPECT_EQ(send(letter_ + "?base=1", protection_, {}).status, 200);
    EXPECT_EQ(get(letter_, officer_).status, 403);
    EXPECT_EQ(get(letter_, "").status, 401);
}

// Why: what a field does not take must leave neither a file nor a revision behind.
TEST_F(FilesApi, RefusesWhatTheFieldDoesNotTake) {
    const auto target = letter_ + "?base=1";
    EXPECT_EQ(refused(target, protection_, {kJpeg, "image/jpeg"}), "registry.file_type_refused");
    EXPECT_EQ(refused(target, protection_, {kPdf, ""}), "registry.file_type_refused");
    EXPECT_EQ(refused(target, protection_, {kJpeg}), "registry.file_not_its_type");
    EXPECT_EQ(refused(target, protection_, {""}), "registry.file_empty");
    EXPECT_EQ(refused(target, protection_, {kPdf + std::string(2'000'000, ' ')}),
              "registry.file_too_large");
    EXPECT_EQ(refused(target, protection_, {kPdf, "application/pdf", "attachment; filename*=x"}),
              "server.bad_member");
    EXPECT_EQ(refused(target, protection_,
                      {kPdf, "application/pdf", "attachment; filename=\"../x.pdf\""}),
              "registry.file_name_refused");
    EXPECT_EQ(refused(letter_, protection_, {}), "registry.base_stale");
    EXPECT_EQ(refused(letter_ + "?base=7", protection_, {}), "registry.base_stale");
    const auto session = site_.site().desk().reader();
    EXPECT_FALSE(session->has_table(store::kAttachmentsTable));
}

TEST_F(FilesApi, KeepsAndGivesBack) {
    const auto sent = send(letter_ + "?base=1", protection_,
                           {kPdf, "application/pdf; x=y",
                            "attachment; filename=\"x.pdf\"; filename*=UTF-8''Petici%C3%B3n.pdf"});
    ASSERT_EQ(sent.status, 200) << sent.body;
    EXPECT_EQ(json::parse(sent.body).at("revision").as_int64(), 2);
    const auto read = get(letter_, protection_);
    ASSERT_EQ(read.status, 200) << read.body;
    EXPECT_EQ(read.body, kPdf);
    EXPECT_EQ(read.content_type, "application/pdf");
    EXPECT_EQ(header_of(read, "Content-Disposition"),
              "attachment; filename*=UTF-8''Petici%C3%B3n.pdf");
    EXPECT_EQ(header_of(read, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(read, "Cache-Control"), "no-store");
    const auto record = json::parse(get(record_, protection_).body);
    EXPECT_EQ(record.at("fields").at("letter").as_string(), crypto::to_hex(crypto::digest(kPdf)));
    const auto session = site_.site().desk().reader();
    NoProgress silent;
    const auto proved = ledger::verify(*session, site_.pack(), site_.workspace().keys(), silent);
    EXPECT_TRUE(proved.problems.empty());
    EXPECT_EQ(proved.attachments, 1);
}

// Why: reading what is protected leaves a trace, and it names the file that was read.
TEST_F(FilesApi, ReadingLeavesAnEntry) {
    ASSERT_EQ(send(letter_ + "?base=1", protection_, {}).status, 200);
    ASSERT_EQ(get(letter_, protection_).status, 200);
    const auto session = site_.site().desk().reader();
    const auto last = ledger::last_entry(*session);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->event.action, "record.read");
    EXPECT_EQ(last->event.after, R"({"revision":2,"file":"letter"})");
    EXPECT_EQ(last->actor.user, "pia");
}

// Why: the past is kept; a letter replaced is still the letter of its revision.
TEST_F(FilesApi, EarlierRevisionsKeepTheirs) {
    const auto other = kPdf + "more";
    ASSERT_EQ(send(letter_ + "?base=1", protection_, {}).status, 200);
    ASSERT_EQ(send(letter_ + "?base=2", protection_, {other}).status, 200);
    EXPECT_EQ(get(letter_, protection_).body, other);
    EXPECT_EQ(get(letter_ + "?revision=2", protection_).body, kPdf);
    EXPECT_EQ(get(letter_ + "?revision=1", protection_).status, 404);
    EXPECT_EQ(get(letter_ + "?row=2", protection_).status, 404);
}

// Why: a form may state the digest at once and the bytes come later, on a slow line.
TEST_F(FilesApi, ComesAfterItsDigest) {
    const auto digest = crypto::to_hex(crypto::digest(kPdf));
    ASSERT_EQ(site_
                  .ask("POST", record_ + "/amend", protection_,
                       R"({"base":1,"fields":{"letter":")" + digest + R"("}})")
                  .status,
              200);
    EXPECT_EQ(get(letter_, protection_).status, 404);
    const auto sent = send(letter_ + "?base=2", protection_, {});
    ASSERT_EQ(sent.status, 200) << sent.body;
    EXPECT_EQ(json::parse(sent.body).at("revision").as_int64(), 2);
    EXPECT_EQ(json::parse(sent.body).at("act").as_string(), "attach");
    EXPECT_EQ(get(letter_, protection_).body, kPdf);
    EXPECT_EQ(refused(letter_ + "?base=2", protection_, {}), "registry.nothing_changed");
}

// Why: who lost an answer sends again, and it is done once.
TEST_F(FilesApi, IsKeptOnceUnderAKey) {
    const Sent sent{kPdf, "application/pdf", "", "k-1"};
    ASSERT_EQ(send(letter_ + "?base=1", protection_, sent).status, 200);
    const auto again = send(letter_ + "?base=1", protection_, sent);
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_TRUE(json::parse(again.body).at("repeated").as_bool());
    EXPECT_EQ(refused(letter_ + "?base=2", protection_, sent), "registry.key_reused");
    auto other = sent;
    other.bytes.back() = '?';
    EXPECT_EQ(refused(letter_ + "?base=1", protection_, other), "registry.key_reused");
}

}  // namespace
}  // namespace amate::server
