// SPDX-License-Identifier: Apache-2.0
// Look-ups inside a loaded pack; nothing here reads files or changes anything.
#include "definitions/model.hpp"

#include "definitions/internal/bands.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace amate::definitions {

namespace internal {
namespace {

std::optional<std::int64_t> parse_whole(std::string_view digits) {
    std::int64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, number);
    if (digits.empty() || error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

}  // namespace

std::optional<Band> parse_band(std::string_view code) {
    const bool open = code.ends_with('+');
    const auto dash = open ? code.npos : code.find('-', 1);  // a leading '-' is a sign
    const auto first = parse_whole(open ? code.substr(0, code.size() - 1) : code.substr(0, dash));
    if (!first) return std::nullopt;
    if (open) return Band{*first, std::numeric_limits<std::int64_t>::max(), std::string(code)};
    const auto last = dash == code.npos ? first : parse_whole(code.substr(dash + 1));
    if (!last || *last < *first) return std::nullopt;
    return Band{*first, *last, std::string(code)};
}

}  // namespace internal

namespace {

// Longest chain of parents followed; a loaded list has no cycle, a list built by hand might.
constexpr int kAncestorsMax = 64;

template <class Item>
const Item* find_item(const std::vector<Item>& items, std::string_view id,
                      std::string Item::*member) {
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.*member == id; });
    return found == items.end() ? nullptr : &*found;
}

// Words for values that are missing for a stated reason, shown where a code's label would be.
std::string_view missing_label(std::string_view name, bool spanish) {
    if (name == "unknown") return spanish ? "No se sabe" : "Unknown";
    if (name == "refused") return spanish ? "No quiso responder" : "Refused to answer";
    if (name == "not_applicable") return spanish ? "No aplica" : "Not applicable";
    return {};
}

const FrameworkNode* find_node(const std::vector<FrameworkNode>& nodes, std::string_view id) {
    for (const auto& node : nodes) {
        if (node.id == id) return &node;
        if (const auto* below = find_node(node.nodes, id); below != nullptr) return below;
    }
    return nullptr;
}

}  // namespace

std::optional<TimeLimit> TimeLimit::parse(std::string_view text) {
    constexpr std::int64_t kCountMax = 100'000;
    static constexpr std::pair<std::string_view, LimitUnit> kUnits[] = {
        {"min", LimitUnit::minute}, {"wd", LimitUnit::working_day}, {"h", LimitUnit::hour},
        {"d", LimitUnit::day},      {"w", LimitUnit::week},         {"m", LimitUnit::month},
        {"y", LimitUnit::year}};
    for (const auto& [suffix, unit] : kUnits) {
        if (!text.ends_with(suffix)) continue;
        const auto count = internal::parse_whole(text.substr(0, text.size() - suffix.size()));
        if (!count || *count < 1 || *count > kCountMax) return std::nullopt;
        return TimeLimit{*count, unit, std::string(text), nullptr};
    }
    return std::nullopt;
}

const Code* CodeList::find(std::string_view code) const {
    const auto found = index.find(std::string(code));
    return found == index.end() ? nullptr : &codes[found->second];
}

bool CodeList::within(std::string_view code, std::string_view ancestor) const {
    const auto* at = find(code);
    for (int step = 0; at != nullptr && step < kAncestorsMax; ++step) {
        if (at->code == ancestor) return true;
        at = at->parent.empty() ? nullptr : find(at->parent);
    }
    return false;
}

bool CodeList::in_force(std::string_view code, Date day) const {
    const auto* found = find(code);
    return found != nullptr && Period{found->valid_from, found->valid_to}.contains(day);
}

const Code* CodeList::band_of(std::int64_t number) const {
    const auto found = std::find_if(codes.begin(), codes.end(), [&](const Code& code) {
        const auto band = internal::parse_band(code.code);
        return band && band->holds(number);
    });
    return found == codes.end() ? nullptr : &*found;
}

std::string CodeList::label(std::string_view code, std::string_view language) const {
    if (const auto* found = find(code); found != nullptr && !found->label.empty()) {
        return found->label.in(language);
    }
    const auto missing = missing_label(code, language == "es");
    return std::string(missing.empty() ? code : missing);
}

const FrameworkNode* Framework::find(std::string_view id) const {
    return find_node(nodes, id);
}

std::string Figure::find_key(std::string_view key) const {
    for (const auto& [name, value_of_key] : disaggregation) {
        if (name == key) return value_of_key;
    }
    return {};
}

bool Register::is_retired(std::string_view sql_name) const {
    return std::any_of(retired.begin(), retired.end(),
                       [&](const RetiredField& each) { return each.covers(sql_name); });
}

bool is_secret(const Register& register_, const Column& column) {
    if (column.type == Type::narrative || column.type == Type::file) return true;
    if (std::any_of(column.fields.begin(), column.fields.end(),
                    [&](const Column& field) { return is_secret(register_, field); })) {
        return true;
    }
    return register_.sensitivity == Sensitivity::protected_ &&
           column.sensitivity >= Sensitivity::personal;
}

bool has_secrets(const Register& register_) {
    return std::any_of(register_.columns.begin(), register_.columns.end(),
                       [&](const Column& column) { return is_secret(register_, column); });
}

const Column* Register::find_column(std::string_view column_name) const {
    return find_item(columns, column_name, &Column::name);
}

std::optional<std::size_t> Register::column_index(std::string_view column_name) const {
    const auto* column = find_column(column_name);
    if (column == nullptr) return std::nullopt;
    return static_cast<std::size_t>(column - columns.data());
}

const Dimension* Register::find_dimension(std::string_view dimension_name) const {
    return find_item(dimensions, dimension_name, &Dimension::name);
}

const Dimension* Register::find_measure(std::string_view wanted) const {
    for (const auto& measure : measures) {
        if (measure.name == wanted) return &measure;
    }
    const auto* dimension = find_dimension(wanted);
    return dimension != nullptr && dimension->type == Type::integer ? dimension : nullptr;
}

const Deadline* Register::find_deadline(std::string_view deadline_name) const {
    return find_item(deadlines, deadline_name, &Deadline::name);
}

const DataNode* DataNode::find(std::string_view key) const {
    for (const auto& [name, node] : entries) {
        if (name == key) return &node;
    }
    return nullptr;
}

const CodeList* Pack::find_codelist(std::string_view list_name) const {
    const auto found = codelists.find(list_name);
    return found == codelists.end() ? nullptr : found->second.get();
}

const Calendar* Pack::find_calendar(std::string_view calendar_name) const {
    const auto found = calendars.find(calendar_name);
    return found == calendars.end() ? nullptr : &found->second;
}

const Identifier* Pack::find_identifier(std::string_view identifier_name) const {
    const auto found = identifiers.find(identifier_name);
    return found == identifiers.end() ? nullptr : found->second.get();
}

const Register* Pack::find_register(std::string_view register_name) const {
    for (const auto& item : registers) {
        if (item->name == register_name) return item.get();
    }
    return nullptr;
}

const Source* Pack::find_source(std::string_view source_name) const {
    return find_item(sources, source_name, &Source::name);
}

const Indicator* Pack::find_indicator(std::string_view id) const {
    return find_item(indicators, id, &Indicator::id);
}

const Map* Pack::find_map(std::string_view map_name) const {
    return find_item(maps, map_name, &Map::name);
}

const Report* Pack::find_report(std::string_view report_name) const {
    return find_item(reports, report_name, &Report::name);
}

const Figure* Pack::find_figure(std::string_view id) const {
    return find_item(figures, id, &Figure::id);
}

const Programme* Pack::find_programme(std::string_view id) const {
    return find_item(programmes, id, &Programme::id);
}

const Institution* Pack::find_institution(std::string_view id) const {
    return find_item(institutions, id, &Institution::id);
}

const Document* Pack::find_document(std::string_view id) const {
    return find_item(documents, id, &Document::id);
}

const Indicator* Pack::indicator_of_figure(std::string_view figure_id) const {
    for (const auto& indicator : indicators) {
        const auto& ids = indicator.figures;
        if (std::find(ids.begin(), ids.end(), figure_id) != ids.end()) return &indicator;
    }
    return nullptr;
}

Period Pack::counted_period(const Figure& figure) const {
    auto period = figure.period;
    if (!period.last) period.last = figure.cutoff;
    // No document knows what comes after it, whatever period it speaks of.
    if (const auto* document = find_document(figure.document); document != nullptr) {
        period.last = std::min(period.last.value_or(document->date), document->date);
    }
    return period;
}

}  // namespace amate::definitions
