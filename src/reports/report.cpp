// SPDX-License-Identifier: Apache-2.0
// Puts the report together: cover, numbers, objectives, findings, annex.
#include "followup/framework_report.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/text.hpp"
#include "followup/audit.hpp"
#include "followup/internal/report_parts.hpp"
#include "followup/internal/wording.hpp"

namespace amate::followup {
namespace {

using definitions::Framework;
using definitions::FrameworkNode;
using definitions::Programme;
using internal::ReportContext;
using internal::say;
using render::View;

using States = std::vector<const FigureState*>;

constexpr std::array<std::string_view, 4> kMarks{"computed", "differs", "not_computable",
                                                 "reported"};

// A chapter of the report: a top node of the framework, or (node null) what belongs to none.
struct Chapter {
    const FrameworkNode* node = nullptr;
    States states;
    std::vector<const Programme*> programmes;
};

bool holds_node(const FrameworkNode& top, std::string_view id) {
    if (top.id == id) return true;
    return std::any_of(top.nodes.begin(), top.nodes.end(),
                       [&](const FrameworkNode& node) { return holds_node(node, id); });
}

std::string node_of(const FigureState& state, const std::string& framework) {
    if (framework == "gcm") return state.figure->objective;
    if (state.indicator == nullptr) return {};
    const auto found = state.indicator->framework.find(framework);
    return found == state.indicator->framework.end() || found->second.empty()
               ? std::string()
               : found->second.front();
}

std::vector<Chapter> chapters_of(const ReportContext& context, const Framework& framework) {
    std::vector<Chapter> chapters(1);
    for (const auto& node : framework.nodes) {
        Chapter& chapter = chapters.emplace_back();
        chapter.node = &node;
        if (framework.name != "gcm") continue;
        for (const auto& programme : context.pack.programmes)
            if (std::any_of(programme.objectives.begin(), programme.objectives.end(),
                            [&](const auto& id) { return holds_node(node, id); }))
                chapter.programmes.push_back(&programme);
    }
    for (const auto& state : context.states) {
        const std::string id = node_of(state, framework.name);
        const auto chapter =
            std::find_if(chapters.begin() + 1, chapters.end(), [&](const Chapter& candidate) {
                return !id.empty() && holds_node(*candidate.node, id);
            });
        (chapter == chapters.end() ? chapters.front() : *chapter).states.push_back(&state);
    }
    if (chapters.front().states.empty()) chapters.erase(chapters.begin());
    return chapters;
}

std::string anchor_of(const Chapter& chapter) {
    return chapter.node == nullptr ? "context" : chapter.node->id;
}

std::string name_of(const Chapter& chapter, std::string_view language) {
    return chapter.node == nullptr ? say(language, "context.title")
                                   : chapter.node->title.in(language);
}

std::string count_words(const Chapter& chapter, std::string_view language) {
    const std::size_t all = chapter.states.size();
    if (all == 0) return say(language, "count.none");
    std::string words = all == 1
                            ? say(language, "count.figures.one")
                            : say(language, "count.figures.many", {{"count", std::to_string(all)}});
    const auto computed =
        std::count_if(chapter.states.begin(), chapter.states.end(),
                      [](const auto* state) { return state->computed.has_value(); });
    if (computed == 0) return words;
    return words + ", " +
           say(language, computed == 1 ? "count.computed.one" : "count.computed.many",
               {{"count", std::to_string(computed)}});
}

std::string grouped(std::size_t count) {
    return internal::number_words(std::to_string(count));
}

void fill_summary(const ReportContext& context, const Framework& framework,
                  const std::vector<Chapter>& chapters, View& page) {
    const std::string_view language = context.language;
    std::size_t goals = 0;
    std::set<const Programme*> programmes;
    for (const auto& chapter : chapters) {
        goals += chapter.node == nullptr ? 0 : chapter.node->goals.size();
        programmes.insert(chapter.programmes.begin(), chapter.programmes.end());
    }
    const std::vector<std::pair<std::string_view, std::size_t>> totals{
        {"figures", context.states.size()},
        {"objectives", framework.nodes.size()},
        {"programmes", programmes.size()},
        {"goals", goals}};
    for (const auto& [word, number] : totals) {
        if (number == 0) continue;
        View& total = page.add("TOTAL");
        total.set("NUMBER", grouped(number));
        total.set("WORD", say(language, "summary." + std::string(word)));
    }
    std::map<std::string, std::size_t> counts;
    for (const auto& state : context.states) ++counts[internal::mark_of(state)];
    double x = 0;
    for (const auto mark : kMarks) {
        const std::string how(mark);
        View& meaning = page.add("MARK");
        meaning.set("HOW", how);
        meaning.set("BADGE", say(language, "badge." + how));
        meaning.set("MEANING", say(language, "read." + how));
        if (counts[how] == 0) continue;
        const double width =
            1000.0 * static_cast<double>(counts[how]) / static_cast<double>(context.states.size());
        View& share = page.add("SHARE");
        share.set("HOW", how);
        share.set("COUNT", grouped(counts[how]));
        share.set("WORD", say(language, "summary." + how));
        share.set("X", fmt::format("{:.2f}", x));
        share.set("WIDTH", fmt::format("{:.2f}", width));
        x += width;
    }
    page.set("SUMMARY_CAPTION",
             say(language, "summary.caption", {{"count", grouped(context.states.size())}}));
}

void fill_programmes(const ReportContext& context, const Chapter& chapter,
                     std::set<const Programme*>& described, View& section) {
    if (chapter.programmes.empty()) return;
    const std::string_view language = context.language;
    View& part = section.add("PROGRAMMES");
    part.set("HEADING", say(language, "programmes.title"));
    std::vector<const Programme*> again;
    for (const auto* programme : chapter.programmes) {
        if (!described.insert(programme).second) {
            again.push_back(programme);
            continue;
        }
        View& view = part.add("PROGRAMME");
        view.set("ID", programme->id);
        view.set("NAME", programme->title.in(language));
        view.set("SUMMARY", programme->summary.in(language));
        std::vector<std::string> institutions;
        for (const auto& id : programme->institutions)
            if (const auto* found = context.pack.find_institution(id); found != nullptr)
                institutions.push_back(found->acronym.empty() ? found->name.in(language)
                                                              : found->acronym);
        if (!institutions.empty())
            view.add("BY").set("TEXT", internal::list_words(institutions, language));
    }
    if (again.empty()) return;
    View& view = part.add("AGAIN");
    view.set("TEXT", say(language, "programmes.again"));
    for (const auto* programme : again) {
        View& link = view.add("LINK");
        link.set("ID", programme->id);
        link.set("NAME", programme->title.in(language));
        link.set("SEPARATOR", programme == again.back() ? "." : ";");
    }
}

void fill_figures(const ReportContext& context, const Chapter& chapter, View& section) {
    const std::string_view language = context.language;
    if (chapter.states.empty()) {
        section.add("NO_FIGURES").set("TEXT", say(language, "figures.none"));
        return;
    }
    View& part = section.add("FIGURES");
    part.set("HEADING", say(language, "figures.title"));
    part.set("CAPTION",
             say(language, "figures.caption", {{"objective", name_of(chapter, language)}}));
    for (const char* column : {"figure", "value", "period", "how"}) {
        std::string name = std::string("COLUMN_") + column;
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        part.set(name, say(language, std::string("column.") + column));
    }
    for (const auto* state : chapter.states) fill_row(context, *state, part.add("ROW"));
}

void fill_chapter(const ReportContext& context, const Chapter& chapter,
                  std::set<const Programme*>& described, View& page) {
    const std::string_view language = context.language;
    View& entry = page.add("ENTRY");
    View& section = page.add("OBJECTIVE");
    for (View* view : {&entry, &section}) {
        view->set("ANCHOR", anchor_of(chapter));
        view->set("NAME", name_of(chapter, language));
    }
    entry.set("NUMBER", chapter.node == nullptr ? "·" : chapter.node->id);
    entry.set("COUNT", count_words(chapter, language));
    if (chapter.node != nullptr)
        section.add("NUMBERED")
            .set("LABEL", say(language, "objective", {{"number", chapter.node->id}}));
    const std::string summary = chapter.node == nullptr ? say(language, "context.summary")
                                                        : chapter.node->summary.in(language);
    if (!summary.empty()) section.add("SUMMARY").set("TEXT", summary);
    fill_figures(context, chapter, section);
    add_charts(context, chapter.states, section);
    fill_programmes(context, chapter, described, section);
    if (chapter.node == nullptr || chapter.node->goals.empty()) return;
    View& goals = section.add("GOALS");
    goals.set("HEADING", say(language, "goals.title"));
    for (const auto& goal : chapter.node->goals) goals.add("GOAL").set("TEXT", goal.in(language));
}

void fill_findings(const ReportContext& context, View& page) {
    const std::string_view language = context.language;
    const std::array<std::pair<FindingKind, std::string>, 3> kinds{
        {{FindingKind::differs, "differs"},
         {FindingKind::undecided, "undecided"},
         {FindingKind::holds, "holds"}}};
    internal::Parameters counts{{"checks", grouped(context.findings.size())}};
    for (const auto& [kind, name] : kinds) {
        View& part = page.add("FINDINGS");
        part.set("KIND", name);
        std::size_t count = 0;
        for (std::size_t i = 0; i < context.findings.size(); ++i) {
            const Finding& finding = context.findings[i];
            if (finding.kind != kind) continue;
            ++count;
            View& view = part.add("FINDING");
            view.set("NUMBER", std::to_string(i + 1));
            view.set("ID", finding.figure_id);
            view.set("NAME", context.pack.find_figure(finding.figure_id)->title.in(language));
            view.set("TEXT", to_words(finding, language, context.pack));
        }
        if (count == 0) part.add("EMPTY").set("TEXT", say(language, "audit.none"));
        part.set("HEADING", say(language, "audit." + name + ".title", {{"count", grouped(count)}}));
        counts.emplace_back(name, grouped(count));
    }
    page.set("AUDIT_SUMMARY", say(language, "summary.audit", counts));
}

// A text inside a CSS string: everything but letters, digits and spaces as a code point.
std::string css_string(std::string_view text) {
    std::string css = "\"";
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
            point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        if (lead < 0x80 && (std::isalnum(lead) != 0 || lead == ' '))
            css += text[i];
        else
            css += fmt::format("\\{:x} ", point);  // the space ends the escape
        i += length;
    }
    return css + "\"";
}

// Page margins of the printed report: name at the left, invented in the middle, page at the right.
std::string page_style(const std::string& title, const ReportOptions& options) {
    const std::string font = "font:8pt sans-serif;color:#6a5545;";
    std::string css =
        "@page{size:A4;margin:18mm 17mm 20mm;@bottom-left{content:" + css_string(title) + ";" +
        font + "}@bottom-right{content:" + css_string(say(options.language, "page")) +
        "\" \"counter(page);" + font + "}";
    if (options.invented)
        css += "@top-right{content:" + css_string(say(options.language, "invented.foot")) +
               ";font:bold 8pt sans-serif;color:#9b2335;}";
    return css + "}@page:first{@bottom-left{content:none}@bottom-right{content:none}}";
}

void fill_frame(const ReportContext& context, const Framework& framework,
                const ReportOptions& options, View& page) {
    const std::string_view language = context.language;
    const std::string title = say(language, "title", {{"framework", framework.title.in(language)}});
    const auto* style = render::find_static("report.css");
    AMATE_CHECK(style != nullptr);
    page.set("LANGUAGE", options.language);
    page.set("TITLE", title);
    page.set("FRAMEWORK", framework.title.in(language));
    page.set("REPORT_KIND", say(language, "kind"));
    page.set("STYLE", std::string(style->bytes));
    page.set("PAGE_STYLE", page_style(title, options));
    page.set("PACK_TITLE", context.pack.title.in(language));
    page.set("AS_OF",
             say(language, "as_of", {{"date", internal::date_words(options.as_of, language)}}));
    page.set("DEFINITIONS", say(language, "definitions",
                                {{"pack", context.pack.name},
                                 {"version", context.pack.version},
                                 {"digest", context.pack.digest.substr(0, 16)}}));
    std::optional<Date> cutoff;
    for (const auto& state : context.states)
        if (state.cutoff) cutoff = std::max(cutoff.value_or(*state.cutoff), *state.cutoff);
    if (options.manifest != nullptr) cutoff = options.manifest->cutoff;
    page.set("SNAPSHOT",
             cutoff ? say(language, "snapshot", {{"date", internal::date_words(*cutoff, language)}})
                    : say(language, "snapshot_none"));
    const std::array<std::pair<const char*, const char*>, 13> texts{
        {{"DESCRIPTION", "description"},
         {"LEAD", "lead"},
         {"SKIP", "skip"},
         {"TOP", "top"},
         {"SUMMARY_TITLE", "summary.title"},
         {"AUDIT_LINK", "summary.audit_link"},
         {"READ_TITLE", "read.title"},
         {"READ_LINKS", "read.links"},
         {"CONTENTS", "contents"},
         {"OBJECTIVES_TITLE", "objectives.title"},
         {"AUDIT_TITLE", "audit.title"},
         {"AUDIT_INTRO", "audit.intro"},
         {"ANNEX_TITLE", "annex.title"}}};
    for (const auto& [slot, key] : texts) page.set(slot, say(language, key));
    page.set("ANNEX_INTRO", say(language, "annex.intro"));
    if (options.invented) {
        View& strip = page.add("INVENTED");
        strip.set("INVENTED_TITLE", say(language, "invented.title"));
        strip.set("INVENTED_TEXT", say(language, "invented.text"));
    }
}

}  // namespace

Result<std::string> render_report(const definitions::Pack& pack,
                                  const std::vector<FigureState>& states,
                                  const ReportOptions& options) {
    const auto found = pack.frameworks.find(options.framework);
    if (found == pack.frameworks.end())
        return fail({"followup.unknown_framework", {}, {{"framework", options.framework}}});
    if (options.language != "es" && options.language != "en")
        return fail({"followup.unknown_language", {}, {{"language", options.language}}});
    const Framework& framework = found->second;
    const auto findings = audit(pack);
    const ReportContext context{pack, states, findings, options.manifest, options.language};
    const auto chapters = chapters_of(context, framework);

    View page;
    fill_frame(context, framework, options, page);
    fill_summary(context, framework, chapters, page);
    std::set<const Programme*> described;
    for (const auto& chapter : chapters) fill_chapter(context, chapter, described, page);
    fill_findings(context, page);
    for (const auto& chapter : chapters)
        for (const auto* state : chapter.states) fill_annex(context, *state, page.add("ANNEX"));
    return render::render("report.html", page);
}

}  // namespace amate::followup
