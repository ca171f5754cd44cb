// SPDX-License-Identifier: Apache-2.0
// Reads indicators/*.yaml: what is counted, and which reported figures the count must reproduce.
#include <algorithm>
#include <array>

#include "definitions/internal/loading.hpp"

namespace amate::definitions::internal {
namespace {

constexpr double kPointMax = 1e15;
// Keys of a figure's disaggregation that say how it is meant, not what it is about.
constexpr std::array<std::string_view, 4> kOwnKeys{"bound", "asof", "kind", "stat"};

class IndicatorReader {
public:
    IndicatorReader(Loading& loading, const Cursor& item,
                    std::map<std::string, std::string>& indicator_of_figure)
        : loading_(loading), item_(item), indicator_of_figure_(indicator_of_figure) {}

    void read() {
        if (!item_.expect_keys({"indicator", "title", "register", "measure", "where", "programmes",
                                "framework", "disaggregation", "figures", "note", "direction",
                                "baseline", "targets", "light", "step"})) {
            return;
        }
        indicator_.id = item_.get("indicator").name();
        loading_.references.declare(Thing::indicator, "", indicator_.id,
                                    item_.get("indicator").place(), loading_.faults);
        indicator_.title = item_.get("title").label();
        indicator_.note = item_.find("note").label();
        indicator_.register_name = item_.get("register").text();
        loading_.need(Thing::register_, "", item_.find("register"));
        register_ = loading_.pack.find_register(indicator_.register_name);
        loading_.names_incomplete =
            loading_.incomplete_registers.contains(indicator_.register_name);
        indicator_.programmes = loading_.need_all(Thing::programme, "", item_.find("programmes"));
        read_framework(item_.find("framework"));
        read_goals();
        if (register_ == nullptr) return;
        read_measure(item_.get("measure"));
        indicator_.where =
            read_condition(loading_, item_.find("where"), register_->statistics_environment);
        if (!indicator_.where.empty()) check_sql();
        for (const auto& entry : item_.find("disaggregation").entries()) read_key(entry);
        for (const auto& figure : item_.find("figures").items()) read_figure(figure);
        loading_.pack.indicators.push_back(std::move(indicator_));
    }

private:
    [[nodiscard]] std::vector<std::string> dimension_names() const {
        std::vector<std::string> names;
        for (const auto& each : register_->dimensions) names.push_back(each.name);
        return names;
    }

    std::string read_dimension(const Cursor& name) const {
        auto text = name.text();
        if (!text.empty() && register_->find_dimension(text) == nullptr &&
            !loading_.names_incomplete) {
            name.bad_value({"a dimension of the register " + register_->name,
                            "una dimensión del registro " + register_->name},
                           dimension_names());
        }
        return text;
    }

    std::string read_summed(const Cursor& name) const {
        auto text = name.text();
        if (!text.empty() && register_->find_measure(text) == nullptr &&
            !loading_.names_incomplete) {
            std::vector<std::string> names;
            for (const auto& each : register_->measures) names.push_back(each.name);
            for (const auto& each : register_->dimensions) {
                if (each.type == Type::integer) names.push_back(each.name);
            }
            name.bad_value(
                {"a measure or an integer dimension of the register " + register_->name,
                 "una medida o una dimensión de número entero del registro " + register_->name},
                names);
        }
        return text;
    }

    void read_framework(const Cursor& map) {
        for (const auto& [key, value] : map.entries()) {
            const auto name = key.text();
            loading_.need(Thing::framework, "", key);
            if (!loading_.references.declared(Thing::framework, "", name)) continue;
            indicator_.framework[name] = loading_.need_all(Thing::node, name, value);
        }
    }

    std::optional<IndicatorPoint> read_point(const Cursor& cursor) const {
        if (!cursor.expect_keys({"period", "value", "source"})) return std::nullopt;
        const auto period = cursor.get("period");
        const auto parsed = Period::parse(period.text());
        if (!parsed || !parsed->first || !parsed->last) {
            period.bad_value({"a period such as 2017, 2017-06 or 2013-01-01/2017-12-31",
                              "un periodo como 2017, 2017-06 o 2013-01-01/2017-12-31"});
            return std::nullopt;
        }
        IndicatorPoint point{*parsed, std::nullopt, {}};
        const auto value = cursor.find("value");
        if (value.present()) point.value = value.number(-kPointMax, kPointMax);
        if (cursor.find("source").present()) point.source = cursor.find("source").text();
        return point;
    }

    // Baseline, targets and what they are judged by.
    void read_goals() {
        const auto step = item_.find("step");
        if (step.present()) {
            const auto name = step.choice({"year", "quarter", "month"});
            indicator_.step = name == "month"     ? Step::month
                              : name == "quarter" ? Step::quarter
                                                  : Step::year;
        }
        if (item_.find("direction").present()) {
            indicator_.direction = item_.find("direction").choice({"up", "down"}) == "down"
                                       ? Direction::down
                                       : Direction::up;
        }
        if (const auto baseline = item_.find("baseline"); baseline.present()) {
            indicator_.baseline = read_point(baseline);
        }
        for (const auto& target : item_.find("targets").items()) read_target(target);
        if (!indicator_.targets.empty()) static_cast<void>(item_.get("direction"));
        if (const auto light = item_.find("light"); light.present()) read_light(light);
    }

    void read_target(const Cursor& target) {
        auto point = read_point(target);
        static_cast<void>(target.get("value"));
        if (!point || !point->value) return;
        const auto* before = !indicator_.targets.empty() ? &indicator_.targets.back()
                             : indicator_.baseline       ? &*indicator_.baseline
                                                         : nullptr;
        if (before != nullptr && *point->period.last <= *before->period.last) {
            target.get("period").bad_value({"a period after " + before->period.iso(),
                                            "un periodo posterior a " + before->period.iso()});
        }
        indicator_.targets.push_back(std::move(*point));
    }

    void read_light(const Cursor& light) {
        if (!light.expect_keys({"green", "amber"})) return;
        indicator_.green = light.get("green").number(0, 10).value_or(indicator_.green);
        indicator_.amber = light.get("amber").number(0, 10).value_or(indicator_.amber);
        if (indicator_.green < indicator_.amber) {
            light.get("amber").bad_value({"at most what is green", "a lo más lo que es verde"});
        }
    }

    void read_measure(const Cursor& measure) {
        if (measure.is(NodeKind::map)) {
            if (!measure.expect_keys({"distinct", "sum"})) return;
            const auto sum = measure.find("sum");
            if (sum.present() && measure.find("distinct").present()) {
                sum.fault("definitions.two_measures");
            }
            indicator_.measure = sum.present() ? MeasureKind::sum : MeasureKind::distinct;
            indicator_.of =
                sum.present() ? read_summed(sum) : read_dimension(measure.get("distinct"));
            return;
        }
        const auto kind = measure.choice({"records", "persons"});
        indicator_.measure = kind == "persons" ? MeasureKind::persons : MeasureKind::records;
        if (kind == "persons" && register_->person_fields.empty() && !loading_.names_incomplete) {
            measure.fault("definitions.no_persons", {{"value", register_->name}});
        }
    }

    // The snapshot answers in SQL, so what SQL cannot say is found now and not in a report.
    void check_sql() {
        const auto sql = indicator_.where.to_sql([](std::size_t) { return std::string("c"); });
        if (sql) return;
        auto problems = sql.error();
        const auto place = item_.find("where").text_place();
        for (auto& problem : problems) {
            if (problem.place.file.empty()) problem.place = place;
        }
        loading_.faults.add_all(std::move(problems));
    }

    void read_key(const Cursor::Entry& entry) {
        const auto key = entry.key.raw_text();
        if (std::find(kOwnKeys.begin(), kOwnKeys.end(), key) != kOwnKeys.end()) {
            entry.key.bad_value({"a key of figures that is about the counted",
                                 "una clave de cifras que trate de lo contado"});
        }
        indicator_.disaggregation[key] =
            entry.value.is(NodeKind::nothing) ? "" : read_dimension(entry.value);
    }

    void read_figure(const Cursor& cursor) {
        auto id = cursor.text();
        loading_.need(Thing::figure, "", cursor);
        const auto [owner, is_new] = indicator_of_figure_.try_emplace(id, indicator_.id);
        if (!is_new) {
            cursor.fault("definitions.figure_counted_twice",
                         {{"value", shown(id)}, {"first", owner->second}});
        }
        const auto index = loading_.figure_index.find(id);
        if (index != loading_.figure_index.end()) {
            check_figure(cursor, loading_.pack.figures[index->second]);
        }
        indicator_.figures.push_back(std::move(id));
    }

    void check_figure(const Cursor& cursor, const Figure& figure) const {
        const bool money = indicator_.measure == MeasureKind::sum && figure.measure == "money";
        if (figure.measure != "count" && !money) {
            cursor.fault("definitions.figure_is_no_count",
                         {{"value", figure.id}, {"measure", figure.measure}});
        }
        for (const auto& [key, value] : figure.disaggregation) {
            if (std::find(kOwnKeys.begin(), kOwnKeys.end(), key) != kOwnKeys.end()) continue;
            const auto mapped = indicator_.disaggregation.find(key);
            if (mapped == indicator_.disaggregation.end()) {
                cursor.fault("definitions.figure_key_not_mapped",
                             {{"value", figure.id}, {"key", key}});
                continue;
            }
            const auto* dimension = register_->find_dimension(mapped->second);
            if (dimension == nullptr || value_fits(*dimension, value)) continue;
            cursor.fault("definitions.figure_value_not_coded", {{"value", figure.id},
                                                                {"key", key},
                                                                {"found", shown(value)},
                                                                {"dimension", dimension->name}});
        }
    }

    static bool value_fits(const Dimension& dimension, const std::string& value) {
        if (is_missing_name(value)) return true;
        if (dimension.codelist != nullptr) return dimension.codelist->find(value) != nullptr;
        Column column;
        column.type = dimension.type;
        return parse_value(column, value).has_value();
    }

    Loading& loading_;
    const Cursor& item_;
    std::map<std::string, std::string>& indicator_of_figure_;
    Indicator indicator_;
    const Register* register_ = nullptr;
};

}  // namespace

void read_indicators(Loading& loading) {
    std::map<std::string, std::string> indicator_of_figure;
    for (const auto& name : loading.names_in("indicators", ".yaml")) {
        with_yaml(loading, "indicators/" + name + ".yaml", [&](const Cursor& root) {
            if (!root.expect_keys({"indicators"})) return;
            for (const auto& item : root.get("indicators").items()) {
                IndicatorReader(loading, item, indicator_of_figure).read();
            }
        });
    }
}

}  // namespace amate::definitions::internal
