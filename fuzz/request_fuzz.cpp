// SPDX-License-Identifier: Apache-2.0
// Fuzzes what a stranger may send to the served country: the bytes of one HTTP request, with or
// without a token. Whatever they are, the answer is no bug, and the records stay readable.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include "server/test_site.hpp"

namespace {

namespace http = boost::beast::http;
using amate::server::HttpRequest;
using amate::server::TestSite;

// A site with a record, and tokens that seeds call by the letter of their role. Lives in memory if
// TMPDIR does.
struct Served {
    TestSite site{amate::server::Data::real};
    std::map<std::string, std::string, std::less<>> tokens{
        {"Bearer o", "Bearer " + site.token_of("oto", "reception_officer")},
        {"Bearer s", "Bearer " + site.token_of("sol", "supervisor")},
        {"Bearer p", "Bearer " + site.token_of("pia", "child_protection")}};
};

Served& served() {
    static Served served;
    return served;
}

HttpRequest understood(const http::request<http::string_body>& message) {
    HttpRequest request{std::string(message.method_string()), std::string(message.target())};
    request.accept_language = std::string(message[http::field::accept_language]);
    request.accept_encoding = std::string(message[http::field::accept_encoding]);
    request.if_none_match = std::string(message[http::field::if_none_match]);
    request.authorization = std::string(message[http::field::authorization]);
    request.idempotency_key = std::string(message["Idempotency-Key"]);
    request.content_type = std::string(message[http::field::content_type]);
    request.body = message.body();
    const auto token = served().tokens.find(request.authorization);
    if (token != served().tokens.end()) request.authorization = token->second;
    return request;
}

const char* const kSeeds[] = {
    "GET /es/buscar?q=tarjeta HTTP/1.1\r\nAccept-Language: en;q=0.5, es\r\n\r\n",
    "GET /api/v1/figures?limit=3 HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n",
    "GET /api/v1/registers/help_desk_visit/table?by=topic&where=minutes%3E10 HTTP/1.1\r\n\r\n",
    "GET /api/v1/openapi.json HTTP/1.1\r\nIf-None-Match: \"x\"\r\n\r\n",
    "GET /api/v1/registers/landing/records?state=open&limit=2 HTTP/1.1\r\n"
    "Authorization: Bearer o\r\n\r\n",
    "GET /api/v1/registers/landing/records/LAN-2018-000001?known=2018-09-01T00:00:00&"
    "effective=2018-03-02 HTTP/1.1\r\nAuthorization: Bearer o\r\n\r\n",
    "POST /api/v1/registers/landing/records HTTP/1.1\r\nAuthorization: Bearer o\r\n"
    "Idempotency-Key: k1\r\nContent-Length: 122\r\n\r\n"
    R"({"fields":{"landed_at":"2018-03-01T10:00","point":"long_pier","modality":"assisted",)"
    R"("person":{"names":"N","sex":"female"}}})",
    "POST /api/v1/registers/landing/records/LAN-2018-000001/amend HTTP/1.1\r\n"
    "Authorization: Bearer o\r\nContent-Length: 38\r\n\r\n"
    R"({"base":1,"fields":{"party_size":300}})",
    "POST /api/v1/registers/landing/bulk HTTP/1.1\r\nAuthorization: Bearer s\r\n"
    "Content-Length: 89\r\n\r\n"
    R"({"changes":[{"kind":"amend","folio":"LAN-2018-000001","base":1,"fields":{"services":[]}}]})",
};

}  // namespace

// --seeds=DIR writes requests of every kind.
extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    spdlog::set_level(spdlog::level::off);
    for (int i = 1; i < *count; ++i) {
        const std::string argument = (*arguments)[i];
        if (!argument.starts_with("--seeds=")) continue;
        const std::filesystem::path folder = argument.substr(8);
        std::filesystem::create_directories(folder);
        int number = 0;
        for (const auto* seed : kSeeds) {
            std::ofstream(folder / std::to_string(number++), std::ios::binary) << seed;
        }
        std::exit(0);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(8 * 1024);
    parser.body_limit(1'000'000);
    parser.eager(true);
    boost::system::error_code error;
    parser.put(boost::asio::buffer(data, size), error);
    if (error && error != http::error::need_more) return 0;
    if (!parser.is_header_done()) return 0;
    const auto request = understood(parser.get());
    (void)served().site.site().handling(request);
    const auto response = served().site.site().answer(request);
    AMATE_CHECK(response.status >= 200 && response.status < 500);
    if (response.content_type.find("json") != std::string::npos && response.status >= 400) {
        boost::system::error_code broken;
        boost::json::parse(response.body, broken);
        AMATE_CHECK(!broken || request.accept_encoding.find("gzip") != std::string::npos);
    }
    return 0;
}
