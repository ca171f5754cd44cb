// SPDX-License-Identifier: Apache-2.0
// A table of a register, made from a form without any script.
#include <algorithm>
#include <cmath>

#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"
#include "server/table_query.hpp"
#include "server/wording.hpp"

namespace amate::server::pages {
namespace {

constexpr std::size_t kRowsMax = 500;

struct Choice {
    std::string value, label;
};

// What a form offers to count by: the dimensions, and year and month of the register's time.
std::vector<Choice> dimensions_offered(const Page& page, const definitions::Register& register_) {
    std::vector<Choice> choices;
    for (const auto& dimension : register_.dimensions) {
        choices.push_back({dimension.name, dimension.title.in(page.language())});
    }
    const auto& time = register_.statistics_environment.variables.back();
    for (const std::string part : {"year", "month"}) {
        choices.push_back({part + "(" + time.name + ")",
                           page.say("table_" + part, {{"time", time.title.in(page.language())}})});
    }
    return choices;
}

// What a mean, percentile or share is of.
std::string measured_words(const Page& page, const statistics::TableRequest& asked) {
    if (asked.measure == statistics::Measure::share) {
        return page.say("measure_share",
                        {{"condition", asked.condition.to_words(page.language())}});
    }
    const Words measure = {{"measure", asked.summed->title.in(page.language())},
                           {"percent", std::to_string(asked.percent)}};
    if (asked.measure == statistics::Measure::mean) return page.say("measure_mean", measure);
    return page.say(asked.percent == 50 ? "measure_p50" : "measure_percentile", measure);
}

std::string measure_label(const Page& page, const std::string& kind,
                          const definitions::Dimension& measure) {
    return page.say("measure_" + kind, {{"measure", measure.title.in(page.language())}});
}

std::vector<Choice> measures_offered(const Page& page, const definitions::Register& register_) {
    std::vector<Choice> choices{{"records", page.say("measure_records")}};
    if (!register_.person_fields.empty()) {
        choices.push_back({"persons", page.say("measure_persons")});
    }
    for (const auto& measure : register_.measures) {
        for (const std::string kind : {"sum", "mean", "p50"}) {
            choices.push_back({kind + ":" + measure.name, measure_label(page, kind, measure)});
        }
    }
    return choices;
}

// Offers the choices, and what is chosen even if it is none of them.
void add_options(Page& page, const std::string& section, std::vector<Choice> choices,
                 const std::string& chosen) {
    const bool offered = std::any_of(choices.begin(), choices.end(),
                                     [&](const Choice& each) { return each.value == chosen; });
    if (!offered && !chosen.empty()) choices.push_back({chosen, chosen});
    for (const auto& choice : choices) {
        auto& option = page.body().add(section);
        option.set("VALUE", choice.value);
        option.set("LABEL", choice.label);
        if (choice.value == chosen) option.show("CHOSEN");
    }
}

void add_form(Page& page, const Request& request, const definitions::Register& register_,
              const statistics::TableRequest& asked) {
    auto& body = page.body();
    body.set("ACTION", page.link("/registers/" + register_.name + "/table"));
    const auto dimensions = dimensions_offered(page, register_);
    add_options(page, "BY_OPTION", dimensions, asked.by.empty() ? "" : asked.by[0]->name);
    add_options(page, "THEN_OPTION", dimensions, asked.by.size() < 2 ? "" : asked.by[1]->name);
    add_options(page, "MEASURE_OPTION", measures_offered(page, register_),
                statistics::measure_name(asked));
    if (asked.totals) body.show("TOTALS_CHOSEN");
    body.set("FROM", request.find("from"));
    body.set("TO", request.find("to"));
    body.set("WHERE", request.find("where"));
}

// The number of a cell, or of all.
std::string number_of(const statistics::TableRequest& asked, std::int64_t count,
                      std::optional<double> value) {
    if (!asked.has_values()) return number_words(count);
    if (!value || std::isnan(*value)) return "–";
    if (asked.measure == statistics::Measure::share) {
        return decimal_words(*value * 100, 1) + " %";
    }
    return decimal_words(*value, 2);
}

void add_cells(Page& page, const statistics::TableRequest& asked, const statistics::Table& table) {
    if (asked.by.empty() || table.size() == 0) return;
    auto& cells = page.body().add("CELLS");
    for (const auto* dimension : asked.by) {
        cells.add("HEAD").set("LABEL", dimension->title.in(page.language()));
    }
    if (asked.has_values()) cells.show("BASIS_HEAD");
    cells.set("MEASURE", asked.has_values() ? measured_words(page, asked) : page.say("count"));
    const auto value_of = [&](std::size_t cell) {
        return asked.has_values() ? table.values[cell] : static_cast<double>(table.counts[cell]);
    };
    double most = 0;
    for (std::size_t cell = 0; cell < table.size(); ++cell) {
        if (!table.is_total(cell)) most = std::max(most, value_of(cell));
    }
    if (table.size() > kRowsMax) page.body().show("CUT");
    for (std::size_t cell = 0; cell < std::min(table.size(), kRowsMax); ++cell) {
        auto& row = cells.add("ROW");
        const bool total = table.is_total(cell);
        row.set("KIND", total ? "whole" : "part");
        for (std::size_t i = 0; i < asked.by.size(); ++i) {
            row.add("LABEL_CELL")
                .set("LABEL",
                     statistics::label_of(*asked.by[i], table.code(cell, i), page.language()));
        }
        if (asked.has_values()) row.add("BASIS").set("COUNT", number_words(table.counts[cell]));
        row.set("COUNT", number_of(asked, table.counts[cell], value_of(cell)));
        // A total is of another size than its parts: it has no bar.
        const auto share = total || most <= 0 ? 0.0 : std::max(0.0, value_of(cell) / most);
        row.set("PERCENT", std::to_string(100.0 * share));
    }
}

std::string total_words(const Page& page, const statistics::TableRequest& asked,
                        const statistics::Table& table) {
    const Words count = {{"count", number_words(table.total)}};
    switch (asked.measure) {
        case statistics::Measure::records:
            return page.say("total_records", count);
        case statistics::Measure::persons:
            return page.say("total_persons", count);
        case statistics::Measure::distinct:
            return page.say("total_distinct", count);
        case statistics::Measure::sum:
            return page.say("total_sum", count);
        default:
            break;
    }
    return page.say("total_value", {{"measure", measured_words(page, asked)},
                                    {"value", number_of(asked, table.total, table.total_value)},
                                    {"count", number_words(table.total)}});
}

std::string table_title(const Page& page, const definitions::Register& register_,
                        const statistics::TableRequest& asked) {
    const auto& name = register_.title.in(page.language());
    if (asked.by.empty()) return page.say("table_title", {{"register", name}});
    std::string dimensions;
    for (const auto* dimension : asked.by) {
        dimensions += (dimensions.empty() ? "" : ", ") + dimension->title.in(page.language());
    }
    return page.say("table_title_by", {{"register", name}, {"dimensions", dimensions}});
}

}  // namespace

Result<Response> table(const Site& site, const Request& request) {
    const auto numbers = site.numbers();
    const auto* register_ = site.pack().find_register(request.get("name"));
    if (register_ == nullptr) return not_found();
    const auto asked = read_table_query(*register_, request);
    if (!asked) return fail(asked.error());
    const auto table = site.tabulate(*numbers, *asked);
    if (!table) return fail(table.error());
    Page page(site, request, "table.html", "registers");
    auto& body = page.body();
    const auto& language = page.language();
    const auto title = table_title(page, *register_, *asked);
    body.set("LIST", page.link("/registers"));
    body.set("REGISTER", register_->title.in(language));
    body.set("REGISTER_URL", page.link("/registers/" + register_->name));
    body.set("TITLE", title);
    add_form(page, request, *register_, *asked);
    body.set("TOTAL", total_words(page, *asked, *table));
    body.set("CUTOFF", page.say("table_cutoff", {{"date", date_words(table->cutoff, language)}}));
    if (!asked->where.empty()) {
        body.add("CONDITION").set("TEXT", asked->where.to_words(language));
    }
    add_cells(page, *asked, *table);
    const auto api = "/api/v1/registers/" + register_->name + "/table";
    body.set("CSV", api + write_table_query(request, "csv"));
    body.set("JSON", api + write_table_query(request, "json"));
    body.set("SQL_URL", api + write_table_query(request, "sql"));
    body.set("SQL", table->sql);
    return page.finish(title);
}

}  // namespace amate::server::pages
