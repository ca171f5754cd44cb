// SPDX-License-Identifier: Apache-2.0
// The server on real sockets: limits, slow and rude clients, and a stop that lets answers finish.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <future>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "server/http_server.hpp"

namespace amate::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Answers with what it was asked; "/slow" waits for the test, "/early" for figures.
class Echo final : public Application {
public:
    Handling handling(const HttpRequest& head) const noexcept override {
        if (head.target == "/file") {
            return {2'000'000, true,
                    std::make_shared<exchange::Spool>(std::filesystem::temp_directory_path())};
        }
        if (head.target == "/closed") return {10, true, {}, refuse("server.sign_in_needed")};
        return {};
    }
    bool must_wait(const HttpRequest& request) const override {
        return request.target == "/early" && !figures_ready;
    }
    Response answer(const HttpRequest& request) const noexcept override {
        if (request.target == "/slow") {
            entered.set_value();
            leave.wait();
        }
        if (request.file != nullptr) {
            const auto size = std::filesystem::file_size(request.file->path());
            return {200, "text/plain", "file of " + std::to_string(size), {}};
        }
        return {200, "text/plain", request.method + " " + request.target, {}};
    }
    Response refuse(const char* code) const noexcept override {
        return {http_status_of(Problem{code, {}, {}}), "text/plain", code, {}};
    }

    std::atomic<bool> figures_ready = false;
    mutable std::promise<void> entered;
    std::promise<void> let_go;
    std::shared_future<void> leave{let_go.get_future()};
};

class Running {
public:
    explicit Running(const Limits& limits = {}, const std::string& host = "127.0.0.1") {
        std::promise<std::string> ready;
        auto address = ready.get_future();
        options_.host = host;
        options_.port = 0;
        options_.on_ready = [&ready](const std::string& where) { ready.set_value(where); };
        thread_ = std::thread([this, limits] { result = run_http_server(app, options_, limits); });
        const auto where = address.get();
        port_ = static_cast<std::uint16_t>(std::stoi(where.substr(where.rfind(':') + 1)));
    }
    ~Running() { stop(); }
    void stop() {
        if (!thread_.joinable()) return;
        std::raise(SIGTERM);
        thread_.join();
    }
    [[nodiscard]] tcp::socket connect(asio::io_context& io) const {
        tcp::socket socket(io);
        socket.connect({asio::ip::make_address(options_.host), port_});
        return socket;
    }
    // Sends `text` and gives everything that comes back until the server closes.
    [[nodiscard]] std::string exchange(const std::string& text) const {
        asio::io_context io;
        auto socket = connect(io);
        boost::system::error_code error;
        asio::write(socket, asio::buffer(text), error);
        std::string answer;
        asio::read(socket, asio::dynamic_buffer(answer), error);
        return answer;
    }

    Echo app;
    Result<void> result;

private:
    ServeOptions options_;
    std::thread thread_;
    std::uint16_t port_ = 0;
};

std::string get(const std::string& target, const std::string& more = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + more + "Connection: close\r\n\r\n";
}

bool begins(const std::string& text, const std::string& start) {
    return text.compare(0, start.size(), start) == 0;
}

TEST(HttpServer, AnswersAndKeepsTheConnection) {
    const Running server;
    const auto two = server.exchange("GET /a HTTP/1.1\r\nHost: x\r\n\r\n" + get("/b"));
    EXPECT_NE(two.find("GET /a"), std::string::npos);
    EXPECT_NE(two.find("GET /b"), std::string::npos);
}

TEST(HttpServer, HeadGivesTheHeadersAlone) {
    const Running server;
    const auto answer = server.exchange("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_NE(answer.find("Content-Length: 7"), std::string::npos);
    EXPECT_EQ(answer.substr(answer.size() - 4), "\r\n\r\n");
}

// Nobody may make the server keep much: each limit has its answer.
TEST(HttpServer, HoldsRequestsToLimits) {
    const Running server;
    EXPECT_TRUE(begins(server.exchange(get("/", "X: " + std::string(9'000, 'a') + "\r\n")),
                       "HTTP/1.1 431"));
    EXPECT_TRUE(begins(server.exchange(get("/" + std::string(3'000, 'a'))), "HTTP/1.1 414"));
    EXPECT_TRUE(
        begins(server.exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n"),
               "HTTP/1.1 413"));
    EXPECT_TRUE(begins(server.exchange("nonsense\r\n\r\n"), "HTTP/1.1 400"));
    EXPECT_TRUE(
        begins(server.exchange("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"), "HTTP/1.1 400"));
}

// A client that dribbles bytes holds a connection no longer than the limit.
TEST(HttpServer, SlowClientsAreDropped) {
    Limits limits;
    limits.request_timeout = std::chrono::milliseconds(150);
    const Running server(limits);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(server.exchange("GET / HTTP/1.1\r\nHost: "), "");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

// One connection at most: the second is answered once the first has gone.
TEST(HttpServer, ConnectionsAreLimited) {
    Limits limits;
    limits.connections_max = 1;
    const Running server(limits);
    asio::io_context io;
    auto first = server.connect(io);
    asio::write(first, asio::buffer(std::string("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")));
    std::string some(12, '\0');
    asio::read(first, asio::buffer(some));
    auto second = std::async(std::launch::async, [&] { return server.exchange(get("/b")); });
    first.close();
    EXPECT_NE(second.get().find("GET /b"), std::string::npos);
}

// The port is open before figures are ready; pages that need them wait, and give up in time.
TEST(HttpServer, WaitsForFigures) {
    Limits limits;
    limits.figures_timeout = std::chrono::milliseconds(60);
    Running server(limits);
    EXPECT_TRUE(begins(server.exchange(get("/early")), "HTTP/1.1 503"));
    EXPECT_TRUE(begins(server.exchange(get("/now")), "HTTP/1.1 200"));
    server.app.figures_ready = true;
    EXPECT_TRUE(begins(server.exchange(get("/early")), "HTTP/1.1 200"));
}

// A restart loses no answer that was begun.
TEST(HttpServer, TheStopLetsOpenAnswersFinish) {
    Running server;
    asio::io_context io;
    auto idle = server.connect(io);
    auto open = std::async(std::launch::async, [&] { return server.exchange(get("/slow")); });
    server.app.entered.get_future().wait();
    std::thread stopper([&] { server.stop(); });
    boost::system::error_code error;
    std::string rest;
    asio::read(idle, asio::dynamic_buffer(rest), error);  // idle ones are closed at once
    EXPECT_EQ(error, asio::error::eof);
    server.app.let_go.set_value();
    EXPECT_NE(open.get().find("GET /slow"), std::string::npos);
    stopper.join();
    EXPECT_TRUE(server.result.has_value());
}

TEST(HttpServer, AddressesThatCannotBeHadAreProblems) {
    const Echo app;
    ServeOptions options;
    options.host = "no-address";
    EXPECT_EQ(run_http_server(app, options, {}).error().at(0).code, "server.bad_address");
    asio::io_context io;
    tcp::acceptor taken(io, {asio::ip::make_address("127.0.0.1"), 0});
    options.host = "127.0.0.1";
    options.port = taken.local_endpoint().port();
    EXPECT_EQ(run_http_server(app, options, {}).error().at(0).code, "server.address_in_use");
}

TEST(HttpServer, ListensOnIPv6) {
    asio::io_context io;
    boost::system::error_code error;
    tcp::acceptor probe(io);
    probe.open(tcp::v6(), error);
    if (!error) probe.bind({asio::ip::make_address("::1"), 0}, error);
    if (error) GTEST_SKIP() << "this machine has no IPv6";
    const Running server({}, "::1");
    EXPECT_TRUE(begins(server.exchange(get("/")), "HTTP/1.1 200"));
}

std::string post(const std::string& target, const std::string& headers, const std::string& body) {
    return "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n" +
           body;
}

// Why: an institution's file is larger than what memory should hold.
TEST(HttpServer, KeepsAFileOnDiskWhole) {
    const Running server;
    const std::string file(1'500'000, 'x');
    const auto length = "Content-Length: " + std::to_string(file.size()) + "\r\n";
    EXPECT_NE(server.exchange(post("/file", length, file)).find("file of 1500000"),
              std::string::npos);
    const auto chunked = server.exchange(
        post("/file", "Transfer-Encoding: chunked\r\n", "7\r\nday,who\r\n3\r\n,ye\r\n0\r\n\r\n"));
    EXPECT_NE(chunked.find("file of 10"), std::string::npos) << chunked;
    EXPECT_NE(server.exchange(post("/file", "", "")).find("file of 0"), std::string::npos);
}

TEST(HttpServer, RefusesAFileBeforeItComes) {
    const Running server;
    const auto large = server.exchange(post("/file", "Content-Length: 2000001\r\n", ""));
    EXPECT_NE(large.find(" 413 "), std::string::npos) << large;
    const auto closed = server.exchange(post("/closed", "Content-Length: 5\r\n", ""));
    EXPECT_NE(closed.find("server.sign_in_needed"), std::string::npos) << closed;
    std::string chunks;
    for (int i = 0; i < 130; ++i) chunks += "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    const auto grown = server.exchange(post("/file", "Transfer-Encoding: chunked\r\n", chunks));
    EXPECT_EQ(grown.find(" 200 "), std::string::npos) << grown;
}

// SPEC: RFC 9110, 10.1.1.
TEST(HttpServer, SaysToGoOnToWhoAsks) {
    const Running server;
    const std::string headers = "Content-Length: 3\r\nExpect: 100-continue\r\n";
    const auto wanted = server.exchange(post("/file", headers, "abc"));
    EXPECT_EQ(wanted.find("HTTP/1.1 100 "), 0U) << wanted;
    EXPECT_NE(wanted.find("file of 3"), std::string::npos) << wanted;
    const auto refused = server.exchange(post("/closed", headers, ""));
    EXPECT_EQ(refused.find(" 100 "), std::string::npos) << refused;
}

}  // namespace
}  // namespace amate::server
