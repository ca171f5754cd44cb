// SPDX-License-Identifier: Apache-2.0
// From the parameters of a query to a table request.
#include "server/table_query.hpp"

namespace amate::server {
namespace {

std::string dimensions_of(const Request& request) {
    auto by = request.find("by");
    const auto then = request.find("then");
    if (!then.empty() && then != by) by += (by.empty() ? "" : ",") + then;
    return by;
}

}  // namespace

Result<statistics::TableRequest> read_table_query(const definitions::Register& register_,
                                                  const Request& request) {
    Problems problems;
    const auto read_day = [&](const std::string& name) -> std::optional<Date> {
        const auto text = request.find(name);
        if (text.empty()) return std::nullopt;
        const auto day = Date::parse(text);
        if (!day) {
            problems.push_back({"server.bad_parameter",
                                {"", 0, 0, name},
                                {{"name", name}, {"expected", "YYYY-MM-DD"}}});
        }
        return day;
    };
    const Period period{read_day("from"), read_day("to")};
    auto table = statistics::parse_request(
        register_, {dimensions_of(request), request.find("where"), request.find("measure"),
                    !request.find("totals").empty()});
    if (!table) problems.insert(problems.end(), table.error().begin(), table.error().end());
    if (!problems.empty()) return fail(std::move(problems));
    table->period = period;
    return table;
}

std::string write_table_query(const Request& request, const std::string& format) {
    std::string query = "?format=" + format;
    if (const auto by = dimensions_of(request); !by.empty()) query += "&by=" + percent_encode(by);
    for (const auto* name : {"where", "measure", "totals", "from", "to"}) {
        const auto value = request.find(name);
        if (!value.empty()) query += "&" + std::string(name) + "=" + percent_encode(value);
    }
    return query;
}

}  // namespace amate::server
