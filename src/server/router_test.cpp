// SPDX-License-Identifier: Apache-2.0
// Requests are taken apart, routed and compressed as the standards say.
#include <gtest/gtest.h>

#include <boost/beast/zlib/inflate_stream.hpp>

#include "server/gzip.hpp"
#include "server/message.hpp"
#include "server/router.hpp"

namespace amate::server {
namespace {

Result<Response> nothing(const Site&, const Request&) {
    return Response{};
}

Route route(const std::string& pattern, std::vector<Parameter> parameters = {},
            Kind kind = Kind::api) {
    return {pattern, kind, Needs::nothing, "", "", std::move(parameters), nothing};
}

// Paths and queries are the outermost edge: what is odd must end here.
TEST(ParseTarget, DecodesPathAndQuery) {
    const auto request = parse_target("/es/a%20b/?q=caf%C3%A9+y+pan&x=");
    ASSERT_TRUE(request.has_value());
    EXPECT_EQ(request->segments, (std::vector<std::string>{"es", "a b"}));
    EXPECT_EQ(request->find("q"), "café y pan");
    EXPECT_EQ(request->find("x"), "");
}

TEST(ParseTarget, RefusesWhatIsMalformed) {
    for (const auto* target : {"", "es", "*", "/%", "/%G0", "/%4", "/a%2Fb", "/%00", "/%FF",
                               "/?q=%C3", "/?q=1&q=2", "/a#b", "http://host/"}) {
        EXPECT_FALSE(parse_target(target).has_value()) << target;
    }
    EXPECT_FALSE(parse_target("/" + std::string(40, '/') + "a").has_value());
    std::string many = "/?";
    for (int i = 0; i < 30; ++i) many += "p" + std::to_string(i) + "=1&";
    EXPECT_FALSE(parse_target(many).has_value());
}

TEST(PercentEncode, GivesBackTheSameText) {
    const std::string text = "a=1&b='ñ' <x> + 100 %";
    const auto request = parse_target("/?q=" + percent_encode(text));
    ASSERT_TRUE(request.has_value());
    EXPECT_EQ(request->find("q"), text);
}

// A visitor gets the language the browser asks for, if the country speaks it.
TEST(PreferredLanguage, FollowsQualities) {
    const std::vector<std::string> spoken = {"es", "en"};
    EXPECT_EQ(preferred_language("", spoken), "es");
    EXPECT_EQ(preferred_language("en-GB,en;q=0.9", spoken), "en");
    EXPECT_EQ(preferred_language("fr, en;q=0.4, es;q=0.8", spoken), "es");
    EXPECT_EQ(preferred_language("en;q=0", spoken), "es");
    EXPECT_EQ(preferred_language("fr;q=x,;;,-", spoken), "es");
}

TEST(Router, FixedSegmentsWinOverParameters) {
    const Router router({route("/{lang}"), route("/{lang}/figures/{id}"), route("/api/v1/health"),
                         route("/api/v1/{name}"), route("/")});
    EXPECT_EQ(router.find("GET", {}).route->pattern, "/");
    EXPECT_EQ(router.find("HEAD", {"api", "v1", "health"}).route->pattern, "/api/v1/health");
    const auto match = router.find("GET", {"es", "figures", "F1"});
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(match.path_parameters.at("id"), "F1");
    EXPECT_EQ(router.find("GET", {"es", "figures"}).route, nullptr);
    EXPECT_EQ(router.find("GET", {"es", "figures", ""}).route, nullptr);
}

TEST(Router, TwoRoutesOfOnePatternAreABug) {
    EXPECT_THROW(Router({route("/a"), route("/a")}), Bug);
}

// The API refuses what it does not know, so that a misspelt filter never widens an answer.
TEST(CheckParameters, HoldsAQueryToItsDeclaration) {
    const Parameter limit{In::query, "limit", "integer", "", "", {}, 1, 10};
    const Parameter how{In::query, "how", "string", "", "", {"a", "b"}, 0, 0};
    const auto api = route("/x", {limit, how});
    const auto check = [](const Route& asked, const std::string& query) {
        return check_parameters(asked, *parse_target("/x?" + query)).has_value();
    };
    EXPECT_TRUE(check(api, "limit=10&how=a"));
    EXPECT_TRUE(check(api, "how="));
    for (const auto* query : {"limit=0", "limit=11", "limit=1x", "limit=-1", "how=c", "hwo=a",
                              "limit=99999999999999999999"}) {
        EXPECT_FALSE(check(api, query)) << query;
    }
    EXPECT_FALSE(check(api, "how=" + std::string(500, 'a')));
    EXPECT_TRUE(check(route("/x", {limit}, Kind::page), "utm_source=mail"));
}

// The envelope is ours, so it is read back here.
TEST(Gzip, InflatesToTheSameBytes) {
    for (const auto& text : {std::string(), std::string("a"), std::string(100'000, 'x')}) {
        const auto packed = gzip(text);
        ASSERT_GT(packed.size(), 18U);
        EXPECT_EQ(packed.substr(0, 3), "\x1f\x8b\x08");
        std::string unpacked(text.size() + 16, '\0');
        boost::beast::zlib::inflate_stream stream;
        boost::beast::zlib::z_params work;
        work.next_in = packed.data() + 10;
        work.avail_in = packed.size() - 18;
        work.next_out = unpacked.data();
        work.avail_out = unpacked.size();
        boost::system::error_code error;
        stream.write(work, boost::beast::zlib::Flush::finish, error);
        unpacked.resize(work.total_out);
        EXPECT_EQ(unpacked, text);
    }
}

}  // namespace
}  // namespace amate::server
