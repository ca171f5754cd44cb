// SPDX-License-Identifier: Apache-2.0
// The life of a connection as a coroutine; everything that can grow has a limit.
#include "server/http_server.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <set>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <spdlog/spdlog.h>

namespace amate::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kFiguresPoll = std::chrono::milliseconds(20);
constexpr std::size_t kWaitersMax = 64;
constexpr std::size_t kReadAheadBytes = 65'536;
constexpr std::size_t kFilePartBytes = 262'144;

enum class Kept : unsigned char { yes, too_large, no };

http::response<http::string_body> to_http(Response&& response, bool keep_alive) {
    http::response<http::string_body> message;
    message.version(11);
    message.result(static_cast<unsigned>(response.status));
    if (!response.content_type.empty()) {
        message.set(http::field::content_type, response.content_type);
    }
    for (const auto& [name, value] : response.headers) message.set(name, value);
    message.body() = std::move(response.body);
    message.keep_alive(keep_alive);
    message.prepare_payload();
    return message;
}

using HeadParser = http::request_parser<http::empty_body>;

HttpRequest to_request(const http::request<http::empty_body>& message) {
    const auto header = [&](http::field field) { return std::string(message[field]); };
    HttpRequest request{
        std::string(message.method_string()),    std::string(message.target()),
        header(http::field::accept_language),    header(http::field::accept_encoding),
        header(http::field::if_none_match),      header(http::field::authorization),
        std::string(message["Idempotency-Key"]), header(http::field::content_type)};
    for (const auto* name : kOtherHeaders) {
        const auto found = message.find(name);
        if (found != message.end()) request.others[name] = std::string(found->value());
    }
    return request;
}

// The problem that a failed read stands for; null if the client is simply gone.
const char* problem_of(const error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return "server.header_too_large";
    }
    if (error == http::error::body_limit) return "server.body_too_large";
    if (error == beast::error::timeout) return nullptr;
    if (error.category() == make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message) {
        return "server.malformed_request";
    }
    return nullptr;
}

class Server {
public:
    Server(const Application& application, const ServeOptions& options, const Limits& limits)
        : application_(application),
          options_(options),
          limits_(limits),
          workers_(static_cast<std::size_t>(std::max(options.threads, 1))),
          acceptor_(loop_),
          slot_free_(loop_),
          signals_(loop_),
          deadline_(loop_) {}

    Result<void> run();

private:
    struct Connection {
        explicit Connection(tcp::socket&& socket) : stream(std::move(socket)) {}
        beast::tcp_stream stream;
        bool answering = false;  // between the end of reading and the end of writing
    };

    Result<void> listen();
    asio::awaitable<void> accept_all();
    asio::awaitable<void> hold(tcp::socket socket);
    asio::awaitable<void> talk(Connection& connection);
    asio::awaitable<void> ask_to_go_on(Connection& connection, const HeadParser& parser,
                                       error_code& error);
    asio::awaitable<void> read_to_memory(Connection& connection, beast::flat_buffer& buffer,
                                         HeadParser& head, HttpRequest& request, error_code& error);
    asio::awaitable<void> read_to_file(Connection& connection, beast::flat_buffer& buffer,
                                       HeadParser& head, std::shared_ptr<exchange::Spool> file,
                                       HttpRequest& request, error_code& error);
    asio::awaitable<Response> make_answer(HttpRequest request, bool waits);
    asio::awaitable<bool> write(Connection& connection, Response response, bool keep_alive,
                                bool head);
    asio::awaitable<void> refuse(Connection& connection, Response refusal, bool head);
    void stop();

    const Application& application_;
    const ServeOptions& options_;
    const Limits& limits_;
    asio::io_context loop_{1};
    asio::thread_pool workers_;
    asio::thread_pool waiters_{kWaitersMax};  // blocked most of the time
    tcp::acceptor acceptor_;
    asio::steady_timer slot_free_;
    asio::signal_set signals_;
    asio::steady_timer deadline_;
    std::set<Connection*> connections_;  // those alive; touched on the loop's thread alone
    bool stopping_ = false;
};

Result<void> Server::listen() {
    error_code error;
    const auto address =
        asio::ip::make_address(options_.host == "localhost" ? "127.0.0.1" : options_.host, error);
    const Place place{"", 0, 0, "host"};
    if (error) return fail(Problem{"server.bad_address", place, {{"host", options_.host}}});
    const tcp::endpoint endpoint(address, options_.port);
    const std::map<std::string, std::string> named = {{"host", options_.host},
                                                      {"port", std::to_string(options_.port)}};
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) {
        return fail(Problem{"server.address_in_use", place, named});
    }
    if (error) return fail(Problem{"server.bad_address", place, {{"host", options_.host}}});
    return {};
}

asio::awaitable<Response> Server::make_answer(HttpRequest request, bool waits) {
    const auto give_up = std::chrono::steady_clock::now() + limits_.figures_timeout;
    asio::steady_timer timer(loop_);
    while (application_.must_wait(request)) {
        if (std::chrono::steady_clock::now() > give_up) {
            co_return application_.refuse("server.figures_not_ready");
        }
        timer.expires_after(kFiguresPoll);
        co_await timer.async_wait(asio::use_awaitable);
    }
    // Named, so that the coroutine frame owns it (GCC 12 destroys some temporaries twice).
    auto on_worker = [](const Application& application,
                        const HttpRequest& asked) -> asio::awaitable<Response> {
        co_return application.answer(asked);
    };
    auto work = on_worker(application_, request);
    auto& pool = waits ? waiters_ : workers_;
    co_return co_await asio::co_spawn(pool, std::move(work), asio::use_awaitable);
}

asio::awaitable<bool> Server::write(Connection& connection, Response response, bool keep_alive,
                                    bool head) {
    auto message = to_http(std::move(response), keep_alive);
    if (head) message.body().clear();  // Content-Length keeps telling what GET would give
    error_code error;
    connection.stream.expires_after(limits_.write_timeout);
    http::response_serializer<http::string_body> serializer(message);
    if (head) {
        co_await http::async_write_header(connection.stream, serializer,
                                          asio::redirect_error(asio::use_awaitable, error));
    } else {
        co_await http::async_write(connection.stream, serializer,
                                   asio::redirect_error(asio::use_awaitable, error));
    }
    co_return !error;
}

// SPEC: RFC 9112, 9.6: closed at once, what the client sends meanwhile would cost it the answer.
asio::awaitable<void> Server::refuse(Connection& connection, Response refusal, bool head) {
    connection.answering = true;
    if (!co_await write(connection, std::move(refusal), false, head)) co_return;
    connection.answering = false;
    error_code error;
    connection.stream.socket().shutdown(tcp::socket::shutdown_send, error);
    connection.stream.expires_after(limits_.linger_timeout);
    std::vector<char> dropped(kReadAheadBytes);
    while (!error && !stopping_) {
        co_await connection.stream.async_read_some(
            asio::buffer(dropped), asio::redirect_error(asio::use_awaitable, error));
    }
}

// SPEC: RFC 9110, 10.1.1: whoever sends much asks first whether it is wanted.
asio::awaitable<void> Server::ask_to_go_on(Connection& connection, const HeadParser& parser,
                                           error_code& error) {
    if (!beast::iequals(parser.get()[http::field::expect], "100-continue")) co_return;
    http::response<http::empty_body> go_on{http::status::continue_, 11};
    http::response_serializer<http::empty_body> serializer(go_on);
    co_await http::async_write_header(connection.stream, serializer,
                                      asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<void> Server::read_to_memory(Connection& connection, beast::flat_buffer& buffer,
                                             HeadParser& head, HttpRequest& request,
                                             error_code& error) {
    http::request_parser<http::string_body> parser(std::move(head));
    co_await http::async_read(connection.stream, buffer, parser,
                              asio::redirect_error(asio::use_awaitable, error));
    request.body = std::move(parser.get().body());
}

asio::awaitable<void> Server::read_to_file(Connection& connection, beast::flat_buffer& buffer,
                                           HeadParser& head, std::shared_ptr<exchange::Spool> file,
                                           HttpRequest& request, error_code& error) {
    http::request_parser<http::buffer_body> parser(std::move(head));
    std::vector<char> part(kFilePartBytes);
    while (!error && !parser.is_done()) {
        connection.stream.expires_after(limits_.part_timeout);
        auto& body = parser.get().body();
        body.data = part.data();
        body.size = part.size();
        co_await http::async_read(connection.stream, buffer, parser,
                                  asio::redirect_error(asio::use_awaitable, error));
        if (error == http::error::need_buffer) error = {};
        if (error) co_return;
        // The disk is waited for elsewhere than on the sockets' thread.
        auto keep = [](exchange::Spool& spool, std::string_view bytes) -> asio::awaitable<Kept> {
            try {
                co_return spool.add(bytes) ? Kept::yes : Kept::too_large;
            } catch (const IoFailure& failure) {
                spdlog::error("{}", failure.what());
                co_return Kept::no;
            }
        };
        auto work = keep(*file, {part.data(), part.size() - body.size});
        const auto kept = co_await asio::co_spawn(waiters_, std::move(work), asio::use_awaitable);
        if (kept == Kept::no) co_return;  // the handler finds no file
        if (kept == Kept::too_large) error = http::error::body_limit;
    }
    request.file = std::move(file);
}

asio::awaitable<void> Server::talk(Connection& connection) {
    beast::flat_buffer buffer(limits_.header_bytes_max + kReadAheadBytes);
    for (std::size_t count = 1; !stopping_; ++count) {
        HeadParser parser;
        parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes_max));
        parser.body_limit(boost::none);  // set once the head is known
        connection.stream.expires_after(limits_.request_timeout);
        error_code error;
        Handling handling;
        HttpRequest request;
        co_await http::async_read_header(connection.stream, buffer, parser,
                                         asio::redirect_error(asio::use_awaitable, error));
        const bool head = !error && parser.get().method() == http::verb::head;
        bool keep_alive = false;
        if (!error) {
            request = to_request(parser.get());
            handling = application_.handling(request);
            keep_alive = parser.get().keep_alive() && count < limits_.requests_per_connection_max;
            const auto length = parser.content_length();
            if (length && *length > handling.body_bytes_max) error = http::error::body_limit;
            parser.body_limit(handling.body_bytes_max);
        }
        if (handling.refusal) {
            co_await refuse(connection, std::move(*handling.refusal), head);
            co_return;
        }
        if (!error) co_await ask_to_go_on(connection, parser, error);
        if (!error && handling.file == nullptr) {
            co_await read_to_memory(connection, buffer, parser, request, error);
        } else if (!error) {
            co_await read_to_file(connection, buffer, parser, handling.file, request, error);
        }
        connection.answering = true;
        if (error) {
            if (const char* code = problem_of(error)) {
                co_await refuse(connection, application_.refuse(code), head);
            }
            co_return;
        }
        const bool read_whole = handling.file == nullptr || request.file != nullptr;
        keep_alive = keep_alive && read_whole && !stopping_;
        Response response;
        if (request.target.size() > limits_.target_bytes_max) {
            response = application_.refuse("server.target_too_long");
        } else {
            response = co_await make_answer(std::move(request), handling.waits);
        }
        const bool written = co_await write(connection, std::move(response), keep_alive, head);
        if (!written || !keep_alive) co_return;
        connection.answering = false;
    }
}

asio::awaitable<void> Server::hold(tcp::socket socket) {
    Connection connection(std::move(socket));
    connections_.insert(&connection);
    try {
        co_await talk(connection);
    } catch (const std::exception& failure) {
        spdlog::warn("connection ended: {}", failure.what());
    }
    error_code ignored;
    connection.stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    connections_.erase(&connection);
    slot_free_.cancel();
    if (stopping_ && connections_.empty()) deadline_.cancel();
}

asio::awaitable<void> Server::accept_all() {
    while (!stopping_) {
        error_code error;
        if (connections_.size() >= limits_.connections_max) {
            slot_free_.expires_at(asio::steady_timer::time_point::max());
            co_await slot_free_.async_wait(asio::redirect_error(asio::use_awaitable, error));
            continue;
        }
        auto socket =
            co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (stopping_) co_return;
        if (error) {  // out of descriptors, mostly: let some close
            slot_free_.expires_after(std::chrono::milliseconds(100));
            co_await slot_free_.async_wait(asio::redirect_error(asio::use_awaitable, error));
            continue;
        }
        socket.set_option(tcp::no_delay(true), error);
        asio::co_spawn(loop_, hold(std::move(socket)), asio::detached);
    }
}

void Server::stop() {
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    slot_free_.cancel();
    for (auto* connection : connections_) {
        if (!connection->answering) connection->stream.cancel();
    }
    if (connections_.empty()) {
        loop_.stop();
        return;
    }
    deadline_.expires_after(limits_.stop_timeout);
    deadline_.async_wait([this](const error_code&) { loop_.stop(); });
}

Result<void> Server::run() {
    if (auto listening = listen(); !listening) return listening;
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this](const error_code& error, int) {
        if (!error) stop();
    });
    asio::co_spawn(loop_, accept_all(), asio::detached);
    const auto local = acceptor_.local_endpoint();
    const auto host = local.address().is_v6() ? "[" + local.address().to_string() + "]"
                                              : local.address().to_string();
    if (options_.on_ready) options_.on_ready("http://" + host + ":" + std::to_string(local.port()));
    loop_.run();
    workers_.stop();  // what nobody waits for any more is not begun
    waiters_.stop();
    workers_.join();
    waiters_.join();
    return {};
}

}  // namespace

Result<void> run_http_server(const Application& application, const ServeOptions& options,
                             const Limits& limits) {
    return Server(application, options, limits).run();
}

}  // namespace amate::server
