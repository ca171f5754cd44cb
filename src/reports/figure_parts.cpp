// SPDX-License-Identifier: Apache-2.0
// One figure in the report: its row in a table and its opened entry in the annex.
#include <cstdlib>

#include "core/text.hpp"
#include "followup/range.hpp"
#include "reports/internal/parts.hpp"

namespace amate::reports::internal {
namespace {

using definitions::Figure;
using followup::bounded_words;
using followup::date_words;
using followup::decimals_of;
using followup::humanised;
using followup::key_words;
using followup::list_words;
using followup::number_of;
using followup::number_words;
using followup::period_words;
using followup::to_text;
using followup::unit_words;

std::string reported_words(const Figure& figure, std::string_view language) {
    return bounded_words(figure.value, figure.find_key("bound"), language);
}

// How computed and reported stand to each other; empty where nothing is computed.
std::string difference_words(const FigureState& state, std::string_view language) {
    if (!state.computed) return {};
    const std::string reported = reported_words(*state.figure, language);
    const auto difference = state.difference();
    if (difference && *difference == 0) return say(language, "difference.equal");
    if (state.agrees()) return say(language, "difference.within", {{"reported", reported}});
    const double gap = static_cast<double>(*state.computed) - number_of(*state.figure);
    const std::string size =
        number_words(to_text(gap < 0 ? -gap : gap, decimals_of(state.figure->value)));
    return say(language, gap < 0 ? "difference.less" : "difference.more",
               {{"difference", size}, {"reported", reported}});
}

std::string figure_rule_words(const ReportContext& context, const FigureState& state) {
    const auto request = followup::request_for(context.pack, *state.indicator, *state.figure);
    return request ? rule_words(*request, context.language) : std::string();
}

std::string source_words(const ReportContext& context, const Figure& figure) {
    const auto* document = context.pack.find_document(figure.document);
    return say(
        context.language, "annex.source_text",
        {{"document", document == nullptr ? figure.document : document->title.in(context.language)},
         {"line", std::to_string(figure.source_line)}});
}

std::string programme_names(const ReportContext& context, const Figure& figure) {
    std::vector<std::string> names;
    for (const auto& id : figure.programmes)
        if (const auto* programme = context.pack.find_programme(id); programme != nullptr)
            names.push_back(programme->title.in(context.language));
    return list_words(names, context.language);
}

std::string institution_names(const ReportContext& context, const Figure& figure) {
    std::vector<std::string> names;
    for (const auto& id : figure.institutions)
        if (const auto* institution = context.pack.find_institution(id); institution != nullptr)
            names.push_back(institution->name.in(context.language));
    return list_words(names, context.language);
}

// What people call a code of a key: the label of the code list behind it, if there is one.
std::string code_words(const ReportContext& context, const FigureState& state,
                       const std::string& dimension_name, const std::string& code) {
    const auto* register_ = context.pack.find_register(state.indicator->register_name);
    const auto* dimension =
        register_ == nullptr ? nullptr : register_->find_dimension(dimension_name);
    return dimension == nullptr || dimension->codelist == nullptr
               ? humanised(code)
               : dimension->codelist->label(code, context.language);
}

// "point: north": the keys that the indicator maps to a dimension; the title says the others.
std::string breakdown_words(const ReportContext& context, const FigureState& state) {
    if (state.indicator == nullptr) return {};
    std::string words;
    for (const auto& [key, code] : state.figure->disaggregation) {
        const auto mapped = state.indicator->disaggregation.find(key);
        if (mapped == state.indicator->disaggregation.end() || mapped->second.empty()) continue;
        words += (words.empty() ? "" : "; ") +
                 key_words(context.pack, state.figure->id, key, context.language) + ": " +
                 code_words(context, state, mapped->second, code);
    }
    return words;
}

void add_relations(const ReportContext& context, const Figure& figure, View& entry) {
    if (figure.relations.empty()) return;
    View& view = entry.add("FACT");
    view.set("TERM", say(context.language, "annex.relations"));
    std::string before;
    for (const auto& relation : figure.relations) {
        before += say(context.language, "relation." + relation.kind) + " ";
        for (const auto& other : relation.others) {
            View& link = view.add("LINK");
            link.set("BEFORE", before);
            link.set("TARGET", other);
            before = " / ";
        }
        before = "; ";
    }
}

Period shown_period(const FigureState& state) {
    Period period = state.figure->period;
    const auto& cutoff = state.figure->cutoff;
    if (!period.last && period.first) period.last = cutoff;
    return period;
}

std::string cutoff_words(const FigureState& state, std::string_view language) {
    const auto cutoff = state.computed ? state.cutoff : state.figure->cutoff;
    if (cutoff && cutoff == shown_period(state).last) return {};  // said already
    if (cutoff) return say(language, "cutoff", {{"date", date_words(*cutoff, language)}});
    return state.figure->find_key("asof").empty() ? std::string() : say(language, "at_document");
}

// How the computed number comes about from all that the register holds, where it differs.
std::string bridge_words(const ReportContext& context, const FigureState& state) {
    if (context.tabulator == nullptr) return {};
    using Kind = followup::BridgeLine::Kind;
    std::string words;
    for (const auto& line :
         followup::bridge_of(context.pack, *state.indicator, *state.figure, *context.tabulator)) {
        const char* key = line.kind == Kind::register_   ? "bridge.register"
                          : line.kind == Kind::scope     ? "bridge.scope"
                          : line.kind == Kind::period    ? "bridge.period"
                          : line.kind == Kind::breakdown ? "bridge.breakdown"
                                                         : "bridge.computed";
        words += (words.empty() ? "" : "; ") +
                 say(context.language, key, {{"number", number_words(std::to_string(line.value))}});
    }
    return words.empty() ? words : words + ".";
}

}  // namespace

void fact(View& entry, std::string term, std::string text) {
    if (text.empty()) return;
    View& view = entry.add("FACT");
    view.set("TERM", std::move(term));
    view.set("TEXT", std::move(text));
}

std::string snapshot_words(const ReportContext& context, const std::string& register_name) {
    if (context.manifest == nullptr) return {};
    const auto* file = context.manifest->find(register_name);
    if (file == nullptr) return {};
    return say(context.language, "annex.snapshot_text",
               {{"register", context.pack.find_register(register_name)->title.in(context.language)},
                {"date", followup::date_words(context.manifest->cutoff, context.language)},
                {"records", followup::number_words(std::to_string(file->records))},
                {"digest", file->digest.substr(0, 16)}});
}

View& add_figure_table(std::string_view language, const std::string& caption, View& part) {
    View& table = part.include("TABLE", "report_figure_table.html");
    table.set("CAPTION", caption);
    table.set("COLUMN_FIGURE", say(language, "column.figure"));
    table.set("COLUMN_VALUE", say(language, "column.value"));
    table.set("COLUMN_PERIOD", say(language, "column.period"));
    table.set("COLUMN_HOW", say(language, "column.how"));
    return table;
}

std::string mark_of(const FigureState& state) {
    if (state.computed) return state.agrees() ? "computed" : "differs";
    return state.how == followup::How::not_computable ? "not_computable" : "reported";
}

std::string value_words(const FigureState& state, std::string_view language) {
    if (state.computed) return number_words(std::to_string(*state.computed));
    return reported_words(*state.figure, language);
}

double value_of(const FigureState& state) {
    return state.computed ? static_cast<double>(*state.computed) : number_of(*state.figure);
}

void fill_row(const ReportContext& context, const FigureState& state, View& row) {
    const std::string_view language = context.language;
    const Figure& figure = *state.figure;
    row.set("ID", figure.id);
    row.set("NAME", figure.title.in(language));
    row.set("VALUE", value_words(state, language));
    const std::string unit = unit_words(context.pack, figure, language);
    row.set("UNIT", unit);
    if (!unit.empty()) row.show("HAS_UNIT");
    const Period period = shown_period(state);
    if (period.first || period.last) row.set("PERIOD", period_words(period, language));
    if (const auto cutoff = cutoff_words(state, language); !cutoff.empty())
        row.add("CUTOFF").set("TEXT", cutoff);
    const std::string mark = mark_of(state);
    row.set("HOW", mark);
    row.set("BADGE", say(language, "badge." + mark));
    if (mark == "differs") {
        row.add("REMARK").set("TEXT", difference_words(state, language) + ".");
        if (!state.indicator->note.empty())
            row.add("NOTE").set("TEXT", state.indicator->note.in(language));
    }
    for (std::size_t i = 0; i < context.findings.size(); ++i) {
        const followup::Finding& finding = context.findings[i];
        if (finding.kind != followup::FindingKind::differs || finding.figure_id != figure.id)
            continue;
        View& link = row.add("FINDING");
        link.set("TARGET", "h-" + std::to_string(i + 1));
        link.set("TEXT", say(language, "finding_link"));
    }
}

void fill_annex(const ReportContext& context, const FigureState& state, bool has_row, View& entry) {
    const std::string_view language = context.language;
    const Figure& figure = *state.figure;
    const auto term = [&](std::string_view key) {
        return say(language, "annex." + std::string(key));
    };
    std::string unit = unit_words(context.pack, figure, language);
    if (!unit.empty()) unit.insert(0, " ");
    const std::string mark = mark_of(state);
    entry.set("ID", "a-" + figure.id);
    entry.set("NAME", figure.title.in(language));
    entry.add("EYEBROW").set("LABEL", figure.id);
    View& badge = entry.add("BADGE");
    badge.set("HOW", mark);
    badge.set("WORD", say(language, "badge." + mark));
    if (has_row) {
        View& back = entry.add("RETURN");
        back.set("BACK", term("back"));
        back.set("TARGET", "f-" + figure.id);
        back.set("OF", figure.id);
    }
    if (state.computed) {
        fact(entry, term("computed"),
             number_words(std::to_string(*state.computed)) + unit + ". " +
                 difference_words(state, language) + ".");
    }
    fact(entry, term("reported"), reported_words(figure, language) + unit);
    if (mark == "differs") fact(entry, term("bridge"), bridge_words(context, state));
    if (state.indicator == nullptr) {
        fact(entry, term("rule"), term("no_rule"));
    } else {
        fact(entry, term("rule"), figure_rule_words(context, state));
        fact(entry, term("indicator"), state.indicator->title.in(language));
    }
    if (state.obstacle) fact(entry, term("why_not"), text_of(*state.obstacle, language) + ".");
    fact(entry, term("period"), period_words(shown_period(state), language));
    const auto cutoff = state.computed ? state.cutoff : figure.cutoff;
    if (cutoff) fact(entry, term("cutoff"), date_words(*cutoff, language));
    if (state.computed)
        fact(entry, term("snapshot"), snapshot_words(context, state.indicator->register_name));
    fact(entry, term("source"), source_words(context, figure));
    fact(entry, term("breakdown"), breakdown_words(context, state));
    fact(entry, term("programmes"), programme_names(context, figure));
    fact(entry, term("institutions"), institution_names(context, figure));
    add_relations(context, figure, entry);
    if (state.indicator != nullptr && !state.indicator->note.empty())
        fact(entry, term("note"), state.indicator->note.in(language));
    if (!state.sql.empty()) {
        View& sql = entry.add("SQL");
        sql.set("TERM", term("sql"));
        sql.set("TEXT", state.sql);
    }
}

}  // namespace amate::reports::internal
