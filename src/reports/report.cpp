// SPDX-License-Identifier: Apache-2.0
// Puts a report together: cover, the parts in their order, and the annex that opens its numbers.
#include "reports/report.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "core/text.hpp"
#include "reports/internal/counting.hpp"
#include "reports/internal/parts.hpp"

namespace amate::reports {
namespace {

using definitions::Framework;
using definitions::Pack;
using definitions::Report;
using definitions::ReportPart;
using definitions::ReportText;
using followup::say;
using internal::Counting;
using internal::Draft;
using internal::ReportContext;
using render::View;

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

void fill_frame(const ReportContext& context, const std::string& title, const std::string& summary,
                const ReportOptions& options, View& page) {
    const std::string_view language = context.language;
    const auto* style = render::find_static("report.css");
    AMATE_CHECK(style != nullptr);
    page.set("LANGUAGE", options.language);
    page.set("TITLE", title);
    page.set("STYLE", std::string(style->bytes));
    page.set("PAGE_STYLE", page_style(title, options));
    page.set("PACK_TITLE", context.pack.title.in(language));
    page.set("AS_OF",
             say(language, "as_of", {{"date", followup::date_words(options.as_of, language)}}));
    page.set("DEFINITIONS", say(language, "definitions",
                                {{"pack", context.pack.name},
                                 {"version", context.pack.version},
                                 {"digest", context.pack.digest.substr(0, 16)}}));
    std::optional<Date> cutoff;
    for (const auto& state : context.states)
        if (state.cutoff) cutoff = std::max(cutoff.value_or(*state.cutoff), *state.cutoff);
    if (options.manifest != nullptr) cutoff = options.manifest->cutoff;
    page.set("SNAPSHOT",
             cutoff ? say(language, "snapshot", {{"date", followup::date_words(*cutoff, language)}})
                    : say(language, "snapshot_none"));
    page.set("LEAD", summary.empty() ? say(language, "lead") : summary);
    for (const char* key : {"description", "skip", "top"}) {
        std::string slot = key;
        std::transform(slot.begin(), slot.end(), slot.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        page.set(slot, say(language, key));
    }
    if (options.invented) {
        View& strip = page.add("INVENTED");
        strip.set("INVENTED_TITLE", say(language, "invented.title"));
        strip.set("INVENTED_TEXT", say(language, "invented.text"));
    }
}

// Fills the page's parts one after the other.
class Assembler {
public:
    Assembler(const ReportContext& context, const ReportText& text) : text_(text), draft_(context) {
        const auto& place = text.parts.empty() ? Place() : text.parts.front().place;
        title_ = internal::fill_values(draft_, text.title, {place.file, 1, 1, {}});
        summary_ = internal::fill_values(draft_, text.summary, {place.file, 1, 1, {}});
        counting_ = internal::read_counts(draft_, text.parts);
        indicators_ = wanted_indicators();
    }

    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] const std::string& summary() const { return summary_; }

    // Counts what the parts ask for; comes before they are filled.
    void count() {
        internal::run_counts(draft_.context, counting_);
        const auto& context = draft_.context;
        draft_.indicators = followup::follow_indicators(context.pack, indicators_, context.manifest,
                                                        context.tabulator);
        for (auto& state : draft_.indicators) {
            if (context.counts(*context.pack.find_register(state.indicator->register_name))) {
                continue;
            }
            const auto* indicator = state.indicator;
            state = {};
            state.indicator = indicator;
            state.obstacle = Problem{"reports.not_public", {}, {}};
        }
    }

    // What the parts ask for, one line a part, without titles and notes.
    [[nodiscard]] std::string asked() const {
        std::string lines;
        for (const auto& part : text_.parts) {
            if (part.kind.empty()) continue;
            lines += part.kind;
            for (const auto& [key, node] : part.node.entries) {
                if (key == "title" || key == "note") continue;
                lines += " " + key + "=" + node.scalar;
                for (const auto& item : node.items) lines += "," + item.scalar;
            }
            lines += '\n';
        }
        return lines;
    }

    Problems fill(View& page) {
        View* contents = nullptr;
        bool annexed = false;
        for (const auto& part : text_.parts) {
            if (part.kind == "contents") contents = &page.include("PART", "report_contents.html");
            add(part, page);
            annexed = annexed || part.kind == "annex";
        }
        if (!annexed) internal::add_annex(draft_, page);
        if (contents != nullptr) fill_contents(*contents);
        return std::move(draft_.problems);
    }

private:
    void add(const ReportPart& part, View& page) {
        const auto& kind = part.kind;
        if (kind.empty()) return internal::add_prose(draft_, part, page);
        if (kind == "figures") return internal::add_figures(draft_, part, page);
        if (kind == "indicators") return internal::add_indicators(draft_, part, page);
        if (kind == "overview" || kind == "chapters") return add_framework(part, page);
        if (kind == "table" || kind == "chart" || kind == "map") {
            const auto found = counting_.of_part.find(&part);
            if (found != counting_.of_part.end()) add_count(draft_, *found->second, page);
            return;
        }
        const internal::PartReader reader(draft_, part, {});
        if (kind == "legend") internal::add_legend(draft_, page);
        if (kind == "findings") internal::add_findings(draft_, page);
        if (kind == "annex") internal::add_annex(draft_, page);
    }

    void add_framework(const ReportPart& part, View& page) {
        const internal::PartReader reader(draft_, part, {"framework"});
        const auto name = reader.text("framework");
        const auto& frameworks = draft_.context.pack.frameworks;
        const auto found = frameworks.find(name);
        if (found == frameworks.end()) {
            std::vector<std::string> names;
            for (const auto& [known, framework] : frameworks) names.push_back(known);
            reader.bad("framework", fmt::format("el paquete no tiene el marco `{}`", name),
                       fmt::format("the pack has no framework `{}`", name), names);
            return;
        }
        if (part.kind == "overview") return internal::add_overview(draft_, found->second, page);
        if (chaptered_) {
            reader.bad("framework", "un informe tiene una sola parte `chapters`",
                       "a report has one part `chapters`");
        }
        chaptered_ = true;
        internal::add_chapters(draft_, found->second, page);
    }

    // Those that an `indicators` part or the prose may show.
    [[nodiscard]] std::vector<const definitions::Indicator*> wanted_indicators() const {
        std::vector<const definitions::Indicator*> wanted;
        const auto has_part =
            std::any_of(text_.parts.begin(), text_.parts.end(),
                        [](const auto& part) { return part.kind == "indicators"; });
        for (const auto& indicator : draft_.context.pack.indicators) {
            const bool named =
                std::any_of(text_.parts.begin(), text_.parts.end(), [&](const auto& part) {
                    return part.prose.find("${" + indicator.id + "}") != std::string::npos ||
                           lists(part, indicator.id);
                });
            if (named || (has_part && !indicator.targets.empty())) wanted.push_back(&indicator);
        }
        return wanted;
    }

    [[nodiscard]] static bool lists(const ReportPart& part, const std::string& id) {
        const auto* node = part.node.find("indicators");
        if (node == nullptr) return false;
        return node->scalar == id ||
               std::any_of(node->items.begin(), node->items.end(),
                           [&](const auto& item) { return item.scalar == id; });
    }

    void fill_contents(View& contents) const {
        contents.set("CONTENTS", say(draft_.context.language, "contents"));
        for (const auto& entry : draft_.contents) {
            View& view = contents.add("ENTRY");
            view.set("ANCHOR", entry.anchor);
            view.set("NAME", entry.name);
            view.set("NUMBER", entry.number);
            view.set("REMARK", entry.remark);
        }
    }

    const ReportText& text_;
    Draft draft_;
    std::string title_, summary_;
    Counting counting_;
    std::vector<const definitions::Indicator*> indicators_;
    bool chaptered_ = false;
};

Result<std::map<std::string, std::string>> parameters_of(const Report& report,
                                                         const ReportOptions& options) {
    std::map<std::string, std::string> parameters(report.parameters.begin(),
                                                  report.parameters.end());
    Problems problems;
    for (const auto& [name, value] : options.parameters) {
        const auto found = parameters.find(name);
        if (found != parameters.end()) {
            found->second = value;
            continue;
        }
        std::vector<std::string> names;
        for (const auto& [known, otherwise] : parameters) names.push_back(known);
        problems.push_back({"reports.unknown_parameter",
                            {},
                            {{"report", report.name},
                             {"value", name},
                             {"suggestion", closest(name, names).value_or("")}}});
    }
    if (!problems.empty()) return fail(std::move(problems));
    return parameters;
}

}  // namespace

Result<std::string> render_report(const Pack& pack,
                                  const std::vector<followup::FigureState>& states,
                                  const ReportOptions& options) {
    const auto* report = pack.find_report(options.report);
    if (report == nullptr) {
        std::vector<std::string> names;
        for (const auto& each : pack.reports) names.push_back(each.name);
        return fail(
            {"reports.unknown_report",
             {},
             {{"value", options.report}, {"known", fmt::format("{}", fmt::join(names, ", "))}}});
    }
    const auto text = report->texts.find(options.language);
    if (text == report->texts.end())
        return fail({"reports.unknown_language", {}, {{"language", options.language}}});
    AMATE_TRY(const auto parameters, parameters_of(*report, options));
    const auto findings = followup::audit(pack);
    const ReportContext context{
        pack,        states,     findings,         options.manifest, options.tabulator,
        text->first, parameters, options.may_count};
    Assembler assembler(context, text->second);
    assembler.count();
    View page;
    auto problems = assembler.fill(page);
    if (!problems.empty()) return fail(std::move(problems));
    fill_frame(context, assembler.title(), assembler.summary(), options, page);
    return render::render("report.html", page);
}

Problems check_reports(const Pack& pack) {
    Problems problems;
    std::vector<followup::FigureState> states;
    for (const auto& figure : pack.figures) states.emplace_back().figure = &figure;
    const std::vector<followup::Finding> findings;
    for (const auto& report : pack.reports) {
        std::string asked;
        for (const auto& [language, text] : report.texts) {
            const ReportContext context{pack,
                                        states,
                                        findings,
                                        nullptr,
                                        nullptr,
                                        language,
                                        {report.parameters.begin(), report.parameters.end()}};
            Assembler assembler(context, text);
            assembler.count();
            View page;
            auto found = assembler.fill(page);
            problems.insert(problems.end(), found.begin(), found.end());
            if (&text == &report.texts.begin()->second) {
                asked = assembler.asked();
            } else if (asked != assembler.asked()) {
                problems.push_back({"reports.languages_differ",
                                    {"reports/" + report.name + "." + language + ".md", 0, 0, {}},
                                    {{"first", report.texts.begin()->first}}});
            }
        }
    }
    return problems;
}

}  // namespace amate::reports
