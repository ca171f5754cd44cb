// SPDX-License-Identifier: Apache-2.0
// Sends commands through libpq in pipelines and turns its faults into texts an operator can use.
#include "store/internal/postgres_connection.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/result.hpp"
#include "store/internal/driver.hpp"
#include "store/internal/postgres_values.hpp"

namespace amate::store::internal {
namespace {

constexpr int kBinary = 1;
constexpr std::size_t kCopyBytesMax = std::size_t{1} << 20U;  // a call

std::string field_of(const PGresult* result, int field) {
    const char* text = result == nullptr ? nullptr : PQresultErrorField(result, field);
    return text == nullptr ? std::string() : text;
}

// libpq's texts have lines; an operator's log has one.
std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text) line += c == '\n' || c == '\t' ? ' ' : c;
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

// Classes of faults whose first line names tables, columns, files and limits, never values. SPEC:
// PostgreSQL, appendix A. DETAIL and CONTEXT lines hold values and are never shown.
bool names_only(std::string_view state) {
    static constexpr std::array<std::string_view, 12> kClasses = {
        "08", "0A", "25", "28", "3D", "3F", "42", "53", "54", "55", "57", "58"};
    return std::find(kClasses.begin(), kClasses.end(), state.substr(0, 2)) != kClasses.end();
}

std::string text_of_fault(const PGresult* result) {
    const auto state = field_of(result, PG_DIAG_SQLSTATE);
    if (state == "55P03") return kBusy;
    if (state == "25006") return kReadOnly;
    if (state == "53100") return "the disk of the database server is full";
    if (names_only(state)) return one_line(field_of(result, PG_DIAG_MESSAGE_PRIMARY));
    const auto table = field_of(result, PG_DIAG_TABLE_NAME);
    const auto constraint = field_of(result, PG_DIAG_CONSTRAINT_NAME);
    const auto column = field_of(result, PG_DIAG_COLUMN_NAME);
    if (!constraint.empty()) return fmt::format("constraint {} of {} failed", constraint, table);
    if (!column.empty()) return fmt::format("column {}.{} refused a value", table, column);
    return "the database server refused a value or found its own data damaged";
}

void ignore_notice(void*, const PGresult*) {}

}  // namespace

PgConnection::PgConnection(const std::string& address) {
    // What comes later overrides: a time-out in the address holds, another encoding does not.
    const std::array<const char*, 5> keys = {"connect_timeout", "dbname", "client_encoding",
                                             "fallback_application_name", nullptr};
    const std::array<const char*, 5> values = {"10", address.c_str(), "UTF8", "amate", nullptr};
    handle_ = PQconnectdbParams(keys.data(), values.data(), 1);
    AMATE_CHECK(handle_ != nullptr);
    try {
        set_up();
    } catch (...) {
        PQfinish(handle_);  // no destructor runs
        throw;
    }
}

void PgConnection::set_up() {
    if (is_lost()) {
        throw IoFailure(
            fmt::format("cannot open the store: {}", one_line(PQerrorMessage(handle_))));
    }
    PQsetNoticeReceiver(handle_, ignore_notice, nullptr);  // they would go to standard error
    const char* encoding = PQparameterStatus(handle_, "server_encoding");
    if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
        throw IoFailure(
            "cannot open the store: the encoding of its database is not UTF8; make one with "
            "createdb --encoding=UTF8 --template=template0");
    }
    // Nothing writes but what says so; names are looked for in one schema; a cursor is planned to
    // be read to its end; and a commit is on the disk when it is told, as the signed head demands.
    const auto answers =
        run({{PgCommand::Kind::run, "SET default_transaction_read_only = on"},
             {PgCommand::Kind::run, "SET standard_conforming_strings = on"},
             {PgCommand::Kind::run, "SET cursor_tuple_fraction = 1"},
             {PgCommand::Kind::run,
              "SELECT pg_catalog.set_config('synchronous_commit', 'on', false) "
              "WHERE pg_catalog.current_setting('synchronous_commit') = 'off'"},
             {PgCommand::Kind::run,
              "SELECT oid::bigint, pg_catalog.set_config('search_path', "
              "pg_catalog.quote_ident(nspname), false) FROM pg_catalog.pg_namespace "
              "WHERE nspname = pg_catalog.current_schema()"}});
    if (PQntuples(answers.back().get()) != 1) {
        throw IoFailure(
            "cannot open the store: its search path names no schema that there is; make the "
            "schema, or leave the option out of the address");
    }
    SqlValue schema;
    read_cell(*answers.back(), 0, 0, schema);
    schema_ = integer_of(schema);
}

bool PgConnection::renew() {
    // The server's farewell, if it said one, is read first, then the end of the connection.
    for (int i = 0; i < 2 && !is_lost(); ++i) PQconsumeInput(handle_);
    if (!is_lost()) return false;
    PQreset(handle_);
    set_up();
    return true;
}

void PgConnection::fail(const PGresult* result) {
    const auto state = field_of(result, PG_DIAG_SQLSTATE);
    if (is_lost()) {
        throw IoFailure(fmt::format(
            "the store failed: the connection to the database server was lost{}; what was not "
            "committed is not there",
            state.empty() ? "" : ": " + text_of_fault(result)));
    }
    if (state.empty()) {  // libpq's own: of memory, of the protocol
        throw IoFailure(fmt::format("the store failed: {}", one_line(PQerrorMessage(handle_))));
    }
    throw IoFailure(
        fmt::format("the store failed: {} (PostgreSQL code {})", text_of_fault(result), state));
}

void PgConnection::send(const PgCommand& command) {
    std::vector<const char*> values;
    std::vector<int> sizes;
    std::vector<int> formats;
    int count = 0;
    if (const auto* given = command.parameters) {
        count = static_cast<int>(given->types.size());
        for (const auto begin : given->begins) {
            const auto size = read_size(given->bytes, begin);
            values.push_back(size < 0 ? nullptr : given->bytes.data() + begin + 4);
            sizes.push_back(std::max(size, 0));
            formats.push_back(kBinary);
        }
    }
    const char* name = command.name.c_str();
    int sent = 0;
    switch (command.kind) {
        case PgCommand::Kind::run:
            sent = PQsendQueryParams(handle_, command.text.c_str(), count,
                                     count == 0 ? nullptr : command.parameters->types.data(),
                                     values.data(), sizes.data(), formats.data(), kBinary);
            break;
        case PgCommand::Kind::run_prepared:
            sent = PQsendQueryPrepared(handle_, name, count, values.data(), sizes.data(),
                                       formats.data(), kBinary);
            break;
        case PgCommand::Kind::prepare:
            sent = PQsendPrepare(handle_, name, command.text.c_str(), 0, nullptr);
            break;
        case PgCommand::Kind::describe:
            sent = PQsendDescribePrepared(handle_, name);
            break;
    }
    if (sent == 0) fail(nullptr);
}

std::vector<PgResult> PgConnection::run(const std::vector<PgCommand>& commands) {
    send_all(commands);
    auto results = take_all();
    AMATE_CHECK(results.size() == commands.size());
    return results;
}

PgResult PgConnection::first_row(const PgCommand& command) {
    send_all({command});
    PQsetSingleRowMode(handle_);
    auto results = take_all();  // a row each, then that there are no more
    return results.size() > 1 ? std::move(results.front()) : PgResult();
}

void PgConnection::send_all(const std::vector<PgCommand>& commands) {
    if (is_lost() || PQenterPipelineMode(handle_) == 0) fail(nullptr);
    for (const auto& command : commands) send(command);
    if (PQpipelineSync(handle_) == 0) fail(nullptr);
}

std::vector<PgResult> PgConnection::take_all() {
    std::vector<PgResult> results;
    PgResult fault;
    // Each command's answer is followed by none; the last of all is that of the sync.
    for (bool synced = false; !synced;) {
        PgResult result(PQgetResult(handle_));
        if (!result) {
            if (is_lost()) break;
            continue;
        }
        switch (PQresultStatus(result.get())) {
            case PGRES_PIPELINE_SYNC:
                synced = true;
                break;
            case PGRES_SINGLE_TUPLE:
                if (results.empty()) results.push_back(std::move(result));
                break;
            case PGRES_COMMAND_OK:
            case PGRES_TUPLES_OK:
                results.push_back(std::move(result));
                break;
            case PGRES_PIPELINE_ABORTED:
                break;
            default:
                if (!fault) fault = std::move(result);
                break;
        }
    }
    const bool left = PQexitPipelineMode(handle_) == 1;
    if (fault || is_lost()) fail(fault.get());
    AMATE_CHECK(left);
    return results;
}

void PgConnection::begin_copy(const std::string& sql) {
    if (is_lost()) fail(nullptr);
    const PgResult began(PQexec(handle_, sql.c_str()));
    if (PQresultStatus(began.get()) != PGRES_COPY_IN) fail(began.get());
}

void PgConnection::put_copy(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto size = std::min(bytes.size(), kCopyBytesMax);
        // What the server says against it comes at the end.
        if (PQputCopyData(handle_, bytes.data(), static_cast<int>(size)) != 1) end_copy();
        bytes.remove_prefix(size);
    }
}

void PgConnection::end_copy() {
    const bool sent = PQputCopyEnd(handle_, nullptr) == 1;
    PgResult fault;
    while (PgResult result{PQgetResult(handle_)}) {
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fault = std::move(result);
        if (is_lost()) break;
    }
    if (!sent || fault || is_lost()) fail(fault.get());
}

void PgConnection::run_quietly(const char* sql) noexcept {
    if (is_lost()) return;
    PgResult ignored(PQexec(handle_, sql));
}

}  // namespace amate::store::internal
