// SPDX-License-Identifier: Apache-2.0
// Reads figures.csv: what documents report, and what one figure says of another.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

const std::vector<std::string> kMeasures{"count", "money", "percent", "duration", "ratio", "other"};
const std::vector<std::string> kBounds{"more_than", "at_most",  "less_than",         "almost",
                                       "approx",    "at_least", "a_little_more_than"};
const std::vector<std::string> kRelations{"part_of",      "subset_of", "repeats",
                                          "derived_from", "restates",  "conflicts_with"};

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_decimal(std::string_view text) {
    if (!text.empty() && text[0] == '-') text.remove_prefix(1);
    const auto point = text.find('.');
    const auto all_digits = [](std::string_view part) {
        return !part.empty() &&
               std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    return all_digits(text.substr(0, point)) &&
           (point == text.npos || all_digits(text.substr(point + 1)));
}

class FigureReader {
public:
    FigureReader(Loading& loading, const CsvLine& line) : loading_(loading), line_(line) {}

    void read() {
        figure_.id = line_.cell("figure_id");
        if (!is_id(figure_.id)) {
            bad("figure_id", figure_.id,
                {"an id (letters, digits, `-`, `_`, `.`)",
                 "un identificador (letras, cifras, `-`, `_`, `.`)"});
            return;
        }
        const bool is_new = loading_.references.declare(Thing::figure, "", figure_.id,
                                                        line_.place("figure_id"), loading_.faults);
        read_belonging();
        read_measure();
        read_times();
        read_disaggregation();
        read_relations();
        if (!is_new) return;
        loading_.figure_index.emplace(figure_.id, loading_.pack.figures.size());
        loading_.pack.figures.push_back(std::move(figure_));
    }

private:
    void bad(std::string_view column, std::string_view value, const Words& expected,
             const std::vector<std::string>& candidates = {}) {
        loading_.faults.bad_value(line_.place(column), value, expected, candidates);
    }

    std::vector<std::string> need_list(Thing thing, std::string_view column) {
        auto ids = line_.list(column);
        for (const auto& id : ids) {
            loading_.references.need(thing, "", id, line_.place(column));
        }
        return ids;
    }

    void read_belonging() {
        figure_.objective = line_.cell("objective");
        // 0: of no objective, such as the preamble of a document.
        if (figure_.objective != "0") {
            loading_.references.need(Thing::node, "gcm", figure_.objective,
                                     line_.place("objective"));
        }
        figure_.programmes = need_list(Thing::programme, "programmes");
        figure_.institutions = need_list(Thing::institution, "institutions");
        for (const auto& language : loading_.pack.languages) {
            const auto& title = line_.cell(language);
            if (trim(title).empty()) {
                loading_.faults.add("definitions.missing_language", line_.place(language),
                                    {{"language", language}});
            }
            figure_.title.set(language, title);
        }
        read_source();
    }

    void read_source() {
        figure_.document = line_.cell("document");
        if (figure_.document.empty()) {
            bad("document", "", words_of(Thing::document, ""));
        }
        loading_.references.need(Thing::document, "", figure_.document, line_.place("document"));
        const auto& documents = loading_.pack.documents;
        const auto document =
            std::find_if(documents.begin(), documents.end(),
                         [&](const auto& each) { return each.id == figure_.document; });
        const int last =
            document == documents.end() || document->lines == 0 ? 10'000'000 : document->lines;
        const auto& cell = line_.cell("source_line");
        const auto* end = cell.data() + cell.size();
        const auto [at, error] = std::from_chars(cell.data(), end, figure_.source_line);
        if (error == std::errc() && at == end && figure_.source_line >= 1 &&
            figure_.source_line <= last) {
            return;
        }
        bad("source_line", cell,
            {fmt::format("a line of the document, 1 to {}", last),
             fmt::format("un renglón del documento, de 1 a {}", last)});
    }

    void read_measure() {
        figure_.measure = line_.cell("measure");
        if (!contains(kMeasures, figure_.measure)) {
            bad("measure", figure_.measure, one_of(kMeasures), kMeasures);
        }
        figure_.unit = line_.cell("unit");
        figure_.value = line_.cell("value");
        if (!is_decimal(figure_.value)) {
            bad("value", figure_.value,
                {"a plain decimal number such as 1250 or 60.6",
                 "un número decimal llano, como 1250 o 60.6"});
        }
    }

    std::optional<Date> read_date(std::string_view column) {
        const auto& cell = line_.cell(column);
        if (cell.empty()) return std::nullopt;
        const auto parsed = Date::parse(cell);
        if (!parsed) bad(column, cell, {"a date YYYY-MM-DD", "una fecha AAAA-MM-DD"});
        return parsed;
    }

    void read_times() {
        figure_.period.first = read_date("period_start");
        figure_.period.last = read_date("period_end");
        figure_.cutoff = read_date("cutoff");
        const auto last = figure_.period.last ? figure_.period.last : figure_.cutoff;
        if (figure_.period.first && last && *last < *figure_.period.first) {
            const auto* column = figure_.period.last ? "period_end" : "cutoff";
            bad(column, line_.cell(column),
                {"a day on or after period_start", "un día igual o posterior a period_start"});
        }
    }

    void read_disaggregation() {
        for (const auto& part : line_.list("disaggregation")) {
            const auto equals = part.find('=');
            if (equals == part.npos || equals == 0 || equals + 1 == part.size()) {
                bad("disaggregation", part,
                    {"`key=value` pairs joined by `;`", "pares `clave=valor` unidos por `;`"});
                continue;
            }
            const auto key = part.substr(0, equals);
            const auto value = part.substr(equals + 1);
            if (!figure_.find_key(key).empty()) {
                loading_.faults.add("definitions.duplicate_key", line_.place("disaggregation"),
                                    {{"value", shown(key)}});
            }
            if (key == "bound" && !contains(kBounds, value)) {
                bad("disaggregation", value, one_of(kBounds), kBounds);
            }
            figure_.disaggregation.emplace_back(key, value);
        }
    }

    void read_relations() {
        for (const auto& part : line_.list("relation")) {
            const auto colon = part.find(':');
            FigureRelation relation{part.substr(0, colon), {}};
            if (!contains(kRelations, relation.kind)) {
                bad("relation", part, one_of(kRelations), kRelations);
                continue;
            }
            if (colon != part.npos) relation.others = split(part.substr(colon + 1), '/');
            const std::size_t most = relation.kind == "derived_from" ? 2 : 1;
            if (relation.others.empty() || relation.others.size() > most) {
                bad("relation", part,
                    {relation.kind + (most == 2 ? ":FIGURE or :FIGURE/FIGURE" : ":FIGURE"),
                     relation.kind + (most == 2 ? ":CIFRA o :CIFRA/CIFRA" : ":CIFRA")});
                continue;
            }
            for (const auto& other : relation.others) {
                if (other == figure_.id || other.empty()) {
                    bad("relation", part, {"another figure", "otra cifra"});
                }
                loading_.references.need(Thing::figure, "", other, line_.place("relation"));
            }
            figure_.relations.push_back(std::move(relation));
        }
    }

    Loading& loading_;
    const CsvLine& line_;
    Figure figure_;
};

}  // namespace

void read_figures(Loading& loading) {
    const std::string file = "figures.csv";
    if (!loading.has(file)) return;
    CsvShape shape{
        {"figure_id", "objective", "measure", "unit", "value", "document", "source_line"},
        {"programmes", "institutions", "period_start", "period_end", "cutoff", "disaggregation",
         "relation"}};
    shape.required.insert(shape.required.end(), loading.pack.languages.begin(),
                          loading.pack.languages.end());
    const bool whole = read_csv(file, loading.path_of(file), shape, loading.faults,
                                [&](const CsvLine& line) { FigureReader(loading, line).read(); });
    if (!whole) loading.references.give_up(Thing::figure, "");
}

}  // namespace amate::definitions::internal
