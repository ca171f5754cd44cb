// SPDX-License-Identifier: Apache-2.0
// Reads synthesis plans and says all that is wrong with them.
#include "synthesis/internal/plan.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/csv.hpp"
#include "core/text.hpp"

namespace amate::synthesis {
namespace {

using definitions::Column;
using definitions::DataNode;
using definitions::Type;

constexpr std::int64_t kRecordsMax = 1'000'000'000;

// What is read of one plan, and the faults found on the way.
class PlanReader {
public:
    PlanReader(const definitions::Register& register_, const definitions::Source& source)
        : register_ref_(register_), source_(source) {}

    Result<Plan> read(const DataNode& root) {
        Plan plan;
        plan.source = &source_;
        plan.register_ = &register_ref_;
        check_keys(root, {"source", "groups", "draw", "repeat_persons", "months"});
        const auto draws = read_draws(root.find("draw"));
        const double repeat = read_share(root.find("repeat_persons"));
        const auto months = read_months(root.find("months"));
        const auto* groups = root.find("groups");
        if (groups == nullptr || groups->items.empty()) {
            add("synthesis.missing_key", root, {{"key", "groups"}});
        } else {
            for (const auto& item : groups->items) {
                plan.groups.push_back(read_group(item, draws, repeat, months));
            }
        }
        if (!problems_.empty()) return fail(std::move(problems_));
        return plan;
    }

private:
    using Parameters = std::map<std::string, std::string>;

    void add(const char* code, const DataNode& at, Parameters parameters = {}) {
        problems_.push_back({code, at.place, std::move(parameters)});
    }

    void check_keys(const DataNode& map, const std::vector<std::string>& known) {
        for (const auto& [key, value] : map.entries) {
            if (std::find(known.begin(), known.end(), key) != known.end()) continue;
            add("synthesis.unknown_key", value,
                {{"key", key}, {"suggestion", closest(key, known).value_or(known.front())}});
        }
    }

    std::optional<double> read_number(const DataNode& node, double last) {
        double number = 0;
        const auto* end = node.scalar.data() + node.scalar.size();
        const auto [stopped, error] = std::from_chars(node.scalar.data(), end, number);
        if (node.scalar.empty() || error != std::errc() || stopped != end || number < 0 ||
            number > last) {
            add("synthesis.bad_number", node, {{"value", node.scalar}});
            return std::nullopt;
        }
        return number;
    }

    double read_share(const DataNode* node) {
        return node == nullptr ? 0.0 : read_number(*node, 1.0).value_or(0.0);
    }

    std::array<double, 12> read_months(const DataNode* node) {
        std::array<double, 12> months{};
        months.fill(1.0);
        if (node == nullptr) return months;
        if (node->items.size() != months.size()) {
            add("synthesis.bad_months", *node);
            return months;
        }
        for (std::size_t i = 0; i < months.size(); ++i) {
            months[i] = read_number(node->items[i], 1e9).value_or(1.0);
        }
        return months;
    }

    // A column that the source can write.
    std::optional<std::size_t> read_column(const std::string& name, const DataNode& at) {
        const auto index = register_ref_.column_index(name);
        if (!index) {
            std::vector<std::string> known;
            for (const auto& column : register_ref_.columns) known.push_back(column.name);
            add("synthesis.unknown_column", at,
                {{"column", name}, {"suggestion", closest(name, known).value_or(known.front())}});
            return std::nullopt;
        }
        const bool fed = std::any_of(source_.columns.begin(), source_.columns.end(),
                                     [&](const auto& each) { return each.column == *index; });
        if (!fed) add("synthesis.column_not_in_source", at, {{"column", name}});
        return fed ? index : std::nullopt;
    }

    Value read_value(const std::string& text, const Column& column, const DataNode& at) {
        for (const auto missing : {Missing::unknown, Missing::refused, Missing::not_applicable}) {
            if (text == name_of(missing)) return missing;
        }
        if (column.type == Type::boolean && (text == "true" || text == "false")) {
            return text == "true";
        }
        if (column.type == Type::integer) {
            std::int64_t number = 0;
            const auto* end = text.data() + text.size();
            const auto [stopped, error] = std::from_chars(text.data(), end, number);
            if (error == std::errc() && stopped == end) return number;
        } else if (column.type == Type::text || column.type == Type::narrative) {
            return text;
        } else if (column.type == Type::date) {
            if (const auto date = Date::parse(text)) return *date;
        } else if (column.type == Type::code || column.type == Type::codes) {
            if (column.codelist != nullptr && column.codelist->find(text) != nullptr) {
                return column.type == Type::code ? Value(text) : Value(Codes{text});
            }
        }
        add("synthesis.bad_value", at, {{"value", text}, {"column", column.name}});
        return Missing::absent;
    }

    // "6-20", "23" or "65+" within [0, last].
    std::optional<std::pair<int, int>> read_range(const std::string& text, int last,
                                                  const DataNode& at) {
        int from = 0;
        int to = 0;
        const auto* end = text.data() + text.size();
        auto result = std::from_chars(text.data(), end, from);
        bool sound = result.ec == std::errc();
        if (sound && result.ptr == end) {
            to = from;
        } else if (sound && *result.ptr == '+') {
            to = std::min(last, from + 25);
            sound = result.ptr + 1 == end;
        } else if (sound && *result.ptr == '-') {
            result = std::from_chars(result.ptr + 1, end, to);
            sound = result.ec == std::errc() && result.ptr == end;
        } else {
            sound = false;
        }
        if (sound && from >= 0 && from <= to && to <= last) return std::pair(from, to);
        add("synthesis.bad_range", at, {{"value", text}, {"last", std::to_string(last)}});
        return std::nullopt;
    }

    void read_ranges(const DataNode& map, int last, Draw& draw) {
        for (const auto& [key, value] : map.entries) {
            const auto range = read_range(key, last, value);
            const auto weight = read_number(value, 1e12);
            if (!range || !weight) continue;
            draw.ranges.push_back(*range);
            draw.weighted.add(*weight);
        }
        if (!draw.weighted.usable()) add("synthesis.no_weights", map);
    }

    void read_weights(const DataNode& map, const Column& column, Draw& draw) {
        for (const auto& [key, value] : map.entries) {
            const auto weight = read_number(value, 1e12);
            if (!weight) continue;
            draw.values.push_back(read_value(key, column, value));
            draw.weighted.add(*weight);
        }
        if (!draw.weighted.usable()) add("synthesis.no_weights", map);
    }

    void read_chances(const DataNode& map, const Column& column, Draw& draw) {
        for (const auto& [key, value] : map.entries) {
            (void)read_value(key, column, value);
            draw.chances.emplace_back(key, read_number(value, 1.0).value_or(0.0));
        }
    }

    std::optional<Draw> read_draw(const std::string& name, const DataNode& node) {
        const auto index = read_column(name, node);
        if (!index) return std::nullopt;
        const auto& column = register_ref_.columns[*index];
        Draw draw;
        draw.column = *index;
        if (node.entries.size() != 1) {
            add("synthesis.bad_draw", node, {{"column", name}});
            return std::nullopt;
        }
        const auto& [kind, value] = node.entries.front();
        const bool dated = column.type == Type::datetime;
        const bool birth = column.type == Type::partial_date || column.type == Type::date;
        if (kind == "weights") {
            read_weights(value, column, draw);
        } else if (kind == "chance" && column.type == Type::boolean) {
            draw.kind = DrawKind::chance;
            draw.chance = read_number(value, 1.0).value_or(0.0);
        } else if (kind == "chances" && column.type == Type::codes) {
            draw.kind = DrawKind::chances;
            read_chances(value, column, draw);
        } else if (kind == "hours" && dated) {
            draw.kind = DrawKind::hours;
            read_ranges(value, 23, draw);
        } else if (kind == "ages" && birth) {
            draw.kind = DrawKind::ages;
            read_ranges(value, 120, draw);
        } else if (kind == "names" && column.type == Type::text) {
            draw.kind = DrawKind::names;
        } else if (kind == "serial" && column.type == Type::text) {
            draw.kind = DrawKind::serial;
            draw.serial = definitions::NumberTemplate::parse(value.scalar);
            if (!draw.serial) add("synthesis.bad_draw", value, {{"column", name}});
        } else {
            add("synthesis.bad_draw", value, {{"column", name}});
        }
        return draw;
    }

    std::vector<Draw> read_draws(const DataNode* map) {
        std::vector<Draw> draws;
        if (map == nullptr) return draws;
        for (const auto& [name, node] : map->entries) {
            if (auto draw = read_draw(name, node)) draws.push_back(std::move(*draw));
        }
        return draws;
    }

    Date read_day(const DataNode& group, const char* key) {
        const auto* node = group.find(key);
        if (node == nullptr) {
            add("synthesis.missing_key", group, {{"key", key}});
            return {};
        }
        const auto day = Date::parse(node->scalar);
        if (!day) add("synthesis.bad_date", *node, {{"value", node->scalar}});
        return day.value_or(Date());
    }

    void read_set(const DataNode* map, Group& group) {
        if (map == nullptr) return;
        for (const auto& [name, node] : map->entries) {
            if (const auto index = read_column(name, node)) {
                group.set.emplace_back(
                    *index, read_value(node.scalar, register_ref_.columns[*index], node));
            }
        }
    }

    bool is_person_column(std::size_t index) const {
        const auto& name = register_ref_.columns[index].name;
        return std::any_of(register_ref_.person_fields.begin(), register_ref_.person_fields.end(),
                           [&](const auto& field) { return name.starts_with(field + "."); });
    }

    // The group's own draws, then the plan's for what the group leaves open. A group that says
    // itself who its persons are gets no persons of other groups.
    void join_draws(const std::vector<Draw>& own, const std::vector<Draw>& common, Group& group) {
        group.draws = own;
        const auto settled = [&](std::size_t column) {
            return std::any_of(own.begin(), own.end(),
                               [&](const auto& draw) { return draw.column == column; }) ||
                   std::any_of(group.set.begin(), group.set.end(),
                               [&](const auto& entry) { return entry.first == column; });
        };
        for (const auto& draw : common) {
            if (!settled(draw.column)) group.draws.push_back(draw);
        }
        for (std::size_t i = 0; i < register_ref_.columns.size(); ++i) {
            if (is_person_column(i) && settled(i)) group.repeat_persons = 0.0;
        }
        // Ages, names and serials look at what the others gave.
        std::stable_sort(group.draws.begin(), group.draws.end(), [](const auto& a, const auto& b) {
            return (a.kind >= DrawKind::ages) < (b.kind >= DrawKind::ages);
        });
    }

    Group read_group(const DataNode& node, const std::vector<Draw>& common, double repeat,
                     const std::array<double, 12>& months) {
        Group group;
        group.place = node.place;
        check_keys(node, {"records", "from", "to", "set", "draw", "repeat_persons"});
        const auto* records = node.find("records");
        if (records == nullptr) {
            add("synthesis.missing_key", node, {{"key", "records"}});
        } else {
            group.records = static_cast<std::int64_t>(
                read_number(*records, static_cast<double>(kRecordsMax)).value_or(0));
        }
        group.first = read_day(node, "from");
        group.last = read_day(node, "to");
        const auto length = group.last.days_since_1970() - group.first.days_since_1970();
        if (length < 0 || length > 36'525) {
            add("synthesis.bad_period", node);
        } else {
            for (auto day = group.first.days_since_1970(); day <= group.last.days_since_1970();
                 ++day) {
                const auto month = static_cast<std::size_t>(Date::from_days(day).month() - 1);
                group.days.add(months[month]);
            }
            if (!group.days.usable()) add("synthesis.no_weights", node);
        }
        const auto* own_repeat = node.find("repeat_persons");
        group.repeat_persons = own_repeat == nullptr ? repeat : read_share(own_repeat);
        read_set(node.find("set"), group);
        join_draws(read_draws(node.find("draw")), common, group);
        return group;
    }

    const definitions::Register& register_ref_;
    const definitions::Source& source_;
    Problems problems_;
};

}  // namespace

Result<Plan> read_plan(const definitions::Pack& pack, const definitions::Source& source,
                       const DataNode& root) {
    const auto* register_ = pack.find_register(source.register_name);
    AMATE_CHECK(register_ != nullptr);
    return PlanReader(*register_, source).read(root);
}

Result<Names> read_names(const std::filesystem::path& file) {
    AMATE_TRY(auto reader, CsvReader::open(file, {}));
    Names names;
    CsvRow row;
    const auto bad = [&](const char* code) {
        return fail({code, {file.filename().string(), static_cast<int>(row.line), 0, {}}, {}});
    };
    for (bool header = true;; header = false) {
        AMATE_TRY(const bool more, reader.next(row));
        if (!more) break;
        if (header) {
            if (row.cells != std::vector<std::string>{"kind", "name", "weight"}) {
                return bad("synthesis.bad_names");
            }
            continue;
        }
        if (row.cells.size() != 3) return bad("synthesis.bad_names");
        const auto& kind = row.cells[0];
        auto* list = kind == "given_female" ? &names.given_female
                     : kind == "given_male" ? &names.given_male
                     : kind == "family"     ? &names.family
                                            : nullptr;
        double weight = 0;
        const auto& text = row.cells[2];
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), weight);
        if (list == nullptr || parsed.ec != std::errc() || weight < 0) {
            return bad("synthesis.bad_names");
        }
        list->names.push_back(row.cells[1]);
        list->weighted.add(weight);
    }
    for (const auto* list : {&names.given_female, &names.given_male, &names.family}) {
        if (!list->weighted.usable()) return bad("synthesis.no_names");
    }
    return names;
}

}  // namespace amate::synthesis
