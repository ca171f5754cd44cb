// SPDX-License-Identifier: Apache-2.0
// One request a table, chart or map.
#include "reports/internal/counting.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"

namespace amate::reports::internal {
namespace {

using definitions::ReportPart;

constexpr int kTopMax = 1000;

class CountReader {
public:
    CountReader(Draft& draft, const ReportPart& part, std::string anchor)
        : draft_(draft),
          part_(part),
          reader_(draft, part,
                  {"register", "by", "across", "where", "measure", "period", "title", "note", "top",
                   "totals", "kind", "map"}) {
        count_.place = part.place;
        count_.anchor = std::move(anchor);
    }

    // Nothing if it cannot be read; then the draft says why.
    std::optional<Count> read() {
        const auto before = draft_.problems.size();
        count_.title = reader_.text("title");
        if (count_.title.empty()) reader_.bad("title", "falta `title`", "`title` is missing");
        count_.note = reader_.text("note");
        count_.top = reader_.number("top", 1, kTopMax, 0);
        read_shape();
        read_request();
        if (draft_.problems.size() != before) return std::nullopt;
        check_shape();
        if (draft_.problems.size() != before) return std::nullopt;
        return std::move(count_);
    }

private:
    void read_shape() {
        if (part_.kind == "map") {
            count_.shape = Shape::map;
            const auto name = reader_.text("map");
            count_.map = draft_.context.pack.find_map(name);
            if (count_.map == nullptr) {
                std::vector<std::string> names;
                for (const auto& each : draft_.context.pack.maps) names.push_back(each.name);
                reader_.bad("map", fmt::format("el paquete no tiene el mapa `{}`", name),
                            fmt::format("the pack has no map `{}`", name), names);
            }
            return;
        }
        if (part_.kind != "chart") return;
        const auto kind = reader_.choice("kind", {"bars", "columns", "lines"});
        count_.shape = kind == "columns" ? Shape::columns
                       : kind == "lines" ? Shape::lines
                                         : Shape::bars;
    }

    void read_request() {
        const auto& pack = draft_.context.pack;
        const auto name = reader_.text("register");
        const auto* register_ = pack.find_register(name);
        if (register_ == nullptr) {
            std::vector<std::string> names;
            for (const auto& each : pack.registers) names.push_back(each->name);
            reader_.bad("register", fmt::format("el paquete no tiene el registro `{}`", name),
                        fmt::format("the pack has no register `{}`", name), names);
            return;
        }
        auto by = reader_.list("by");
        const auto across = reader_.text("across");
        count_.across = !across.empty();
        if (count_.across) by.push_back(across);
        statistics::TableWords words{fmt::format("{}", fmt::join(by, ",")), reader_.text("where"),
                                     reader_.text("measure"), reader_.yes("totals")};
        auto request = statistics::parse_request(*register_, words);
        if (request) {
            count_.request = std::move(*request);
        } else {
            for (auto& problem : request.error()) place(std::move(problem));
        }
        read_period();
    }

    // What a request is wrong about stands where the part says it.
    void place(Problem problem) {
        const char* key = problem.code.starts_with("statistics.unknown_measure") ? "measure"
                          : problem.code.starts_with("statistics.")              ? "by"
                                                                                 : "where";
        problem.place = reader_.place(key);
        draft_.problems.push_back(std::move(problem));
    }

    void read_period() {
        const auto text = reader_.text("period");
        if (text.empty()) return;
        const auto period = Period::parse(text);
        if (period) {
            count_.request.period = *period;
            return;
        }
        reader_.bad("period",
                    fmt::format("`{}` no es un periodo como 2017, 2017-06 o "
                                "2013-01-01/2017-12-31",
                                text),
                    fmt::format("`{}` is not a period such as 2017, 2017-06 or "
                                "2013-01-01/2017-12-31",
                                text));
    }

    void check_shape() {
        const auto rows = count_.request.by.size() - (count_.across ? 1 : 0);
        if (count_.shape != Shape::table && rows != 1) {
            reader_.bad("by", fmt::format("`{}` lleva una sola dimensión en `by`", part_.kind),
                        fmt::format("`{}` has one dimension in `by`", part_.kind));
            return;
        }
        if (count_.shape == Shape::map || count_.shape == Shape::bars) {
            if (count_.across) {
                reader_.bad("across", "esta gráfica no lleva `across`",
                            "this chart has no `across`");
            }
        }
        if (count_.shape != Shape::map) return;
        const auto* dimension = count_.request.by.front();
        if (dimension->codelist == count_.map->codelist) return;
        const auto& list = count_.map->codelist->name;
        reader_.bad("by", fmt::format("el mapa {} es del catálogo {}", count_.map->name, list),
                    fmt::format("the map {} is of the code list {}", count_.map->name, list));
    }

    Draft& draft_;
    const ReportPart& part_;
    PartReader reader_;
    Count count_;
};

bool is_counted(const ReportPart& part) {
    return part.kind == "table" || part.kind == "chart" || part.kind == "map";
}

}  // namespace

Counting read_counts(Draft& draft, const std::vector<ReportPart>& parts) {
    Counting counting;
    for (const auto& part : parts) {
        if (!is_counted(part)) continue;
        const auto anchor = "t-" + std::to_string(counting.counts.size() + 1);
        auto count = CountReader(draft, part, anchor).read();
        if (!count) continue;
        counting.counts.push_back(std::move(*count));
        counting.of_part[&part] = &counting.counts.back();
    }
    return counting;
}

void run_counts(const ReportContext& context, Counting& counting) {
    if (context.tabulator == nullptr) {
        for (auto& count : counting.counts)
            count.obstacle = Problem{"followup.no_snapshot", {}, {}};
        return;
    }
    std::vector<statistics::TableRequest> requests;
    std::vector<Count*> asked;
    for (auto& count : counting.counts) {
        if (!context.counts(*count.request.register_)) {
            count.obstacle = Problem{"reports.not_public", {}, {}};
            continue;
        }
        requests.push_back(count.request);
        asked.push_back(&count);
    }
    auto tables = context.tabulator->run_many(requests);
    for (std::size_t i = 0; i < tables.size(); ++i) {
        if (tables[i]) {
            asked[i]->table = std::move(*tables[i]);
        } else {
            asked[i]->obstacle = tables[i].error().front();
        }
    }
}

}  // namespace amate::reports::internal
