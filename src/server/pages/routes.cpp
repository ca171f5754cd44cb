// SPDX-License-Identifier: Apache-2.0
// The routes of the public pages.
#include "server/pages/pages.hpp"
#include "server/routes.hpp"

namespace amate::server {
namespace {

Parameter text(const std::string& name) {
    return {In::query, name, "string", "", "", {}, 0, 0};
}

Parameter choice(const std::string& name, std::vector<std::string> allowed) {
    return {In::query, name, "string", "", "", std::move(allowed), 0, 0};
}

Route page(const std::string& path, Needs needs, Handler handler,
           std::vector<Parameter> parameters = {}) {
    return {"/{lang}" + path, Kind::page, needs, "", "", std::move(parameters), handler};
}

}  // namespace

std::vector<Route> page_routes() {
    const auto numbers = Needs::figures;
    const auto nothing = Needs::nothing;
    return {
        {"/", Kind::page, nothing, "", "", {}, pages::root},
        page("", numbers, pages::home),
        page("/objectives", numbers, pages::objectives),
        page("/objectives/{id}", numbers, pages::objective),
        page("/programmes", nothing, pages::programmes),
        page("/programmes/{id}", numbers, pages::programme),
        page("/figures", numbers, pages::figures,
             {text("objective"),
              choice("how", {"computed", "reported", "not_computable"}),
              {In::query, "page", "integer", "", "", {}, 1, 1'000'000}}),
        page("/figures/{id}", numbers, pages::figure),
        page("/audit", numbers, pages::audit),
        page("/reports", nothing, pages::reports),
        page("/reports/{name}", numbers, pages::report, {text("set")}),
        page("/institutions", nothing, pages::institutions),
        page("/institutions/{id}", numbers, pages::institution),
        page("/registers", numbers, pages::registers),
        page("/registers/{name}", numbers, pages::register_),
        page("/registers/{name}/table", numbers, pages::table,
             {text("by"), text("then"), text("where"), text("measure"), text("from"), text("to")}),
        page("/search", nothing, pages::search, {text("q")}),
        page("/about", nothing, pages::about),
    };
}

}  // namespace amate::server
