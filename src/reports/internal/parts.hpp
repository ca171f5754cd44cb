// SPDX-License-Identifier: Apache-2.0
// The parts a report is put together from, and what they share while it is made.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "definitions/model.hpp"
#include "followup/audit.hpp"
#include "followup/figures.hpp"
#include "followup/indicators.hpp"
#include "followup/wording.hpp"
#include "render/view.hpp"
#include "reports/internal/count.hpp"
#include "snapshot/snapshot.hpp"

namespace amate::reports::internal {

using followup::FigureState;
using followup::Parameters;
using followup::say;
using render::View;

// What every part needs to know. Borrows everything; lives for one rendering.
struct ReportContext {
    const definitions::Pack& pack;
    const std::vector<FigureState>& states;
    const std::vector<followup::Finding>& findings;
    const snapshot::Manifest* manifest;  // may be null
    statistics::Tabulator* tabulator;    // may be null
    std::string_view language;
    std::map<std::string, std::string> parameters;
    std::function<bool(const definitions::Register&)> may_count = {};

    [[nodiscard]] bool counts(const definitions::Register& register_) const {
        return !may_count || may_count(register_);
    }
    // Null if the pack has no such figure.
    [[nodiscard]] const FigureState* find_state(std::string_view figure_id) const;
};

struct ContentsEntry {
    std::string number, anchor, name, remark;
};

// A report in the making.
struct Draft {
    explicit Draft(const ReportContext& context_) : context(context_) {}

    const ReportContext& context;
    Problems problems;
    std::vector<ContentsEntry> contents;
    int headings = 0;                        // of the prose so far
    std::vector<const FigureState*> opened;  // in the order they are first shown
    std::set<const FigureState*> in_a_row;   // those that stand in a table of figures
    std::vector<const Count*> counts;        // shown ones, in order
    std::vector<followup::IndicatorState> indicators;
    std::vector<const followup::IndicatorState*> followed;  // shown ones, in order

    void open(const FigureState& state);
    // A row of a table of figures; the first one of a figure is where its annex entry leads back.
    void add_row(const FigureState& state, View& row);
};

// ${...} of a text filled in: parameters as they are and, in Markdown, figures and indicators as
// links from their number to where it opens. Problem reports.unknown_value at `place`, each one.
enum class Filling : unsigned char { parameters, markdown };
[[nodiscard]] std::string fill_values(Draft& draft, const std::string& text, const Place& place,
                                      Filling filling = Filling::parameters);

// How a figure is marked: "computed", "differs", "not_computable" or "reported".
[[nodiscard]] std::string mark_of(const FigureState& state);
// What the report shows for it: the computed number, else the reported one with its bound.
[[nodiscard]] std::string value_words(const FigureState& state, std::string_view language);
// The same as a number, for charts.
[[nodiscard]] double value_of(const FigureState& state);

// One row of a table of figures, and the entry of the annex that opens it.
void fill_row(const ReportContext& context, const FigureState& state, View& row);
void fill_annex(const ReportContext& context, const FigureState& state, bool has_row, View& entry);
// An empty table for such rows, in the place TABLE of `part`.
[[nodiscard]] View& add_figure_table(std::string_view language, const std::string& caption,
                                     View& part);
void fact(View& entry, std::string term, std::string text);
// "Landings, as of 30 June 2018: 1,234 records; fingerprint ...": what was counted from; "" without
// a snapshot.
[[nodiscard]] std::string snapshot_words(const ReportContext& context,
                                         const std::string& register_name);

// Adds to `section` the charts that say more than the table of these figures: wholes with their
// parts, and what was reported for three years or more. Nothing is added where there are none.
void add_figure_charts(const ReportContext& context, const std::vector<const FigureState*>& states,
                       View& section);

// Kinds of parts. Each fills the page's next part from what it asks for.
void add_prose(Draft& draft, const definitions::ReportPart& part, View& page);
void add_overview(Draft& draft, const definitions::Framework& framework, View& page);
void add_legend(Draft& draft, View& page);
void add_chapters(Draft& draft, const definitions::Framework& framework, View& page);
void add_figures(Draft& draft, const definitions::ReportPart& part, View& page);
void add_indicators(Draft& draft, const definitions::ReportPart& part, View& page);
void add_findings(Draft& draft, View& page);
void add_count(Draft& draft, const Count& count, View& page);
void add_annex(Draft& draft, View& page);

// Reads what the keys of a part say; other keys are problems. Borrows.
class PartReader {
public:
    PartReader(Draft& draft, const definitions::ReportPart& part,
               std::initializer_list<const char*> keys);
    [[nodiscard]] std::string text(const char* key) const;  // "" if absent; ${...} filled in
    [[nodiscard]] std::vector<std::string> list(const char* key) const;
    [[nodiscard]] int number(const char* key, int first, int last, int otherwise) const;
    [[nodiscard]] bool yes(const char* key) const;
    [[nodiscard]] std::string choice(const char* key, const std::vector<std::string>& names) const;
    [[nodiscard]] Place place(const char* key) const;
    void bad(const char* key, std::string es, std::string en,
             const std::vector<std::string>& candidates = {}) const;

private:
    Draft& draft_;
    const definitions::ReportPart& part_;
};

}  // namespace amate::reports::internal
