// SPDX-License-Identifier: Apache-2.0
// Reads a plan: its groups over what the whole plan says.
#include "synthesis/internal/plan.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "synthesis/internal/draw_reader.hpp"
#include "synthesis/internal/people_reader.hpp"

namespace amate::synthesis::internal {
namespace {

using definitions::DataNode;

constexpr double kRecordsMax = 1e9;
constexpr std::int32_t kDaysMax = 366 * 200;

constexpr std::array kDaysInMonth = {31.0, 28.25, 31.0, 30.0, 31.0, 30.0,
                                     31.0, 31.0,  30.0, 31.0, 30.0, 31.0};

class PlanReader {
public:
    PlanReader(Shared& shared, Plan& plan)
        : plan_(plan), draws_(shared, plan, faults_), people_(shared, plan, faults_) {}

    Problems read(const DataNode& node) {
        faults_.check_keys(
            node, {"source", "whole", "demonstration", "groups", "draw", "repeat_persons", "months",
                   "known_persons", "families", "noise"});
        const auto* source = node.find("source");
        if (source == nullptr) {
            faults_.missing(node.place, "source");
        } else if (source->scalar != plan_.source->name) {
            faults_.add(source->place, "el plan se llama como su fuente",
                        "a plan is named as its source", source->scalar, {plan_.source->name});
        }
        read_months(node.find("months"));
        base_.draws.resize(plan_.register_->columns.size());
        read_draws_of(node, base_);
        base_.repeat_persons = read_repeat(node, 0);
        if (const auto* whole = node.find("whole")) base_.whole = read_whole(*whole);
        if (const auto* share = node.find("demonstration")) {
            plan_.demonstration = read_number(*share, 1, faults_).value_or(1);
        }
        people_.read(node);
        const auto* groups = node.find("groups");
        if (groups == nullptr || groups->items.empty()) {
            faults_.missing(node.place, "groups");
        } else {
            for (const auto& group : groups->items) read_group(group);
        }
        if (faults_.problems().empty()) check_required();
        if (faults_.problems().empty()) people_.check_identified();
        return std::move(faults_.problems());
    }

private:
    void read_draws_of(const DataNode& node, Group& group) {
        if (const auto* draw = node.find("draw")) draws_.read_draws(*draw, group);
        if (const auto* set = node.find("set")) draws_.read_fixed(*set, group);
    }

    double read_repeat(const DataNode& node, double inherited) {
        const auto* repeat = node.find("repeat_persons");
        return repeat == nullptr ? inherited : people_.read_share(repeat);
    }

    void read_months(const DataNode* node) {
        months_.fill(1);
        if (node == nullptr) return;
        if (node->items.size() != months_.size()) {
            faults_.add(node->place, "`months` lleva doce pesos", "`months` has twelve weights");
            return;
        }
        for (std::size_t i = 0; i < months_.size(); ++i) {
            months_[i] = read_number(node->items[i], 1e9, faults_).value_or(1);
        }
    }

    std::optional<Date> read_day(const DataNode& node, const char* key) {
        const auto* day = node.find(key);
        if (day == nullptr) {
            faults_.missing(node.place, key);
            return std::nullopt;
        }
        const auto date = Date::parse(day->scalar);
        if (!date) {
            faults_.add(day->place, fmt::format("`{}` no es una fecha AAAA-MM-DD", day->scalar),
                        fmt::format("`{}` is not a date YYYY-MM-DD", day->scalar));
        }
        return date;
    }

    void read_group(const DataNode& node) {
        faults_.check_keys(node, {"records", "whole", "from", "to", "set", "draw", "cover",
                                  "repeat_persons", "each"});
        Group group = base_;
        group.place = node.place;
        group.number = plan_.groups.size() + 1;
        const auto* records = node.find("records");
        if (records == nullptr) {
            faults_.missing(node.place, "records");
        } else if (const auto count = read_number(*records, kRecordsMax, faults_)) {
            group.records = static_cast<std::int64_t>(*count);
            if (*count != std::floor(*count) || *count < 1) {
                faults_.add(records->place, "`records` es un número entero desde 1",
                            "`records` is a whole number from 1");
            }
        }
        if (const auto* whole = node.find("whole")) group.whole = read_whole(*whole);
        const auto from = read_day(node, "from");
        const auto to = read_day(node, "to");
        if (from && to) read_days(node, *from, *to, group);
        read_draws_of(node, group);
        if (const auto* cover = node.find("cover")) draws_.read_cover(*cover, group);
        group.repeat_persons = read_repeat(node, base_.repeat_persons);
        add_groups(node.find("each"), std::move(group));
    }

    bool read_whole(const DataNode& node) {
        if (node.scalar == "true") return true;
        if (node.scalar != "false") {
            faults_.add(node.place, "`whole` es true o false", "`whole` is true or false");
        }
        return false;
    }

    // One group, or one for each value of a column.
    void add_groups(const DataNode* each, Group group) {
        if (each == nullptr) {
            plan_.groups.push_back(std::move(group));
            return;
        }
        if (each->entries.size() != 1 || each->entries.front().node.items.empty()) {
            faults_.add(each->place, "`each` lleva un campo y la lista de sus valores",
                        "`each` has one field and the list of its values");
            return;
        }
        const auto& [column, values] = each->entries.front();
        for (const auto& value : values.items) {
            DataNode fixed;
            fixed.place = value.place;
            fixed.entries.emplace_back(column, value);
            group.number = plan_.groups.size() + 1;
            draws_.read_fixed(fixed, group);
            plan_.groups.push_back(group);
        }
    }

    // A month's weight is spread evenly over its days.
    void read_days(const DataNode& node, Date from, Date to, Group& group) {
        const auto count = to.days_since_1970() - from.days_since_1970() + 1;
        if (count < 1 || count > kDaysMax) {
            faults_.add(node.place, "`to` no es anterior a `from` ni 200 años posterior",
                        "`to` is not before `from` nor 200 years after it");
            return;
        }
        std::vector<double> weights;
        for (std::int32_t i = 0; i < count; ++i) {
            const auto month =
                static_cast<std::size_t>(Date::from_days(from.days_since_1970() + i).month() - 1);
            weights.push_back(months_[month] / kDaysInMonth[month]);
        }
        group.from = from;
        group.to = to;
        group.days = Chooser(weights);
        if (!group.days.ok()) {
            faults_.add(node.place, "`months` no deja ningún día entre `from` y `to`",
                        "`months` leaves no day between `from` and `to`");
        }
        const DateTime after{Date::from_days(to.days_since_1970() + 1), 0};
        plan_.now = std::max(plan_.now, after);
    }

    // A required column that a record may always lack would be refused in every record.
    void check_required() {
        const auto& columns = plan_.register_->columns;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto& column = columns[i];
            const auto& constants = plan_.source->constants;
            const bool given = std::any_of(constants.begin(), constants.end(),
                                           [&](const auto& each) { return each.first == i; });
            if (!column.required || !column.relevant.empty() || !column.calculation.empty() ||
                column.default_value || given || i == plan_.register_->time_column) {
                continue;
            }
            for (const auto& group : plan_.groups) {
                if (group.draws[i].index() != 0) continue;
                faults_.add(group.place,
                            fmt::format("{} es obligatorio y nadie lo inventa", column.name),
                            fmt::format("{} is required and nobody invents it", column.name));
                break;
            }
        }
    }

    Plan& plan_;
    PlanFaults faults_;
    DrawReader draws_;
    PeopleReader people_;
    std::array<double, 12> months_{};
    Group base_;
};

std::vector<std::vector<std::size_t>> person_columns(const definitions::Register& register_) {
    std::vector<std::vector<std::size_t>> persons;
    for (const auto& field : register_.person_fields) {
        std::vector<std::size_t> columns;
        for (std::size_t i = 0; i < register_.columns.size(); ++i) {
            if (register_.columns[i].name.starts_with(field + ".")) columns.push_back(i);
        }
        persons.push_back(std::move(columns));
    }
    return persons;
}

}  // namespace

Result<Plan> read_plan(Shared& shared, const std::string& source_name, const DataNode& node) {
    Plan plan;
    plan.source = shared.pack.find_source(source_name);
    if (plan.source == nullptr) {
        PlanFaults faults;
        std::vector<std::string> names;
        for (const auto& source : shared.pack.sources) names.push_back(source.name);
        faults.add(node.place, fmt::format("`{}` no es una fuente del paquete", source_name),
                   fmt::format("`{}` is no source of the pack", source_name), source_name, names);
        return fail(std::move(faults.problems()));
    }
    plan.register_ = shared.pack.find_register(plan.source->register_name);
    AMATE_CHECK(plan.register_ != nullptr);
    plan.codecs = definitions::make_codecs(*plan.register_, *plan.source);
    plan.persons = person_columns(*plan.register_);
    auto problems = PlanReader(shared, plan).read(node);
    if (!problems.empty()) return fail(std::move(problems));
    return plan;
}

std::vector<std::int64_t> scaled_records(const Plan& plan, double scale) {
    std::vector<std::int64_t> counts;
    double carried = 0;
    for (const auto& group : plan.groups) {
        if (group.whole) {
            counts.push_back(group.records);
            continue;
        }
        carried += static_cast<double>(group.records) * scale;
        const auto count = std::max<std::int64_t>(std::llround(carried), 1);
        carried = std::max(carried - static_cast<double>(count), -0.5);
        counts.push_back(count);
    }
    return counts;
}

}  // namespace amate::synthesis::internal
