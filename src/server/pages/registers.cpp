// SPDX-License-Identifier: Apache-2.0
// The registers, and one of them: fields, rules in words, life of a record, files that fill it.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"
#include "server/wording.hpp"

namespace amate::server::pages {
namespace {

constexpr int kStateStep = 64;
constexpr int kStateHeight = 36;

std::string records_words(const Page& page, const Site& site, const Numbers& numbers,
                          const definitions::Register& register_) {
    if (!site.may_tabulate(register_)) return {};
    const auto* file = numbers.manifest ? numbers.manifest->find(register_.name) : nullptr;
    if (file == nullptr) return page.say("register_no_records");
    const Words counts = {{"records", number_words(file->records)},
                          {"persons", number_words(file->persons)}};
    return page.say(file->persons > 0 ? "register_persons" : "register_records", counts);
}

std::string sensitivity_name(definitions::Sensitivity sensitivity) {
    switch (sensitivity) {
        case definitions::Sensitivity::open:
            return "sensitivity_open";
        case definitions::Sensitivity::internal:
            return "sensitivity_internal";
        case definitions::Sensitivity::personal:
            return "sensitivity_personal";
        case definitions::Sensitivity::protected_:
            return "sensitivity_protected";
    }
    return "sensitivity_protected";
}

void add_field(Page& page, const definitions::Column& column, const std::string& group) {
    const auto& language = page.language();
    auto& field = page.body().add("FIELD");
    field.set("TITLE", group.empty() ? column.title.in(language)
                                     : group + " › " + column.title.in(language));
    field.set("NAME", column.name);
    field.set("TYPE", page.say("type_" + std::string(definitions::name_of(column.type))));
    const auto remark = [&](const std::string& text) { field.add("REMARK").set("TEXT", text); };
    if (column.required) remark(page.say("remark_required"));
    if (!column.relevant.empty()) {
        remark(page.say("remark_relevant", {{"condition", column.relevant.to_words(language)}}));
    }
    for (const auto* condition : {&column.constraint, &column.choice_filter}) {
        if (condition->empty()) continue;
        remark(page.say("remark_constraint", {{"condition", condition->to_words(language)}}));
    }
    if (!column.calculation.empty()) {
        remark(page.say("remark_calculation",
                        {{"expression", column.calculation.to_words(language)}}));
    }
    if (column.codelist != nullptr) {
        const auto& title = column.codelist->title.in(language);
        remark(page.say("remark_codelist",
                        {{"codelist", title.empty() ? spaced(column.codelist->name) : title}}));
    }
    for (const auto& each : column.fields) add_field(page, each, column.title.in(language));
}

std::string flag_words(const Page& page, const definitions::Register& register_,
                       const std::string& name) {
    const auto found = std::find_if(register_.flags.begin(), register_.flags.end(),
                                    [&](const auto& flag) { return flag.name == name; });
    if (found == register_.flags.end() || found->title.empty()) return spaced(name);
    return found->title.in(page.language());
}

std::string task_words(const Page& page, const definitions::Register& register_,
                       const std::string& name) {
    const auto found = std::find_if(register_.tasks.begin(), register_.tasks.end(),
                                    [&](const auto& task) { return task.name == name; });
    if (found == register_.tasks.end() || found->title.empty()) return spaced(name);
    return found->title.in(page.language());
}

std::string days_words(const Page& page, const Period& days) {
    if (!days.first && !days.last) return {};
    const auto key = !days.last ? "days_from" : !days.first ? "days_until" : "days_between";
    Words words;
    if (days.first) words.emplace_back("first", date_words(*days.first, page.language()));
    if (days.last) words.emplace_back("last", date_words(*days.last, page.language()));
    return page.say("rule_days", {{"period", page.say(key, words)}});
}

void add_deadline(Page& page, const definitions::Register& register_,
                  const definitions::Deadline& deadline, render::View& rules) {
    const auto& language = page.language();
    const auto title_of = [&](std::size_t column) {
        return register_.columns[column].title.in(language);
    };
    auto& item = rules.add("RULE");
    item.set("MARK", "when");
    item.set("KIND", page.say("rule_deadline"));
    item.set("WORDS", page.say("rule_words_deadline", {{"title", deadline.title.in(language)},
                                                       {"within", deadline.within.text},
                                                       {"from", title_of(deadline.from)}}));
    std::string message;
    for (const auto& pause : deadline.suspend) {
        message += page.say("deadline_pauses",
                            {{"from", title_of(pause.from)}, {"until", title_of(pause.until)}}) +
                   " ";
    }
    std::vector<std::string> effects;
    if (!deadline.lapse_flag.empty()) {
        effects.push_back(flag_words(page, register_, deadline.lapse_flag));
    }
    if (!deadline.lapse_task.empty()) {
        effects.push_back(task_words(page, register_, deadline.lapse_task));
    }
    if (!deadline.lapse_action.empty()) effects.push_back(spaced(deadline.lapse_action));
    if (!effects.empty()) {
        message +=
            page.say("deadline_lapse", {{"effect", fmt::format("{}", fmt::join(effects, "; "))}});
    }
    if (!message.empty()) item.add("MESSAGE").set("TEXT", message);
    if (!deadline.source.empty()) item.add("SOURCE").set("TEXT", deadline.source);
}

void add_rules(Page& page, const definitions::Register& register_) {
    if (register_.rules.empty() && register_.deadlines.empty()) return;
    auto& rules = page.body().add("RULES");
    for (const auto& rule : register_.rules) {
        const std::string kind = rule.kind == definitions::RuleKind::warn     ? "warn"
                                 : rule.kind == definitions::RuleKind::refuse ? "refuse"
                                                                              : "when";
        auto& item = rules.add("RULE");
        item.set("MARK", kind);
        item.set("KIND", page.say("rule_" + kind));
        Words words = {{"condition", rule.expression.to_words(page.language())}};
        if (kind == "when") words.emplace_back("flag", flag_words(page, register_, rule.flag));
        item.set("WORDS", page.say("rule_words_" + kind, words));
        auto message = rule.message.in(page.language());
        if (!rule.task.empty()) {
            message +=
                (message.empty() ? "" : " ") +
                page.say("rule_task", {{"task", task_words(page, register_, rule.task)},
                                       {"within", rule.within.empty() ? "–" : rule.within.text}});
        }
        const auto days = days_words(page, rule.in_force);
        if (!days.empty()) message += (message.empty() ? "" : " ") + days;
        if (!message.empty()) item.add("MESSAGE").set("TEXT", message);
        if (!rule.source.empty()) item.add("SOURCE").set("TEXT", rule.source);
    }
    for (const auto& deadline : register_.deadlines) {
        add_deadline(page, register_, deadline, rules);
    }
}

std::string action_words(const Page& page, const definitions::Register& register_,
                         const definitions::WorkflowAction& action) {
    const auto& title = action.title.in(page.language());
    std::vector<std::string> from;
    for (const auto& state : action.from) from.push_back(spaced(state));
    auto words = page.say("action_words", {{"action", title.empty() ? spaced(action.name) : title},
                                           {"from", fmt::format("{}", fmt::join(from, ", "))},
                                           {"to", spaced(action.to)}});
    if (!action.within.empty())
        words += page.say("action_within", {{"within", action.within.text}});
    std::vector<std::string> fields;
    for (const auto& name : action.requires_fields) {
        const auto* column = register_.find_column(name);
        fields.push_back(column == nullptr ? name : column->title.in(page.language()));
    }
    if (!fields.empty()) {
        words +=
            page.say("action_requires", {{"fields", fmt::format("{}", fmt::join(fields, ", "))}});
    }
    if (!action.approve.by.empty()) {
        std::vector<std::string> roles;
        for (const auto& role : action.approve.by) roles.push_back(spaced(role));
        words += page.say("action_approve", {{"roles", fmt::format("{}", fmt::join(roles, ", "))}});
    }
    return words + ".";
}

// States one below the other, each action an arc to the right of them.
void add_life(Page& page, const definitions::Register& register_) {
    const auto& states = register_.states;
    if (states.empty()) return;
    auto& life = page.body().add("LIFE");
    const auto top = [](std::ptrdiff_t at) { return 4 + static_cast<int>(at) * kStateStep; };
    const auto place = [&](const std::string& state) {
        return std::find(states.begin(), states.end(), state) - states.begin();
    };
    life.set("HEIGHT", std::to_string(top(std::ssize(states)) - kStateStep + kStateHeight + 8));
    for (std::ptrdiff_t i = 0; i < std::ssize(states); ++i) {
        auto& state = life.add("STATE");
        state.set("NAME", spaced(states[static_cast<std::size_t>(i)]));
        state.set("Y", std::to_string(top(i)));
        state.set("TEXT_Y", std::to_string(top(i) + 23));
    }
    for (const auto& action : register_.actions) {
        life.add("ACTION").set("WORDS", action_words(page, register_, action));
        for (const auto& from : action.from) {
            const auto span = place(action.to) - place(from);
            auto& arrow = life.add("ARROW");
            arrow.set("FROM_Y", std::to_string(top(place(from)) + 24));
            arrow.set("TO_Y", std::to_string(top(place(action.to)) + 12));
            arrow.set("BEND", std::to_string(150 + std::min<std::ptrdiff_t>(
                                                       30 * (span < 0 ? -span : span), 140)));
        }
    }
}

void add_sources(Page& page, const Site& site, const definitions::Register& register_) {
    const auto& language = page.language();
    render::View* list = nullptr;
    for (const auto& source : site.pack().sources) {
        if (source.register_name != register_.name) continue;
        if (list == nullptr) list = &page.body().add("SOURCES");
        auto& item = list->add("SOURCE");
        item.set("TITLE", source.title.in(language));
        item.set("NAME", source.name);
        item.set(
            "WORDS",
            page.say("source_words",
                     {{"count", std::to_string(source.columns.size())},
                      {"encoding", source.encoding == Encoding::utf8 ? "UTF-8" : "Windows-1252"},
                      {"delimiter", std::string(1, source.delimiter)}}));
        if (source.cannot_give.empty()) continue;
        auto& gaps = item.add("GAPS");
        for (const auto& [name, why] : source.cannot_give) {
            const auto* column = register_.find_column(name);
            auto& gap = gaps.add("GAP");
            gap.set("FIELD", column == nullptr ? name : column->title.in(language));
            gap.set("TEXT", why.in(language));
        }
    }
}

}  // namespace

Result<Response> registers(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    Page page(site, request, "registers.html", "registers");
    for (const auto& register_ : site.pack().registers) {
        auto& entry = page.body().add("REGISTER");
        entry.set("URL", page.link("/registers/" + register_->name));
        entry.set("TITLE", register_->title.in(page.language()));
        entry.set("SUMMARY", register_->summary.in(page.language()));
        entry.set("RECORDS", records_words(page, site, *numbers, *register_));
    }
    return page.finish(page.say("nav_registers"));
}

Result<Response> register_(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* found = site.pack().find_register(request.get("name"));
    if (found == nullptr) return not_found();
    Page page(site, request, "register.html", "registers");
    const auto& language = page.language();
    auto& body = page.body();
    body.set("LIST", page.link("/registers"));
    body.set("TITLE", found->title.in(language));
    if (!found->summary.empty()) body.add("SUMMARY").set("TEXT", found->summary.in(language));
    body.set("SENSITIVITY", page.say(sensitivity_name(found->sensitivity)));
    body.set("FOLIO", found->folio);
    if (const auto* keeper = site.pack().find_institution(found->institution)) {
        auto& link = body.add("KEEPER");
        link.set("URL", page.link("/institutions/" + percent_encode(keeper->id)));
        link.set("LABEL", keeper->name.in(language));
    }
    const auto records = records_words(page, site, *numbers, *found);
    if (!records.empty()) body.add("COUNTS").set("RECORDS", records);
    std::string by;
    for (const auto& dimension : found->dimensions) {
        if (by.empty() && dimension.codelist != nullptr)
            by = "?by=" + percent_encode(dimension.name);
    }
    body.set("TABLE", page.link("/registers/" + found->name + "/table" + by));
    for (const auto& column : found->columns) add_field(page, column, "");
    add_rules(page, *found);
    add_life(page, *found);
    add_sources(page, site, *found);
    return page.finish(found->title.in(language));
}

}  // namespace amate::server::pages
