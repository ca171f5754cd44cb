// SPDX-License-Identifier: Apache-2.0
// A figure opened: value, rule, cut-off, query, snapshot, source line, and the figures around it.
#include <algorithm>

#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"
#include "server/wording.hpp"

namespace amate::server::pages {
namespace {

std::string signed_words(std::int64_t number) {
    return (number > 0 ? "+" : number < 0 ? "−" : "") + number_words(number < 0 ? -number : number);
}

std::string verdict(const Page& page, const followup::FigureState& state, const Shown& shown) {
    if (state.how == followup::How::reported_only) return page.say("verdict_reported");
    if (state.how == followup::How::not_computable) return page.say("verdict_not_computable");
    if (shown.differs_unseen) return page.say("verdict_differs_unseen");
    if (shown.difference == 0) return page.say("verdict_equal");
    if (shown.agrees) return page.say("verdict_bound");
    const auto difference = shown.difference ? signed_words(*shown.difference) : "–";
    return page.say("verdict_differs", {{"difference", difference}});
}

// "Records of “Landing” where modality is assisted, 1 January 2017 to 31 December 2017."
std::string rule_words(const Page& page, const definitions::Register& register_,
                       const statistics::TableRequest& rule) {
    const Words named = {
        {"register", register_.title.in(page.language())},
        {"dimension", rule.distinct == nullptr ? "" : rule.distinct->title.in(page.language())},
        {"measure", rule.summed == nullptr ? "" : rule.summed->title.in(page.language())}};
    std::string words;
    switch (rule.measure) {
        case statistics::Measure::records:
            words = page.say("rule_records", named);
            break;
        case statistics::Measure::persons:
            words = page.say("rule_persons", named);
            break;
        case statistics::Measure::distinct:
            words = page.say("rule_distinct", named);
            break;
        default:  // indicators count no others
            words = page.say("rule_sum", named);
            break;
    }
    if (!rule.where.empty()) {
        words += page.say("rule_where", {{"where", rule.where.to_words(page.language())}});
    }
    const auto period = period_words(rule.period, page.language());
    return period.empty() ? page.say("rule_ever", {{"rule", words}})
                          : page.say("rule_period", {{"rule", words}, {"period", period}});
}

void add_rule(Page& page, const Site& site, const Numbers& numbers,
              const followup::FigureState& state) {
    const auto* indicator = state.indicator;
    if (indicator == nullptr) return;
    const auto* register_ = site.pack().find_register(indicator->register_name);
    const auto request = followup::request_for(site.pack(), *indicator, *state.figure);
    if (register_ == nullptr || !request) return;
    const auto& language = page.language();
    auto& rule = page.body().add("RULE");
    rule.set("WORDS", rule_words(page, *register_, *request));
    if (!indicator->note.empty()) rule.add("NOTE").set("TEXT", indicator->note.in(language));
    rule.set("REGISTER", register_->title.in(language));
    rule.set("REGISTER_URL", page.link("/registers/" + register_->name));
    rule.set("INDICATOR", indicator->title.in(language));
    if (state.cutoff) rule.add("CUTOFF").set("DATE", date_words(*state.cutoff, language));
    const auto* file = numbers.manifest ? numbers.manifest->find(register_->name) : nullptr;
    if (file != nullptr) {
        auto& snapshot = rule.add("SNAPSHOT");
        snapshot.set("FILE", numbers.manifest->cutoff.iso() + "/" + file->file);
        snapshot.set("DIGEST", file->digest);
    }
    if (!state.sql.empty()) rule.add("SQL").set("TEXT", state.sql);
}

void add_relation(Page& page, render::View& list, const std::string& kind,
                  const definitions::Figure& other) {
    auto& item = list.add("RELATION");
    item.set("KIND", page.say("relation_" + kind));
    item.set("URL", page.link("/figures/" + percent_encode(other.id)));
    item.set("TITLE", other.title.in(page.language()));
    item.set("VALUE", value_words(other, page.language()));
}

// What the figure says of others, then what others say of it.
void add_relations(Page& page, const Site& site, const definitions::Figure& figure) {
    render::View* list = nullptr;
    const auto needed = [&]() -> render::View& {
        if (list == nullptr) list = &page.body().add("RELATIONS");
        return *list;
    };
    for (const auto& relation : figure.relations) {
        for (const auto& id : relation.others) {
            if (const auto* other = site.pack().find_figure(id)) {
                add_relation(page, needed(), relation.kind, *other);
            }
        }
    }
    for (const auto& other : site.pack().figures) {
        for (const auto& relation : other.relations) {
            if (holds(relation.others, figure.id)) {
                add_relation(page, needed(), relation.kind + "_back", other);
            }
        }
    }
}

void add_findings(Page& page, const Numbers& numbers, const definitions::Figure& figure) {
    render::View* list = nullptr;
    for (const auto& finding : numbers.findings) {
        if (finding.figure_id != figure.id && !holds(finding.others, figure.id)) continue;
        if (list == nullptr) list = &page.body().add("FINDINGS");
        const auto kind = finding.kind == followup::FindingKind::holds     ? "holds"
                          : finding.kind == followup::FindingKind::differs ? "differs"
                                                                           : "undecided";
        auto& item = list->add("FINDING");
        item.set("KIND", kind);
        item.set("LABEL", page.say("finding_" + std::string(kind)));
        item.set("TEXT", followup::to_words(finding, page.language()));
    }
}

void add_source(Page& page, const Site& site, const definitions::Figure& figure) {
    const auto& language = page.language();
    auto& body = page.body();
    const auto* document = site.pack().find_document(figure.document);
    const auto name = document == nullptr ? figure.document : document->title.in(language);
    const auto line = std::to_string(figure.source_line);
    body.set("SOURCE", page.say("figure_source", {{"document", name}, {"line", line}}));
    body.set("DOCUMENT", name);
    body.set("LINE", line);
    if (figure.cutoff) body.add("DATED").set("DATE", date_words(*figure.cutoff, language));
    std::string keys;
    for (const auto& [key, value] : figure.disaggregation) {
        if (key == "bound" || key == "asof") continue;
        keys += (keys.empty() ? "" : "; ") + spaced(key) + ": " + spaced(value);
    }
    if (!keys.empty()) body.add("KEYS").set("TEXT", keys);
    add_links(page, body, "PROGRAMMES", programme_links(site, page, figure.programmes));
    add_links(page, body, "INSTITUTIONS", institution_links(site, page, figure.institutions));
}

}  // namespace

Result<Response> figure(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* figure = site.pack().find_figure(request.get("id"));
    if (figure == nullptr) return not_found();
    const auto& state = site.state_of(*numbers, *figure);
    const auto shown = site.shown(state);
    const auto mark = mark_of(state, shown);
    Page page(site, request, "figure.html", "figures");
    const auto& language = page.language();
    auto& body = page.body();
    body.set("LIST", page.link("/figures"));
    const auto* node =
        site.objectives() == nullptr ? nullptr : site.objectives()->find(figure->objective);
    if (node != nullptr) {
        auto& link = body.add("OBJECTIVE");
        link.set("URL", page.link("/objectives/" + percent_encode(node->id)));
        link.set("LABEL", page.say("objective_label", {{"number", node->id}}));
    }
    body.set("TITLE", figure->title.in(language));
    body.set("ID", figure->id);
    const auto period = period_words(figure->period, language);
    if (!period.empty()) body.add("WHEN").set("PERIOD", period);
    body.set("REPORTED", value_words(*figure, language));
    body.set("COMPUTED", computed_words(page, shown));
    body.set("MARK", mark);
    body.set("MARK_LABEL", page.say("mark_" + mark));
    body.set("VERDICT", verdict(page, state, shown));
    if (state.obstacle) body.add("WHY_NOT").set("TEXT", text_of(*state.obstacle, language));
    add_rule(page, site, *numbers, state);
    add_source(page, site, *figure);
    add_relations(page, site, *figure);
    add_findings(page, *numbers, *figure);
    return page.finish(figure->title.in(language));
}

}  // namespace amate::server::pages
