// SPDX-License-Identifier: Apache-2.0
// Measures single records written through the API by 64 clients at once, each acknowledged once it
// is durable, against one writer that inserts as many rows into bare SQLite, one durable
// transaction each.
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/progress.hpp"
#include "definitions/pack.hpp"
#include "ledger/verify.hpp"
#include "server/access.hpp"
#include "server/serve.hpp"
#include "store/workspace.hpp"

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace http = boost::beast::http;
using namespace amate;
using Clock = std::chrono::steady_clock;
using asio::ip::tcp;

constexpr int kClients = 64;
constexpr int kWritesOfOneConnection = 900;  // the server closes after a thousand

constexpr const char* kLanding =
    R"({{"fields":{{"landed_at":"2018-03-01T10:00","point":"long_pier","modality":"assisted",)"
    R"("party_size":{},"person":{{"names":"Nara Oleaje {}","sex":"female"}}}}}})";

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

[[noreturn]] void give_up(const std::string& why) {
    std::cerr << why << "\n";
    std::exit(1);
}

// One row a transaction, flushed to the disk: transactions a second.
double bare_sqlite(const fs::path& file, int writes) {
    sqlite3* connection = nullptr;
    sqlite3_open(file.c_str(), &connection);
    const auto must = [&](const char* sql) {
        if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
            give_up(sqlite3_errmsg(connection));
        }
    };
    must("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    must("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)");
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(connection, "INSERT INTO t (body) VALUES (?)", -1, &insert, nullptr);
    const auto begin = Clock::now();
    for (int i = 0; i < writes; ++i) {
        const auto body = fmt::format(kLanding, 1 + i % 9, i);
        sqlite3_bind_text(insert, 1, body.data(), static_cast<int>(body.size()), SQLITE_TRANSIENT);
        if (sqlite3_step(insert) != SQLITE_DONE) give_up(sqlite3_errmsg(connection));
        sqlite3_reset(insert);
    }
    const double rate = writes / seconds_since(begin);
    sqlite3_finalize(insert);
    sqlite3_close(connection);
    return rate;
}

// One clerk, who writes the next record when the last one is acknowledged.
asio::awaitable<void> write_records(tcp::endpoint where, std::string token, int client, int writes,
                                    std::vector<double>& latencies_ms) {
    boost::beast::flat_buffer buffer;
    tcp::socket socket(co_await asio::this_coro::executor);
    for (int i = 0; i < writes; ++i) {
        if (i % kWritesOfOneConnection == 0) {
            socket = tcp::socket(co_await asio::this_coro::executor);
            co_await socket.async_connect(where, asio::use_awaitable);
            socket.set_option(tcp::no_delay(true));
        }
        const auto body = fmt::format(kLanding, 1 + i % 9, client * 1'000'000 + i);
        const auto request = fmt::format(
            "POST /api/v1/registers/landing/records HTTP/1.1\r\nHost: bench\r\n"
            "Authorization: Bearer {}\r\nIdempotency-Key: {}-{}\r\n"
            "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
            token, client, i, body.size(), body);
        const auto begin = Clock::now();
        co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
        http::response<http::string_body> response;
        co_await http::async_read(socket, buffer, response, asio::use_awaitable);
        if (response.result_int() != 201) give_up(response.body());
        latencies_ms.push_back(1000 * seconds_since(begin));
    }
}

struct Served {
    double rate = 0;
    std::vector<double> latencies_ms;  // sorted
};

Served written_through_the_api(const definitions::Pack& pack, const store::Workspace& workspace,
                               int writes_each) {
    const auto token = server::add_grant(
        workspace.keys(), {{"oto", "hill_house", "reception"}, {"reception_officer"}}, "now");
    std::promise<std::string> ready;
    server::ServeOptions options;
    options.port = 0;
    options.on_ready = [&](const std::string& where) { ready.set_value(where); };
    std::thread serving([&] {
        if (!server::serve(pack, workspace, options)) give_up("it cannot be served");
    });
    const auto address = ready.get_future().get();
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    const tcp::endpoint where(asio::ip::make_address("127.0.0.1"), port);

    std::vector<std::vector<double>> latencies(kClients);
    asio::io_context loop;
    for (int client = 0; client < kClients; ++client) {
        auto& own = latencies[static_cast<std::size_t>(client)];
        asio::co_spawn(loop, write_records(where, token, client, writes_each, own),
                       [](const std::exception_ptr& failure) {
                           if (failure) std::rethrow_exception(failure);
                       });
    }
    const auto begin = Clock::now();
    loop.run();
    Served served{kClients * writes_each / seconds_since(begin), {}};
    std::raise(SIGTERM);
    serving.join();
    for (const auto& own : latencies) {
        served.latencies_ms.insert(served.latencies_ms.end(), own.begin(), own.end());
    }
    std::sort(served.latencies_ms.begin(), served.latencies_ms.end());
    return served;
}

void check(const definitions::Pack& pack, const store::Workspace& workspace, int writes) {
    const auto session = store::open_session(workspace, store::Session::Mode::read_only);
    const auto row = session->query_one("SELECT COUNT(*) FROM r_landing", {});
    if (store::integer_of(row[0]) != writes) give_up("not every acknowledged record is there");
    NoProgress silent;
    if (!ledger::verify(*session, pack, workspace.keys(), silent).problems.empty()) {
        give_up("the ledger does not verify");
    }
}

}  // namespace

// bench_single_writes [WRITES_OF_EACH_CLIENT [STORE]]
int main(int count, char** arguments) {
    const int each = count > 1 ? std::atoi(arguments[1]) : 500;
    const auto folder = fs::path("bench-single-writes");
    fs::remove_all(folder);
    fs::create_directories(folder);
    const auto pack = definitions::load_pack(std::string(AMATE_ROOT) + "/packs/demo");
    if (!pack) give_up("the pack does not load");
    auto workspace = store::make_workspace(folder / "work", (*pack)->directory,
                                           count > 2 ? arguments[2] : "sqlite:store.sqlite");
    if (!workspace) give_up("the workspace cannot be made");
    const int writes = kClients * each;
    const double bare_before = bare_sqlite(folder / "before.sqlite", writes);
    const auto served = written_through_the_api(**pack, *workspace, each);
    const double bare_after = bare_sqlite(folder / "after.sqlite", writes);
    check(**pack, *workspace, writes);
    const auto percentile = [&](double share) {
        const auto& all = served.latencies_ms;
        return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
    };
    const double bare = (bare_before + bare_after) / 2;
    fmt::print(
        "{} records by {} clients: {:.0f}/s, p50 {:.1f} ms, p95 {:.1f} ms, p99 {:.1f} ms, "
        "longest {:.1f} ms\nbare SQLite, one writer, one durable transaction a row: {:.0f}/s and "
        "{:.0f}/s\nratio {:.2f}\n",
        writes, kClients, served.rate, percentile(0.5), percentile(0.95), percentile(0.99),
        served.latencies_ms.back(), bare_before, bare_after, served.rate / bare);
    fs::remove_all(folder);
}
