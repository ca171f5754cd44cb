// SPDX-License-Identifier: Apache-2.0
// A table of a register, made from a form without any script.
#include <algorithm>

#include "server/pages/pages.hpp"
#include "server/pages/parts.hpp"
#include "server/table_query.hpp"
#include "server/wording.hpp"

namespace amate::server::pages {
namespace {

constexpr std::size_t kRowsMax = 500;

void add_options(Page& page, const std::string& section, const definitions::Register& register_,
                 const std::string& chosen) {
    for (const auto& dimension : register_.dimensions) {
        auto& option = page.body().add(section);
        option.set("VALUE", dimension.name);
        option.set("LABEL", dimension.title.in(page.language()));
        if (dimension.name == chosen) option.show("CHOSEN");
    }
}

void add_form(Page& page, const Request& request, const definitions::Register& register_,
              const statistics::TableRequest& asked) {
    auto& body = page.body();
    body.set("ACTION", page.link("/registers/" + register_.name + "/table"));
    add_options(page, "BY_OPTION", register_, asked.by.empty() ? "" : asked.by[0]->name);
    add_options(page, "THEN_OPTION", register_, asked.by.size() < 2 ? "" : asked.by[1]->name);
    for (const auto* name : {"records", "persons"}) {
        if (std::string(name) == "persons" && register_.person_fields.empty()) continue;
        auto& option = body.add("MEASURE_OPTION");
        option.set("VALUE", name);
        option.set("LABEL", page.say("measure_" + std::string(name)));
        if (statistics::measure_name(asked) == name) option.show("CHOSEN");
    }
    body.set("FROM", request.find("from"));
    body.set("TO", request.find("to"));
    body.set("WHERE", request.find("where"));
}

void add_cells(Page& page, const statistics::TableRequest& asked, const statistics::Table& table) {
    if (asked.by.empty() || table.size() == 0) return;
    auto& cells = page.body().add("CELLS");
    for (const auto* dimension : asked.by) {
        cells.add("HEAD").set("LABEL", dimension->title.in(page.language()));
    }
    const auto most =
        std::max<std::int64_t>(1, *std::max_element(table.counts.begin(), table.counts.end()));
    if (table.size() > kRowsMax) page.body().show("CUT");
    for (std::size_t cell = 0; cell < std::min(table.size(), kRowsMax); ++cell) {
        auto& row = cells.add("ROW");
        for (std::size_t i = 0; i < asked.by.size(); ++i) {
            row.add("LABEL_CELL")
                .set("LABEL",
                     statistics::label_of(*asked.by[i], table.code(cell, i), page.language()));
        }
        row.set("COUNT", number_words(table.counts[cell]));
        row.set("PERCENT", std::to_string(100.0 * static_cast<double>(table.counts[cell]) /
                                          static_cast<double>(most)));
    }
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
    const auto key = asked->measure == definitions::MeasureKind::records   ? "total_records"
                     : asked->measure == definitions::MeasureKind::persons ? "total_persons"
                     : asked->measure == definitions::MeasureKind::sum     ? "total_sum"
                                                                           : "total_distinct";
    body.set("TOTAL", page.say(key, {{"count", number_words(table->total)}}));
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
