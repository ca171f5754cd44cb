// SPDX-License-Identifier: Apache-2.0
// The JSON API, one function a route.
#pragma once

#include <string>

#include <boost/json.hpp>

#include "core/text.hpp"
#include "registry/desk.hpp"
#include "server/router.hpp"
#include "server/site.hpp"

namespace amate::server::api {

[[nodiscard]] Result<Response> pack(const Site& site, const Request& request);
[[nodiscard]] Result<Response> objectives(const Site& site, const Request& request);
[[nodiscard]] Result<Response> objective(const Site& site, const Request& request);
[[nodiscard]] Result<Response> programmes(const Site& site, const Request& request);
[[nodiscard]] Result<Response> programme(const Site& site, const Request& request);
[[nodiscard]] Result<Response> figures(const Site& site, const Request& request);
[[nodiscard]] Result<Response> figure(const Site& site, const Request& request);
[[nodiscard]] Result<Response> institutions(const Site& site, const Request& request);
[[nodiscard]] Result<Response> registers(const Site& site, const Request& request);
[[nodiscard]] Result<Response> register_(const Site& site, const Request& request);
[[nodiscard]] Result<Response> records(const Site& site, const Request& request);
[[nodiscard]] Result<Response> record(const Site& site, const Request& request);
[[nodiscard]] Result<Response> record_history(const Site& site, const Request& request);
[[nodiscard]] Result<Response> create_record(const Site& site, const Request& request);
[[nodiscard]] Result<Response> amend_record(const Site& site, const Request& request);
[[nodiscard]] Result<Response> correct_record(const Site& site, const Request& request);
[[nodiscard]] Result<Response> act_on_record(const Site& site, const Request& request);
[[nodiscard]] Result<Response> withdraw_record(const Site& site, const Request& request);
[[nodiscard]] Result<Response> reinstate_record(const Site& site, const Request& request);
[[nodiscard]] Result<Response> approve_act(const Site& site, const Request& request);
[[nodiscard]] Result<Response> reject_act(const Site& site, const Request& request);
[[nodiscard]] Result<Response> send_file(const Site& site, const Request& request);
[[nodiscard]] Result<Response> record_file(const Site& site, const Request& request);
[[nodiscard]] Result<Response> bulk(const Site& site, const Request& request);
[[nodiscard]] Result<Response> take_in_batch(const Site& site, const Request& request);
[[nodiscard]] Result<Response> batches(const Site& site, const Request& request);
[[nodiscard]] Result<Response> batch(const Site& site, const Request& request);
[[nodiscard]] Result<Response> batch_quarantine(const Site& site, const Request& request);
[[nodiscard]] Result<Response> correct_batch_row(const Site& site, const Request& request);
[[nodiscard]] Result<Response> upload_options(const Site& site, const Request& request);
[[nodiscard]] Result<Response> begin_upload(const Site& site, const Request& request);
[[nodiscard]] Result<Response> upload(const Site& site, const Request& request);
[[nodiscard]] Result<Response> add_to_upload(const Site& site, const Request& request);
[[nodiscard]] Result<Response> end_upload(const Site& site, const Request& request);
[[nodiscard]] Result<Response> table(const Site& site, const Request& request);
[[nodiscard]] Result<Response> search(const Site& site, const Request& request);
[[nodiscard]] Result<Response> audit(const Site& site, const Request& request);
[[nodiscard]] Result<Response> health(const Site& site, const Request& request);
[[nodiscard]] Result<Response> openapi(const Site& site, const Request& request);

// Where the bodies of send_file, take_in_batch and add_to_upload go, once their heads are in order.
[[nodiscard]] Result<Body> receive_file(const Site& site, const Request& request);
[[nodiscard]] Result<Body> receive_batch(const Site& site, const Request& request);
[[nodiscard]] Result<Body> receive_part(const Site& site, const Request& request);

// components.schemas of the OpenAPI document (JSON Schema 2020-12).
[[nodiscard]] const boost::json::object& schemas();
// The OpenAPI 3.1 document of these routes.
[[nodiscard]] boost::json::object openapi_document(const std::vector<Route>& routes,
                                                   const std::string& title);

// What files may be called in Content-Type.
[[nodiscard]] std::vector<std::string> batch_media_types();
// How such a file is to be read; nothing: the first bytes decide. Problem
// server.unknown_media_type.
[[nodiscard]] Result<std::optional<exchange::FileFormat>> format_of(std::string_view content_type);
// A source whose files the caller may bring. Problems: server.not_found, registry.not_allowed.
[[nodiscard]] Result<const definitions::Source*> source_for(const Site& site,
                                                            const registry::Caller& caller,
                                                            std::string_view name);
// Where a batch is asked for.
[[nodiscard]] std::string path_of_batch(const std::string& file_digest);
// JSON of persons: no one keeps it.
[[nodiscard]] Response private_response(const boost::json::value& value);
// The body of a request, which is a JSON object. Problem server.bad_json.
[[nodiscard]] Result<boost::json::object> body_of(const Request& request);

// Makes of the header Idempotency-Key what the desk is asked under; `digest`: of the request.
// Problem server.bad_member.
[[nodiscard]] Result<void> set_key(const Request& request, const std::string& digest,
                                   registry::Request& asked);
[[nodiscard]] boost::json::object to_json(const registry::Receipt& receipt);
[[nodiscard]] Response to_response(const boost::json::value& value);
[[nodiscard]] boost::json::object to_json(const Text& text);
[[nodiscard]] boost::json::array to_json(const std::vector<std::string>& texts);
// The date as ISO text, or null.
[[nodiscard]] boost::json::value to_json(const std::optional<Date>& date);
// What the search of this site, limited and shown, has to say of one figure.
[[nodiscard]] boost::json::object summary_of(const Site& site, const Numbers& numbers,
                                             const definitions::Figure& figure);

// One page of a list: {"items", "total", "limit", "offset", "next"}; `next` is a path or null.
// `make(i)` gives the item at `i`.
template <class Make>
[[nodiscard]] Response paged(const Request& request, std::size_t total, const Make& make);

inline constexpr std::int64_t kLimitDefault = 100;
inline constexpr std::int64_t kLimitMax = 500;

[[nodiscard]] boost::json::object page_frame(const Request& request, std::size_t total);

template <class Make>
Response paged(const Request& request, std::size_t total, const Make& make) {
    auto frame = page_frame(request, total);
    const auto first = static_cast<std::size_t>(frame.at("offset").as_int64());
    const auto limit = static_cast<std::size_t>(frame.at("limit").as_int64());
    boost::json::array items;
    for (auto i = first; i < total && i - first < limit; ++i) items.push_back(make(i));
    frame["items"] = std::move(items);
    return to_response(frame);
}

}  // namespace amate::server::api
