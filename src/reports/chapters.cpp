// SPDX-License-Identifier: Apache-2.0
// A framework's objectives one by one, each with its figures, charts, programmes and future goals.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include <fmt/format.h>

#include "reports/internal/colours.hpp"
#include "reports/internal/parts.hpp"

namespace amate::reports::internal {
namespace {

using definitions::Framework;
using definitions::FrameworkNode;
using definitions::Programme;

using States = std::vector<const FigureState*>;

constexpr std::array<std::string_view, 4> kMarks{"computed", "differs", "not_computable",
                                                 "reported"};

const std::array<std::pair<followup::FindingKind, std::string>, 3> kFindingNames{
    {{followup::FindingKind::differs, "differs"},
     {followup::FindingKind::undecided, "undecided"},
     {followup::FindingKind::holds, "holds"}}};

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
    return followup::number_words(std::to_string(count));
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
            view.add("BY").set("TEXT", followup::list_words(institutions, language));
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

void fill_figures(Draft& draft, const Chapter& chapter, View& section) {
    const std::string_view language = draft.context.language;
    if (chapter.states.empty()) {
        section.add("NO_FIGURES").set("TEXT", say(language, "figures.none"));
        return;
    }
    View& part = section.add("FIGURES");
    part.set("HEADING", say(language, "figures.title"));
    View& table = add_figure_table(
        language, say(language, "figures.caption", {{"objective", name_of(chapter, language)}}),
        part);
    for (const auto* state : chapter.states) draft.add_row(*state, table.add("ROW"));
}

void fill_chapter(Draft& draft, const Chapter& chapter, std::set<const Programme*>& described,
                  View& section) {
    const auto& context = draft.context;
    const std::string_view language = context.language;
    section.set("ANCHOR", anchor_of(chapter));
    section.set("NAME", name_of(chapter, language));
    draft.contents.push_back({chapter.node == nullptr ? "·" : chapter.node->id,
                              "o-" + anchor_of(chapter), name_of(chapter, language),
                              count_words(chapter, language)});
    if (chapter.node != nullptr)
        section.add("NUMBERED")
            .set("LABEL", say(language, "objective", {{"number", chapter.node->id}}));
    const std::string summary = chapter.node == nullptr ? say(language, "context.summary")
                                                        : chapter.node->summary.in(language);
    if (!summary.empty()) section.add("SUMMARY").set("TEXT", summary);
    fill_figures(draft, chapter, section);
    add_figure_charts(context, chapter.states, section);
    fill_programmes(context, chapter, described, section);
    if (chapter.node == nullptr || chapter.node->goals.empty()) return;
    View& goals = section.add("GOALS");
    goals.set("HEADING", say(language, "goals.title"));
    for (const auto& goal : chapter.node->goals) goals.add("GOAL").set("TEXT", goal.in(language));
}

}  // namespace

void add_overview(Draft& draft, const Framework& framework, View& page) {
    const auto& context = draft.context;
    const std::string_view language = context.language;
    const auto chapters = chapters_of(context, framework);
    View& part = page.include("PART", "report_overview.html");
    part.set("SUMMARY_TITLE", say(language, "summary.title"));
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
        View& total = part.add("TOTAL");
        total.set("NUMBER", grouped(number));
        total.set("WORD", say(language, "summary." + std::string(word)));
    }
    std::map<std::string, std::size_t> counts;
    for (const auto& state : context.states) ++counts[mark_of(state)];
    double x = 0;
    for (const auto mark : kMarks) {
        const std::string how(mark);
        if (counts[how] == 0) continue;
        const double width =
            1000.0 * static_cast<double>(counts[how]) / static_cast<double>(context.states.size());
        View& share = part.add("SHARE");
        share.set("HOW", how);
        share.set("FILL", colour_of_mark(how));
        share.set("COUNT", grouped(counts[how]));
        share.set("WORD", say(language, "summary." + how));
        share.set("X", fmt::format("{:.2f}", x));
        share.set("WIDTH", fmt::format("{:.2f}", width));
        x += width;
    }
    part.set("SUMMARY_CAPTION",
             say(language, "summary.caption", {{"count", grouped(context.states.size())}}));
    Parameters checks{{"checks", grouped(context.findings.size())}};
    for (const auto& [kind, name] : kFindingNames) {
        const auto count = std::count_if(context.findings.begin(), context.findings.end(),
                                         [&](const auto& finding) { return finding.kind == kind; });
        checks.emplace_back(name, grouped(static_cast<std::size_t>(count)));
    }
    View& audit = part.add("AUDIT");
    audit.set("TEXT", say(language, "summary.audit", checks));
    audit.set("LINK", say(language, "summary.audit_link"));
}

void add_legend(Draft& draft, View& page) {
    const std::string_view language = draft.context.language;
    View& part = page.include("PART", "report_legend.html");
    part.set("READ_TITLE", say(language, "read.title"));
    part.set("READ_LINKS", say(language, "read.links"));
    for (const auto mark : kMarks) {
        const std::string how(mark);
        View& meaning = part.add("MARK");
        meaning.set("HOW", how);
        meaning.set("BADGE", say(language, "badge." + how));
        meaning.set("MEANING", say(language, "read." + how));
    }
}

void add_chapters(Draft& draft, const Framework& framework, View& page) {
    View& part = page.include("PART", "report_chapters.html");
    part.set("OBJECTIVES_TITLE", say(draft.context.language, "objectives.title"));
    std::set<const Programme*> described;
    for (const auto& chapter : chapters_of(draft.context, framework)) {
        fill_chapter(draft, chapter, described, part.add("OBJECTIVE"));
    }
}

void add_findings(Draft& draft, View& page) {
    const auto& context = draft.context;
    const std::string_view language = context.language;
    View& part = page.include("PART", "report_findings.html");
    part.set("AUDIT_TITLE", say(language, "audit.title"));
    part.set("AUDIT_INTRO", say(language, "audit.intro"));
    draft.contents.push_back({"", "audit", say(language, "audit.title"), ""});
    for (const auto& [kind, name] : kFindingNames) {
        View& group = part.add("FINDINGS");
        group.set("KIND", name);
        std::size_t count = 0;
        for (std::size_t i = 0; i < context.findings.size(); ++i) {
            const auto& finding = context.findings[i];
            if (finding.kind != kind) continue;
            ++count;
            if (const auto* state = context.find_state(finding.figure_id)) draft.open(*state);
            View& view = group.add("FINDING");
            view.set("NUMBER", std::to_string(i + 1));
            view.set("ID", finding.figure_id);
            view.set("NAME", context.pack.find_figure(finding.figure_id)->title.in(language));
            view.set("TEXT", to_words(finding, language, context.pack));
        }
        if (count == 0) group.add("EMPTY").set("TEXT", say(language, "audit.none"));
        group.set("HEADING",
                  say(language, "audit." + name + ".title", {{"count", grouped(count)}}));
    }
}

}  // namespace amate::reports::internal
