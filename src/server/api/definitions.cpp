// SPDX-License-Identifier: Apache-2.0
// What the pack declares: objectives, programmes, institutions, registers.
#include <algorithm>

#include "server/api/api.hpp"

namespace amate::server::api {
namespace {

namespace json = boost::json;

tl::unexpected<Problems> not_found() {
    return fail(Problem{"server.not_found", {}, {}});
}

json::object share_json(const Share& share) {
    return {{"computed", static_cast<std::int64_t>(share.computed)},
            {"equal", static_cast<std::int64_t>(share.equal)},
            {"total", static_cast<std::int64_t>(share.total)}};
}

json::object objective_json(const Site& site, const Numbers& numbers,
                            const definitions::FrameworkNode& node) {
    std::vector<const definitions::Figure*> figures;
    for (const auto& figure : site.pack().figures) {
        if (figure.objective == node.id) figures.push_back(&figure);
    }
    json::array goals;
    for (const auto& goal : node.goals) goals.push_back(to_json(goal));
    json::array ids;
    for (const auto* figure : figures) ids.push_back(json::value(figure->id));
    return {{"id", node.id},
            {"title", to_json(node.title)},
            {"summary", to_json(node.summary)},
            {"goals", std::move(goals)},
            {"figures", std::move(ids)},
            {"share", share_json(site.share_of(numbers, figures))}};
}

json::object programme_json(const definitions::Programme& programme) {
    return {{"id", programme.id},
            {"family", programme.family},
            {"title", to_json(programme.title)},
            {"summary", to_json(programme.summary)},
            {"objectives", to_json(programme.objectives)},
            {"institutions", to_json(programme.institutions)},
            {"registers", to_json(programme.registers)},
            {"lines", programme.lines}};
}

std::string sensitivity_name(definitions::Sensitivity sensitivity) {
    switch (sensitivity) {
        case definitions::Sensitivity::open:
            return "open";
        case definitions::Sensitivity::internal:
            return "internal";
        case definitions::Sensitivity::personal:
            return "personal";
        case definitions::Sensitivity::protected_:
            break;
    }
    return "protected";
}

json::object register_json(const Site& site, const Numbers& numbers,
                           const definitions::Register& register_) {
    const auto* file = numbers.manifest ? numbers.manifest->find(register_.name) : nullptr;
    const bool told = file != nullptr && site.may_tabulate(register_);
    return {{"name", register_.name},
            {"title", to_json(register_.title)},
            {"summary", to_json(register_.summary)},
            {"institution", register_.institution},
            {"sensitivity", sensitivity_name(register_.sensitivity)},
            {"records", told ? json::value(file->records) : json::value(nullptr)},
            {"tables", site.may_tabulate(register_)}};
}

json::value codelist_name(const definitions::CodeList* list) {
    return list == nullptr ? json::value(nullptr) : json::value(list->name);
}

}  // namespace

Result<Response> pack(const Site& site, const Request&) {
    const auto numbers = site.numbers();
    const auto& pack = site.pack();
    json::value snapshot = nullptr;
    if (numbers->manifest) {
        snapshot = {{"cutoff", numbers->manifest->cutoff.iso()},
                    {"made_at", numbers->manifest->made_at},
                    {"ledger_head", numbers->manifest->ledger_head}};
    }
    return to_response({{"name", pack.name},
                        {"title", to_json(pack.title)},
                        {"version", pack.version},
                        {"definitions_digest", pack.digest},
                        {"country", pack.country},
                        {"languages", to_json(site.languages())},
                        {"invented", site.invented()},
                        {"snapshot", std::move(snapshot)}});
}

Result<Response> objectives(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* framework = site.objectives();
    const auto count = framework == nullptr ? 0 : framework->nodes.size();
    return paged(request, count, [&](std::size_t i) {
        return objective_json(site, *numbers, framework->nodes[i]);
    });
}

Result<Response> objective(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    if (site.objectives() == nullptr) return not_found();
    for (const auto& node : site.objectives()->nodes) {
        if (node.id == request.get("id")) return to_response(objective_json(site, *numbers, node));
    }
    return not_found();
}

Result<Response> programmes(const Site& site, const Request& request) {
    std::vector<const definitions::Programme*> chosen;
    const auto family = request.find("family");
    for (const auto& programme : site.pack().programmes) {
        if (family.empty() || programme.family == family) chosen.push_back(&programme);
    }
    return paged(request, chosen.size(), [&](std::size_t i) { return programme_json(*chosen[i]); });
}

Result<Response> programme(const Site& site, const Request& request) {
    const auto* programme = site.pack().find_programme(request.get("id"));
    if (programme == nullptr) return not_found();
    return to_response(programme_json(*programme));
}

Result<Response> institutions(const Site& site, const Request& request) {
    const auto& all = site.pack().institutions;
    return paged(request, all.size(), [&](std::size_t i) {
        const auto& one = all[i];
        return json::object{
            {"id", one.id},     {"acronym", one.acronym}, {"name", to_json(one.name)},
            {"kind", one.kind}, {"country", one.country}, {"parent", one.parent}};
    });
}

Result<Response> registers(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto& all = site.pack().registers;
    return paged(request, all.size(),
                 [&](std::size_t i) { return register_json(site, *numbers, *all[i]); });
}

Result<Response> register_(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* found = site.pack().find_register(request.get("name"));
    if (found == nullptr) return not_found();
    auto body = register_json(site, *numbers, *found);
    json::array fields;
    for (const auto& column : found->columns) {
        fields.push_back(json::object{{"name", column.name},
                                      {"title", to_json(column.title)},
                                      {"type", std::string(definitions::name_of(column.type))},
                                      {"codelist", codelist_name(column.codelist)},
                                      {"sensitivity", sensitivity_name(column.sensitivity)},
                                      {"required", column.required},
                                      {"relevant", column.relevant.source()},
                                      {"constraint", column.constraint.source()}});
    }
    json::array dimensions;
    for (const auto& dimension : found->dimensions) {
        dimensions.push_back(json::object{{"name", dimension.name},
                                          {"title", to_json(dimension.title)},
                                          {"codelist", codelist_name(dimension.codelist)}});
    }
    body["folio"] = found->folio;
    body["fields"] = std::move(fields);
    body["dimensions"] = std::move(dimensions);
    body["states"] = to_json(found->states);
    return to_response(body);
}

}  // namespace amate::server::api
