// SPDX-License-Identifier: Apache-2.0
// Figures and what they are checked against.
#include <algorithm>

#include "server/api/api.hpp"

namespace amate::server::api {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

bool holds(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

std::string kind_name(followup::FindingKind kind) {
    switch (kind) {
        case followup::FindingKind::holds:
            return "holds";
        case followup::FindingKind::differs:
            return "differs";
        case followup::FindingKind::undecided:
            break;
    }
    return "undecided";
}

json::object rule_json(const Site& site, const Numbers& numbers,
                       const followup::FigureState& state) {
    const auto& indicator = *state.indicator;
    const auto request = followup::request_for(site.pack(), indicator, *state.figure);
    json::object words;
    if (request && !request->where.empty()) {
        for (const auto& language : site.languages()) {
            words[language] = request->where.to_words(language);
        }
    }
    const auto* file = numbers.manifest ? numbers.manifest->find(indicator.register_name) : nullptr;
    return {{"indicator", indicator.id},
            {"title", to_json(indicator.title)},
            {"note", to_json(indicator.note)},
            {"register", indicator.register_name},
            {"where", request ? request->where.source() : ""},
            {"where_in_words", std::move(words)},
            {"sql", state.sql},
            {"snapshot_digest", file == nullptr ? "" : file->digest}};
}

}  // namespace

json::object summary_of(const Site& site, const Numbers& numbers,
                        const definitions::Figure& figure) {
    const auto& state = site.state_of(numbers, figure);
    const auto shown = site.shown(state);
    return {{"id", figure.id},
            {"title", to_json(figure.title)},
            {"objective", figure.objective},
            {"programmes", to_json(figure.programmes)},
            {"institutions", to_json(figure.institutions)},
            {"measure", figure.measure},
            {"unit", figure.unit},
            {"reported", figure.value},
            {"how", std::string(followup::name_of(state.how))},
            {"computed", or_null(shown.computed)},
            {"difference", or_null(shown.difference)},
            {"agrees", state.how == followup::How::computed ? json::value(shown.agrees)
                                                            : json::value(nullptr)},
            {"withheld", shown.differs_unseen},
            {"cutoff", to_json(state.cutoff)}};
}

Result<Response> figures(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto objective = request.find("objective");
    const auto programme = request.find("programme");
    const auto institution = request.find("institution");
    const auto how = request.find("how");
    std::vector<const definitions::Figure*> chosen;
    for (const auto& figure : site.pack().figures) {
        if (!objective.empty() && figure.objective != objective) continue;
        if (!programme.empty() && !holds(figure.programmes, programme)) continue;
        if (!institution.empty() && !holds(figure.institutions, institution)) continue;
        const auto& state = site.state_of(*numbers, figure);
        if (!how.empty() && followup::name_of(state.how) != how) continue;
        chosen.push_back(&figure);
    }
    return paged(request, chosen.size(),
                 [&](std::size_t i) { return summary_of(site, *numbers, *chosen[i]); });
}

Result<Response> figure(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* figure = site.pack().find_figure(request.get("id"));
    if (figure == nullptr) return fail(Problem{"server.not_found", {}, {}});
    const auto& state = site.state_of(*numbers, *figure);
    auto body = summary_of(site, *numbers, *figure);
    json::object disaggregation;
    for (const auto& [key, value] : figure->disaggregation) disaggregation[key] = value;
    json::array relations;
    for (const auto& relation : figure->relations) {
        relations.push_back(
            json::object{{"kind", relation.kind}, {"others", to_json(relation.others)}});
    }
    body["period"] = {{"first", to_json(figure->period.first)},
                      {"last", to_json(figure->period.last)}};
    body["disaggregation"] = std::move(disaggregation);
    body["relations"] = std::move(relations);
    body["document"] = figure->document;
    body["source_line"] = figure->source_line;
    body["reported_cutoff"] = to_json(figure->cutoff);
    body["rule"] = state.indicator == nullptr ? json::value(nullptr)
                                              : json::value(rule_json(site, *numbers, state));
    body["why_not"] = state.obstacle ? json::value(text_of(*state.obstacle, request.language))
                                     : json::value(nullptr);
    return to_response(body);
}

Result<Response> audit(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto kind = request.find("kind");
    std::vector<const followup::Finding*> chosen;
    for (const auto& finding : numbers->findings) {
        if (kind.empty() || kind_name(finding.kind) == kind) chosen.push_back(&finding);
    }
    return paged(request, chosen.size(), [&](std::size_t i) {
        const auto& finding = *chosen[i];
        return json::object{{"kind", kind_name(finding.kind)},
                            {"check", finding.check},
                            {"figure", finding.figure_id},
                            {"others", to_json(finding.others)},
                            {"reported", finding.reported},
                            {"expected", finding.expected},
                            {"key", finding.key},
                            {"text", followup::to_words(finding, request.language)}};
    });
}

}  // namespace amate::server::api
